//! Instants as they are typed: a time, or a duration from some other instant.

use crate::time::{Span, Time};

/// An instant, as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// This time
    At(Time),
    /// So long after something
    After(Span),
}

impl Moment {
    /// The time, where durations are counted from `base`.
    pub(crate) fn from(self, base: Time) -> Time {
        match self {
            Self::At(time) => time,
            Self::After(span) => base.saturating_add(span),
        }
    }
}

/// Reads a time or a duration.
pub(crate) fn parse(text: &str) -> Result<Moment, String> {
    let time = Time::parse_rfc3339(text).map(Moment::At);
    let moment = time.or_else(|| Span::parse(text).map(Moment::After));
    moment.ok_or_else(|| "not a time (2026-03-01T06:00:00Z) or a duration (30d, 12h30m)".to_owned())
}

/// Reads a time.
pub(crate) fn parse_time(text: &str) -> Result<Time, String> {
    Time::parse_rfc3339(text).ok_or_else(|| "not a time such as 2026-03-01T06:00:00Z".to_owned())
}
