//! The words of a line, cut as `sh` cuts them: quotes, backslashes, `|`, `>`, `>>`, `<`, comments.
//!
//! What `sh` would do and the prompt does not – variables, `;`, `&`, command substitution – is refused by
//! name, so that no line means less than it says.

use std::fmt;

/// One program of a pipe.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stage {
    /// Its name and arguments
    pub words: Vec<String>,
    /// The file that its input comes from
    pub from: Option<String>,
    /// The file that its output goes to
    pub into: Option<Into>,
}

/// Where output goes instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Into {
    /// The file
    pub path: String,
    /// Whether behind what is in it already
    pub append: bool,
}

/// Why a line cannot be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadLine {
    /// It goes on in the next line
    Unfinished(&'static str),
    /// It is wrong, or asks for what the prompt does not do
    Refused(String),
}

impl fmt::Display for BadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unfinished(what) => write!(f, "{what}"),
            Self::Refused(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for BadLine {}

/// The end of an unfinished line, where the cursor is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Partial {
    /// The words of the last stage before the cursor's
    pub words: Vec<String>,
    /// What there is of the cursor's word
    pub current: String,
    /// Where in the line it begins, in bytes
    pub start: usize,
    /// Whether it is the first stage of its pipe
    pub first: bool,
    /// Whether it is the file of a redirection
    pub file: bool,
}

/// A line's pipes, each of one stage or more: several lines that were pasted at once are several pipes.
/// `home` is what `~` stands for.
///
/// # Errors
/// If the line is unfinished, or is refused.
pub fn pipes(line: &str, home: Option<&str>) -> Result<Vec<Vec<Stage>>, BadLine> {
    let scan = Scan::of(line, home);
    if let Some(bad) = scan.bad {
        return Err(bad);
    }
    scan.tokens.split(|token| *token == Token::End).filter(|tokens| !tokens.is_empty()).map(stages).collect()
}

/// What is before the cursor at the end of this text, however unfinished.
pub fn partial(text: &str, home: Option<&str>) -> Partial {
    let mut scan = Scan::of(text, home);
    let (current, start) = match scan.tokens.pop() {
        Some(Token::Word { text, start }) if scan.in_word => (text, start),
        Some(token) => {
            scan.tokens.push(token);
            (String::new(), text.len())
        }
        None => (String::new(), text.len()),
    };
    let begin = scan.tokens.iter().rposition(|token| matches!(token, Token::Pipe | Token::End));
    let first = begin.is_none_or(|at| scan.tokens[at] == Token::End);
    let mut words = Vec::new();
    let mut file = false;
    for token in scan.tokens.drain(begin.map_or(0, |at| at + 1)..) {
        match token {
            Token::Word { .. } if file => file = false,
            Token::Word { text, .. } => words.push(text),
            _ => file = true,
        }
    }
    Partial { words, current, start, first, file }
}

/// A word as it must be typed to be taken literally. Of a folder the quote stays open, so that typing goes on.
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./,:=@%+~".contains(c);
    if word.chars().all(plain) && !word.is_empty() {
        return word.to_owned();
    }
    let end = if word.ends_with('/') { "" } else { "'" };
    format!("'{}{end}", word.replace('\'', "'\\''"))
}

fn stages(tokens: &[Token]) -> Result<Vec<Stage>, BadLine> {
    let mut stages = vec![];
    let last = tokens.split(|token| *token == Token::Pipe).count() - 1;
    for (at, tokens) in tokens.split(|token| *token == Token::Pipe).enumerate() {
        let stage = stage(tokens)?;
        if stage.words.is_empty() && at == last && at > 0 && tokens.is_empty() {
            return Err(BadLine::Unfinished("nothing after |"));
        }
        if stage.words.is_empty() {
            return Err(refused("a command is missing"));
        }
        stages.push(stage);
    }
    Ok(stages)
}

fn stage(tokens: &[Token]) -> Result<Stage, BadLine> {
    let mut stage = Stage::default();
    let mut tokens = tokens.iter();
    let file = |token: Option<&Token>| match token {
        Some(Token::Word { text, .. }) => Ok(text.clone()),
        _ => Err(refused("> and < need a file")),
    };
    while let Some(token) = tokens.next() {
        match token {
            Token::Word { text, .. } => stage.words.push(text.clone()),
            Token::Into { append } => {
                stage.into = Some(Into { path: file(tokens.next())?, append: *append });
            }
            _ => stage.from = Some(file(tokens.next())?),
        }
    }
    Ok(stage)
}

fn refused(why: impl std::convert::Into<String>) -> BadLine {
    BadLine::Refused(why.into())
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word { text: String, start: usize },
    Pipe,
    Into { append: bool },
    From,
    End,
}

/// One walk over a line.
struct Scan<'l> {
    line: &'l str,
    at: usize,
    home: Option<&'l str>,
    tokens: Vec<Token>,
    /// The last token is a word to which the next letter would belong
    in_word: bool,
    /// The first thing that is wrong
    bad: Option<BadLine>,
}

impl<'l> Scan<'l> {
    fn of(line: &'l str, home: Option<&'l str>) -> Self {
        let mut scan = Self { line, at: 0, home, tokens: Vec::new(), in_word: false, bad: None };
        while let Some(c) = scan.next() {
            scan.take(c);
        }
        scan
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn peek(&self) -> Option<char> {
        self.line[self.at..].chars().next()
    }

    fn take(&mut self, c: char) {
        match c {
            // A pipe goes on in the next line.
            '\n' if self.tokens.last() == Some(&Token::Pipe) => self.in_word = false,
            '\n' => self.operator(Token::End),
            ' ' | '\t' | '\r' => self.in_word = false,
            '#' if !self.in_word => {
                while self.peek().is_some_and(|c| c != '\n') {
                    self.next();
                }
            }
            '|' => self.pipe(),
            '>' => self.into(),
            '<' if self.peek() == Some('<') => self.refuse("<< is not done here: write the text into a file"),
            '<' => self.operator(Token::From),
            ';' | '&' => self.refuse(format!("{c} is not done here: one command a line, or sh -c '…'")),
            '`' => self.refuse("` is not done here: quote it as '`'"),
            '$' => self.dollar(),
            '\'' => self.single(),
            '"' => self.double(),
            '\\' => self.backslash(),
            '~' if !self.in_word => self.tilde(),
            c => self.letter(c),
        }
    }

    fn operator(&mut self, token: Token) {
        self.in_word = false;
        self.tokens.push(token);
    }

    fn pipe(&mut self) {
        if self.peek() == Some('|') {
            self.refuse("|| is not done here: one command a line, or sh -c '…'");
        }
        self.operator(Token::Pipe);
    }

    fn into(&mut self) {
        let number = match self.tokens.last() {
            Some(Token::Word { text, .. }) => self.in_word && text.chars().all(|c| c.is_ascii_digit()),
            _ => false,
        };
        if number {
            self.refuse("only standard output can be redirected");
        }
        let append = self.peek() == Some('>');
        if append {
            self.next();
        }
        self.operator(Token::Into { append });
    }

    /// The word that letters are added to; a new one if none is begun.
    fn word(&mut self, start: usize) -> &mut String {
        if !self.in_word {
            self.in_word = true;
            self.tokens.push(Token::Word { text: String::new(), start });
        }
        match self.tokens.last_mut() {
            Some(Token::Word { text, .. }) => text,
            _ => unreachable!("a word was begun above, and every operator ends it"),
        }
    }

    fn letter(&mut self, c: char) {
        let start = self.at - c.len_utf8();
        self.word(start).push(c);
    }

    fn single(&mut self) {
        let start = self.at - 1;
        let rest = &self.line[self.at..];
        let end = rest.find('\'');
        self.word(start).push_str(&rest[..end.unwrap_or(rest.len())]);
        self.at += end.map_or(rest.len(), |end| end + 1);
        if end.is_none() {
            self.unfinished("a quote ' is not closed");
        }
    }

    fn double(&mut self) {
        let start = self.at - 1;
        self.word(start);
        while let Some(c) = self.next() {
            match c {
                '"' => return,
                '$' => self.dollar(),
                '`' => self.refuse("` is not done here: quote it as '`'"),
                '\\' => match self.peek() {
                    Some('\n') => drop(self.next()),
                    Some(c @ ('"' | '\\' | '$' | '`')) => {
                        self.next();
                        self.word(start).push(c);
                    }
                    _ => self.word(start).push('\\'),
                },
                c => self.word(start).push(c),
            }
        }
        self.unfinished("a quote \" is not closed");
    }

    fn backslash(&mut self) {
        let start = self.at - 1;
        match self.next() {
            Some('\n') => {}
            Some(c) => self.word(start).push(c),
            None => self.unfinished("nothing after \\"),
        }
    }

    fn dollar(&mut self) {
        if self.peek().is_some_and(|c| c.is_ascii_alphanumeric() || "_({?@*#!$-".contains(c)) {
            self.refuse("$ is not expanded here: quote it as '$'");
        }
        self.letter('$');
    }

    fn tilde(&mut self) {
        let alone = self.peek().is_none_or(|c| c == '/' || c.is_whitespace());
        let start = self.at - 1;
        match self.home.filter(|_| alone) {
            Some(home) => {
                let home = home.to_owned();
                self.word(start).push_str(&home);
            }
            None => self.letter('~'),
        }
    }

    fn refuse(&mut self, why: impl std::convert::Into<String>) {
        let why = why.into();
        self.bad.get_or_insert(BadLine::Refused(why));
    }

    fn unfinished(&mut self, what: &'static str) {
        self.bad.get_or_insert(BadLine::Unfinished(what));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        let mut pipes = pipes(line, Some("/home/me")).unwrap();
        assert_eq!((pipes.len(), pipes[0].len()), (1, 1), "{line}");
        pipes.remove(0).remove(0).words
    }

    #[test]
    fn words_are_cut_as_sh_cuts_them() {
        for (line, expected) in [
            (r"a  b", vec!["a", "b"]),
            (r"a 'b c' d", vec!["a", "b c", "d"]),
            (r#"a "b \"c\" \x" '' "" x'y'"z""#, vec!["a", r#"b "c" \x"#, "", "", "xyz"]),
            (r"a\ b \'c\' \\", vec!["a b", "'c'", "\\"]),
            ("a # a comment | >", vec!["a"]),
            ("a b#c", vec!["a", "b#c"]),
            ("a \\\n b", vec!["a", "b"]),
            ("ls ~ ~/x a~ ~you", vec!["ls", "/home/me", "/home/me/x", "a~", "~you"]),
            (r"cost 5$ '$x' \$x", vec!["cost", "5$", "$x", "$x"]),
            ("é 'ü ö'", vec!["é", "ü ö"]),
        ] {
            assert_eq!(words(line), expected, "{line}");
        }
    }

    #[test]
    fn pipes_and_redirections() {
        let found = pipes("chain cat @|jq '.a | .b' >> 'my file' < in", None).unwrap();
        assert_eq!(found[0][0].words, ["chain", "cat", "@"]);
        assert_eq!(found[0][1].words, ["jq", ".a | .b"]);
        assert_eq!(found[0][1].from.as_deref(), Some("in"));
        assert_eq!(found[0][1].into, Some(Into { path: "my file".to_owned(), append: true }));
        assert_eq!(pipes("a\n\nb | c\n", None).unwrap().iter().map(Vec::len).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(pipes("a |\n b", None), pipes("a | b", None));
        assert_eq!(pipes(" # nothing\n", None), Ok(vec![]));
    }

    #[test]
    fn what_is_not_done_is_refused_and_what_goes_on_is_told_apart() {
        for line in ["a;b", "a && b", "a || b", "a $HOME", "a \"$(b)\"", "a `b`", "a 2> b", "| a", "a || b"] {
            assert!(matches!(pipes(line, None), Err(BadLine::Refused(_))), "{line}");
        }
        for line in ["a >", "a > | b", "> b", "a | > b", "a << b", "a | | b", "a &"] {
            assert!(matches!(pipes(line, None), Err(BadLine::Refused(_))), "{line}");
        }
        for line in ["a 'b", "a \"b", "a \\", "a |", "a \"b\\"] {
            assert!(matches!(pipes(line, None), Err(BadLine::Unfinished(_))), "{line}");
        }
    }

    #[test]
    fn the_word_under_the_cursor() {
        let found = partial("chain cat cold-room | jq 'a b", None);
        assert_eq!(
            (found.words, found.current, found.first),
            (vec!["jq".to_owned()], "a b".to_owned(), false)
        );
        assert_eq!(found.start, 25);
        let found = partial("sign > ", None);
        assert_eq!((found.words, found.current, found.file), (vec!["sign".to_owned()], String::new(), true));
        assert_eq!(found.start, 7);
        assert!(!partial("sign > out ", None).file);
        assert_eq!(partial("", None), Partial { first: true, ..Partial::default() });
        assert_eq!(quoted("a b/"), "'a b/");
        assert_eq!(words(&format!("x {}", quoted("it's"))), ["x", "it's"]);
    }

    proptest::proptest! {
        #[test]
        fn what_is_quoted_comes_back_and_nothing_panics(word in ".*", line in ".*") {
            let typed = format!("x {}", quoted(&word));
            if !word.ends_with('/') && !word.starts_with('~') {
                proptest::prop_assert_eq!(words(&typed), ["x", word.as_str()]);
            }
            let _ = (pipes(&line, Some("/h")), partial(&line, None));
        }
    }
}
