//! Frames as they are, for devices that no decoder knows.
//!
//! ```text
//! 02 41 0d      hex "02410d"; of a frame of more than 256 bytes base64
//! ```

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{BadFrame, DecodeContext, Decoded, Decoder, Fixture, FrameFault, Framing, PortMode};
use crate::{
    record::reading::{Integrity, ReadingBody},
    time::Span,
};

/// The longest frame that is written in hexadecimal, in bytes.
const LONGEST_HEX: usize = 256;

/// The longest frame at all: a record of a ledger holds 64 KiB.
const LONGEST: usize = 32 << 10;

pub(super) const DECODER: Decoder = Decoder {
    name: "raw",
    about: "frames as they are, in hexadecimal",
    picture: "\
02 41 0d      hex \"02410d\"; of a frame of more than 256 bytes base64
              --frame says where one ends: delim:0d, len:3, idle:50, cobs, slip",
    example: "printf '\\002A\\rB' | foil device read - --format raw --frame delim:0d",
    framing: Framing::Idle(Span::from_millis(50)),
    baud: 9_600,
    mode: PortMode::M8N1,
    closed: false,
    decode,
    fixtures: &[
        Fixture { frame: b"\x02A\xff", gives: Ok(r#"{"hex":"0241ff"}"#) },
        Fixture { frame: &[0; LONGEST + 1], gives: Err(FrameFault::TooLong) },
    ],
};

fn decode(frame: &[u8], _: &mut DecodeContext) -> Result<Decoded, BadFrame> {
    let mut body = ReadingBody::new(Integrity::None);
    match frame.len() {
        0..=LONGEST_HEX => body.add("hex", hex::encode(frame)),
        length if length <= LONGEST => body.add("base64", STANDARD.encode(frame)),
        length => {
            let why = format!("{length} bytes, more than {LONGEST}");
            return Err(BadFrame::new(FrameFault::TooLong, why));
        }
    };
    Ok(Decoded::Reading(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_frames_are_in_base64() {
        let read = |length| DECODER.readings(&vec![0; length]).map(|mut bodies| bodies.remove(0).values);
        assert_eq!(read(257).unwrap().str("base64").map(str::len), Some(344));
        assert_eq!(read(256).unwrap().str("hex").map(str::len), Some(512));
    }
}
