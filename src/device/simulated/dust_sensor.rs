//! A dust sensor of ten binary bytes, which no decoder knows.

use super::{SimulatedDevice, SimulatedKind};

pub(super) const KIND: SimulatedKind = SimulatedKind {
    name: "dust-sensor",
    about: "a dust sensor whose frames are binary",
    format: "raw",
    every: 1_000,
    begin: [120, 210, 0],
    frame,
};

/// A head, what kind of answer it is, two numbers in tenths and an identifier, low bytes first, their sum, an end.
fn frame(device: &mut SimulatedDevice) -> Vec<u8> {
    let fine = device.drift(0, 120, 20, 6).max(0);
    let coarse = device.drift(1, 210, 20, 9).max(0);
    let numbers = [fine, coarse].map(|number| u16::try_from(number).unwrap_or(u16::MAX).to_le_bytes());
    let data = [&numbers.concat()[..], &[0xf0, 0x15]].concat();
    let sum = data.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte));
    [&[0xaa, 0xc0][..], &data, &[sum, 0xab]].concat()
}
