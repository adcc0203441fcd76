//! Counts of bad frames, so that a line full of noise fills neither the terminal nor the ledger.

use std::collections::BTreeMap;

use super::decode::FrameFault;
use crate::json::Object;

/// The pause between two warnings about one class, and the time for which counts are gathered, in milliseconds.
const MINUTE: u64 = 60_000;

/// Bad frames since the last time they were reported.
#[derive(Debug, Default)]
pub(super) struct BadFrames {
    counts: BTreeMap<FrameFault, u64>,
    /// When the first of them was counted; `None`: there is none
    since: Option<u64>,
    /// When each class was last warned about
    warned: BTreeMap<FrameFault, u64>,
}

impl BadFrames {
    /// Counts one, and answers whether to warn about it: once a class and minute.
    pub(super) fn count(&mut self, fault: FrameFault, up: u64) -> bool {
        *self.counts.entry(fault).or_default() += 1;
        self.since.get_or_insert(up);
        let silent = self.warned.get(&fault).is_some_and(|last| up.saturating_sub(*last) < MINUTE);
        if !silent {
            self.warned.insert(fault, up);
        }
        !silent
    }

    /// The counts; `None` before a minute has passed since the first of them.
    pub(super) fn due(&mut self, up: u64) -> Option<Object> {
        let since = self.since?;
        (up.saturating_sub(since) >= MINUTE).then(|| self.take())?
    }

    /// The counts; `None`: there are none.
    pub(super) fn take(&mut self) -> Option<Object> {
        self.since.take()?;
        let counts = std::mem::take(&mut self.counts);
        Some(counts.into_iter().map(|(fault, count)| (fault.as_str().to_owned(), count.into())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_class_is_warned_about_once_a_minute_and_counted_always() {
        let mut tally = BadFrames::default();
        assert!(tally.count(FrameFault::Crc, 0));
        assert!(!tally.count(FrameFault::Crc, 59_999));
        assert!(tally.count(FrameFault::Noise, 5));
        assert_eq!(tally.due(59_999), None);
        assert_eq!(tally.due(60_000).unwrap().to_canonical(), r#"{"crc":2,"noise":1}"#);
        assert!(tally.count(FrameFault::Crc, 60_001));
        assert_eq!(tally.take().unwrap().to_canonical(), r#"{"crc":1}"#);
        assert_eq!(tally.take(), None);
    }
}
