//! Local times of clocks that say whether it is summer.

use jiff::{civil::date, tz::Offset};

use super::{ClockTime, Time, Zone, local::instant};

/// How far summer time is ahead of winter time, in seconds.
const SUMMER: i32 = 3_600;

impl Zone {
    /// When a clock shows this that says itself whether it is in summer time, at its word: the offset of winter is the
    /// smallest one that the zone has in that year, and that of summer is an hour more. `None`: outside of the years that are
    /// counted.
    pub fn instant_of_season(&self, local: ClockTime, summer: bool) -> Option<Time> {
        let offset = self.winter(local.0.year()) + if summer { SUMMER } else { 0 };
        instant(local.0, Offset::from_seconds(offset).ok()?).ok()
    }

    /// How many seconds winter time is ahead of UTC in a year.
    fn winter(&self, year: i16) -> i32 {
        if let Ok(offset) = self.0.to_fixed_offset() {
            return offset.seconds();
        }
        let offset = |month| {
            let noon = date(year, month, 1).at(12, 0, 0, 0);
            self.0
                .to_ambiguous_timestamp(noon)
                .compatible()
                .map_or(0, |time| self.0.to_offset(time).seconds())
        };
        offset(1).min(offset(7))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_taken_at_its_word() {
        let of = |zone: &Zone, day, clock, summer| {
            let local = ClockTime::parse(day, clock).unwrap();
            zone.instant_of_season(local, summer).unwrap().to_string()[..16].to_owned()
        };
        let berlin = Zone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        let vilnius = Zone::posix("EET-2EEST,M3.5.0/3,M10.5.0/4").unwrap();
        assert_eq!(of(&berlin, "2026-07-15", "12:00:00", true), "2026-07-15T10:00");
        assert_eq!(of(&vilnius, "2026-07-15", "12:00:00", true), "2026-07-15T09:00");
        // A meter that keeps winter time all the year says so.
        assert_eq!(of(&vilnius, "2026-07-15", "12:00:00", false), "2026-07-15T10:00");
        assert_eq!(of(&berlin, "2026-10-25", "02:30:00", true), "2026-10-25T00:30");
        assert_eq!(of(&berlin, "2026-10-25", "02:30:00", false), "2026-10-25T01:30");
        assert_eq!(of(&Zone::fixed(120).unwrap(), "2026-07-15", "12:00:00", true), "2026-07-15T09:00");
    }
}
