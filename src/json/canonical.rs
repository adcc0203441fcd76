//! Objects in canonical form, kept as text.
//!
//! ```text
//! {"a":1,"b":2}            kept as it is
//! { "b": 2.0, "a": 1 }     read, and written as RFC 8785 says
//! ```
//!
//! Most texts were written by a program that writes canonical form. To parse such a text and to write it again costs
//! ten times as much as to recognise it.

use std::fmt;

use super::{JsonError, Object, parse_object, scan::Scan};

/// An object in its canonical form (RFC 8785).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Canonical(String);

impl Canonical {
    /// Brings an object to its canonical form.
    ///
    /// # Errors
    /// If the text is not one I-JSON object.
    pub fn read(text: Vec<u8>) -> Result<Self, JsonError> {
        match String::from_utf8(text) {
            Ok(text) if is_canonical(&text) => Ok(Self(text)),
            Ok(text) => parse_object(text.as_bytes()).map(|object| Self::from(&object)),
            Err(other) => parse_object(other.as_bytes()).map(|object| Self::from(&object)),
        }
    }

    /// Takes a text that this program has written in canonical form.
    pub(crate) fn written(text: String) -> Self {
        debug_assert!(
            parse_object(text.as_bytes()).is_ok_and(|object| object.to_canonical() == text),
            "{text}"
        );
        Self(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&Object> for Canonical {
    fn from(object: &Object) -> Self {
        Self(object.to_canonical())
    }
}

impl fmt::Display for Canonical {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a text is surely an object in canonical form, and nothing else.
fn is_canonical(text: &str) -> bool {
    let mut scan = Scan::of(text);
    scan.members(|scan, _| scan.value().map(drop)).and_then(|()| scan.end()).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_comes_to_the_one() {
        for text in [r#"{"a":1,"b":"é"}"#, " { \"b\" : \"\\u00e9\",\"a\":1.0}\r", "{\"b\":\"é\",\"a\":1e0}\n"]
        {
            assert_eq!(Canonical::read(text.into()).unwrap().as_str(), r#"{"a":1,"b":"é"}"#);
        }
    }

    #[test]
    fn what_is_no_object_is_refused_as_the_reader_refuses_it() {
        for text in [
            &b""[..],
            b"[1]",
            b"7",
            b"{\"a\":1,\"a\":2}",
            b"{\"a\":1}x",
            b"{\"a\":\"\xff\"}",
            b"\xef\xbb\xbf{}",
        ] {
            assert_eq!(Canonical::read(text.into()).unwrap_err(), parse_object(text).unwrap_err());
        }
    }
}
