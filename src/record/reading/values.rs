//! The values of a reading: by their names, each with its unit.
//!
//! ```text
//! latitude 52.15 lat,  utc "2026-03-01T06:00:00.000Z",  valid true
//! ```

use std::fmt;

use crate::json::{JsonText, NameBegin, Object, ObjectWriter, Value, canonical_order};

/// Named values with their units, in the canonical order of their names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadingValues {
    named: Vec<NamedValue>,
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
struct NamedValue {
    /// What is compared first: most names differ there
    begin: NameBegin,
    name: JsonText,
    /// A number, string, boolean or null
    value: Value,
    /// Its unit of SenML; `None`: it has none, or none that is known
    unit: Option<JsonText>,
}

impl ReadingValues {
    /// No values, with room for some.
    pub fn with_capacity(values: usize) -> Self {
        Self { named: Vec::with_capacity(values) }
    }

    /// The value of this name; `None`: there is none.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.place(name).map(|at| &self.named[at].value)
    }

    /// The value of this name, if it is there and is a text.
    pub fn str(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    /// The unit of the value of this name; `None`: it has none, or is not there.
    pub fn unit(&self, name: &str) -> Option<&str> {
        self.named[self.place(name)?].unit.as_deref()
    }

    /// Sets a value and its unit, whatever was there before.
    pub fn insert(&mut self, name: &str, value: impl Into<Value>, unit: Option<&str>) {
        let (begin, value, unit) = (NameBegin::of(name), value.into(), unit.map(JsonText::from));
        match self.search(begin, name) {
            Ok(at) => (self.named[at].value, self.named[at].unit) = (value, unit),
            Err(at) => self.named.insert(at, NamedValue { begin, name: name.into(), value, unit }),
        }
    }

    /// Sets a value that is not there yet.
    ///
    /// # Errors
    /// The value, if one of this name is there; it stays as it is.
    pub fn insert_new(&mut self, name: &str, value: Value, unit: Option<&str>) -> Result<(), Value> {
        let begin = NameBegin::of(name);
        match self.search(begin, name) {
            Ok(_) => Err(value),
            Err(at) => {
                let (name, unit) = (name.into(), unit.map(JsonText::from));
                self.named.insert(at, NamedValue { begin, name, value, unit });
                Ok(())
            }
        }
    }

    /// Gives values units, by the names of the values; other members are none.
    pub fn put_units(&mut self, units: &Object) {
        for (of, unit) in units.iter() {
            if let (Some(at), Some(unit)) = (self.place(of), unit.as_str()) {
                self.named[at].unit = Some(unit.into());
            }
        }
    }

    /// Takes a value back, if it is there: it is null then, without a unit.
    pub fn take_back(&mut self, name: &str) {
        if let Some(at) = self.place(name) {
            (self.named[at].value, self.named[at].unit) = (Value::Null, None);
        }
    }

    /// Names and values in canonical order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Value)> {
        self.named.iter().map(|named| (named.name.as_str(), &named.value))
    }

    /// Names and units in canonical order, of those values that have one.
    pub fn units(&self) -> impl Iterator<Item = (&str, &str)> {
        self.named.iter().filter_map(|named| Some((named.name.as_str(), named.unit.as_deref()?)))
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.named.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.named.is_empty()
    }

    /// Values by their names, and units by the names of their values, as members of a record.
    pub fn into_objects(self) -> (Object, Object) {
        let units = self.units().map(|(name, unit)| (JsonText::from(name), unit.into())).collect();
        (self.named.into_iter().map(|named| (named.name, named.value)).collect(), units)
    }

    /// Appends the values as a canonical object to a buffer.
    pub fn write(&self, out: &mut String) {
        let mut object = ObjectWriter::begin(out);
        for (name, value) in self.iter() {
            value.write(object.member(name));
        }
        object.end();
    }

    /// Appends their units as a canonical object to a buffer.
    pub fn write_units(&self, out: &mut String) {
        let mut object = ObjectWriter::begin(out);
        for (name, unit) in self.units() {
            object.text(name, unit);
        }
        object.end();
    }

    /// The values as a canonical object.
    pub fn to_canonical(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    /// Their units as a canonical object.
    pub fn units_to_canonical(&self) -> String {
        let mut out = String::new();
        self.write_units(&mut out);
        out
    }

    /// Where the value of this name is; `None`: it is not there.
    fn place(&self, name: &str) -> Option<usize> {
        self.search(NameBegin::of(name), name).ok()
    }

    /// Where the value of this name is, or would be.
    fn search(&self, begin: NameBegin, name: &str) -> Result<usize, usize> {
        let at = self.named.partition_point(|named| named.begin < begin);
        if self.named.get(at).is_none_or(|named| named.begin != begin) {
            return Err(at);
        }
        let rest = &self.named[at..];
        let of =
            |named: &NamedValue| named.begin.cmp(&begin).then_with(|| canonical_order(&named.name, name));
        rest.binary_search_by(of).map(|further| at + further).map_err(|further| at + further)
    }
}

impl From<Object> for ReadingValues {
    /// Members, none of which has a unit. They are in the same order.
    fn from(members: Object) -> Self {
        let named = |(name, value): (JsonText, Value)| NamedValue {
            begin: NameBegin::of(&name),
            name,
            value,
            unit: None,
        };
        Self { named: members.into_iter().map(named).collect() }
    }
}

impl fmt::Display for ReadingValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_canonical())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names that differ at each length up to beyond what is compared first, some of them beyond ASCII.
    fn names() -> Vec<String> {
        let begins = ["", "t", "satellit", "satellite_1", "é", "temp\u{fb33}", "temp\u{1f600}"];
        let ends = ["", "\u{0}", "_2", "s", "\u{1f600}", "\u{fb33}"];
        begins.iter().flat_map(|begin| ends.map(|end| format!("{begin}{end}"))).collect()
    }

    #[test]
    fn values_come_out_as_members_of_an_object_do() {
        let names = names();
        let (mut values, mut object, mut units) = (ReadingValues::default(), Object::new(), Object::new());
        for at in (0..names.len() * 5).map(|at| at * 17 % names.len()) {
            let name = names[at].as_str();
            let unit = (at % 3 == 0).then_some("Cel");
            let is_new = object.get(name).is_none();
            assert_eq!(values.insert_new(name, Value::from(at), unit).is_ok(), is_new, "{name:?}");
            if is_new {
                object.insert(name, at);
                unit.map(|unit| units.insert(name, unit));
            }
        }
        assert_eq!((values.len(), values.to_canonical()), (names.len(), object.to_canonical()));
        assert_eq!(values.units_to_canonical(), units.to_canonical());
        for name in &names {
            assert_eq!(
                (values.get(name), values.unit(name)),
                (object.get(name), units.str(name)),
                "{name:?}"
            );
        }
        let mut read = ReadingValues::from(object.clone());
        read.put_units(&units);
        assert_eq!(read, values);
        assert_eq!(values.into_objects(), (object, units));
    }

    #[test]
    fn what_is_set_anew_or_taken_back_has_no_old_unit() {
        let mut values = ReadingValues::default();
        values.insert("t", 4u32, Some("Cel"));
        values.insert("t", true, None);
        values.insert("u", 5u32, Some("V"));
        values.take_back("u");
        values.take_back("w");
        values.put_units(&crate::object! { "t": 7u32, "w": "V" });
        assert_eq!([values.to_canonical(), values.units_to_canonical()], [r#"{"t":true,"u":null}"#, "{}"]);
    }
}
