//! Tables of a document, read member by member: every problem is noted, and unknown members are problems too.

use std::cell::RefCell;

use crate::{
    contract::{
        duration,
        problem::{Problem, ProblemPlace},
    },
    decimal::Decimal,
    hash::Hash,
    json::{Object, Value},
    key::PublicKey,
    likeness,
    time::{Span, Time},
    toml_file::member,
};

/// The problems that are found while a document is read.
#[derive(Default)]
pub(super) struct ProblemList {
    problems: RefCell<Vec<Problem>>,
}

impl ProblemList {
    pub(super) fn error(&self, path: impl Into<String>, message: impl Into<String>) {
        self.push(Problem::error(ProblemPlace::Value(path.into(), None), message));
    }

    pub(super) fn push(&self, problem: Problem) {
        self.problems.borrow_mut().push(problem);
    }

    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.problems.into_inner()
    }
}

/// A table whose members are being read.
pub(super) struct DocumentTable<'a> {
    pub(super) problems: &'a ProblemList,
    pub(super) path: String,
    pub(super) object: &'a Object,
    asked: RefCell<Vec<&'static str>>,
}

impl<'a> DocumentTable<'a> {
    pub(super) fn new(problems: &'a ProblemList, path: String, object: &'a Object) -> Self {
        Self { problems, path, object, asked: RefCell::new(Vec::new()) }
    }

    pub(super) fn at(&self, name: &str) -> String {
        member(&self.path, name)
    }

    pub(super) fn error(&self, name: &str, message: impl Into<String>) {
        self.problems.error(self.at(name), message);
    }

    pub(super) fn has(&self, name: &'static str) -> bool {
        self.get(name).is_some()
    }

    pub(super) fn get(&self, name: &'static str) -> Option<&'a Value> {
        self.asked.borrow_mut().push(name);
        self.object.get(name)
    }

    /// A member that must be there.
    pub(super) fn required<T>(&self, name: &'static str, value: Option<T>) -> Option<T> {
        if self.object.get(name).is_none() {
            self.problems.error(self.path.clone(), format!("`{name}` is missing"));
        }
        value
    }

    /// A member read by a function; what it cannot read is a problem, with what was wanted.
    pub(super) fn read<T>(
        &self,
        name: &'static str,
        wanted: &str,
        read: impl Fn(&'a Value) -> Option<T>,
    ) -> Option<T> {
        let value = self.get(name)?;
        let result = read(value);
        if result.is_none() {
            let found = match value {
                Value::String(text) => format!("{text:?}"),
                Value::Number(_) | Value::Bool(_) => value.to_canonical(),
                other => other.kind().to_owned(),
            };
            self.error(name, format!("expected {wanted}, found {found}"));
        }
        result
    }

    pub(super) fn text(&self, name: &'static str) -> Option<&'a str> {
        self.read(name, "text", Value::as_str)
    }

    pub(super) fn duration(&self, name: &'static str) -> Option<Span> {
        self.read(name, "a duration (30m, 1h30m, 7d; compiled PT30M)", |value| {
            duration::parse_iso(value.as_str()?)
        })
    }

    pub(super) fn time(&self, name: &'static str) -> Option<Time> {
        self.read(name, "a time (2026-03-01T06:00:00Z)", |value| Time::parse(value.as_str()?))
    }

    pub(super) fn decimal(&self, name: &'static str) -> Option<Decimal> {
        self.read(name, "a decimal as text (\"250.00\")", decimal)
    }

    pub(super) fn bool(&self, name: &'static str) -> Option<bool> {
        self.read(name, "true or false", Value::as_bool)
    }

    pub(super) fn count(&self, name: &'static str) -> Option<u64> {
        self.read(name, "a count (0, 1, 2 …)", Value::as_u64)
    }

    pub(super) fn hash(&self, name: &'static str) -> Option<Hash> {
        self.read(name, "64 lowercase hex digits", |value| Hash::parse(value.as_str()?))
    }

    pub(super) fn key(&self, name: &'static str) -> Option<PublicKey> {
        self.read(name, "a key (did:key:z6Mk…)", |value| PublicKey::parse_did(value.as_str()?).ok())
    }

    /// An array of texts, each read by a function.
    pub(super) fn list<T>(
        &self,
        name: &'static str,
        wanted: &str,
        read: impl Fn(&'a str) -> Option<T>,
    ) -> Vec<T> {
        let elements = self.read(name, &format!("a list of {wanted}"), Value::as_array).unwrap_or_default();
        let mut list = Vec::with_capacity(elements.len());
        for (index, element) in elements.iter().enumerate() {
            match element.as_str().and_then(&read) {
                Some(element) => list.push(element),
                None => {
                    self.problems.error(format!("{}[{index}]", self.at(name)), format!("expected {wanted}"));
                }
            }
        }
        list
    }

    pub(super) fn table(&self, name: &'static str) -> Option<DocumentTable<'a>> {
        let object = self.read(name, "a table", Value::as_object)?;
        Some(DocumentTable::new(self.problems, self.at(name), object))
    }

    /// `[[terms]]` and its like.
    pub(super) fn tables(&self, name: &'static str) -> Vec<DocumentTable<'a>> {
        let elements = self.read(name, &format!("tables ([[{name}]])"), Value::as_array).unwrap_or_default();
        let mut tables = Vec::with_capacity(elements.len());
        for (index, element) in elements.iter().enumerate() {
            let path = format!("{}[{index}]", self.at(name));
            match element.as_object() {
                Some(object) => tables.push(DocumentTable::new(self.problems, path, object)),
                None => self.problems.error(path, "expected a table"),
            }
        }
        tables
    }

    /// `[parties.NAME]` and its like: names and tables, in the order of names.
    pub(super) fn named_tables(&self, name: &'static str) -> Vec<(&'a str, DocumentTable<'a>)> {
        let mut tables = Vec::new();
        let Some(outer) = self.table(name) else { return tables };
        for (id, value) in outer.object.iter() {
            outer.check_id(id);
            match value.as_object() {
                Some(object) => tables.push((id, DocumentTable::new(self.problems, outer.at(id), object))),
                None => outer.error(id, "expected a table"),
            }
        }
        tables
    }

    /// The name of a member must be an id.
    pub(super) fn check_id(&self, id: &str) {
        if !is_id(id) {
            let message = format!("{id:?} is no id: a lowercase letter, then letters, digits and -");
            self.problems.push(Problem::error(ProblemPlace::Key(self.at(id)), message));
        }
    }

    /// A member that was not asked for is unknown.
    pub(super) fn finish(self) {
        let asked = self.asked.borrow();
        for (name, _) in self.object.iter().filter(|(name, _)| !asked.contains(name)) {
            let mut known: Vec<_> =
                asked.iter().copied().filter(|known| !matches!(*known, "type" | "proof")).collect();
            known.sort_unstable();
            known.dedup();
            let near = did_you_mean(name, known.iter().copied());
            let message = format!("unknown key {name:?}{near} (there is {})", known.join(", "));
            self.problems.push(Problem::error(ProblemPlace::Key(self.at(name)), message));
        }
    }
}

/// What a message about a name that is not there ends with: the one that may have been meant, or nothing.
pub(super) fn did_you_mean<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> String {
    likeness::nearest(name, known).map_or_else(String::new, |near| format!(", did you mean {near:?}?"))
}

/// A decimal written as text, or an integer.
pub(super) fn decimal(value: &Value) -> Option<Decimal> {
    match value {
        Value::String(text) => Decimal::parse(text),
        Value::Number(number) => {
            Decimal::from_number(*number).filter(|decimal| decimal.floor() == Some(*decimal))
        }
        _ => None,
    }
}

/// `[a-z][a-z0-9-]*`
pub(super) fn is_id(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}
