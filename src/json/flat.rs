//! Values without depth, borrowed from a text or a value: as much of JSON as flat records hold.
//!
//! ```text
//! "acme"  ["a","b"]  null      the same from a value and from canonical text
//! {"a":"b"}                    texts by their names
//! 7  {"a":1}  [1]  true        something else
//! ```

use super::{
    Value,
    scan::{Scan, unquoted},
};

/// A value, borrowed from where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flat<'a> {
    /// `null`
    Null,
    /// A string
    Text(&'a str),
    /// An array of strings, or an empty one
    Texts(Vec<&'a str>),
    /// An object of strings, or an empty one
    Named(Vec<(&'a str, &'a str)>),
    /// Any other
    Other,
}

impl<'a> Flat<'a> {
    /// Reads the next value of a text; `None`: the scan is not sure.
    pub fn of(scan: &mut Scan<'a>) -> Option<Self> {
        let value = scan.value()?;
        Some(match value.as_bytes().first()? {
            b'"' => Self::Text(unquoted(value)?),
            b'n' => Self::Null,
            b'[' => texts(value).map_or(Self::Other, Self::Texts),
            b'{' => named(value).map_or(Self::Other, Self::Named),
            _ => Self::Other,
        })
    }

    /// The text; `None`: it is another value.
    pub fn as_text(&self) -> Option<&'a str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The texts of an object that holds nothing else, with their names; `None`: it is another value.
    pub fn as_named(&self) -> Option<&[(&'a str, &'a str)]> {
        if let Self::Named(texts) = self { Some(texts) } else { None }
    }

    /// The texts of an array that holds nothing else; `None`: it is another value.
    pub fn as_texts(&self) -> Option<&[&'a str]> {
        if let Self::Texts(texts) = self { Some(texts) } else { None }
    }
}

fn texts(array: &str) -> Option<Vec<&str>> {
    let mut texts = Vec::new();
    Scan::of(array).elements(|scan| {
        texts.push(scan.string()?);
        Some(())
    })?;
    Some(texts)
}

fn named(object: &str) -> Option<Vec<(&str, &str)>> {
    let mut texts = Vec::new();
    Scan::of(object).members(|scan, name| {
        texts.push((name, scan.string()?));
        Some(())
    })?;
    Some(texts)
}

impl<'a> From<&'a Value> for Flat<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::String(text) => Self::Text(text),
            Value::Array(elements) => {
                elements.iter().map(Value::as_str).collect::<Option<_>>().map_or(Self::Other, Self::Texts)
            }
            Value::Object(members) => {
                let texts = members.iter().map(|(name, value)| Some((name, value.as_str()?)));
                texts.collect::<Option<_>>().map_or(Self::Other, Self::Named)
            }
            Value::Bool(_) | Value::Number(_) => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    #[test]
    fn a_value_is_the_same_in_text_and_read() {
        for (text, flat) in [
            ("null", Flat::Null),
            ("\"\"", Flat::Text("")),
            ("\"é\"", Flat::Text("é")),
            ("[]", Flat::Texts(vec![])),
            (r#"["a","é"]"#, Flat::Texts(vec!["a", "é"])),
            (r#"["a",1]"#, Flat::Other),
            (r#"["a",["b"]]"#, Flat::Other),
            ("{}", Flat::Named(vec![])),
            (r#"{"a":"b","c":"é"}"#, Flat::Named(vec![("a", "b"), ("c", "é")])),
            (r#"{"a":"b","c":1}"#, Flat::Other),
            (r#"{"a":{"b":"c"}}"#, Flat::Other),
            ("true", Flat::Other),
            ("false", Flat::Other),
            ("-1.5", Flat::Other),
        ] {
            let value = parse(text.as_bytes()).unwrap();
            assert_eq!(Flat::from(&value), flat, "{text}");
            let mut scan = Scan::of(text);
            assert_eq!((Flat::of(&mut scan), scan.end()), (Some(flat), Some(())), "{text}");
        }
    }

    #[test]
    fn a_scan_is_not_sure_of_what_is_escaped_or_broken() {
        for text in [r#""\n""#, r#"["\n"]"#, r#"{"a":"\n"}"#, r#"{"\n":"a"}"#, r#"["a""#, "nul", "1.0", ""] {
            assert_eq!(Flat::of(&mut Scan::of(text)), None, "{text}");
        }
    }
}
