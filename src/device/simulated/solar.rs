//! A solar charge controller on a VE.Direct port.

use super::{SimulatedDevice, SimulatedKind};

pub(super) const KIND: SimulatedKind = SimulatedKind {
    name: "solar",
    about: "a solar charge controller with a battery",
    format: "vedirect",
    every: 1_000,
    begin: [13_120, 18_000, 0],
    frame,
};

/// A block: battery in mV and mA, panel in mV and W, yield in 0.01 kWh, and the byte that makes the sum of all 0.
fn frame(device: &mut SimulatedDevice) -> Vec<u8> {
    let battery = device.drift(0, 13_200, 20, 12);
    let panel = device.drift(1, 18_400, 20, 60);
    let power = 40 + device.random.within(9);
    device.state[2] += power * device.every.millis();
    let fields = format!(
        "\r\nPID\t0xA053\r\nFW\t159\r\nSER#\tHQ2326FOIL7\r\nV\t{battery}\r\nI\t{}\r\nVPV\t{panel}\r\nPPV\t{power}\
         \r\nCS\t3\r\nMPPT\t2\r\nERR\t0\r\nLOAD\tON\r\nIL\t300\r\nH20\t{}\r\nChecksum\t",
        power * 1_000_000 / battery,
        device.state[2] / 36_000_000,
    );
    let mut block = fields.into_bytes();
    let sum = block.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte));
    block.push(sum.wrapping_neg());
    block
}
