//! Telegrams in a stream of bytes: from a `/` through the line that begins with `!`.
//!
//! A `/` at the start of a line always begins a telegram. Elsewhere it does so outside of telegrams, as behind a prompt, if what
//! follows has the form of a meter's name.

use memchr::memchr_iter;

use crate::device::frame::{Cut, OwnFraming};

pub(super) const FRAMING: OwnFraming = OwnFraming { name: "telegram", cut, opens };

/// How many bytes tell a meter's name from other text.
const NAME: usize = 5;

fn opens(held: &[u8]) -> bool {
    held.first() == Some(&b'/')
}

/// Whether these bytes begin with `/`, three letters and a digit: maker and speed.
pub(super) fn is_beginning(bytes: &[u8]) -> bool {
    bytes.len() >= NAME
        && bytes[0] == b'/'
        && bytes[1..4].iter().all(u8::is_ascii_alphabetic)
        && bytes[4].is_ascii_digit()
}

/// Where the `!` stands that ends a telegram: at the start of a line.
pub(super) fn mark(bytes: &[u8]) -> Option<usize> {
    memchr_iter(b'!', bytes).find(|at| *at > 0 && bytes[at - 1] == b'\n')
}

fn cut(before: Option<u8>, held: &[u8]) -> Cut {
    let at_line = |at: usize| match at.checked_sub(1) {
        Some(last) => is_end_of_line(held[last]),
        None => before.is_none_or(is_end_of_line),
    };
    let mut slashes = memchr_iter(b'/', held);
    let Some(first) = slashes.next() else { return Cut::Skip(held.len()) };
    if first > 0 {
        return Cut::Skip(first);
    }
    if !at_line(0) {
        match held.len() < NAME {
            true => return Cut::More,
            false if !is_beginning(held) => return Cut::Skip(1),
            false => {}
        }
    }
    // The one before, if any, was interrupted.
    let interrupted = slashes.find(|at| at_line(*at));
    // What stands behind it is left for the next cut: searched once for each, a stream of beginnings would take its square.
    let end = end(&held[..interrupted.map_or(held.len(), |start| start + 1)]);
    end.map(Cut::Frame).or(interrupted.map(Cut::Skip)).unwrap_or(Cut::More)
}

fn is_end_of_line(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r' | 0)
}

/// Where the line that begins with `!` ends, or another telegram begins in it.
fn end(held: &[u8]) -> Option<usize> {
    let mark = mark(held)?;
    let end = held[mark..].iter().position(|byte| matches!(byte, b'\n' | b'/'))?;
    Some(mark + end + usize::from(held[mark + end] == b'\n'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::frame::{Frame, Framer, Framing};

    /// Whole frames, and how many bytes lay outside.
    fn frames(bytes: &[u8]) -> (Vec<String>, usize) {
        let (mut found, mut stray) = (Vec::new(), 0);
        let mut framer = Framer::new(Framing::Own(&FRAMING), 8_192);
        let mut each = |frame: Frame| match frame {
            Frame::Whole(frame) => found.push(String::from_utf8_lossy(frame).into_owned()),
            Frame::Stray(count) => stray += count,
            other => panic!("{other:?}"),
        };
        for byte in bytes {
            framer.push(&[*byte], &mut each);
        }
        framer.finish(&mut each);
        (found, stray)
    }

    #[test]
    fn beginnings_without_end_cost_nobody_the_next_telegram() {
        let one = "/ISK5\\2X\r\n\r\n1-0:1.8.1(1*kWh)\r\n!AB12\r";
        let (found, stray) = frames(format!("{}{one}/A\r\n{one}\n", "/A\r\n".repeat(500)).as_bytes());
        assert_eq!((found, stray), (vec![one.to_owned(), format!("{one}\n")], 2_004));
    }

    #[test]
    fn telegrams_are_found_in_noise_and_glued() {
        let one = "/ISK5\\2X\r\n\r\n1-0:1.8.1(1*kWh)\r\n!AB12\r\n";
        let (glued, front) = (&one[..one.len() - 2], "/ISK5\\2X\r\n\r\n1-0:1.8.1(");
        for (input, expected, stray) in [
            (format!("p1 n/a> {one}ok\r\n{one}"), vec![one, one], 12),
            (format!("{glued}{one}"), vec![glued, one], 0),
            (format!("{front}\r\n{one}"), vec![one], front.len() + 2),
            (format!("{front}{one}"), vec![&format!("{front}{one}")[..]], 0),
        ] {
            assert_eq!(
                frames(input.as_bytes()),
                (expected.into_iter().map(str::to_owned).collect(), stray),
                "{input}"
            );
        }
    }
}
