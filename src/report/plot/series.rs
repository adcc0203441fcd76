//! The readings of one device, reduced to what a plot can show.
//!
//! ```text
//! a slice of time:   first ── highest ── lowest ── last
//! ```
//!
//! Of each slice the first, lowest, highest and last reading are kept, and one whose time is doubtful. So a spike is
//! drawn however many readings there are, and lines enter and leave each slice where they should (M4, Jugel et al., VLDB
//! 2014, <https://doi.org/10.14778/2732951.2732953>). Slices double in width as the readings need more room: memory
//! does not grow with their number, and which ones are kept does not depend on the order in which they come.

use std::{cmp::Reverse, collections::BTreeMap};

use super::{PlotPoint, distances::DistanceCount};
use crate::time::{Span, Time};

/// How many slices there may be, from the first to the last that has a reading. At least half as many are told apart,
/// which is more than a drawing has columns.
const MAX_SLICES: i64 = 2_048;

/// No line is drawn across a silence that is longer than so many times the median distance of readings.
pub const GAP_FACTOR: i64 = 5;

/// The readings of one device.
#[derive(Clone, Debug, Default)]
pub struct ReadingSeries {
    slices: BTreeMap<i64, TimeSlice>,
    /// A slice is 2 to this power milliseconds wide
    shift: u32,
    distances: DistanceCount,
    readings: u64,
    doubtful: u64,
}

/// The readings of a slice of time that are kept.
#[derive(Clone, Copy, Debug)]
struct TimeSlice {
    first: PlotPoint,
    lowest: PlotPoint,
    highest: PlotPoint,
    last: PlotPoint,
    /// The first one whose time is doubtful
    doubtful: Option<PlotPoint>,
}

impl ReadingSeries {
    /// Adds a reading, which may be older than those before.
    pub fn add(&mut self, point: PlotPoint) {
        self.readings += 1;
        self.doubtful += u64::from(point.doubt.is_some());
        self.distances.add(point.time);
        let slice = TimeSlice::of(point);
        put(&mut self.slices, point.time.millis() >> self.shift, slice);
        let widen = self.missing_width();
        if widen > 0 {
            self.shift += widen;
            for (at, slice) in std::mem::take(&mut self.slices) {
                put(&mut self.slices, at >> widen, slice);
            }
        }
    }

    /// How often the width of slices must double, so that there are not too many.
    fn missing_width(&self) -> u32 {
        let (first, last) = (self.slices.first_key_value(), self.slices.last_key_value());
        let (Some((first, _)), Some((last, _))) = (first, last) else { return 0 };
        (0..i64::BITS).find(|by| (last >> by) - (first >> by) < MAX_SLICES).unwrap_or(0)
    }

    /// How many readings there were.
    pub fn readings(&self) -> u64 {
        self.readings
    }

    /// How many of them have a doubtful time.
    pub fn doubtful(&self) -> u64 {
        self.doubtful
    }

    /// The readings that are kept, in stretches without a silence longer than this; `None`: than [`GAP_FACTOR`] times the
    /// median distance of the readings. What was left out within a slice is no silence, and one within it is too short to be
    /// drawn.
    pub fn stretches(&self, longest: Option<Span>) -> Vec<Vec<PlotPoint>> {
        let median = || self.distances.median().map_or(i64::MAX, Span::millis);
        let longest = longest.map_or_else(|| median().saturating_mul(GAP_FACTOR), Span::millis);
        let (mut stretches, mut end): (Vec<Vec<PlotPoint>>, _) = (Vec::new(), None);
        for slice in self.slices.values() {
            let silence = end.map(|end| (slice.first.time - end).millis());
            match stretches.last_mut().filter(|_| silence.is_some_and(|silence| silence <= longest)) {
                Some(stretch) => stretch.extend(slice.points()),
                None => stretches.push(slice.points()),
            }
            end = Some(slice.last.time);
        }
        stretches
    }
}

fn put(slices: &mut BTreeMap<i64, TimeSlice>, at: i64, slice: TimeSlice) {
    slices.entry(at).and_modify(|known| known.add(&slice)).or_insert(slice);
}

impl TimeSlice {
    fn of(point: PlotPoint) -> Self {
        let doubtful = point.doubt.is_some().then_some(point);
        Self { first: point, lowest: point, highest: point, last: point, doubtful }
    }

    fn add(&mut self, other: &Self) {
        self.first = least(self.first, other.first, by_time);
        self.last = least(self.last, other.last, |point| Reverse(by_time(point)));
        self.lowest = least(self.lowest, other.lowest, by_value);
        self.highest = least(self.highest, other.highest, |point| Reverse(by_value(point)));
        self.doubtful = match (self.doubtful, other.doubtful) {
            (Some(one), Some(other)) => Some(least(one, other, by_time)),
            (one, other) => one.or(other),
        };
    }

    fn points(&self) -> Vec<PlotPoint> {
        let kept = [self.first, self.lowest, self.highest, self.last];
        let mut points: Vec<PlotPoint> = kept.into_iter().chain(self.doubtful).collect();
        points.sort_by_key(|point| point.time);
        points.dedup();
        points
    }
}

/// The one of two readings that comes first in some order; of equal ones either.
fn least<K: PartialOrd>(one: PlotPoint, other: PlotPoint, key: fn(&PlotPoint) -> K) -> PlotPoint {
    if key(&other) < key(&one) { other } else { one }
}

/// By time, of equal ones by value, so that the order in which they came does not matter.
fn by_time(point: &PlotPoint) -> (Time, f64) {
    (point.time, point.value)
}

/// By value, of equal ones by time.
fn by_value(point: &PlotPoint) -> (f64, Time) {
    (point.value, point.time)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(millis: i64, value: f64) -> PlotPoint {
        PlotPoint { time: Time::from_millis(millis).unwrap(), value, doubt: None }
    }

    fn series(points: impl IntoIterator<Item = PlotPoint>) -> ReadingSeries {
        let mut series = ReadingSeries::default();
        points.into_iter().for_each(|point| series.add(point));
        series
    }

    fn kept(series: &ReadingSeries) -> Vec<PlotPoint> {
        series.stretches(None).concat()
    }

    fn starts(series: &ReadingSeries, longest: Option<Span>) -> Vec<i64> {
        series.stretches(longest).iter().map(|stretch| stretch[0].time.millis()).collect()
    }

    #[test]
    fn a_spike_among_a_million_readings_is_kept() {
        let spike = 654_321;
        let value = |n: i64| if n == spike { 99.5 } else { f64::from(u8::try_from(n % 7).unwrap()) };
        let series = series((0..1_000_000).map(|n| point(n * 1_000, value(n))));
        let points = kept(&series);
        assert!(points.contains(&point(spike * 1_000, 99.5)));
        assert_eq!(points[0], point(0, 0.0));
        assert_eq!(points[points.len() - 1], point(999_999_000, value(999_999)));
        assert!(series.slices.len() > 1_000 && points.len() <= 8_192, "{}", points.len());
        assert_eq!((series.readings(), series.stretches(None).len()), (1_000_000, 1));
    }

    #[test]
    fn the_order_of_readings_does_not_matter() {
        let readings: Vec<_> = (0..50_000)
            .map(|n| point(n * 977 % 50_000 * 333, f64::from(u8::try_from(n % 101).unwrap())))
            .collect();
        let mut sorted = readings.clone();
        sorted.sort_by_key(|point| point.time);
        let [mixed, sorted, backwards] =
            [readings, sorted.clone(), sorted.into_iter().rev().collect()].map(series);
        assert_eq!(kept(&mixed), kept(&sorted));
        assert_eq!(kept(&backwards), kept(&sorted));
    }

    #[test]
    fn no_line_crosses_a_silence() {
        let minute = 60_000;
        let minutes = [0, 1, 2, 3, 8, 9, 15, 16, 17].map(|n| point(n * minute, 1.0));
        assert_eq!(starts(&series(minutes), None), [0, 15 * minute], "six minutes, and five are none");
        assert_eq!(
            starts(&series(minutes), Some(Span::from_millis(4 * minute))),
            [0, 8 * minute, 15 * minute]
        );
        assert_eq!(starts(&series(minutes), Some(Span::from_millis(10 * minute))), [0]);
        assert_eq!(starts(&series([point(0, 1.0), point(minute * 1_000, 1.0)]), None), [0]);
        assert!(series([]).stretches(None).is_empty());
    }

    #[test]
    fn a_doubtful_time_is_kept_and_counted() {
        let doubtful = PlotPoint { doubt: Some(super::super::TimeDoubt::Unsynced), ..point(1_000_500, 3.0) };
        let all = series((0..100_000).map(|n| point(n * 100, 3.0)).chain([doubtful]));
        assert!(kept(&all).contains(&doubtful));
        assert_eq!(all.doubtful(), 1);
    }

    #[test]
    fn the_ends_of_the_calendar_fit() {
        let first = Time::parse("0000-01-01T00:00:00.000Z").unwrap().millis();
        let series = series([point(Time::LAST.millis(), 1.0), point(first, 2.0), point(0, 3.0)]);
        assert_eq!(kept(&series).len(), 3);
    }
}
