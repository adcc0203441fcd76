//! Answers that are still to come. An answer of Modbus RTU does not say what it is about, so one that comes late looks like
//! that to the next question of the same form.
//!
//! ```text
//! asked  unit 1 holding 0, 2 registers    no answer in time
//! asked  unit 1 holding 8, 2 registers    an answer of 2 registers: of which?
//! ```
//!
//! A unit answers in the order of its questions and once each, so a frame belongs to the oldest question whose form it has.
//! A question that was not answered for [`PATIENCE`] time-outs is never answered.

use super::{request::ReadRequest, rtu_frame::RtuFrame};

/// How many time-outs after its question an answer may still come.
const PATIENCE: u64 = 3;

/// Questions without an answer so far, oldest first.
#[derive(Debug)]
pub(super) struct OwedAnswers {
    owed: Vec<(ReadRequest, u64)>,
    /// How long an answer may take, in milliseconds
    longest: u64,
}

impl OwedAnswers {
    /// Nothing was asked yet; `timeout` is in milliseconds.
    pub(super) fn new(timeout: u64) -> Self {
        Self { owed: Vec::new(), longest: timeout.saturating_mul(PATIENCE) }
    }

    /// A question was sent at a time in milliseconds.
    pub(super) fn asked(&mut self, request: ReadRequest, now: u64) {
        self.owed.push((request, now));
    }

    /// The question that a frame answers, which is then settled, as are those before it; `None`: none.
    pub(super) fn settle(&mut self, frame: &RtuFrame<'_>, now: u64) -> Option<ReadRequest> {
        self.forget(now);
        let at = self.owed.iter().position(|(request, _)| frame.fits(*request))?;
        let (answered, _) = self.owed[at];
        let mut place = 0;
        self.owed.retain(|(request, _)| {
            place += 1;
            place > at + 1 || request.unit != frame.unit
        });
        Some(answered)
    }

    /// Until when a question must wait, because its answer could not be told from a late one about other registers;
    /// `None`: it can be asked now.
    pub(super) fn until(&mut self, request: ReadRequest, now: u64) -> Option<u64> {
        self.forget(now);
        let alike = |owed: &ReadRequest| {
            (owed.unit, owed.table, owed.data_length())
                == (request.unit, request.table, request.data_length())
                && (owed.address, owed.count) != (request.address, request.count)
        };
        let alike = self.owed.iter().filter(|(owed, _)| alike(owed));
        alike.map(|(_, asked)| asked + self.longest).max()
    }

    fn forget(&mut self, now: u64) {
        let longest = self.longest;
        self.owed.retain(|(_, asked)| now < asked + longest);
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
    }
}
