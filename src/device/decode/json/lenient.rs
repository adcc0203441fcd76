//! JSON as devices print it: an object of which some values may be none.
//!
//! ```text
//! {"t":NaN,"id":9007199254740993,"u":,"v":1,"v":2}     t null, id and u not understood, v twice
//! {"t":21.299999237060546875}                          the nearest double, 21.299999237060547, and what was sent
//! ```
//!
//! Names, commas and braces must be in their places: an object that is not whole is none.

use crate::json::{self, MAX_DEPTH, Number, Value};

use super::super::{decimal, escape::escape_length, line_text::LineText, rounded};

/// A value, as far as it is understood.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part {
    /// A number, a text, a truth value or null
    Scalar(Value),
    /// The double nearest to a fraction of more digits than doubles have, and the digits as sent
    Rounded(Number, String),
    /// What was not understood, as sent
    Unread(String),
    /// Members in the order of their names or as sent; names may stand twice
    Object(Vec<(String, Part)>),
    /// Elements
    Array(Vec<Part>),
}

impl From<Value> for Part {
    fn from(value: Value) -> Self {
        match value {
            Value::Object(members) => {
                Self::Object(members.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
            }
            Value::Array(elements) => Self::Array(elements.into_iter().map(Self::from).collect()),
            scalar => Self::Scalar(scalar),
        }
    }
}

/// The members of the object at a place of a line, and how many bytes it has. `before` are the lines before, by which a
/// flipped bit shows.
///
/// # Errors
/// The number of bytes that were read if none that is whole stands there.
pub(super) fn object(
    line: &LineText,
    from: usize,
    before: &[u8],
) -> Result<(Vec<(String, Part)>, usize), usize> {
    let mut reader = Reader { line, before, text: line.text(), at: from, depth: 0 };
    match reader.value() {
        Some(Part::Object(members)) => Ok((members, reader.at - from)),
        _ => Err(reader.at - from),
    }
}

struct Reader<'a> {
    line: &'a LineText<'a>,
    before: &'a [u8],
    text: &'a str,
    at: usize,
    depth: u8,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Blanks, and what a line brings along: NUL, colours.
    fn skip_blanks(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | 0 => self.at += 1,
                0x1b => self.at += escape_length(&self.text[self.at..]),
                _ => return,
            }
        }
    }

    /// Passes over a byte behind blanks, if it is this one.
    fn take(&mut self, byte: u8) -> Option<()> {
        self.skip_blanks();
        (self.peek()? == byte).then(|| self.at += 1)
    }

    fn value(&mut self) -> Option<Part> {
        self.skip_blanks();
        match self.peek()? {
            b'{' => self.deeper(Self::members),
            b'[' => self.deeper(Self::elements),
            b'"' => self.string(),
            _ => self.bare(),
        }
    }

    fn deeper(&mut self, read: fn(&mut Self) -> Option<Part>) -> Option<Part> {
        self.at += 1;
        self.depth = self.depth.checked_add(1).filter(|depth| *depth <= MAX_DEPTH)?;
        let part = read(self);
        self.depth -= 1;
        part
    }

    fn members(&mut self) -> Option<Part> {
        let mut members = Vec::new();
        while self.take(b'}').is_none() {
            if !members.is_empty() {
                self.take(b',')?;
                if self.take(b'}').is_some() {
                    break;
                }
            }
            self.skip_blanks();
            let begin = self.at;
            let name = (self.peek()? == b'"').then(|| self.string())??;
            let sent = &self.text[begin..self.at];
            self.take(b':')?;
            let value = self.value()?;
            members.push(match name {
                Part::Scalar(Value::String(name)) => (name.into(), value),
                // A value whose name is not sure has none.
                _ => (sent.trim_matches('"').to_owned(), unsure(value)),
            });
        }
        Some(Part::Object(members))
    }

    fn elements(&mut self) -> Option<Part> {
        let mut elements = Vec::new();
        while self.take(b']').is_none() {
            if !elements.is_empty() {
                self.take(b',')?;
                if self.take(b']').is_some() {
                    break;
                }
            }
            elements.push(self.value()?);
        }
        Some(Part::Array(elements))
    }

    /// A text in quotes, which must have its end.
    fn string(&mut self) -> Option<Part> {
        let begin = self.at;
        let bytes = self.text.as_bytes();
        let mut end = begin + 1;
        while bytes.get(end).is_some_and(|byte| *byte != b'"') {
            end += if bytes[end] == b'\\' { 2 } else { 1 };
        }
        self.at = bytes.len().min(end + 1);
        bytes.get(end)?;
        let sent = self.text.get(begin..self.at)?;
        // A tabulator that a device forgot to escape stands for itself.
        let read = json::parse(sent.replace('\t', "\\t").as_bytes()).ok();
        let sure = read.filter(|_| self.line.is_sure_after(sent, self.before));
        Some(sure.map_or_else(|| Part::Unread(sent[1..sent.len() - 1].to_owned()), Part::Scalar))
    }

    /// A word or a number, up to what may follow it.
    fn bare(&mut self) -> Option<Part> {
        let rest = &self.text[self.at..];
        let length = rest.find([',', '}', ']', '\r', '\n', '{', '[', '"', ':']).unwrap_or(rest.len());
        let (token, behind) = rest.split_at(length);
        self.at += length;
        if !behind.starts_with([',', '}', ']', '\r', '\n']) {
            return None;
        }
        let token = token.trim_matches(['\0', ' ', '\t']);
        Some(bare(token))
    }
}

/// The same, without anything that could be taken for a value.
fn unsure(part: Part) -> Part {
    match part {
        Part::Scalar(Value::String(text)) => Part::Unread(text.into()),
        Part::Unread(text) | Part::Rounded(_, text) => Part::Unread(text),
        Part::Scalar(value) => Part::Unread(value.to_canonical()),
        Part::Object(_) | Part::Array(_) => Part::Unread("{…}".to_owned()),
    }
}

fn bare(token: &str) -> Part {
    if let Some(value) = word(token).or_else(|| number(token).map(Value::from)) {
        return Part::Scalar(value);
    }
    let sent = token.to_owned();
    match rounded(token) {
        Some(number) => Part::Rounded(number, sent),
        None => Part::Unread(sent),
    }
}

fn word(token: &str) -> Option<Value> {
    match token {
        "true" => return Some(true.into()),
        "false" => return Some(false.into()),
        "null" => return Some(Value::Null),
        _ => {}
    }
    let digits = token.strip_prefix(['+', '-']).unwrap_or(token);
    let is_none = ["nan", "inf", "infinity"].iter().any(|none| digits.eq_ignore_ascii_case(none));
    is_none.then_some(Value::Null)
}

/// A number as JSON or a careless device writes it, if no double alters it. Digits that begin with a zero may be an
/// identifier.
fn number(token: &str) -> Option<Number> {
    let digits = token.strip_prefix(['+', '-']).unwrap_or(token);
    let padded = digits.starts_with('0') && digits.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
    if padded {
        return None;
    }
    decimal(token).or_else(|| match json::parse(token.as_bytes()) {
        Ok(Value::Number(number)) if json::refuse_rounding(token.as_bytes()).is_ok() => Some(number),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Vec<(String, Part)>> {
        object(&LineText::of(text.as_bytes()), 0, b"").ok().map(|(members, _)| members)
    }

    fn member(value: &str) -> Part {
        read(&format!("{{\"a\":{value},\"b\":1}}")).expect(value).remove(0).1
    }

    #[test]
    fn a_value_that_is_none_costs_only_itself() {
        for none in ["NaN", "-nan", "Infinity", "-inf", "null", " +NAN "] {
            assert_eq!(member(none), Part::Scalar(Value::Null), "{none}");
        }
        for unread in [
            "9007199254740993",
            "12345678901234567.25",
            "00.1000000000000000055",
            "OL",
            "",
            "0x1F",
            "1e-400",
            "5E3x",
        ] {
            assert_eq!(member(unread), Part::Unread(unread.to_owned()), "{unread}");
        }
        for (text, number) in [("1.50", "1.5"), ("+2", "2"), (".5", "0.5"), ("5E3", "5000"), ("-0.0", "0")] {
            let Part::Scalar(value) = member(text) else { panic!("{text}") };
            assert_eq!(value.to_canonical(), number);
        }
        assert_eq!(member(r#""x\ud800""#), Part::Unread(r"x\ud800".to_owned()));
        assert_eq!(member("\"a\tb\""), Part::Scalar("a\tb".into()));
        assert_eq!(member("\"a\u{1}b\""), Part::Unread("a\u{1}b".to_owned()));
    }

    #[test]
    fn digits_beyond_doubles_are_rounded_in_fractions_alone() {
        for (sent, double) in [
            ("21.299999237060546875", 21.299_999_237_060_547),
            ("0.10000000000000001", 0.1),
            ("-3.14159265358979323846e-5", -3.141_592_653_589_793_5e-5),
            ("9007199254740990.99", 9_007_199_254_740_991.0),
        ] {
            assert_eq!(member(sent), Part::Rounded(Number::new(double).unwrap(), sent.to_owned()), "{sent}");
        }
        for sent in ["12345678901234567", "9007199254740993.0", "12345678901234567890e3", "3.14159e-320", "-"]
        {
            assert_eq!(member(sent), Part::Unread(sent.to_owned()), "{sent}");
        }
        assert_eq!(member("21.50000000000000000000000"), Part::Scalar(Number::new(21.5).unwrap().into()));
    }

    #[test]
    fn what_is_not_whole_is_no_object() {
        for text in [
            "{",
            "{\"a\"",
            "{\"a\":1",
            "{\"a\":{\"b\":1}",
            "{\"a\" 1}",
            "{\"a\":1 \"b\":2}",
            "{a:1}",
            "{\"a\":\"b}",
            "[1]",
            "{\"a\":1:2}",
            "{\"a\":21,5}",
            "{\"a\":\"77{\"b\":1}",
            "{\"a\\",
            "{\"a\":\"\\",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read(&"{\"a\":".repeat(10_000)), None, "too deep");
        assert!(read("{\"a\":1,}").is_some() && read("{\"a\":[1,],\"b\":[]}").is_some());
        assert!(read("{\0\"a\":\x1b[32m1\x1b[0m}").is_none(), "colours within a number");
        assert!(read("{\0\"a\"\x1b[0m:1}").is_some());
    }

    #[test]
    fn a_name_with_a_flipped_bit_is_none() {
        let line = LineText::of(b"{\"t\xe5mp\":21.5,\"u\":\"\xb0C\"}");
        let (members, length) = object(&line, 0, b"{\"temp\":21.4}").unwrap();
        assert_eq!(members[0], ("tåmp".to_owned(), Part::Unread("21.5".to_owned())));
        assert_eq!((members[1].1.clone(), length), (Part::Scalar("°C".into()), line.text().len()));
    }
}
