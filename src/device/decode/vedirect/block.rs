//! Blocks in a stream of bytes: fields up to the byte behind `Checksum`, with HEX messages between and inside them.
//!
//! ```text
//! CR LF V TAB 13120  CR LF I TAB -450  CR LF Checksum TAB byte      : A 0102000543 LF
//! └─ field ────────┘                   └─ any of 256 bytes ───┘     └─ HEX message ─┘
//! ```
//!
//! The checksum byte is known by its place alone: it may be a line feed, a carriage return or a colon. A HEX message may come
//! anywhere but before that byte, and is no part of the sum.

use crate::device::frame::{Cut, OwnFraming};

pub(super) const FRAMING: OwnFraming = OwnFraming { name: "block", cut, opens };

/// The longest HEX message, in characters: all that devices send are shorter.
const LONGEST_MESSAGE: usize = 256;

/// What bytes that begin with CR LF are.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum VeDirectBlock {
    /// A block of so many bytes
    Whole {
        length: usize,
        /// The sum of its bytes modulo 256, which is 0 if none changed
        sum: u8,
        fields: Vec<Field>,
    },
    /// The beginning of one
    Begun,
    /// None, from this byte on
    Broken(usize),
}

/// One field of a block.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) label: Vec<u8>,
    pub(super) value: Vec<u8>,
}

fn opens(held: &[u8]) -> bool {
    held.starts_with(b":") || held.starts_with(b"\r\n") && held.len() > 2
}

fn cut(_: Option<u8>, held: &[u8]) -> Cut {
    match held {
        [b':', ..] => message(held),
        [b'\r'] => Cut::More,
        [b'\r', b'\n', ..] => match read(held) {
            VeDirectBlock::Whole { length, .. } => Cut::Frame(length),
            VeDirectBlock::Begun => Cut::More,
            VeDirectBlock::Broken(at) => Cut::Skip(at),
        },
        _ => {
            let next = held.iter().skip(1).position(|byte| matches!(byte, b'\r' | b':'));
            Cut::Skip(next.map_or(held.len(), |next| next + 1))
        }
    }
}

/// What bytes that begin with a colon are: a HEX message, its beginning, or none.
fn message(bytes: &[u8]) -> Cut {
    let digits = bytes[1..].iter().take(LONGEST_MESSAGE).take_while(|byte| byte.is_ascii_hexdigit()).count();
    match bytes.get(1 + digits) {
        None if digits < LONGEST_MESSAGE => Cut::More,
        Some(b'\n') if digits > 0 => Cut::Frame(digits + 2),
        _ => Cut::Skip(1),
    }
}

/// Reads the block at the front of bytes.
pub(super) fn read(bytes: &[u8]) -> VeDirectBlock {
    let mut text = TextBytes { bytes, at: 0, sum: 0 };
    match fields(&mut text) {
        Ok(fields) => VeDirectBlock::Whole { length: text.at, sum: text.sum, fields },
        Err(broken) => broken,
    }
}

fn fields(text: &mut TextBytes) -> Result<Vec<Field>, VeDirectBlock> {
    let mut fields = Vec::new();
    text.expect(b'\r')?;
    loop {
        text.expect(b'\n')?;
        let label = text.until(b'\t')?;
        if label == b"Checksum" {
            text.take_checksum()?;
            return Ok(fields);
        }
        fields.push(Field { label, value: text.until(b'\r')? });
    }
}

/// The bytes of a block that are no HEX messages.
struct TextBytes<'a> {
    bytes: &'a [u8],
    at: usize,
    sum: u8,
}

impl TextBytes<'_> {
    fn next(&mut self) -> Result<u8, VeDirectBlock> {
        while self.bytes.get(self.at) == Some(&b':') {
            match message(&self.bytes[self.at..]) {
                Cut::Frame(length) => self.at += length,
                Cut::More => return Err(VeDirectBlock::Begun),
                Cut::Skip(_) => break,
            }
        }
        self.take_checksum()
    }

    /// The next byte, whatever it is.
    fn take_checksum(&mut self) -> Result<u8, VeDirectBlock> {
        let byte = *self.bytes.get(self.at).ok_or(VeDirectBlock::Begun)?;
        self.at += 1;
        self.sum = self.sum.wrapping_add(byte);
        Ok(byte)
    }

    fn expect(&mut self, wanted: u8) -> Result<(), VeDirectBlock> {
        let byte = self.next()?;
        if byte == wanted { Ok(()) } else { Err(VeDirectBlock::Broken(self.at - 1)) }
    }

    /// The bytes before the separator `end`, which is passed.
    fn until(&mut self, end: u8) -> Result<Vec<u8>, VeDirectBlock> {
        let mut part = Vec::new();
        loop {
            match self.next()? {
                byte if byte == end => return Ok(part),
                b'\r' | b'\n' | b'\t' => return Err(VeDirectBlock::Broken(self.at - 1)),
                byte => part.push(byte),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::frame::{Frame, Framer, Framing};

    fn found(bytes: &[u8]) -> Vec<String> {
        let mut framer = Framer::new(Framing::Own(&FRAMING), 8_192);
        let mut found = Vec::new();
        let mut each = |frame: Frame| {
            found.push(match frame {
                Frame::Whole(bytes) => format!("whole {}", bytes.len()),
                Frame::Tail(bytes) => format!("tail {}", bytes.len()),
                other => format!("{other:?}"),
            });
        };
        framer.push(bytes, &mut each);
        framer.finish(&mut each);
        found
    }

    #[test]
    fn blocks_and_messages_are_apart() {
        let block = b"\r\nV\t1\r\nChecksum\t:";
        let twice = [&block[..], b":A0102000543\n", block].concat();
        assert_eq!(found(&twice), ["whole 17", "whole 13", "whole 17"]);
        let inside = b"\r\nV\t1\r\nCh:A0102000543\necksum\tx";
        assert_eq!(found(inside), ["whole 30"]);
        let VeDirectBlock::Whole { fields, .. } = read(inside) else { panic!("no block") };
        assert_eq!(fields, [Field { label: b"V".to_vec(), value: b"1".to_vec() }]);
    }

    #[test]
    fn what_is_no_block_is_passed_over() {
        let block = b"\r\nV\t1\r\nChecksum\tx";
        let noisy = [b"boot\r\nhello\r\n", &block[..], b"?:", block, b"\r\nV"].concat();
        assert_eq!(found(&noisy), ["Stray(13)", "whole 17", "Stray(2)", "whole 17", "tail 3"]);
        assert_eq!(found(&[b"\r\nV\t1\r\r\nI\t2\t", &block[..]].concat()), ["Stray(10)", "whole 17"]);
        let long = [b":", &[b'0'; 600][..], &block[..]].concat();
        assert_eq!(found(&long), ["Stray(601)", "whole 17"]);
    }
}
