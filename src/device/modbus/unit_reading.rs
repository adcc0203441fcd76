//! One round of questions to a unit, and the reading that comes of it.
//!
//! What a question gives stands under the names of its values and no others. A question that was not answered costs
//! only its own values: they are null, and in `undecoded` with the reason.

use super::{answer::ReadAnswer, device_kind::DeviceKind, map_value::MapValue, read_plan::PlannedRead};
use crate::{
    json::Value,
    record::reading::{Integrity, ReadingBody},
};

/// What a unit has said so far in a round.
#[derive(Debug)]
pub(super) struct UnitReading {
    body: ReadingBody,
    kind: DeviceKind,
    /// Whether a question was answered with data
    has_values: bool,
}

impl UnitReading {
    pub(super) fn new() -> Self {
        Self { body: ReadingBody::new(Integrity::Crc), kind: DeviceKind::default(), has_values: false }
    }

    /// A question was answered.
    pub(super) fn answered(&mut self, read: &PlannedRead, values: &[MapValue], answer: &ReadAnswer) {
        let data = match answer {
            ReadAnswer::Data(data) => data,
            ReadAnswer::Exception(exception) => return self.failed(read, values, &exception.to_string()),
        };
        let registers: Vec<u16> =
            data.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
        for value in read.values.iter().map(|at| &values[*at]) {
            let read = if read.table.is_bits() {
                let start = usize::from(value.address - read.address);
                let byte = data.get(start / 8).ok_or_else(String::new);
                byte.map(|byte| Value::from(byte >> (start % 8) & 1 == 1))
            } else {
                if let Some(bits) = value.bits_in(&registers, read.address) {
                    self.kind.holds(value, bits);
                }
                value.of_answer(&registers, read.address)
            };
            self.has_values = true;
            self.keep(value, read);
        }
    }

    /// A question was not answered.
    pub(super) fn failed(&mut self, read: &PlannedRead, values: &[MapValue], why: &str) {
        for value in read.values.iter().map(|at| &values[*at]) {
            self.kind.fails(value);
            self.keep(value, Err(why.to_owned()));
        }
    }

    fn keep(&mut self, value: &MapValue, read: Result<Value, String>) {
        let read = read.unwrap_or_else(|why| {
            self.body.keep_undecoded(&value.name, &why);
            Value::Null
        });
        self.body.values.insert(&value.name, read, value.unit.as_deref());
    }

    /// What was said of the kind of device.
    pub(super) fn kind(&self) -> &DeviceKind {
        &self.kind
    }

    /// The reading; `None`: no question was answered with data.
    pub(super) fn body(self) -> Option<ReadingBody> {
        self.has_values.then_some(self.body)
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{exception::ModbusException, map_value::tests::of_type, read_plan, request::ModbusTable},
        *,
    };

    fn named(name: &str, address: u16, kind: &str) -> MapValue {
        MapValue { name: name.to_owned(), address, ..of_type(kind) }
    }

    #[test]
    fn a_question_that_failed_costs_only_its_own_values() {
        let values = [named("a", 0, "u16"), named("b", 1, "bcd:1"), named("c", 9, "u16")];
        let plan = read_plan::plan(&values, 0, 125);
        let mut reading = UnitReading::new();
        reading.answered(&plan[0], &values, &ReadAnswer::Data(vec![0, 7, 0, 0xaf]));
        reading.answered(&plan[1], &values, &ReadAnswer::Exception(ModbusException(2)));
        let body = reading.body().unwrap();
        assert_eq!(body.values.to_canonical(), r#"{"a":7,"b":null,"c":null}"#);
        assert_eq!(body.undecoded.to_canonical(), r#"{"b":"00AF","c":"exception 2 (illegal data address)"}"#);
        let mut nothing = UnitReading::new();
        nothing.failed(&plan[0], &values, "no answer");
        assert_eq!(nothing.body(), None);
    }

    #[test]
    fn bits_come_from_the_lowest_on() {
        let coil = |name: &str, address| MapValue {
            table: ModbusTable::Coils,
            kind: crate::device::modbus::register_type::RegisterType::Switch,
            ..named(name, address, "u16")
        };
        let values = [coil("first", 19), coil("tenth", 28)];
        let plan = read_plan::plan(&values, 8, 125);
        let mut reading = UnitReading::new();
        reading.answered(&plan[0], &values, &ReadAnswer::Data(vec![0x01, 0x02]));
        assert_eq!(reading.body().unwrap().values.to_canonical(), r#"{"first":true,"tenth":true}"#);
    }
}
