//! The values of one device through time, and its terms at each change of a value.
//!
//! Samples come in the order of their times, whatever order they arrived in. Between two samples the state
//! changes where a value's hold ends and where a hole of a stream begins. Which of several values of one instant
//! stands, [`super::instant`] says.

mod counters;
mod field_states;
mod heard;
mod passing;
mod remarks;

use std::collections::BTreeSet;

use self::{
    field_states::{FieldState, FieldStates},
    heard::SaidAt,
};
use super::{
    EntryId, TermResult, Window,
    counted_time::CountedTime,
    excursion::Excursion,
    fact::FieldValue,
    findings::{ContractFindingKind, ContractFindings},
    followers::TermFollowers,
    group::MemberChange,
    hiding::{HidingHoles, UnknownFrom},
    hindsight::CalibratedTime,
    instant::InstantValues,
    measure::DeviceColumns,
    sample::Sample,
};
use crate::{contract::document::Contract, decimal::Decimal};

pub(super) struct Timeline<'a> {
    fields: FieldStates,
    /// The same without the holes that begin at this instant; `None`: none does
    passing: Option<FieldStates>,
    device: usize,
    /// Whether its readings count from when they were received
    by_received: bool,
    hold: i64,
    pub(super) window: Window,
    terms: TermFollowers<'a>,
    /// Up to where everything has been followed
    pub(super) cursor: i64,
    entry: EntryId,
    /// Holes that begin later than the cursor, ascending
    ahead: BTreeSet<UnknownFrom>,
    /// Streams whose first numbers are missing: from the sample before their first one on
    missing_starts: BTreeSet<(usize, u64)>,
    /// Values of the latest instant, by field, also those that stood for no time: another followed, or a hole hides them
    said: Vec<(usize, Decimal)>,
    /// What the readings of the latest instant say that count, if there were several
    heard: Vec<(SaidAt, FieldValue)>,
    remarks: ContractFindings,
    /// The first entry in which a field had no unit
    unitless: Vec<Option<EntryId>>,
    /// When what the device says is what it measures; `None`: always
    calibrated: Option<CalibratedTime>,
    /// The first entry that was measured without a valid calibration
    uncalibrated: Option<EntryId>,
    /// What groups are told; `None`: the device is in none
    changes: Option<Vec<MemberChange>>,
    /// The values that they were told last
    told: Vec<Option<Decimal>>,
    /// The last instant at which there was a sample
    latest: i64,
    /// Whether a stream turned out to lack its beginning behind what was followed already
    pub(super) late_change: bool,
}

impl<'a> Timeline<'a> {
    pub(super) fn new(contract: &'a Contract, device: usize, window: Window, times: &[CountedTime]) -> Self {
        let values = vec![FieldState::default(); contract.devices[device].fields.len()];
        let terms = TermFollowers::new(contract, device, window, times);
        Self {
            unitless: vec![None; values.len()],
            fields: FieldStates {
                values,
                uncounted: HidingHoles::default(),
                now: i64::MIN,
                uncalibrated: false,
            },
            passing: None,
            device,
            by_received: contract.devices[device].by_received,
            hold: contract.time.hold.map_or(0, crate::time::Span::millis),
            window: window.with_counters(terms.snap()),
            terms,
            cursor: i64::MIN,
            entry: EntryId { ledger: 0, n: 0 },
            ahead: BTreeSet::new(),
            missing_starts: BTreeSet::new(),
            said: Vec::new(),
            heard: Vec::new(),
            remarks: ContractFindings::default(),
            calibrated: (!contract.devices[device].calibrated_by.is_empty()).then(CalibratedTime::default),
            uncalibrated: None,
            changes: contract.is_in_group(device).then(Vec::new),
            told: Vec::new(),
            latest: i64::MIN,
            late_change: false,
        }
    }

    /// Knows when the device was calibrated, if that is asked.
    pub(super) fn calibrate(&mut self, time: CalibratedTime) {
        self.calibrated = self.calibrated.is_some().then_some(time);
    }

    /// A counter, by its field's place, begins anew with the value after an instant.
    pub(super) fn reset(&mut self, field: usize, after: i64) {
        self.terms.reset(field, after);
    }

    /// A counter, by its field's place, is followed since an instant before the period.
    pub(super) fn follow_counter(&mut self, field: usize, since: i64) {
        self.terms.follow_counter(field, since);
    }

    /// The window ends so.
    pub(super) fn end_with(&mut self, window: Window) {
        self.window = window.with_counters(self.terms.snap());
    }

    pub(super) fn unknown_from(&mut self, start: UnknownFrom) {
        self.ahead.insert(start);
    }

    pub(super) fn missing_start(&mut self, stream: usize, first: u64) {
        self.missing_starts.insert((stream, first));
    }

    /// Samples of one instant, lowest entry first.
    pub(super) fn instant(&mut self, samples: &[Sample]) {
        let Some(first) = samples.first() else { return };
        self.begin_streams(samples);
        self.latest = first.time;
        self.advance(first.time);
        self.doubt_counters();
        self.begin_passing(first.time);
        self.hide_fields(first.time);
        self.fields.uncalibrated = !self.is_calibrated(first.time);
        self.find_uncalibrated(samples);
        self.entry = samples.iter().find(|sample| sample.counts).unwrap_or(first).entry;
        self.said.clear();
        // Before the values, since one with a higher number may be among them.
        self.find_uncounted(samples);
        if let [sample] = samples {
            for cell in &sample.cells {
                self.take(sample, cell);
            }
        } else {
            self.take_several(samples);
        }
        self.pass(first.time);
        self.look(first.time, true);
        // What gives no field a known value is no sign that the device works, and nothing that is measured. A value from a time
        // without calibration can still speak in one with it.
        if self.fields.uncalibrated {
            self.heard.clear();
            return;
        }
        if samples.iter().any(Sample::says_something) {
            self.terms.reading(first.time, self.window);
        }
        self.glimpse(first.time);
        self.hear(first.time, samples);
    }

    /// Whether what the device says at an instant is what it measures.
    fn is_calibrated(&self, at: i64) -> bool {
        self.calibrated.as_ref().is_none_or(|time| time.covers(at))
    }

    /// A stream whose beginning is missing is not bridged by what was before it.
    fn begin_streams(&mut self, samples: &[Sample]) {
        if self.missing_starts.is_empty() {
            return;
        }
        for (stream, seq) in samples.iter().filter_map(|sample| sample.stream) {
            let begun: Vec<_> = self.missing_starts.range((stream, 0)..=(stream, seq)).copied().collect();
            for (stream, first) in begun {
                self.missing_starts.remove(&(stream, first));
                self.late_change |= self.cursor > self.latest;
                if self.cursor > i64::MIN {
                    self.ahead.insert(UnknownFrom::hole(self.cursor, stream, first, None));
                }
            }
        }
    }

    /// Follows the state up to an instant: holds end, holes begin, calibrations begin and end.
    pub(super) fn advance(&mut self, to: i64) {
        // A hole may have become known only now.
        if self.ahead.first().is_some_and(|hole| hole.start <= self.cursor) {
            self.begin_passing(self.cursor);
            self.pass(self.cursor);
            self.hide_fields(self.cursor);
            self.look(self.cursor, false);
        }
        loop {
            let ends =
                self.fields.values.iter().filter(|field| field.value.is_some()).map(|field| field.until);
            let hole = self.ahead.first().map(|hole| hole.start);
            let border = self.calibrated.as_ref().and_then(|time| time.border_after(self.cursor));
            let next = ends.chain(hole).chain(border).filter(|at| *at > self.cursor).min();
            let Some(at) = next.filter(|at| *at < to) else { break };
            self.hide_fields(at);
            self.look(at, false);
        }
    }

    /// Holes that begin by now hide every field.
    fn hide_fields(&mut self, now: i64) {
        while let Some(hole) = self.ahead.first().copied().filter(|hole| hole.start <= now) {
            self.ahead.pop_first();
            self.fields.begin(&hole);
        }
    }

    /// The value that stands from the instant of a sample on.
    fn take(&mut self, sample: &Sample, cell: &FieldValue) {
        self.count(sample, cell);
        self.remark_cell(sample, cell);
        self.say(cell);
        for states in self.passing.iter_mut().chain([&mut self.fields]) {
            states.take(sample, cell, self.hold);
        }
    }

    /// Readings that may have been further ones: those without number that do not count, unless they stand beside one that does,
    /// of which they may be copies, and those that say nothing but what cannot be used. Of a numbered one more is open where
    /// a number below it is known.
    fn find_uncounted(&mut self, samples: &[Sample]) {
        let says_something = samples.iter().any(Sample::says_something);
        for sample in samples {
            match sample.stream {
                Some((stream, seq)) if sample.is_spoilt() => {
                    self.fields.uncounted.begin(&UnknownFrom::hole(sample.time, stream, seq, None));
                }
                None if sample.is_spoilt() || !sample.counts && !says_something => {
                    self.fields.uncounted.refuse(sample.time);
                }
                _ => {}
            }
        }
    }

    /// Several samples of one instant: field by field, since each may have another of its values from another sample.
    fn take_several(&mut self, samples: &[Sample]) {
        for field in 0..self.fields.values.len() {
            let values = instant_values(samples, field, self.by_received);
            self.remark_values(&values, field);
            let InstantValues { last, passing, .. } = values;
            if self.terms.measures() {
                let said = passing.iter().chain(&last).filter(|(sample, _)| sample.counts);
                self.heard.extend(said.map(|(sample, cell)| (SaidAt::of(sample), (*cell).clone())));
            }
            for (_, cell) in &passing {
                self.say(cell);
            }
            if let Some((sample, cell)) = last {
                self.take(sample, cell);
            }
        }
    }

    /// Takes what groups are to be told.
    pub(super) fn changes(&mut self) -> Vec<MemberChange> {
        self.changes.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Tells groups the values from now on, if they are other ones.
    fn tell_groups(&mut self, at: i64) {
        let Some(changes) = &mut self.changes else { return };
        let values = self.fields.numbers();
        if values != self.told {
            self.told.clone_from(&values);
            changes.push(MemberChange { at, entry: self.entry, values });
        }
    }

    /// Evaluates every condition.
    fn look(&mut self, now: i64, sampled: bool) {
        (self.cursor, self.fields.now) = (now, now);
        self.fields.uncalibrated = !self.is_calibrated(now);
        self.tell_groups(now);
        let overflow = self.terms.look(now, &self.fields, self.entry, self.window);
        if self.terms.measures() {
            let missing = !self.fields.uncounted.is_empty() || self.fields.uncalibrated;
            self.terms.measure(now, &self.fields, missing, self.window);
        }
        if overflow && sampled && self.window.is_near(now) {
            self.remarks.add(self.finding(self.entry, ContractFindingKind::Overflow, None));
        }
    }

    /// The excursions that breached a term that is paid for, and ended since this was asked last.
    pub(super) fn breaches(&mut self) -> impl Iterator<Item = (usize, Excursion)> {
        self.terms.breaches()
    }

    /// The results of the terms, by place in the contract, what was measured, and the findings.
    pub(super) fn finish(
        mut self,
        running: bool,
    ) -> ((Vec<(usize, TermResult)>, DeviceColumns), ContractFindings) {
        self.remark_rest();
        (self.terms.finish(self.window, running), self.remarks)
    }
}

/// What samples of one instant say of a field.
fn instant_values(samples: &[Sample], field: usize, by_received: bool) -> InstantValues<'_> {
    let said = samples.iter().flat_map(|sample| {
        sample.cells.iter().filter(move |cell| cell.field() == field).map(move |cell| (sample, cell))
    });
    InstantValues::of(said.collect(), by_received)
}
