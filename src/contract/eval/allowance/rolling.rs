//! The total within any window of a length: what counts in the last 24 h, say, at each instant.
//!
//! ```text
//! counts    ██████      ███████████
//! total        ╱‾‾‾‾‾‾‾‾╱‾‾‾‾╲___     it grows while time counts, falls while time that counted leaves the window,
//!             ╱        ╱         ╲    and stands still where both happen
//! ```
//!
//! Only the stretches of the last window are remembered.

use std::collections::VecDeque;

use super::{super::counted_time::CountedTime, Spent};

/// What counts within a window that ends now.
#[derive(Clone, Debug)]
pub(super) struct RollingTotal {
    window: i64,
    most: i64,
    exceeding: i64,
    /// What counted and has not left the window, in the order of time
    stretches: VecDeque<(i64, i64)>,
    /// How much of it is in the window that ends at `now`
    total: i64,
    now: i64,
    /// The most that there was at an instant
    greatest: i64,
}

impl RollingTotal {
    pub(super) fn new(window: i64, most: i64, exceeding: i64) -> Self {
        let (stretches, total, now, greatest) = (VecDeque::new(), 0, i64::MIN, 0);
        Self { window: window.max(1), most, exceeding, stretches, total, now, greatest }
    }

    /// The most that there was at an instant.
    pub(super) fn greatest(&self) -> i64 {
        self.greatest
    }

    /// Counts a stretch that begins at `now` or later.
    pub(super) fn count(&mut self, start: i64, end: i64) -> Spent {
        self.recede(start);
        match self.stretches.back_mut() {
            Some(last) if last.1 == start => last.1 = end,
            _ => self.stretches.push_back((start, end)),
        }
        let mut spent = Spent::growing((start, start), self.total, self.most, self.exceeding);
        while self.now < end {
            spent.and(self.advance(end));
        }
        spent
    }

    /// Goes on, while time counts, to where the edge of the window meets the next border of a stretch, or to `end`.
    fn advance(&mut self, end: i64) -> Spent {
        let (start, edge) = (self.now, self.now - self.window);
        // The stretch that goes on is one of them, so there is a first one, and it ends after the edge.
        let (begin, over) = self.stretches.front().copied().unwrap_or((start, end));
        let leaves = edge >= begin;
        let border = if leaves { over } else { begin };
        let next = border.saturating_add(self.window).min(end);
        if leaves && next - self.window == over {
            self.stretches.pop_front();
        }
        self.now = next;
        if leaves {
            let beyond = if self.total > self.most { next - start } else { 0 };
            return Spent { exceeded_at: None, beyond };
        }
        let spent = Spent::growing((start, next), self.total, self.most, self.exceeding);
        self.total += next - start;
        self.greatest = self.greatest.max(self.total);
        spent
    }

    /// Goes on to an instant while nothing counts.
    fn recede(&mut self, now: i64) {
        let (before, edge) = (self.now.saturating_sub(self.window), now - self.window);
        while let Some((begin, over)) = self.stretches.front().copied() {
            self.total -= (over.min(edge) - begin.max(before)).max(0);
            if over > edge {
                break;
            }
            self.stretches.pop_front();
        }
        self.now = now;
    }

    /// How much longer an excursion must go on from now on to exceed what is tolerated, of which only some time counts; `None`: a
    /// whole window does not, or no window has enough that counts.
    pub(super) fn left(&self, now: i64, time: &CountedTime) -> Option<i64> {
        let mut total = self.clone();
        for (start, end) in time.pieces(now, i64::MAX) {
            let whole = start.saturating_add(self.window);
            if let Some(at) = total.count(start, end.min(whole)).exceeded_at {
                return Some(at - now);
            }
            if end >= whole {
                return None;
            }
        }
        None
    }
}
