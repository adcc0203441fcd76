//! A field of readings over time, drawn for a terminal or as SVG.
//!
//! ```text
//! readings ──► ReadingSeries, one a device ──► DeviceLine ──┬──► text
//!              keeps what can be seen          FieldPlot  ──┴──► SVG
//! ```
//!
//! A drawing is a function of the readings and the reader's zone: the same each time. It mixes no units, draws no line
//! across a silence, and tells devices apart by more than colour.

mod distances;
mod scale;
mod series;
mod svg;
mod text;
mod words;

use std::ops::RangeInclusive;

use crate::time::{Span, Time, Zone};

pub use series::{GAP_FACTOR, ReadingSeries};
pub use svg::svg;
pub use text::{TextLook, text};

/// How many devices a plot can tell apart.
pub const MAX_LINES: usize = 12;

/// A reading on a plot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlotPoint {
    /// Where it stands
    pub time: Time,
    /// What it says; finite
    pub value: f64,
    /// Why it may not belong where it stands; `None`: no reason is known
    pub doubt: Option<TimeDoubt>,
}

/// Why a reading may not belong where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeDoubt {
    /// Its clock was not synchronised
    Unsynced,
    /// It says no time, and stands where it arrived
    NoTime,
}

impl TimeDoubt {
    /// The word in data.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unsynced => "unsynced",
            Self::NoTime => "no-time",
        }
    }
}

/// The readings of one device, as they are drawn.
#[derive(Clone, Debug)]
pub struct DeviceLine {
    /// What the device is called
    pub device: String,
    /// How many readings there are
    pub readings: u64,
    /// How many of them have a doubtful time
    pub doubtful: u64,
    /// Stretches without a long silence; none is empty
    pub stretches: Vec<Vec<PlotPoint>>,
}

impl DeviceLine {
    /// The line of a device, broken by each silence longer than `longest`; `None`: than the readings themselves suggest.
    pub fn of(device: String, series: &ReadingSeries, longest: Option<Span>) -> Self {
        let (readings, doubtful) = (series.readings(), series.doubtful());
        Self { device, readings, doubtful, stretches: series.stretches(longest) }
    }

    fn points(&self) -> impl Iterator<Item = &PlotPoint> {
        self.stretches.iter().flatten()
    }

    /// The lowest and the highest value.
    fn values(&self) -> (f64, f64) {
        let values = self.points().map(|point| point.value);
        values
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
    }
}

/// A field of readings over time.
#[derive(Clone, Debug)]
pub struct FieldPlot {
    /// The ledger's name
    pub origin: String,
    /// The field's name
    pub field: String,
    /// The unit of all values; empty where they have none
    pub unit: String,
    /// In which zone times are shown
    pub zone: Zone,
    /// Whether readings stand where they arrived, and not where they say that they were measured
    pub by_arrival: bool,
    /// The devices, at most [`MAX_LINES`], of which one at least has a reading
    pub lines: Vec<DeviceLine>,
}

impl FieldPlot {
    fn points(&self) -> impl Iterator<Item = &PlotPoint> {
        self.lines.iter().flat_map(DeviceLine::points)
    }

    /// The first and the last time.
    fn times(&self) -> RangeInclusive<Time> {
        let times = || self.points().map(|point| point.time);
        times().min().unwrap_or(Time::EPOCH)..=times().max().unwrap_or(Time::EPOCH)
    }

    /// The lowest and the highest value.
    fn values(&self) -> (f64, f64) {
        let lines = self.lines.iter().map(DeviceLine::values);
        lines.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), (lowest, highest)| {
            (low.min(lowest), high.max(highest))
        })
    }

    fn has_doubt(&self) -> bool {
        self.lines.iter().any(|line| line.doubtful > 0)
    }
}

/// The axis of time.
struct TimeScale {
    from: Time,
    to: Time,
}

impl TimeScale {
    /// An axis for times between two, both counted; a single instant has half a minute on either side.
    fn of(times: &RangeInclusive<Time>) -> Self {
        let margin = Span::from_millis(if times.start() == times.end() { 30_000 } else { 0 });
        Self { from: times.start().saturating_sub(margin), to: times.end().saturating_add(margin) }
    }

    /// Where a time stands: 0 is the left end of the axis, 1 the right one.
    #[allow(clippy::cast_precision_loss)] // a drawing has few columns
    fn place(&self, time: Time) -> f64 {
        (time - self.from).millis() as f64 / (self.to - self.from).millis().max(1) as f64
    }
}

#[cfg(test)]
pub(super) mod example {
    use super::*;

    /// A point so many minutes behind some morning.
    pub(in crate::report::plot) fn point(minutes: i64, value: f64) -> PlotPoint {
        let morning = Time::parse("2026-03-01T06:00:00.000Z").unwrap();
        PlotPoint { time: morning.saturating_add(Span::from_millis(minutes * 60_000)), value, doubt: None }
    }

    pub(in crate::report::plot) fn line(
        device: &str,
        points: impl IntoIterator<Item = PlotPoint>,
    ) -> DeviceLine {
        let mut series = ReadingSeries::default();
        points.into_iter().for_each(|point| series.add(point));
        DeviceLine::of(device.to_owned(), &series, None)
    }

    pub(in crate::report::plot) fn plot(lines: Vec<DeviceLine>) -> FieldPlot {
        FieldPlot {
            origin: "plant7.example/cold-room".to_owned(),
            field: "temperature".to_owned(),
            unit: "Cel".to_owned(),
            zone: Zone::fixed(60).unwrap(),
            by_arrival: false,
            lines,
        }
    }
}
