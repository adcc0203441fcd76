//! One unit of a bus as it is polled: its questions, and what becomes of those that it refuses or does not answer.

use super::{
    answer::ReadAnswer,
    bus::{Bus, BusGone},
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
        Self { device, reads }
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
        round.body = reading.body();
        if let (None, Some(why)) = (&round.body, refused) {
            round.faults.push(BadFrame::new(FrameFault::Exception, why.to_string()));
        }
        Ok(round)
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
