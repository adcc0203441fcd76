//! A Linky meter in historic mode.

use super::{SimulatedDevice, SimulatedKind};

pub(super) const KIND: SimulatedKind = SimulatedKind {
    name: "linky",
    about: "a Linky meter in historic mode",
    format: "tic",
    every: 2_000,
    begin: [70_000, 0, 0],
    frame,
};

/// A frame between STX and ETX: groups of label, data and checksum.
fn frame(device: &mut SimulatedDevice) -> Vec<u8> {
    let power = device.drift(0, 70_000, 30, 3_000).max(5_000) / 100;
    device.state[1] += power * device.every.millis();
    let groups = [
        ("ADCO", "021728123456".to_owned()),
        ("OPTARIF", "BASE".to_owned()),
        ("ISOUSC", "45".to_owned()),
        ("BASE", format!("{:09}", 12_345_678 + device.state[1] / 3_600_000)),
        ("PTEC", "TH..".to_owned()),
        ("IINST", format!("{:03}", power / 230)),
        ("IMAX", "090".to_owned()),
        ("PAPP", format!("{power:05}")),
        ("HHPHC", "A".to_owned()),
        ("MOTDETAT", "000000".to_owned()),
    ];
    let mut frame = vec![2];
    for (label, data) in groups {
        let text = format!("{label} {data}");
        let sum = text.bytes().fold(0u8, u8::wrapping_add);
        frame.extend([b"\n", text.as_bytes(), b" ", &[(sum & 0x3f) + 0x20], b"\r"].concat());
    }
    frame.push(3);
    frame
}
