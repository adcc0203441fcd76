//! Files of SML: each value of an entry, its unit, scaler, status and time are a part, under a CRC of the message and one of the file.

use std::ops::Range;

use super::{PartedFrame, SpoiltFormat};

pub(super) const FORMAT: SpoiltFormat = SpoiltFormat {
    name: "sml",
    frames: &[PartedFrame {
        bytes: b"\x1b\x1b\x1b\x1b\x01\x01\x01\x01\x76\x05\x00\x00\x00\x01\x62\x00\x62\x00\x72\x63\x07\x01\
                \x77\x01\x0b\x0a\x01\x45\x4d\x48\x00\x00\x99\x99\x99\x07\x01\x00\x62\x0a\xff\xff\x72\x62\
                \x01\x65\x00\x1c\x19\x05\x73\x77\x07\x01\x00\x01\x08\x00\xff\x64\x00\x00\x82\x72\x62\x01\
                \x65\x00\x1c\x19\x04\x62\x1e\x52\xff\x65\x02\x93\x7b\xa4\x01\x77\x07\x01\x00\x10\x07\x00\
                \xff\x01\x01\x62\x1b\x52\xff\x53\xf4\xcb\x01\x77\x07\x81\x81\xc7\x82\x03\xff\x01\x01\x01\
                \x01\x04\x45\x4d\x48\x01\x01\x01\x63\x35\x49\x00\x00\x00\x1b\x1b\x1b\x1b\x1a\x02\x5d\x19",
        changes: "server_id|sec_index|\
            energy_import_status|energy_import_sec_index|energy_import|energy_import|energy_import|\
            ||power|power|power|||129-129:199.130.3|129-129:199.130.3|129-129:199.130.3",
    }],
    parts,
    // An escape sequence would have to be doubled.
    separates: |byte| byte == 0x1b,
    formed: Some(element),
    sealed: Some(sealed),
};

/// Where the messages begin, of which there is one.
const MESSAGE: usize = 8;

/// The meter, the time, and of each entry all but its code and signature.
fn parts(frame: &[u8]) -> Vec<Range<usize>> {
    let body = part(frame, part(frame, MESSAGE, 3), 1);
    let entries = part(frame, body, 4);
    let of_entries = (0..usize::from(frame[entries] & 0x0f)).flat_map(|entry| {
        let entry = part(frame, entries, entry);
        (1..6).map(move |at| part(frame, entry, at))
    });
    let begins = [1, 3].into_iter().map(|at| part(frame, body, at)).chain(of_entries);
    begins.map(|begin| begin..end(frame, begin)).collect()
}

/// Where a part of a list begins.
fn part(bytes: &[u8], list: usize, which: usize) -> usize {
    (0..which).fold(list + 1, |at, _| end(bytes, at))
}

/// Where an element ends that begins here.
fn end(bytes: &[u8], at: usize) -> usize {
    let (kind, length) = (bytes[at] >> 4, usize::from(bytes[at] & 0x0f));
    if kind == 7 { part(bytes, at, length) } else { at + length.max(1) }
}

/// Octets or, where the first byte says so, a number. A length of one byte is at most 15, its own byte included.
fn element(content: &[u8]) -> Vec<u8> {
    let content = &content[..content.len().min(14)];
    let length = u8::try_from(content.len() + 1).unwrap();
    let kind = match (content.len(), content.first().map(|byte| byte % 3)) {
        (1..=8, Some(0)) => 0x50,
        (1..=8, Some(1)) => 0x60,
        _ => 0,
    };
    [&[kind | length][..], content].concat()
}

fn sealed(frame: &[u8]) -> Vec<u8> {
    let message = &frame[MESSAGE..part(frame, MESSAGE, 4)];
    let mut file = [&frame[..MESSAGE], message, &[0x63], &crc(message), &[0]].concat();
    let filled = (4 - file.len() % 4) % 4;
    file.resize(file.len() + filled, 0);
    file.extend([0x1b, 0x1b, 0x1b, 0x1b, 0x1a, u8::try_from(filled).unwrap()]);
    let crc = crc(&file);
    [file, crc.to_vec()].concat()
}

/// CRC-16/X-25, its low byte first.
fn crc(bytes: &[u8]) -> [u8; 2] {
    let crc = bytes.iter().fold(0xffff_u16, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte), |crc, _| (crc >> 1) ^ if crc & 1 == 1 { 0x8408 } else { 0 })
    });
    (!crc).to_le_bytes()
}
