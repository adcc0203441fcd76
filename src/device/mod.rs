//! Devices: serial bytes in, readings out.
//!
//! ```text
//! port → byte_source → frame → decode → reader → records     frame, decode and reader are pure; session: all of it
//! simulated → line_faults → pty: devices that follow a seed, to try all of the above on
//! ```

mod bad_frames;
pub mod byte_source;
pub mod clock;
mod clock_watch;
mod crc16;
mod dating;
pub mod decode;
pub mod diagnosis;
pub mod doctor;
mod eighth_bit;
pub mod frame;
pub mod line_faults;
pub mod map_table;
pub mod modbus;
pub mod port;
pub mod question;
pub mod reader;
pub mod recording;
pub mod script;
pub mod session;
pub mod sign_on;
pub mod simulated;
pub mod unread;
