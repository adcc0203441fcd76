//! Frames: where one thing that a device says ends and the next begins.
//!
//! ```text
//! line         … LF            CR before LF and NUL before the first byte are noise
//! delim:HEX    … those bytes
//! len:N        N bytes
//! idle:MS      … and then silence
//! cobs         … 00            Cheshire & Baker, IEEE/ACM Transactions on Networking 7(2), 1999
//! slip         … C0            RFC 1055
//! braces       { … }           objects of JSON, over several lines
//! ```
//!
//! A format may have frames of its own, such as telegrams: [`OwnFraming`].
//!
//! Pure and bounded: at most `max` bytes are held, whatever arrives, and where the chunks are cut does not
//! matter. What is longer is counted, thrown away up to its end, and reading goes on behind it.

use std::{fmt, str::FromStr};

use crate::time::Span;

mod braces;
mod cobs;
mod own;
mod slip;
mod stray;

pub use own::{Cut, OwnFraming};

use stray::Stray;

/// How frames are told apart.
#[derive(Clone, Debug)]
pub enum Framing {
    /// Lines, ended by LF
    Line,
    /// Ended by these bytes, which are no part of the frame
    Delimiter(Vec<u8>),
    /// Always this many bytes
    Length(usize),
    /// Ended by silence of this length
    Idle(Span),
    /// Consistent overhead byte stuffing, ended by 00
    Cobs,
    /// RFC 1055, ended by C0
    Slip,
    /// As a format has it
    Own(&'static OwnFraming),
}

impl PartialEq for Framing {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

/// What a framer found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame<'a> {
    /// A frame with its end
    Whole(&'a [u8]),
    /// What was there when the input ended, without an end of its own
    Tail(&'a [u8]),
    /// So many bytes with no end within the limit
    TooLong(usize),
    /// So many bytes outside any frame, or of one that another one interrupted
    Stray(usize),
    /// Bytes that break the rules of the framing itself
    Malformed(usize),
}

/// Cuts a stream of bytes into frames.
#[derive(Debug)]
pub struct Framer {
    framing: Framing,
    max: usize,
    held: Vec<u8>,
    /// Bytes of the present frame that were thrown away because it is too long
    lost: usize,
    /// Bytes outside frames since the last one
    stray: Stray,
    /// The byte before those that are held; `None`: none came yet
    before: Option<u8>,
}

impl Framer {
    /// A framer that holds at most `max` bytes.
    pub fn new(framing: Framing, max: usize) -> Self {
        Self { framing, max, held: Vec::new(), lost: 0, stray: Stray::default(), before: None }
    }

    /// How long the input must be silent for a frame to end, where silence means that.
    pub fn idle(&self) -> Option<Span> {
        if let Framing::Idle(span) = self.framing { Some(span) } else { None }
    }

    /// Whether no frame has begun.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty() && self.lost == 0
    }

    /// Takes bytes and hands over every frame that ends in them.
    pub fn push(&mut self, mut bytes: &[u8], each: &mut impl FnMut(Frame)) {
        match self.framing {
            Framing::Line => {
                while let Some(end) = line_feed(bytes) {
                    self.end_line(&bytes[..end], each);
                    bytes = &bytes[end + 1..];
                }
                self.hold_all(bytes, 0);
            }
            Framing::Idle(_) => self.hold_all(bytes, 0),
            Framing::Own(own) => self.push_own(own, bytes, each),
            _ => bytes.iter().for_each(|byte| self.push_byte(*byte, each)),
        }
    }

    /// Ends the present frame because the input has been silent, where silence means that.
    pub fn silence(&mut self, each: &mut impl FnMut(Frame)) {
        if self.idle().is_some() {
            self.cut(0, each);
        }
    }

    /// Hands over what is left at the end of the input, and begins anew.
    pub fn finish(&mut self, each: &mut impl FnMut(Frame)) {
        if let Framing::Own(own) = self.framing {
            return self.finish_own(own, each);
        }
        let held = std::mem::take(&mut self.held);
        let lost = std::mem::take(&mut self.lost);
        let tail = without_noise(&self.framing, &held);
        match self.framing {
            _ if lost > 0 => each(Frame::TooLong(lost + held.len())),
            Framing::Idle(_) if !held.is_empty() => each(Frame::Whole(&held)),
            Framing::Line if !tail.is_empty() => each(Frame::Tail(tail)),
            Framing::Line | Framing::Idle(_) => {}
            _ if held.is_empty() => {}
            _ => each(Frame::Stray(held.len())),
        }
    }

    fn push_byte(&mut self, byte: u8, each: &mut impl FnMut(Frame)) {
        match &self.framing {
            Framing::Delimiter(mark) => {
                let length = mark.len();
                self.hold(byte, length);
                if self.ends_with_delimiter() {
                    self.cut(length, each);
                }
            }
            Framing::Length(length) => {
                let length = *length;
                self.held.push(byte);
                if self.held.len() == length {
                    self.cut(0, each);
                }
            }
            Framing::Cobs if byte == 0 => self.cut_coded(cobs::decode, each),
            Framing::Slip if byte == slip::END => self.cut_coded(slip::decode, each),
            _ => self.hold(byte, 0),
        }
    }

    fn ends_with_delimiter(&self) -> bool {
        matches!(&self.framing, Framing::Delimiter(mark) if self.held.ends_with(mark))
    }

    /// Ends a line, without copying it if it arrived in one piece.
    fn end_line(&mut self, bytes: &[u8], each: &mut impl FnMut(Frame)) {
        if !self.held.is_empty() || self.lost > 0 || bytes.len() > self.max {
            self.hold_all(bytes, 0);
            return self.cut(0, each);
        }
        let line = without_noise(&self.framing, bytes);
        if !line.is_empty() {
            each(Frame::Whole(line));
        }
    }

    /// Hands over what is held but for its last `mark` bytes.
    fn cut(&mut self, mark: usize, each: &mut impl FnMut(Frame)) {
        let end = self.held.len().saturating_sub(mark);
        let frame = without_noise(&self.framing, &self.held[..end]);
        if self.lost > 0 {
            each(Frame::TooLong(self.lost + end));
        } else if !frame.is_empty() {
            each(Frame::Whole(frame));
        }
        self.held.clear();
        self.lost = 0;
    }

    fn cut_coded(&mut self, decode: fn(&[u8]) -> Option<Vec<u8>>, each: &mut impl FnMut(Frame)) {
        if self.lost == 0 && !self.held.is_empty() {
            match decode(&self.held) {
                Some(frame) => each(Frame::Whole(&frame)),
                None => each(Frame::Malformed(self.held.len())),
            }
            self.held.clear();
        }
        self.cut(0, each);
    }

    fn hold(&mut self, byte: u8, mark: usize) {
        self.hold_all(&[byte], mark);
    }

    /// Keeps bytes of the present frame; of one that is too long only the last `mark`, in which its end may
    /// begin.
    fn hold_all(&mut self, bytes: &[u8], mark: usize) {
        if self.lost == 0 && self.held.len() + bytes.len() <= self.max + mark {
            return self.held.extend_from_slice(bytes);
        }
        let keep = mark.min(self.held.len() + bytes.len());
        self.lost += self.held.len() + bytes.len() - keep;
        let of_bytes = keep.min(bytes.len());
        self.held.drain(..self.held.len() - (keep - of_bytes));
        self.held.extend_from_slice(&bytes[bytes.len() - of_bytes..]);
    }
}

/// Where the first line feed is: sixteen bytes at a time, which compilers make one step of.
fn line_feed(bytes: &[u8]) -> Option<usize> {
    let (blocks, _) = bytes.as_chunks::<16>();
    let has_one = |block: &[u8; 16]| block.iter().fold(0, |found, byte| found | u8::from(*byte == b'\n')) > 0;
    let from = blocks.iter().position(has_one).unwrap_or(blocks.len()) * 16;
    bytes[from..].iter().position(|byte| *byte == b'\n').map(|at| from + at)
}

/// A line without the CR that ends it and the NULs that a starting transmitter puts before it.
fn without_noise<'a>(framing: &Framing, mut frame: &'a [u8]) -> &'a [u8] {
    match framing {
        Framing::Line => {
            frame = frame.strip_suffix(b"\r").unwrap_or(frame);
            let noise = frame.iter().take_while(|byte| **byte == 0).count();
            &frame[noise..]
        }
        _ => frame,
    }
}

impl FromStr for Framing {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (kind, argument) = text.split_once(':').map_or((text, None), |(kind, rest)| (kind, Some(rest)));
        match (kind, argument) {
            ("line", None) => Ok(Self::Line),
            ("cobs", None) => Ok(Self::Cobs),
            ("slip", None) => Ok(Self::Slip),
            ("braces", None) => Ok(Self::Own(&braces::FRAMING)),
            ("delim", Some(digits)) => match hex::decode(digits) {
                Ok(mark) if !mark.is_empty() && mark.len() <= 16 => Ok(Self::Delimiter(mark)),
                _ => Err("delim wants 1 to 16 bytes in hex, such as delim:0d0a".to_owned()),
            },
            ("len", Some(digits)) => match digits.parse() {
                Ok(length @ 1..=65_536) => Ok(Self::Length(length)),
                _ => Err("len wants 1 to 65536 bytes, such as len:12".to_owned()),
            },
            ("idle", Some(digits)) => match digits.parse() {
                Ok(millis @ 1..=60_000) => Ok(Self::Idle(Span::from_millis(millis))),
                _ => Err("idle wants 1 to 60000 milliseconds, such as idle:20".to_owned()),
            },
            _ => Err("not one of line, delim:HEX, len:N, idle:MS, cobs, slip, braces".to_owned()),
        }
    }
}

impl fmt::Display for Framing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line => f.write_str("line"),
            Self::Delimiter(mark) => write!(f, "delim:{}", hex::encode(mark)),
            Self::Length(length) => write!(f, "len:{length}"),
            Self::Idle(span) => write!(f, "idle:{}", span.millis()),
            Self::Cobs => f.write_str("cobs"),
            Self::Slip => f.write_str("slip"),
            Self::Own(own) => f.write_str(own.name),
        }
    }
}

#[cfg(test)]
mod tests;
