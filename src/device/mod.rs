//! Devices: serial bytes in, readings out.
//!
//! ```text
//! byte_source (port, lock) → frame → decode → reader → records     frame, decode and reader are pure; session: all of it
//! simulated → line_faults → pty: devices that follow a seed, to try all of the above on
//! ```

pub mod address;
mod bad_frames;
pub mod byte_source;
pub mod clock;
mod clock_watch;
mod dating;
pub mod decode;
pub mod diagnosis;
pub mod doctor;
pub mod frame;
mod kernel;
pub mod line_counters;
pub mod line_faults;
mod lock;
pub mod map_table;
pub mod modbus;
pub mod open_error;
pub mod port;
pub mod port_access;
pub mod port_list;
pub mod port_mode;
pub mod pty;
pub mod question;
pub mod reader;
pub mod recording;
pub mod script;
pub mod session;
pub mod sign_on;
pub mod simulated;
pub mod unread;
