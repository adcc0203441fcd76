//! Why a serial port, or another source of bytes, could not be opened.

use std::fmt;

/// Why a device could not be opened; each text is a reason for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenError {
    /// Another process holds it
    Busy(String),
    /// It is not there
    Absent(String),
    /// This user may not open it
    Forbidden,
    /// The driver made other settings than were asked for
    Mismatch(String),
    /// Anything else
    Other(String),
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy(why) => write!(f, "busy: {why}"),
            Self::Absent(why) | Self::Mismatch(why) | Self::Other(why) => f.write_str(why),
            Self::Forbidden => f.write_str("permission denied"),
        }
    }
}

impl std::error::Error for OpenError {}
