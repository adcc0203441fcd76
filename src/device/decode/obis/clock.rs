//! A meter's clock and its date where each has a code of its own.
//!
//! ```text
//! 0.9.1(08:15:30)    or 081530
//! 0.9.2(26-07-15)    or 260715; 1260715: summer time, 0: winter time, 2: UTC
//! ```

use super::ObisCode;
use crate::time::{ClockTime, Time, Zone};

/// What a meter said of its clock, in two parts.
#[derive(Debug, Default)]
pub(in crate::device::decode) struct SplitClock {
    clock: Option<String>,
    date: Option<String>,
}

impl SplitClock {
    /// Takes what a code says, if it is one of the two.
    pub(in crate::device::decode) fn take(&mut self, code: ObisCode, group: &str) {
        let part = match code {
            ObisCode([_, _, 0, 9, 1]) => &mut self.clock,
            ObisCode([_, _, 0, 9, 2]) => &mut self.date,
            _ => return,
        };
        *part = Some(group.to_owned());
    }

    /// What clock and date say in a zone that the user names; `None`: not enough, or the season that the meter marks is none of
    /// that zone's.
    pub(in crate::device::decode) fn instant(&self, zone: &Zone) -> Option<Time> {
        let clock = digits(self.clock.as_deref()?).filter(|clock| clock.len() == 6)?;
        let date = digits(self.date.as_deref()?)?;
        let (season, date) = date.split_at(date.len().checked_sub(6)?);
        let pair = |text: &str, at: usize| text[at..at + 2].to_owned();
        let day = format!("20{}-{}-{}", pair(date, 0), pair(date, 2), pair(date, 4));
        let local =
            ClockTime::parse(&day, &format!("{}:{}:{}", pair(&clock, 0), pair(&clock, 2), pair(&clock, 4)))?;
        match season {
            "" => zone.instant(local).ok(),
            "0" | "1" => {
                let marked = zone.instant_of_season(local, season == "1")?;
                match zone.instant(local) {
                    Ok(shown) => (shown == marked || season == "1").then_some(marked),
                    Err(_) => Some(marked),
                }
            }
            "2" => Zone::UTC.instant(local).ok(),
            _ => None,
        }
    }
}

/// The digits of `08:15:30` or `26-07-15`; `None`: there is something else.
fn digits(text: &str) -> Option<String> {
    let text = text.trim();
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    text.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '-' | '.')).then_some(digits)
}
