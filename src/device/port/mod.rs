//! Ports: where a device is, who may open it, and the settings that it is opened with.
//!
//! ```text
//! address ─→ list (of /sys) ─→ access, lock ─→ serial (settings, mode) ─→ bytes
//! pty: both sides of a line without hardware
//! ```

pub mod access;
pub mod address;
pub(super) mod kernel;
pub mod line_counters;
pub mod list;
pub(super) mod lock;
pub mod mode;
pub mod open_error;
pub mod pty;
pub(super) mod serial;
pub mod settings;
