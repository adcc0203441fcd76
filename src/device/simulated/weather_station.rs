//! A weather station that prints names and values in turn.

use super::{Hundredths, SimulatedDevice, SimulatedKind};

pub(super) const KIND: SimulatedKind = SimulatedKind {
    name: "weather-station",
    about: "a weather station on a roof",
    format: "csv",
    every: 60_000,
    begin: [850, 7_200, 340],
    frame,
};

fn frame(device: &mut SimulatedDevice) -> Vec<u8> {
    let temperature = device.drift(0, 850, 30, 12);
    let humidity = device.drift(1, 7_200, 30, 40).clamp(0, 10_000);
    let wind = device.drift(2, 340, 10, 60).max(0);
    format!(
        "temperature,{},humidity,{},wind_speed,{}\r\n",
        Hundredths(temperature),
        Hundredths(humidity),
        Hundredths(wind)
    )
    .into_bytes()
}
