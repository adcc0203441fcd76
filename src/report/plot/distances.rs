//! How far readings are apart: the median, in memory that does not grow with their number.

use std::collections::BTreeMap;

use crate::time::{Span, Time};

/// Distances are told apart by so many of their leading bits, to about two thousandths.
const BITS: u32 = 10;

/// The distances between readings that follow each other.
#[derive(Clone, Debug, Default)]
pub(super) struct DistanceCount {
    last: Option<Time>,
    /// How often each came, in milliseconds
    counts: BTreeMap<i64, u64>,
}

impl DistanceCount {
    /// Notes the next reading. One that was buffered and came late is as far away; one of the same time is no other.
    pub(super) fn add(&mut self, time: Time) {
        let distance = self.last.map_or(0, |last| (time - last).millis().abs());
        if distance > 0 {
            *self.counts.entry(rounded(distance)).or_default() += 1;
        }
        self.last = Some(time);
    }

    /// The distance that half of them do not exceed; `None`: there are none.
    pub(super) fn median(&self) -> Option<Span> {
        let half = self.counts.values().sum::<u64>().div_ceil(2);
        let mut sum = 0;
        let median = self.counts.iter().find(|(_, count)| {
            sum += **count;
            sum >= half
        });
        median.map(|(distance, _)| Span::from_millis(*distance))
    }
}

/// The longest distance with the same leading bits: what is a little shorter than the median is not longer.
fn rounded(distance: i64) -> i64 {
    let drop = (i64::BITS - distance.leading_zeros()).saturating_sub(BITS);
    distance | ((1 << drop) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn median(times: &[i64]) -> Option<i64> {
        let mut distances = DistanceCount::default();
        for time in times {
            distances.add(Time::from_millis(*time).unwrap());
        }
        distances.median().map(Span::millis)
    }

    #[test]
    fn half_of_the_distances_are_at_most_the_median() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[5]), None);
        assert_eq!(median(&[5, 5, 5]), None);
        assert_eq!(median(&[0, 10, 20, 900]), Some(10));
        assert_eq!(median(&[900, 20, 10, 0]), Some(10));
        assert_eq!(median(&[0, 10, 30, 60, 100]), Some(20));
        assert_eq!(median(&[0, 60_000]), Some(60_031), "to two thousandths");
    }

    #[test]
    fn memory_does_not_grow_with_the_number_of_readings() {
        let mut distances = DistanceCount::default();
        let mut time = 0;
        for distance in 1..100_000 {
            time += distance;
            distances.add(Time::from_millis(time).unwrap());
        }
        assert!(distances.counts.len() < 6_000, "{}", distances.counts.len());
    }
}
