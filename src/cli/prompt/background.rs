//! Lines that left something running: the prompt tells of it, since nobody waits for it.
//!
//! As in a script of `sh`, what a line puts into the background is not stopped by Ctrl-C, and goes on when the prompt
//! is left.

use super::{processes::Report, talker};

/// A line whose processes have not all ended.
pub(super) struct BackgroundLine {
    /// Its first line
    text: String,
    /// The number of its last process; `None`: the shell did not say
    process: Option<String>,
    report: Report,
}

impl BackgroundLine {
    /// A line and what its processes hold.
    pub(super) fn new(text: &str, process: Option<&str>, report: Report) -> Self {
        let mut lines = text.lines();
        let first = lines.next().unwrap_or_default().trim();
        let more = if lines.next().is_some() { " …" } else { "" };
        Self { text: format!("{first}{more}"), process: process.map(str::to_owned), report }
    }

    /// Says that it goes on, and until when.
    pub(super) fn tell(&self, when: &str) {
        let process = self.process.as_ref().map_or_else(String::new, |id| format!(", process {id}"));
        talker().say(format!("goes on {when}{process}: {}", self.text));
    }

    /// Says so if it has ended.
    pub(super) fn tell_end(&mut self) -> bool {
        let (_, ended) = self.report.read();
        if ended {
            talker().say(format!("ended: {}", self.text));
        }
        ended
    }
}
