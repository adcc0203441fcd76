//! P1 ports of electricity meters: DSMR 2.2 to 5.0, Fluvius (Belgium), and other OBIS telegrams.
//!
//! ```text
//! /ISK5\2MT382-1000                        maker and model
//!
//! 0-0:1.0.0(170102192002W)                 when, in summer (S) or winter time
//! 1-0:1.8.1(000004.426*kWh)                OBIS code, value, unit
//! 0-1:24.2.1(170102161005W)(00000.107*m3)  channel 1 of the M-Bus: time and value
//! !6EEE                                    CRC-16/ARC of all bytes from / through !
//! ```
//!
//! The CRC is tested before a line is read; DSMR 2.2 has none, and integrity `none`. Some meters leave out
//! its leading zeros. Codes that the table does not know are values under their own code.
//!
//! Standard: P1 Companion Standard 5.0.2 (Netbeheer Nederland); codes: IEC 62056-61.

use std::collections::BTreeMap;

use crate::{
    json::Object,
    record::{
        quantity,
        reading::{Integrity, ReadingBody},
    },
};

use super::{BadFrame, DecodeContext, Decoded, Decoder, Fixture, FrameFault, Framing, PortMode};

mod codes;
mod obis;
mod telegram;

use obis::ObisLine;

pub(super) const DECODER: Decoder = Decoder {
    name: "dsmr",
    about: "P1 telegrams of electricity meters",
    picture: "\
/ISK5\\2MT382-1000                        maker and model

0-0:1.0.0(170102192002W)                 when, in summer (S) or winter time
1-0:1.8.1(000004.426*kWh)                OBIS code, value, unit
!6EEE                                    CRC-16/ARC of all bytes from / through !",
    example: "foil device read sim:meter --count 3",
    framing: Framing::Own(&telegram::FRAMING),
    baud: 115_200,
    mode: PortMode::M8N1,
    closed: true,
    decode,
    fixtures: &[
        Fixture {
            frame: b"/FOI5METER\r\n\r\n0-0:1.0.0(260301070000W)\r\n1-0:1.8.1(000004.426*kWh)\r\n0-0:96.14.0(0002)\r\n\
                0-1:24.1.0(003)\r\n0-1:24.2.1(260301060000W)(00012.107*m3)\r\n9-9:9.9.9(7*furlong)\r\n!079C\r\n",
            gives: Ok(
                r#"{"9-9:9.9.9":7,"energy_import_t1":4.426,"mbus1_time":"2026-03-01T05:00:00.000Z","mbus1_type":3,"mbus1_volume":12.107,"meter":"FOI5METER","tariff":"0002"}"#,
            ),
        },
        Fixture {
            frame: b"/OLD3\r\n\r\n0-1:24.3.0(161107190000)(00)(60)(1)(0-1:24.2.1)(m3)\r\n(00001.001)\r\n!\r\n",
            gives: Ok(r#"{"mbus1_time":"2016-11-07T19:00:00","mbus1_volume":1.001,"meter":"OLD3"}"#),
        },
        Fixture { frame: b"/OLD3\r\n\r\n1-0:1.8.1(00001.0x1*kWh)\r\n!\r\n", gives: Err(FrameFault::Syntax) },
        Fixture { frame: b"/OLD3\r\n\r\n1-0:1.8.1(1*kWh)\r\n1-0:1.8.1(2*kWh)\r\n!\r\n", gives: Err(FrameFault::Syntax) },
        Fixture { frame: b"/FOI5\r\n\r\n1-0:1.8.1(000004.426*kWh)\r\n!1234\r\n", gives: Err(FrameFault::Crc) },
        Fixture { frame: b"1-0:1.8.1(000004.426*kWh)\r\n", gives: Err(FrameFault::Noise) },
    ],
};

fn decode(frame: &[u8], _: &mut DecodeContext) -> Result<Decoded, BadFrame> {
    let (text, integrity) = proven(frame)?;
    let (meter, lines) = text.split_once('\n').ok_or_else(|| syntax("no lines"))?;
    let mut telegram = Telegram { body: ReadingBody::new(integrity), lines: BTreeMap::new() };
    telegram.body.values.insert("meter", meter.trim_end());
    for line in joined(lines) {
        telegram.take(&line)?;
    }
    let mut body = telegram.body;
    if body.values.len() == 1 {
        return Err(syntax("no values"));
    }
    set_units(&mut body);
    Ok(Decoded::Reading(body))
}

fn syntax(why: impl Into<String>) -> BadFrame {
    BadFrame::new(FrameFault::Syntax, why)
}

/// What stands between `/` and `!`, once the CRC behind it has been tested.
fn proven(frame: &[u8]) -> Result<(&str, Integrity), BadFrame> {
    let Some((b'/', _)) = frame.split_first() else {
        return Err(BadFrame::new(FrameFault::Noise, "no telegram"));
    };
    let end = frame.iter().rposition(|byte| *byte == b'!').ok_or_else(|| syntax("no end"))?;
    let stated = frame[end + 1..].trim_ascii();
    let integrity = if stated.is_empty() { Integrity::None } else { Integrity::Crc };
    if integrity == Integrity::None && !frame.ends_with(b"\n") {
        return Err(syntax("cut before its CRC"));
    }
    if integrity == Integrity::Crc {
        let computed = crc16(&frame[..=end]);
        let stated = std::str::from_utf8(stated).ok().filter(|digits| digits.len() <= 4);
        if stated.and_then(|digits| u16::from_str_radix(digits, 16).ok()) != Some(computed) {
            let stated =
                String::from_utf8_lossy(&frame[end + 1..]).trim().chars().take(8).collect::<String>();
            return Err(BadFrame::new(
                FrameFault::Crc,
                format!("{stated:?} stated, {computed:04X} computed"),
            ));
        }
    }
    let text =
        std::str::from_utf8(&frame[1..end]).map_err(|_| BadFrame::new(FrameFault::Utf8, "not UTF-8"))?;
    Ok((text, integrity))
}

/// CRC-16/ARC: polynomial 8005 reflected, from 0.
pub(super) fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, byte| {
        (0..8)
            .fold(crc ^ u16::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xa001 } else { crc >> 1 })
    })
}

/// Lines, with those that begin with `(` put behind the one that they continue.
fn joined(lines: &str) -> Vec<String> {
    let mut whole: Vec<String> = Vec::new();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match whole.last_mut() {
            Some(before) if line.starts_with('(') => before.push_str(line),
            _ => whole.push(line.to_owned()),
        }
    }
    whole
}

struct Telegram {
    body: ReadingBody,
    /// Every line by its code: a meter that says one thing twice must say the same
    lines: BTreeMap<String, String>,
}

impl Telegram {
    fn take(&mut self, text: &str) -> Result<(), BadFrame> {
        let line = match ObisLine::parse(text) {
            Some(line) => line,
            // Behind a CRC, free text is what the meter really said, and means nothing here.
            None if self.body.integrity == Integrity::Crc => return Ok(()),
            None => {
                return Err(syntax(format!("no OBIS line: {}", text.chars().take(40).collect::<String>())));
            }
        };
        match self.lines.insert(line.code.to_owned(), text.to_owned()) {
            None => codes::read(&line, &mut self.body)
                .ok_or_else(|| syntax(format!("{} has no value that it can have", line.code))),
            Some(before) if before == text => Ok(()),
            Some(_) => Err(syntax(format!("{} stands twice", line.code))),
        }
    }
}

/// Units from the table, unless the telegram said another one.
fn set_units(body: &mut ReadingBody) {
    let mut units = Object::new();
    for (name, _) in body.values.iter() {
        if let Some(unit) = quantity::unit_of(name) {
            units.insert(name, unit);
        }
    }
    for (name, unit) in std::mem::take(&mut body.units) {
        units.insert(name, unit);
    }
    body.units = units;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(telegram: &str) -> ReadingBody {
        DECODER.readings(telegram.as_bytes()).unwrap().remove(0)
    }

    #[test]
    fn crc_of_the_catalogue() {
        assert_eq!(crc16(b"123456789"), 0xbb3d, "the check value of CRC-16/ARC");
    }

    #[test]
    fn a_crc_without_leading_zeros_is_one() {
        // Tried until the CRC begins with 0.
        let telegram = (0..1_000)
            .map(|n| format!("/X5\r\n\r\n0-0:96.14.0({n})\r\n!"))
            .find(|text| crc16(text.as_bytes()) < 0x1000);
        let telegram = telegram.unwrap();
        let frame = format!("{telegram}{:X}\r\n", crc16(telegram.as_bytes()));
        assert_eq!(body(&frame).integrity, Integrity::Crc);
        let frame = format!("{telegram}0{:04X}\r\n", crc16(telegram.as_bytes()));
        let refused = DECODER.readings(frame.as_bytes());
        assert_eq!(refused.unwrap_err().fault, FrameFault::Crc);
    }

    #[test]
    fn the_meters_own_time_dates_the_reading() {
        let body = body(std::str::from_utf8(DECODER.fixtures[0].frame).unwrap());
        assert_eq!(body.time.unwrap().to_string(), "2026-03-01T06:00:00.000Z");
        assert_eq!(
            body.units.to_canonical(),
            r#"{"9-9:9.9.9":"furlong","energy_import_t1":"kWh","mbus1_volume":"m3"}"#
        );
    }
}
