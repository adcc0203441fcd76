//! Chunks handed to threads, and what they make of them put in order again.

use std::{
    collections::BTreeMap,
    io,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    thread,
};

use super::examine::{Examined, Examiner, LineRules};
use crate::verify::lines::Chunks;

/// How many chunks a thread may be ahead of the slowest one.
const AHEAD: u64 = 4;

/// Examines all chunks on so many threads and hands what is found to `each`, in the order of the chunks: the
/// number of threads changes nothing but the time.
pub(in crate::verify) fn run(
    chunks: Chunks<'_>,
    rules: &LineRules,
    threads: usize,
    each: impl FnMut(Examined) + Send,
) -> io::Result<()> {
    let source = Mutex::new(Source { chunks, failed: None });
    let order = Order { next: 0, waiting: BTreeMap::new(), each, lost: false };
    let desk = Desk { order: Mutex::new(order), moved: Condvar::new(), window: AHEAD * threads as u64 };
    thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(|| work(&source, rules, &desk));
        }
        work(&source, rules, &desk);
    });
    let source = source.into_inner().unwrap_or_else(PoisonError::into_inner);
    source.failed.map_or(Ok(()), Err)
}

fn work<F: FnMut(Examined)>(source: &Mutex<Source<'_>>, rules: &LineRules, desk: &Desk<F>) {
    let _guard = Guard(desk);
    let mut examiner = Examiner::new(rules);
    loop {
        let chunk = locked(source).next();
        let Some(chunk) = chunk else { return };
        desk.deliver(examiner.chunk(&chunk));
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Source<'a> {
    chunks: Chunks<'a>,
    failed: Option<io::Error>,
}

impl Source<'_> {
    fn next(&mut self) -> Option<crate::verify::lines::Chunk> {
        if self.failed.is_some() {
            return None;
        }
        self.chunks.next().unwrap_or_else(|why| {
            self.failed = Some(why);
            None
        })
    }
}

struct Order<F> {
    next: u64,
    waiting: BTreeMap<u64, Examined>,
    each: F,
    /// A thread has panicked: nobody waits for what it took
    lost: bool,
}

struct Desk<F> {
    order: Mutex<Order<F>>,
    moved: Condvar,
    window: u64,
}

impl<F: FnMut(Examined)> Desk<F> {
    /// Waits while others are too far behind; the one who is last never waits.
    fn deliver(&self, examined: Examined) {
        let mut order = locked(&self.order);
        while !order.lost && examined.number >= order.next + self.window {
            order = self.moved.wait(order).unwrap_or_else(PoisonError::into_inner);
        }
        order.waiting.insert(examined.number, examined);
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

struct Guard<'a, F: FnMut(Examined)>(&'a Desk<F>);

impl<F: FnMut(Examined)> Drop for Guard<'_, F> {
    fn drop(&mut self) {
        if thread::panicking() {
            locked(&self.0.order).lost = true;
            self.0.moved.notify_all();
        }
    }
}
