//! Devices: lines, frames and decoders.

mod faults;
mod live;
mod properties;
mod spoilt_parts;
