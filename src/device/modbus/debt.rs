//! What a unit still owes of one form: a function, and a number of bytes. Frames of one form cannot be told apart.

use super::request::ReadRequest;

/// Questions of one form, all about the same registers: others wait until nothing is owed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Debt {
    pub(super) request: ReadRequest,
    /// How many tries may still be answered
    open: u32,
    /// When the last of them was sent, in milliseconds
    sent: u64,
    /// When a frame of this form came last
    heard: u64,
    /// Whether one of the tries is answered only if a frame before was a copy
    is_disputed: bool,
}

/// How long frames may still come, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct LateBounds {
    /// The answer to a try, after that
    pub(super) answer: u64,
    /// A copy of a frame, after that; `None`: the line makes none
    pub(super) copy: Option<u64>,
}

impl Debt {
    /// A question is sent, the first of its form.
    pub(super) fn new(request: ReadRequest, now: u64) -> Self {
        Self { request, open: 1, sent: now, heard: 0, is_disputed: false }
    }

    /// A question is sent. While copies may come, a frame does not show that it was answered.
    pub(super) fn asked(&mut self, request: ReadRequest, now: u64, bounds: LateBounds) {
        let open = if self.is_open(now, bounds) { self.open } else { 0 };
        self.is_disputed &= open > 0;
        self.open = open + 1 + u32::from(self.copies_until(bounds) > now);
        (self.request, self.sent) = (request, now);
    }

    /// A try may be answered still: what was taken for its answer was none.
    pub(super) fn dispute(&mut self, now: u64) {
        self.open += 1;
        (self.sent, self.is_disputed) = (now, true);
    }

    /// A frame of this form came. Whether a try was open.
    pub(super) fn heard(&mut self, now: u64, bounds: LateBounds) -> bool {
        self.heard = now;
        let was_open = self.open > 0;
        // Of several tries, none is known to be answered if the frames may be copies.
        if bounds.copy.is_none() || self.open == 1 {
            self.open = self.open.saturating_sub(1);
        }
        was_open
    }

    /// Bytes of a frame of this form came: the answer, if only one try was open.
    pub(super) fn damaged(&mut self, now: u64) {
        self.heard = now;
        if self.open == 1 {
            self.open = 0;
        }
    }

    /// A frame came that shows whether one before was a copy.
    pub(super) fn take_disputed(&mut self) -> bool {
        std::mem::take(&mut self.is_disputed)
    }

    /// How much later than the last try it is.
    pub(super) fn lateness(&self, now: u64) -> u64 {
        now.saturating_sub(self.sent)
    }

    /// Whether an answer may still come.
    pub(super) fn is_open(&self, now: u64, bounds: LateBounds) -> bool {
        self.open > 0 && now < self.sent + bounds.answer
    }

    /// When all has come that may come.
    pub(super) fn until(&self, bounds: LateBounds) -> u64 {
        let answers = if self.open > 0 { self.sent + bounds.answer } else { 0 };
        answers.max(self.copies_until(bounds))
    }

    fn copies_until(&self, bounds: LateBounds) -> u64 {
        bounds.copy.filter(|_| self.heard > 0).map_or(0, |copy| self.heard + copy)
    }
}
