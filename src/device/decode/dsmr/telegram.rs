//! Telegrams in a stream of bytes: from a `/` at the start of a line through the line that begins with `!`.

use crate::device::frame::{Cut, OwnFraming};

pub(super) const FRAMING: OwnFraming = OwnFraming { name: "telegram", cut, opens };

fn opens(held: &[u8]) -> bool {
    held.first() == Some(&b'/')
}

/// A `/` at the start of a line always begins a telegram: the one before it, if any, was interrupted.
fn cut(before: Option<u8>, held: &[u8]) -> Cut {
    let is_start = |at: usize| match at.checked_sub(1) {
        Some(last) => is_end_of_line(held[last]),
        None => before.is_none_or(is_end_of_line),
    };
    let starts = |from: usize| (from..held.len()).find(|at| held[*at] == b'/' && is_start(*at));
    match starts(0) {
        None => Cut::Skip(held.len()),
        Some(0) => {
            let interrupted = starts(1);
            let end = end(held).filter(|end| interrupted.is_none_or(|start| *end <= start));
            end.map(Cut::Frame).or(interrupted.map(Cut::Skip)).unwrap_or(Cut::More)
        }
        Some(start) => Cut::Skip(start),
    }
}

fn is_end_of_line(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r' | 0)
}

/// Where the line that begins with `!` ends.
fn end(held: &[u8]) -> Option<usize> {
    let mark = held.windows(2).position(|pair| pair == b"\n!")?;
    held[mark..].iter().skip(1).position(|byte| *byte == b'\n').map(|line| mark + line + 2)
}
