//! The sources of lines: device and stream, told apart by a hash, and named as far as they are shown.

use std::collections::HashMap;

use super::scanned_line::{StreamName, StreamPlace};
use crate::{
    hash::Hash,
    json::{Object, Value},
    time::Time,
};

/// Names of devices and streams are cut to this many characters, so that memory stays small.
const NAME: usize = 80;

/// A name, short enough to keep.
pub(in crate::verify) fn shown(name: &str) -> String {
    name.chars().take(NAME).collect()
}

/// The place of a record in the sequence of its stream; `None`: it names none.
pub(super) fn track(record: &Object, sources: &mut HashMap<u128, StreamName>) -> Option<StreamPlace> {
    let (stream, seq) = (record.str("stream")?, record.get("seq").and_then(Value::as_u64)?);
    // A status has the gateway's clock, a reading often the device's: only readings are compared.
    let time = record.str("time").filter(|_| record.str("type") == Some("reading"));
    let device = record.str("device");
    Some(track_of(source_of(device, stream), (device, stream), (seq, time.and_then(Time::parse)), sources))
}

/// A hash of device and stream.
fn source_of(device: Option<&str>, stream: &str) -> u128 {
    let length = (device.map_or(u64::MAX, |device| device.len() as u64)).to_be_bytes();
    let digest = Hash::of_all(&[&length, device.unwrap_or_default().as_bytes(), stream.as_bytes()]);
    u128::from_be_bytes(*digest.as_bytes().first_chunk().unwrap_or(&[0; 16]))
}

/// The source of the last line: the next one is often of the same.
#[derive(Default)]
pub(super) struct LastSource {
    device: Option<String>,
    stream: String,
    /// `None`: there was no line yet
    source: Option<u128>,
}

impl LastSource {
    /// The source of a line, which is the next one's to compare with.
    pub(super) fn of(&mut self, device: Option<&str>, stream: &str) -> u128 {
        let is_last = self.device.as_deref() == device && self.stream == stream;
        if let Some(source) = self.source.filter(|_| is_last) {
            return source;
        }
        let source = source_of(device, stream);
        *self = Self { device: device.map(str::to_owned), stream: stream.to_owned(), source: Some(source) };
        source
    }
}

/// A place in the sequence of a source, whose name is noted.
pub(super) fn track_of(
    source: u128,
    (device, stream): (Option<&str>, &str),
    (seq, time): (u64, Option<Time>),
    sources: &mut HashMap<u128, StreamName>,
) -> StreamPlace {
    sources.entry(source).or_insert_with(|| StreamName { device: device.map(shown), stream: shown(stream) });
    StreamPlace { source, seq, time }
}
