//! Counts what was refused, so that a line full of noise fills neither the log nor the ledger.

use std::collections::BTreeMap;

use super::decode::Fault;
use crate::json::Object;

/// How often one class is talked about, and how long counts are gathered, in milliseconds.
const MINUTE: u64 = 60_000;

/// Bad frames since the last time they were reported.
#[derive(Debug, Default)]
pub(super) struct Tally {
    counts: BTreeMap<Fault, u64>,
    since: Option<u64>,
    told: BTreeMap<Fault, u64>,
}

impl Tally {
    /// Counts one, and answers whether to talk about it: once a class and minute.
    pub(super) fn count(&mut self, fault: Fault, up: u64) -> bool {
        *self.counts.entry(fault).or_default() += 1;
        self.since.get_or_insert(up);
        let silent = self.told.get(&fault).is_some_and(|told| up.saturating_sub(*told) < MINUTE);
        if !silent {
            self.told.insert(fault, up);
        }
        !silent
    }

    /// The counts, once a minute has passed since the first of them.
    pub(super) fn due(&mut self, up: u64) -> Option<Object> {
        let since = self.since?;
        (up.saturating_sub(since) >= MINUTE).then(|| self.take())?
    }

    /// The counts, if there are any.
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
    fn each_class_is_told_once_a_minute_and_counted_always() {
        let mut tally = Tally::default();
        assert!(tally.count(Fault::Crc, 0));
        assert!(!tally.count(Fault::Crc, 59_999));
        assert!(tally.count(Fault::Noise, 5));
        assert_eq!(tally.due(59_999), None);
        assert_eq!(tally.due(60_000).unwrap().to_canonical(), r#"{"crc":2,"noise":1}"#);
        assert!(tally.count(Fault::Crc, 60_001));
        assert_eq!(tally.take().unwrap().to_canonical(), r#"{"crc":1}"#);
        assert_eq!(tally.take(), None);
    }
}
