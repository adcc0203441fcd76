//! JSON lines, as microcontrollers print them.
//!
//! ```text
//! {"temperature":4.2,"door":{"open":false}}               values temperature, door.open
//! {"values":{"temperature":4.2},"units":{"temperature":"°C"},"time":"2026-03-01T06:00:00Z"}
//! ```
//!
//! An object whose `values` is an object is a reading's body: its `time` dates the reading, other members
//! are kept. Of any other object, every scalar is a value, nested ones joined by `.`. A line that is not one
//! I-JSON object (RFC 7493) is a bad frame: a flipped bit rarely leaves JSON behind, but it may.

use crate::{
    json::{self, Object, Value},
    record::{
        quantity,
        reading::{Integrity, RESERVED, ReadingBody, is_scalar},
    },
    time::Time,
};

use super::{BadFrame, DecodeContext, Decoded, Decoder, Fixture, FrameFault, Framing, PortMode};

/// More values than this are no reading: a record of a ledger holds 64 KiB.
const MAX_VALUES: usize = 1_000;

pub(super) const DECODER: Decoder = Decoder {
    name: "json",
    about: "one JSON object a line",
    picture: "\
{\"temperature\":4.2,\"door\":{\"open\":false}}    values temperature, door.open
{\"values\":{\"t\":4.2},\"units\":{\"t\":\"°C\"},\"time\":\"2026-03-01T06:00:00Z\"}",
    example: "foil device read sim:cold-room --count 3",
    framing: Framing::Line,
    baud: 115_200,
    mode: PortMode::M8N1,
    closed: true,
    decode,
    fixtures: &[
        Fixture {
            frame: br#"{"t":4.20,"door":{"open":false,"n":[1,2]}}"#,
            gives: Ok(r#"{"door.n.0":1,"door.n.1":2,"door.open":false,"t":4.2}"#),
        },
        Fixture {
            frame: br#"{"values":{"temperature":4.2},"units":{"temperature":"C"}}"#,
            gives: Ok(r#"{"temperature":4.2}"#),
        },
        Fixture { frame: br#"{"a":1,"a":2}"#, gives: Err(FrameFault::Syntax) },
        Fixture { frame: br#"{"a.b":1,"a":{"b":2}}"#, gives: Err(FrameFault::Syntax) },
        Fixture { frame: b"rst:0x1 (POWERON_RESET)", gives: Err(FrameFault::Noise) },
        Fixture { frame: b"{\"t\xba21.5}", gives: Err(FrameFault::Utf8) },
    ],
};

fn decode(frame: &[u8], _: &mut DecodeContext) -> Result<Decoded, BadFrame> {
    if frame.trim_ascii_start().first() != Some(&b'{') {
        return Err(match std::str::from_utf8(frame) {
            Ok(_) => BadFrame::new(FrameFault::Noise, "not a JSON object"),
            Err(_) => BadFrame::new(FrameFault::Utf8, "not UTF-8"),
        });
    }
    // The reader refuses bytes that are no UTF-8; only then it pays to look for them.
    let object = json::parse_object(frame).map_err(|error| match std::str::from_utf8(frame) {
        Ok(_) => BadFrame::new(FrameFault::Syntax, error.to_string()),
        Err(_) => BadFrame::new(FrameFault::Utf8, "not UTF-8"),
    })?;
    let body = if matches!(object.get("values"), Some(Value::Object(_))) {
        stated(object)?
    } else {
        flattened(object)?
    };
    match body.values.len() {
        0 => Err(BadFrame::new(FrameFault::Syntax, "no values")),
        1..=MAX_VALUES => Ok(Decoded::Reading(body)),
        count => Err(too_many(count)),
    }
}

fn too_many(count: usize) -> BadFrame {
    BadFrame::new(FrameFault::Syntax, format!("{count} values, more than {MAX_VALUES}"))
}

/// An object that is a reading's body.
fn stated(object: Object) -> Result<ReadingBody, BadFrame> {
    let mut body = ReadingBody::new(Integrity::None);
    for (name, value) in object {
        match (name.as_str(), value) {
            ("values", Value::Object(values)) => body.values = scalars(values)?,
            ("units", Value::Object(units)) => body.units = senml(&units)?,
            ("time", Value::Null) => {}
            ("time", Value::String(text)) => {
                let time = Time::parse_rfc3339(&text);
                body.time = Some(time.ok_or_else(|| refusal("time", "is not an RFC 3339 time"))?);
            }
            ("units", _) => return Err(refusal("units", "is not an object of strings")),
            ("time", _) => return Err(refusal("time", "is not an RFC 3339 time")),
            (name, _) if RESERVED.contains(&name) => {
                return Err(refusal(name, "is for the reader of the device to say"));
            }
            (_, value) => drop(body.others.insert(name, value)),
        }
    }
    Ok(body)
}

fn refusal(member: &str, why: &str) -> BadFrame {
    BadFrame::new(FrameFault::Syntax, format!("member {member:?} {why}"))
}

fn scalars(values: Object) -> Result<Object, BadFrame> {
    if let Some((name, value)) = values.iter().find(|(_, value)| !is_scalar(value)) {
        return Err(refusal(name, &format!("is {}, not a single value", value.kind())));
    }
    Ok(values)
}

fn senml(units: &Object) -> Result<Object, BadFrame> {
    let unit = |(name, unit): (&str, &Value)| {
        let unit = unit.as_str().ok_or_else(|| refusal("units", "is not an object of strings"))?;
        Ok((name.to_owned(), Value::from(quantity::senml_unit(unit, name))))
    };
    units.iter().map(unit).collect()
}

/// Any other object: its scalars, whatever they are.
fn flattened(object: Object) -> Result<ReadingBody, BadFrame> {
    let mut body = ReadingBody::new(Integrity::None);
    if object.iter().all(|(_, value)| is_scalar(value)) {
        body.values = object;
        return Ok(body);
    }
    let mut rest: Vec<(String, Value)> = object.into_iter().collect();
    while let Some((path, value)) = rest.pop() {
        match value {
            Value::Object(members) => {
                rest.extend(members.into_iter().map(|(name, value)| (format!("{path}.{name}"), value)));
            }
            Value::Array(elements) => {
                rest.extend(
                    elements.into_iter().enumerate().map(|(at, value)| (format!("{path}.{at}"), value)),
                );
            }
            scalar => {
                if body.values.len() == MAX_VALUES {
                    return Err(too_many(MAX_VALUES + 1 + rest.len()));
                }
                if body.values.get(&path).is_some() {
                    return Err(refusal(&path, "stands twice once nested names are joined"));
                }
                body.values.insert(path, scalar);
            }
        }
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(frame: &str) -> String {
        DECODER.readings(frame.as_bytes()).expect_err(frame).detail
    }

    #[test]
    fn a_body_keeps_its_time_units_and_unknown_members() {
        let frame =
            br#"{"values":{"t":4.2,"rh":40},"units":{"t":"C"},"time":"2026-03-01T07:00:00+01:00","rack":7}"#;
        let body = DECODER.readings(frame).unwrap().remove(0);
        assert_eq!(body.time, Time::parse("2026-03-01T06:00:00.000Z"));
        assert_eq!(body.units.to_canonical(), r#"{"t":"Cel"}"#);
        assert_eq!(body.others.to_canonical(), r#"{"rack":7}"#);
    }

    #[test]
    fn a_device_cannot_speak_for_its_reader() {
        assert!(refused(r#"{"values":{"a":1},"device":"other"}"#).contains("\"device\" is for the reader"));
        assert!(refused(r#"{"values":{"a":1},"time":"noon"}"#).contains("RFC 3339"));
        assert!(refused(r#"{"values":{"a":[1]}}"#).contains("is an array"));
        assert!(refused(r#"{"values":{"a":1},"units":{"a":1}}"#).contains("object of strings"));
    }

    #[test]
    fn what_json_is_not_strict_about_is_refused() {
        assert!(refused(r#"{"n":9007199254740993}"#).contains("beyond 2^53-1"));
        assert_eq!(refused("{}"), "no values");
        let list = |count: usize| format!("{{\"a\":[{}1]}}", "1,".repeat(count - 1));
        assert!(decode(list(1_000).as_bytes(), &mut DecodeContext::default()).is_ok());
        assert!(refused(&list(500_000)).contains("more than 1000"));
        let members: Vec<_> = (0..1_001).map(|n| format!("\"n{n}\":1")).collect();
        assert!(refused(&format!("{{{}}}", members.join(","))).contains("more than 1000"));
        assert!(refused(&format!("{{\"values\":{{{}}}}}", members.join(","))).contains("more than 1000"));
        assert!(refused(r#"{"a":1}{"a":2}"#).contains("trailing"));
        refused(r#"{"temp":NaN}"#);
        refused(&r#"{"a":"#.repeat(200));
    }
}
