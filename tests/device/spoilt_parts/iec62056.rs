//! Readouts of IEC 62056-21: each line is a part.

use std::ops::Range;

use super::{PartedFrame, SpoiltFormat};

pub(super) const FORMAT: SpoiltFormat = SpoiltFormat {
    name: "iec62056",
    frames: &[PartedFrame {
        bytes: b"/FOI5MT174\r\n\x02F.F(00000000)\r\n1-0:0.9.1*255(081530)\r\n\
                1-0:1.8.0*255(0004321.987*kWh)\r\n1.8.0*01(0004000.000*kWh)\r\n2.8.0(12300*Wh)\r\n\
                1.6.1(0.5*kW)(2101041715)\r\n!\r\n\x03\x00",
        changes: "F.F|1-0:0.9.1|energy_import|1.8.0*01|energy_export|1.6.1/0 1.6.1/1",
    }],
    parts,
    separates: |byte| b"\r\n!\x02\x03".contains(&byte),
    formed: None,
    sealed: Some(sealed),
};

/// The lines of data, without their ends.
fn parts(frame: &[u8]) -> Vec<Range<usize>> {
    let start = frame.iter().position(|byte| *byte == 2).unwrap();
    let ends = (start..frame.len()).filter(|at| frame[*at] == b'\n');
    let ends: Vec<_> = [start].into_iter().chain(ends).collect();
    let lines = ends[..ends.len() - 1].windows(2);
    lines.map(|ends| ends[0] + 1..ends[1] - 1).collect()
}

fn sealed(frame: &[u8]) -> Vec<u8> {
    let start = frame.iter().position(|byte| *byte == 2).unwrap();
    let end = start + frame[start..].iter().position(|byte| *byte == 3).unwrap();
    let sum = frame[start + 1..=end].iter().fold(0, |sum, byte| sum ^ byte);
    [&frame[..=end], &[sum]].concat()
}
