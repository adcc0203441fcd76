//! Devices: lines, frames and decoders.

mod properties;
mod spoilt_parts;
