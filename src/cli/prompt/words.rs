//! The words of a line, cut as `sh` cuts them, and whether it is a plain command, a pipe, or something else.

use super::scan::{PromptScan, Token};

/// Words with which `sh` begins what is more than a pipe.
const RESERVED: &[&str] = &["!", "{", "case", "for", "if", "until", "while"];

/// A line, as far as it matters who runs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PromptLine {
    /// Nothing but space and comments
    Empty,
    /// One command in words and quotes, which mean the same without a shell
    Plain(Vec<String>),
    /// Programs side by side, or one that needs a shell for its words or files
    Pipe(Vec<PipeStage>),
    /// Anything else
    List {
        /// Whether output of commands is a part of its words, `$(…)`
        substitutes: bool,
    },
}

/// One program of a pipe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PipeStage {
    /// Its first word; empty: there is none
    pub name: String,
    /// All of it, for `sh`
    pub text: String,
}

/// The end of an unfinished line, where the cursor is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartialLine {
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

/// What a line is. `home` is what `~` stands for.
pub fn line(line: &str, home: Option<&str>) -> PromptLine {
    let scan = PromptScan::of(line, home);
    let stages = stages(line, &scan.tokens);
    let names_all = stages.iter().all(|stage| !stage.name.is_empty() && !is_reserved(&stage.name));
    if scan.tokens.is_empty() {
        PromptLine::Empty
    } else if scan.needs.lists || scan.open || !names_all {
        PromptLine::List { substitutes: scan.needs.substitutes }
    } else if is_plain(&scan) {
        let word = |token| if let Token::Word { text, .. } = token { Some(text) } else { None };
        PromptLine::Plain(scan.tokens.into_iter().filter_map(word).collect())
    } else {
        PromptLine::Pipe(stages)
    }
}

/// Whether a line goes on in the next one, as far as that can be told without knowing the language of `sh`; `None`: it
/// cannot.
pub fn goes_on(line: &str) -> Option<bool> {
    let scan = PromptScan::of(line, None);
    let names = stages(line, &scan.tokens);
    let lists = scan.needs.lists || names.iter().any(|stage| is_reserved(&stage.name));
    (!lists).then_some(scan.open)
}

fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name)
}

/// A first word with `=` is an assignment.
fn is_plain(scan: &PromptScan<'_>) -> bool {
    let assigns = matches!(scan.tokens.first(), Some(Token::Word { text, .. }) if text.contains('='));
    !scan.needs.expands && !assigns && scan.tokens.iter().all(|token| matches!(token, Token::Word { .. }))
}

fn stages(line: &str, tokens: &[Token]) -> Vec<PipeStage> {
    let mut stages = Vec::new();
    let mut start = 0;
    for tokens in tokens.split_inclusive(|token| matches!(token, Token::Pipe { .. })) {
        let end = if let Some(Token::Pipe { at }) = tokens.last() { *at } else { line.len() };
        stages.push(PipeStage { name: name(tokens), text: line[start..end].trim().to_owned() });
        start = line.len().min(end + 1);
    }
    stages
}

/// The first word that is no file of a redirection.
fn name(tokens: &[Token]) -> String {
    let mut file = false;
    for token in tokens {
        match token {
            Token::Word { .. } if file => file = false,
            Token::Word { text, .. } => return text.clone(),
            token => file = *token == Token::Redirect,
        }
    }
    String::new()
}

/// What is before the cursor at the end of this text, however unfinished.
pub fn partial(text: &str, home: Option<&str>) -> PartialLine {
    let mut scan = PromptScan::of(text, home);
    let (current, start) = match scan.tokens.pop() {
        Some(Token::Word { text, start }) if scan.in_word => (text, start),
        Some(token) => {
            scan.tokens.push(token);
            (String::new(), text.len())
        }
        None => (String::new(), text.len()),
    };
    let begin = scan.tokens.iter().rposition(|token| matches!(token, Token::Pipe { .. } | Token::End));
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
    PartialLine { words, current, start, first, file }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        match line(text, Some("/home/me")) {
            PromptLine::Plain(words) => words,
            other => panic!("{text}: {other:?}"),
        }
    }

    fn texts(text: &str) -> Vec<String> {
        match line(text, None) {
            PromptLine::Pipe(stages) => stages.into_iter().map(|stage| stage.text).collect(),
            other => panic!("{text}: {other:?}"),
        }
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
            ("ls ~ ~/x a~", vec!["ls", "/home/me", "/home/me/x", "a~"]),
            (r"cost 5$ '$x' \$x '*' \;", vec!["cost", "5$", "$x", "$x", "*", ";"]),
            ("é 'ü ö'", vec!["é", "ü ö"]),
            ("use -- A=b", vec!["use", "--", "A=b"]),
        ] {
            assert_eq!(words(line), expected, "{line}");
        }
        assert_eq!(line(" # nothing", None), PromptLine::Empty);
    }

    #[test]
    fn a_pipe_is_cut_where_its_marks_stand() {
        assert_eq!(
            texts("chain cat @|jq '.a | .b' >> 'my file' < in"),
            ["chain cat @", "jq '.a | .b' >> 'my file' < in"]
        );
        assert_eq!(texts("a |\n b # c | d"), ["a", "b # c | d"]);
        assert_eq!(
            texts("a \"$(b | c \")\")\" `d | e` ${x:-a|b} | f"),
            ["a \"$(b | c \")\")\" `d | e` ${x:-a|b}", "f"]
        );
        for one in
            ["ls *.json", "ls $HOME", "a 2> b", "a > b", "A=b c", "ls ~you", "a 2>&1", "a [0-9]", "a $?"]
        {
            assert_eq!(texts(one), [one]);
        }
        let PromptLine::Pipe(stages) = line("2>x < in sign -k a | foil show", None) else { panic!() };
        assert_eq!(stages.iter().map(|stage| stage.name.as_str()).collect::<Vec<_>>(), ["sign", "foil"]);
    }

    #[test]
    fn what_is_more_than_a_pipe_is_left_whole() {
        for text in [
            "a;b",
            "a && b",
            "a || b",
            "a &",
            "(a)",
            "! a",
            "for n in 1",
            "a << b",
            "| a",
            "a | | b",
            "a\nb",
            "$((1))",
        ] {
            assert!(matches!(line(text, None), PromptLine::List { .. }), "{text}");
        }
        assert_eq!(line("a; b \"`c`\"", None), PromptLine::List { substitutes: true });
        assert_eq!(line("a; b $c ${d}", None), PromptLine::List { substitutes: false });
    }

    #[test]
    fn what_goes_on_is_told_where_it_can_be() {
        for text in ["a 'b", "a \"b", "a \\", "a |", "a \"b\\", "a $(b", "a `b", "a | b |\n"] {
            assert_eq!(goes_on(text), Some(true), "{text}");
        }
        for text in ["a", "a | b", "a $(b)", "a > b", "", "# it's"] {
            assert_eq!(goes_on(text), Some(false), "{text}");
        }
        for text in ["for n in 1", "cat <<E\nit's", "a &&", "a; b", "if x | y"] {
            assert_eq!(goes_on(text), None, "{text}");
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
        assert_eq!(partial("", None), PartialLine { first: true, ..PartialLine::default() });
        for begun in
            ["cat x; chain sta", "a && chain sta", "for n in $(chain sta", "x \"`chain sta", "(chain sta"]
        {
            let found = partial(begun, None);
            assert_eq!((found.words, found.current), (vec!["chain".to_owned()], "sta".to_owned()), "{begun}");
        }
        let found = partial("verify $(ls a) b", None);
        assert_eq!(
            (found.words, found.current),
            (vec!["verify".to_owned(), "$(ls a)".to_owned()], "b".to_owned())
        );
        assert_eq!(quoted("a b/"), "'a b/");
        assert_eq!(words(&format!("x {}", quoted("it's"))), ["x", "it's"]);
    }

    proptest::proptest! {
        #[test]
        fn what_is_quoted_comes_back_and_nothing_panics(word in ".*", text in ".*") {
            let typed = format!("x {}", quoted(&word));
            if !word.ends_with('/') && !word.starts_with('~') {
                proptest::prop_assert_eq!(words(&typed), ["x", word.as_str()]);
            }
            let _ = (line(&text, Some("/h")), partial(&text, None), goes_on(&text));
        }
    }
}
