//! Devices: what they say, and what becomes of it.

pub mod line;
pub mod peers;
