//! Devices: lines, frames and decoders.

mod properties;
