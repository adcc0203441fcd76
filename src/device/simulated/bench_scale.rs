//! A bench scale onto which parcels are put and taken off again.

use super::{Hundredths, SimulatedDevice, SimulatedKind};

pub(super) const KIND: SimulatedKind = SimulatedKind {
    name: "bench-scale",
    about: "a bench scale in a parcel shop",
    format: "scale",
    every: 1_000,
    begin: [0, 0, 0],
    frame,
};

/// A parcel stays for so many frames, and so long is the pause before the next one.
const STAY: i64 = 8;

fn frame(device: &mut SimulatedDevice) -> Vec<u8> {
    if device.turn % (2 * STAY) == 0 {
        device.state[1] = 1_500 + device.random.within(1_400);
    }
    let goal = if device.turn % (2 * STAY) < STAY { device.state[1] } else { 0 };
    let before = device.state[0];
    let weight = device.drift(0, goal, 2, 1);
    let word = if (weight - before).abs() <= 4 { "ST" } else { "US" };
    let sign = if weight < 0 { '-' } else { '+' };
    format!("{word},GS,{sign}{:0>7} kg\r\n", Hundredths(weight.abs()).to_string()).into_bytes()
}
