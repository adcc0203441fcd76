//! Which readings count, and what those leave behind that do not.

use super::DeviceEvaluation;
use crate::{
    contract::{
        document::LateRule,
        eval::{
            fact::FieldValue,
            findings::{ContractFinding, ContractFindingKind, ContractFindings, FindingTally},
            sample::Sample,
        },
    },
    hash::Hash,
    time::Time,
};

impl DeviceEvaluation<'_> {
    /// Whether a time is not from the future, by when it was heard of.
    pub(super) fn is_believed(&self, time: Time, heard: Time) -> bool {
        time - heard <= self.contract.time.future_skew
    }

    /// Counts a reading, once it is known when it was measured, or that this will not be known. What is not near is not
    /// about the period.
    pub(super) fn count_reading(&mut self, time: Time, arrival: Time) {
        self.readings += u64::from(self.is_near(time) || self.is_near(arrival));
    }

    /// Whether a reading counts: not from the future, not too late, not withdrawn. What counts is taken out of it.
    pub(super) fn count_sample(
        &mut self,
        sample: &mut Sample,
        time: Time,
        arrival: Time,
        now: Time,
        findings: &mut ContractFindings,
    ) -> bool {
        sample.time = time.millis();
        self.count_reading(time, arrival);
        let rules = &self.contract.time;
        if time - now > rules.future_skew {
            self.find(ContractFindingKind::Future, sample, time, arrival, findings);
            self.refuse(sample, time);
            return false;
        }
        if arrival - time > rules.late_after {
            if rules.late != LateRule::Accept {
                self.find(ContractFindingKind::Late, sample, time, arrival, findings);
            }
            if rules.late == LateRule::Reject {
                self.refuse(sample, time);
                return false;
            }
        }
        if let Some(correction) = sample.correction.take() {
            // A copy of it says the same.
            if self.changed.insert(correction.reading) {
                self.find(ContractFindingKind::Corrected, sample, time, arrival, findings);
                self.corrected += u64::from(self.is_near(time) || self.is_near(arrival));
            }
            if correction.withdrawn {
                self.refuse(sample, time);
                return false;
            }
        }
        self.count(sample);
        true
    }

    /// Takes a reading that counts, even if some of its values cannot be used.
    fn count(&mut self, sample: &mut Sample) {
        let is_empty = sample.cells.iter().all(|cell| cell.value.is_none() && !cell.is_spoilt());
        if is_empty && self.window.is_near(sample.time) {
            self.empty.add(FindingTally::once(Some(sample.entry)));
        }
        if let Some((stream, seq)) = sample.stream {
            let stream = &mut self.streams.at(stream).numbers;
            for cell in sample.cells.iter().filter(|cell| cell.is_spoilt()) {
                stream.spoil(seq, cell.field());
            }
            if sample.is_spoilt() {
                stream.spoil(seq, self.contract.devices[self.at].fields.len());
            }
            stream.insert(seq, Some(sample.time), sample.entry);
        }
        self.wait(sample.take());
    }

    /// Keeps a sample until nothing can come before it any more.
    pub(super) fn wait(&mut self, sample: Sample) {
        let order = |sample: &Sample| (sample.time, sample.entry);
        self.unsorted |= self.waiting.back().is_some_and(|last| order(&sample) < order(last));
        self.waiting.push_back(sample);
    }

    /// A reading that does not count is as one that was withheld: what it said is unknown. In a stream its number is a
    /// hole; else it is unknown from its time on.
    pub(super) fn refuse(&mut self, sample: &Sample, time: Time) {
        let (is_near, time) = (self.is_near(time), time.millis());
        if let Some((stream, seq)) = sample.stream {
            self.streams.at(stream).numbers.refuse(seq, Some(time), sample.entry);
        } else if is_near {
            self.late_change |= time <= self.timeline.cursor;
            let fields = self.contract.devices[self.at].fields.len();
            let cells = (0..fields).map(FieldValue::unknown).collect();
            let (entry, stream) = (sample.entry, None);
            self.wait(Sample { time, entry, stream, cells, counts: false, correction: None });
        }
    }

    /// The same of one whose time is what it claims, if it claims one.
    pub(super) fn refuse_claimed(
        &mut self,
        sample: &Sample,
        claimed: Option<Time>,
        id: Option<&Hash>,
        arrival: Time,
    ) {
        match claimed {
            Some(time) => self.refuse(sample, time),
            None => self.refuse_untimed(sample, id, arrival),
        }
    }

    /// Notes a finding if the reading could matter: its time, or when it arrived, is near the period.
    pub(super) fn find(
        &self,
        kind: ContractFindingKind,
        sample: &Sample,
        time: Time,
        arrival: Time,
        findings: &mut ContractFindings,
    ) {
        if self.is_near(time) || self.is_near(arrival) {
            self.note(kind, sample, findings);
        }
    }

    pub(super) fn note(&self, kind: ContractFindingKind, sample: &Sample, findings: &mut ContractFindings) {
        let (entry, device) = (Some(sample.entry), Some(self.at));
        findings.add(ContractFinding { entry, kind, device, field: None });
    }

    /// Whether what arrived then may have been measured in the period.
    pub(super) fn may_be_late(&self, arrival: Time) -> bool {
        arrival.millis() >= self.window.near && arrival < self.contract.closed()
    }

    /// Whether an instant is in the period, or so little before it that a value could speak in it, or so little behind it that
    /// a counter's value is paid for.
    pub(in crate::contract::eval) fn is_near(&self, at: Time) -> bool {
        self.window.is_near(at.millis())
    }
}
