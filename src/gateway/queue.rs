//! The records that wait to be kept. When there is no more room, ports stop reading: what has to wait, waits in the
//! kernel, and what that loses is told as a gap.

use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::{machine, record::signed::FreshlySigned, rules::received::ClockReading, time::Span};

/// How many bytes of records may wait, about.
const MAX_BYTES: usize = 1 << 20;

/// How many a batch has at most, about: it is held several times over while it is written.
const BATCH_BYTES: usize = 256 << 10;

/// A record that waits, and the clocks when it came.
pub(super) type QueuedRecord = (FreshlySigned, ClockReading);

/// What ports put in and the keeper takes out.
#[derive(Debug, Default)]
pub(super) struct RecordQueue {
    waiting: Mutex<WaitingRecords>,
    /// There may be something to take
    filled: Condvar,
    /// There is room
    emptied: Condvar,
}

#[derive(Debug, Default)]
struct WaitingRecords {
    records: VecDeque<QueuedRecord>,
    bytes: usize,
    /// When the first of them came, or one before it; `None`: there is none
    since: Option<Span>,
}

impl RecordQueue {
    /// Puts records in, once there is room for them. `meanwhile` is asked from time to time whether to go on waiting;
    /// where it says no, the records are handed back.
    pub(super) fn put(
        &self,
        records: Vec<QueuedRecord>,
        patience: Duration,
        mut meanwhile: impl FnMut() -> bool,
    ) -> Result<(), Vec<QueuedRecord>> {
        if records.is_empty() {
            return Ok(());
        }
        let mut waiting = self.lock();
        while waiting.bytes >= MAX_BYTES {
            if !meanwhile() {
                return Err(records);
            }
            waiting = self.emptied.wait_timeout(waiting, patience).unwrap_or_else(PoisonError::into_inner).0;
        }
        waiting.bytes += records.iter().map(|(record, _)| record.as_str().len()).sum::<usize>();
        let was_empty = waiting.since.is_none();
        waiting.since.get_or_insert_with(machine::up);
        waiting.records.extend(records);
        if was_empty || waiting.bytes >= BATCH_BYTES {
            self.filled.notify_one();
        }
        Ok(())
    }

    /// A batch of what waits, once the first of it has waited for `delay`, or there is enough for a whole one; nothing if
    /// that takes longer than `patience`.
    pub(super) fn take(&self, delay: Span, patience: Duration) -> Vec<QueuedRecord> {
        let mut waiting = self.lock();
        if !waiting.is_due(delay) {
            let left = waiting.left(delay).map_or(patience, |left| left.to_std().min(patience));
            waiting = self.filled.wait_timeout(waiting, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        if !waiting.is_due(delay) {
            return Vec::new();
        }
        self.emptied.notify_all();
        waiting.front()
    }

    /// How many records wait.
    pub(super) fn len(&self) -> usize {
        self.lock().records.len()
    }

    fn lock(&self) -> MutexGuard<'_, WaitingRecords> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl WaitingRecords {
    /// Takes a batch off its front.
    fn front(&mut self) -> Vec<QueuedRecord> {
        let (mut batch, mut bytes) = (Vec::new(), 0);
        while bytes < BATCH_BYTES
            && let Some(record) = self.records.pop_front()
        {
            bytes += record.0.as_str().len();
            batch.push(record);
        }
        self.bytes -= bytes;
        self.since = self.since.filter(|_| !self.records.is_empty());
        batch
    }

    fn is_due(&self, delay: Span) -> bool {
        self.bytes >= BATCH_BYTES || self.left(delay).is_some_and(|left| left.millis() <= 0)
    }

    /// How long until they are due; `None`: there are none.
    fn left(&self, delay: Span) -> Option<Span> {
        Some(Span::from_millis(self.since?.millis() + delay.millis() - machine::up().millis()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        key::SecretKey,
        record::signed::{RecordSigner, SignOptions},
        time::Time,
    };

    fn record(n: usize) -> QueuedRecord {
        let key = SecretKey::from_seed(&[1; 32]);
        let text = format!("{{\"n\":{n},\"text\":\"{}\"}}", "x".repeat(60_000));
        let signed = RecordSigner::new(&key, &SignOptions::default()).sign_text(&text).unwrap();
        (signed, ClockReading { wall: Time::EPOCH, up: machine::up() })
    }

    #[test]
    fn a_full_queue_takes_nothing_more_and_is_due_at_once() {
        let queue = RecordQueue::default();
        let long = Span::from_millis(3_600_000);
        let put = |n| queue.put(vec![record(n)], Duration::from_millis(1), || false);
        let count = (0..1_000_000).take_while(|n| put(*n).is_ok()).count();
        assert_eq!(count, MAX_BYTES.div_ceil(record(0).0.as_str().len()));
        let mut taken = queue.take(long, Duration::ZERO);
        assert_eq!(taken.len(), BATCH_BYTES.div_ceil(record(0).0.as_str().len()));
        while taken.len() < count {
            taken.extend(queue.take(Span::from_millis(0), Duration::ZERO));
        }
        assert!(taken[3].0.as_str().contains("\"n\":3"));
        assert!(put(0).is_ok());
        assert_eq!(queue.take(long, Duration::from_millis(1)), []);
        assert_eq!((queue.len(), queue.take(Span::from_millis(0), Duration::ZERO).len()), (1, 1));
    }

    #[test]
    fn a_port_that_waits_goes_on_when_there_is_room() {
        let queue = RecordQueue::default();
        let put = |n| queue.put(vec![record(n)], Duration::from_millis(1), || true);
        std::thread::scope(|scope| {
            scope.spawn(|| (0..60).for_each(|n| put(n).unwrap()));
            let mut taken = Vec::new();
            while taken.len() < 60 {
                taken.extend(queue.take(Span::from_millis(1), Duration::from_millis(50)));
            }
            for (n, (record, _)) in taken.iter().enumerate() {
                assert!(record.as_str().contains(&format!("\"n\":{n},")));
            }
        });
    }
}
