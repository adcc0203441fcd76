//! One unit of a bus as it is polled: its questions, and what becomes of those that it refuses or does not answer.

use super::{
    answer::ReadAnswer,
    bus::{Bus, BusGone},
    exception::ModbusException,
    read_plan::{self, PlannedRead},
    register_map::MapDevice,
    request::ReadRequest,
    unit_reading::UnitReading,
};
use crate::{
    device::decode::{BadFrame, FrameFault},
    record::reading::ReadingBody,
};

/// A unit, and the questions for its values.
#[derive(Debug)]
pub(super) struct UnitPoll {
    device: MapDevice,
    reads: Vec<PlannedRead>,
    /// Whether an answer has shown that it is the device of the map
    is_shown: bool,
}

/// What a round of questions to a unit brought.
#[derive(Debug)]
pub(super) struct UnitRound {
    /// The content of the reading; `None`: no value came
    pub(super) body: Option<ReadingBody>,
    /// Whether the unit said anything, if only that it does not answer
    pub(super) is_there: bool,
    /// Every try that failed
    pub(super) faults: Vec<BadFrame>,
}

impl UnitPoll {
    pub(super) fn new(device: MapDevice) -> Self {
        let set = &device.registers;
        let reads = read_plan::plan(&set.values, set.gap, set.most);
        Self { device, reads, is_shown: false }
    }

    /// Asks all questions. A unit that says nothing to the first one is not asked further; the next round begins with the next,
    /// for some say nothing only to what they do not have. One whose answers come too late is there.
    pub(super) async fn round(&mut self, bus: &mut Bus<'_>, retries: u32) -> Result<UnitRound, BusGone> {
        let mut reading = UnitReading::new();
        let mut round = UnitRound { body: None, is_there: false, faults: Vec::new() };
        let mut refused = None;
        let mut at = 0;
        self.begin_with_what_is_ready(bus);
        while let Some(read) = self.reads.get(at) {
            let values = &self.device.registers.values;
            match self.ask(read, bus, retries, &mut round.faults).await? {
                Ok(ReadAnswer::Exception(why)) if why.is_about_registers() && read.values.len() > 1 => {
                    round.is_there = true;
                    let apart = read_plan::apart(read, values);
                    if apart.len() > 1 {
                        self.reads.splice(at..=at, apart);
                        continue;
                    }
                    refused = Some(why);
                    reading.failed(read, values, &why.to_string());
                }
                Ok(answer) => {
                    round.is_there = true;
                    if let ReadAnswer::Exception(why) = answer {
                        refused = Some(why);
                    }
                    reading.answered(read, values, &answer);
                }
                Err(_) if !round.is_there => {
                    self.reads.rotate_left(1);
                    round.is_there = round.faults.iter().any(|fault| fault.fault == FrameFault::Late);
                    return Ok(round);
                }
                Err(why) => reading.failed(read, values, why.fault.as_str()),
            }
            at += 1;
        }
        self.end(reading, refused, &mut round);
        Ok(round)
    }

    /// Makes what was answered a reading, if the device is the one of the map.
    fn end(&mut self, reading: UnitReading, refused: Option<ModbusException>, round: &mut UnitRound) {
        self.is_shown |= reading.kind().is_shown();
        let doubt = reading.kind().doubt(self.is_shown);
        let fault = match (reading.body(), doubt, refused) {
            (Some(_), Some(doubt), _) => BadFrame::new(FrameFault::OtherDevice, doubt),
            (None, _, Some(why)) => BadFrame::new(FrameFault::Exception, why.to_string()),
            (body, ..) => return round.body = body,
        };
        round.faults.push(fault);
    }

    /// The bus was away: another device may be there now.
    pub(super) fn was_away(&mut self) {
        self.is_shown = false;
    }

    /// The other units need not wait for a unit that owes an answer while there is something else to ask it, or the same again.
    fn begin_with_what_is_ready(&mut self, bus: &Bus<'_>) {
        let ready = self.reads.iter().position(|read| bus.is_ready(self.request(read)));
        self.reads.rotate_left(ready.unwrap_or(0));
    }

    fn request(&self, read: &PlannedRead) -> ReadRequest {
        let PlannedRead { table, address, count, .. } = *read;
        ReadRequest { unit: self.device.unit, table, address, count }
    }

    /// Asks one question, and again if there is no answer to it.
    async fn ask(
        &self,
        read: &PlannedRead,
        bus: &mut Bus<'_>,
        retries: u32,
        faults: &mut Vec<BadFrame>,
    ) -> Result<Result<ReadAnswer, BadFrame>, BusGone> {
        let request = self.request(read);
        let mut tries = 0;
        loop {
            let answer = bus.ask(request).await?;
            faults.extend(bus.late(request.unit));
            let Err(why) = &answer else { return Ok(answer) };
            faults.push(why.clone());
            tries += 1;
            if tries > retries {
                return Ok(answer);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            map_value::{MapValue, tests::of_type},
            register_map::RegisterSet,
        },
        *,
    };

    /// A unit whose register 0 tells its kind, and what rounds make of answers; an empty one is none.
    fn rounds(answers: &[&[u16]]) -> Vec<Result<String, FrameFault>> {
        let model = MapValue { name: "model".to_owned(), only: vec![103], ..of_type("u16") };
        let value = MapValue { address: 9, ..of_type("u16") };
        let registers = RegisterSet::of_lines(&[model, value]).unwrap();
        let mut poll = UnitPoll::new(MapDevice { name: String::new(), unit: 1, registers });
        let mut round = |answer: &[u16]| {
            let (mut reading, values) = (UnitReading::new(), poll.device.registers.values.clone());
            let data = |registers: &[u16]| {
                ReadAnswer::Data(registers.iter().flat_map(|register| register.to_be_bytes()).collect())
            };
            match answer {
                [] => reading.failed(&poll.reads[0], &values, "no-answer"),
                model => reading.answered(&poll.reads[0], &values, &data(model)),
            }
            reading.answered(&poll.reads[1], &values, &data(&[7]));
            let mut round = UnitRound { body: None, is_there: true, faults: Vec::new() };
            poll.end(reading, None, &mut round);
            round.body.map(|body| body.values.to_canonical()).ok_or_else(|| round.faults[0].fault)
        };
        answers.iter().map(|answer| round(answer)).collect()
    }

    #[test]
    fn a_device_of_another_kind_gives_no_reading() {
        let other = Err(FrameFault::OtherDevice);
        let good = |model: &str| Ok(format!("{{\"model\":{model},\"value\":7}}"));
        let all = rounds(&[&[], &[103], &[], &[113], &[103]]);
        assert_eq!(all, [other.clone(), good("103"), good("null"), other, good("103")]);
    }
}
