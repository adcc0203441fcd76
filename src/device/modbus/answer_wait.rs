//! The wait for one answer: which frame counts, and why none did.
//!
//! Passed over are the echo of the request, frames of other units and functions, of another length, and answers that belong to
//! an earlier question; each is remembered, for the reason if none that counts comes.

use super::{
    answer::ReadAnswer,
    late::OwedAnswers,
    listener::BusListener,
    request::ReadRequest,
    rtu_frame::{RtuContent, RtuFrame},
};
use crate::device::decode::{BadFrame, FrameFault};

/// The wait for the answer to a request that was sent.
#[derive(Debug)]
pub(super) struct AnswerWait {
    request: ReadRequest,
    listener: BusListener,
    /// Whether the next frame that is like the request is its echo
    echo_may_come: bool,
    /// Why a frame was passed over, the first that was
    passed: Option<BadFrame>,
    /// Whether somebody else asks on this bus
    other_master: bool,
    /// How many frames of the unit and function were asked for by no question of ours
    surplus: usize,
}

impl AnswerWait {
    /// Nothing has come yet.
    pub(super) fn new(request: ReadRequest) -> Self {
        let listener = BusListener::default();
        Self { request, listener, echo_may_come: true, passed: None, other_master: false, surplus: 0 }
    }

    /// How many frames of the unit and function came that no question had asked for.
    pub(super) fn surplus(&self) -> usize {
        self.surplus
    }

    /// Bytes came.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.listener.push(bytes);
    }

    /// The answer, if it is there. `quiet` is as in [`BusListener::next_frame`], `now` in milliseconds.
    pub(super) fn answer(&mut self, owed: &mut OwedAnswers, quiet: bool, now: u64) -> Option<ReadAnswer> {
        while let Some(frame) = self.listener.next_frame(quiet) {
            let is_echo = frame.content == RtuContent::Request(&self.request.frame());
            if is_echo && std::mem::take(&mut self.echo_may_come) {
                continue;
            }
            let why = match (frame.content, owed.settle(&frame, now)) {
                (RtuContent::Request(_), _) => {
                    self.other_master = true;
                    BadFrame::new(FrameFault::OtherMaster, "somebody else asks on this bus")
                }
                (_, Some(answered)) if answered != self.request => {
                    BadFrame::new(FrameFault::Late, "the answer to an earlier question")
                }
                // Its answers would look like ours.
                (_, Some(_)) if self.other_master => continue,
                (content, Some(_)) => return ReadAnswer::of(content),
                (RtuContent::Exception(_), None) if frame.unit == self.request.unit => BadFrame::new(
                    FrameFault::Late,
                    "an exception that may be the answer to an earlier question",
                ),
                _ => {
                    let is_alike =
                        (frame.unit, frame.function) == (self.request.unit, self.request.table.function());
                    self.surplus += usize::from(is_alike);
                    mismatch(&frame, self.request)
                }
            };
            self.passed.get_or_insert(why);
        }
        None
    }

    /// Whether bytes came that begin the answer, of a frame that was damaged or cut.
    pub(super) fn is_damaged(&self) -> bool {
        let ReadRequest { unit, table, .. } = self.request;
        let length = u8::try_from(self.request.data_length());
        length.is_ok_and(|length| self.listener.has_begun(&[unit, table.function(), length]))
    }

    /// Why the wait was in vain.
    pub(super) fn fault(mut self) -> BadFrame {
        let ReadRequest { unit, table, .. } = self.request;
        if let Some(passed) = self.passed.take() {
            return passed;
        }
        match self.listener.strays() {
            0 => BadFrame::new(FrameFault::NoAnswer, "nothing came"),
            count if self.listener.has_damaged(unit, table.function()) => {
                BadFrame::new(FrameFault::Crc, format!("{count} bytes of a frame that was damaged or cut"))
            }
            count => BadFrame::new(FrameFault::Noise, format!("{count} bytes of no frame")),
        }
    }
}

fn mismatch(frame: &RtuFrame<'_>, request: ReadRequest) -> BadFrame {
    let detail = match frame.content {
        _ if frame.unit != request.unit => format!("unit {} answered", frame.unit),
        RtuContent::Data(_) if frame.fits(request) => {
            return BadFrame::new(FrameFault::Late, "an answer that no question asked for");
        }
        RtuContent::Data(data) if frame.function == request.table.function() => {
            format!("{} bytes of data instead of {}", data.len(), request.data_length())
        }
        _ => format!("function {} instead of {}", frame.function, request.table.function()),
    };
    BadFrame::new(FrameFault::WrongAnswer, detail)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::device::modbus::{
        crc::{self, crc16},
        exception::ModbusException,
        request::ModbusTable,
    };

    const REQUEST: ReadRequest =
        ReadRequest { unit: 1, table: ModbusTable::HoldingRegisters, address: 7, count: 1 };

    fn with_crc(bytes: &[u8]) -> Vec<u8> {
        [bytes, &crc16(bytes).to_le_bytes()].concat()
    }

    /// What comes of bytes on a quiet line after the request was sent.
    fn heard(bytes: &[u8]) -> Result<ReadAnswer, FrameFault> {
        let mut owed = OwedAnswers::new(1_000);
        owed.asked(REQUEST, 0);
        let mut wait = AnswerWait::new(REQUEST);
        wait.push(bytes);
        wait.answer(&mut owed, true, 10).ok_or_else(|| wait.fault().fault)
    }

    #[test]
    fn the_answer_counts_behind_an_echo_noise_and_frames_of_others() {
        let answer = with_crc(&[1, 3, 2, 0, 215]);
        let expected = Ok(ReadAnswer::Data(vec![0, 215]));
        assert_eq!(heard(&answer), expected);
        assert_eq!(heard(&[&REQUEST.frame()[..], &answer].concat()), expected);
        assert_eq!(heard(&[&[0xff, 0x00][..], &answer, &[0x00]].concat()), expected);
        assert_eq!(heard(&[with_crc(&[2, 3, 2, 9, 9]), answer.clone()].concat()), expected);
        assert_eq!(heard(&[with_crc(&[1, 3, 4, 9, 9, 9, 9]), answer].concat()), expected);
        let exception = ReadAnswer::Exception(ModbusException(2));
        assert_eq!(heard(&with_crc(&[1, 0x83, 2])), Ok(exception.clone()));
        for function in [0x80, 0x84, 0xff] {
            let refused = heard(&with_crc(&[1, function, 2]));
            assert_eq!(refused, Ok(exception.clone()), "not all repeat the function");
        }
    }

    #[test]
    fn what_does_not_count_has_its_class() {
        let mut damaged = with_crc(&[1, 3, 2, 0, 215]);
        damaged[4] ^= 1;
        for (bytes, fault) in [
            (Vec::new(), FrameFault::NoAnswer),
            (vec![0x7f, 0xfe], FrameFault::Noise),
            (damaged, FrameFault::Crc),
            (with_crc(&[1, 3, 2, 0, 215])[..5].to_vec(), FrameFault::Crc),
            (with_crc(&[2, 3, 2, 0, 215]), FrameFault::WrongAnswer),
            (with_crc(&[1, 4, 2, 0, 215]), FrameFault::WrongAnswer),
            (with_crc(&[1, 3, 4, 0, 215, 0, 0]), FrameFault::WrongAnswer),
            (with_crc(&[2, 0x83, 2]), FrameFault::WrongAnswer),
            (REQUEST.frame().to_vec(), FrameFault::NoAnswer),
            ([REQUEST.frame(), REQUEST.frame()].concat(), FrameFault::OtherMaster),
        ] {
            assert_eq!(heard(&bytes), Err(fault), "{}", hex::encode(bytes));
        }
    }

    #[test]
    fn nothing_counts_behind_the_request_of_another_master() {
        let other = ReadRequest { address: 99, ..REQUEST }.frame();
        let answer = with_crc(&[1, 3, 2, 0, 215]);
        assert_eq!(heard(&[&other[..], &answer].concat()), Err(FrameFault::OtherMaster));
    }

    #[test]
    fn a_late_answer_is_not_the_answer_to_this_question() {
        let mut owed = OwedAnswers::new(1_000);
        owed.asked(ReadRequest { count: 2, ..REQUEST }, 0);
        owed.asked(REQUEST, 1_000);
        let mut wait = AnswerWait::new(REQUEST);
        wait.push(&with_crc(&[1, 3, 4, 0, 1, 0, 1]));
        assert_eq!(wait.answer(&mut owed, false, 1_100), None);
        wait.push(&with_crc(&[1, 3, 2, 0, 2]));
        assert_eq!(wait.answer(&mut owed, false, 1_200), Some(ReadAnswer::Data(vec![0, 2])));
        assert_eq!(wait.fault().fault, FrameFault::Late);
    }

    #[test]
    fn an_exception_that_may_be_late_is_not_the_answer() {
        let mut owed = OwedAnswers::new(1_000);
        owed.asked(ReadRequest { count: 2, ..REQUEST }, 0);
        owed.asked(REQUEST, 1_000);
        let mut wait = AnswerWait::new(REQUEST);
        wait.push(&with_crc(&[1, 0x83, 2]));
        assert_eq!(wait.answer(&mut owed, false, 1_100), None);
        assert_eq!(wait.fault().fault, FrameFault::Late);
    }

    #[test]
    fn a_damaged_answer_is_known_by_how_it_begins() {
        for (bytes, is_damaged) in
            [(&[1, 3, 2, 0, 215, 0, 0][..], true), (&[7, 1, 3, 2], true), (&[1, 3, 4, 0, 0], false)]
        {
            let mut wait = AnswerWait::new(REQUEST);
            wait.push(bytes);
            assert_eq!(wait.answer(&mut OwedAnswers::new(1_000), true, 10), None);
            assert_eq!(wait.is_damaged(), is_damaged, "{bytes:?}");
        }
    }

    /// A change of an answer on its way.
    fn change() -> impl Strategy<Value = LineChange> {
        let place = 0..16_usize;
        prop_oneof![
            (place.clone(), any::<u8>()).prop_map(|(at, byte)| LineChange::Set(at, byte)),
            place.clone().prop_map(LineChange::Drop),
            (place.clone(), any::<u8>()).prop_map(|(at, byte)| LineChange::Insert(at, byte)),
            place.prop_map(LineChange::Cut),
            (0..6_usize, any::<u8>()).prop_map(|(at, byte)| LineChange::Rewrite(at, byte)),
        ]
    }

    #[derive(Clone, Copy, Debug)]
    enum LineChange {
        Set(usize, u8),
        Drop(usize),
        Insert(usize, u8),
        Cut(usize),
        /// A byte is another one, and the CRC fits
        Rewrite(usize, u8),
    }

    fn changed(frame: &mut Vec<u8>, change: LineChange) {
        let length = frame.len();
        match change {
            LineChange::Set(at, byte) if at < length => frame[at] = byte,
            LineChange::Drop(at) if at < length => drop(frame.remove(at)),
            LineChange::Insert(at, byte) => frame.insert(at.min(length), byte),
            LineChange::Cut(at) => frame.truncate(at),
            LineChange::Rewrite(at, byte) if at + 2 < length => {
                frame[at] = byte;
                *frame = with_crc(&frame[..length - 2]);
            }
            _ => {}
        }
    }

    proptest! {
            /// Whatever becomes of an answer: its data is taken as it was sent, or not at all. What can alter it is a change that
            /// fits its CRC, which nobody could know.
            #[test]
            fn a_changed_answer_is_the_right_one_or_none(changes in prop::collection::vec(change(), 1..4), quiet: bool) {
                let sent = with_crc(&[1, 3, 4, 0x12, 0x34, 0x56, 0x78]);
                let request = ReadRequest { count: 2, ..REQUEST };
                let mut frame = sent.clone();
                for change in &changes {
                changed(&mut frame, *change);
            }
                let mut owed = OwedAnswers::new(1_000);
                owed.asked(request, 0);
                let mut wait = AnswerWait::new(request);
                wait.push(&frame);
                if let Some(ReadAnswer::Data(data)) = wait.answer(&mut owed, quiet, 10) {
    let fits = |frame: &[u8]| crc::holds(frame) && frame[3..7] == data;
                    prop_assert!(data == sent[3..7] || frame.windows(9).any(fits), "{}", hex::encode(frame));
                }
            }

            /// An answer of any other length is none, whatever it holds.
            #[test]
            fn an_answer_of_another_length_is_none(data in prop::collection::vec(any::<u8>(), 1..250)) {
                let head = [1, 3, u8::try_from(data.len()).unwrap()];
                let answer = heard(&with_crc(&[&head[..], &data].concat()));
                prop_assert_eq!(answer.is_ok(), data.len() == 2);
            }
        }
}
