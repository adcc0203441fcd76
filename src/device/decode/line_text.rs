//! The bytes of a line as text, whatever their encoding.
//!
//! ```text
//! 19.8 C2 B0 C      UTF-8, as it is
//! 19.8 B0 C         Latin-1: °, and so are º ² ³ µ
//! 19.8 DF C         the letter of displays for °, and F8 that of DOS
//! Au DF en          Latin-1 as well, or a flipped bit: no name and no text can be sure of it,
//!                   unless the lines before are known not to have the same with that bit as it was
//! ```

use std::borrow::Cow;

/// What is written in Latin-1 beyond letters: degrees, powers, micro.
const SIGNS: &[char] = &['°', 'º', '²', '³', 'µ'];

/// A line, and whether it was UTF-8.
#[derive(Debug)]
pub(super) struct LineText<'a> {
    text: Cow<'a, str>,
    is_utf8: bool,
    is_latin1: bool,
}

impl<'a> LineText<'a> {
    /// The text of some bytes. Those that are no UTF-8 are read as Latin-1.
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        if let Ok(text) = std::str::from_utf8(bytes) {
            return Self { text: text.into(), is_utf8: true, is_latin1: false };
        }
        let is_latin1 = !has_controls(bytes) && !has_parity(bytes);
        Self { text: latin1(bytes).into(), is_utf8: false, is_latin1 }
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

    /// Whether a part of it is what the device meant, as far as the lines before tell: Latin-1 letters are, unless what they
    /// are with another eighth bit stands there.
    pub(super) fn is_sure_after(&self, part: &str, before: &[u8]) -> bool {
        let fits = |c: char| c.is_ascii() || SIGNS.contains(&c) || is_letter(c);
        self.is_utf8
            || part.is_ascii()
            || (self.is_latin1 && part.chars().all(fits) && !stands(&without_eighth_bits(part), before))
    }
}

/// A letter that Latin-1 has, but for those that the first byte of a letter in UTF-8 looks like.
fn is_letter(c: char) -> bool {
    matches!(c, '\u{c0}'..='\u{ff}') && !matches!(c, '×' | '÷' | 'Â' | 'Ã')
}

fn without_eighth_bits(part: &str) -> Vec<u8> {
    part.chars().filter_map(|c| u8::try_from(c).ok()).map(|byte| byte & 0x7f).collect()
}

fn stands(part: &[u8], text: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// Whether there are control characters of the upper half, which no text has.
fn has_controls(bytes: &[u8]) -> bool {
    bytes.utf8_chunks().any(|chunk| chunk.invalid().iter().any(|byte| matches!(byte, 0x80..=0x9f)))
}

/// Whether the eighth bits make the ones of nearly all bytes even: a parity bit, of a device of seven bits.
fn has_parity(bytes: &[u8]) -> bool {
    let odd = bytes.iter().filter(|byte| byte.count_ones() % 2 == 1).count();
    odd * 8 < bytes.len()
}

/// Valid UTF-8 as it is, other bytes as Latin-1.
fn latin1(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + 8);
    let mut rest = bytes;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        rest = &rest[chunk.valid().len()..];
        for byte in chunk.invalid() {
            rest = &rest[1..];
            let is_degree = DEGREES.contains(byte) && stands_for_degree(&text, rest);
            text.push(if is_degree { '°' } else { char::from(*byte) });
        }
    }
    text
}

/// The sign of degrees in the letters of displays (HD44780) and of DOS, which boards print on serial lines as well.
const DEGREES: [u8; 2] = [0xdf, 0xf8];

/// Whether the sign of degrees may stand between these: behind a number, in front of a scale.
fn stands_for_degree(before: &str, behind: &[u8]) -> bool {
    let is_letter = |at: usize| behind.get(at).is_some_and(u8::is_ascii_alphabetic);
    before.trim_end_matches(' ').ends_with(|c: char| c.is_ascii_digit())
        && matches!(behind.first(), Some(b'C' | b'F'))
        && !is_letter(1)
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

    #[test]
    fn signs_of_degrees_of_displays_are_such_behind_a_number() {
        let text = |bytes| LineText::of(bytes).text().to_owned();
        assert_eq!(text(b"t: 19.8 \xdfC u=67.6\xf8F, x"), "t: 19.8 °C u=67.6°F, x");
        assert_eq!(text(b"Gru\xdfCard 5\xdfCd \xf8C"), "GrußCard 5ßCd øC");
    }

    #[test]
    fn letters_are_latin1_unless_they_are_known_with_another_bit() {
        let line = LineText::of(b"\"t\xe5mp\" \"K\xfcche\" \"M\xc3\"");
        assert!(line.is_sure_after("\"Küche\"", b"\"temp\"") && line.is_sure_after("\"tåmp\"", b""));
        assert!(!line.is_sure_after("\"tåmp\"", b"{\"temp\":1}"), "a flipped bit");
        assert!(!line.is_sure_after("\"MÃ\"", b""), "half a letter of UTF-8");
        let even = LineText::of(b"{\"te\xed\xf0\":35}\n");
        assert!(!even.is_sure_after("\"teíð\"", b""), "parity bits");
        let control = LineText::of(b"\"K\xfcche\" \x8d");
        assert!(!control.is_sure_after("\"Küche\"", b""));
    }
}
