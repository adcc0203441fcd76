//! Sentences: their fields are apart by commas.

use std::ops::Range;

use super::{PartedFrame, SpoiltFormat};

pub(super) const FORMAT: SpoiltFormat = SpoiltFormat {
    name: "nmea",
    frames: &[PartedFrame {
        bytes: b"$GPGLL,6000.0000,N,02000.0000,E,101112.00,A,A*6F",
        changes: "*|*|*|*|*|*|*|mode",
    }],
    parts,
    separates: |byte| b",*$!\\\r\n".contains(&byte),
    sealed: Some(sealed),
};

fn parts(frame: &[u8]) -> Vec<Range<usize>> {
    let end = frame.iter().rposition(|byte| *byte == b'*').unwrap();
    let commas = (0..end).filter(|at| frame[*at] == b',');
    let ends: Vec<_> = commas.chain([end]).collect();
    let starts = [1].into_iter().chain(ends.iter().map(|at| at + 1));
    starts.zip(ends.iter()).map(|(start, end)| start..*end).collect()
}

fn sealed(frame: &[u8]) -> Vec<u8> {
    let end = frame.iter().rposition(|byte| *byte == b'*').unwrap();
    let sum = frame[1..end].iter().fold(0, |sum, byte| sum ^ byte);
    [&frame[..end], format!("*{sum:02X}").as_bytes()].concat()
}
