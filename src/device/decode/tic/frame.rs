//! Frames in a stream of bytes: from STX through ETX, or through EOT where the meter breaks off.

use crate::device::frame::{Cut, OwnFraming};

pub(super) const STX: u8 = 2;
pub(super) const ETX: u8 = 3;
pub(super) const EOT: u8 = 4;

pub(super) const FRAMING: OwnFraming = OwnFraming { name: "stx-etx", cut, opens };

fn opens(held: &[u8]) -> bool {
    held.first() == Some(&STX)
}

/// An STX always begins a frame: the one before it, if any, lost its end.
fn cut(_: Option<u8>, held: &[u8]) -> Cut {
    if held.first() != Some(&STX) {
        return Cut::Skip(held.iter().position(|byte| *byte == STX).unwrap_or(held.len()));
    }
    match held.iter().skip(1).position(|byte| matches!(*byte, STX | ETX | EOT)) {
        None => Cut::More,
        Some(at) if held[at + 1] == STX => Cut::Skip(at + 1),
        Some(at) => Cut::Frame(at + 2),
    }
}
