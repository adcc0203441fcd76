//! A file that people write: TOML, read strictly, in which every value keeps its place, so that what is found wrong later
//! can be pointed at.
//!
//! ```text
//! from = 2026-03-01T07:00:00+01:00     "from":"2026-03-01T06:00:00.000Z"
//! every = 3                            "every":3
//! limit = 8.0                          refused: a float is not exact
//! ```
//!
//! Format: <https://toml.io/en/v1.1.0>. Local times are refused as well, but for days where the reader of the file expects
//! some, and what I-JSON cannot hold.

use std::{collections::BTreeMap, ops::Range};

use toml::de::{DeInteger, DeTable, DeValue};
use toml::{Spanned, value::Datetime};

use crate::{
    json::{self, MAX_SAFE_INTEGER, Number, Object, Value},
    time::Time,
};

/// A file, read but not yet understood.
#[derive(Clone, Debug)]
pub struct TomlFile {
    /// What it says
    pub root: Object,
    text: String,
    /// Member → where its name and its value are
    places: BTreeMap<String, [Range<usize>; 2]>,
}

/// What keeps a text from being such a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TomlProblem {
    /// Where it is, in bytes
    pub bytes: Range<usize>,
    /// A sentence
    pub message: String,
}

/// A place in a file, in lines and columns from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextPosition {
    /// The line
    pub line: usize,
    /// The character within the line
    pub column: usize,
    /// How many characters are meant, at least one, on this line
    pub width: usize,
    /// The whole line
    pub text: String,
}

impl TomlFile {
    /// Reads a text.
    ///
    /// # Errors
    /// Everything that keeps it from being TOML of this kind, with places.
    pub fn parse(text: &str) -> Result<Self, Vec<TomlProblem>> {
        Self::parse_dated(text, |_| false)
    }

    /// Reads a text in which some members are days, `2026-05-01`: they become text.
    ///
    /// # Errors
    /// Everything that keeps it from being TOML of this kind, with places.
    pub fn parse_dated(text: &str, is_day: fn(&str) -> bool) -> Result<Self, Vec<TomlProblem>> {
        let (document, errors) = DeTable::parse_recoverable(text);
        if !errors.is_empty() {
            let problem = |error: &toml::de::Error| {
                let bytes = error.span().unwrap_or(0..0);
                let message = unquoted(text, &bytes, error.message()).unwrap_or(error.message().to_owned());
                TomlProblem { bytes, message }
            };
            return Err(errors.iter().take(MAX_SYNTAX_ERRORS).map(problem).collect());
        }
        let mut reader = TomlReader { is_day, places: BTreeMap::new(), problems: Vec::new() };
        let root = reader.table("", document.get_ref());
        if reader.problems.is_empty() {
            Ok(Self { root, text: text.to_owned(), places: reader.places })
        } else {
            Err(reader.problems)
        }
    }

    /// The text that was read.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where the name and the value of a member are, as `terms[0].require`, or those of the nearest one around it; `None`:
    /// there is none.
    pub fn nearest(&self, path: &str) -> Option<&[Range<usize>; 2]> {
        let mut path = path;
        loop {
            if let Some(place) = self.places.get(path) {
                return Some(place);
            }
            path = &path[..path.rfind(['.', '['])?];
        }
    }
}

/// The path of a member of a table.
pub fn member(table: &str, name: &str) -> String {
    if table.is_empty() { name.to_owned() } else { format!("{table}.{name}") }
}

const MAX_SYNTAX_ERRORS: usize = 20;

/// The line and column of some bytes of a text.
pub fn position_in(text: &str, bytes: Range<usize>) -> TextPosition {
    let start = char_boundary(text, bytes.start);
    let line_start = text[..start].rfind('\n').map_or(0, |lf| lf + 1);
    let line_text = text[line_start..].lines().next().unwrap_or_default();
    let end = char_boundary(text, bytes.end.min(line_start + line_text.len()));
    TextPosition {
        line: text[..line_start].matches('\n').count() + 1,
        column: text[line_start..start].chars().count() + 1,
        width: text.get(start..end).map_or(1, |meant| meant.chars().count().max(1)),
        text: line_text.to_owned(),
    }
}

fn char_boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

struct TomlReader {
    /// Whether the member of a path may be a day without time
    is_day: fn(&str) -> bool,
    places: BTreeMap<String, [Range<usize>; 2]>,
    problems: Vec<TomlProblem>,
}

impl TomlReader {
    /// TOML tables nest at most 80 deep: the crate counts.
    fn table(&mut self, path: &str, table: &DeTable) -> Object {
        let mut object = Object::new();
        for (name, value) in table {
            let path = member(path, name.get_ref());
            self.places.insert(path.clone(), [name.span(), value.span()]);
            if let Err(message) = writable(name.get_ref()) {
                self.problems.push(TomlProblem { bytes: name.span(), message });
            }
            if let Some(value) = self.value(&path, value) {
                object.insert(name.get_ref().as_ref(), value);
            }
        }
        object
    }

    fn value(&mut self, path: &str, value: &Spanned<DeValue>) -> Option<Value> {
        let compiled = match value.get_ref() {
            DeValue::String(text) => writable(text).map(|()| text.as_ref().into()),
            DeValue::Integer(integer) => compile_integer(integer),
            DeValue::Float(_) => Err("a float is not exact: write a decimal as text, \"8.0\"".to_owned()),
            DeValue::Boolean(truth) => Ok((*truth).into()),
            DeValue::Datetime(Datetime { date: Some(day), time: None, .. }) if (self.is_day)(path) => {
                Ok(day.to_string().into())
            }
            DeValue::Datetime(datetime) => compile_datetime(datetime).map(Value::from),
            DeValue::Array(elements) => {
                let mut array = Vec::with_capacity(elements.len());
                for (index, element) in elements.iter().enumerate() {
                    let path = format!("{path}[{index}]");
                    self.places.insert(path.clone(), [element.span(), element.span()]);
                    array.extend(self.value(&path, element));
                }
                Ok(Value::Array(array))
            }
            DeValue::Table(table) => Ok(Value::Object(self.table(path, table))),
        };
        compiled.map_err(|message| self.problems.push(TomlProblem { bytes: value.span(), message })).ok()
    }
}

/// TOML allows code points in text that I-JSON does not: what is made of them could not be read again.
fn writable(text: &str) -> Result<(), String> {
    json::noncharacter(text).map_or(Ok(()), |c| Err(format!("U+{:04X} is no character", u32::from(c))))
}

#[allow(clippy::cast_precision_loss)]
fn compile_integer(integer: &DeInteger) -> Result<Value, String> {
    let exact = i64::from_str_radix(integer.as_str(), integer.radix())
        .ok()
        .filter(|integer| integer.unsigned_abs() <= MAX_SAFE_INTEGER)
        .and_then(|integer| Number::new(integer as f64));
    exact.map(Value::from).ok_or_else(|| format!("{integer} is beyond 2^53-1: write it as text"))
}

fn compile_datetime(datetime: &Datetime) -> Result<String, String> {
    if datetime.offset.is_none() {
        return Err(format!("{datetime} is a local time: say where, as in 2026-03-01T06:00:00Z"));
    }
    let nanosecond = datetime.time.and_then(|time| time.nanosecond).unwrap_or(0);
    if !nanosecond.is_multiple_of(1_000_000) {
        return Err(format!("{datetime} is finer than a millisecond"));
    }
    let time = Time::parse_rfc3339(&datetime.to_string());
    time.map(|time| time.to_string()).ok_or_else(|| format!("{datetime} is no time from the year 0 to 9999"))
}

/// What to say of a text without quotes, which the parser takes for a number or a truth value that is spelt wrong; `None`:
/// it is something else.
fn unquoted(text: &str, place: &Range<usize>, message: &str) -> Option<String> {
    let guesses = ["invalid boolean", "invalid float", "string values must be quoted"];
    if !guesses.iter().any(|guess| message.starts_with(guess)) {
        return None;
    }
    let line = text.get(place.start..)?.lines().next()?;
    let word = line.split(['#', ',', ']', '}', '"']).next()?.trim();
    if matches!(word.to_ascii_lowercase().as_str(), "true" | "false" | "inf" | "nan") {
        return Some(format!("{word}: written {} in small letters", word.to_ascii_lowercase()));
    }
    let is_text = word.chars().any(char::is_alphabetic);
    is_text.then(|| format!("a text stands in quotes: \"{word}\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_keeps_its_place() {
        let file = TomlFile::parse("[[port]]\nport = \"a\"\nbaud = 9600\n").unwrap();
        let [name, value] = file.nearest("port[0].baud").unwrap().clone();
        assert_eq!(file.root.to_canonical(), r#"{"port":[{"baud":9600,"port":"a"}]}"#);
        assert_eq!((&file.text()[name], &file.text()[value.clone()]), ("baud", "9600"));
        let spot = position_in(file.text(), value);
        assert_eq!((spot.line, spot.column, spot.width, &*spot.text), (3, 8, 4, "baud = 9600"));
        assert_eq!(file.nearest("port[0].baud.deeper"), file.nearest("port[0].baud"));
        assert_eq!(file.nearest("elsewhere"), None);
    }

    #[test]
    fn what_is_not_exact_or_not_dated_is_refused_where_it_stands() {
        for (text, at) in [("a = 1.5", 4), ("a = [1, 07:32:00]", 8), ("a = 1\nb = = 2", 10), ("a = yes", 4)] {
            let problems = TomlFile::parse(text).unwrap_err();
            assert_eq!(problems[0].bytes.start, at, "{text}: {problems:?}");
        }
    }
}
