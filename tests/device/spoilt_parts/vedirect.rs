//! Blocks: fields of a label and a value, and a byte with which the sum is 0.

use std::ops::Range;

use super::{PartedFrame, SpoiltFormat};

pub(super) const FORMAT: SpoiltFormat = SpoiltFormat {
    name: "vedirect",
    frames: &[PartedFrame {
        bytes: b"\r\nPID\t0xA060\r\nV\t13120\r\nI\t-450\r\nH19\t00654321\r\nNEW\tabc\r\nChecksum\t\xfe",
        changes: "PID|V|I|H19|NEW",
    }],
    parts,
    separates: |byte| b"\r\n\t:".contains(&byte),
    formed: None,
    sealed: Some(sealed),
};

/// The values of the fields.
fn parts(frame: &[u8]) -> Vec<Range<usize>> {
    let tabs = (0..frame.len() - 2).filter(|at| frame[*at] == b'\t');
    tabs.map(|tab| {
        let length = frame[tab..].iter().position(|byte| *byte == b'\r').unwrap();
        tab + 1..tab + length
    })
    .collect()
}

fn sealed(frame: &[u8]) -> Vec<u8> {
    let (body, _) = frame.split_at(frame.len() - 1);
    let sum = body.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte));
    [body, &[sum.wrapping_neg()]].concat()
}
