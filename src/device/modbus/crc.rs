//! The CRC of Modbus RTU: CRC-16 with the polynomial 8005 reflected, from FFFF on, low byte first on the line.
//!
//! Format: <https://www.modbus.org/docs/Modbus_over_serial_line_V1_02.pdf> §2.5.1.2.

use crate::device::crc16::CRC_8005;

/// The CRC of some bytes.
pub(super) fn crc16(bytes: &[u8]) -> u16 {
    CRC_8005.remainder(0xffff, bytes)
}

/// Whether bytes end with their CRC.
pub(super) fn holds(frame: &[u8]) -> bool {
    frame.split_last_chunk().is_some_and(|(bytes, crc)| crc16(bytes) == u16::from_le_bytes(*crc))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_value_of_the_catalogue() {
        assert_eq!(crc16(b"123456789"), 0x4b37);
        assert!(holds(&[0x01, 0x83, 0x02, 0xc0, 0xf1]));
        assert!(!holds(&[0x01, 0x83, 0x03, 0xc0, 0xf1]) && !holds(&[]) && !holds(&[0xff]));
    }
}
