//! Questions of a Modbus master: read so many registers or bits of one table of one unit.
//!
//! ```text
//! 01 03 10 04 00 02 81 0A
//! │  │  │     │     └ CRC, low byte first
//! │  │  │     └ how many
//! │  │  └ address of the first, from 0
//! │  └ function: the table
//! └ unit
//! ```
//!
//! Format: <https://www.modbus.org/docs/Modbus_Application_Protocol_V1_1b3.pdf> §6.1 to §6.4.

use super::crc::crc16;

/// One of the four tables of a Modbus device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ModbusTable {
    /// Bits that a master may set
    Coils,
    /// Bits that the device measures
    DiscreteInputs,
    /// Registers that a master may write
    HoldingRegisters,
    /// Registers that the device measures
    InputRegisters,
}

impl ModbusTable {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::Coils, Self::DiscreteInputs, Self::HoldingRegisters, Self::InputRegisters];

    /// The word in a register map.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Coils => "coil",
            Self::DiscreteInputs => "discrete",
            Self::HoldingRegisters => "holding",
            Self::InputRegisters => "input",
        }
    }

    /// The function that reads it.
    pub(super) fn function(self) -> u8 {
        match self {
            Self::Coils => 1,
            Self::DiscreteInputs => 2,
            Self::HoldingRegisters => 3,
            Self::InputRegisters => 4,
        }
    }

    /// Whether it holds bits, and not registers.
    pub fn is_bits(self) -> bool {
        matches!(self, Self::Coils | Self::DiscreteInputs)
    }

    /// How many can be read at once.
    pub(super) fn most(self) -> u16 {
        if self.is_bits() { 2_000 } else { 125 }
    }
}

/// A request to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadRequest {
    /// The unit that is asked, 1 to 247
    pub unit: u8,
    /// The table
    pub table: ModbusTable,
    /// The first register or bit, from 0
    pub address: u16,
    /// How many, at least one
    pub count: u16,
}

impl ReadRequest {
    /// The frame on the line.
    pub(super) fn frame(self) -> [u8; 8] {
        let [[a, b], [c, d]] = [self.address.to_be_bytes(), self.count.to_be_bytes()];
        let head = [self.unit, self.table.function(), a, b, c, d];
        let [low, high] = crc16(&head).to_le_bytes();
        [head[0], head[1], a, b, c, d, low, high]
    }

    /// The request of a frame whose CRC holds; `None`: it reads nothing.
    pub(super) fn parse(frame: &[u8]) -> Option<Self> {
        let [unit, function, a, b, c, d, ..] = *frame else { return None };
        let table = ModbusTable::ALL.into_iter().find(|table| table.function() == function)?;
        let (address, count) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
        Some(Self { unit, table, address, count })
    }

    /// How many bytes of data its answer has.
    pub(super) fn data_length(self) -> usize {
        let count = usize::from(self.count);
        if self.table.is_bits() { count.div_ceil(8) } else { count * 2 }
    }

    /// How many bytes its answer has on the line.
    pub(super) fn answer_length(self) -> usize {
        self.data_length() + 5
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_eight_bytes() {
        let request = ReadRequest { unit: 1, table: ModbusTable::HoldingRegisters, address: 4_100, count: 2 };
        assert_eq!(hex::encode(request.frame()), "010310040002810a");
        assert_eq!(ReadRequest::parse(&request.frame()), Some(request));
        assert_eq!((request.data_length(), request.answer_length()), (4, 9));
        let bits = ReadRequest { unit: 1, table: ModbusTable::Coils, address: 0, count: 9 };
        assert_eq!(bits.data_length(), 2);
    }
}
