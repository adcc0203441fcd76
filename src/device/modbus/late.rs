//! Answers that are still to come. An answer of Modbus RTU does not say what it is about, so one that comes late looks like
//! that to the next question of the same form.
//!
//! ```text
//! asked  unit 1 holding 0, 2 registers    no answer in time
//! asked  unit 1 holding 8, 2 registers    an answer of 2 registers: of which?
//! ```
//!
//! A unit answers in the order of its questions and once each, so a frame belongs to the oldest question whose form it has.
//! It may take [`PATIENCE`] time-outs for each, and begin with one when it is done with the last: every try counts. What was not
//! answered by then is in doubt.

use std::collections::BTreeMap;

use super::{doubts::Doubts, request::ReadRequest, rtu_frame::RtuContent, rtu_frame::RtuFrame};

/// How many time-outs a unit may need for a question, at most.
const PATIENCE: u64 = 3;

/// A unit that answers within so many time-outs does not need more than [`PATIENCE`] for another try.
const PROMPT: u64 = 2;

/// How many time-outs a doubt is followed at most.
const LONGEST_DOUBT: u64 = 12;

/// How many questions a unit may keep waiting.
const MOST: usize = 8;

/// A question that was sent.
#[derive(Clone, Copy, Debug)]
struct Attempt {
    request: ReadRequest,
    /// When, in milliseconds
    sent: u64,
    /// Whether another try of it was answered so soon that this one was lost if it is not answered
    is_lost: bool,
}

/// Questions without an answer so far, oldest first.
#[derive(Debug)]
pub(super) struct OwedAnswers {
    owed: Vec<Attempt>,
    /// When each unit was last asked
    asked: BTreeMap<u8, u64>,
    /// When each unit last answered a question
    heard: BTreeMap<u8, u64>,
    doubts: Doubts,
    /// In milliseconds
    timeout: u64,
}

impl OwedAnswers {
    /// Nothing was asked yet; `timeout` is in milliseconds.
    pub(super) fn new(timeout: u64) -> Self {
        let (asked, heard) = Default::default();
        Self { owed: Vec::new(), asked, heard, doubts: Doubts::default(), timeout }
    }

    /// A question was sent at a time in milliseconds.
    pub(super) fn asked(&mut self, request: ReadRequest, now: u64) {
        self.forget(now);
        self.asked.insert(request.unit, now);
        self.owed.push(Attempt { request, sent: now, is_lost: false });
        let of_unit = |attempt: &Attempt| attempt.request.unit == request.unit;
        if self.owed.iter().filter(|attempt| of_unit(attempt)).count() > MOST
            && let Some(oldest) = self.owed.iter().position(of_unit)
        {
            let oldest = self.owed.remove(oldest);
            self.give_up(oldest);
        }
    }

    /// The question that a frame answers, which is then settled, as are those before it; `None`: none. An answer too many puts
    /// those to come in doubt.
    pub(super) fn settle(&mut self, frame: &RtuFrame<'_>, now: u64) -> Option<ReadRequest> {
        if frame.is_request() {
            return None;
        }
        self.forget(now);
        let Some(at) = self.owed.iter().position(|attempt| frame.fits(attempt.request)) else {
            if let Some(since) = self.asked.get(&frame.unit) {
                self.doubts.surplus(frame, *since);
            }
            return None;
        };
        let Attempt { request: answered, sent, .. } = self.owed[at];
        self.heard.insert(frame.unit, now);
        self.settle_at(at, matches!(frame.content, RtuContent::Exception(_)));
        let is_prompt = now < sent + self.timeout * PROMPT;
        let same = self.owed.iter_mut().filter(|attempt| attempt.request == answered);
        same.for_each(|attempt| attempt.is_lost = is_prompt);
        Some(answered)
    }

    /// Settles a question, and those before it if the frame cannot be that to one that was given up.
    fn settle_at(&mut self, at: usize, is_exception: bool) {
        let answered = self.owed[at].request;
        let in_order = !self.doubts.concern(answered, is_exception);
        let mut place = 0;
        self.owed.retain(|attempt| {
            place += 1;
            let is_before = in_order && place <= at && attempt.request.unit == answered.unit;
            place != at + 1 && !is_before
        });
    }

    /// Whether a unit was ever asked.
    pub(super) fn knows(&self, unit: u8) -> bool {
        self.asked.contains_key(&unit)
    }

    /// Until when a question must wait, because its answer could not be told from a late one about other registers;
    /// `None`: it can be asked now.
    pub(super) fn until(&mut self, request: ReadRequest, now: u64) -> Option<u64> {
        self.forget(now);
        let alike = |owed: &ReadRequest| {
            (owed.unit, owed.table, owed.data_length())
                == (request.unit, request.table, request.data_length())
                && *owed != request
        };
        let must_wait = self.owed.iter().any(|attempt| alike(&attempt.request));
        must_wait.then(|| self.end(request.unit))
    }

    /// How long a unit must be silent behind an answer before that is believed, in milliseconds; `None`: it is not in doubt.
    pub(super) fn doubt(&self, request: ReadRequest, is_exception: bool, now: u64) -> Option<u64> {
        let since = self.doubts.since(request, is_exception)?;
        Some(now.saturating_sub(since).min(self.timeout * LONGEST_DOUBT) + self.timeout)
    }

    /// The answer to a question was believed; `confirmed`: after a silence that settles the doubts.
    pub(super) fn believed(&mut self, request: ReadRequest, is_exception: bool, confirmed: bool) {
        if confirmed || !is_exception && !self.doubts.concern(request, false) {
            self.doubts.settled(request.unit);
        }
    }

    /// When all that a unit owes has come or never will.
    fn end(&self, unit: u8) -> u64 {
        let heard = self.heard.get(&unit).copied().unwrap_or(0);
        let of_unit = self.owed.iter().filter(|attempt| attempt.request.unit == unit);
        of_unit.fold(heard, |end, attempt| end.max(attempt.sent).saturating_add(self.timeout * PATIENCE))
    }

    fn give_up(&mut self, attempt: Attempt) {
        if !attempt.is_lost {
            self.doubts.given_up(attempt.request, attempt.sent);
        }
    }

    /// Gives up what has waited too long.
    fn forget(&mut self, now: u64) {
        let owed = self.owed.clone();
        let gone = |attempt: &Attempt| self.end(attempt.request.unit) <= now;
        let (gone, owed): (Vec<_>, Vec<_>) = owed.into_iter().partition(gone);
        self.owed = owed;
        for attempt in gone {
            self.give_up(attempt);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::modbus::{exception::ModbusException, request::ModbusTable, rtu_frame::RtuContent};

    fn request(address: u16, count: u16) -> ReadRequest {
        ReadRequest { unit: 1, table: ModbusTable::HoldingRegisters, address, count }
    }

    fn answer(data: &[u8]) -> RtuFrame<'_> {
        RtuFrame { unit: 1, function: 3, content: RtuContent::Data(data) }
    }

    #[test]
    fn a_late_answer_belongs_to_the_question_that_waited_longest() {
        let mut owed = OwedAnswers::new(1_000);
        owed.asked(request(0, 2), 0);
        owed.asked(request(8, 2), 1_000);
        assert_eq!(owed.settle(&answer(&[0; 4]), 1_500), Some(request(0, 2)));
        assert_eq!(owed.settle(&answer(&[0; 4]), 1_600), Some(request(8, 2)));
        assert_eq!(owed.settle(&answer(&[0; 4]), 1_700), None);
    }

    #[test]
    fn what_was_asked_before_an_answered_question_is_never_answered() {
        let mut owed = OwedAnswers::new(1_000);
        owed.asked(request(0, 2), 0);
        owed.asked(ReadRequest { unit: 2, ..request(0, 2) }, 0);
        owed.asked(request(8, 1), 1_000);
        assert_eq!(owed.settle(&answer(&[0; 2]), 1_500), Some(request(8, 1)));
        assert_eq!(owed.settle(&answer(&[0; 4]), 1_500), None, "the same unit answers in order");
        let exception = RtuContent::Exception(ModbusException(2));
        let other = RtuFrame { unit: 2, function: 3, content: exception };
        assert!(owed.settle(&other, 1_500).is_some(), "another unit has its own order");
    }

    #[test]
    fn a_question_waits_while_its_answer_could_be_another_ones() {
        let mut owed = OwedAnswers::new(1_000);
        owed.asked(request(0, 2), 500);
        assert_eq!(owed.until(request(8, 2), 600), Some(3_500));
        assert_eq!(owed.until(request(8, 3), 600), None, "of another length");
        assert_eq!(owed.until(request(0, 2), 600), None, "about the same registers");
        assert_eq!(owed.until(ReadRequest { unit: 2, ..request(8, 2) }, 600), None);
        assert_eq!(owed.until(request(8, 2), 3_500), None, "nothing comes as late as that");
        // 3,500 - 500 since it was sent, and a time-out.
        assert_eq!(owed.doubt(request(8, 2), false, 3_500), Some(4_000), "but if it does");
    }

    #[test]
    fn a_unit_may_take_its_time_for_every_try() {
        let mut owed = OwedAnswers::new(1_000);
        (0..3).for_each(|at| owed.asked(request(0, 2), at * 1_000));
        // From 0 on 3 × 3,000.
        assert_eq!(owed.until(request(8, 2), 3_000), Some(9_000));
        assert_eq!(owed.settle(&answer(&[0; 4]), 4_000), Some(request(0, 2)));
        // Two are left: 4,000 + 2 × 3,000.
        assert_eq!(owed.until(request(8, 2), 4_000), Some(10_000));
        assert_eq!(owed.until(request(8, 2), 10_000), None);
        // 10,000 - 1,000 and a time-out: who takes 4,000 for one question may take more for the next.
        assert_eq!(owed.doubt(request(8, 2), false, 10_000), Some(10_000));
    }

    #[test]
    fn a_try_that_was_lost_puts_nothing_in_doubt() {
        let mut owed = OwedAnswers::new(1_000);
        (0..2).for_each(|at| owed.asked(request(0, 2), at * 1_000));
        assert_eq!(owed.settle(&answer(&[0; 4]), 1_050), Some(request(0, 2)));
        // One is left: 1,050 + 3,000.
        assert_eq!(owed.until(request(8, 2), 1_100), Some(4_050));
        assert_eq!(owed.until(request(8, 2), 4_050), None);
        assert_eq!(owed.doubt(request(8, 2), false, 4_100), None);
    }

    #[test]
    fn an_answer_too_many_puts_the_next_in_doubt_until_one_is_confirmed() {
        let mut owed = OwedAnswers::new(1_000);
        owed.asked(request(0, 2), 0);
        assert!(owed.settle(&answer(&[0; 4]), 100).is_some());
        assert_eq!(owed.settle(&answer(&[0; 4]), 120), None);
        owed.asked(request(8, 2), 200);
        // 300 - 0 since the last question, and a time-out.
        assert_eq!(owed.doubt(request(8, 2), false, 300), Some(1_300));
        owed.believed(request(8, 2), false, true);
        assert_eq!(owed.doubt(request(8, 2), false, 300), None);
    }
}
