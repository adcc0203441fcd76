//! A satellite receiver that speaks NMEA 0183.

use std::fmt::Write;

use super::{Hundredths, SimulatedDevice, SimulatedKind};

pub(super) const KIND: SimulatedKind = SimulatedKind {
    name: "gps",
    about: "a receiver on a boat that sails in a circle",
    format: "nmea",
    every: 1_000,
    begin: [640, 0, 0],
    frame,
};

/// A boat: the circle has 360 turns, of one hundredth of a minute each.
fn frame(device: &mut SimulatedDevice) -> Vec<u8> {
    let turn = device.turn % 360;
    // A square with cut corners is circle enough, and needs no sine.
    let leg = |turn: i64| (turn.rem_euclid(360) - 180).abs() - 90;
    let (north, east) = (leg(turn), leg(turn + 90));
    let speed = device.drift(0, 640, 10, 15).max(0);
    let stamp = device.time().to_string();
    let clock = format!("{}{}{}.{}", &stamp[11..13], &stamp[14..16], &stamp[17..19], &stamp[20..23]);
    let date = format!("{}{}{}", &stamp[8..10], &stamp[5..7], &stamp[2..4]);
    let position = format!("5204.{:04},N,00419.{:04},E", 5_000 + north * 10, 5_000 + east * 10);
    let rmc = format!("GPRMC,{clock},A,{position},{},{turn}.0,{date},,,A", Hundredths(speed));
    let gga = format!(
        "GPGGA,{clock},{position},1,09,0.9,{},M,47.0,M,,",
        Hundredths(150 + device.random.within(40))
    );
    [rmc, gga]
        .iter()
        .fold(String::new(), |mut text, sentence| {
            let checksum = sentence.bytes().fold(0, |sum, byte| sum ^ byte);
            let _ = write!(text, "${sentence}*{checksum:02X}\r\n");
            text
        })
        .into_bytes()
}
