//! The bus itself: one question at a time, and the wait for its answer.
//!
//! ```text
//! ask: settle what is owed → until the line is silent for 3.5 characters → send → wait for the answer
//!      → until it is sure that no other one follows
//! ```
//!
//! Format: <https://www.modbus.org/docs/Modbus_over_serial_line_V1_02.pdf> §2.5.1.

use std::time::Duration;

use tokio::time::timeout;

use super::{
    answer::ReadAnswer, answer_wait::AnswerWait, late::OwedAnswers, listener::BusListener,
    request::ReadRequest,
};
use crate::{
    device::{
        byte_source::open_device::OpenDevice,
        decode::{BadFrame, FrameFault},
    },
    machine,
};

/// Bits of a character with its start, parity and stop bits.
const CHARACTER: u32 = 11;

/// Silence that ends a frame for sure: adapters hand over what they have every 16 ms.
const QUIET: Duration = Duration::from_millis(50);

/// The shortest gap between two frames, whatever the speed.
const GAP: Duration = Duration::from_micros(1_750);

/// A bus that is open.
pub(super) struct Bus<'a> {
    device: OpenDevice,
    owed: &'a mut OwedAnswers,
    /// What comes while nobody asks
    idle: BusListener,
    /// How long a character takes
    character: Duration,
    /// How long an answer may take
    timeout: Duration,
    buffer: Vec<u8>,
    /// Answers that came while nobody waited for them, with their units
    late: Vec<(u8, BadFrame)>,
}

/// How many late answers are told of at once.
const MOST_LATE: usize = 256;

/// The device is gone; how that showed.
pub(super) struct BusGone(pub(super) String);

impl<'a> Bus<'a> {
    /// A bus of this many bits per second. What is owed is so still after it was opened again.
    pub(super) fn new(device: OpenDevice, baud: u32, timeout: Duration, owed: &'a mut OwedAnswers) -> Self {
        Self {
            device,
            owed,
            idle: BusListener::default(),
            character: Duration::from_secs(1) * CHARACTER / baud.max(1),
            timeout,
            buffer: vec![0; 4_096],
            late: Vec::new(),
        }
    }

    /// Listens until a time in milliseconds, and drops what comes: it answers no question of ours, or one that was
    /// given up.
    pub(super) async fn listen(&mut self, until: u64) -> Result<(), BusGone> {
        while let Some(left) = until.checked_sub(now()).filter(|left| *left > 0) {
            self.overhear(Duration::from_millis(left)).await?;
        }
        Ok(())
    }

    /// Whether a question could be asked at once.
    pub(super) fn is_ready(&self, request: ReadRequest) -> bool {
        self.owed.until(request, now()).is_none()
    }

    /// Asks once, and once more if the answer looks like one about other registers: a copy of that does not come again.
    pub(super) async fn ask(
        &mut self,
        request: ReadRequest,
    ) -> Result<Result<ReadAnswer, BadFrame>, BusGone> {
        let first = match self.ask_once(request).await? {
            Ok(first) if self.owed.is_alike(request, &first, now()) => first,
            answer => return Ok(answer),
        };
        let second = self.ask_once(request).await?;
        if second.as_ref() == Ok(&first) {
            return Ok(second);
        }
        self.owed.dispute(request, &first, now());
        match second {
            Ok(second) if self.owed.is_alike(request, &second, now()) => {
                Ok(Err(BadFrame::new(FrameFault::Late, "answers that are like those to earlier questions")))
            }
            second => Ok(second),
        }
    }

    async fn ask_once(&mut self, request: ReadRequest) -> Result<Result<ReadAnswer, BadFrame>, BusGone> {
        if !self.settles(request).await? {
            return Ok(Err(BadFrame::new(FrameFault::Late, "answers that no question asked for do not end")));
        }
        if !self.falls_silent().await? {
            return Ok(Err(BadFrame::new(FrameFault::Noise, "the line is never silent")));
        }
        let has_copies = self.owed.makes_copies(request.unit);
        self.device.send(&request.frame()).await.map_err(BusGone)?;
        self.owed.asked(request, now());
        self.answer(request, has_copies).await
    }

    /// Waits until nothing is owed that the answer to a question could be taken for. Whether that is so.
    async fn settles(&mut self, request: ReadRequest) -> Result<bool, BusGone> {
        let deadline = now() + self.owed.longest_wait();
        while let Some(until) = self.owed.until(request, now()) {
            if now() >= deadline {
                return Ok(false);
            }
            self.overhear(Duration::from_millis(until.min(deadline).saturating_sub(now()))).await?;
        }
        Ok(true)
    }

    async fn answer(
        &mut self,
        request: ReadRequest,
        has_copies: bool,
    ) -> Result<Result<ReadAnswer, BadFrame>, BusGone> {
        let length = request.frame().len() + request.answer_length();
        let on_the_line = self.character * u32::try_from(length).unwrap_or(u32::MAX);
        let deadline = now() + millis(self.timeout + on_the_line);
        let mut wait = AnswerWait::new(request);
        loop {
            let left = Duration::from_millis(deadline.saturating_sub(now()));
            let count = self.read(left.min(self.quiet())).await?;
            wait.push(&self.buffer[..count]);
            if let Some(answer) = wait.answer(self.owed, count == 0 || left.is_zero(), now()) {
                return self.undisturbed(wait, answer, has_copies).await;
            }
            if left.is_zero() {
                if wait.is_damaged() {
                    self.owed.damaged(request, now());
                }
                return Ok(Err(wait.fault()));
            }
        }
    }

    /// An answer if nothing follows it that could be the answer as well. Of several tries it is the last, which belongs to the
    /// question for sure. Where copies were expected, all before it were waited for, so those that come are of this answer.
    async fn undisturbed(
        &mut self,
        mut wait: AnswerWait,
        mut answer: ReadAnswer,
        has_copies: bool,
    ) -> Result<Result<ReadAnswer, BadFrame>, BusGone> {
        let (before, silence) = (wait.surplus(), millis(self.quiet()));
        let (mut until, longest) = (now() + silence, now() + silence * 4);
        while now() < until.min(longest) {
            let count = self.read(Duration::from_millis(until - now())).await?;
            wait.push(&self.buffer[..count]);
            if count > 0 {
                until = now() + silence;
            }
            if let Some(next) = wait.answer(self.owed, count == 0, now()) {
                answer = next;
            }
        }
        if let Some(next) = wait.answer(self.owed, true, now()) {
            answer = next;
        }
        if wait.surplus() > before && !has_copies || now() < until {
            return Ok(Err(BadFrame::new(FrameFault::Late, "more answers than questions")));
        }
        Ok(Ok(answer))
    }

    /// What came too late of a unit, or once too often, since this was asked last.
    pub(super) fn late(&mut self, unit: u8) -> Vec<BadFrame> {
        let (of_unit, others) = std::mem::take(&mut self.late).into_iter().partition(|(of, _)| *of == unit);
        self.late = others;
        let of_unit: Vec<(u8, BadFrame)> = of_unit;
        of_unit.into_iter().map(|(_, late)| late).collect()
    }

    /// Waits until nothing has come for 3.5 characters; not for longer than an answer may take.
    async fn falls_silent(&mut self) -> Result<bool, BusGone> {
        let (deadline, gap) = (now() + millis(self.timeout.max(QUIET * 2)), GAP.max(self.character * 7 / 2));
        while self.overhear(gap).await? {
            if now() >= deadline {
                return Ok(false);
            }
        }
        self.idle = BusListener::default();
        Ok(true)
    }

    /// Takes what comes within some time, and settles what it answers. Whether something came.
    async fn overhear(&mut self, patience: Duration) -> Result<bool, BusGone> {
        let count = self.read(patience).await?;
        self.idle.push(&self.buffer[..count]);
        while let Some(frame) = self.idle.next_frame(count == 0) {
            let is_owed = self.owed.settle(&frame, now()).is_some();
            if self.late.len() < MOST_LATE && self.owed.knows(frame.unit) && !frame.is_request() {
                self.late.push((frame.unit, late(is_owed)));
            }
        }
        Ok(count > 0)
    }

    /// Reads what comes within some time; nothing is no byte.
    async fn read(&mut self, patience: Duration) -> Result<usize, BusGone> {
        match timeout(patience, self.device.read(&mut self.buffer)).await {
            Ok(read) => read.map_err(BusGone),
            Err(_) => Ok(0),
        }
    }

    fn quiet(&self) -> Duration {
        QUIET.max(self.character * 7 / 2)
    }
}

/// A frame that came while nobody waited for it.
fn late(is_owed: bool) -> BadFrame {
    let detail =
        if is_owed { "the answer to an earlier question" } else { "an answer that no question asked for" };
    BadFrame::new(FrameFault::Late, detail)
}

/// Milliseconds since the machine started.
pub(super) fn now() -> u64 {
    machine::up().millis().unsigned_abs()
}

/// A duration in whole milliseconds, rounded up.
pub(super) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros().div_ceil(1_000)).unwrap_or(u64::MAX)
}
