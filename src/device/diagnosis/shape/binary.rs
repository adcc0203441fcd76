//! Shapes of frames that are no text.

use super::super::is_garbage;

/// The start of the transport of SML version 1: `1b1b1b1b 01010101`.
pub(super) fn is_sml(bytes: &[u8]) -> bool {
    const START: [u8; 8] = [0x1b, 0x1b, 0x1b, 0x1b, 1, 1, 1, 1];
    bytes.windows(START.len()).any(|window| window == START)
}

/// `db 08 title length 30 …`: a ciphered message, the title of whose sender begins with the three letters of its maker.
pub(super) fn is_general_glo_ciphering(bytes: &[u8]) -> bool {
    bytes.windows(14).any(|window| {
        let [0xdb, 8, maker @ .., a, b, c, d] = window else { return false };
        let control = match [*a, *b, *c] {
            [0x82, ..] => *d,
            [0x81, ..] => *c,
            [0x06..=0x7f, ..] => *b,
            _ => return false,
        };
        maker[..3].iter().all(u8::is_ascii_alphabetic) && matches!(control & 0xf0, 0x20 | 0x30)
    })
}

/// `68 L L 68 … checksum 16`.
pub(super) fn is_mbus(bytes: &[u8]) -> bool {
    (0..bytes.len()).any(|at| {
        let [0x68, length, again, 0x68, rest @ ..] = &bytes[at..] else { return false };
        let length = usize::from(*length);
        let (Some(body), Some([sum, 0x16])) = (rest.get(..length), rest.get(length..length + 2)) else {
            return false;
        };
        length == usize::from(*again)
            && length >= 3
            && body.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte)) == *sum
    })
}

/// `7e a0 length … 7e`: eleven bits of length between the flags.
pub(super) fn is_hdlc(bytes: &[u8]) -> bool {
    (0..bytes.len()).any(|at| {
        let [0x7e, format, low, ..] = bytes[at..] else { return false };
        let length = usize::from(u16::from_be_bytes([format & 7, low]));
        format & 0xf0 == 0xa0 && length >= 7 && bytes.get(at + 1 + length) == Some(&0x7e)
    })
}

/// Requests of 8 bytes or answers that count theirs, with a CRC that fits: two of them, or one that nothing surrounds.
pub(super) fn is_modbus(bytes: &[u8]) -> bool {
    if bytes.iter().all(u8::is_ascii) && !is_garbage(bytes) {
        return false;
    }
    let (mut at, mut frames, mut within) = (0, 0, 0);
    while at + 5 <= bytes.len() {
        let found = modbus_lengths(&bytes[at..])
            .into_iter()
            .flatten()
            .find(|length| bytes.get(at..at + length).is_some_and(modbus_crc_fits));
        frames += usize::from(found.is_some());
        within += found.unwrap_or(0);
        at += found.unwrap_or(1);
    }
    frames >= 2 || frames == 1 && within == bytes.len()
}

/// How long a frame that begins here may be: a request, an answer, an exception.
fn modbus_lengths(bytes: &[u8]) -> [Option<usize>; 2] {
    match bytes {
        [1..=247, 1..=4, count, ..] => [Some(8), Some(5 + usize::from(*count))],
        [1..=247, 5 | 6 | 15 | 16, ..] => [Some(8), None],
        [1..=247, 0x81..=0x84 | 0x85 | 0x86 | 0x8f | 0x90, 1..=11, ..] => [Some(5), None],
        _ => [None, None],
    }
}

/// CRC-16 of Modbus over all but the last two bytes, the low byte first.
fn modbus_crc_fits(frame: &[u8]) -> bool {
    let [body @ .., low, high] = frame else { return false };
    let crc = body.iter().fold(0xffff_u16, |crc, byte| {
        (0..8)
            .fold(crc ^ u16::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xa001 } else { crc >> 1 })
    });
    crc == u16::from_le_bytes([*low, *high])
}
