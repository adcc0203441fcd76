//! A place in a text as a compiler shows it: the line, and a caret under what is meant.

use super::term::escape;
use crate::{key::text::may_be_secret, toml_file::TextPosition};

/// A sentence, and below it the line that it is about. A line that may hold a secret is not shown.
pub(crate) fn pointed(sentence: &str, spot: &TextPosition) -> String {
    let (first, margin) = (escape(sentence), " ".repeat(spot.line.to_string().len()));
    if may_be_secret(&spot.text) {
        return format!("{first}\n{margin} | (a line that looks like a secret key is not shown)\n");
    }
    // What is escaped takes more room than it had, so the caret counts what is shown.
    let shown = |text: &str| escape(&text.replace('\t', " "));
    let chars: Vec<_> = spot.text.chars().collect();
    let before: String = chars[..(spot.column - 1).min(chars.len())].iter().collect();
    let meant: String = chars.iter().skip(spot.column - 1).take(spot.width).collect();
    let indent = " ".repeat(shown(&before).chars().count());
    let carets = "^".repeat(shown(&meant).chars().count().max(1));
    format!("{first}\n{margin} |\n{} | {}\n{margin} | {indent}{carets}\n", spot.line, shown(&spot.text))
}
