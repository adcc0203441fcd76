//! Whether an answer may be that to an earlier question: one that was given up may still be answered, and a line may say an answer
//! twice.
//!
//! ```text
//! holding 0: no answer, for as long as any may take     a doubt, since it was sent
//! holding 8: an answer after 9 seconds                  of which? If of holding 0, that of holding 8 is 9 seconds behind it, too
//! ```
//!
//! So the doubt is settled by a silence as long as the doubt is old: the unit has nothing more to say. An answer of a form that no
//! doubt has settles it as well, since a unit answers in the order of its questions.

use super::{request::ReadRequest, rtu_frame::RtuContent, rtu_frame::RtuFrame};

/// A frame of this form may come, and not be the answer to the question that it follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Doubt {
    unit: u8,
    function: u8,
    /// How many bytes of data it has
    length: usize,
    /// What it is about; `None`: nobody knows
    question: Option<ReadRequest>,
    /// When the question may have been sent, in milliseconds
    since: u64,
}

impl Doubt {
    fn could_be(&self, request: ReadRequest, is_exception: bool) -> bool {
        (self.unit, self.function) == (request.unit, request.table.function())
            && (is_exception || self.length == request.data_length())
    }
}

/// What is in doubt on a bus.
#[derive(Debug, Default)]
pub(super) struct Doubts(Vec<Doubt>);

impl Doubts {
    /// A question was given up.
    pub(super) fn given_up(&mut self, question: ReadRequest, since: u64) {
        let (unit, function) = (question.unit, question.table.function());
        self.add(Doubt { unit, function, length: question.data_length(), question: Some(question), since });
    }

    /// An answer came that nobody had asked for; the last question to its unit was sent at `since`.
    pub(super) fn surplus(&mut self, frame: &RtuFrame<'_>, since: u64) {
        if let RtuContent::Data(data) = frame.content {
            let (unit, function) = (frame.unit, frame.function);
            self.add(Doubt { unit, function, length: data.len(), question: None, since });
        }
    }

    /// The oldest of what is the same is enough.
    fn add(&mut self, doubt: Doubt) {
        if !self.0.iter().any(|known| Doubt { since: doubt.since, ..*known } == doubt) {
            self.0.push(doubt);
        }
    }

    /// Since when an answer to a question may be about other registers; `None`: it is not in doubt.
    pub(super) fn since(&self, request: ReadRequest, is_exception: bool) -> Option<u64> {
        let other = |doubt: &&Doubt| {
            doubt.could_be(request, is_exception) && doubt.question.is_none_or(|asked| asked != request)
        };
        self.0.iter().filter(other).map(|doubt| doubt.since).min()
    }

    /// Whether the answer to a question has a form that is in doubt, if about the same registers.
    pub(super) fn concern(&self, request: ReadRequest, is_exception: bool) -> bool {
        self.0.iter().any(|doubt| doubt.could_be(request, is_exception))
    }

    /// A unit is in step again.
    pub(super) fn settled(&mut self, unit: u8) {
        self.0.retain(|doubt| doubt.unit != unit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::modbus::request::ModbusTable;

    fn request(address: u16, count: u16) -> ReadRequest {
        ReadRequest { unit: 1, table: ModbusTable::HoldingRegisters, address, count }
    }

    #[test]
    fn an_answer_of_the_form_of_one_that_was_given_up_is_in_doubt() {
        let mut doubts = Doubts::default();
        doubts.given_up(request(0, 1), 500);
        doubts.given_up(request(0, 1), 900);
        assert_eq!(doubts.since(request(8, 1), false), Some(500));
        assert_eq!(doubts.since(request(0, 1), false), None, "about the same registers");
        assert_eq!(doubts.since(request(8, 2), false), None, "of another length");
        assert_eq!(doubts.since(request(8, 2), true), Some(500), "an exception has none");
        assert_eq!(doubts.since(ReadRequest { unit: 2, ..request(8, 1) }, false), None);
        doubts.settled(1);
        assert_eq!(doubts.since(request(8, 1), false), None);
    }

    #[test]
    fn an_answer_too_many_puts_all_of_its_form_in_doubt() {
        let mut doubts = Doubts::default();
        doubts.surplus(&RtuFrame { unit: 1, function: 3, content: RtuContent::Data(&[0, 7]) }, 500);
        assert_eq!(doubts.since(request(0, 1), false), Some(500));
        assert_eq!(doubts.since(request(0, 2), false), None);
    }
}
