//! Escape sequences of terminals (ECMA-48), with which devices colour their lines.

use std::borrow::Cow;

/// How long the sequence at the beginning of a text is, at least its escape.
pub(super) fn escape_length(text: &str) -> usize {
    let Some(parameters) = text.strip_prefix("\x1b[") else { return 1 };
    let length = parameters.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b';').count();
    let ends = parameters[length..].starts_with(|c: char| c.is_ascii_alphabetic());
    if ends { length + 3 } else { 1 }
}

/// A text with a blank for each sequence.
pub(super) fn without_escapes(text: &str) -> Cow<'_, str> {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\x1b') {
        plain.extend([&rest[..at], " "]);
        rest = &rest[at + escape_length(&rest[at..])..];
    }
    if plain.is_empty() { text.into() } else { (plain + rest).into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_are_blanks() {
        assert_eq!(without_escapes("\x1b[0;32mt=5\x1b[0m"), " t=5 ");
        assert_eq!([escape_length("\x1b[31m1"), escape_length("\x1b[3"), escape_length("\x1bM")], [5, 1, 1]);
        assert_eq!(without_escapes("t=5"), "t=5");
    }
}
