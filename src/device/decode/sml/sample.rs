//! Files as meters send them, made for tests.

use super::{crc::CrcKind, transport::START};

/// A list of encoded elements.
pub(super) fn list(elements: &[&[u8]]) -> Vec<u8> {
    let count = u8::try_from(elements.len()).unwrap();
    let head = if count < 16 { vec![0x70 | count] } else { vec![0xf0 | count >> 4, count & 0x0f] };
    [head, elements.concat()].concat()
}

/// A message of a kind, with its CRC.
pub(super) fn message(tag: u16, body: &[u8], crc: CrcKind) -> Vec<u8> {
    let [high, low] = tag.to_be_bytes();
    let mut message = [&b"\x76\x05\x00\x00\x00\x01\x62\x00\x62\x00\x72\x63"[..], &[high, low], body].concat();
    let crc = crc.compute(&message);
    message.push(0x63);
    message.extend(crc.to_be_bytes());
    message.push(0);
    message
}

/// The answer to a request for a list, from a meter, with its time and encoded entries.
pub(super) fn answer(server: &[u8], time: &[u8], entries: &[Vec<u8>], crc: CrcKind) -> Vec<u8> {
    let entries: Vec<&[u8]> = entries.iter().map(Vec::as_slice).collect();
    let body =
        list(&[b"\x01", server, b"\x07\x01\x00\x62\x0a\xff\xff", time, &list(&entries), b"\x01", b"\x01"]);
    message(0x0701, &body, crc)
}

/// An entry: code, status, time, unit, scaler, value, each encoded.
pub(super) fn entry(code: [u8; 6], parts: [&[u8]; 5]) -> Vec<u8> {
    let [status, time, unit, scaler, value] = parts;
    list(&[&[&[7], &code[..]].concat(), status, time, unit, scaler, value, b"\x01"])
}

/// A file of messages.
pub(super) fn file(messages: &[u8], crc: CrcKind) -> Vec<u8> {
    const ESCAPE: [u8; 4] = [0x1b; 4];
    let mut file = START.to_vec();
    let filled = (4 - messages.len() % 4) % 4;
    let data = [messages, &[0, 0, 0][..filled]].concat();
    let mut at = 0;
    while at < data.len() {
        if data[at..].starts_with(&ESCAPE) {
            file.extend([ESCAPE, ESCAPE].concat());
            at += ESCAPE.len();
        } else {
            file.push(data[at]);
            at += 1;
        }
    }
    file.extend(ESCAPE);
    file.extend([0x1a, u8::try_from(filled).unwrap()]);
    let crc = crc.compute(&file);
    file.extend(crc.to_be_bytes());
    file
}
