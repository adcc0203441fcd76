//! Times as they are typed, one way for all commands.
//!
//! ```text
//! 2026-03-01T07:00:00+01:00    an instant; also with a space, and as output for people shows it
//! 2026-03-01 07:00             what clocks show here, or in UTC with --utc
//! 2026-03-01                   a day here: its first instant; as an end its last
//! 1h30m                        so long ago; where the future is meant, so long from something
//! +1h30m                       so long from then on, where only the future makes sense
//! now
//! ```
//!
//! What is typed becomes an instant once the command runs: only then it is known which zone and clock count.

use std::fmt::Display;

use super::{failure::Hint, term::Term};
use crate::{
    machine,
    time::{ClockTime, Day, NoInstant, Span, Time, Zone},
};

/// The clock and the zone that typed times are meant by.
pub(crate) struct MeantBy {
    now: Time,
    zone: Zone,
}

impl MeantBy {
    /// This machine's clock, and the zone that the command shows times in.
    pub(crate) fn here(term: &Term) -> Self {
        Self { now: machine::wall(), zone: term.zone() }
    }

    /// The same zone, and another instant that is now.
    pub(crate) fn at(now: Time, term: &Term) -> Self {
        Self { now, zone: term.zone() }
    }
}

/// A time that has mostly been: a bare duration is one ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PastMoment(Typed);

/// A time to come: a bare duration is one from some base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FutureMoment(Typed);

/// A time on either side of now: a duration needs its sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AnyMoment(Typed);

/// An instant of a ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EntryOrMoment {
    /// This entry's
    Entry(u64),
    /// What the clock says
    Moment(PastMoment),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Typed {
    Instant(Time),
    Clock(ClockTime),
    Day(Day),
    Span(Span),
    Ahead(Span),
    Behind(Span),
    Now,
}

/// Reads a time that has mostly been.
pub(crate) fn past(text: &str) -> Result<PastMoment, String> {
    let moment = match typed(text) {
        Some(Typed::Ahead(_)) => return Err(format!("lies ahead; {} alone is that long ago", &text[1..])),
        None if behind(text).is_some() => {
            return Err(format!("{} without a sign is that long ago", &text[1..]));
        }
        other => other.map(PastMoment),
    };
    moment.ok_or_else(|| format!("{NO_TIME}, a duration ago (1h30m), or now"))
}

/// Reads the number of an entry, or a time that has mostly been.
pub(crate) fn entry_or_past(text: &str) -> Result<EntryOrMoment, String> {
    let entry = text.parse().map(EntryOrMoment::Entry);
    let either = entry.or_else(|_| past(text).map(EntryOrMoment::Moment));
    either.map_err(|why| format!("{why}, nor the number of an entry"))
}

/// Reads a time to come.
pub(crate) fn future(text: &str) -> Result<FutureMoment, String> {
    typed(text).map(FutureMoment).ok_or_else(|| format!("{NO_TIME}, or a duration (30d, 12h30m)"))
}

/// Reads a time on either side of now.
pub(crate) fn any(text: &str) -> Result<AnyMoment, String> {
    let moment = match typed(text) {
        Some(Typed::Span(_)) => {
            return Err(format!("before or after now? +{text} is that long from now, -{text} that long ago"));
        }
        other => other.or_else(|| behind(text)).map(AnyMoment),
    };
    moment.ok_or_else(|| format!("{NO_TIME}, a duration from now (+1h30m, -1h30m), or now"))
}

/// What every time may be.
const NO_TIME: &str = "not a time (2026-03-01T06:00:00Z), a date (2026-03-01)";

/// Which instant of a day is meant.
#[derive(Clone, Copy)]
enum EndOfDay {
    First,
    /// The first one behind it
    Behind,
}

impl PastMoment {
    /// The time; of a day the first instant.
    pub(crate) fn start(self, by: &MeantBy) -> anyhow::Result<Time> {
        self.0.at(EndOfDay::First, by, |span| by.now.saturating_sub(span))
    }

    /// The time up to which, itself not counted; of a day the first instant behind it.
    pub(crate) fn end(self, by: &MeantBy) -> anyhow::Result<Time> {
        self.0.at(EndOfDay::Behind, by, |span| by.now.saturating_sub(span))
    }

    /// The time up to which, itself counted; of a day its last millisecond.
    pub(crate) fn last(self, by: &MeantBy) -> anyhow::Result<Time> {
        let end = self.end(by)?;
        let is_day = matches!(self.0, Typed::Day(_));
        Ok(if is_day { end.saturating_sub(Span::from_millis(1)) } else { end })
    }
}

impl FutureMoment {
    /// The time up to which, itself not counted: a duration is counted from `base`, and a day counts in full.
    pub(crate) fn end(self, by: &MeantBy, base: Time) -> anyhow::Result<Time> {
        self.0.at(EndOfDay::Behind, by, |span| base.saturating_add(span))
    }
}

impl AnyMoment {
    /// The time; of a day the first instant.
    pub(crate) fn start(self, by: &MeantBy) -> anyhow::Result<Time> {
        self.0.at(EndOfDay::First, by, |span| by.now.saturating_add(span))
    }
}

impl Typed {
    fn at(self, end: EndOfDay, by: &MeantBy, counted: impl Fn(Span) -> Time) -> anyhow::Result<Time> {
        match (self, end) {
            (Self::Instant(time), _) => Ok(time),
            (Self::Now, _) => Ok(by.now),
            (Self::Span(span) | Self::Ahead(span), _) => Ok(counted(span)),
            (Self::Behind(span), _) => Ok(by.now.saturating_sub(span)),
            (Self::Clock(clock), _) => in_zone(by.zone.instant(clock), &by.zone, &clock),
            (Self::Day(day), EndOfDay::First) => {
                in_zone(by.zone.day(day), &by.zone, &day).map(|day| day.start)
            }
            (Self::Day(day), EndOfDay::Behind) => {
                in_zone(by.zone.day(day), &by.zone, &day).map(|day| day.end)
            }
        }
    }
}

/// What a local time comes to, or which time is none, and what could be meant instead.
fn in_zone<T>(found: Result<T, NoInstant>, zone: &Zone, typed: &dyn Display) -> anyhow::Result<T> {
    found.map_err(|why| {
        let error = anyhow::Error::from(why).context(typed.to_string());
        match why {
            NoInstant::OutOfYears => error,
            NoInstant::Skipped(first) => error.hint(format!("it went on with {}", zone.rfc3339(first))),
            NoInstant::Twice(first, second) => {
                error.hint(format!("say {} or {}", zone.rfc3339(first), zone.rfc3339(second)))
            }
        }
    })
}

/// Reads all forms; `None`: it is none of them.
fn typed(text: &str) -> Option<Typed> {
    if text == "now" {
        return Some(Typed::Now);
    }
    if let Some(span) = text.strip_prefix('+') {
        return Span::parse(span).map(Typed::Ahead);
    }
    let day = || Day::parse(text).map(Typed::Day);
    Span::parse(text).map(Typed::Span).or_else(day).or_else(|| clock(text))
}

/// Reads a duration back from now, where its sign tells it from one ahead.
fn behind(text: &str) -> Option<Typed> {
    text.strip_prefix('-').and_then(Span::parse).map(Typed::Behind)
}

/// Reads a date and a time of day, with an offset or without.
fn clock(text: &str) -> Option<Typed> {
    let (day, clock) = (text.get(..10)?, text.get(11..)?);
    if !matches!(text.as_bytes()[10], b'T' | b't' | b' ') {
        return None;
    }
    let Some(at) = clock.find(['Z', 'z', '+', '-']) else {
        return ClockTime::parse(day, clock).map(Typed::Clock);
    };
    let (clock, offset) = clock.split_at(at);
    let clock = clock.strip_suffix(' ').unwrap_or(clock);
    let seconds = if clock.len() == 5 { ":00" } else { "" };
    Time::parse_rfc3339(&format!("{day}T{clock}{seconds}{offset}")).map(Typed::Instant)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by(rule: &str) -> MeantBy {
        let now = Time::parse_rfc3339("2026-11-29T12:00:00Z").unwrap();
        MeantBy { now, zone: Zone::posix(rule).unwrap() }
    }

    fn starts(text: &str) -> Result<String, String> {
        let time = past(text)?.start(&by("CET-1CEST,M3.5.0,M10.5.0/3"));
        time.map(|time| time.to_string()).map_err(|why| format!("{why:#}"))
    }

    #[test]
    fn what_is_shown_can_be_typed() {
        for text in [
            "2026-03-01T06:00:00.000Z",
            "2026-03-01T06:00:00z",
            "2026-03-01T06:00Z",
            "2026-03-01 06:00:00Z",
            "2026-03-01 07:00:00 +01:00",
            "2026-03-01 07:00 +01:00",
            "2026-03-01 07:00",
            "2026-03-01T07:00:00",
        ] {
            assert_eq!(starts(text).unwrap(), "2026-03-01T06:00:00.000Z", "{text}");
        }
        assert_eq!(starts("2026-03-01").unwrap(), "2026-02-28T23:00:00.000Z");
        assert_eq!(starts("1h30m").unwrap(), "2026-11-29T10:30:00.000Z");
        assert_eq!(starts("now").unwrap(), "2026-11-29T12:00:00.000Z");
        assert_eq!(starts("9999-12-31T23:59:59Z").unwrap(), "9999-12-31T23:59:59.000Z");
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_refused() {
        for text in [
            "",
            " ",
            "1",
            "1.5h",
            "2026",
            "20261128",
            "28.11.2026",
            "11/28/2026",
            "2026-11",
            "2026-11-31",
            "today",
            "2026-03-01 7:00",
            "2026-03-01x07:00",
            "2026-03-01 07:00+1",
            "2026-03-01T",
            "2026-03-01  07:00",
            "2026-03-01T07:00:00 ",
            "2026-03-01 +01:00",
            "2026-03-01T07:00:60",
            "Now",
            "-1h",
            "--1h",
            "+",
            "+now",
            "+2026-03-01",
            "é026-03-01 07:00",
            "2026-03-0é 07:00",
        ] {
            assert!(starts(text).is_err(), "{text}");
            assert!(future(text).is_err(), "{text}");
        }
        assert!(starts("+1h").unwrap_err().contains("lies ahead; 1h alone"));
        assert!(any("1h").unwrap_err().contains("+1h"));
        assert!(
            starts("2026-03-29 02:30").unwrap_err().contains("2026-03-29T02:30:00: clocks were put forward")
        );
        assert!(starts("2026-10-25 02:30").unwrap_err().contains("twice"));
        assert!(starts("-1h").unwrap_err().contains("1h without a sign is that long ago"));
    }

    #[test]
    fn an_end_counts_the_whole_day() {
        let by = by("CET-1CEST,M3.5.0,M10.5.0/3");
        let ends = |text| past(text).unwrap().end(&by).unwrap().to_string();
        assert_eq!(ends("2026-10-25"), "2026-10-25T23:00:00.000Z");
        assert_eq!(ends("1d"), "2026-11-28T12:00:00.000Z");
        assert_eq!(past("2026-10-25").unwrap().last(&by).unwrap().to_string(), "2026-10-25T22:59:59.999Z");
        assert_eq!(past("1d").unwrap().last(&by).unwrap().to_string(), "2026-11-28T12:00:00.000Z");
        let base = Time::parse_rfc3339("2026-12-01T00:00:00Z").unwrap();
        let until = |text| future(text).unwrap().end(&by, base).unwrap().to_string();
        assert_eq!(until("30d"), "2026-12-31T00:00:00.000Z");
        assert_eq!(until("+30d"), until("30d"));
        assert_eq!(until("2026-12-31"), "2026-12-31T23:00:00.000Z");
        assert_eq!(any("+1h").unwrap().start(&by).unwrap().to_string(), "2026-11-29T13:00:00.000Z");
        assert_eq!(any("-1h").unwrap().start(&by).unwrap().to_string(), "2026-11-29T11:00:00.000Z");
    }
}
