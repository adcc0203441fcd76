//! Lines that are signed together: all that are here, on all processors, handed on in their order.
//!
//! ```text
//! lines that are here ─► pieces ─► thread 0, 1, …: parse, check, sign ─► in order ─► out, at once
//! ```
//!
//! A live source says one line at a time: that is a batch of one, and no thread is asked.

use std::{
    panic::resume_unwind,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use crate::cli::io::{InputLines, Line, Next, now};

/// A batch ends when its lines have so many bytes together, or are so many: what ends the command waits for its batch.
const BYTES: usize = 1 << 20;
const LINES: usize = 1 << 14;

/// How many lines a thread takes at once: a millisecond of work, and enough to share what signing can share.
const PIECE: usize = 64;

/// Lines that came together.
#[derive(Default)]
pub(super) struct LineBatch {
    pub(super) lines: Vec<Line>,
    /// What stands behind them; `None`: more lines, as soon as they come
    pub(super) end: Option<BatchEnd>,
}

/// What ends a batch besides that no more lines are here.
pub(super) enum BatchEnd {
    /// The input ends
    Input,
    /// Something is wrong with the next line, or with the input
    Error(anyhow::Error),
}

impl LineBatch {
    /// Waits for a line, and takes those that are here already.
    pub(super) fn next(input: &mut InputLines) -> Self {
        let (mut batch, mut bytes) = (Self::default(), 0);
        while bytes < BYTES && batch.lines.len() < LINES {
            let next = if batch.lines.is_empty() {
                input.next().map(|line| line.map_or(Next::End, Next::Line))
            } else {
                input.next_before(Some(now()))
            };
            match next {
                Ok(Next::Line(line)) => {
                    bytes += line.text.len();
                    batch.lines.push(line);
                }
                Ok(Next::Idle) => break,
                Ok(Next::End) => return batch.ending(BatchEnd::Input),
                Err(error) => return batch.ending(BatchEnd::Error(error)),
            }
        }
        batch
    }

    fn ending(self, end: BatchEnd) -> Self {
        Self { end: Some(end), ..self }
    }
}

/// Workers, one for each thread that may be busy. They are made when there is work for more than one.
pub(super) struct Workers<W, M> {
    hired: Vec<W>,
    make: M,
    /// How many there may be, asked once there is work for two: the answer takes as long as ten signatures
    limit: fn() -> usize,
}

impl<W: Send, M: Fn() -> W> Workers<W, M> {
    /// One worker; more as they are needed.
    pub(super) fn new(make: M, limit: fn() -> usize) -> Self {
        Self { hired: vec![make()], make, limit }
    }

    /// Does some work for pieces of the items, an answer for each item; the answers are in the order of the items.
    pub(super) fn pieces<T: Sync, R: Send>(
        &mut self,
        items: &[T],
        work: impl Fn(&mut W, &[T]) -> Vec<R> + Sync,
    ) -> Vec<R> {
        let pieces: Vec<&[T]> = items.chunks(PIECE).collect();
        self.hire(pieces.len());
        let next = AtomicUsize::new(0);
        let busy = |worker: &mut W| {
            let mut done = Vec::new();
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                let Some(piece) = pieces.get(at) else { return done };
                done.push((at, work(worker, piece)));
            }
        };
        let mut done = thread::scope(|scope| {
            let mut workers = self.hired.iter_mut().take(pieces.len());
            let own = workers.next();
            let others: Vec<_> = workers.map(|worker| scope.spawn(|| busy(worker))).collect();
            let mut done = own.map_or_else(Vec::new, busy);
            for other in others {
                done.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
            }
            done
        });
        done.sort_unstable_by_key(|(at, _)| *at);
        done.into_iter().flat_map(|(_, results)| results).collect()
    }

    fn hire(&mut self, pieces: usize) {
        if pieces > self.hired.len() {
            let wanted = pieces.min((self.limit)());
            while self.hired.len() < wanted {
                self.hired.push((self.make)());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items_whoever_does_the_work() {
        for limit in [|| 1, || 2, || 7] {
            let mut workers = Workers::new(Vec::new, limit);
            for count in [0, 1, PIECE, PIECE + 1, 10 * PIECE + 3] {
                let items: Vec<usize> = (0..count).collect();
                let squares = workers.pieces(&items, |seen: &mut Vec<usize>, items| {
                    seen.extend(items);
                    items.iter().map(|item| item * item).collect()
                });
                assert_eq!(squares, items.iter().map(|item| item * item).collect::<Vec<_>>());
            }
            assert_eq!(workers.hired.len(), limit());
            let done: usize = workers.hired.iter().map(Vec::len).sum();
            assert_eq!(done, 1 + PIECE + PIECE + 1 + 10 * PIECE + 3);
        }
    }

    #[test]
    fn a_batch_is_what_is_here() {
        let lines = |count: usize| "{\"a\":1}\n\n".repeat(count).into_bytes();
        let mut input = InputLines::read(std::io::Cursor::new(lines(3)));
        let (mut taken, mut batches) = (0, 0);
        loop {
            let batch = LineBatch::next(&mut input);
            taken += batch.lines.len();
            batches += 1;
            if batch.end.is_some() {
                break;
            }
        }
        assert_eq!(taken, 3);
        assert!(batches <= 4);
        let mut input = InputLines::read(std::io::Cursor::new(lines(400_000)));
        let first = LineBatch::next(&mut input);
        assert!(first.lines.len() <= LINES);
        let long = format!("{{\"a\":\"{}\"}}\n", "x".repeat(1_000)).repeat(3_000);
        let mut input = InputLines::read(std::io::Cursor::new(long.into_bytes()));
        let first = LineBatch::next(&mut input);
        assert!(first.lines.iter().map(|line| line.text.len()).sum::<usize>() < BYTES + 1_010);
    }
}
