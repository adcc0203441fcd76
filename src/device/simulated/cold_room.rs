//! A cold room that says what it measures in JSON.

use super::{Hundredths, SimulatedDevice, SimulatedKind};

pub(super) const KIND: SimulatedKind = SimulatedKind {
    name: "cold-room",
    about: "a cold room at 4 °C, its door left open for 45 minutes in every four hours",
    format: "json",
    every: 60_000,
    begin: [400, 8_000, 0],
    frame,
};

/// A cold room: the door opens two hours into every four, for 45 minutes.
fn frame(device: &mut SimulatedDevice) -> Vec<u8> {
    let in_cycle = (device.time() - device.start).millis() % (240 * 60_000);
    let open = (120 * 60_000..165 * 60_000).contains(&in_cycle);
    let temperature = device.drift(0, if open { 1_600 } else { 400 }, 12, 8);
    let humidity = device.drift(1, if open { 9_300 } else { 8_000 }, 15, 30);
    format!(
        "{{\"time\":\"{}\",\"units\":{{\"humidity\":\"%RH\",\"temperature\":\"Cel\"}},\"values\":{{\"door\":\"{}\",\
         \"humidity\":{},\"temperature\":{}}}}}\n",
        device.time(),
        if open { "open" } else { "closed" },
        Hundredths(humidity),
        Hundredths(temperature),
    )
    .into_bytes()
}
