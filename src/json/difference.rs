//! Where two objects differ first, in words.

use std::fmt;

use super::{Object, Value, canonical_order};

/// The first place at which two objects differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The members on the way, such as `terms[2].limit`
    pub path: String,
    /// What the first has there; `None`: nothing
    pub first: Option<Value>,
    /// What the second has there; `None`: nothing
    pub second: Option<Value>,
}

/// As much of a value as is shown.
const SHOWN: usize = 60;

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |value: &Option<Value>| match value {
            None => "not there".to_owned(),
            Some(value) => {
                let text = value.to_canonical();
                let short: String = text.chars().take(SHOWN).collect();
                if short.len() < text.len() { short + "…" } else { text }
            }
        };
        write!(f, "{} is {} and {}", self.path, shown(&self.first), shown(&self.second))
    }
}

/// The first difference of two objects, in canonical order; `None`: they are equal.
pub fn difference(first: &Object, second: &Object) -> Option<Difference> {
    of_objects(first, second, "")
}

fn of_objects(first: &Object, second: &Object, path: &str) -> Option<Difference> {
    let names = first.iter().chain(second.iter()).map(|(name, _)| name);
    let differs = |name: &&str| first.get(name) != second.get(name);
    let name = names.filter(differs).min_by(|a, b| canonical_order(a, b))?;
    let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    of_values(first.get(name), second.get(name), path)
}

fn of_values(first: Option<&Value>, second: Option<&Value>, path: String) -> Option<Difference> {
    match (first, second) {
        (first, second) if first == second => None,
        (Some(Value::Object(first)), Some(Value::Object(second))) => of_objects(first, second, &path),
        (Some(Value::Array(first)), Some(Value::Array(second))) => {
            let at = (0..first.len().max(second.len())).find(|at| first.get(*at) != second.get(*at))?;
            of_values(first.get(at), second.get(at), format!("{path}[{at}]"))
        }
        (first, second) => Some(Difference { path, first: first.cloned(), second: second.cloned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse_object;

    #[test]
    fn the_first_place_is_named_however_deep() {
        let told = |first: &str, second: &str| {
            let [first, second] = [first, second].map(|text| parse_object(text.as_bytes()).unwrap());
            difference(&first, &second).map(|difference| difference.to_string())
        };
        assert_eq!(told("{\"a\":1}", "{\"a\":1.0}"), None);
        let cases = [
            ("{\"a\":1,\"b\":2}", "{\"a\":1,\"b\":3}", "b is 2 and 3"),
            ("{\"a\":1}", "{\"a\":1,\"b\":null}", "b is not there and null"),
            (
                "{\"t\":[{\"x\":1},{\"x\":[1,2]}]}",
                "{\"t\":[{\"x\":1},{\"x\":[1]}]}",
                "t[1].x[1] is 2 and not there",
            ),
            ("{\"a\":{\"b\":1}}", "{\"a\":[1]}", "a is {\"b\":1} and [1]"),
        ];
        for (first, second, said) in cases {
            assert_eq!(told(first, second).as_deref(), Some(said));
        }
        let long = told("{\"a\":\"\"}", &format!("{{\"a\":\"{}\"}}", "x".repeat(100))).unwrap();
        assert_eq!(long, format!("a is \"\" and \"{}…", "x".repeat(59)));
    }
}
