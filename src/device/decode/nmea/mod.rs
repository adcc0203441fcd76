//! NMEA 0183: positions, time, wind, depth, from ships and satellite receivers.
//!
//! ```text
//! $GPGLL,3908.8199,N,00023.0832,W,120824.758,A*22
//!  ││└ sentence      └ fields, empty if unknown └ XOR of all bytes between $ and *
//!  └ talker: GP GPS, GL GLONASS, GN several, II instruments …
//! ```
//!
//! The checksum is tested before a field is read; a sentence without one has integrity `none`. Sentences
//! that say nothing for a reading – proprietary ones, routes – pass unread. A field that is not understood costs only its
//! own value, which is null, as is one that the talker itself calls void. Speeds come out in m/s to 1e-4, positions in degrees
//! to 1e-8, all else exactly.
//!
//! Standard: NMEA 0183 up to 4.11; sentences as in <https://gpsd.gitlab.io/gpsd/NMEA.html>.

use std::borrow::Cow;

use crate::{
    json::Value,
    record::reading::{Integrity, ReadingBody, ReadingValues},
};

use super::{BadFrame, DecodeContext, Decoded, Decoder, FrameFault, Framing, PortMode};

mod fields;
mod fixtures;
mod instruments;
mod line;
mod receivers;
mod sentence;
mod tag;
mod transducers;
mod units;

use line::FoundSentence;
use sentence::SentenceReader;

/// Reads the fields of a sentence.
type ReadSentence = fn(&mut SentenceReader);

/// Sentences that say something for a reading, and what reads them.
const SENTENCES: &[(&str, ReadSentence)] = &[
    ("RMC", receivers::rmc),
    ("GGA", receivers::gga),
    ("GNS", receivers::gns),
    ("GLL", receivers::gll),
    ("GSA", receivers::gsa),
    ("GSV", receivers::gsv),
    ("VTG", receivers::vtg),
    ("ZDA", receivers::zda),
    ("MWV", instruments::mwv),
    ("MWD", instruments::mwd),
    ("VWR", instruments::vwr),
    ("VWT", instruments::vwt),
    ("MDA", instruments::mda),
    ("MTA", instruments::mta),
    ("MMB", instruments::mmb),
    ("MHU", instruments::mhu),
    ("MTW", instruments::mtw),
    ("DPT", instruments::dpt),
    ("DBT", instruments::dbt),
    ("DBS", instruments::dbs),
    ("DBK", instruments::dbk),
    ("VHW", instruments::vhw),
    ("VLW", instruments::vlw),
    ("VBW", instruments::vbw),
    ("HDG", instruments::hdg),
    ("HDT", instruments::hdt),
    ("HDM", instruments::hdm),
    ("THS", receivers::ths),
    ("GST", receivers::gst),
    ("ROT", instruments::rot),
    ("RPM", instruments::rpm),
    ("RSA", instruments::rsa),
    ("XDR", transducers::xdr),
];

/// As many values have room at once; few sentences have more.
const USUAL: usize = 16;

/// Values that every sentence has.
const ALWAYS: &[&str] = &["talker", "sentence"];

pub(super) const DECODER: Decoder = Decoder {
    name: "nmea",
    about: "NMEA 0183 sentences",
    picture: "\
$GPGLL,3908.8199,N,00023.0832,W,120824.758,A*22
 ││└ sentence      └ fields, empty if unknown └ XOR of all bytes between $ and *
 └ talker: GP GPS, GL GLONASS, GN several, II instruments",
    example: "foil device read sim:gps --count 3",
    framing: Framing::Line,
    baud: 4_800,
    mode: PortMode::M8N1,
    closed: false,
    decode,
    fixtures: fixtures::FIXTURES,
};

fn decode(frame: &[u8], _: &mut DecodeContext) -> Result<Decoded, BadFrame> {
    if let Some(found) = line::alone(frame) {
        return read(&found);
    }
    let mut parts = line::sentences(frame)?;
    if parts.len() == 1 {
        return parts.remove(0).and_then(|found| read(&found));
    }
    // Of several in a line, those that are read; if none is, the first one's name.
    let (mut several, mut unread) = (Vec::new(), None);
    for part in parts {
        match part.and_then(|found| read(&found)) {
            Ok(Decoded::Unread(name)) => drop(unread.get_or_insert(name)),
            Ok(read) => several.extend(read.readings().into_iter().map(Ok)),
            Err(bad) => several.push(Err(bad)),
        }
    }
    let only_unread = unread.filter(|_| several.is_empty());
    Ok(only_unread.map_or(Decoded::Several(several), Decoded::Unread))
}

/// Reads one sentence.
fn read(found: &FoundSentence) -> Result<Decoded, BadFrame> {
    let sentence = text(found.inside);
    let (address, fields) = match sentence.split_once(',') {
        Some((address, fields)) => (address, Some(fields)),
        None => (&*sentence, None),
    };
    // A talker of two letters and a sentence of three; proprietary sentences begin with P.
    if address.len() != 5 || address.starts_with('P') {
        return Ok(Decoded::Unread(address.to_owned()));
    }
    let (talker, name) = address.split_at(2);
    let Some((_, read)) = SENTENCES.iter().find(|(known, _)| *known == name) else {
        return Ok(Decoded::Unread(name.to_owned()));
    };
    let values = ReadingValues::with_capacity(USUAL);
    let mut body = ReadingBody { values, ..ReadingBody::new(found.integrity) };
    body.add("talker", talker);
    body.add("sentence", name);
    tag::read(found.tags, &mut body);
    let before = body.values.len();
    let mut reader = SentenceReader::new(fields, body);
    read(&mut reader);
    let body = reader.finish();
    let understood = body.values.iter().any(|(name, value)| *value != Value::Null && !ALWAYS.contains(&name));
    if body.values.len() == before && body.undecoded.is_empty() {
        return Err(BadFrame::new(FrameFault::Syntax, format!("{address} without fields")));
    }
    if found.integrity == Integrity::None && !understood && !body.undecoded.is_empty() {
        return Err(BadFrame::new(
            FrameFault::Syntax,
            format!("{sentence:?}: no field is what it should be"),
        ));
    }
    Ok(Decoded::Reading(body))
}

/// A sentence as text: Latin-1 where it is not UTF-8.
fn text(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|byte| char::from(*byte)).collect()),
    }
}

#[cfg(test)]
mod tests;
