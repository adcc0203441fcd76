//! The strict reader: I-JSON (RFC 7493), or an error with line and column.
//!
//! `serde_json` finds the tokens; the visitor here refuses what its `Value` would let pass: duplicate
//! names, noncharacters, integers that a double cannot hold, nesting deeper than [`MAX_DEPTH`].

use std::{collections::HashSet, fmt};

use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};

use super::{
    JsonError, JsonText, MAX_SAFE_INTEGER, Number, Object, Value, canonical_order,
    integer::{ecmascript, inexact, refuse_inexact_integers},
};

/// How deep arrays and objects may nest.
pub const MAX_DEPTH: u8 = 128;

/// Reads one value and nothing after it but white space.
///
/// # Errors
/// If the text is not I-JSON, with the place.
pub fn parse(text: &[u8]) -> Result<Value, JsonError> {
    if text.starts_with(b"\xef\xbb\xbf") {
        return Err(JsonError { line: 1, column: 1, message: "a byte-order mark is not JSON".to_owned() });
    }
    // Asked once of the whole text, and not for each string in it.
    let (value, huge_number) = match str::from_utf8(text) {
        Ok(text) => tokens(serde_json::Deserializer::from_str(text)),
        Err(_) => tokens(serde_json::Deserializer::from_slice(text)),
    }
    .map_err(|error| located(&error))?;
    if huge_number {
        refuse_inexact_integers(text)?;
    }
    Ok(value)
}

/// The value of some tokens, and whether a number in it may be an integer that no double holds.
fn tokens<'de>(
    mut deserializer: serde_json::Deserializer<impl serde_json::de::Read<'de>>,
) -> Result<(Value, bool), serde_json::Error> {
    let mut huge_number = false;
    deserializer.disable_recursion_limit();
    let seed = Reader { depth: 0, huge_number: &mut huge_number };
    let value = seed.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok((value, huge_number))
}

/// Reads one object and nothing after it but white space.
///
/// # Errors
/// If the text is not I-JSON, or is another kind of value.
pub fn parse_object(text: &[u8]) -> Result<Object, JsonError> {
    match parse(text)? {
        Value::Object(object) => Ok(object),
        other => {
            let message = format!("expected an object, found {}", other.kind());
            Err(JsonError { line: 1, column: 1, message })
        }
    }
}

/// Takes the place out of `serde_json`'s sentence, which has its own way of saying it.
fn located(error: &serde_json::Error) -> JsonError {
    let sentence = error.to_string();
    let message = sentence.rsplit_once(" at line ").map_or(sentence.as_str(), |(message, _)| message);
    JsonError { line: error.line().max(1), column: error.column().max(1), message: in_plain_words(message) }
}

/// What `serde_json` says in a programmer's words.
fn in_plain_words(message: &str) -> String {
    match message {
        "unexpected end of hex escape" | "lone leading surrogate in hex escape" => {
            "half a surrogate pair, which is no character".to_owned()
        }
        other => match other.strip_prefix("EOF while parsing ") {
            Some(what) => format!("ends within {what}"),
            None => other.to_owned(),
        },
    }
}

struct Reader<'a> {
    depth: u8,
    huge_number: &'a mut bool,
}

impl Reader<'_> {
    fn deeper<E: de::Error>(&mut self) -> Result<Reader<'_>, E> {
        if self.depth == MAX_DEPTH {
            return Err(E::custom(format_args!("nested deeper than {MAX_DEPTH}")));
        }
        Ok(Reader { depth: self.depth + 1, huge_number: self.huge_number })
    }
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Value;

    fn deserialize<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Bool(truth))
    }

    #[allow(clippy::cast_precision_loss)]
    fn visit_u64<E: de::Error>(self, integer: u64) -> Result<Value, E> {
        let double = integer as f64;
        if integer > MAX_SAFE_INTEGER && ecmascript(double) != integer.to_string() {
            return Err(E::custom(inexact(&integer.to_string())));
        }
        Ok(Value::Number(Number(double)))
    }

    #[allow(clippy::cast_precision_loss)]
    fn visit_i64<E: de::Error>(self, integer: i64) -> Result<Value, E> {
        let double = integer as f64;
        if integer.unsigned_abs() > MAX_SAFE_INTEGER && ecmascript(double) != integer.to_string() {
            return Err(E::custom(inexact(&integer.to_string())));
        }
        Ok(Value::Number(Number(double)))
    }

    fn visit_f64<E: de::Error>(self, double: f64) -> Result<Value, E> {
        *self.huge_number |= double.abs() >= 9e18;
        let number = Number::new(double).ok_or_else(|| E::custom("number out of range"))?;
        Ok(Value::Number(number))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
        refuse_noncharacters(text)?;
        Ok(Value::String(text.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut elements: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(element) = elements.next_element_seed(self.deeper()?)? {
            array.push(element);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Members::default();
        let deeper = self.deeper()?;
        while let Some(name) = members.next_key::<JsonText>()? {
            refuse_noncharacters(&name)?;
            object.announce(&name)?;
            let seed = Reader { depth: deeper.depth, huge_number: &mut *deeper.huge_number };
            object.found.push((name, members.next_value_seed(seed)?));
        }
        Ok(Value::Object(object.sorted()))
    }
}

/// Up to so many names it is quicker to compare them all than to keep a set of them.
const FEW: usize = 16;

/// The members of an object while it is read. Canonical input arrives sorted and needs no set of names, and
/// neither do small objects.
#[derive(Default)]
struct Members {
    found: Vec<(JsonText, Value)>,
    names: Option<HashSet<JsonText>>,
    unsorted: bool,
}

impl Members {
    fn announce<E: de::Error>(&mut self, name: &str) -> Result<(), E> {
        let ascending = self.found.last().is_none_or(|(last, _)| canonical_order(last, name).is_lt());
        if ascending && !self.unsorted {
            return Ok(());
        }
        self.unsorted = true;
        let found = &self.found;
        if found.len() < FEW {
            return if found.iter().all(|(member, _)| member != name) {
                Ok(())
            } else {
                Err(duplicate(name))
            };
        }
        let names = self.names.get_or_insert_with(|| found.iter().map(|(name, _)| name.clone()).collect());
        if names.insert(name.into()) {
            return Ok(());
        }
        Err(duplicate(name))
    }

    fn sorted(mut self) -> Object {
        if self.unsorted {
            self.found.sort_unstable_by(|(a, _), (b, _)| canonical_order(a, b));
        }
        Object { members: self.found }
    }
}

fn duplicate<E: de::Error>(name: &str) -> E {
    E::custom(format_args!("duplicate member {name:?}"))
}

fn refuse_noncharacters<E: de::Error>(text: &str) -> Result<(), E> {
    match noncharacter(text) {
        Some(c) => Err(E::custom(format_args!("noncharacter U+{:04X}", u32::from(c)))),
        None => Ok(()),
    }
}

/// Whether a character is one of those that Unicode will never assign (RFC 7493 §2.1).
pub(super) fn is_noncharacter(c: char) -> bool {
    matches!(u32::from(c), 0xfdd0..=0xfdef) || u32::from(c) & 0xfffe == 0xfffe
}

/// The first such character of a text: no JSON that is written here may have one.
pub fn noncharacter(text: &str) -> Option<char> {
    if text.is_ascii() { None } else { text.chars().find(|c| is_noncharacter(*c)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        parse(text.as_bytes()).expect_err(text).to_string()
    }

    #[test]
    fn duplicates_are_refused_at_any_depth_with_their_place() {
        assert_eq!(refusal(r#"{"a":1,"b":2,"a":3}"#), "duplicate member \"a\" at column 16");
        assert_eq!(refusal(r#"{"x":[{"b":1,"a":2,"b":3}]}"#), "duplicate member \"b\" at column 22");
        assert_eq!(refusal(r#"{"a":1,"\u0061":3}"#), "duplicate member \"a\" at column 15");
    }

    #[test]
    fn duplicates_are_refused_among_few_and_many_unsorted_names() {
        for count in [2, 15, 16, 17, 40] {
            let names: Vec<_> = (0..count).rev().map(|n| format!("\"n{n:02}\":{n}")).collect();
            let text = format!("{{{}}}", names.join(","));
            let sorted = parse_object(text.as_bytes()).unwrap();
            assert!(sorted.iter().map(|(name, _)| name).is_sorted() && sorted.len() == count);
            for again in [0, count / 2, count - 1] {
                let text = format!("{{{},\"n{again:02}\":1}}", names.join(","));
                assert!(refusal(&text).starts_with("duplicate member"), "{again} of {count}");
            }
        }
    }

    #[test]
    fn integers_beyond_doubles_are_refused_unless_we_would_write_them_so() {
        assert!(parse(b"9007199254740991").is_ok());
        assert!(refusal("9007199254740993").starts_with("integer 9007199254740993 is beyond"));
        assert!(parse(b"9007199254740992").is_ok(), "the ECMAScript form of 2^53");
        assert!(parse(b"18446744073709552000").is_ok(), "the ECMAScript form of 2^64");
        assert!(refusal("[1, 18446744073709551617]").ends_with("at column 5"));
        assert!(refusal("-9007199254740993").contains("-9007199254740993"));
        assert!(parse(b"1e30").is_ok() && refusal("1000000000000000000000000000000").contains("beyond"));
        assert!(parse(br#"["123456789012345678901234567890", 1e20]"#).is_ok(), "digits in strings are text");
    }

    #[test]
    fn mistakes_are_told_in_plain_words() {
        assert_eq!(refusal(r#"{"a":"\ud800"}"#), "half a surrogate pair, which is no character at column 13");
        assert_eq!(
            refusal(r#"{"a":"\udc00\ud800"}"#),
            "half a surrogate pair, which is no character at column 12"
        );
        assert_eq!(refusal("{"), "ends within an object at column 1");
        assert_eq!(
            refusal(r#"{"EOF while parsing":1,"EOF while parsing":1}"#),
            "duplicate member \"EOF while parsing\" at column 42"
        );
    }

    #[test]
    fn depth_is_bounded_exactly() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(nested(128).as_bytes()).is_ok());
        assert!(refusal(&nested(129)).starts_with("nested deeper than 128"));
        assert!(refusal(&"[".repeat(10_000)).starts_with("nested deeper than 128"));
    }

    #[test]
    fn what_i_json_forbids_is_refused() {
        for text in [
            "\u{feff}{}",
            "NaN",
            "01",
            "+1",
            ".5",
            "1e999",
            "{} {}",
            "\"\\ud800\"",
            "\"\u{ffff}\"",
            "\"\\ufdd0\"",
            "{\"\u{fffe}\":1}",
            "\"a\u{0}\"",
            "",
            "{\"a\":1,}",
            "'a'",
            "nul",
        ] {
            refusal(text);
        }
    }

    #[test]
    fn places_in_longer_texts_name_the_line() {
        assert_eq!(refusal("{\n \"a\": 1,\n \"a\": 2}").split(" at ").nth(1), Some("line 3 column 4"));
    }
}
