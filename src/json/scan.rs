//! Canonical text read in place: one pass, and nothing is copied.
//!
//! ```text
//! {"n":7,"t":[1.5,"é"]}        yes: exactly what the writer would write
//! {"n":7.0}  {"b":1,"a":2}     no, or not sure: the reader and the writer are to be asked
//! ```
//!
//! What a scan accepts is I-JSON in canonical form (RFC 8785). It is sure of less than there is: escapes, names
//! beyond ASCII and deep nesting are left to the reader.

pub use super::digits::integer;
use super::{digits, plain::plain, read::is_noncharacter};

/// How deep a scan follows arrays and objects.
const DEPTH: u8 = 32;

/// A text that is being read from its beginning. Every method answers none where it is not sure; the scan has
/// then no further use.
pub struct Scan<'a> {
    text: &'a str,
    at: usize,
    depth: u8,
}

impl<'a> Scan<'a> {
    /// Begins with a text.
    pub fn of(text: &'a str) -> Self {
        Self { text, at: 0, depth: 0 }
    }

    /// The same, where it is still to be seen whether it is UTF-8.
    pub fn new(text: &'a [u8]) -> Option<Self> {
        str::from_utf8(text).ok().map(Self::of)
    }

    /// Whether all was read.
    pub fn end(&self) -> Option<()> {
        (self.at == self.text.len()).then_some(())
    }

    /// How many bytes have been read.
    pub fn at(&self) -> usize {
        self.at
    }

    /// What was read between two places.
    pub fn between(&self, from: usize, to: usize) -> Option<&'a str> {
        self.text.get(from..to)
    }

    /// Reads an object. `each` is told the name of each member and must read its value.
    pub fn members(&mut self, mut each: impl FnMut(&mut Self, &'a str) -> Option<()>) -> Option<()> {
        self.take(b'{')?;
        self.deeper()?;
        let mut last = None;
        while self.peek()? != b'}' {
            if last.is_some() {
                self.take(b',')?;
            }
            let name = self.string()?;
            // Bytes are in the order of UTF-16 code units as long as they are ASCII.
            if !name.is_ascii() || last.is_some_and(|last| last >= name) {
                return None;
            }
            last = Some(name);
            self.take(b':')?;
            each(self, name)?;
        }
        self.depth -= 1;
        self.take(b'}')
    }

    /// Reads an array. `each` must read an element.
    pub fn elements(&mut self, mut each: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.take(b'[')?;
        self.deeper()?;
        let begin = self.at;
        while self.peek()? != b']' {
            if self.at > begin {
                self.take(b',')?;
            }
            each(self)?;
        }
        self.depth -= 1;
        self.take(b']')
    }

    /// Whether an array comes next.
    pub fn is_array(&self) -> bool {
        self.peek() == Some(b'[')
    }

    /// Reads any value; answers its text.
    pub fn value(&mut self) -> Option<&'a str> {
        let from = self.at;
        match self.peek()? {
            b'"' => self.string().map(drop)?,
            b'{' => self.members(|scan, _| scan.value().map(drop))?,
            b'[' => self.elements(|scan| scan.value().map(drop))?,
            b'n' => self.word("null")?,
            b't' => self.word("true")?,
            b'f' => self.word("false")?,
            _ => self.number()?,
        }
        self.between(from, self.at)
    }

    /// Reads a string without escapes; answers what stands between its quotes.
    pub fn string(&mut self) -> Option<&'a str> {
        self.take(b'"')?;
        let rest = self.text.as_bytes().get(self.at..)?;
        let length = plain(rest);
        let text = match rest.get(length)? {
            b'"' => self.text.get(self.at..self.at + length)?,
            0x80.. => {
                let text = self.text.get(self.at..)?.split(['"', '\\']).next()?;
                if text.chars().any(|c| c < ' ' || is_noncharacter(c)) {
                    return None;
                }
                text
            }
            _ => return None,
        };
        self.at += text.len();
        self.take(b'"')?;
        Some(text)
    }

    /// Reads an integer from 0 to 10^15 − 1.
    pub fn integer(&mut self) -> Option<u64> {
        integer(self.value()?.as_bytes())
    }

    fn number(&mut self) -> Option<()> {
        let rest = self.text.as_bytes().get(self.at..)?;
        let literal = self.text.get(self.at..self.at + digits::length(rest))?;
        if !digits::is_canonical(literal.as_bytes()) {
            return None;
        }
        self.at += literal.len();
        Some(())
    }

    fn word(&mut self, word: &str) -> Option<()> {
        let found = self.text.get(self.at..)?.starts_with(word);
        self.at += word.len();
        found.then_some(())
    }

    fn deeper(&mut self) -> Option<()> {
        self.depth += 1;
        (self.depth <= DEPTH).then_some(())
    }

    /// The byte that comes next.
    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found.then_some(())
    }
}

/// The string that a value's text is, if it is one.
pub fn unquoted(value: &str) -> Option<&str> {
    value.strip_prefix('"')?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::json;

    fn sure(text: &[u8]) -> bool {
        let whole = |mut scan: Scan<'_>| scan.value().and_then(|value| scan.end().map(|()| value.len()));
        Scan::new(text).and_then(whole).inspect(|length| assert_eq!(*length, text.len())).is_some()
    }

    /// A yes is the reader's and the writer's too.
    fn right(text: &[u8]) -> bool {
        let canonical = || json::parse(text).is_ok_and(|value| value.to_canonical().as_bytes() == text);
        !sure(text) || canonical()
    }

    #[test]
    fn what_ledgers_hold_is_seen_at_once() {
        for text in [
            r#"{"a":{},"b":[],"c":[1,[2,{"x":null}]],"d":"","é":1}"#.replace("é", "e").as_str(),
            r#"{"temperature":4.2,"unit":"°C","when":"2026-03-01T06:00:00.000Z"}"#,
            "[0,-1,1.5,-0.25,0.000001,123456789012345,999999999999999,0.1234567890123]",
            "[0.30000000000000004,1e-7,1e+21,9007199254740993000,5e-324,1.7976931348623157e+308]",
            "[true,false,null]",
            "\"abcdefgh\u{7f}ijklmn\"",
        ] {
            assert!(sure(text.as_bytes()) && right(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn other_forms_are_left_to_the_reader() {
        for text in [
            "",
            "{",
            "[",
            "\"",
            "{}x",
            "[1,]",
            "[,1]",
            "{,}",
            "{\"a\":1,}",
            "[1 ]",
            " 1",
            "1 ",
            "nul",
            "tru",
            "truex",
            "-",
            "-0",
            "01",
            "1.0",
            "1.",
            ".5",
            "+1",
            "1e5",
            "1E5",
            "1e+5",
            "0.0000001",
            "0.0",
            "00.5",
            "1.50",
            "12345678901234567.5",
            "9007199254740993",
            "1e999",
            "NaN",
            "inf",
            "infinity",
            "1.2.3",
            "1-2",
            r#"{"b":1,"a":2}"#,
            r#"{"a":1,"a":1}"#,
            r#"{"a" :1}"#,
            r#"{"a":1, "b":2}"#,
            r#"{"é":1}"#,
            r"{1:2}",
            r#""\n""#,
            r#""\u00e9""#,
            "\"\n\"",
            "\"\u{fffe}\"",
            "\"é\n\"",
            "\"é\u{fdd0}\"",
            "\"é\\n\"",
        ] {
            assert!(!sure(text.as_bytes()), "{text}");
        }
        assert!(!sure(b"\"\xff\"") && !sure(b"\"\xed\xa0\x80\""), "no UTF-8");
        let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(sure(deep(32).as_bytes()) && !sure(deep(33).as_bytes()) && !sure(deep(1 << 20).as_bytes()));
    }

    #[test]
    fn strings_end_where_they_end() {
        for length in 0..40 {
            for byte in [b'"', b'\\', 0, 0x1f, 0x80, 0xff] {
                for behind in 0..10 {
                    let mut text = vec![b'~'; length];
                    text.push(byte);
                    text.extend(vec![b' '; behind]);
                    assert_eq!(plain(&text), length, "{byte} behind {length}");
                }
            }
            assert_eq!(plain(&vec![0x7f; length]), length);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn a_yes_to_any_text_is_right(text in r#"[\[{"a\\:,}\]0-9.eE+\-ntrufl é]{0,24}"#) {
            prop_assert!(right(text.as_bytes()));
        }

        #[test]
        fn a_yes_to_any_number_is_right(text in r"-?[0-9]{1,18}(\.[0-9]{1,18})?(e[+-]?[0-9]{1,3})?") {
            prop_assert!(right(text.as_bytes()));
        }

        #[test]
        fn doubles_as_we_write_them_are_seen(bits: u64) {
            if let Some(number) = json::Number::new(f64::from_bits(bits)) {
                let text = json::Value::from(number).to_canonical();
                prop_assert!(sure(text.as_bytes()), "{}", text);
            }
        }

        #[test]
        fn a_yes_to_a_changed_text_is_right(at in 0..70usize, byte in 0..=255u8, remove: bool) {
            let mut text = r#"{"a":[1.5,-3,"x","°"],"b":{"c":null,"d":true},"e":1e-7,"f":"abcdefghi"}"#.as_bytes().to_vec();
            text[at] = byte;
            if remove {
                text.remove(at);
            }
            prop_assert!(right(&text));
        }
    }
}
