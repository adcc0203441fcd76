//! What comes, cut into blocks of whole lines.

use std::io::{self, Read};

use super::MAX_LINE;

/// An input whose line goes on and on for so long has none.
pub(super) const MAX_PASSED: usize = 64 << 20;

/// What the reading thread hands over.
pub(super) enum Block {
    /// Whole lines
    Lines(Vec<u8>),
    /// A line longer than [`MAX_LINE`] is passed over
    TooLong,
    /// It is longer than [`MAX_PASSED`], too: nothing more comes
    Endless,
}

/// Cuts what comes into blocks of whole lines. Ends when the source does, or when the receiver is gone.
pub(super) fn pump(mut source: impl Read, send: impl Fn(io::Result<Block>) -> bool) {
    let mut rest = Vec::new();
    // How much of a line that is too long was passed over.
    let mut passed = None;
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let count = match source.read(&mut buffer) {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => {
                send(Err(error));
                return;
            }
        };
        let mut fresh = &buffer[..count];
        if let Some(so_far) = passed {
            let Some(end) = fresh.iter().position(|byte| *byte == b'\n') else {
                if count == 0 || so_far > MAX_PASSED {
                    if count > 0 {
                        send(Ok(Block::Endless));
                    }
                    return;
                }
                passed = Some(so_far + count);
                continue;
            };
            (fresh, passed) = (&fresh[end + 1..], None);
        }
        // At the end a last line without a line feed counts too.
        let whole =
            if count == 0 { 0 } else { fresh.iter().rposition(|byte| *byte == b'\n').map_or(0, |lf| lf + 1) };
        let last = count == 0;
        if whole > 0 || (last && !rest.is_empty()) {
            rest.extend_from_slice(&fresh[..whole]);
            if !send(Ok(Block::Lines(std::mem::take(&mut rest)))) {
                return;
            }
        }
        if last {
            return;
        }
        rest.extend_from_slice(&fresh[whole..]);
        if rest.len() > MAX_LINE {
            passed = Some(rest.len());
            rest.clear();
            if !send(Ok(Block::TooLong)) {
                return;
            }
        }
    }
}
