//! The bytes of a line as text, whatever their encoding.
//!
//! ```text
//! 19.8 C2 B0 C      UTF-8, as it is
//! 19.8 B0 C         Latin-1: °, and so are º ² ³ µ
//! Au DF en          Latin-1 as well, or a flipped bit: no name and no text can be sure of it
//! ```

use std::borrow::Cow;

/// What is written in Latin-1 beyond letters: degrees, powers, micro.
const SIGNS: &[char] = &['°', 'º', '²', '³', 'µ'];

/// A line, and whether it was UTF-8.
#[derive(Debug)]
pub(super) struct LineText<'a> {
    text: Cow<'a, str>,
    is_utf8: bool,
}

impl<'a> LineText<'a> {
    /// The text of some bytes. Those that are no UTF-8 are read as Latin-1.
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self { text: text.into(), is_utf8: true },
            Err(_) => Self { text: latin1(bytes).into(), is_utf8: false },
        }
    }

    /// The text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether the line was UTF-8.
    pub(super) fn is_utf8(&self) -> bool {
        self.is_utf8
    }

    /// Whether a part of it is what the device meant, and not a letter with a flipped bit.
    pub(super) fn is_sure(&self, part: &str) -> bool {
        self.is_utf8 || part.chars().all(|c| c.is_ascii() || SIGNS.contains(&c))
    }
}

/// Valid UTF-8 as it is, other bytes as Latin-1.
fn latin1(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + 8);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|byte| char::from(*byte)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_utf8_are_latin1() {
        let line = LineText::of(b"19.8 \xb0C \xc2\xb0 Au\xdfen");
        assert_eq!(line.text(), "19.8 °C ° Außen");
        assert!(!line.is_utf8() && line.is_sure("19.8 °C") && !line.is_sure("Außen"));
        assert!(LineText::of("Außen".as_bytes()).is_sure("Außen"));
    }
}
