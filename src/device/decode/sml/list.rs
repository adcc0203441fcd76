//! The answer to a request for a list: a meter's values.

use super::{
    dzg,
    element::{Element, ElementKind},
    entry,
    time::SmlTime,
};
use crate::{
    device::decode::{BadFrame, FrameFault},
    record::{
        quantity::unit_of,
        reading::{Integrity, ReadingBody},
    },
};

/// The octets of a meter.
const SERVER_ID: &str = "server_id";
/// Seconds of a counter of the meter, which is no date.
const SEC_INDEX: &str = "sec_index";
/// When a gateway passed the list on.
const GATEWAY_TIME: &str = "gateway_time";

/// Reads the body of the message.
///
/// # Errors
/// If it is none, or has no entries.
pub(super) fn read(body: &Element) -> Result<ReadingBody, BadFrame> {
    let syntax = |why| BadFrame::new(FrameFault::Syntax, why);
    let Some([_client, server, _name, time, entries, signature, gateway_time]) = body.list() else {
        return Err(syntax("no list of values"));
    };
    let ElementKind::List(entries) = &entries.kind else { return Err(syntax("no entries")) };
    let mut reading = ReadingBody::new(Integrity::Crc);
    let octets = server.octets();
    if let Some(octets) = octets.filter(|octets| octets.len() <= 32) {
        reading.add(SERVER_ID, hex::encode(octets));
    } else if !server.is_none() {
        reading.keep_undecoded(SERVER_ID, &hex::encode(server.sent));
    }
    let head = reading.values.len();
    let loses_sign = octets.is_some_and(dzg::loses_sign);
    for entry in entries {
        entry::read(entry, loses_sign, &mut reading);
    }
    if reading.values.len() == head {
        return Err(syntax("no entry that is understood"));
    }
    date(time, &mut reading);
    add_gateway_time(gateway_time, &mut reading);
    if !signature.is_none() {
        reading.keep_undecoded("list_signature", &hex::encode(signature.sent));
    }
    Ok(reading)
}

/// The meter's time, which dates the reading if it is one.
fn date(time: &Element, reading: &mut ReadingBody) {
    match SmlTime::read(time) {
        Some(SmlTime::Instant(time)) => reading.time = Some(time),
        Some(SmlTime::Counter(seconds)) => {
            reading.add_in(SEC_INDEX, seconds, unit_of(SEC_INDEX));
        }
        Some(SmlTime::None) => {}
        None => reading.keep_undecoded("sensor_time", &hex::encode(time.sent)),
    }
}

fn add_gateway_time(time: &Element, reading: &mut ReadingBody) {
    match SmlTime::read(time) {
        Some(SmlTime::Instant(instant)) => {
            reading.add(GATEWAY_TIME, instant.to_string());
            entry::note_date(GATEWAY_TIME, instant, GATEWAY_TIME, time, reading);
        }
        Some(SmlTime::None) => {}
        Some(SmlTime::Counter(_)) | None => {
            reading.keep_undecoded(GATEWAY_TIME, &hex::encode(time.sent));
        }
    }
}
