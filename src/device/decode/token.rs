//! Words of devices that no table explains: a number only if it is written as one, else text.

use std::borrow::Cow;

use crate::json::{JsonText, Value};

/// A word as a value: a number if it is one without leading zeros or a plus, else the text, so that no digit of an
/// identifier is lost. `None`: it has characters that do not print.
pub(super) fn value(word: &str) -> Option<Value> {
    if word.is_empty() || word.chars().any(char::is_control) {
        return None;
    }
    let digits = word.strip_prefix('-').unwrap_or(word);
    let whole = digits.split('.').next().unwrap_or_default();
    let is_written_so = !whole.is_empty()
        && (whole == "0" || !whole.starts_with('0'))
        && !word.starts_with('+')
        && !word.ends_with('.');
    let number = is_written_so.then(|| super::decimal(word)).flatten();
    Some(number.map_or_else(|| Value::from(word), Value::from))
}

/// Bytes as text: UTF-8, or else Latin-1.
pub(super) fn as_sent(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => bytes.iter().copied().map(char::from).collect::<String>().into(),
    }
}

/// Parts as one text.
pub(super) fn joined(parts: &[&str]) -> JsonText {
    let mut text = JsonText::default();
    for part in parts {
        text.push_str(part);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_such_and_all_else_is_text() {
        let shown = |word| value(word).map(|value| value.to_canonical());
        for number in ["0", "-450", "13.5", "0.5", "7"] {
            assert_eq!(shown(number).as_deref(), Some(number));
        }
        for text in ["0066", "5E3", "1C", "+4", "1.", ".5", "353431343439393939393939393939393939", "-"] {
            assert_eq!(shown(text), Some(format!("\"{text}\"")));
        }
        assert_eq!([value(""), value("a\u{7}")], [None, None]);
    }

    #[test]
    fn bytes_that_are_no_utf_8_are_latin_1() {
        assert_eq!(as_sent(b"20 \xb0C"), "20 °C");
        assert_eq!(as_sent("20 °C".as_bytes()), "20 °C");
    }
}
