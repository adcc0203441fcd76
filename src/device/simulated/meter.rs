//! An electricity meter whose P1 port speaks as DSMR 5.

use std::fmt::Write;

use super::{SimulatedDevice, SimulatedKind};
use crate::{
    device::decode::telegram_crc,
    time::{Span, Time},
};

pub(super) const KIND: SimulatedKind = SimulatedKind {
    name: "meter",
    about: "an electricity meter with a gas meter on its M-Bus",
    format: "dsmr",
    every: 10_000,
    begin: [35_000, 0, 0],
    frame,
};

/// A meter: energy in Wh, gas in litres, and telegrams as DSMR 5 writes them, always in winter time.
fn frame(device: &mut SimulatedDevice) -> Vec<u8> {
    let power = device.drift(0, 35_000, 30, 2_000).max(5_000) / 100;
    device.state[1] += power * device.every.millis();
    device.state[2] += i64::from(device.random.within(2) > 0);
    let (energy, gas) = (4_426_000 + device.state[1] / 3_600_000, 304_089 + device.state[2]);
    let local = |time: Time| {
        let stamp = time.saturating_add(Span::from_millis(3_600_000)).to_string();
        let digits: String = stamp[2..19].chars().filter(char::is_ascii_digit).collect();
        format!("{digits}W")
    };
    let voltage = 2_300 + device.random.within(15);
    let mut text = format!(
        "/FOI5SIM\r\n\r\n1-3:0.2.8(50)\r\n0-0:1.0.0({})\r\n0-0:96.1.1(464F494C)\r\n\
         1-0:1.8.1({:06}.{:03}*kWh)\r\n1-0:1.8.2(002399.000*kWh)\r\n0-0:96.14.0(0001)\r\n\
         1-0:1.7.0({:02}.{:03}*kW)\r\n1-0:2.7.0(00.000*kW)\r\n1-0:32.7.0({:03}.{}*V)\r\n\
         0-1:24.1.0(003)\r\n0-1:24.2.1({})({:05}.{:03}*m3)\r\n!",
        local(device.time()),
        energy / 1_000,
        energy % 1_000,
        power / 1_000,
        power % 1_000,
        voltage / 10,
        voltage % 10,
        local(device.time()),
        gas / 1_000,
        gas % 1_000,
    );
    let crc = telegram_crc(text.as_bytes());
    let _ = write!(text, "{crc:04X}\r\n");
    text.into_bytes()
}
