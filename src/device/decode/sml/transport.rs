//! The transport of SML, version 1: where a file begins and ends, and whether its bytes arrived.
//!
//! ```text
//! 1b1b1b1b 01010101        a file begins
//! …                        messages; 1b1b1b1b in them is sent twice
//! 00                       filled up to a multiple of four bytes
//! 1b1b1b1b 1a 01 c0 de     it ends: one byte was filled up; CRC of all bytes before the CRC
//! ```

use super::crc::CrcKind;
use crate::device::frame::{Cut, OwnFraming};

pub(super) const FRAMING: OwnFraming = OwnFraming { name: "sml-transport", cut, opens };

pub(super) const START: [u8; 8] = [ESCAPE, ESCAPE, ESCAPE, ESCAPE, 1, 1, 1, 1];

const ESCAPE: u8 = 0x1b;
/// Of an escape, and of what follows it.
const WIDTH: usize = 4;

/// What stands behind bytes of a file.
enum Escape {
    /// Four bytes 1b that are data, sent twice, from here
    Literal(usize),
    /// The end of the file, before this byte
    End(usize),
    /// The start of another file, here
    Start(usize),
    /// An escape that version 1 does not know, up to this byte
    Unknown(usize),
    /// The bytes end before it is known
    Open,
}

fn opens(held: &[u8]) -> bool {
    held.starts_with(&START)
}

fn cut(_: Option<u8>, held: &[u8]) -> Cut {
    if !held.starts_with(&START) {
        return skip(held);
    }
    let mut at = START.len();
    loop {
        match escape(held, at) {
            Escape::Literal(from) => at = from + 2 * WIDTH,
            Escape::End(end) => return Cut::Frame(end),
            Escape::Start(at) | Escape::Unknown(at) => return Cut::Skip(at),
            Escape::Open => return Cut::More,
        }
    }
}

/// Passes over what cannot be the beginning of a start.
fn skip(held: &[u8]) -> Cut {
    let found = held.windows(START.len()).position(|window| window == START);
    let begun = || (1..START.len()).rev().find(|length| held.ends_with(&START[..*length])).unwrap_or(0);
    match found.unwrap_or_else(|| held.len() - begun()) {
        0 => Cut::More,
        before => Cut::Skip(before),
    }
}

/// The next escape from `at`. Of a run of five to seven bytes 1b the last four are the escape: data that ends in 1b stands
/// before it.
fn escape(bytes: &[u8], mut at: usize) -> Escape {
    loop {
        let Some(found) = bytes.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == ESCAPE))
        else {
            return Escape::Open;
        };
        at += found;
        let run = bytes[at..].iter().take(2 * WIDTH).take_while(|byte| **byte == ESCAPE).count();
        if run == 2 * WIDTH {
            return Escape::Literal(at);
        }
        if at + run == bytes.len() {
            return Escape::Open;
        }
        if run >= WIDTH {
            return behind(bytes, at + run);
        }
        at += run;
    }
}

/// What the escape before this byte means.
fn behind(bytes: &[u8], at: usize) -> Escape {
    let what = &bytes[at..bytes.len().min(at + WIDTH)];
    match what {
        [0x1a, ..] if what.len() == WIDTH => Escape::End(at + WIDTH),
        [1, 1, 1, 1] => Escape::Start(at - WIDTH),
        [0x1a, ..] => Escape::Open,
        _ if what.len() < WIDTH && what.iter().all(|byte| *byte == 1) => Escape::Open,
        _ => Escape::Unknown(at),
    }
}

/// The messages of a whole file, once its CRC has been tested, and which CRC the meter computes.
///
/// # Errors
/// Why it is no whole file, or what changed; the second is true of a CRC that does not fit.
pub(super) fn messages(file: &[u8]) -> Result<(Vec<u8>, CrcKind), (String, bool)> {
    let whole = file.starts_with(&START) && file.len() >= START.len() + 2 * WIDTH;
    if !whole || cut(None, file) != Cut::Frame(file.len()) {
        return Err(("no whole file".to_owned(), false));
    }
    let (counted, stated) = file.split_at(file.len() - 2);
    let stated = u16::from_be_bytes([stated[0], stated[1]]);
    let kind = CrcKind::of(counted, stated).ok_or_else(|| {
        (format!("{stated:04X} stated, {:04X} computed", CrcKind::X25.compute(counted)), true)
    })?;
    let filled = usize::from(counted[counted.len() - 1]);
    let mut data = unescaped(&file[START.len()..file.len() - 2 * WIDTH]);
    if filled >= WIDTH || filled > data.len() {
        return Err((format!("{filled} bytes filled up"), false));
    }
    data.truncate(data.len() - filled);
    Ok((data, kind))
}

/// The bytes with each 1b1b1b1b that was sent twice once.
fn unescaped(mut data: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(data.len());
    while let Escape::Literal(at) = escape(data, 0) {
        plain.extend_from_slice(&data[..at + WIDTH]);
        data = &data[at + 2 * WIDTH..];
    }
    plain.extend_from_slice(data);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of these bytes of messages.
    fn file(messages: &[u8]) -> Vec<u8> {
        super::super::sample::file(messages, CrcKind::X25)
    }

    #[test]
    fn escapes_in_the_data_come_out_as_they_went_in() {
        for length in 0..20 {
            for tail in [&b""[..], b"\x1a", b"\x01\x01\x01\x01", b"\x00"] {
                for head in [&b""[..], b"x"] {
                    let data = [head, &vec![ESCAPE; length], tail].concat();
                    let sent = file(&data);
                    assert_eq!(cut(None, &sent), Cut::Frame(sent.len()), "{data:02x?}");
                    assert_eq!(messages(&sent).unwrap().0, data);
                }
            }
        }
    }

    #[test]
    fn a_start_breaks_off_the_file_before_it() {
        let whole = file(b"data");
        let twice = [&whole[..10], &whole].concat();
        assert_eq!(cut(None, &twice), Cut::Skip(10));
        assert_eq!(cut(None, &[b"xx\x1b", &whole[..]].concat()), Cut::Skip(3));
        assert_eq!(cut(None, b"xx\x1b\x1b"), Cut::Skip(2));
        assert_eq!(cut(None, b"\x1b\x1b\x1b\x1b\x01"), Cut::More);
        assert_eq!(cut(None, &[&START[..], b"x\x1b\x1b\x1b\x1b\x02"].concat()), Cut::Skip(13));
    }

    #[test]
    fn what_changed_is_seen() {
        let mut sent = file(b"data");
        sent[9] ^= 1;
        assert!(messages(&sent).unwrap_err().1);
        assert!(!messages(&sent[..sent.len() - 1]).unwrap_err().1);
    }
}
