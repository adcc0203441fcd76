//! Step 3 of the commit protocol: the arrivals get their times, and what may enter is let in.

use super::{
    super::batch::{Arrival, Batch, IncomingRecord},
    Appender, Committed, WriterMachine,
};
use crate::rules::received::{self, ClockState, ClockTrust, PreviousEntry};

impl Appender {
    /// Step 3: gives the arrivals their times, and lets in what may enter. Answers how many of them were
    /// sent again: recovered, or committed and not acknowledged.
    pub(super) fn fill(
        &mut self,
        batch: &mut Batch,
        arrivals: Vec<Arrival>,
        before: &mut PreviousEntry,
        here: &WriterMachine,
        committed: &mut Committed,
    ) -> u64 {
        let trust = ClockTrust { synchronised: here.synchronised, accepted: self.options.accept_clock };
        let mut resent = self.resent.take().unwrap_or_default();
        let (mut absorbed, mut places, mut records) = (Vec::new(), Vec::new(), Vec::new());
        let begin = *before;
        for (place, arrival) in arrivals.into_iter().enumerate() {
            if resent.absorb(&arrival.record) {
                absorbed.push(place);
                continue;
            }
            let (times, clock) = received::received(arrival.clock, before, trust);
            committed.clock = if clock == ClockState::Fine { committed.clock } else { clock };
            records.push((arrival.clock, arrival.at(times)));
            places.push(place);
        }
        resent.end_batch();
        self.resent = Some(resent);
        if self.options.keep_going && before.trail != begin.trail && before.trail.is_odd_since(&begin.trail) {
            *before = begin;
            committed.refused = self.fill_singly(batch, records, &places, before, trust);
            return absorbed.len() as u64;
        }
        batch.extend(records.into_iter().map(|(_, record)| record).collect());
        let refusals = self.refusals(batch);
        let refused: Vec<usize> = refusals.iter().map(|(at, _)| *at).collect();
        batch.leave_out(&refused, self.options.keep_going);
        // What is refused says nothing about the clock.
        *before = PreviousEntry { believed: before.believed, ..begin };
        before.follow(batch.fresh().iter().map(|record| record.times));
        before.believed =
            before.believed.filter(|clock| Some(clock.wall) <= before.trail.arrival()).or(begin.believed);
        committed.refused = refusals.into_iter().map(|(at, why)| (places[at], why)).collect();
        let stop = committed.refused.first().filter(|_| !self.options.keep_going);
        absorbed.retain(|place| stop.is_none_or(|(stop, _)| place < stop));
        absorbed.len() as u64
    }

    /// As [`Self::fill`], where the clock jumped or was mended: record by record, since each that is refused changes
    /// what the next may say about the clock.
    fn fill_singly(
        &mut self,
        batch: &mut Batch,
        records: Vec<(received::ClockReading, IncomingRecord)>,
        places: &[usize],
        before: &mut PreviousEntry,
        trust: ClockTrust,
    ) -> Vec<(usize, String)> {
        let (mut good, mut refused) = (Vec::new(), Vec::new());
        for ((clock, mut record), place) in records.into_iter().zip(places) {
            let mut after = *before;
            record.times = received::received(clock, &mut after, trust).0;
            let mut single = Batch::new(before.next, Vec::new());
            single.extend(vec![record]);
            if let Some((_, why)) = self.refusals(&single).pop() {
                refused.push((*place, why));
            } else {
                *before = after;
                good.extend(single.into_records());
            }
        }
        batch.extend(good);
        refused
    }

    /// The new entries that may not enter: the first of them, or all.
    pub(super) fn refusals(&mut self, batch: &Batch) -> Vec<(usize, String)> {
        let too_long: Vec<(usize, String)> = batch.too_long().collect();
        let barred: Vec<usize> = too_long.iter().map(|(at, _)| *at).collect();
        let mut refusals = self.admission.refusals(batch.fresh(), &barred, self.options.keep_going);
        refusals.extend(too_long);
        refusals.sort_by_key(|(at, _)| *at);
        refusals.dedup_by_key(|(at, _)| *at);
        refusals.truncate(if self.options.keep_going { usize::MAX } else { 1 });
        refusals
    }
}
