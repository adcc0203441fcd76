//! The groups of a frame, apart: each ends with CR, and stands behind a byte that should be LF.
//!
//! ```text
//! LF BASE SP 004321987 SP - CR 0F PAPP SP 00410 SP & CR
//! │  └─ a group ─────────┘     │  └─ another ─────┘
//! start                        start, changed on the way
//! ```

use super::{
    BadFrame, bad_group,
    frame::{CR, LF},
};

/// What may be a group, which its check character is still to show.
pub(super) struct SplitGroup<'a> {
    /// The byte before it, if it is another one than LF
    pub(super) start: Option<u8>,
    /// What stands between that and CR
    pub(super) bytes: &'a [u8],
}

/// The groups, and what is none because its end is missing.
pub(super) fn groups(content: &[u8]) -> (Vec<SplitGroup<'_>>, Vec<BadFrame>) {
    let (mut groups, mut refused) = (Vec::new(), Vec::new());
    let mut pieces = content.split(|byte| *byte == CR);
    let rest = pieces.next_back().into_iter().flat_map(by_start);
    for piece in pieces {
        let mut parts = by_start(piece).peekable();
        while let Some(part) = parts.next() {
            match parts.peek() {
                Some(_) => refused.push(unended(part)),
                None => groups.push(group(part, piece.contains(&LF))),
            }
        }
    }
    refused.extend(rest.map(unended));
    (groups, refused)
}

/// What stands behind each LF, and before the first, but nothing.
fn by_start(piece: &[u8]) -> impl Iterator<Item = &[u8]> {
    piece.split(|byte| *byte == LF).filter(|part| !part.trim_ascii().is_empty())
}

/// The group in the last part of what a CR ends. Without LF its first byte stands for that, unless a label may begin with it.
fn group(part: &[u8], is_started: bool) -> SplitGroup<'_> {
    match part {
        [start, bytes @ ..] if !is_started && !start.is_ascii_uppercase() => {
            SplitGroup { start: Some(*start), bytes }
        }
        bytes => SplitGroup { start: None, bytes },
    }
}

fn unended(part: &[u8]) -> BadFrame {
    bad_group(part, "no CR behind it")
}
