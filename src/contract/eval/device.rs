//! One device's records as they arrive: the time of each, whether it counts, and their order in time.
//!
//! Readings are kept until nothing that can still arrive comes before them: a reading that counts was
//! arrived at most `late_after` after it was measured. Where late readings count, or where something that
//! arrives later changes what was already followed, everything is kept until the end.

mod counting;
pub(super) mod dating;
mod holes;
mod streams;
mod untimed;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use self::{streams::DeviceStreams, untimed::UntimedReadings};
use super::{
    EntryId, Excursion, LateChange, TermResult, Window,
    counted_time::CountedTime,
    fact::{DeviceRecord, FieldValues},
    findings::{ContractFindingKind, ContractFindings, FindingTally},
    group::MemberChange,
    hindsight::{CalibratedTime, ReadingId},
    measure::DeviceColumns,
    sample::Sample,
    timeline::Timeline,
    undated::{UndatedRecord, UndatedRecords},
};
use crate::{
    contract::document::{Contract, LateRule, SuspectRule},
    hash::Hash,
    time::Time,
};

/// How many samples are kept before it is tried to follow some of them.
pub(super) const ENOUGH: usize = 4_096;

/// Follows the records of one device of the contract.
pub(super) struct DeviceEvaluation<'a> {
    contract: &'a Contract,
    at: usize,
    window: Window,
    timeline: Timeline<'a>,
    waiting: VecDeque<Sample>,
    /// Whether one of them is earlier than the one before it
    unsorted: bool,
    patience: usize,
    undated: UndatedRecords,
    untimed: UntimedReadings,
    /// The records that a status dated, and that count
    dated: BTreeSet<Hash>,
    streams: DeviceStreams,
    /// The holes that the timeline knows, with their starts; `None`: the stream begins with the hole
    known_holes: BTreeMap<HolePlace, Option<i64>>,
    /// Whether a later record changes what was followed already
    late_change: bool,
    /// How many readings of it there are about the period, whether they count or not
    pub(super) readings: u64,
    /// Those that were received when the contract was closed
    pub(super) too_late: FindingTally,
    /// Those that count and have no value for any of its fields
    pub(super) empty: FindingTally,
    /// How many of it about the period were corrected
    pub(super) corrected: u64,
    /// The readings that were corrected
    pub(super) changed: BTreeSet<ReadingId>,
}

/// The stream of a hole, its first number, and its field; no field: every one.
type HolePlace = (usize, u64, Option<usize>);

impl<'a> DeviceEvaluation<'a> {
    pub(super) fn new(
        contract: &'a Contract,
        at: usize,
        window: Window,
        times: &[CountedTime],
        patience: usize,
    ) -> Self {
        let timeline = Timeline::new(contract, at, window, times);
        Self {
            contract,
            at,
            window: timeline.window,
            timeline,
            waiting: VecDeque::new(),
            unsorted: false,
            patience,
            undated: UndatedRecords::default(),
            untimed: UntimedReadings::default(),
            dated: BTreeSet::new(),
            streams: DeviceStreams::default(),
            known_holes: BTreeMap::new(),
            late_change: false,
            readings: 0,
            too_late: FindingTally::default(),
            empty: FindingTally::default(),
            corrected: 0,
            changed: BTreeSet::new(),
        }
    }

    /// Knows when the device was calibrated.
    pub(super) fn calibrate(&mut self, time: CalibratedTime) {
        self.timeline.calibrate(time);
    }

    /// A counter, by its field's place, begins anew with the value after an instant.
    pub(super) fn reset(&mut self, field: usize, after: i64) {
        self.timeline.reset(field, after);
    }

    /// A counter, by its field's place, is followed since an instant before the period.
    pub(super) fn follow_counter(&mut self, field: usize, since: i64) {
        self.timeline.follow_counter(field, since);
    }

    /// A record whose signer may speak for the device: a reading of it, or another record of its source.
    pub(super) fn take(
        &mut self,
        record: &mut DeviceRecord,
        entry: EntryId,
        arrival: Time,
        findings: &mut ContractFindings,
    ) {
        let own = record.source.reading_of == Some(self.at);
        let by_arrival = self.contract.devices[self.at].by_received;
        let claimed = if by_arrival { Some(arrival) } else { record.time };
        // The time of a clock that was not synchronised is a claim until a later status confirms or corrects it.
        let time = claimed.filter(|_| by_arrival || !record.source.unsynced);
        let stream = record.stream().map(|(name, seq)| (self.streams.place(name), seq));
        if let Some((stream, seq)) = stream {
            self.streams.at(stream).spoken |= own;
            // Whether the number of its own reading counts is decided with the reading.
            if !own {
                let believed = time.filter(|time| self.is_believed(*time, arrival));
                self.streams.at(stream).numbers.insert(seq, believed.map(Time::millis), entry);
            }
        }
        // Only the device whose reading it is takes the values: its signer may speak for others, too.
        let cells = if own { std::mem::take(&mut record.cells) } else { FieldValues::new() };
        // Only its own reading is asked for its correction, which leaves the record then.
        let extras = record.extras.as_mut().filter(|_| own);
        let correction = extras.and_then(|extras| extras.correction.take());
        let mut sample = own.then(|| Sample { time: 0, entry, stream, cells, counts: true, correction });
        if let Some(sample) = sample.as_ref().filter(|_| record.source.weak) {
            let at = claimed.unwrap_or(arrival);
            self.find(ContractFindingKind::Invalid, sample, at, arrival, findings);
            self.count_reading(at, arrival);
            return self.refuse_claimed(sample, claimed, record.undated_id(), arrival);
        }
        if let Some(sample) = sample.as_ref().filter(|_| record.suspect) {
            let at = claimed.unwrap_or(arrival);
            self.find(ContractFindingKind::Suspect, sample, at, arrival, findings);
            if self.contract.time.suspect == SuspectRule::Reject {
                self.count_reading(at, arrival);
                return self.refuse_claimed(sample, claimed, record.undated_id(), arrival);
            }
        }
        if let Some(time) = time {
            if let Some(sample) = &mut sample {
                self.count_sample(sample, time, arrival, arrival, findings);
            }
        } else if sample.is_some() || stream.is_some() {
            let (boot, up) = record.uptime().unwrap_or(("", 0));
            let id = record.undated_id().filter(|_| own).copied().map(Box::new);
            let undated = UndatedRecord { id, up, arrival, claimed, entry, stream, sample };
            if record.uptime().is_some() {
                if let Some((stream, seq)) = stream.filter(|_| own) {
                    self.streams.at(stream).numbers.wait_for(seq);
                }
                self.undated.push(boot, undated);
            } else {
                self.leave_undated(undated, findings);
            }
        }
    }

    /// Follows what nothing can come before any more, once enough is waiting. Answers whether it did.
    pub(super) fn follow(&mut self, arrival: Time) -> bool {
        if self.waiting.len() < self.patience || self.contract.time.late != LateRule::Reject {
            return false;
        }
        self.follow_until(self.settled_until(arrival));
        // The holes are gone through each time, so there are as many readings in between.
        self.patience = self.patience.max(self.waiting.len() * 2).max(self.known_holes.len());
        true
    }

    /// The first instant at which something can still be measured that counts.
    fn settled_until(&self, arrival: Time) -> i64 {
        let oldest = self.undated.oldest_arrival().unwrap_or(arrival).min(arrival);
        oldest.millis() - self.contract.time.late_after.millis()
    }

    /// Follows what nothing can come before any more, however little is waiting, since a group that the device is in must
    /// know all of its members. Answers up to when.
    pub(super) fn keep_pace(&mut self, arrival: Time) -> i64 {
        let until = self.settled_until(arrival);
        self.follow_until(until);
        self.report_holes();
        self.timeline.advance(until);
        until
    }

    /// What groups are to be told.
    pub(super) fn changes(&mut self) -> Vec<MemberChange> {
        self.timeline.changes()
    }

    /// The excursions that breached a term that is paid for, and ended since this was asked last.
    pub(super) fn breaches(&mut self) -> impl Iterator<Item = (usize, Excursion)> {
        self.timeline.breaches()
    }

    fn sort(&mut self) {
        if std::mem::take(&mut self.unsorted) {
            self.waiting.make_contiguous().sort_unstable_by_key(|sample| (sample.time, sample.entry));
        }
    }

    fn follow_until(&mut self, until: i64) {
        self.sort();
        self.hide_untimed(until);
        let settled = self.waiting.partition_point(|sample| sample.time < until);
        if settled == 0 {
            return;
        }
        self.report_holes();
        let mut samples = std::mem::take(&mut self.waiting);
        for part in instants(&mut samples, settled) {
            self.follow_samples(part);
        }
        samples.drain(..settled);
        self.waiting = samples;
    }

    fn follow_samples(&mut self, samples: &[Sample]) {
        // Holes are found in the streams as a whole, so a later filling shows as a difference.
        for instant in samples.chunk_by(|a, b| a.time == b.time) {
            self.timeline.instant(instant);
            for (stream, seq) in instant.iter().filter_map(|sample| sample.stream) {
                let followed = &mut self.streams.at(stream).followed;
                *followed = (*followed).max(Some(seq));
            }
        }
        self.untimed.follow(samples);
    }

    /// Takes what nothing dated as such: no more records come.
    pub(super) fn end(&mut self, findings: &mut ContractFindings) {
        for record in self.undated.rest() {
            self.leave_undated(record, findings);
        }
    }

    /// Follows the rest, after the [end](Self::end).
    pub(super) fn run_out(&mut self, window: Window) {
        self.timeline.end_with(window);
        self.sort();
        self.hide_untimed(i64::MAX);
        self.follow_until(window.unheard());
        self.report_holes();
        self.timeline.advance(window.unheard());
    }

    /// The results of the device's terms, by place in the contract, and what was measured of it, after it has
    /// [run out](Self::run_out).
    pub(super) fn finish(
        mut self,
        running: bool,
        findings: &mut ContractFindings,
    ) -> Result<(Vec<(usize, TermResult)>, DeviceColumns), LateChange> {
        if self.late_change || self.timeline.late_change {
            return Err(LateChange);
        }
        self.find_holes(findings);
        if !running {
            let mut behind = std::mem::take(&mut self.waiting);
            behind
                .make_contiguous()
                .chunk_by(|a, b| a.time == b.time)
                .for_each(|instant| self.timeline.count_behind(instant));
        }
        let (outcomes, remarks) = self.timeline.finish(running);
        findings.merge(remarks);
        Ok(outcomes)
    }
}

/// The first so many samples, in two parts of which none ends within an instant.
fn instants(samples: &mut VecDeque<Sample>, count: usize) -> [&[Sample]; 2] {
    let (front, back) = samples.as_slices();
    if count > front.len() && front.last().map(|last| last.time) == back.first().map(|first| first.time) {
        samples.make_contiguous();
    }
    let (front, back) = samples.as_slices();
    let first = count.min(front.len());
    [&front[..first], &back[..count - first]]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A ring whose samples of these instants begin so far before its end.
    fn ring(times: &[i64], before_end: usize) -> VecDeque<Sample> {
        let sample = |time: &i64| {
            let (entry, cells) = (EntryId { ledger: 0, n: 0 }, FieldValues::new());
            Sample { time: *time, entry, stream: None, cells, counts: true, correction: None }
        };
        let mut ring = VecDeque::with_capacity(8);
        let gone = ring.capacity() - before_end;
        ring.extend(std::iter::repeat_n(sample(&0), gone));
        (0..gone).for_each(|_| drop(ring.pop_front()));
        ring.extend(times.iter().map(sample));
        ring
    }

    #[test]
    fn no_part_of_samples_ends_within_an_instant() {
        for before_end in 1..6 {
            let mut samples = ring(&[1, 2, 2, 2, 3], before_end);
            assert_eq!(samples.as_slices().0.len(), before_end.min(5), "they lie across the end");
            let times = |part: &[Sample]| part.iter().map(|sample| sample.time).collect::<Vec<_>>();
            let [front, back] = instants(&mut samples, 4).map(times);
            assert!(front.last() != back.first() || front.is_empty());
            assert_eq!([front, back].concat(), [1, 2, 2, 2]);
        }
    }
}
