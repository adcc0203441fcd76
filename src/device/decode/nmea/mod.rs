//! NMEA 0183: positions, time, wind, depth, from ships and satellite receivers.
//!
//! ```text
//! $GPGLL,3908.8199,N,00023.0832,W,120824.758,A*22
//!  ││└ sentence      └ fields, empty if unknown └ XOR of all bytes between $ and *
//!  └ talker: GP GPS, GL GLONASS, GN several, II instruments …
//! ```
//!
//! The checksum is tested before a field is read; a sentence without one has integrity `none`. Sentences
//! that say nothing for a reading – proprietary ones, routes – pass unread. A position that the receiver
//! itself calls invalid is not a value. Speeds come out in m/s, positions in degrees to 1e-8.
//!
//! Standard: NMEA 0183; sentences as in <https://gpsd.gitlab.io/gpsd/NMEA.html>.

use crate::record::{
    quantity,
    reading::{Integrity, ReadingBody},
};

use super::{BadFrame, DecodeContext, Decoded, Decoder, Fixture, FrameFault, Framing, PortMode};

mod fields;
mod sentences;

use fields::Fields;

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
    fixtures: &[
        Fixture {
            frame: b"$GPGLL,3908.8199,N,00023.0832,W,120824.758,A*22",
            gives: Ok(
                r#"{"latitude":39.14699833,"longitude":-0.38472,"sentence":"GLL","talker":"GP","utc":"12:08:24.758","valid":true}"#,
            ),
        },
        Fixture {
            frame: b"$IIMWV,271.0,R,000.2,N,A*3B",
            gives: Ok(
                r#"{"sentence":"MWV","talker":"II","valid":true,"wind_angle":271,"wind_reference":"relative","wind_speed":0.1029}"#,
            ),
        },
        Fixture {
            frame: b"$GPVTG,318.0,T,341.9,M,000.0,N,0000.1,K,A",
            gives: Ok(
                r#"{"course":318,"course_magnetic":341.9,"mode":"A","sentence":"VTG","speed":0,"talker":"GP"}"#,
            ),
        },
        Fixture { frame: b"$PMTK001,604,1*30", gives: Ok("") },
        Fixture {
            frame: b"$GPGLL,3908.8199,N,00023.0832,W,120824.758,A*23",
            gives: Err(FrameFault::Checksum),
        },
        Fixture { frame: b"$GPGLL,3968.8199,N,00023.0832,W,120824.758,A", gives: Err(FrameFault::Syntax) },
        Fixture { frame: b"foobar", gives: Err(FrameFault::Noise) },
    ],
};

fn decode(frame: &[u8], _: &mut DecodeContext) -> Result<Decoded, BadFrame> {
    let (sentence, integrity) = proven(frame)?;
    let mut fields = Fields::of(sentence);
    let address = fields.address;
    // A talker of two letters and a sentence of three; proprietary sentences begin with P.
    if address.len() != 5 || address.starts_with('P') {
        return Ok(Decoded::Unread(address.to_owned()));
    }
    let (talker, name) = address.split_at(2);
    let Some((_, read)) = sentences::SENTENCES.iter().find(|(known, _)| *known == name) else {
        return Ok(Decoded::Unread(name.to_owned()));
    };
    let mut values = read(&mut fields)?;
    values.insert("talker", talker);
    values.insert("sentence", name);
    let mut body = ReadingBody::new(integrity);
    for (name, _) in values.iter() {
        if let Some(unit) = unit_of(name) {
            body.units.insert(name, unit);
        }
    }
    body.values = values;
    Ok(Decoded::Reading(body))
}

/// The bytes between `$` and `*`, once their checksum has been tested.
fn proven(frame: &[u8]) -> Result<(&str, Integrity), BadFrame> {
    let frame = std::str::from_utf8(frame.trim_ascii_end())
        .map_err(|_| BadFrame::new(FrameFault::Utf8, "not UTF-8"))?;
    let inside =
        frame.strip_prefix(['$', '!']).ok_or_else(|| BadFrame::new(FrameFault::Noise, "no sentence"))?;
    if inside.contains(|c: char| !matches!(c, ' '..='~')) {
        return Err(BadFrame::new(FrameFault::Noise, "bytes that no sentence has"));
    }
    let Some((sentence, stated)) = inside.rsplit_once('*') else {
        return Ok((inside, Integrity::None));
    };
    let computed = sentence.bytes().fold(0, |sum, byte| sum ^ byte);
    match u8::from_str_radix(stated, 16) {
        Ok(stated) if stated == computed => Ok((sentence, Integrity::Checksum)),
        _ => Err(BadFrame::new(FrameFault::Checksum, format!("*{stated} stated, *{computed:02X} computed"))),
    }
}

/// The unit of a value; those of single satellites are numbered.
fn unit_of(name: &str) -> Option<&'static str> {
    match name.strip_prefix("satellite_").and_then(|rest| rest.split_once('_')) {
        Some((_, "elevation" | "azimuth")) => Some("deg"),
        Some((_, "snr")) => Some("dB"),
        _ => quantity::unit_of(name),
    }
}
