//! Which answers came lately, to tell when one comes again under another name.
//!
//! ```text
//! holding 0: 03 E8        holding 100: 03 E8      the same, or the first one once more?
//! ```
//!
//! A line that says an answer twice says the same bytes twice. So an answer that is like one about other registers is asked for
//! again: that of the unit comes again, a copy does not.

use super::{answer::ReadAnswer, request::ReadRequest};

/// An answer, and when it came last, in milliseconds.
#[derive(Debug)]
struct Said {
    request: ReadRequest,
    answer: ReadAnswer,
    at: u64,
}

/// The answers of some time.
#[derive(Debug, Default)]
pub(super) struct RecentAnswers(Vec<Said>);

impl RecentAnswers {
    /// An answer came. What came before a time is of no interest any more.
    pub(super) fn note(&mut self, request: ReadRequest, answer: ReadAnswer, at: u64, since: u64) {
        self.0.retain(|said| said.at >= since && (said.request, &said.answer) != (request, &answer));
        self.0.push(Said { request, answer, at });
    }

    /// An answer was none.
    pub(super) fn forget(&mut self, request: ReadRequest, answer: &ReadAnswer) {
        self.0.retain(|said| (said.request, &said.answer) != (request, answer));
    }

    /// Whether an answer came since a time that looks the same, and is about other registers.
    pub(super) fn has_another(&self, request: ReadRequest, answer: &ReadAnswer, since: u64) -> bool {
        let form = |request: ReadRequest| (request.unit, request.table);
        let is_alike = |said: &Said| form(said.request) == form(request) && said.answer == *answer;
        self.0.iter().any(|said| said.at >= since && said.request != request && is_alike(said))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::modbus::request::ModbusTable;

    #[test]
    fn an_answer_is_known_again_under_another_name_only() {
        let asked = ReadRequest { unit: 1, table: ModbusTable::HoldingRegisters, address: 0, count: 1 };
        let answer = ReadAnswer::Data(vec![3, 232]);
        let mut recent = RecentAnswers::default();
        recent.note(asked, answer.clone(), 500, 0);
        let is_known = |request, answer: &ReadAnswer, since| recent.has_another(request, answer, since);
        let other = ReadRequest { address: 100, ..asked };
        assert!(is_known(other, &answer, 500));
        assert!(!is_known(other, &answer, 501), "long ago");
        assert!(!is_known(asked, &answer, 0), "about the same registers");
        assert!(!is_known(other, &ReadAnswer::Data(vec![3, 233]), 0));
        assert!(!is_known(ReadRequest { unit: 2, ..other }, &answer, 0));
        assert!(!is_known(ReadRequest { table: ModbusTable::InputRegisters, ..other }, &answer, 0));
    }
}
