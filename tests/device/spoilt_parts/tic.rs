//! Frames of one group: label, date, value and check character, apart by tabs. Of a frame of several a spoilt group costs only
//! itself.

use std::ops::Range;

use super::{PartedFrame, SpoiltFormat};

pub(super) const FORMAT: SpoiltFormat = SpoiltFormat {
    name: "tic",
    frames: &[
        PartedFrame { bytes: b"\x02\nEAST\t004321987\t1\r\x03", changes: "*|EAST" },
        PartedFrame {
            bytes: b"\x02\nSMAXSN\tE260715071530\t07654\tE\r\x03",
            changes: "*|SMAXSN_time|SMAXSN",
        },
    ],
    parts,
    separates: |byte| !matches!(byte, 0x20..=0x7e),
    formed: None,
    sealed: Some(sealed),
};

fn parts(frame: &[u8]) -> Vec<Range<usize>> {
    let ends: Vec<_> = (0..frame.len() - 3).filter(|at| frame[*at] == b'\t').collect();
    let starts = [2].into_iter().chain(ends.iter().map(|at| at + 1));
    starts.zip(&ends).map(|(start, end)| start..*end).collect()
}

fn sealed(frame: &[u8]) -> Vec<u8> {
    let (body, _) = frame.split_at(frame.len() - 3);
    let sum = body[2..].iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte));
    [body, &[(sum & 0x3f) + 0x20], b"\r\x03"].concat()
}
