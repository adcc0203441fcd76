//! Devices: lines, frames and decoders.

mod faults;
mod properties;
mod spoilt_parts;
