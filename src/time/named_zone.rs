//! Zones by name, as the zone database (IANA) has them that is built in: what is written down of them is their offsets.

use jiff::{
    Timestamp,
    tz::{TimeZone, TimeZoneDatabase},
};

use super::Time;

/// How many changes of a zone are gone through at most.
const MOST: usize = 10_000;

/// A zone of the database.
pub struct NamedZone(TimeZone);

impl NamedZone {
    /// The zone of a name, `Europe/Oslo`, in whatever case; `None`: there is none.
    pub fn find(name: &str) -> Option<Self> {
        TimeZoneDatabase::bundled().get(name).ok().map(Self)
    }

    /// The names of all zones.
    pub fn names() -> Vec<String> {
        TimeZoneDatabase::bundled().available().map(|name| name.to_string()).collect()
    }

    /// The name as the database writes it.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// How many seconds local time is ahead of UTC: at `from`, and from each later instant before `until` on at which that
    /// changes.
    pub fn offsets(&self, from: Time, until: Time) -> Vec<(Time, i32)> {
        let Ok(start) = Timestamp::from_millisecond(from.0) else { return Vec::new() };
        let mut offsets = vec![(from, self.0.to_offset(start).seconds())];
        for change in self.0.following(start).take(MOST) {
            let Some(at) = Time::from_millis(change.timestamp().as_millisecond()) else { break };
            let seconds = change.offset().seconds();
            if at >= until {
                break;
            }
            if offsets.last().is_some_and(|(_, before)| *before != seconds) {
                offsets.push((at, seconds));
            }
        }
        offsets
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_those_of_the_years() {
        let offsets = |name: &str, from: &str, until: &str| {
            let [from, until] = [from, until].map(|text| Time::parse_rfc3339(text).unwrap());
            let offsets = NamedZone::find(name).unwrap().offsets(from, until);
            offsets.into_iter().map(|(at, seconds)| format!("{at} {}", seconds / 60)).collect::<Vec<_>>()
        };
        assert_eq!(
            offsets("Europe/Oslo", "2026-02-28T06:00:00Z", "2027-01-01T00:00:00Z"),
            ["2026-02-28T06:00:00.000Z 60", "2026-03-29T01:00:00.000Z 120", "2026-10-25T01:00:00.000Z 60"]
        );
        // A change at the end is not part of it.
        assert_eq!(offsets("Europe/Oslo", "2026-02-28T06:00:00Z", "2026-03-29T01:00:00Z").len(), 1);
        assert_eq!(
            offsets("Australia/Lord_Howe", "2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z"),
            ["2026-04-01T00:00:00.000Z 660", "2026-04-04T15:00:00.000Z 630"]
        );
        assert_eq!(
            offsets("utc", "2026-02-28T06:00:00Z", "2027-01-01T00:00:00Z"),
            ["2026-02-28T06:00:00.000Z 0"]
        );
    }

    #[test]
    fn a_name_is_found_in_any_case_and_nonsense_is_not() {
        assert_eq!(NamedZone::find("europe/oslo").unwrap().name(), "Europe/Oslo");
        assert_eq!(NamedZone::find("UTC").unwrap().name(), "UTC");
        for bad in ["", "Europe/Olso", "Oslo", "+01:00", "/etc/localtime", "CET-1CEST,M3.5.0,M10.5.0/3"] {
            assert!(NamedZone::find(bad).is_none(), "{bad}");
        }
        assert!(NamedZone::names().iter().any(|name| name == "Europe/Oslo"));
    }
}
