//! An electricity meter that sends SML 1.04 by itself, as meters in Germany do.

use super::{SimulatedDevice, SimulatedKind};
use crate::device::crc16::CRC_1021;

pub(super) const KIND: SimulatedKind = SimulatedKind {
    name: "sml-meter",
    about: "an electricity meter as German households have it",
    format: "sml",
    every: 4_000,
    begin: [35_000, 0, 0],
    frame,
};

/// The number that a meter has on its face: 10, the medium, the maker, then digits.
const SERVER: &[u8] = b"\x0a\x01FOI\x00\x00\x12\x34\x56";

/// A file: three messages in the transport of version 1, padded to words, under a CRC of their own each and one of all.
fn frame(device: &mut SimulatedDevice) -> Vec<u8> {
    let power = device.drift(0, 35_000, 30, 2_000).max(5_000) / 100;
    device.state[1] += power * device.every.millis();
    let energy = 44_260_000 + device.state[1] / 360_000;
    let seconds = u32::try_from(device.turn * device.every.millis() / 1_000).unwrap_or(u32::MAX);
    let open = list(&[none(), none(), text(&seconds.to_be_bytes()), text(SERVER), none(), none()]);
    let values = list(&[
        entry([1, 0, 1, 8, 0, 255], 0x1e, -1, &[&[0x59][..], &energy.to_be_bytes()].concat()),
        entry([1, 0, 16, 7, 0, 255], 0x1b, 0, &[&[0x59][..], &power.to_be_bytes()].concat()),
    ]);
    let index = list(&[vec![0x62, 1], [&[0x65][..], &seconds.to_be_bytes()].concat()]);
    let got = list(&[none(), text(SERVER), none(), index, values, none(), none()]);
    let close = list(&[none()]);
    let mut file = b"\x1b\x1b\x1b\x1b\x01\x01\x01\x01".to_vec();
    for (at, (tag, body)) in [(0x0101, open), (0x0701, got), (0x0201, close)].into_iter().enumerate() {
        file.extend(message(
            seconds.wrapping_mul(4).wrapping_add(u32::try_from(at).unwrap_or(0)),
            tag,
            &body,
        ));
    }
    let padding = (4 - file.len() % 4) % 4;
    file.resize(file.len() + padding, 0);
    file.extend(b"\x1b\x1b\x1b\x1b\x1a");
    file.push(u8::try_from(padding).unwrap_or(0));
    let crc = crc16(&file);
    file.extend(crc.to_le_bytes());
    file
}

/// A message: its number, two zeros, its kind and body, its CRC, its end.
fn message(number: u32, tag: u32, body: &[u8]) -> Vec<u8> {
    let choice = list(&[[&[0x65][..], &tag.to_be_bytes()].concat(), body.to_vec()]);
    let mut message = [&[0x76][..], &text(&number.to_be_bytes()), &[0x62, 0, 0x62, 0], &choice].concat();
    let crc = crc16(&message);
    message.push(0x63);
    message.extend(crc.to_le_bytes());
    message.push(0);
    message
}

/// An entry of a list of values: its OBIS code, no status, no time, unit, power of ten, value, no signature.
fn entry(code: [u8; 6], unit: u8, power: i8, value: &[u8]) -> Vec<u8> {
    list(&[
        text(&code),
        none(),
        none(),
        vec![0x62, unit],
        vec![0x52, power.to_be_bytes()[0]],
        value.to_vec(),
        none(),
    ])
}

/// A list of fewer than 16 parts.
fn list(parts: &[Vec<u8>]) -> Vec<u8> {
    let count = u8::try_from(parts.len()).unwrap_or(0) & 0x0f;
    [&[0x70 | count][..], &parts.concat()].concat()
}

/// A string of fewer than 15 bytes.
fn text(bytes: &[u8]) -> Vec<u8> {
    let length = u8::try_from(bytes.len() + 1).unwrap_or(0) & 0x0f;
    [&[length][..], bytes].concat()
}

/// What may be left out, and is.
fn none() -> Vec<u8> {
    vec![1]
}

/// CRC-16/X-25: polynomial 1021 reflected, from FFFF, inverted.
fn crc16(bytes: &[u8]) -> u16 {
    !CRC_1021.remainder(0xffff, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crc_of_the_catalogue() {
        assert_eq!(crc16(b"123456789"), 0x906e, "the check value of CRC-16/X-25");
    }
}
