//! A thermometer that speaks as an Arduino's `print` does.

use super::{Hundredths, SimulatedDevice, SimulatedKind};

pub(super) const KIND: SimulatedKind = SimulatedKind {
    name: "thermometer",
    about: "a thermometer in a living room",
    format: "text",
    every: 10_000,
    begin: [2_150, 4_000, 0],
    frame,
};

fn frame(device: &mut SimulatedDevice) -> Vec<u8> {
    let temperature = device.drift(0, 2_150, 20, 6);
    let humidity = device.drift(1, 4_000, 20, 20);
    format!("Temperature: {} C, Humidity: {} %\r\n", Hundredths(temperature), Hundredths(humidity))
        .into_bytes()
}
