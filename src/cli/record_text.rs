//! What a record says, in a few words for a line or a row.

use super::term::escape;
use crate::json::{Object, Value};

/// The values of a reading with their units, of these fields only where some are named; what a status tells. Each part is
/// harmless for a terminal; of other records there is none.
pub(crate) fn parts(record: &Object, fields: &[String]) -> Vec<String> {
    if let Some(status) = record.str("status") {
        let detail = record.get("detail").map(|detail| format!(" {detail}")).unwrap_or_default();
        return vec![escape(&format!("[{status}]{detail}"))];
    }
    let table = |name| record.get(name).and_then(Value::as_object);
    let (values, units) = (table("values"), table("units"));
    let wanted = |name: &str| fields.is_empty() || fields.iter().any(|field| field == name);
    let values = values.into_iter().flat_map(Object::iter).filter(|(name, _)| wanted(name));
    let part = |(name, value): (&str, &Value)| {
        let unit = units.and_then(|units| units.str(name)).map(|unit| format!(" {unit}"));
        let value = value.as_str().map_or(value.to_string(), str::to_owned);
        escape(&format!("{name} {value}{}", unit.unwrap_or_default()))
    };
    values.map(part).collect()
}
