//! What lies between the frames of a format's own framing, counted.

use super::Frame;

/// Bytes outside frames, but for the blank space before them.
#[derive(Debug, Default)]
pub(super) struct Stray {
    count: usize,
    /// Whether they begin with a frame that is too long
    too_long: bool,
}

impl Stray {
    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    pub(super) fn add(&mut self, bytes: &[u8]) {
        let is_blank = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0;
        let blank = if self.count > 0 { 0 } else { bytes.iter().take_while(|byte| is_blank(byte)).count() };
        self.count += bytes.len() - blank;
    }

    /// Begins anew with a frame that is too long, to which what follows is added up to the next whole one.
    pub(super) fn add_too_long(&mut self, bytes: &[u8], each: &mut impl FnMut(Frame)) {
        self.take(each);
        *self = Self { count: bytes.len(), too_long: true };
    }

    /// Hands them over as one.
    pub(super) fn take(&mut self, each: &mut impl FnMut(Frame)) {
        match std::mem::take(self) {
            Self { count: 0, .. } => {}
            Self { count, too_long: true } => each(Frame::TooLong(count)),
            Self { count, too_long: false } => each(Frame::Stray(count)),
        }
    }
}
