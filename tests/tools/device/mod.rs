//! Devices: serial lines, and frames that other programs decode.

pub mod asked;
mod cable;
pub mod doctor;
pub mod dsmr_parser;
pub mod line;
pub mod modbus;
pub mod peers;
pub mod polled;
pub mod pynmea2;
mod rig;
pub mod silence;
pub mod slow_units;
pub mod smllib;
pub mod soak;
pub mod world;
