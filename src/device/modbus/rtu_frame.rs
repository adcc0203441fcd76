//! Frames of Modbus RTU as they stand on the line.
//!
//! ```text
//! 01 03 04 00 D7 01 A5 xx xx     unit, function, length of the data, the data, CRC
//! 01 83 02 C0 F1                 unit, function with its top bit set, exception code, CRC
//! 01 03 10 04 00 02 81 0A        a request; so look writes, too, and their answers
//! ```
//!
//! No frame says where it begins: one is what has a length that its own bytes tell, and a CRC that holds.

use super::{
    crc,
    exception::ModbusException,
    request::{ModbusTable, ReadRequest},
};

/// A frame whose CRC holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RtuFrame<'a> {
    /// The unit that speaks, or is spoken to
    pub(super) unit: u8,
    /// The function, without its top bit
    pub(super) function: u8,
    pub(super) content: RtuContent<'a>,
}

/// What a frame says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RtuContent<'a> {
    /// The answer to a read
    Data(&'a [u8]),
    /// The answer to something that cannot be done
    Exception(ModbusException),
    /// Eight bytes of a request, or of the answer to a write
    Request(&'a [u8]),
}

impl<'a> RtuFrame<'a> {
    /// The frame that bytes begin with, and its length; `None`: they begin with none, or not all of it is there.
    /// Of two that have the same bytes it is the answer.
    pub(super) fn at_start(bytes: &'a [u8]) -> Option<(Self, usize)> {
        let [unit, function, third, ..] = *bytes else { return None };
        let whole = |length| bytes.get(..length).filter(|frame| crc::holds(frame));
        if function & 0x80 != 0 {
            let content = RtuContent::Exception(ModbusException(third));
            return whole(5).map(|_| (Self { unit, function: function & 0x7f, content }, 5));
        }
        let is_read = ModbusTable::ALL.iter().any(|table| table.function() == function);
        let length = usize::from(third) + 5;
        if is_read
            && third > 0
            && let Some(frame) = whole(length)
        {
            let content = RtuContent::Data(&frame[3..length - 2]);
            return Some((Self { unit, function, content }, length));
        }
        let has_eight = is_read || matches!(function, 5 | 6 | 15 | 16);
        let frame = whole(8).filter(|_| has_eight)?;
        Some((Self { unit, function, content: RtuContent::Request(frame) }, 8))
    }

    /// Whether it is no answer to a read.
    pub(super) fn is_request(&self) -> bool {
        matches!(self.content, RtuContent::Request(_))
    }

    /// Whether it has the form of the answer to a request. It does not say which registers it is about.
    pub(super) fn fits(self, request: ReadRequest) -> bool {
        let same_function = self.function == request.table.function();
        self.unit == request.unit
            && match self.content {
                RtuContent::Data(data) => same_function && data.len() == request.data_length(),
                // Some devices say function 80: they do not repeat the one that they refuse.
                RtuContent::Exception(_) => same_function || self.function == 0,
                RtuContent::Request(_) => false,
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(hexadecimal: &str) -> Vec<u8> {
        let mut bytes = hex::decode(hexadecimal).unwrap();
        bytes.extend(crc::crc16(&bytes).to_le_bytes());
        bytes
    }

    #[test]
    fn frames_are_told_apart_by_their_own_bytes() {
        let data = frame("01030400d701a5");
        let (read, length) = RtuFrame::at_start(&data).unwrap();
        assert_eq!((read.unit, read.function, length), (1, 3, 9));
        assert_eq!(read.content, RtuContent::Data(&[0x00, 0xd7, 0x01, 0xa5]));
        let refused = frame("f78402");
        let (read, length) = RtuFrame::at_start(&refused).unwrap();
        assert_eq!((read.unit, read.function, length), (247, 4, 5));
        assert_eq!(read.content, RtuContent::Exception(ModbusException(2)));
        let request = frame("010310040002");
        assert_eq!(RtuFrame::at_start(&request).unwrap().0.content, RtuContent::Request(&request));
        for length in 0..data.len() {
            assert_eq!(RtuFrame::at_start(&data[..length]), None, "{length} bytes");
        }
    }

    #[test]
    fn an_answer_fits_by_unit_function_and_length() {
        let request = ReadRequest { unit: 1, table: ModbusTable::HoldingRegisters, address: 7, count: 2 };
        let fits = |text: &str| RtuFrame::at_start(&frame(text)).unwrap().0.fits(request);
        assert!(fits("01030400d701a5") && fits("018302") && fits("018001"));
        assert!(!fits("02030400d701a5") && !fits("01040400d701a5"), "another unit, another function");
        assert!(!fits("01030200d7") && !fits("01030600d701a50000"), "one register less, one more");
        assert!(!fits("018402") && !fits("010310040002"));
    }
}
