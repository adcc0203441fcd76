//! Frames in a stream of bytes: from STX through ETX, or through EOT where the meter breaks off.
//!
//! ```text
//! ETX STX LF BASE …    a frame behind another one
//! ETX 0F LF BASE …     its STX changed on the way
//! ETX LF BASE …        its STX was lost: LF stands behind CR and STX alone
//! ```

use crate::device::frame::{Cut, OwnFraming};

pub(super) const STX: u8 = 2;
pub(super) const ETX: u8 = 3;
pub(super) const EOT: u8 = 4;
pub(super) const LF: u8 = b'\n';
pub(super) const CR: u8 = b'\r';

pub(super) const FRAMING: OwnFraming = OwnFraming { name: "stx-etx", cut, opens };

fn opens(held: &[u8]) -> bool {
    held.first() == Some(&STX)
}

/// An STX always begins a frame: the one before it, if any, lost its end.
fn cut(before: Option<u8>, held: &[u8]) -> Cut {
    if held.first() != Some(&STX) && !matches!(before, None | Some(ETX | EOT)) {
        return skip(held);
    }
    match is_beginning(held) {
        None => return Cut::More,
        Some(false) => return skip(held),
        Some(true) => {}
    }
    match held.iter().skip(1).position(|byte| matches!(*byte, STX | ETX | EOT)) {
        None => Cut::More,
        Some(at) if held[at + 1] == STX => Cut::Skip(at + 1),
        Some(at) => Cut::Frame(at + 2),
    }
}

/// Whether these bytes, which are the first or stand behind a frame, begin one, though its STX may have changed or be lost; `None`:
/// it is not known yet.
pub(super) fn is_beginning(bytes: &[u8]) -> Option<bool> {
    match bytes {
        [STX | LF, ..] => Some(true),
        [ETX | EOT | CR, ..] => Some(false),
        [_, second, ..] => Some(*second == LF),
        _ => None,
    }
}

/// Passes over bytes that begin no frame, up to where one may begin.
fn skip(held: &[u8]) -> Cut {
    let next = held.iter().enumerate().find_map(|(at, byte)| match *byte {
        STX => Some(at),
        ETX | EOT => Some(at + 1),
        _ => None,
    });
    Cut::Skip(next.unwrap_or(held.len()))
}
