//! The member `time` of a reading or status: when it was measured.
//!
//! ```text
//! "2026-03-01T07:00:00+01:00"     in: any RFC 3339 date-time
//! "2026-03-01T06:00:00.000Z"      out: the one form that a ledger takes
//! null                            the clock is known to be wrong
//! ```

use std::fmt;

use crate::{
    json::{Object, Value, scan::unquoted},
    time::Time,
};

/// `time` is neither null nor an RFC 3339 date-time with offset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadTime(String);

impl fmt::Display for BadTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "time is {}, not an RFC 3339 time such as \"2026-03-01T06:00:00.000Z\"", self.0)
    }
}

impl std::error::Error for BadTime {}

/// Brings the `time` of a reading or status to the one form. Other records stay as they are.
///
/// # Errors
/// If its `time` is something else than null or an RFC 3339 date-time.
pub fn normalize(record: &mut Object) -> Result<(), BadTime> {
    if !matches!(record.str("type"), Some("reading" | "status")) {
        return Ok(());
    }
    let Some(time) = record.get_mut("time") else { return Ok(()) };
    *time = match &*time {
        Value::Null => return Ok(()),
        Value::String(text) => {
            let shown = || BadTime(format!("{:?}", text.chars().take(40).collect::<String>()));
            Time::parse_rfc3339(text).ok_or_else(shown)?.to_string().into()
        }
        other => return Err(BadTime(other.kind().to_owned())),
    };
    Ok(())
}

/// Whether the `time` of a reading or status is in the one form, null or absent. True for other
/// records.
pub fn is_normalized(record: &Object) -> bool {
    !matches!(record.str("type"), Some("reading" | "status"))
        || match record.get("time") {
            None | Some(Value::Null) => true,
            Some(time) => time.as_str().is_some_and(|text| Time::parse(text).is_some()),
        }
}

/// The `time` of a record as a scan has found its members `type` and `time`: that of a reading or status must be in the one
/// form, null or absent.
#[allow(clippy::option_option)] // none is "not in the one form", none within is "no time"
pub(super) fn scanned(kind: Option<&str>, time: Option<&str>) -> Option<Option<Time>> {
    match (kind, time) {
        (Some("reading" | "status"), Some(time)) if time != "null" => Time::parse(unquoted(time)?).map(Some),
        _ => Some(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse_object;

    fn normalized(text: &str) -> Result<String, String> {
        let mut record = parse_object(text.as_bytes()).unwrap();
        normalize(&mut record).map_err(|bad| bad.to_string())?;
        Ok(record.to_canonical())
    }

    #[test]
    fn readings_get_the_one_form_of_time() {
        let offset = normalized(r#"{"type":"reading","time":"2026-03-01T07:00:00+01:00"}"#);
        assert_eq!(offset.unwrap(), r#"{"time":"2026-03-01T06:00:00.000Z","type":"reading"}"#);
        for same in [r#"{"time":null,"type":"status"}"#, r#"{"type":"reading"}"#, r#"{"time":7,"type":"x"}"#]
        {
            assert_eq!(normalized(same).unwrap(), same);
        }
        assert!(normalized(r#"{"type":"reading","time":7}"#).unwrap_err().starts_with("time is a number"));
        assert!(
            normalized(r#"{"type":"status","time":"noon"}"#).unwrap_err().starts_with("time is \"noon\"")
        );
    }
}
