//! The words of a line, cut as `sh` cuts them: quotes, backslashes, `|`, `>`, `>>`, `<`, comments.
//!
//! What `sh` would do and the prompt does not – variables, `;`, `&`, command substitution – is refused by
//! name, so that no line means less than it says.

pub use super::scan::BadPromptLine;
use super::scan::{PromptScan, Token};

/// One program of a pipe.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PipeStage {
    /// Its name and arguments
    pub words: Vec<String>,
    /// The file that its input comes from; `None`: the stage before, or standard input
    pub from: Option<String>,
    /// The file that its output goes to; `None`: the next stage, or standard output
    pub into: Option<RedirectTarget>,
}

/// The file that output is redirected to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedirectTarget {
    /// The file
    pub path: String,
    /// Whether behind what is in it already
    pub append: bool,
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

/// A line's pipes, each of one stage or more: several lines that were pasted at once are several pipes.
/// `home` is what `~` stands for.
///
/// # Errors
/// If the line is unfinished, or is refused.
pub fn pipes(line: &str, home: Option<&str>) -> Result<Vec<Vec<PipeStage>>, BadPromptLine> {
    let scan = PromptScan::of(line, home);
    if let Some(bad) = scan.bad {
        return Err(bad);
    }
    scan.tokens.split(|token| *token == Token::End).filter(|tokens| !tokens.is_empty()).map(stages).collect()
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

fn stages(tokens: &[Token]) -> Result<Vec<PipeStage>, BadPromptLine> {
    let mut stages = vec![];
    let last = tokens.split(|token| *token == Token::Pipe).count() - 1;
    for (at, tokens) in tokens.split(|token| *token == Token::Pipe).enumerate() {
        let stage = stage(tokens)?;
        if stage.words.is_empty() && at == last && at > 0 && tokens.is_empty() {
            return Err(BadPromptLine::Unfinished("nothing after |"));
        }
        if stage.words.is_empty() {
            return Err(refused("a command is missing"));
        }
        stages.push(stage);
    }
    Ok(stages)
}

fn stage(tokens: &[Token]) -> Result<PipeStage, BadPromptLine> {
    let mut stage = PipeStage::default();
    let mut tokens = tokens.iter();
    let file = |token: Option<&Token>| match token {
        Some(Token::Word { text, .. }) => Ok(text.clone()),
        _ => Err(refused("> and < need a file")),
    };
    while let Some(token) = tokens.next() {
        match token {
            Token::Word { text, .. } => stage.words.push(text.clone()),
            Token::Into { append } => {
                stage.into = Some(RedirectTarget { path: file(tokens.next())?, append: *append });
            }
            _ => stage.from = Some(file(tokens.next())?),
        }
    }
    Ok(stage)
}

fn refused(why: impl std::convert::Into<String>) -> BadPromptLine {
    BadPromptLine::Refused(why.into())
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
        assert_eq!(found[0][1].into, Some(RedirectTarget { path: "my file".to_owned(), append: true }));
        assert_eq!(pipes("a\n\nb | c\n", None).unwrap().iter().map(Vec::len).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(pipes("a |\n b", None), pipes("a | b", None));
        assert_eq!(pipes(" # nothing\n", None), Ok(vec![]));
    }

    #[test]
    fn what_is_not_done_is_refused_and_what_goes_on_is_told_apart() {
        for line in ["a;b", "a && b", "a || b", "a $HOME", "a \"$(b)\"", "a `b`", "a 2> b", "| a", "a || b"] {
            assert!(matches!(pipes(line, None), Err(BadPromptLine::Refused(_))), "{line}");
        }
        for line in ["a >", "a > | b", "> b", "a | > b", "a << b", "a | | b", "a &"] {
            assert!(matches!(pipes(line, None), Err(BadPromptLine::Refused(_))), "{line}");
        }
        for line in ["a 'b", "a \"b", "a \\", "a |", "a \"b\\"] {
            assert!(matches!(pipes(line, None), Err(BadPromptLine::Unfinished(_))), "{line}");
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
