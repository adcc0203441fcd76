//! The machine's clocks as a record needs them, and whether they can be believed.

use crate::{
    machine,
    record::reading::{ReadingClock, RecordTime},
    time::Time,
};

/// 2020-01-01 and 2100-01-01: a clock outside was never set, or set wrong.
const BELIEVABLE: std::ops::Range<i64> = 1_577_836_800_000..4_102_444_800_000;

/// Now, by the machine's clocks.
pub fn now() -> RecordTime {
    believed_time(machine::wall(), machine::up().millis().unsigned_abs(), machine::synchronised())
}

/// A clock that is not synchronised is believed unless its date is absurd; one before 2020 never is.
fn believed_time(wall: Time, up: u64, synchronised: bool) -> RecordTime {
    let believed = wall.millis() >= BELIEVABLE.start && (synchronised || BELIEVABLE.contains(&wall.millis()));
    let clock = if synchronised && believed { ReadingClock::Synced } else { ReadingClock::Unsynced };
    RecordTime { time: believed.then_some(wall), up, clock }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_that_were_never_set_date_nothing() {
        let time = |text: &str, synchronised| believed_time(Time::parse(text).unwrap(), 5, synchronised);
        assert_eq!(time("1970-01-01T00:00:12.000Z", false).time, None);
        assert_eq!(time("2019-12-31T23:59:59.999Z", true).clock, ReadingClock::Unsynced);
        assert_eq!(time("2106-02-07T06:28:15.000Z", false).time, None);
        assert!(time("2106-02-07T06:28:15.000Z", true).time.is_some());
        assert_eq!(time("2026-03-01T06:00:00.000Z", false).clock, ReadingClock::Unsynced);
        assert_eq!(time("2026-03-01T06:00:00.000Z", true).clock, ReadingClock::Synced);
    }
}
