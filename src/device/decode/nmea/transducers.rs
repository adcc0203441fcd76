//! XDR: what transducers measure, under the names that the sentence gives.
//!
//! ```text
//! $IIXDR,A,0.5,D,PITCH,A,-4.0,D,ROLL*39
//!        │ │   │ └ name
//!        │ │   └ unit: D degrees, C Celsius, B bars …
//!        │ └ value
//!        └ type: A angle, C temperature, P pressure …
//! ```
//!
//! Types and units: the standard's table of 2019, version 4.11. A name of digits alone is that of the type and these digits, for
//! transducers of other types have the same (Vaisala): `temperature_0`, `humidity_0`. Their rain is no volume: the letter M
//! there says millimetres or inches.

use crate::{device::decode::decimal, json::Value};

use super::{fields, sentence::SentenceReader, units::TRANSDUCERS};

/// The fields of a transducer.
const FIELDS: usize = 4;

/// Transducers, as many as there are.
pub(super) fn xdr(sentence: &mut SentenceReader) {
    while sentence.left() > 0 {
        let of_one: Vec<&str> = (0..FIELDS).filter_map(|_| sentence.field()).collect();
        match of_one[..] {
            [kind, value, letter, name] => transducer(sentence, kind, value, letter, name),
            _ if of_one.iter().all(|field| field.is_empty()) => {}
            _ => sentence.keep("transducer", &of_one.join(",")),
        }
    }
}

fn transducer(sentence: &mut SentenceReader, kind: &str, value: &str, letter: &str, name: &str) {
    if [kind, value, letter, name].iter().all(|field| field.is_empty()) {
        return;
    }
    let (usual_name, units) = TRANSDUCERS
        .iter()
        .find(|(known, ..)| *known == kind)
        .map_or(("transducer", &[][..]), |(_, name, units)| (*name, *units));
    let is_numbered = !name.is_empty() && fields::is_digits(name);
    let is_rain = is_numbered && kind == "V" && letter == "M" && sentence.says("talker", "WI");
    let unit = units.iter().find(|unit| unit.letter() == letter && !is_rain);
    // What is measured in another unit than the type's is not what the type says.
    let is_other = is_rain || unit.is_none() && !letter.is_empty();
    let numbered = || format!("{}_{name}", if is_other { "transducer" } else { usual_name });
    let name = if name.is_empty() { usual_name } else { name };
    let name = &if is_numbered { numbered() } else { name.to_owned() };
    match (decimal(value), unit) {
        _ if value.is_empty() => sentence.set_with_unit(name, Value::Null, None),
        (Some(number), None) if letter.is_empty() => sentence.set_with_unit(name, number, None),
        (Some(number), Some(unit)) => match unit.convert(number) {
            Some((number, unit)) => sentence.set_with_unit(name, number, Some(unit)),
            None => sentence.set_unknown(name, &format!("{kind},{value},{letter}")),
        },
        _ => sentence.set_unknown(name, &format!("{kind},{value},{letter}")),
    }
}
