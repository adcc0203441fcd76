//! Devices: serial bytes in, readings out.
//!
//! ```text
//! port → frame → decode → reader → records        (frame, decode and reader are pure)
//! ```

pub mod clock;
pub mod decode;
pub mod frame;
pub mod reader;
pub mod sim;
mod tally;
