//! Devices: serial bytes in, readings out.
//!
//! ```text
//! port → frame → decode → reader → records        (frame, decode and reader are pure)
//! ```

pub mod decode;
pub mod frame;
