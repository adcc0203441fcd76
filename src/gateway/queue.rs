//! The records that wait to be signed and to be kept, in the order in which they came. When there is no more room, ports stop
//! reading: what has to wait, waits in the kernel, and what that loses is told as a gap.
//!
//! ```text
//! put ─→ │ to sign │ being signed │ signed │ ─→ take         as many are being signed as there are signers
//! ```

use std::{
    collections::VecDeque,
    mem::replace,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::{
    machine,
    record::signed::{FreshlySigned, SignableText},
    rules::received::ClockReading,
    time::Span,
};

/// How many bytes of records may wait, about.
const MAX_BYTES: usize = 1 << 20;

/// How many a batch has at most, about: it is held several times over while it is written. With half as many a flood takes a
/// twentieth more processor time, with twice as many no less.
const BATCH_BYTES: usize = 512 << 10;

/// How many bytes a proof adds to a record, about: what is not signed counts as if it were.
const PROOF_BYTES: usize = 330;

/// A record that waits, and the clocks when it came.
pub(super) type QueuedRecord = (FreshlySigned, ClockReading);

/// Records that a port has read, and that one signer signs.
#[derive(Debug)]
pub(super) struct PortRecords {
    /// In their order
    pub(super) texts: Vec<SignableText>,
    /// Which of them are readings
    pub(super) readings: Vec<ReadingPlace>,
    /// The clocks when they came
    pub(super) clock: ClockReading,
}

/// A reading among records.
#[derive(Clone, Copy, Debug)]
pub(super) struct ReadingPlace {
    /// Its place among them
    pub(super) at: usize,
    /// The place of its device in the state
    pub(super) device: usize,
}

/// What ports put in, signers sign, and the keeper takes out.
#[derive(Debug, Default)]
pub(super) struct RecordQueue {
    waiting: Mutex<WaitingRecords>,
    /// There may be something to sign
    unsigned: Condvar,
    /// There may be something to take
    filled: Condvar,
    /// There is room
    emptied: Condvar,
}

#[derive(Debug, Default)]
struct WaitingRecords {
    parts: VecDeque<QueuePart>,
    /// The number of the first part
    first: u64,
    /// How many parts at the front are signed
    signed: usize,
    /// How many parts at the front are signed or being signed
    begun: usize,
    records: usize,
    bytes: usize,
    /// How many bytes the parts have that are signed
    signed_bytes: usize,
    /// Nothing more will be signed
    closed: bool,
}

#[derive(Debug)]
struct QueuePart {
    records: PartRecords,
    count: usize,
    bytes: usize,
    /// When it came
    since: Span,
}

#[derive(Debug)]
enum PartRecords {
    ToSign(PortRecords),
    BeingSigned,
    Signed(Vec<QueuedRecord>),
}

impl RecordQueue {
    /// Puts records in, once there is room for them. `meanwhile` is asked from time to time whether to go on waiting;
    /// where it says no, the records are handed back.
    pub(super) fn put(
        &self,
        records: PortRecords,
        patience: Duration,
        mut meanwhile: impl FnMut() -> bool,
    ) -> Result<(), PortRecords> {
        let mut waiting = self.lock();
        while waiting.bytes >= MAX_BYTES {
            if !meanwhile() {
                return Err(records);
            }
            waiting = self.emptied.wait_timeout(waiting, patience).unwrap_or_else(PoisonError::into_inner).0;
        }
        waiting.push(records);
        self.unsigned.notify_one();
        Ok(())
    }

    /// The next records to sign, and their number; waits for them. `None`: there will be no more.
    pub(super) fn next_to_sign(&self) -> Option<(u64, PortRecords)> {
        let mut waiting = self.lock();
        loop {
            if let Some(next) = waiting.begin() {
                return Some(next);
            }
            if waiting.closed {
                return None;
            }
            waiting = self.unsigned.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Puts back what was taken to be signed, signed.
    pub(super) fn put_back(&self, number: u64, signed: Vec<QueuedRecord>) {
        let mut waiting = self.lock();
        let before = waiting.signed;
        waiting.finish(number, signed);
        if waiting.signed > before && (before == 0 || waiting.signed_bytes >= BATCH_BYTES) {
            self.filled.notify_one();
        }
    }

    /// Signers are to end.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.unsigned.notify_all();
    }

    /// A batch of what is signed, once the first of it has waited for `delay`, or there is enough for a whole one; nothing if
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
        self.lock().records
    }

    /// Whether the first of them has waited for so long, in milliseconds, and is not signed.
    pub(super) fn hangs(&self, long: i64) -> bool {
        let waiting = self.lock();
        waiting.signed == 0
            && waiting.parts.front().is_some_and(|part| machine::up().millis() - part.since.millis() > long)
    }

    fn lock(&self) -> MutexGuard<'_, WaitingRecords> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl WaitingRecords {
    fn push(&mut self, records: PortRecords) {
        let (count, since) = (records.texts.len(), records.clock.up);
        let bytes = records.texts.iter().map(|text| text.as_str().len() + PROOF_BYTES).sum();
        self.records += count;
        self.bytes += bytes;
        self.parts.push_back(QueuePart { records: PartRecords::ToSign(records), count, bytes, since });
    }

    /// Takes the next part to sign it.
    fn begin(&mut self) -> Option<(u64, PortRecords)> {
        let part = self.parts.get_mut(self.begun)?;
        let PartRecords::ToSign(records) = replace(&mut part.records, PartRecords::BeingSigned) else {
            return None;
        };
        self.begun += 1;
        Some((self.first + self.begun as u64 - 1, records))
    }

    /// A part is signed, perhaps before one that came earlier.
    fn finish(&mut self, number: u64, signed: Vec<QueuedRecord>) {
        let at = usize::try_from(number - self.first).unwrap_or(usize::MAX);
        let Some(part) = self.parts.get_mut(at) else { return };
        let bytes = signed.iter().map(|(record, _)| record.as_str().len()).sum();
        self.bytes = self.bytes - part.bytes + bytes;
        (part.records, part.bytes) = (PartRecords::Signed(signed), bytes);
        while let Some(QueuePart { records: PartRecords::Signed(_), bytes, .. }) = self.parts.get(self.signed)
        {
            self.signed_bytes += bytes;
            self.signed += 1;
        }
    }

    /// Takes a batch off its front.
    fn front(&mut self) -> Vec<QueuedRecord> {
        let (mut batch, mut bytes) = (Vec::new(), 0);
        while bytes < BATCH_BYTES && self.signed > 0 {
            let Some(part) = self.parts.pop_front() else { break };
            if let PartRecords::Signed(records) = part.records {
                batch.extend(records);
            }
            bytes += part.bytes;
            self.records -= part.count;
            (self.first, self.signed, self.begun) = (self.first + 1, self.signed - 1, self.begun - 1);
        }
        (self.bytes, self.signed_bytes) = (self.bytes - bytes, self.signed_bytes - bytes);
        batch
    }

    fn is_due(&self, delay: Span) -> bool {
        self.signed_bytes >= BATCH_BYTES || self.left(delay).is_some_and(|left| left.millis() <= 0)
    }

    /// How long until the first of those that are signed is due; `None`: there are none.
    fn left(&self, delay: Span) -> Option<Span> {
        let first = self.parts.front().filter(|_| self.signed > 0)?;
        Some(Span::from_millis(first.since.millis() + delay.millis() - machine::up().millis()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        key::SecretKey,
        record::signed::{RecordSigner, SignOptions, sign},
        time::Time,
    };

    fn key() -> SecretKey {
        SecretKey::from_seed(&[1; 32])
    }

    fn record(n: usize) -> PortRecords {
        let (key, text) = (key(), format!("{{\"n\":{n},\"text\":\"{}\"}}", "x".repeat(60_000)));
        let texts = vec![RecordSigner::new(&key, &SignOptions::default()).look_over(text).unwrap()];
        let clock = ClockReading { wall: Time::EPOCH, up: machine::up() };
        PortRecords { texts, readings: Vec::new(), clock }
    }

    /// Signs the next part.
    fn sign_next(queue: &RecordQueue) -> (u64, Vec<QueuedRecord>) {
        let (number, records) = queue.next_to_sign().unwrap();
        (number, sign_part(records))
    }

    fn sign_part(part: PortRecords) -> Vec<QueuedRecord> {
        let key = key();
        let records = RecordSigner::new(&key, &SignOptions::default()).sign_many(part.texts);
        records.into_iter().map(|record| (record, part.clock)).collect()
    }

    fn signed_length() -> usize {
        let mut record = crate::json::parse_object(record(0).texts[0].as_str().as_bytes()).unwrap();
        sign(&mut record, &key(), &SignOptions::default()).unwrap();
        record.to_canonical().len()
    }

    const NOW: Span = Span::from_millis(0);
    const LONG: Span = Span::from_millis(3_600_000);

    #[test]
    fn a_full_queue_takes_nothing_more_and_is_due_at_once() {
        let queue = RecordQueue::default();
        let put = |n| queue.put(record(n), Duration::from_millis(1), || false);
        let put_signed = |n: usize| {
            put(n).ok()?;
            let (number, signed) = sign_next(&queue);
            queue.put_back(number, signed);
            Some(())
        };
        let count = (0..1_000_000).take_while(|n| put_signed(*n).is_some()).count();
        assert_eq!(count, MAX_BYTES.div_ceil(signed_length()));
        let mut taken = queue.take(LONG, Duration::ZERO);
        assert_eq!(taken.len(), BATCH_BYTES.div_ceil(signed_length()));
        while taken.len() < count {
            taken.extend(queue.take(NOW, Duration::ZERO));
        }
        assert!(taken[3].0.as_str().contains("\"n\":3"));
        assert!(put_signed(0).is_some());
        assert_eq!(queue.take(LONG, Duration::from_millis(1)), []);
        assert_eq!((queue.len(), queue.take(NOW, Duration::ZERO).len()), (1, 1));
        assert_eq!(queue.len(), 0);
    }

    #[test]
    fn what_is_signed_first_waits_for_what_came_first() {
        let queue = RecordQueue::default();
        (0..3).for_each(|n| queue.put(record(n), Duration::ZERO, || false).unwrap());
        let [(first, a), (second, b), (third, c)] = [(); 3].map(|()| sign_next(&queue));
        queue.put_back(third, c);
        queue.put_back(second, b);
        assert_eq!(queue.take(NOW, Duration::ZERO), []);
        assert!(!queue.hangs(LONG.millis()) && queue.hangs(-1));
        queue.put_back(first, a);
        assert!(!queue.hangs(-1), "the first is signed");
        let taken = queue.take(NOW, Duration::ZERO);
        let numbers = taken.iter().map(|(record, _)| record.as_str().as_bytes()[5]);
        assert_eq!(numbers.collect::<Vec<_>>(), b"012");
        queue.close();
        assert!(queue.next_to_sign().is_none());
    }

    #[test]
    fn a_port_that_waits_goes_on_when_there_is_room() {
        let queue = RecordQueue::default();
        let put = |n| queue.put(record(n), Duration::from_millis(1), || true);
        std::thread::scope(|scope| {
            scope.spawn(|| (0..60).for_each(|n| put(n).unwrap()));
            for _ in 0..2 {
                scope.spawn(|| {
                    while let Some((number, records)) = queue.next_to_sign() {
                        queue.put_back(number, sign_part(records));
                    }
                });
            }
            let mut taken = Vec::new();
            while taken.len() < 60 {
                taken.extend(queue.take(Span::from_millis(1), Duration::from_millis(50)));
            }
            queue.close();
            for (n, (record, _)) in taken.iter().enumerate() {
                assert!(record.as_str().contains(&format!("\"n\":{n},")));
            }
        });
    }
}
