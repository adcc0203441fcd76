//! Words by which logs rank their lines, which are no words of a name.
//!
//! ```text
//! WARN temp=21.6   [info] temp=21.6   ok T:24.8    temp, temp, T
//! ERROR COUNT=5    Error rate: 5                   names
//! ```

/// How logs rank their lines.
const LEVELS: &[&str] =
    &["TRACE", "VERBOSE", "DEBUG", "INFO", "NOTICE", "WARN", "WARNING", "ERR", "ERROR", "CRITICAL", "FATAL"];

/// What there is of each rank: with it they are names.
const COUNTED: &[&str] = &[
    "COUNT", "COUNTS", "COUNTER", "COUNTERS", "CODE", "RATE", "LEVEL", "FLAG", "FLAGS", "STATE", "STATUS",
    "LIMIT",
];

/// Whether the first of some words of a name ranks the line.
pub(super) fn is_in_front(words: &[&str]) -> bool {
    let [first, next, ..] = words else { return false };
    let inner = first.trim_matches(['[', ']', '(', ')']);
    let is_level = if inner.len() < first.len() {
        is_among(inner, LEVELS)
    } else {
        LEVELS.contains(first) || first.eq_ignore_ascii_case("ok")
    };
    is_level && next.starts_with(char::is_alphabetic) && !is_among(next, COUNTED)
}

/// Whether a word is a rank.
pub(super) fn is_level(word: &str) -> bool {
    is_among(word, LEVELS)
}

fn is_among(word: &str, words: &[&str]) -> bool {
    words.iter().any(|other| other.eq_ignore_ascii_case(word))
}
