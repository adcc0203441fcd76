//! Devices: serial lines, and frames that other programs decode.

pub mod line;
pub mod peers;
mod rig;
pub mod silence;
