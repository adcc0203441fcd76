//! JSON values: strict I-JSON in, canonical JSON out.
//!
//! ```text
//! {"b":1.50,"a":[true,"é"]}    in: RFC 7493, or an error with line and column
//! {"a":[true,"é"],"b":1.5}     out: RFC 8785 (JCS), byte for byte the same everywhere
//! ```
//!
//! A [`Value`] can only hold what I-JSON can say: numbers are finite doubles, member names are unique.
//! Its `Display` is the canonical form.

mod canonical;
mod difference;
mod digits;
mod error;
mod exact;
mod flat;
mod integer;
mod order;
pub mod outline;
mod plain;
mod read;
pub mod scan;
mod write;

use compact_str::CompactString;

pub use canonical::Canonical;
pub use difference::{Difference, difference};
pub use error::JsonError;
pub use exact::refuse_rounding;
pub use flat::Flat;
pub use order::{NameBegin, canonical_order};
pub use read::{MAX_DEPTH, noncharacter, parse, parse_object};
pub(crate) use write::ObjectWriter;
pub use write::write_integer;

/// A text, of which up to 24 bytes need no allocation: names of members, units and times rarely have more.
pub type JsonText = CompactString;

/// Any JSON value that I-JSON allows.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A finite double
    Number(Number),
    /// Unicode text without surrogates
    String(JsonText),
    /// A sequence
    Array(Vec<Value>),
    /// Members with unique names
    Object(Object),
}

/// A finite IEEE 754 double: what RFC 7493 §2.2 lets a number be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number(f64);

/// The largest integer up to which every integer is a double: 2⁵³ − 1.
pub const MAX_SAFE_INTEGER: u64 = (1 << 53) - 1;

impl Number {
    /// A number, unless it is infinite or not a number.
    pub fn new(value: f64) -> Option<Self> {
        value.is_finite().then_some(Self(value))
    }

    /// The double itself.
    pub fn as_f64(self) -> f64 {
        self.0
    }

    /// The number as an unsigned integer, if it is one that doubles hold exactly (at most 2⁵³ − 1).
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
    pub fn as_u64(self) -> Option<u64> {
        let fits = self.0 >= 0.0 && self.0 <= MAX_SAFE_INTEGER as f64 && self.0.fract() == 0.0;
        fits.then_some(self.0 as u64)
    }
}

/// Members sorted as RFC 8785 §3.2.3 sorts them: by UTF-16 code units of their names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Object {
    members: Vec<(JsonText, Value)>,
}

impl Object {
    /// An object without members.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same, with room for some.
    pub fn with_capacity(members: usize) -> Self {
        Self { members: Vec::with_capacity(members) }
    }

    /// The value of a member.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.position(name).ok().map(|at| &self.members[at].1)
    }

    /// The value of a member, to change it.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        self.position(name).ok().map(|at| &mut self.members[at].1)
    }

    /// The text of a member, if it is there and is a string.
    pub fn str(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    /// Sets a member; answers what stood there before.
    pub fn insert(&mut self, name: impl Into<JsonText>, value: impl Into<Value>) -> Option<Value> {
        let (name, value) = (name.into(), value.into());
        match self.position(&name) {
            Ok(at) => Some(std::mem::replace(&mut self.members[at].1, value)),
            Err(at) => {
                self.members.insert(at, (name, value));
                None
            }
        }
    }

    /// Sets a member that is not there yet.
    ///
    /// # Errors
    /// The value, if one of this name is there; it stays as it is.
    pub fn insert_new(&mut self, name: &str, value: Value) -> Result<(), Value> {
        match self.position(name) {
            Ok(_) => Err(value),
            Err(at) => {
                self.members.insert(at, (name.into(), value));
                Ok(())
            }
        }
    }

    /// Takes a member out.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        self.position(name).ok().map(|at| self.members.remove(at).1)
    }

    /// The members in canonical order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Value)> {
        self.members.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// The members in canonical order, to change their values.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut Value)> {
        self.members.iter_mut().map(|(name, value)| (name.as_str(), value))
    }

    /// How many members there are.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    fn position(&self, name: &str) -> Result<usize, usize> {
        if name.is_ascii() {
            // Bytes order them, as below; asked here once, and not for each member. The first eight mostly tell.
            let begin = NameBegin::of(name);
            let of = |member: &str| NameBegin::of(member).cmp(&begin).then_with(|| member.cmp(name));
            return self.members.binary_search_by(|(member, _)| of(member));
        }
        self.members.binary_search_by(|(member, _)| canonical_order(member, name))
    }
}

impl<N: Into<JsonText>> FromIterator<(N, Value)> for Object {
    /// Collects members; of two with one name the later wins.
    fn from_iter<I: IntoIterator<Item = (N, Value)>>(members: I) -> Self {
        let mut object = Self::new();
        for (name, value) in members {
            object.insert(name, value);
        }
        object
    }
}

impl IntoIterator for Object {
    type Item = (JsonText, Value);
    type IntoIter = std::vec::IntoIter<(JsonText, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.members.into_iter()
    }
}

impl Value {
    /// The text, if this is a string.
    pub fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    /// The integer, if this is one from 0 to 2⁵³ − 1.
    pub fn as_u64(&self) -> Option<u64> {
        if let Self::Number(number) = self { number.as_u64() } else { None }
    }

    /// The truth value, if this is one.
    pub fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(truth) = self { Some(*truth) } else { None }
    }

    /// The elements, if this is an array.
    pub fn as_array(&self) -> Option<&[Value]> {
        if let Self::Array(elements) = self { Some(elements) } else { None }
    }

    /// The members, if this is an object.
    pub fn as_object(&self) -> Option<&Object> {
        if let Self::Object(object) = self { Some(object) } else { None }
    }

    /// What kind of value this is, in words, for messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Number(Number(f64::from(value)))
    }
}

impl From<i32> for Value {
    fn from(value: i32) -> Self {
        Self::Number(Number(f64::from(value)))
    }
}

impl From<u64> for Value {
    /// The nearest double: exact for counts and sizes up to 2⁵³ − 1, which is all that we write.
    #[allow(clippy::cast_precision_loss)]
    fn from(value: u64) -> Self {
        Self::Number(Number(value as f64))
    }
}

impl From<i64> for Value {
    /// The nearest double: exact up to 2⁵³ − 1 either way, which is all that we write.
    #[allow(clippy::cast_precision_loss)]
    fn from(value: i64) -> Self {
        Self::Number(Number(value as f64))
    }
}

impl From<usize> for Value {
    fn from(value: usize) -> Self {
        Self::from(value as u64)
    }
}

impl From<Number> for Value {
    fn from(value: Number) -> Self {
        Self::Number(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::String(value.into())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::String(value.into())
    }
}

impl From<JsonText> for Value {
    fn from(value: JsonText) -> Self {
        Self::String(value)
    }
}

impl From<Object> for Value {
    fn from(value: Object) -> Self {
        Self::Object(value)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(values: Vec<T>) -> Self {
        Self::Array(values.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    /// Absent is `null`.
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// Builds an [`Object`]: `object! { "size": 3u64, "root": hash.to_string() }`.
#[macro_export]
macro_rules! object {
    ($($name:literal : $value:expr),* $(,)?) => {{
        #[allow(unused_mut)]
        let mut object = $crate::json::Object::new();
        $(object.insert($name, $value);)*
        object
    }};
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_by_utf16_code_units() {
        // U+1F600 is D83D DE00 in UTF-16: before U+FB33, though after it in UTF-8.
        let object = object! { "\u{fb33}": 1u32, "\u{1f600}": 2u32, "a": 3u32 };
        let names: Vec<_> = object.iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["a", "\u{1f600}", "\u{fb33}"]);
        assert_eq!(object.get("\u{1f600}"), Some(&2u32.into()));
    }

    #[test]
    fn integers_are_exact_or_absent() {
        assert_eq!(Number(9_007_199_254_740_991.0).as_u64(), Some(MAX_SAFE_INTEGER));
        assert_eq!(Number(9_007_199_254_740_992.0).as_u64(), None);
        assert_eq!(Number(0.5).as_u64(), None);
        assert_eq!(Number(-1.0).as_u64(), None);
    }
}
