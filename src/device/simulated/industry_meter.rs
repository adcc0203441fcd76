//! An electricity meter of a workshop, read out after IEC 62056-21 with a check character.

use super::{SimulatedDevice, SimulatedKind};

pub(super) const KIND: SimulatedKind = SimulatedKind {
    name: "industry-meter",
    about: "an electricity meter of a workshop, read out every quarter of an hour",
    format: "iec62056",
    every: 900_000,
    begin: [1_200_000, 0, 0],
    frame,
};

/// A readout: who speaks, then between STX and ETX the data, then the exclusive or of all behind STX.
fn frame(device: &mut SimulatedDevice) -> Vec<u8> {
    let power = device.drift(0, 1_200_000, 30, 90_000).max(50_000) / 100;
    device.state[1] += power * device.every.millis();
    let energy = 43_219_870 + device.state[1] / 3_600_000;
    let voltage = 2_300 + device.random.within(15);
    let data = format!(
        "F.F(00000000)\r\nC.1.0(0054800102)\r\n1.8.0({:07}.{:03}*kWh)\r\n1.7.0({:03}.{:03}*kW)\r\n\
         32.7.0({:03}.{}*V)\r\n!\r\n\x03",
        energy / 1_000,
        energy % 1_000,
        power / 1_000,
        power % 1_000,
        voltage / 10,
        voltage % 10,
    );
    let check = data.bytes().fold(0, |check, byte| check ^ byte);
    [b"/FOI5\\2SIM\r\n\x02", data.as_bytes(), &[check]].concat()
}
