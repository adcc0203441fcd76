//! Answers that are still to come. An answer of Modbus RTU does not say what it is about, so one that comes late, or once more,
//! looks like that to the next question of the same form: unit, function and length.
//!
//! ```text
//! asked  unit 1 holding 0, 2 registers    no answer in time
//! asked  unit 1 holding 8, 2 registers    an answer of 2 registers: of which?
//! ```
//!
//! So no question is asked while the answer to a try about other registers may come that has its form: for [`PATIENCE`] time-outs
//! after the try, or until as many answers came as there were tries. Where a line was caught saying a frame twice, that many
//! answers prove nothing any more, and each may come again for [`COPY`] time-outs.

use std::collections::BTreeMap;

use super::{
    answer::ReadAnswer,
    debt::{Debt, LateBounds},
    recent_answers::RecentAnswers,
    request::{ModbusTable, ReadRequest},
    rtu_frame::{RtuContent, RtuFrame},
};

/// After how many time-outs no answer comes to a try.
const PATIENCE: u64 = 12;

/// A unit that was so many time-outs late is given twice as long from then on: nobody knows that it cannot be later still.
const SLOW: u64 = 6;

/// After how many time-outs no copy comes of a frame.
const COPY: u64 = 3;

/// A function of a unit, and how many bytes of data an answer has.
type Form = (u8, ModbusTable, usize);

/// What is known of a unit, and not forgotten.
#[derive(Clone, Copy, Debug, Default)]
struct Conduct {
    /// Whether more frames came than it was asked for
    makes_copies: bool,
    /// Whether an answer came very late
    is_slow: bool,
}

/// What all units of a bus owe.
#[derive(Debug)]
pub(super) struct OwedAnswers {
    debts: BTreeMap<Form, Debt>,
    /// Of the units that were asked
    conducts: BTreeMap<u8, Conduct>,
    recent: RecentAnswers,
    /// In milliseconds
    timeout: u64,
}

fn form(request: ReadRequest) -> Form {
    (request.unit, request.table, request.data_length())
}

impl OwedAnswers {
    /// Nothing was asked yet; `timeout` is in milliseconds.
    pub(super) fn new(timeout: u64) -> Self {
        let (debts, conducts, recent) = Default::default();
        Self { debts, conducts, recent, timeout }
    }

    /// A question was sent at a time in milliseconds.
    pub(super) fn asked(&mut self, request: ReadRequest, now: u64) {
        self.conducts.entry(request.unit).or_default();
        let bounds = self.bounds(request.unit);
        let add = |debt: &mut Debt| debt.asked(request, now, bounds);
        self.debts.entry(form(request)).and_modify(add).or_insert_with(|| Debt::new(request, now));
    }

    /// Somebody else sent a question, whose answer may be taken for one to us.
    fn overheard(&mut self, frame: &[u8], now: u64) {
        let own = |request| self.debts.get(&form(request)).is_some_and(|debt| debt.request == request);
        if let Some(request) = ReadRequest::parse(frame).filter(|request| !own(*request)) {
            self.asked(request, now);
        }
    }

    /// The question that a frame answers, which is one less to come; `None`: none, or nobody knows which.
    pub(super) fn settle(&mut self, frame: &RtuFrame<'_>, now: u64) -> Option<ReadRequest> {
        let form = match frame.content {
            RtuContent::Request(bytes) => {
                self.overheard(bytes, now);
                return None;
            }
            RtuContent::Data(data) => {
                let table = ModbusTable::ALL.into_iter().find(|table| table.function() == frame.function)?;
                (frame.unit, table, data.len())
            }
            RtuContent::Exception(_) => self.refused(frame, now)?,
        };
        let bounds = self.bounds(frame.unit);
        let debt = self.debts.get_mut(&form)?;
        let (request, lateness) = (debt.request, debt.lateness(now));
        let was_open = debt.heard(now, bounds);
        let is_copy = !was_open || debt.take_disputed();
        let conduct = self.conducts.entry(frame.unit).or_default();
        conduct.makes_copies |= is_copy;
        conduct.is_slow |= was_open && lateness > self.timeout * SLOW;
        if let Some(answer) = ReadAnswer::of(frame.content) {
            self.recent.note(request, answer, now, now.saturating_sub(bounds.answer));
        }
        was_open.then_some(request)
    }

    /// The form of the question that an exception is about: it has no length, and some devices do not repeat the function. That
    /// of several is not known.
    fn refused(&mut self, frame: &RtuFrame<'_>, now: u64) -> Option<Form> {
        let bounds = self.bounds(frame.unit);
        let is_open = |(form, debt): &(&Form, &Debt)| form.0 == frame.unit && debt.is_open(now, bounds);
        let open: Vec<Form> = self.debts.iter().filter(is_open).map(|(form, _)| *form).collect();
        let same: Vec<Form> =
            open.iter().copied().filter(|(_, table, _)| table.function() == frame.function).collect();
        match if same.is_empty() { &open[..] } else { &same[..] } {
            [one] => Some(*one),
            [] => {
                if let Some(conduct) = self.conducts.get_mut(&frame.unit) {
                    conduct.makes_copies = true;
                }
                None
            }
            _ => None,
        }
    }

    /// The bytes of an answer came, damaged: those of the only try, if there is only one.
    pub(super) fn damaged(&mut self, request: ReadRequest, now: u64) {
        if let Some(debt) = self.debts.get_mut(&form(request)) {
            debt.damaged(now);
        }
    }

    /// An answer may be none after all: that to a try may still come.
    pub(super) fn dispute(&mut self, request: ReadRequest, answer: &ReadAnswer, now: u64) {
        self.recent.forget(request, answer);
        if let Some(debt) = self.debts.get_mut(&form(request)) {
            debt.dispute(now);
        }
    }

    /// Whether a unit was ever asked.
    pub(super) fn knows(&self, unit: u8) -> bool {
        self.conducts.contains_key(&unit)
    }

    /// Whether more frames of a unit came than were asked for.
    pub(super) fn makes_copies(&self, unit: u8) -> bool {
        self.conducts.get(&unit).is_some_and(|conduct| conduct.makes_copies)
    }

    /// Until when a question must wait, because its answer could not be told from one about other registers; `None`: it can be
    /// asked now.
    pub(super) fn until(&self, request: ReadRequest, now: u64) -> Option<u64> {
        let debt = self.debts.get(&form(request)).filter(|debt| debt.request != request)?;
        Some(debt.until(self.bounds(request.unit))).filter(|until| *until > now)
    }

    /// Whether an answer looks like one about other registers that came not long ago.
    pub(super) fn is_alike(&self, request: ReadRequest, answer: &ReadAnswer, now: u64) -> bool {
        let since = now.saturating_sub(self.bounds(request.unit).answer);
        self.recent.has_another(request, answer, since)
    }

    /// How long a question waits at most for those before it, in milliseconds.
    pub(super) fn longest_wait(&self) -> u64 {
        self.timeout * PATIENCE * 4
    }

    fn bounds(&self, unit: u8) -> LateBounds {
        let Conduct { makes_copies, is_slow } = self.conducts.get(&unit).copied().unwrap_or_default();
        let answer = self.timeout * PATIENCE * if is_slow { 2 } else { 1 };
        LateBounds { answer, copy: makes_copies.then_some(self.timeout * COPY) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::modbus::exception::ModbusException;

    fn request(address: u16, count: u16) -> ReadRequest {
        ReadRequest { unit: 1, table: ModbusTable::HoldingRegisters, address, count }
    }

    fn answer(data: &[u8]) -> RtuFrame<'_> {
        RtuFrame { unit: 1, function: 3, content: RtuContent::Data(data) }
    }

    fn refusal(unit: u8, function: u8) -> RtuFrame<'static> {
        RtuFrame { unit, function, content: RtuContent::Exception(ModbusException(2)) }
    }

    #[test]
    fn a_question_waits_while_its_answer_could_be_another_ones() {
        let mut owed = OwedAnswers::new(1_000);
        owed.asked(request(0, 2), 500);
        assert_eq!(owed.until(request(8, 2), 600), Some(12_500));
        assert_eq!(owed.until(request(8, 3), 600), None, "of another length");
        assert_eq!(owed.until(request(0, 2), 600), None, "about the same registers");
        assert_eq!(owed.until(ReadRequest { unit: 2, ..request(8, 2) }, 600), None);
        assert_eq!(owed.until(request(8, 2), 12_500), None, "nothing comes as late as that");
    }

    #[test]
    fn as_many_answers_as_tries_are_all() {
        let mut owed = OwedAnswers::new(1_000);
        owed.asked(request(0, 2), 0);
        owed.asked(request(0, 2), 1_000);
        assert_eq!(owed.settle(&answer(&[0; 4]), 1_010), Some(request(0, 2)));
        assert_eq!(owed.until(request(8, 2), 4_500), Some(13_000), "one is still to come");
        assert_eq!(owed.settle(&answer(&[0; 4]), 4_500), Some(request(0, 2)));
        assert_eq!(owed.until(request(8, 2), 4_500), None);
    }

    #[test]
    fn an_answer_of_another_form_settles_nothing() {
        let mut owed = OwedAnswers::new(1_000);
        owed.asked(request(0, 2), 0);
        owed.asked(request(8, 1), 1_000);
        assert_eq!(owed.settle(&answer(&[0; 2]), 1_010), Some(request(8, 1)));
        assert_eq!(owed.until(request(16, 2), 1_010), Some(12_000), "units need not answer in order");
        assert_eq!(owed.settle(&answer(&[0; 6]), 1_020), None, "never asked for");
        assert!(!owed.makes_copies(1));
    }

    #[test]
    fn a_line_that_said_a_frame_twice_is_never_trusted_again() {
        let mut owed = OwedAnswers::new(1_000);
        owed.asked(request(0, 2), 0);
        assert!(owed.settle(&answer(&[0; 4]), 100).is_some());
        assert_eq!(owed.settle(&answer(&[0; 4]), 120), None);
        assert_eq!(owed.until(request(8, 2), 200), Some(3_120), "a frame may come again");
        owed.asked(request(8, 2), 100_000);
        assert!(owed.settle(&answer(&[1; 4]), 100_100).is_some());
        assert_eq!(owed.until(request(0, 2), 100_200), Some(103_100), "it was not forgotten");
        owed.asked(request(8, 2), 101_000);
        assert!(owed.settle(&answer(&[1; 4]), 101_050).is_some());
        assert_eq!(owed.until(request(0, 2), 101_100), Some(113_000), "a copy, or the answer?");
    }

    #[test]
    fn a_unit_that_was_very_late_is_given_more_time() {
        let mut owed = OwedAnswers::new(1_000);
        owed.asked(request(0, 2), 0);
        assert!(owed.settle(&answer(&[0; 4]), 7_000).is_some());
        assert_eq!(owed.until(request(8, 2), 7_000), None, "it has answered");
        owed.asked(request(8, 2), 7_000);
        assert_eq!(owed.until(request(0, 2), 8_000), Some(31_000));
    }

    #[test]
    fn a_damaged_answer_has_come() {
        let mut owed = OwedAnswers::new(1_000);
        owed.asked(request(0, 2), 0);
        owed.damaged(request(0, 2), 1_000);
        assert_eq!(owed.until(request(8, 2), 1_000), None);
        owed.asked(request(0, 2), 1_000);
        owed.asked(request(0, 2), 2_000);
        owed.damaged(request(0, 2), 3_000);
        assert_eq!(owed.until(request(8, 2), 3_000), Some(14_000), "that of which try?");
    }

    #[test]
    fn an_answer_that_is_like_another_ones_is_in_doubt() {
        let mut owed = OwedAnswers::new(1_000);
        let said = ReadAnswer::Data(vec![0; 4]);
        owed.asked(request(0, 2), 0);
        assert!(owed.settle(&answer(&[0; 4]), 10).is_some());
        owed.asked(request(8, 2), 60);
        assert!(owed.settle(&answer(&[0; 4]), 80).is_some());
        assert!(owed.is_alike(request(8, 2), &said, 80));
        // It was a copy: the next one was another.
        owed.dispute(request(8, 2), &said, 150);
        assert!(!owed.is_alike(request(0, 2), &said, 150));
        assert_eq!(owed.until(request(16, 2), 150), Some(12_150));
        assert!(!owed.makes_copies(1), "a value may change");
        assert!(owed.settle(&answer(&[1; 4]), 200).is_some());
        assert!(owed.makes_copies(1), "so it was one");
    }

    #[test]
    fn an_exception_is_that_of_a_question_only_if_no_other_is_open() {
        let mut owed = OwedAnswers::new(1_000);
        owed.asked(request(0, 2), 0);
        owed.asked(ReadRequest { unit: 2, ..request(0, 1) }, 0);
        assert_eq!(owed.settle(&refusal(2, 0), 10).map(|request| request.unit), Some(2));
        owed.asked(request(8, 1), 100);
        assert_eq!(owed.settle(&refusal(1, 3), 110), None);
        assert!(owed.until(request(16, 1), 110).is_some() && owed.until(request(16, 2), 110).is_some());
        owed.asked(ReadRequest { table: ModbusTable::Coils, ..request(0, 1) }, 200);
        assert_eq!(owed.settle(&refusal(1, 1), 210).map(|request| request.table), Some(ModbusTable::Coils));
    }

    #[test]
    fn what_others_ask_is_owed_too() {
        let mut owed = OwedAnswers::new(1_000);
        let theirs = request(0, 2).frame();
        let frame = RtuFrame { unit: 1, function: 3, content: RtuContent::Request(&theirs) };
        assert_eq!(owed.settle(&frame, 100), None);
        assert_eq!(owed.until(request(8, 2), 200), Some(12_100));
        assert_eq!(owed.settle(&answer(&[0; 4]), 210), Some(request(0, 2)));
        assert_eq!(owed.until(request(8, 2), 210), None);
    }
}
