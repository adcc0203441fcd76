//! A unit that is not there: it answers questions about the registers of a map, with values that follow a seed.

use std::collections::BTreeMap;

use super::{
    crc::{self, crc16},
    map_value::MapValue,
    register_map::RegisterSet,
    register_type::RegisterType,
    request::ModbusTable,
};
use crate::device::simulated::SplitMix;

/// The exceptions that it knows.
const ILLEGAL_FUNCTION: u8 = 1;
const ILLEGAL_ADDRESS: u8 = 2;
const ILLEGAL_COUNT: u8 = 3;

/// What its registers of powers of ten state: -1.
const EXPONENT: u16 = 0xffff;

/// A simulated unit.
#[derive(Clone, Debug)]
pub struct SimulatedUnit {
    unit: u8,
    set: RegisterSet,
    random: SplitMix,
    /// Bytes that are no whole question yet
    heard: Vec<u8>,
}

impl SimulatedUnit {
    /// A unit that has the registers of a map.
    pub fn new(unit: u8, set: RegisterSet, seed: u64) -> Self {
        Self { unit, set, random: SplitMix(seed), heard: Vec::new() }
    }

    /// The line was silent: what was heard is no question any more.
    pub fn silence(&mut self) {
        self.heard.clear();
    }

    /// The frame that answers bytes of the line; `None`: they are no whole question to this unit.
    pub fn answer(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        self.heard.extend_from_slice(bytes);
        let question: [u8; 8] = self.heard.get(..8)?.try_into().ok()?;
        self.heard.clear();
        let [unit, function, a, b, c, d, ..] = question;
        if unit != self.unit || !crc::holds(&question) {
            return None;
        }
        let (address, count) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
        let table = ModbusTable::ALL.into_iter().find(|table| table.function() == function);
        let answer = table.ok_or(ILLEGAL_FUNCTION).and_then(|table| self.data(table, address, count));
        let mut frame = match answer {
            Ok(data) => [&[unit, function, u8::try_from(data.len()).ok()?], &data[..]].concat(),
            Err(code) => vec![unit, function | 0x80, code],
        };
        frame.extend(crc16(&frame).to_le_bytes());
        Some(frame)
    }

    fn data(&mut self, table: ModbusTable, address: u16, count: u16) -> Result<Vec<u8>, u8> {
        if count == 0 || count > table.most().min(if table.is_bits() { u16::MAX } else { self.set.most }) {
            return Err(ILLEGAL_COUNT);
        }
        let cells = self.cells(table);
        let asked = u32::from(address)..u32::from(address) + u32::from(count);
        let cells: Option<Vec<u16>> = asked.map(|at| cells.get(&at).copied()).collect();
        let cells = cells.ok_or(ILLEGAL_ADDRESS)?;
        if !table.is_bits() {
            return Ok(cells.into_iter().flat_map(u16::to_be_bytes).collect());
        }
        let byte = |bits: &[u16]| bits.iter().rev().fold(0, |byte, bit| byte << 1 | u8::from(*bit != 0));
        Ok(cells.chunks(8).map(byte).collect())
    }

    /// The registers or bits of a table as they are now.
    fn cells(&mut self, table: ModbusTable) -> BTreeMap<u32, u16> {
        let mut cells = BTreeMap::new();
        let values: Vec<_> = self.set.values.iter().filter(|value| value.table == table).collect();
        let between = |value: &MapValue| (value.span().0.into()..value.span().1).map(|at| (at, 0));
        cells.extend(values.iter().flat_map(|value| between(value)));
        for value in &values {
            let now = registers(value, self.random.bits());
            cells.extend(now.into_iter().enumerate().map(|(at, register)| {
                (u32::from(value.address) + u32::try_from(at).unwrap_or_default(), register)
            }));
        }
        cells.extend(values.iter().filter_map(|value| Some((value.exponent?.into(), EXPONENT))));
        cells
    }
}

/// Registers of a value, as a device could have it.
fn registers(value: &MapValue, random: u64) -> Vec<u16> {
    let small = u16::try_from(random % 50).unwrap_or_default();
    let bytes: Vec<u8> = match value.kind {
        kind if !value.only.is_empty() => number(value.only[0], kind.length()),
        RegisterType::Unsigned(length) | RegisterType::Signed(length) => {
            number(200 + u64::from(small), length)
        }
        RegisterType::Float(2) => (230.0 + f32::from(small) / 10.0).to_be_bytes().to_vec(),
        RegisterType::Float(_) => (230.0 + f64::from(small) / 10.0).to_be_bytes().to_vec(),
        RegisterType::Mod10(length) => number(200 + u64::from(small), length),
        // Two decimal digits.
        RegisterType::Bcd(length) => number(u64::from(small / 10 * 16 + small % 10), length),
        RegisterType::Text(length) => vec![b'S'; usize::from(length) * 2],
        RegisterType::Bits | RegisterType::Bit(_) => random.to_be_bytes()[..2].to_vec(),
        RegisterType::Switch => return vec![u16::from(random & 1 == 1)],
    };
    let words = |bytes: &[u8]| -> Vec<u16> {
        bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect()
    };
    // Each order is its own inverse.
    let is_text = matches!(value.kind, RegisterType::Text(_));
    if is_text { words(&bytes) } else { words(&value.order.number_bytes(&words(&bytes))) }
}

fn number(number: u64, registers: u16) -> Vec<u8> {
    number.to_be_bytes()[8 - 2 * usize::from(registers)..].to_vec()
}

#[cfg(test)]
mod tests {
    use super::{
        super::{bundled, map_file},
        *,
    };
    use crate::device::modbus::{
        answer::ReadAnswer, read_plan, request::ReadRequest, rtu_frame::RtuFrame, unit_reading::UnitReading,
    };

    fn unit(map: &str) -> SimulatedUnit {
        SimulatedUnit::new(7, map_file::built_in(map).unwrap().registers.unwrap(), 1)
    }

    #[test]
    fn it_answers_the_questions_for_every_built_in_map() {
        for name in bundled::names() {
            let mut unit = unit(name);
            let set = unit.set.clone();
            let mut reading = UnitReading::new();
            for read in read_plan::plan(&set.values, set.gap, set.most) {
                let request =
                    ReadRequest { unit: 7, table: read.table, address: read.address, count: read.count };
                let answer = unit.answer(&request.frame()).unwrap();
                let (frame, length) = RtuFrame::at_start(&answer).unwrap();
                assert!(frame.fits(request) && length == answer.len(), "{name}");
                reading.answered(&read, &set.values, &ReadAnswer::Data(answer[3..length - 2].to_vec()));
            }
            let body = reading.body().unwrap();
            assert!(body.undecoded.is_empty() && body.values.len() == set.values.len(), "{name}: {body:?}");
        }
    }

    #[test]
    fn it_refuses_what_it_has_not_and_leaves_others_alone() {
        let mut unit = unit("xy-md02");
        let mut ask = |of: u8, address, count| {
            let request = ReadRequest { unit: of, table: ModbusTable::InputRegisters, address, count };
            unit.answer(&request.frame()).map(|frame| frame[..3].to_vec())
        };
        assert_eq!(ask(7, 1, 2), Some(vec![7, 4, 4]));
        assert_eq!(ask(7, 0, 2), Some(vec![7, 0x84, 2]));
        assert_eq!(ask(7, 0, 126), Some(vec![7, 0x84, 3]));
        assert_eq!(ask(8, 1, 2), None);
    }
}
