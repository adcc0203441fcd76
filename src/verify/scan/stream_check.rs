//! The sequence and the clock of each stream: numbers that are missing or come twice, times that go backwards.

use std::collections::HashMap;

use super::scanned_line::StreamPlace;
use crate::{time::Time, verify::finding::FindingKind};

/// A stream that is silent for so many entries is forgotten, so that memory stays flat.
const REMEMBERED: u64 = 65_536;

/// The streams of the last entries.
#[derive(Default)]
pub(in crate::verify) struct StreamCheck {
    known: HashMap<u128, State>,
    swept: u64,
    /// How often entries were lost: what a source said in one of them is not missed
    losses: u64,
}

struct State {
    /// The entry that spoke last
    entry: u64,
    /// The highest number
    high: u64,
    /// Bit k: number `high − k` was seen
    recent: u64,
    /// The time of the entry with the number `high`; `None`: it had none
    time: Option<Time>,
    /// The losses when it spoke last
    losses: u64,
}

impl StreamCheck {
    /// Takes note of an entry's place in its source's sequence; answers what is odd about it.
    pub(in crate::verify) fn see(&mut self, entry: u64, track: &StreamPlace) -> Vec<(FindingKind, String)> {
        self.sweep(entry);
        let losses = self.losses;
        let fresh = State { entry, high: track.seq, recent: 1, time: track.time, losses };
        match self.known.get_mut(&track.source) {
            Some(state) if entry.saturating_sub(state.entry) <= REMEMBERED => {
                let lost = std::mem::replace(&mut state.losses, losses) < losses;
                let mut odd = state.see(entry, track);
                odd.retain(|(kind, _)| !lost || *kind != FindingKind::Gap);
                odd
            }
            _ => {
                self.known.insert(track.source, fresh);
                Vec::new()
            }
        }
    }

    /// Entries were lost here: a gap that shows next is no fault of the source.
    pub(in crate::verify) fn lose(&mut self) {
        self.losses += 1;
    }

    fn sweep(&mut self, entry: u64) {
        if entry.saturating_sub(self.swept) >= REMEMBERED {
            self.known.retain(|_, state| entry.saturating_sub(state.entry) <= REMEMBERED);
            self.swept = entry;
        }
    }
}

impl State {
    fn see(&mut self, entry: u64, track: &StreamPlace) -> Vec<(FindingKind, String)> {
        self.entry = entry;
        let StreamPlace { seq, time, .. } = *track;
        if seq <= self.high {
            return self.see_again(seq);
        }
        let mut odd = Vec::new();
        let step = seq - self.high;
        if step > 1 {
            let (from, to) = (self.high + 1, seq - 1);
            let which = if from == to { format!("seq {from} is") } else { format!("seq {from} to {to} are") };
            odd.push((FindingKind::Gap, format!("{which} missing")));
        }
        if let (Some(before), Some(now)) = (self.time, time)
            && now < before
        {
            odd.push((
                FindingKind::TimeBackwards,
                format!("the time goes back from {before} to {now} at seq {seq}"),
            ));
        }
        self.recent =
            u32::try_from(step).ok().and_then(|step| self.recent.checked_shl(step)).unwrap_or(0) | 1;
        self.high = seq;
        self.time = time.or(self.time);
        odd
    }

    /// A number that is not the highest: late, if it has not been seen.
    fn see_again(&mut self, seq: u64) -> Vec<(FindingKind, String)> {
        let bit = u32::try_from(self.high - seq).ok().and_then(|back| 1u64.checked_shl(back));
        match bit {
            Some(bit) if self.recent & bit == 0 => {
                self.recent |= bit;
                Vec::new()
            }
            _ => vec![(FindingKind::Replayed, format!("seq {seq} comes again after seq {}", self.high))],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(seqs: &[(u64, u64)]) -> Vec<FindingKind> {
        let mut streams = StreamCheck::default();
        let mut kinds = Vec::new();
        for (entry, seq) in seqs {
            let track = StreamPlace { source: 1, seq: *seq, time: None };
            kinds.extend(streams.see(*entry, &track).into_iter().map(|(kind, _)| kind));
        }
        kinds
    }

    #[test]
    fn gaps_and_repeats_are_told_from_late_comers() {
        assert_eq!(kinds(&[(1, 0), (2, 1), (3, 2)]), []);
        assert_eq!(kinds(&[(1, 17), (2, 18)]), [], "a stream may have begun elsewhere");
        assert_eq!(kinds(&[(1, 0), (2, 2)]), [FindingKind::Gap]);
        assert_eq!(kinds(&[(1, 0), (2, 2), (3, 1), (4, 3)]), [FindingKind::Gap], "late, not replayed");
        assert_eq!(kinds(&[(1, 0), (2, 1), (3, 1)]), [FindingKind::Replayed]);
        assert_eq!(kinds(&[(1, 0), (2, 1), (3, 0), (4, 2)]), [FindingKind::Replayed]);
        assert_eq!(kinds(&[(1, 0), (2, 100), (3, 0)]), [FindingKind::Gap, FindingKind::Replayed]);
        assert_eq!(kinds(&[(1, 0), (2, u64::MAX), (3, u64::MAX)]), [FindingKind::Gap, FindingKind::Replayed]);
    }

    #[test]
    fn a_gap_where_entries_were_lost_is_not_the_sources() {
        let mut streams = StreamCheck::default();
        let mut see = |entry, seq, lose: bool| {
            if lose {
                streams.lose();
            }
            streams.see(entry, &StreamPlace { source: 1, seq, time: None }).len()
        };
        assert_eq!([see(0, 0, false), see(5, 5, true), see(6, 6, false), see(7, 8, false)], [0, 0, 0, 1]);
    }

    #[test]
    fn a_silent_stream_is_forgotten_and_takes_no_memory() {
        assert_eq!(kinds(&[(0, 5), (REMEMBERED, 5)]), [FindingKind::Replayed]);
        assert_eq!(kinds(&[(0, 5), (REMEMBERED + 1, 5)]), []);
        let mut streams = StreamCheck::default();
        for entry in 0..400_000 {
            streams.see(entry, &StreamPlace { source: entry.into(), seq: 0, time: None });
            assert!(streams.known.len() <= 2 * 65_537);
        }
    }

    #[test]
    fn the_clock_is_compared_within_a_stream() {
        let mut streams = StreamCheck::default();
        let mut see = |source, seq, millis: Option<i64>| {
            let time = millis.and_then(Time::from_millis);
            streams
                .see(seq, &StreamPlace { source, seq, time })
                .into_iter()
                .map(|odd| odd.0)
                .collect::<Vec<_>>()
        };
        assert_eq!(see(1, 0, Some(1_000)), []);
        assert_eq!(see(1, 1, None), []);
        assert_eq!(see(2, 1, Some(1)), []);
        assert_eq!(see(1, 2, Some(999)), [FindingKind::TimeBackwards]);
        assert_eq!(see(1, 3, Some(999)), []);
    }

    #[test]
    fn a_clock_that_goes_back_is_said_from_and_to() {
        let (mut streams, mut said) = (StreamCheck::default(), Vec::new());
        for (seq, time) in [(0, "2026-03-01T06:00:00.000Z"), (2, "2016-03-01T06:00:00.000Z")] {
            let track = StreamPlace { source: 1, seq, time: Time::parse(time) };
            said.extend(streams.see(seq, &track).into_iter().map(|(_, text)| text));
        }
        let back = "the time goes back from 2026-03-01T06:00:00.000Z to 2016-03-01T06:00:00.000Z at seq 2";
        assert_eq!(said, ["seq 1 is missing", back]);
    }
}
