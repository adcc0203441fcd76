//! Devices: what they say, and what becomes of it.

mod line;
mod peers;
mod properties;
