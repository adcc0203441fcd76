//! Readings, what sources say about themselves, and records of unknown types.

use super::{Asked, Explanation};
use crate::{
    json::{Object, Value},
    record::signed::PROOF,
};

/// What a device measured.
pub(super) fn reading(record: &Object, asked: &Asked<'_>, told: &mut Explanation) {
    told.say(format!("{} measured {}, {}", device(record), time(record, asked), values(record)));
    place(record, told);
    if let Some(integrity) = record.str("integrity") {
        told.say(match integrity {
            "none" => "the device's frame proves nothing about itself: a flipped bit may not show".to_owned(),
            "checksum" => "the device's frame had a checksum, which fits".to_owned(),
            "crc" => "the device's frame had a cyclic redundancy check, which fits".to_owned(),
            "signature" => "the device's frame was signed by the device".to_owned(),
            other => format!("integrity is {other:?}, which means nothing here"),
        });
    }
    let known =
        ["type", "device", "time", "stream", "seq", "boot", "up", "values", "units", "integrity", "clock"];
    others(record, &known, told);
}

/// What a source says about itself.
pub(super) fn status(record: &Object, asked: &Asked<'_>, told: &mut Explanation) {
    let what = record.str("status").unwrap_or_default();
    let said = match what {
        "started" => "a run began",
        "stopped" => "a run ended in order",
        "connected" => "the device is there again",
        "disconnected" => "the device went away",
        "gap" => "bytes of the device were lost",
        "clock" => "the clock was set, or jumped",
        "bad-frames" => "frames were refused",
        _ => "a word that means nothing here",
    };
    told.say(format!("the source of {} says {what:?} {}: {said}", device(record), time(record, asked)));
    place(record, told);
    others(record, &["type", "device", "time", "stream", "seq", "boot", "up", "status", "clock"], told);
}

/// Members that were not spoken of yet, as they are.
pub(super) fn others(record: &Object, known: &[&str], told: &mut Explanation) {
    for (name, value) in record.iter().filter(|(name, _)| *name != PROOF && !known.contains(name)) {
        told.say(format!("{} = {value}", plain(name)));
    }
}

/// A name as it is where it is a plain word, else quoted.
pub(super) fn plain(name: &str) -> String {
    let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '/' | '%');
    if !name.is_empty() && name.chars().all(word) { name.to_owned() } else { format!("{name:?}") }
}

fn device(record: &Object) -> String {
    record
        .str("device")
        .map_or("a device without name".to_owned(), |device| format!("device {}", plain(device)))
}

fn time(record: &Object, asked: &Asked<'_>) -> String {
    let clock = match record.str("clock") {
        Some("synced") => " (a synchronised clock)",
        Some("unsynced") => " (a clock that nobody synchronises)",
        Some("device") => " (the device's own clock)",
        Some("unknown") => " (a clock about which nothing is known)",
        _ => "",
    };
    match record.str("time") {
        Some(time) => format!("at {}{clock}", asked.time_in(time)),
        None => "at a time that is not known".to_owned(),
    }
}

fn values(record: &Object) -> String {
    let Some(values) = record.get("values").and_then(Value::as_object).filter(|values| !values.is_empty())
    else {
        return "and gives no values".to_owned();
    };
    let units = record.get("units").and_then(Value::as_object);
    let shown = values.iter().map(|(name, value)| {
        let unit = units.and_then(|units| units.str(name)).map(|unit| format!(" {}", plain(unit)));
        format!("{} {value}{}", plain(name), unit.unwrap_or_default())
    });
    shown.collect::<Vec<_>>().join(", ")
}

/// Where it stands among its source's records.
fn place(record: &Object, told: &mut Explanation) {
    let seq = record.get("seq").and_then(Value::as_u64);
    if let (Some(stream), Some(seq)) = (record.str("stream"), seq) {
        told.say(format!("it is number {seq}, from 0, of the run {}", plain(stream)));
    }
}
