//! What comes in, batch by batch. A long input is read, and its proofs are checked, while the batch before is on
//! its way to the disk.

use std::{
    sync::mpsc::{Receiver, sync_channel},
    thread,
    time::Instant,
};

use crate::{
    cli::io::{BadLine, InputLines, Line, Next},
    json::Canonical,
    ledger::write::{
        batch::{Arrival, MAX_BATCH, MAX_BATCH_BYTES},
        proofs::ProofPool,
    },
    machine,
    rules::received::ClockReading,
    time::Span,
};

/// The reading side of an append.
pub(super) struct Feed {
    /// What comes
    pub(super) lines: InputLines,
    /// What is asked of it before it is handed over
    pub(super) proofs: ProofPool,
    /// How long a batch waits after its first line
    pub(super) delay: Span,
    /// Bad lines are passed over
    pub(super) keep_going: bool,
}

/// Records that wait to be written, and what ended the waiting.
#[derive(Default)]
pub(super) struct Gathered {
    /// The records
    pub(super) arrivals: Vec<Arrival>,
    /// The number of the line of each
    pub(super) numbers: Vec<u64>,
    /// The lines that were passed over
    pub(super) bad: Vec<anyhow::Error>,
    /// Why no more can be read, though the input has not ended
    pub(super) error: Option<anyhow::Error>,
    ended: bool,
}

impl Feed {
    /// Reads until the batch is full, the delay is over, or there is no more.
    pub(super) fn gather(&mut self) -> Gathered {
        let (mut gathered, mut deadline, mut bytes) = (Gathered::default(), None, 0);
        while gathered.lines() < MAX_BATCH && bytes < MAX_BATCH_BYTES {
            match self.lines.next_before(deadline) {
                Ok(Next::Line(line)) => {
                    bytes += line.text.len();
                    gathered.take(line, self.keep_going);
                }
                Ok(Next::Idle) => break,
                Ok(Next::End) => gathered.ended = true,
                Err(error) => gathered.fail(error, self.keep_going),
            }
            if gathered.is_last() {
                break;
            }
            deadline.get_or_insert_with(|| now() + self.delay.to_std());
        }
        self.proofs.admit(&mut gathered.arrivals);
        gathered
    }

    /// Reads on by itself: a batch is being gathered while another is being written.
    pub(super) fn ahead(mut self) -> Receiver<Gathered> {
        let (sender, batches) = sync_channel(0);
        thread::spawn(move || {
            loop {
                let gathered = self.gather();
                let last = gathered.is_last();
                if sender.send(gathered).is_err() || last {
                    return;
                }
            }
        });
        batches
    }
}

impl Gathered {
    /// Whether nothing can follow.
    pub(super) fn is_last(&self) -> bool {
        self.ended || self.error.is_some()
    }

    fn lines(&self) -> usize {
        self.arrivals.len() + self.bad.len()
    }

    fn take(&mut self, line: Line, keep_going: bool) {
        let kind = line.kind();
        match Canonical::read(line.text) {
            Ok(record) => {
                self.arrivals.push(Arrival { record, clock: clock(), admitted: false });
                self.numbers.push(line.number);
            }
            Err(error) => self.fail(BadLine::no_record(line.number, kind, &error).into(), keep_going),
        }
    }

    fn fail(&mut self, error: anyhow::Error, keep_going: bool) {
        if keep_going && error.is::<BadLine>() {
            self.bad.push(error);
        } else {
            self.error = Some(error);
        }
    }
}

fn clock() -> ClockReading {
    ClockReading { wall: machine::wall(), up: machine::up() }
}

#[allow(clippy::disallowed_methods)] // a deadline of this process, of no result
fn now() -> Instant {
    Instant::now()
}
