//! What happens to the machine's clock while it dates records: set, jumped, synchronised. That dates earlier records of the
//! same boot.

use crate::{
    json::{Number, Object, Value},
    object,
    record::reading::{ReadingClock, RecordTime},
};

/// A jump of the clock that is worth a status, in milliseconds.
const STEP: i64 = 1_000;

/// The clock as it was seen last.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ClockWatch {
    /// Wall clock minus time since the start of the machine; `None`: the clock was not set yet
    offset: Option<i64>,
    /// Whether it was synchronised
    synced: bool,
}

impl ClockWatch {
    /// The first look, of which nothing is said.
    pub(super) fn begin(&mut self, now: RecordTime) {
        self.offset = offset(now);
        self.synced = now.clock == ReadingClock::Synced;
    }

    /// The detail of a status about the clock; `None`: nothing happened to it.
    pub(super) fn look(&mut self, now: RecordTime) -> Option<Object> {
        let offset = offset(now)?;
        let synced = now.clock == ReadingClock::Synced;
        let newly_synced = !std::mem::replace(&mut self.synced, synced) && synced;
        match self.offset.replace(offset) {
            None => Some(object! { "set": true }),
            Some(before) if (offset - before).abs() > STEP => {
                Some(object! { "step_ms": Number::new(as_double(offset - before)).map(Value::from) })
            }
            Some(_) if newly_synced => Some(object! { "synchronised": true }),
            Some(before) => {
                // Slow drift is followed, not reported.
                self.offset = Some(if (offset - before).abs() > STEP / 2 { offset } else { before });
                None
            }
        }
    }
}

fn offset(now: RecordTime) -> Option<i64> {
    Some(now.time?.millis() - i64::try_from(now.up).ok()?)
}

/// Milliseconds of a jump: far below 2^53.
#[allow(clippy::cast_precision_loss)]
fn as_double(millis: i64) -> f64 {
    millis as f64
}
