//! What a Modbus device says when it does not answer a question: exception codes.
//!
//! Format: <https://www.modbus.org/docs/Modbus_Application_Protocol_V1_1b3.pdf> §7.

use std::fmt;

/// The code of an exception; its `Display` is the code and its name in the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ModbusException(pub u8);

impl ModbusException {
    /// Whether the device has no such register, or not so many in one piece: a smaller question may be answered.
    pub(super) fn is_about_registers(self) -> bool {
        matches!(self.0, 2 | 3)
    }

    fn name(self) -> Option<&'static str> {
        Some(match self.0 {
            1 => "illegal function",
            2 => "illegal data address",
            3 => "illegal data value",
            4 => "server device failure",
            5 => "acknowledge",
            6 => "server device busy",
            7 => "negative acknowledge",
            8 => "memory parity error",
            10 => "gateway path unavailable",
            11 => "gateway target device failed to respond",
            _ => return None,
        })
    }
}

impl fmt::Display for ModbusException {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "exception {}", self.0)?;
        self.name().map_or(Ok(()), |name| write!(f, " ({name})"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_their_names() {
        assert_eq!(ModbusException(2).to_string(), "exception 2 (illegal data address)");
        assert_eq!(ModbusException(99).to_string(), "exception 99");
    }
}
