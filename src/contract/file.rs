//! A contract's file: TOML as people write it, or the canonical JSON that it compiles to.
//!
//! ```text
//! hold = "1h30m"                       "hold":"PT1H30M"
//! from = 2026-03-01T07:00:00+01:00     "from":"2026-03-01T06:00:00.000Z"
//! ```
//!
//! Compiling adds `"type":"contract"`, turns offset date-times and durations into their one form, and copies
//! all else; no default is written in. TOML floats and local times are refused. Every value keeps its place
//! in the file, so that a problem found later can point at it.

use std::{collections::BTreeMap, ops::Range};

use toml::de::{DeInteger, DeTable, DeValue};
use toml::{Spanned, value::Datetime};

use super::{
    duration,
    problem::{Problem, ProblemPlace, member},
};
use crate::{
    json::{self, MAX_SAFE_INTEGER, Number, Object, Value},
    key::PublicKey,
    time::Time,
};

/// How long the file of a contract can be, in bytes.
pub const MAX_FILE: usize = 1 << 20;

/// A contract's file, read but not yet understood.
#[derive(Clone, Debug)]
pub struct ContractFile {
    /// The compiled form
    pub record: Object,
    text: String,
    /// Member → where its name and its value are; empty for JSON
    places: BTreeMap<String, [Range<usize>; 2]>,
}

/// A text that stands for a key in a contract's file, and is none, nor a name that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownKeyName {
    /// The member, as `parties.haulier.key`
    pub path: String,
    /// The text
    pub name: String,
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

impl ContractFile {
    /// Reads a contract: JSON if it begins with `{`, else TOML.
    ///
    /// # Errors
    /// Everything that keeps it from being one of the two, with places; the text is returned for showing them.
    pub fn parse(bytes: &[u8]) -> Result<Self, (Vec<Problem>, String)> {
        let text = match std::str::from_utf8(bytes) {
            Ok(text) if text.len() <= MAX_FILE => text,
            Ok(_) => return Err(nowhere(format!("a file of more than {MAX_FILE} bytes is no contract"))),
            Err(error) => return Err(nowhere(format!("not UTF-8 from byte {} on", error.valid_up_to() + 1))),
        };
        if text.trim_start().starts_with('{') {
            return match json::parse_object(bytes) {
                Ok(record) => Ok(Self { record, text: text.to_owned(), places: BTreeMap::new() }),
                Err(error) => Err(nowhere(error.to_string())),
            };
        }
        Self::parse_toml(text).map_err(|problems| (problems, text.to_owned()))
    }

    fn parse_toml(text: &str) -> Result<Self, Vec<Problem>> {
        let (document, errors) = DeTable::parse_recoverable(text);
        if !errors.is_empty() {
            let problem = |error: &toml::de::Error| {
                let place = error.span().unwrap_or(0..0);
                let message = unquoted(text, &place, error.message()).unwrap_or(error.message().to_owned());
                Problem::error(ProblemPlace::Bytes(place), message)
            };
            return Err(errors.iter().take(MAX_SYNTAX_ERRORS).map(problem).collect());
        }
        let mut compiler = Compiler::default();
        let mut record = compiler.table("", document.get_ref());
        if !compiler.problems.is_empty() {
            return Err(compiler.problems);
        }
        if !record.is_empty() && record.get("type").is_none() {
            record.insert("type", "contract");
        }
        Ok(Self { record, text: text.to_owned(), places: compiler.places })
    }

    /// Puts keys in the place of names that people gave them in TOML: `key` of parties, and `signed_by` of devices. Names
    /// that `key_of` does not know stay, and are answered. JSON is signed as it is.
    pub fn resolve_keys(&mut self, key_of: impl Fn(&str) -> Option<PublicKey>) -> Vec<UnknownKeyName> {
        let mut unknown = Vec::new();
        if self.places.is_empty() {
            return unknown;
        }
        let mut resolve = |path: String, value: &mut Value| {
            let Value::String(text) = value else { return };
            match key_of(text) {
                Some(key) => *text = key.did(),
                None => unknown.push(UnknownKeyName { path, name: text.clone() }),
            }
        };
        for (kind, member_name) in [("parties", "key"), ("devices", "signed_by")] {
            let Some(Value::Object(tables)) = self.record.get_mut(kind) else { continue };
            let names: Vec<String> = tables.iter().map(|(name, _)| name.to_owned()).collect();
            for table in &names {
                let path = member(&member(kind, table), member_name);
                let Some(Value::Object(table)) = tables.get_mut(table) else { continue };
                match table.get_mut(member_name) {
                    Some(Value::Array(values)) => values
                        .iter_mut()
                        .enumerate()
                        .for_each(|(at, value)| resolve(format!("{path}[{at}]"), value)),
                    Some(value) => resolve(path, value),
                    None => {}
                }
            }
        }
        unknown
    }

    /// The place of a problem; `None`: it is about the whole document, or the file is JSON.
    pub fn position(&self, place: &ProblemPlace) -> Option<TextPosition> {
        let bytes = match place {
            // the whole document
            ProblemPlace::Bytes(bytes) if bytes.end == 0 => return None,
            ProblemPlace::Bytes(bytes) => bytes.clone(),
            ProblemPlace::Key(path) => self.nearest(path)?[0].clone(),
            ProblemPlace::Value(path, None) => self.nearest(path)?[1].clone(),
            ProblemPlace::Value(path, Some(part)) => self.part(path, part)?,
        };
        Some(position_in(&self.text, bytes))
    }

    /// The place of a member, or of the nearest one around it.
    fn nearest(&self, path: &str) -> Option<&[Range<usize>; 2]> {
        let mut path = path;
        loop {
            if let Some(place) = self.places.get(path) {
                return Some(place);
            }
            path = &path[..path.rfind(['.', '['])?];
        }
    }

    /// Part of a text value; the whole of it where it is written with escapes.
    fn part(&self, path: &str, part: &Range<usize>) -> Option<Range<usize>> {
        let value = self.nearest(path)?[1].clone();
        let written = &self.text[value.clone()];
        let quote = if written.starts_with("\"\"\"") || written.starts_with("'''") { 3 } else { 1 };
        let escaped = written.starts_with('"') && written.contains('\\');
        let first_line_skipped = quote == 3 && written[3..].starts_with(['\n', '\r']);
        let (start, end) = (value.start + quote + part.start, value.start + quote + part.end);
        let whole = escaped || first_line_skipped || end > value.end;
        Some(if whole { value } else { start..end })
    }
}

const MAX_SYNTAX_ERRORS: usize = 20;

fn nowhere(message: String) -> (Vec<Problem>, String) {
    (vec![Problem::error(ProblemPlace::Bytes(0..0), message)], String::new())
}

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

#[derive(Default)]
struct Compiler {
    places: BTreeMap<String, [Range<usize>; 2]>,
    problems: Vec<Problem>,
}

impl Compiler {
    /// TOML tables nest at most 80 deep: the crate counts.
    fn table(&mut self, path: &str, table: &DeTable) -> Object {
        let mut object = Object::new();
        for (name, value) in table {
            let path = member(path, name.get_ref());
            self.places.insert(path.clone(), [name.span(), value.span()]);
            if let Err(message) = writable(name.get_ref()) {
                self.problems.push(Problem::error(ProblemPlace::Bytes(name.span()), message));
            }
            if let Some(value) = self.value(&path, value) {
                object.insert(name.get_ref().as_ref(), value);
            }
        }
        object
    }

    fn value(&mut self, path: &str, value: &Spanned<DeValue>) -> Option<Value> {
        let compiled = match value.get_ref() {
            DeValue::String(text) => writable(text).map(|()| text_value(path, text)),
            DeValue::Integer(integer) => compile_integer(integer),
            DeValue::Float(_) => Err("a float is not exact: write a decimal as text, \"8.0\"".to_owned()),
            DeValue::Boolean(truth) => Ok((*truth).into()),
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
        compiled
            .map_err(|message| self.problems.push(Problem::error(ProblemPlace::Bytes(value.span()), message)))
            .ok()
    }
}

/// TOML allows code points in text that I-JSON does not: what is compiled from them could not be read again.
fn writable(text: &str) -> Result<(), String> {
    json::noncharacter(text).map_or(Ok(()), |c| Err(format!("U+{:04X} is no character", u32::from(c))))
}

/// Durations come to ISO 8601; what is none stays, and the reader of the record will say so.
fn text_value(path: &str, text: &str) -> Value {
    let name = path.rsplit('.').next().unwrap_or_default();
    let duration = match name {
        "hold" | "late_after" | "future_skew" | "resolution" => path.starts_with("time."),
        "every" | "grace" => path.starts_with("terms["),
        "longer_than" | "total" | "of" => path.starts_with("terms[") && path.contains(".tolerate."),
        _ => false,
    };
    let compiled = duration.then(|| duration::compile(text)).flatten();
    compiled.map_or_else(|| text.into(), Value::from)
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
    let leap = datetime.time.is_some_and(|time| time.second == Some(60));
    let time = Time::parse_rfc3339(&datetime.to_string()).filter(|_| !leap);
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
