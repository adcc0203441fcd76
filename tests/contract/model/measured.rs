//! What a measure comes to over a bucket, half second after half second.
//!
//! Numbers are in units of which so many are one that all of a bucket's are whole: twenty for each of its half seconds.

use super::{
    counter::{CountedIncreases, SimpleCounter, SimpleRise},
    course::{FieldValues, HALF, holds},
    facts::Cell,
    heard::HeardReading,
    random::Demand,
};

/// What is measured. Fields are 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SimpleMeasure {
    Max(usize),
    Min(usize),
    Sum(usize),
    Avg(usize),
    First(usize),
    Last(usize),
    Readings,
    Count(Demand),
    Seconds(Demand),
    Delta,
}

/// Between what a number lies; `None`: there is no such bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct SimpleRange {
    pub(super) low: Option<i64>,
    pub(super) high: Option<i64>,
}

impl SimpleRange {
    pub(super) fn of(number: i64) -> Self {
        Self { low: Some(number), high: Some(number) }
    }

    pub(super) fn exact(self) -> Option<i64> {
        self.low.filter(|low| Some(*low) == self.high)
    }
}

/// All that is known of a device in the period.
pub(super) struct SeenPeriod {
    /// The first half second, in milliseconds, and of each the values, in twentieths, and whether records are missing then
    pub(super) from: i64,
    pub(super) halves: Vec<(FieldValues, bool)>,
    pub(super) heard: Vec<HeardReading>,
    pub(super) counter: SimpleCounter,
    pub(super) counted: CountedIncreases,
    pub(super) resolution: i64,
    /// Whether nothing is heard of the device: it is made of others
    pub(super) of_group: bool,
}

/// The same, in buckets.
#[derive(Clone, Copy)]
pub(super) struct Measured<'a> {
    pub(super) seen: &'a SeenPeriod,
    /// Where buckets begin, and the last one ends
    pub(super) borders: &'a [i64],
    pub(super) asked: Asked,
}

/// What is asked of a counter whose values show only a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// Between what its rise lies
    Known,
    /// The same for an amount: from what is shown on
    Due,
    /// What is shown
    Shown,
}

impl Measured<'_> {
    fn end(&self) -> i64 {
        self.seen.from + whole(self.seen.halves.len()) * HALF
    }

    /// How many units are one.
    pub(super) fn scale(&self, bucket: usize) -> i64 {
        20 * (self.borders[bucket + 1] - self.borders[bucket]) / HALF
    }

    pub(super) fn is_over(&self, bucket: usize) -> bool {
        self.borders[bucket + 1] <= self.end()
    }

    fn halves(&self, bucket: usize) -> &[(FieldValues, bool)] {
        let place = |at: i64| usize::try_from((at.min(self.end()) - self.seen.from) / HALF).unwrap();
        &self.seen.halves[place(self.borders[bucket])..place(self.borders[bucket + 1])]
    }

    fn heard(&self, bucket: usize) -> impl Iterator<Item = &HeardReading> {
        let (start, border, end) = (self.borders[bucket], self.borders[bucket + 1], self.end());
        let is_heard = move |time: i64| (start..border).contains(&time) && time <= end;
        self.seen.heard.iter().filter(move |heard| is_heard(heard.time))
    }

    /// What readings in a bucket say of a field, in units.
    fn said(&self, bucket: usize, field: usize) -> Vec<i64> {
        let unit = self.scale(bucket) / 10;
        let said = self.heard(bucket).filter_map(|heard| match heard.cells[field] {
            Cell::Tenths(tenths) => Some(tenths * unit),
            Cell::Absent | Cell::Null | Cell::Spoilt => None,
        });
        said.collect()
    }

    pub(super) fn of(&self, measure: SimpleMeasure, bucket: usize) -> SimpleRange {
        let (halves, cut) = (self.halves(bucket), !self.is_over(bucket));
        if halves.is_empty() && measure != SimpleMeasure::Delta {
            return SimpleRange::default();
        }
        let unknown = |field: usize| cut || halves.iter().any(|(values, _)| values[field].is_none());
        let open = |demand| cut || halves.iter().any(|(values, _)| holds(demand, *values, 0).is_none());
        let scale = self.scale(bucket);
        let known = |number: Option<i64>, unknown: bool| {
            number.filter(|_| !unknown).map(SimpleRange::of).unwrap_or_default()
        };
        let at_least = |number: i64, unknown: bool| SimpleRange {
            low: Some(number),
            high: Some(number).filter(|_| !unknown),
        };
        match measure {
            SimpleMeasure::Max(field) => {
                let most = self.met(bucket, field).into_iter().max();
                most.map_or(SimpleRange::default(), |most| at_least(most, unknown(field)))
            }
            SimpleMeasure::Min(field) => {
                let least = self.met(bucket, field).into_iter().min();
                SimpleRange { low: least.filter(|_| !unknown(field)), high: least }
            }
            SimpleMeasure::Sum(field) => known(Some(self.said(bucket, field).iter().sum()), unknown(field)),
            SimpleMeasure::Avg(field) => {
                known(halves.iter().map(|(values, _)| values[field]).sum(), unknown(field))
            }
            SimpleMeasure::First(field) if self.seen.of_group => {
                known(halves[0].0[field].map(|value| value * scale / 20), unknown(field))
            }
            SimpleMeasure::Last(field) if self.seen.of_group => {
                known(halves[halves.len() - 1].0[field].map(|value| value * scale / 20), unknown(field))
            }
            SimpleMeasure::First(field) => known(self.said(bucket, field).first().copied(), unknown(field)),
            SimpleMeasure::Last(field) => known(self.said(bucket, field).last().copied(), unknown(field)),
            SimpleMeasure::Readings => {
                let count = self.heard(bucket).count();
                at_least(whole(count) * scale, cut || halves.iter().any(|(_, missing)| *missing))
            }
            SimpleMeasure::Count(demand) => {
                let count = self.heard(bucket).filter(|heard| heard.meets(demand)).count();
                at_least(whole(count) * scale, open(demand))
            }
            SimpleMeasure::Seconds(demand) => {
                let seconds = |is_one: &dyn Fn(Option<bool>) -> bool| {
                    let are = halves.iter().filter(|(values, _)| is_one(holds(demand, *values, 0)));
                    whole(are.count()) * HALF / self.seen.resolution * self.seen.resolution / 1_000 * scale
                };
                // At most all of which it is not known that it was otherwise.
                let high = Some(seconds(&|held| held != Some(false))).filter(|_| !cut);
                SimpleRange { low: Some(seconds(&|held| held == Some(true))), high }
            }
            SimpleMeasure::Delta => {
                let rise = self.seen.counter.rise(&self.seen.counted, self.borders, bucket);
                let is_shown = |rise: &SimpleRise| rise.is_least || self.asked != Asked::Known && !cut;
                let rise = rise.filter(is_shown);
                rise.map_or(SimpleRange::default(), |rise| {
                    let is_open = !rise.is_all && self.asked != Asked::Shown;
                    at_least(rise.shown * scale / 10, cut || is_open)
                })
            }
        }
    }

    /// All values of a field in a bucket, in units: those that stood, and those that stood for no time.
    fn met(&self, bucket: usize, field: usize) -> Vec<i64> {
        let unit = self.scale(bucket) / 20;
        let stood = self.halves(bucket).iter().filter_map(|(values, _)| Some(values[field]? * unit));
        stood.chain(self.said(bucket, field)).collect()
    }
}

pub(super) fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap()
}
