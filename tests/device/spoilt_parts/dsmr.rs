//! Telegrams of P1 ports: each line is a part.

use std::ops::Range;

use super::{PartedFrame, SpoiltFormat};

pub(super) const FORMAT: SpoiltFormat = SpoiltFormat {
    name: "dsmr",
    frames: &[PartedFrame {
        bytes: b"/FOI5METER\r\n\r\n0-0:1.0.0(260715120000S)\r\n1-0:1.8.1(000004.426*kWh)\r\n\
                1-0:1.8.1(000009.000*kWh)\r\n0-0:96.14.0(0002)\r\n\
                1-0:1.6.0(260703181500S)(02.118*kW)\r\n\
                0-0:98.1.0(1)(1-0:1.6.0)(1-0:1.6.0)(260701000000S)(260611201500S)(03.005*kW)\r\n\
                1-0:99.97.0(1)(0-0:96.7.19)(251208152415W)(0000000240*s)\r\n0-0:96.13.0(303132)\r\n\
                0-1:24.1.0(003)\r\n0-1:24.2.1(260715115500S)(00150.500*m3)\r\n\
                0-2:24.3.0(260715110000S)(00)(60)(1)(0-2:24.2.1)(m3)(00001.001)\r\n\
                9-9:9.9.9(7*furlong)\r\n0-0:98.1.0(260701000000S)(5*kWh)\r\n!6489\r\n",
        changes: "|*|energy_import_t1_2|tariff|power_peak_month power_peak_month_time|\
            power_peak_1 power_peak_1_month power_peak_1_time|\
            power_failure_1_end power_failure_1_duration|text|mbus1_type|mbus1_volume mbus1_time|\
            mbus2_volume mbus2_time|9-9:9.9.9|0-0:98.1.0/0 0-0:98.1.0/1",
    }],
    parts,
    separates: |byte| b"\r\n!/".contains(&byte),
    formed: None,
    sealed: Some(sealed),
};

/// The lines behind the empty one, without their ends.
fn parts(frame: &[u8]) -> Vec<Range<usize>> {
    let ends: Vec<_> = (0..frame.len()).filter(|at| frame[*at] == b'\n').collect();
    let lines = ends[1..ends.len() - 1].windows(2);
    lines.map(|ends| ends[0] + 1..ends[1] - 1).collect()
}

fn sealed(frame: &[u8]) -> Vec<u8> {
    let end = frame.iter().rposition(|byte| *byte == b'!').unwrap();
    let crc = frame[..=end].iter().fold(0_u16, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte), |crc, _| (crc >> 1) ^ if crc & 1 == 1 { 0xa001 } else { 0 })
    });
    [&frame[..=end], format!("{crc:04X}\r\n").as_bytes()].concat()
}
