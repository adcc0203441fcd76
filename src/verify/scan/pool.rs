//! A pool of threads that examine chunks of lines, and put the results in order again.

use std::{
    collections::BTreeMap,
    io,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    thread,
};

use super::{
    line_examiner::{ExaminedChunk, LineExaminer, LineRules},
    line_listener::{LineListener, LineReader},
};
use crate::verify::lines::LineChunks;

/// How many chunks a thread may be ahead of the slowest one: as many as it examines while another one hashes the tree of a
/// whole file.
const AHEAD: u64 = 16;

/// Examines all chunks on so many threads and hands what is found to the listener and to `each`, in the order of the
/// chunks: the number of threads changes nothing but the time.
pub(in crate::verify) fn run<L: LineListener>(
    chunks: LineChunks<'_>,
    rules: &LineRules,
    threads: usize,
    listener: &mut L,
    mut each: impl FnMut(ExaminedChunk) + Send,
) -> io::Result<()> {
    let source = Mutex::new(Source { chunks, failed: None });
    let readers: Vec<_> = (1..threads).map(|_| listener.reader()).collect();
    let own = listener.reader();
    let each = |(examined, notes)| {
        listener.take_notes(notes);
        each(examined);
    };
    let order = Order { next: 0, waiting: BTreeMap::new(), each, lost: false };
    let queue = WorkQueue { order: Mutex::new(order), moved: Condvar::new(), window: AHEAD * threads as u64 };
    thread::scope(|scope| {
        for reader in readers {
            scope.spawn(|| work(&source, rules, reader, &queue));
        }
        work(&source, rules, own, &queue);
    });
    let source = source.into_inner().unwrap_or_else(PoisonError::into_inner);
    source.failed.map_or(Ok(()), Err)
}

fn work<R: LineReader<Notes: Default>, F: FnMut((ExaminedChunk, R::Notes))>(
    source: &Mutex<Source<'_>>,
    rules: &LineRules,
    mut reader: R,
    queue: &WorkQueue<F, R::Notes>,
) {
    let _guard = Guard(queue);
    let mut examiner = LineExaminer::new(rules);
    loop {
        let chunk = locked(source).next();
        let Some(chunk) = chunk else { return };
        queue.deliver(examiner.chunk(&chunk, &mut reader));
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Source<'a> {
    chunks: LineChunks<'a>,
    failed: Option<io::Error>,
}

impl Source<'_> {
    fn next(&mut self) -> Option<crate::verify::lines::LineChunk> {
        if self.failed.is_some() {
            return None;
        }
        self.chunks.next().unwrap_or_else(|why| {
            self.failed = Some(why);
            None
        })
    }
}

struct Order<F, N> {
    next: u64,
    waiting: BTreeMap<u64, (ExaminedChunk, N)>,
    each: F,
    /// A thread has panicked: the others do not wait for its chunk
    lost: bool,
}

struct WorkQueue<F: FnMut((ExaminedChunk, N)), N> {
    order: Mutex<Order<F, N>>,
    moved: Condvar,
    window: u64,
}

impl<F: FnMut((ExaminedChunk, N)), N> WorkQueue<F, N> {
    /// Waits while others are too far behind; the one who is last never waits.
    fn deliver(&self, (examined, notes): (ExaminedChunk, N)) {
        let mut order = locked(&self.order);
        while !order.lost && examined.number >= order.next + self.window {
            order = self.moved.wait(order).unwrap_or_else(PoisonError::into_inner);
        }
        order.waiting.insert(examined.number, (examined, notes));
        let before = order.next;
        loop {
            let next = order.next;
            let Some(examined) = order.waiting.remove(&next) else { break };
            (order.each)(examined);
            order.next += 1;
        }
        if order.next > before {
            self.moved.notify_all();
        }
    }
}

struct Guard<'a, F: FnMut((ExaminedChunk, N)), N>(&'a WorkQueue<F, N>);

impl<F: FnMut((ExaminedChunk, N)), N> Drop for Guard<'_, F, N> {
    fn drop(&mut self) {
        if thread::panicking() {
            locked(&self.0.order).lost = true;
            self.0.moved.notify_all();
        }
    }
}
