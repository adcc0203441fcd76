//! How far a long command is: one line on the terminal, from its second second on, which is gone when it ends.
//!
//! ```text
//! foil chain clone: 131,072 of 1,000,000 entries, 52,000 a second, 17 s left
//! ```

use std::{
    fmt::Write as _,
    io::{self, IsTerminal, Write},
    time::{Duration, Instant},
};

use super::Term;
use crate::report::grouped;

/// A command that ends sooner shows nothing.
const FIRST: Duration = Duration::from_secs(1);

/// How often the line is written anew.
const AGAIN: Duration = Duration::from_millis(200);

/// The line.
pub(crate) struct ProgressLine {
    stage: String,
    /// Whether there is a terminal to show it on
    visible: bool,
    began: Instant,
    /// How much was done when it began; `None`: nobody has said
    first: Option<u64>,
    /// When it was written last; `None`: it does not stand there
    written: Option<Instant>,
}

#[allow(clippy::disallowed_methods)] // how long a command runs, of no result
fn now() -> Instant {
    Instant::now()
}

#[allow(clippy::disallowed_methods)] // the environment is read here
fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|term| term == "dumb")
}

impl ProgressLine {
    /// A line for the command that talks there: only a person at a terminal who wants talk sees it.
    pub(crate) fn of(term: &Term) -> Self {
        let visible = io::stderr().is_terminal() && !term.quiet() && !is_dumb();
        Self { stage: term.stage.clone(), visible, began: now(), first: None, written: None }
    }

    /// So many of so many entries are done.
    pub(crate) fn at(&mut self, done: u64, all: u64) {
        let first = *self.first.get_or_insert(done);
        let elapsed = self.began.elapsed();
        self.write(|| measured(done - first.min(done), done, all, elapsed));
    }

    /// What is done now cannot be counted.
    pub(crate) fn doing(&mut self, what: &str) {
        self.write(|| what.to_owned());
    }

    /// Takes the line away, before something else is said.
    pub(crate) fn clear(&mut self) {
        if self.written.take().is_some() {
            let _ = io::stderr().write_all(b"\r\x1b[K");
        }
    }

    fn write(&mut self, text: impl Fn() -> String) {
        let is_late = |written: Instant| written.elapsed() < AGAIN;
        if !self.visible || self.began.elapsed() < FIRST || self.written.is_some_and(is_late) {
            return;
        }
        self.written = Some(now());
        // The rest of what stood there before is erased. That it cannot be written is no fault of the command.
        let _ = io::stderr().write_all(format!("\r{}: {}\x1b[K", self.stage, text()).as_bytes());
    }
}

impl Drop for ProgressLine {
    fn drop(&mut self) {
        self.clear();
    }
}

/// How much is done, how fast that went, and how long the rest takes at this rate.
fn measured(since: u64, done: u64, all: u64, elapsed: Duration) -> String {
    let mut text = format!("{} of {} entries", grouped(done), grouped(all));
    let milliseconds = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX).max(1);
    let rate = since.saturating_mul(1000) / milliseconds;
    if rate > 0 {
        let left = all.saturating_sub(done).div_ceil(rate);
        let _ = write!(text, ", {} a second, {} left", grouped(rate), span(left));
    }
    text
}

/// `17 s`, `4 min`, `3 h`: as exact as such a guess is.
fn span(seconds: u64) -> String {
    match seconds {
        0..100 => format!("{seconds} s"),
        100..6_000 => format!("{} min", seconds.div_ceil(60)),
        _ => format!("{} h", seconds.div_ceil(3600)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_goes_by_the_rate_so_far() {
        let second = Duration::from_secs(1);
        let shown = |since, done, all, elapsed| measured(since, done, all, elapsed);
        assert_eq!(
            shown(131_072, 131_072, 1_000_000, second * 2),
            "131,072 of 1,000,000 entries, 65,536 a second, 14 s left"
        );
        // What was there before says nothing about the rate.
        assert_eq!(
            shown(100, 900_100, 1_000_000, second * 2),
            "900,100 of 1,000,000 entries, 50 a second, 34 min left"
        );
        assert_eq!(shown(0, 256, 999, second), "256 of 999 entries");
        assert_eq!(shown(1, 1, 100_000, second), "1 of 100,000 entries, 1 a second, 28 h left");
        assert_eq!(shown(999, 999, 999, second), "999 of 999 entries, 999 a second, 0 s left");
    }
}
