//! Devices: what they say, and what becomes of it.

mod properties;
