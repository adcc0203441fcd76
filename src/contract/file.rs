//! A contract's file: TOML as people write it, or the canonical JSON that it compiles to.
//!
//! ```text
//! hold = "1h30m"                       "hold":"PT1H30M"
//! from = 2026-03-01T07:00:00+01:00     "from":"2026-03-01T06:00:00.000Z"
//! ```
//!
//! Compiling adds `"type":"contract"`, turns offset date-times and durations into their one form, writes down the
//! offsets of a named zone, and copies all else; no default is written in. TOML floats are refused, and local times but for the days of holidays. Every value keeps its place
//! in the file, so that a problem found later can point at it.

mod zone_expansion;

use std::ops::Range;

use super::{
    duration,
    problem::{Problem, ProblemPlace},
};
use crate::{
    json::{self, Object, Value},
    key::PublicKey,
    toml_file::{TextPosition, TomlFile, TomlProblem, member, position_in},
};

/// How long the file of a contract can be, in bytes.
pub const MAX_FILE: usize = 1 << 20;

/// A contract's file, read but not yet understood.
#[derive(Clone, Debug)]
pub struct ContractFile {
    /// The compiled form
    pub record: Object,
    /// The file as it is written; `None`: it is JSON
    toml: Option<TomlFile>,
}

/// A text that stands for a key in a contract's file, and is none, nor a name that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownKeyName {
    /// The member, as `parties.haulier.key`
    pub path: String,
    /// The text
    pub name: String,
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
                Ok(record) => Ok(Self { record, toml: None }),
                Err(error) => Err(nowhere(error.to_string())),
            };
        }
        Self::parse_toml(text).map_err(|problems| (problems, text.to_owned()))
    }

    fn parse_toml(text: &str) -> Result<Self, Vec<Problem>> {
        let problem =
            |problem: TomlProblem| Problem::error(ProblemPlace::Bytes(problem.bytes), problem.message);
        let toml = TomlFile::parse_dated(text, |path| path.starts_with("calendar.holidays["))
            .map_err(|problems| problems.into_iter().map(problem).collect::<Vec<_>>())?;
        let mut record = compiled("", &toml.root);
        if !record.is_empty() && record.get("type").is_none() {
            record.insert("type", "contract");
        }
        zone_expansion::expand(&mut record).map_err(|problem| vec![problem])?;
        Ok(Self { record, toml: Some(toml) })
    }

    /// Puts keys in the place of names that people gave them in TOML: `key` of parties, and `signed_by` of devices. Names
    /// that `key_of` does not know stay, and are answered. JSON is signed as it is.
    pub fn resolve_keys(&mut self, key_of: impl Fn(&str) -> Option<PublicKey>) -> Vec<UnknownKeyName> {
        let mut unknown = Vec::new();
        if self.toml.is_none() {
            return unknown;
        }
        let mut resolve = |path: String, value: &mut Value| {
            let Value::String(text) = value else { return };
            match key_of(text) {
                Some(key) => *text = key.did().into(),
                None => unknown.push(UnknownKeyName { path, name: text.to_string() }),
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
        let toml = self.toml.as_ref()?;
        let bytes = match place {
            // the whole document
            ProblemPlace::Bytes(bytes) if bytes.end == 0 => return None,
            ProblemPlace::Bytes(bytes) => bytes.clone(),
            ProblemPlace::Key(path) => toml.nearest(path)?[0].clone(),
            ProblemPlace::Value(path, None) => toml.nearest(path)?[1].clone(),
            ProblemPlace::Value(path, Some(part)) => part_of(toml, path, part)?,
        };
        Some(position_in(toml.text(), bytes))
    }
}

/// Part of a text value; the whole of it where it is written with escapes.
fn part_of(toml: &TomlFile, path: &str, part: &Range<usize>) -> Option<Range<usize>> {
    let value = toml.nearest(path)?[1].clone();
    let written = &toml.text()[value.clone()];
    let quote = if written.starts_with("\"\"\"") || written.starts_with("'''") { 3 } else { 1 };
    let escaped = written.starts_with('"') && written.contains('\\');
    let first_line_skipped = quote == 3 && written[3..].starts_with(['\n', '\r']);
    let (start, end) = (value.start + quote + part.start, value.start + quote + part.end);
    let whole = escaped || first_line_skipped || end > value.end;
    Some(if whole { value } else { start..end })
}

fn nowhere(message: String) -> (Vec<Problem>, String) {
    (vec![Problem::error(ProblemPlace::Bytes(0..0), message)], String::new())
}

/// A table, in which durations have their one form.
fn compiled(path: &str, table: &Object) -> Object {
    table.iter().map(|(name, value)| (name.to_owned(), compiled_value(&member(path, name), value))).collect()
}

fn compiled_value(path: &str, value: &Value) -> Value {
    match value {
        Value::String(text) => text_value(path, text),
        Value::Object(table) => compiled(path, table).into(),
        Value::Array(elements) => {
            let element = |(at, element): (usize, &Value)| compiled_value(&format!("{path}[{at}]"), element);
            Value::Array(elements.iter().enumerate().map(element).collect())
        }
        other => other.clone(),
    }
}

/// Durations come to ISO 8601; what is none stays, and the reader of the record will say so.
fn text_value(path: &str, text: &str) -> Value {
    let name = path.rsplit('.').next().unwrap_or_default();
    let duration = match name {
        "hold" | "late_after" | "future_skew" | "resolution" => path.starts_with("time."),
        "every" | "grace" => path.starts_with("terms["),
        "snap" => path.starts_with("devices.") && path.contains(".counter."),
        "each" => path.starts_with("terms[") || path.starts_with("payments["),
        "longer_than" | "total" | "within" | "of" => {
            path.starts_with("terms[") && path.contains(".tolerate.")
        }
        _ => false,
    };
    let compiled = duration.then(|| duration::compile(text)).flatten();
    compiled.map_or_else(|| text.into(), Value::from)
}
