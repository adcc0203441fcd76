//! Several values of one field for one instant: a device says more than one in a millisecond, a gateway reads ten lines
//! at once, a reading comes twice, or two gateways disagree.
//!
//! ```text
//! stream a   17: 4.0   18: 9.5   19: 5.0      the values of one stream follow each other by number: 5.0 stands, and the
//! stream b   40: 9.5                          others stood for no time. The 9.5 of stream b is one of them, so it is
//! no stream   6.0                             the same reading again; 6.0 is another word: a conflict
//! ```
//!
//! The stream of the lowest entry is believed. Where readings count from when they were received, no clock tells the values of
//! one arrival apart but their order: those of one ledger follow each other by entry, and those of one stream among them by
//! number.

use std::collections::BTreeMap;

use super::{fact::FieldValue, sample::Sample};

/// A sample, and what it says of the field.
pub(super) type SaidValue<'s> = (&'s Sample, &'s FieldValue);

/// The values of one field for one instant.
pub(super) struct InstantValues<'s> {
    /// The one that stands from then on; `None`: no sample has the field
    pub(super) last: Option<SaidValue<'s>>,
    /// Those that stood for no time, in the order in which they were said
    pub(super) passing: Vec<SaidValue<'s>>,
    /// Those that contradict, by entry
    pub(super) conflicts: Vec<SaidValue<'s>>,
}

impl<'s> InstantValues<'s> {
    /// Tells apart what is said, which comes in the order of entries. `by_received`: whether readings count from when they were
    /// received.
    pub(super) fn of(mut said: Vec<SaidValue<'s>>, by_received: bool) -> Self {
        // That there was a reading which does not count says nothing beside one that does.
        if said.iter().any(|(sample, _)| sample.counts) {
            said.retain(|(sample, _)| sample.counts);
        }
        let Some((first, _)) = said.first() else {
            return Self { last: None, passing: Vec::new(), conflicts: Vec::new() };
        };
        let stream = |sample: &Sample| sample.stream.map(|(stream, _)| stream);
        let believed = stream(first);
        let is_believed = |(sample, _): &SaidValue| {
            sample.entry == first.entry
                || by_received && sample.entry.ledger == first.entry.ledger
                || believed.is_some() && stream(sample) == believed
        };
        let (mut chain, others): (Vec<_>, Vec<_>) = said.iter().copied().partition(is_believed);
        // Most often they are there already in their order, each once.
        let is_in_order = chain.is_sorted_by(|(a, _), (b, _)| a.stream.is_some() && a.stream < b.stream);
        let (mut kept, mut conflicts) = if is_in_order {
            (chain, Vec::new())
        } else {
            sort_streams(&mut chain);
            without_repeats(chain)
        };
        if by_received {
            // So many may have arrived at once that each is compared with the one that stands only.
            conflicts.extend(
                others.into_iter().filter(|it| kept.last().is_some_and(|last| last.1.value != it.1.value)),
            );
            conflicts.sort_by_key(|(sample, _)| sample.entry);
            return Self { last: kept.pop(), passing: kept, conflicts };
        }
        let is_new = |other: &SaidValue| kept.iter().all(|it| it.1.value != other.1.value);
        conflicts.extend(others.into_iter().filter(is_new));
        conflicts.sort_by_key(|(sample, _)| sample.entry);
        Self { last: kept.pop(), passing: kept, conflicts }
    }
}

/// Sorts the values of each stream by number, in the places that they have together.
fn sort_streams(said: &mut [SaidValue<'_>]) {
    let mut streams: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (place, (sample, _)) in said.iter().enumerate() {
        if let Some((stream, _)) = sample.stream {
            streams.entry(stream).or_default().push(place);
        }
    }
    for places in streams.into_values().filter(|places| places.len() > 1) {
        let mut values: Vec<_> = places.iter().map(|place| said[*place]).collect();
        values.sort_by_key(|(sample, _)| (sample.stream.map(|(_, seq)| seq), sample.entry));
        for (place, value) in places.into_iter().zip(values) {
            said[place] = value;
        }
    }
}

/// Values without those whose number was there before; of these, those that say something else.
fn without_repeats<'s>(said: Vec<SaidValue<'s>>) -> (Vec<SaidValue<'s>>, Vec<SaidValue<'s>>) {
    let mut numbers = BTreeMap::new();
    let (mut kept, mut conflicts): (Vec<SaidValue<'s>>, Vec<_>) =
        (Vec::with_capacity(said.len()), Vec::new());
    for next in said {
        let Some(number) = next.0.stream else {
            kept.push(next);
            continue;
        };
        match numbers.get(&number) {
            Some(value) if *value == next.1.value => {}
            Some(_) => conflicts.push(next),
            None => {
                numbers.insert(number, next.1.value.clone());
                kept.push(next);
            }
        }
    }
    (kept, conflicts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        contract::{eval::EntryId, expr::ExpressionValue},
        decimal::Decimal,
    };

    /// An entry, its stream and number, and its value; below zero is unknown.
    type Said = (u64, Option<(usize, u64)>, i8);

    /// Samples of one instant.
    fn samples(said: &[Said]) -> Vec<Sample> {
        let cell = |value: i8| {
            let value = Decimal::new(value.into(), 0).filter(|_| value >= 0).map(ExpressionValue::Number);
            FieldValue::new(0, value, None)
        };
        let sample = |(n, stream, value): &Said| Sample {
            correction: None,
            time: 0,
            entry: EntryId { ledger: 0, n: *n },
            stream: *stream,
            cells: [cell(*value)].into_iter().collect(),
            counts: true,
        };
        said.iter().map(sample).collect()
    }

    /// The entries of what stands, of what stood for no time, and of what contradicts.
    fn of(samples: &[Sample]) -> (Option<u64>, Vec<u64>, Vec<u64>) {
        let said = samples.iter().map(|sample| (sample, &sample.cells[0])).collect();
        let InstantValues { last, passing, conflicts } = InstantValues::of(said, false);
        let entries = |list: Vec<SaidValue>| list.iter().map(|(sample, _)| sample.entry.n).collect();
        (last.map(|(sample, _)| sample.entry.n), entries(passing), entries(conflicts))
    }

    #[test]
    fn values_of_one_stream_follow_each_other_by_number() {
        let (a, b) = (|seq| Some((0, seq)), |seq| Some((1, seq)));
        // by number, not by entry
        assert_eq!(of(&samples(&[(5, a(8), 9), (6, a(7), 4), (7, a(9), 5)])), (Some(7), vec![6, 5], vec![]));
        // the last one may be unknown, or what was before
        assert_eq!(of(&samples(&[(5, a(7), 4), (6, a(8), -1)])), (Some(6), vec![5], vec![]));
        assert_eq!(of(&samples(&[(5, a(7), 4), (6, a(8), 9), (7, a(9), 4)])), (Some(7), vec![5, 6], vec![]));
        // the same number again: the lower entry stands, another value of it is a conflict
        assert_eq!(of(&samples(&[(5, a(7), 4), (6, a(7), 4)])), (Some(5), vec![], vec![]));
        assert_eq!(of(&samples(&[(5, a(7), 4), (6, a(7), 9), (7, a(8), 5)])), (Some(7), vec![5], vec![6]));
        // another stream may say again what was said, and nothing else
        assert_eq!(of(&samples(&[(5, a(7), 4), (6, a(8), 9), (7, b(3), 4)])), (Some(6), vec![5], vec![]));
        assert_eq!(of(&samples(&[(5, a(7), 4), (6, b(3), 9), (7, a(8), 5)])), (Some(7), vec![5], vec![6]));
    }

    #[test]
    fn of_readings_without_stream_the_lowest_entry_stands() {
        assert_eq!(of(&samples(&[(5, None, 4), (6, None, 4), (7, None, 9)])), (Some(5), vec![], vec![7]));
        assert_eq!(of(&samples(&[(5, Some((0, 3)), 4), (6, None, 9)])), (Some(5), vec![], vec![6]));
        assert_eq!(
            of(&samples(&[(5, None, 9), (6, Some((0, 3)), 4), (7, Some((0, 4)), 9)])),
            (Some(5), vec![], vec![6])
        );
    }

    #[test]
    fn what_was_received_at_once_follows_by_entry_and_within_a_stream_by_number() {
        let (a, b) = (|seq| Some((0, seq)), |seq| Some((1, seq)));
        let of = |said: &[Said], other_ledger: &[u64]| {
            let mut samples = samples(said);
            for sample in &mut samples {
                sample.entry.ledger = usize::from(other_ledger.contains(&sample.entry.n));
            }
            let said = samples.iter().map(|sample| (sample, &sample.cells[0])).collect();
            let InstantValues { last, passing, conflicts } = InstantValues::of(said, true);
            let entries = |list: Vec<SaidValue>| list.iter().map(|(it, _)| it.entry.n).collect::<Vec<_>>();
            (last.map(|(sample, _)| sample.entry.n), entries(passing), entries(conflicts))
        };
        assert_eq!(of(&[(5, None, 4), (6, None, 9), (7, None, 4)], &[]), (Some(7), vec![5, 6], vec![]));
        // a stream that ended, and the next one; and two whose numbers are mixed
        assert_eq!(of(&[(5, a(7), 4), (6, b(0), 9)], &[]), (Some(6), vec![5], vec![]));
        assert_eq!(of(&[(5, a(8), 4), (6, b(0), 9), (7, a(7), 5)], &[]), (Some(5), vec![7, 6], vec![]));
        // the same number again is nothing new, or another word
        assert_eq!(of(&[(5, a(7), 4), (6, a(8), 9), (7, a(7), 4)], &[]), (Some(6), vec![5], vec![]));
        assert_eq!(of(&[(5, a(7), 4), (6, a(8), 9), (7, a(7), 5)], &[]), (Some(6), vec![5], vec![7]));
        // of two ledgers nobody knows which was first: the one of the lowest entry is believed
        assert_eq!(
            of(&[(5, None, 4), (6, None, 9), (7, None, 9), (8, None, 5)], &[7, 8]),
            (Some(6), vec![5], vec![8])
        );
    }

    #[test]
    fn what_does_not_count_is_nothing_beside_what_does() {
        let mut both = samples(&[(5, None, -1), (6, None, 4)]);
        both[0].counts = false;
        assert_eq!(of(&both), (Some(6), vec![], vec![]));
        assert_eq!(of(&both[..1]), (Some(5), vec![], vec![]));
        assert_eq!(of(&[]), (None, vec![], vec![]));
    }
}
