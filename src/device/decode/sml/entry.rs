//! Entries of a list: what an OBIS code measures, and how much it was.
//!
//! ```text
//! 77                        list of seven
//!   07 01 00 10 07 00 ff    1-0:16.7.0*255
//!   01                      status: left out
//!   01                      time: left out
//!   62 1b                   unit 27: W
//!   52 ff                   scaler: 10^-1
//!   55 00 00 0b 35          2869, so 286.9 W
//!   01                      signature: left out
//! ```

use super::{
    dzg,
    element::{Element, ElementKind},
    time::SmlTime,
    unit::{DlmsUnit, unit},
};
use crate::{
    decimal::Decimal,
    device::decode::{
        number,
        obis::{ObisCode, fits, quantity},
    },
    json::{JsonText, Number, Value},
    record::reading::{PartDate, ReadingBody},
    time::Time,
};

/// F of a value of the current billing period.
const CURRENT: u8 = 255;

/// The most octets that are a value.
const MOST_OCTETS: usize = 128;

/// Of a value that may have lost its sign.
const SUSPECT_SIGN: &str = "suspect-sign";

/// Reads an entry into a body. `loses_sign`: it comes from a meter that may send a positive number so that it looks negative.
pub(super) fn read(entry: &Element, loses_sign: bool, body: &mut ReadingBody) {
    let parts = entry.list().and_then(|parts| Some((code(&parts[0])?, parts)));
    let Some(((code, name), [_, status, time, unit, scaler, element, signature])) = parts else {
        return body.keep_undecoded("entry", &hex::encode(entry.sent));
    };
    let is_suspect = loses_sign && dzg::may_have_lost_sign(element, scaler);
    // What has the name of a quantity is a number or nothing: no octets, no truth value, no time.
    let is_number =
        matches!(element.kind, ElementKind::Integer(..) | ElementKind::Unsigned(_) | ElementKind::None);
    let may_be = !is_suspect && (is_number || name == code);
    let read = if may_be { measured(element, unit, scaler) } else { None };
    if read.is_none() {
        body.keep_undecoded(&code, &hex::encode([unit.sent, scaler.sent, element.sent].concat()));
    }
    let (value, unit) = read.unwrap_or((Value::Null, None));
    let is_quantity = fits(&name, unit);
    let put = body.add_in(if is_quantity { &name } else { &code }, value, unit);
    if let Some(SmlTime::Instant(time)) = stated_time(element) {
        note_date(&put, time, &code, element, body);
    }
    // A unit that is none of the quantity's costs the value its name, and nothing else of the entry.
    let of_entry = if is_quantity { &put } else { &*name };
    if is_suspect {
        body.add(&format!("{of_entry}_suspect"), SUSPECT_SIGN);
    }
    add_status(of_entry, &code, status, body);
    add_time(of_entry, &code, time, body);
    if !signature.is_none() {
        body.keep_undecoded(&format!("{code}_signature"), &hex::encode(signature.sent));
    }
}

/// The code as text, and the name of what it measures.
fn code(element: &Element) -> Option<(JsonText, JsonText)> {
    let (period, code) = element.octets()?.split_last()?;
    let code = ObisCode(code.try_into().ok()?);
    if *period != CURRENT {
        let code = JsonText::from(format!("{code}*{period}"));
        return Some((code.clone(), code));
    }
    let written = JsonText::from(code.to_string());
    let name = quantity(code).unwrap_or_else(|| written.clone());
    Some((written, name))
}

/// A value and its SenML unit; `None`: it is not understood.
fn measured(value: &Element, unit: &Element, scaler: &Element) -> Option<(Value, Option<&'static str>)> {
    let integer: i128 = match &value.kind {
        ElementKind::None => return Some((Value::Null, None)),
        ElementKind::Bool(value) => return Some(((*value).into(), None)),
        ElementKind::Octets(octets) => {
            return (octets.len() <= MOST_OCTETS).then(|| (hex::encode(octets).into(), None));
        }
        ElementKind::List(_) => return Some((time_value(value)?, None)),
        ElementKind::Integer(value, _) => (*value).into(),
        ElementKind::Unsigned(value) => (*value).into(),
        ElementKind::End | ElementKind::Other => return None,
    };
    let (unit, places) = match unit.kind {
        ElementKind::None => (None, 0),
        _ => match self::unit(unit.unsigned()?)? {
            DlmsUnit::Unit(unit, places) => (Some(unit), places),
            DlmsUnit::Count => (None, 0),
        },
    };
    let exponent = match scaler.kind {
        ElementKind::Integer(exponent, 1) => exponent,
        // A scaler of the wrong type says nothing of its sign, but for zero.
        ElementKind::None | ElementKind::Unsigned(0) => 0,
        _ => return None,
    };
    Some((scaled(integer, exponent - i64::from(places))?.into(), unit))
}

/// A value that is a time: a list of the form's mark and the time.
fn time_value(element: &Element) -> Option<Value> {
    Some(match stated_time(element)? {
        SmlTime::Counter(seconds) => seconds.into(),
        SmlTime::Instant(time) => time.to_string().into(),
        SmlTime::None => Value::Null,
    })
}

fn stated_time(element: &Element) -> Option<SmlTime> {
    let [kind, time] = element.list()?;
    SmlTime::read(time).filter(|_| kind.unsigned() == Some(1))
}

/// Lets a date be judged by whoever knows what time it is.
pub(super) fn note_date(name: &str, time: Time, code: &str, element: &Element, body: &mut ReadingBody) {
    let (name, code, sent) = (name.into(), code.into(), hex::encode(element.sent).into());
    body.dates.push(PartDate { name, time, code, sent });
}

/// The integer × 10^`exponent`, exactly; `None`: a double would alter it.
fn scaled(integer: i128, exponent: i64) -> Option<Number> {
    let power = u32::try_from(exponent.unsigned_abs()).ok()?;
    let decimal = if exponent < 0 {
        Decimal::new(integer, power)?
    } else {
        Decimal::new(integer.checked_mul(10i128.checked_pow(power)?)?, 0)?
    };
    number(decimal)
}

/// The status word of a value, as a number.
fn add_status(name: &str, code: &str, status: &Element, body: &mut ReadingBody) {
    if status.is_none() {
        return;
    }
    let word = status.unsigned().and_then(|word| number(Decimal::new(word.into(), 0)?));
    if word.is_none() {
        body.keep_undecoded(&format!("{code}_status"), &hex::encode(status.sent));
    }
    body.add(&format!("{name}_status"), word.map(Value::from));
}

/// When a value was measured.
fn add_time(name: &str, code: &str, time: &Element, body: &mut ReadingBody) {
    match SmlTime::read(time) {
        Some(SmlTime::None) => {}
        Some(SmlTime::Instant(instant)) => {
            let name = body.add_in(&format!("{name}_time"), instant.to_string(), None).into_owned();
            note_date(&name, instant, &format!("{code}_time"), time, body);
        }
        Some(SmlTime::Counter(seconds)) => {
            body.add_in(&format!("{name}_sec_index"), seconds, Some("s"));
        }
        None => {
            body.add(&format!("{name}_time"), Value::Null);
            body.keep_undecoded(&format!("{code}_time"), &hex::encode(time.sent));
        }
    }
}
