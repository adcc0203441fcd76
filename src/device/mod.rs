//! Devices: serial bytes in, readings out.
//!
//! ```text
//! source (port, lock) → frame → decode → reader → records     frame, decode and reader are pure
//! sim → pty: devices that follow a seed, for everything above to be tried on
//! ```

pub mod address;
pub mod clock;
pub mod decode;
pub mod fault;
pub mod frame;
mod kernel;
mod lock;
pub mod port;
pub mod ports;
pub mod pty;
pub mod reader;
pub mod script;
pub mod sim;
pub mod source;
mod tally;
