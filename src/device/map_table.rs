//! Tables of a file that maps a device's values: members are asked for, and those that nobody asked for are unknown.

use std::{cell::RefCell, ops::RangeInclusive, str::FromStr};

use crate::{
    decimal::Decimal,
    json::{Object, Value},
    likeness,
    toml_file::{TextPosition, TomlFile, TomlProblem, member, position_in},
};

/// Reads a whole map from TOML: what `read` makes of its root table, where all of it is asked for and right.
///
/// # Errors
/// Everything that is wrong with it, with places.
pub(in crate::device) fn parse<T>(
    text: &str,
    read: impl FnOnce(&MapTable) -> T,
) -> Result<T, Vec<MapProblem>> {
    let file = TomlFile::parse(text).map_err(|problems| {
        let problem =
            |TomlProblem { bytes, message }| MapProblem { place: position_in(text, bytes), message };
        problems.into_iter().map(problem).collect::<Vec<_>>()
    })?;
    let problems = MapProblems::new(&file);
    let root = MapTable::new(&problems, String::new(), &file.root);
    let map = read(&root);
    root.finish();
    let problems = problems.into_problems();
    if problems.is_empty() { Ok(map) } else { Err(problems) }
}

/// What keeps a text from being a map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapProblem {
    /// Where it is
    pub place: TextPosition,
    /// A sentence
    pub message: String,
}

/// What is wrong with a file, so far.
pub(in crate::device) struct MapProblems<'a> {
    file: &'a TomlFile,
    found: RefCell<Vec<MapProblem>>,
}

impl<'a> MapProblems<'a> {
    pub(in crate::device) fn new(file: &'a TomlFile) -> Self {
        Self { file, found: RefCell::new(Vec::new()) }
    }

    /// A problem with the value of a member.
    pub(in crate::device) fn at(&self, path: &str, message: impl Into<String>) {
        self.push(path, 1, message.into());
    }

    fn at_name(&self, path: &str, message: String) {
        self.push(path, 0, message);
    }

    fn push(&self, path: &str, part: usize, message: String) {
        let bytes = self.file.nearest(path).map_or(0..0, |places| places[part].clone());
        let place = position_in(self.file.text(), bytes);
        self.found.borrow_mut().push(MapProblem { place, message });
    }

    /// Whether there is none so far.
    pub(in crate::device) fn is_empty(&self) -> bool {
        self.found.borrow().is_empty()
    }

    /// All of them, in the order of the file.
    pub(in crate::device) fn into_problems(self) -> Vec<MapProblem> {
        let mut found = self.found.into_inner();
        found.sort_by_key(|problem| (problem.place.line, problem.place.column));
        found
    }
}

/// A table whose members are being read.
pub(in crate::device) struct MapTable<'a> {
    pub(in crate::device) problems: &'a MapProblems<'a>,
    path: String,
    object: &'a Object,
    asked: RefCell<Vec<&'static str>>,
}

impl<'a> MapTable<'a> {
    pub(in crate::device) fn new(problems: &'a MapProblems<'a>, path: String, object: &'a Object) -> Self {
        Self { problems, path, object, asked: RefCell::new(Vec::new()) }
    }

    /// The path of a member; of the table itself for an empty name.
    pub(in crate::device) fn at(&self, name: &str) -> String {
        if name.is_empty() { self.path.clone() } else { member(&self.path, name) }
    }

    pub(in crate::device) fn problem(&self, name: &str, message: &str) {
        self.problems.at(&self.at(name), message);
    }

    pub(in crate::device) fn has(&self, name: &'static str) -> bool {
        self.get(name).is_some()
    }

    fn get(&self, name: &'static str) -> Option<&'a Value> {
        self.asked.borrow_mut().push(name);
        self.object.get(name)
    }

    /// A member that must be there.
    pub(in crate::device) fn required<T>(&self, name: &'static str, value: Option<T>) -> Option<T> {
        if self.object.get(name).is_none() {
            self.problems.at_name(&self.path, format!("`{name}` is missing"));
        }
        value
    }

    /// A member read by a function; what it cannot read is a problem, with what was wanted.
    pub(in crate::device) fn read<T>(
        &self,
        name: &'static str,
        wanted: &str,
        read: impl Fn(&'a Value) -> Option<T>,
    ) -> Option<T> {
        let value = self.get(name)?;
        let result = read(value);
        if result.is_none() {
            self.problem(name, &format!("expected {wanted}, found {value}"));
        }
        result
    }

    pub(in crate::device) fn text(&self, name: &'static str) -> Option<&'a str> {
        self.read(name, "text", Value::as_str)
    }

    pub(in crate::device) fn parsed<T: FromStr<Err = E>, E>(
        &self,
        name: &'static str,
        wanted: &str,
    ) -> Option<T> {
        self.read(name, wanted, |value| value.as_str()?.parse().ok())
    }

    pub(in crate::device) fn number(&self, name: &'static str, range: RangeInclusive<u64>) -> Option<u64> {
        let wanted = format!("a number from {} to {}", range.start(), range.end());
        self.read(name, &wanted, |value| value.as_u64().filter(|number| range.contains(number)))
    }

    /// A decimal as text, or an integer.
    pub(in crate::device) fn decimal(&self, name: &'static str) -> Option<Decimal> {
        self.read(name, "a decimal as text (\"0.1\")", |value| match value {
            Value::String(text) => Decimal::parse(text),
            Value::Number(number) => Decimal::from_number(*number),
            _ => None,
        })
    }

    /// `[[device]]` and its like.
    pub(in crate::device) fn tables(&self, name: &'static str) -> Vec<MapTable<'a>> {
        let elements = self.read(name, &format!("tables ([[{name}]])"), Value::as_array).unwrap_or_default();
        let mut tables = Vec::with_capacity(elements.len());
        for (index, element) in elements.iter().enumerate() {
            let path = format!("{}[{index}]", self.at(name));
            match element.as_object() {
                Some(object) => tables.push(MapTable::new(self.problems, path, object)),
                None => self.problems.at(&path, "expected a table"),
            }
        }
        tables
    }

    /// The members of a table that are tables, with their names.
    pub(in crate::device) fn named_tables(&self, name: &'static str) -> Vec<(&'a str, MapTable<'a>)> {
        let Some(outer) = self.read(name, "a table", Value::as_object) else { return Vec::new() };
        let path = self.at(name);
        let mut tables = Vec::with_capacity(outer.len());
        for (name, value) in outer.iter() {
            let path = member(&path, name);
            match value.as_object() {
                Some(object) => tables.push((name, MapTable::new(self.problems, path, object))),
                None => self.problems.at(&path, "expected a table such as { input = 0, type = \"u16\" }"),
            }
        }
        tables
    }

    /// A problem with the name of the table itself.
    pub(in crate::device) fn problem_with_name(&self, message: &str) {
        self.problems.at_name(&self.path, message.to_owned());
    }

    /// A member that was not asked for is unknown.
    pub(in crate::device) fn finish(&self) {
        let mut known = self.asked.borrow().clone();
        known.sort_unstable();
        known.dedup();
        for (name, _) in self.object.iter().filter(|(name, _)| !known.contains(name)) {
            let near = likeness::nearest(name, known.iter().copied());
            let near = near.map(|near| format!(", did you mean {near:?}?")).unwrap_or_default();
            let message = format!("unknown key {name:?}{near} (there is {})", known.join(", "));
            self.problems.at_name(&self.at(name), message);
        }
    }
}
