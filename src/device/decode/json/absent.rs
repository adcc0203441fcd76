//! Numbers that stand for no value.

use crate::{device::decode::placeholder, json::Value, record::reading::ReadingBody};

/// A body with null in the place of numbers that a maker puts for none.
pub(super) fn without_placeholders(mut body: ReadingBody) -> ReadingBody {
    let is_none = |(name, value): &(&str, &Value)| placeholder::is_none(name, value);
    let none: Vec<_> = body.values.iter().filter(is_none).map(|(name, _)| name.to_owned()).collect();
    for name in none {
        body.values.insert(&name, Value::Null, None);
    }
    body
}

/// A body with null in the place of temperatures that no sensor measures, which stay as they were sent.
pub(super) fn without_impossible(mut body: ReadingBody) -> ReadingBody {
    let none = |(name, unit): (&str, &str)| {
        let value = body.values.get(name).filter(|value| placeholder::is_no_temperature(unit, value))?;
        Some((name.to_owned(), value.to_canonical()))
    };
    let none: Vec<_> = body.values.units().filter_map(none).collect();
    for (name, sent) in none {
        body.values.insert(&name, Value::Null, None);
        body.keep_undecoded(&name, &sent);
    }
    body
}
