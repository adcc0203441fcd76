//! The records that came without a time: a status of the same run of the machine dates them, or nothing does.

use super::{
    super::{
        findings::{ContractFindingKind, ContractFindings},
        undated::UndatedRecord,
    },
    DeviceEvaluation,
};
use crate::{contract::document::UnsyncedRule, time::Time};

/// What a status says about the clock of its machine.
pub(in crate::contract::eval) struct ClockStatus<'s> {
    /// The run of the machine
    pub(in crate::contract::eval) boot: &'s str,
    /// Milliseconds since it started
    pub(in crate::contract::eval) up: u64,
    pub(in crate::contract::eval) time: Time,
    /// Whether it says that the clock was not synchronised
    pub(in crate::contract::eval) unsynced: bool,
}

impl DeviceEvaluation<'_> {
    /// A status that says what time it is dates the records of its boot.
    pub(in crate::contract::eval) fn clock(
        &mut self,
        status: &ClockStatus<'_>,
        now: Time,
        findings: &mut ContractFindings,
    ) {
        for mut record in self.undated.dated(status.boot, status.unsynced) {
            if self.is_copy(&record) {
                self.leave_copy(&record);
            } else if let Some(time) = record.dated_by(status.time, status.up) {
                let id = record.id.take();
                let counts = self.date(record, time, now, findings);
                self.dated.extend(id.filter(|_| counts).map(|id| *id));
            } else {
                self.leave_undated(record, findings);
            }
        }
    }

    /// Whether a record is there once more, was dated then and counts: it has that time, and not another one, too.
    fn is_copy(&self, record: &UndatedRecord) -> bool {
        record.id.as_ref().is_some_and(|id| self.dated.contains(&**id))
    }

    fn leave_copy(&mut self, record: &UndatedRecord) {
        if let Some((stream, seq)) = record.stream {
            self.streams.at(stream).numbers.wait_no_more(seq);
        }
    }

    /// Gives a record its time, of which the evaluation heard at `now`. Answers whether it is a reading that counts.
    pub(super) fn date(
        &mut self,
        record: UndatedRecord,
        time: Time,
        now: Time,
        findings: &mut ContractFindings,
    ) -> bool {
        if let Some(mut sample) = record.sample {
            return self.count_sample(&mut sample, time, record.arrival, now, findings);
        }
        if let Some((stream, seq)) = record.stream.filter(|_| self.is_believed(time, now)) {
            self.streams.at(stream).numbers.insert(seq, Some(time.millis()), record.entry);
        }
        false
    }

    /// A record that nothing dates: its own claim counts if the contract says so.
    pub(super) fn leave_undated(&mut self, record: UndatedRecord, findings: &mut ContractFindings) {
        if self.is_copy(&record) {
            return self.leave_copy(&record);
        }
        let (kind, at) = match record.claimed {
            Some(time) => (ContractFindingKind::Unsynced, time),
            None => (ContractFindingKind::Untimed, record.arrival),
        };
        if let Some(time) = record.claimed.filter(|_| self.contract.time.unsynced == UnsyncedRule::Accept) {
            if let Some(sample) = &record.sample {
                self.find(kind, sample, at, record.arrival, findings);
            }
            let now = record.arrival;
            self.date(record, time, now, findings);
        } else if let Some(sample) = record.sample {
            // What nobody knows the time of may have come late, so it is told for as long as the contract is open.
            if self.is_near(at) || self.may_be_late(record.arrival) {
                self.readings += 1;
                self.note(kind, &sample, findings);
            }
            self.refuse_claimed(&sample, record.claimed, record.id.as_deref(), record.arrival);
        }
    }
}
