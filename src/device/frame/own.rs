//! The framing of one format alone, which its decoder brings along.

use super::{Frame, Framer, Framing};

/// How the frames of one format are found in a stream of bytes.
#[derive(Debug)]
pub struct OwnFraming {
    /// What messages call it
    pub name: &'static str,
    /// What the front of the bytes that are held is. The first argument is the byte before them; `None`: nothing is known
    /// of it. An answer other than [`Cut::More`] may not change with what follows
    pub cut: fn(Option<u8>, &[u8]) -> Cut,
    /// Whether these bytes are the beginning of a frame, at the end of the input
    pub opens: fn(&[u8]) -> bool,
}

/// What the front of the bytes that are held is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The beginning of a frame whose end is yet to come
    More,
    /// So many bytes that belong to no whole frame, at least one
    Skip(usize),
    /// A frame of so many bytes, at least one
    Frame(usize),
}

impl Framer {
    /// Takes bytes in pieces of which none brings what is held over the limit by more than one byte, so that it does not
    /// matter where chunks are cut.
    pub(super) fn push_own(&mut self, own: &OwnFraming, mut bytes: &[u8], each: &mut impl FnMut(Frame)) {
        while !bytes.is_empty() {
            let room = self.max + 1 - self.held.len();
            let (piece, rest) = bytes.split_at(room.min(bytes.len()));
            self.held.extend_from_slice(piece);
            bytes = rest;
            let mut done = 0;
            loop {
                match (own.cut)(self.before, &self.held[done..]) {
                    Cut::More => break,
                    Cut::Frame(length) if length <= self.max => {
                        self.stray.take(each);
                        each(Frame::Whole(&self.held[done..done + length]));
                        done = self.pass(done, length);
                    }
                    Cut::Frame(length) => {
                        self.stray.add_too_long(&self.held[done..done + length], each);
                        done = self.pass(done, length);
                    }
                    Cut::Skip(length) => {
                        self.stray.add(&self.held[done..done + length]);
                        done = self.pass(done, length);
                    }
                }
                if done == self.held.len() {
                    break;
                }
            }
            self.held.drain(..done);
            if self.held.len() > self.max {
                if (own.opens)(&self.held) {
                    self.stray.add_too_long(&self.held, each);
                } else {
                    self.stray.add(&self.held);
                }
                self.before = self.held.last().copied();
                self.held.clear();
            }
        }
    }

    /// Goes on behind `length` bytes from `done`; answers where.
    fn pass(&mut self, done: usize, length: usize) -> usize {
        self.before = Some(self.held[done + length - 1]);
        done + length
    }

    pub(super) fn finish_own(&mut self, own: &OwnFraming, each: &mut impl FnMut(Frame)) {
        let held = std::mem::take(&mut self.held);
        let is_tail = (own.opens)(&held);
        if !is_tail {
            self.stray.add(&held);
        }
        self.stray.take(each);
        if is_tail {
            each(Frame::Tail(&held));
        }
        self.before = None;
    }

    /// Whether frames have marks of a format of its own.
    pub fn has_marks(&self) -> bool {
        matches!(self.framing, Framing::Own(_))
    }

    /// Whether bytes outside frames wait for the next frame to be handed over.
    pub fn has_skipped(&self) -> bool {
        !self.stray.is_empty()
    }

    /// Hands over the bytes outside frames up to here. A frame that has begun goes on.
    pub fn take_skipped(&mut self, each: &mut impl FnMut(Frame)) {
        self.stray.take(each);
    }
}
