//! Escape sequences of terminals (ECMA-48), with which devices colour their lines, and blanks of typography.

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

/// A text with plain blanks for those of typography. Between digits one may part thousands, so that it is a part of the number.
pub(super) fn with_plain_blanks(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.is_ascii() || !text.contains(is_blank) {
        return text;
    }
    let (mut plain, mut before) = (String::with_capacity(text.len()), None);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let is_digit = |c: Option<&char>| c.is_some_and(char::is_ascii_digit);
        let is_within = is_digit(before.as_ref()) && is_digit(rest.peek());
        plain.push(if is_blank(c) && !is_within { ' ' } else { c });
        before = Some(c);
    }
    plain.into()
}

/// Blanks that do not break a line, and narrow ones.
fn is_blank(c: char) -> bool {
    matches!(c, '\u{a0}' | '\u{2002}'..='\u{200a}' | '\u{202f}')
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

    #[test]
    fn blanks_of_typography_are_blanks_but_between_digits() {
        for (text, plain) in [
            ("t\u{a0}= 5\u{202f}\u{b0}C", "t = 5 \u{b0}C"),
            ("p: 1\u{a0}013 hPa", "p: 1\u{a0}013 hPa"),
            ("PM\u{2009}10: 5\u{a0}", "PM 10: 5 "),
            ("\u{b0}", "\u{b0}"),
        ] {
            assert_eq!(with_plain_blanks(text.into()), plain);
        }
    }
}
