//! VE.Direct ports of Victron's solar chargers, battery monitors and inverters, in text mode.
//!
//! ```text
//! CR LF V TAB 13120                       label, value: 13,120 mV
//! CR LF I TAB -450
//! CR LF Checksum TAB DC1                  11 hex here: the sum of all is 0 modulo 256
//! :A0102000543 LF                         a HEX message, which is not read; its bytes sum to 55 hex
//! ```
//!
//! Once a second, in one block or two; each is a reading. Names are the device's own labels, as the sum is tested before a
//! field is read. A HEX message may come between blocks or in the middle of one.
//!
//! Standard: VE.Direct Protocol (Victron Energy), and its `BlueSolar` HEX protocol for the messages.

use crate::record::reading::{Integrity, ReadingBody};

use super::{BadFrame, DecodeContext, Decoded, Decoder, Fixture, FrameFault, Framing, PortMode};

mod block;
mod labels;

use block::{Field, VeDirectBlock};

pub(super) const DECODER: Decoder = Decoder {
    name: "vedirect",
    about: "VE.Direct blocks of Victron devices",
    picture: "\
CR LF V TAB 13120                        label, value: 13,120 mV
CR LF I TAB -450
CR LF Checksum TAB DC1                   11 hex here: the sum of all is 0 modulo 256
:A0102000543 LF                          a HEX message, which is not read",
    example: "printf '\\r\\nV\\t13120\\r\\nI\\t-450\\r\\nChecksum\\t\\021' | foil device read - --format vedirect",
    framing: Framing::Own(&block::FRAMING),
    baud: 19_200,
    mode: PortMode::M8N1,
    closed: true,
    decode,
    fixtures: &[
        Fixture {
            frame: b"\r\nPID\t0xA060\r\nV\t13120\r\nI\t-450\r\nH19\t00654321\r\nT\t---\r\nLOAD\tON\r\nChecksum\tV",
            gives: Ok(r#"{"H19":6543.21,"I":-450,"LOAD":"ON","PID":"0xA060","T":null,"V":13120}"#),
        },
        Fixture {
            frame: b"\r\nV\t13:A0102000543\n120\r\nI\t4A0\r\nXYZ\t007\r\nChecksum\tp",
            gives: Ok(r#"{"I":null,"V":13120,"XYZ":"007"} {"I":"4A0"}"#),
        },
        Fixture { frame: b":A0102000543\n", gives: Ok("") },
        Fixture { frame: b":A0102000544\n", gives: Err(FrameFault::Checksum) },
        Fixture { frame: b"\r\nV\t13120\r\nChecksum\t?", gives: Err(FrameFault::Checksum) },
        Fixture { frame: b"\r\nV\t13120\r\n", gives: Err(FrameFault::Syntax) },
        Fixture { frame: b"V=13.12\r\n", gives: Err(FrameFault::Noise) },
    ],
};

fn decode(frame: &[u8], _: &mut DecodeContext) -> Result<Decoded, BadFrame> {
    if let Some(message) = frame.strip_prefix(b":") {
        return hex_message(message);
    }
    if !frame.starts_with(b"\r\n") {
        return Err(BadFrame::new(FrameFault::Noise, "no block"));
    }
    match block::read(frame) {
        VeDirectBlock::Whole { length, sum, fields } if length == frame.len() => reading(sum, &fields),
        _ => Err(BadFrame::new(FrameFault::Syntax, "no whole block: fields, and a byte behind Checksum")),
    }
}

fn reading(sum: u8, fields: &[Field]) -> Result<Decoded, BadFrame> {
    if sum != 0 {
        return Err(BadFrame::new(FrameFault::Checksum, format!("the bytes sum to {sum:02X}, not to 00")));
    }
    let mut body = ReadingBody::new(Integrity::Checksum);
    for field in fields {
        labels::read(field, &mut body);
    }
    if body.values.is_empty() {
        return Err(BadFrame::new(FrameFault::Syntax, "no field that is understood"));
    }
    Ok(Decoded::Reading(body))
}

/// A HEX message, which is not read: one digit for the command, then bytes of which the last is the check.
fn hex_message(message: &[u8]) -> Result<Decoded, BadFrame> {
    let digits = message.trim_ascii_end();
    let padded = [b"0", digits].concat();
    let bytes = hex::decode(&padded)
        .map_err(|_| BadFrame::new(FrameFault::Syntax, "no HEX message: a digit, then bytes in hex"))?;
    match bytes.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte)) {
        0x55 => Ok(Decoded::Unread("HEX message".to_owned())),
        sum => Err(BadFrame::new(FrameFault::Checksum, format!("the bytes sum to {sum:02X}, not to 55"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A block of these fields, with the checksum that they need.
    fn block(fields: &[u8]) -> Vec<u8> {
        let body = [fields, b"\r\nChecksum\t"].concat();
        let sum = body.iter().fold(0u8, |sum, byte| sum.wrapping_add(*byte));
        [&body[..], &[sum.wrapping_neg()]].concat()
    }

    #[test]
    fn each_of_the_256_checksum_bytes_ends_a_block() {
        use crate::device::frame::{Frame, Framer};
        let mut seen = [false; 256];
        for number in 0..2_000 {
            let frame = block(format!("\r\nV\t{}\r\nS\t{}", number % 7, "~".repeat(number % 256)).as_bytes());
            let Some(last) = frame.last().copied().filter(|last| !seen[usize::from(*last)]) else { continue };
            seen[usize::from(last)] = true;
            let mut framer = Framer::new(DECODER.framing.clone(), 8_192);
            let mut found = Vec::new();
            let stream = [&frame[..], b":A0102000543\n", &frame, &frame].concat();
            stream.chunks(7).for_each(|chunk| {
                framer.push(chunk, &mut |frame: Frame| match frame {
                    Frame::Whole(frame) => found.push(DECODER.readings(frame).unwrap()),
                    other => panic!("{last:02x}: {other:?}"),
                });
            });
            let readings: Vec<_> = found.into_iter().flatten().collect();
            assert_eq!(readings.len(), 3, "{last:02x}");
            assert!(readings.iter().all(|body| body.values.get("V") == Some(&((number % 7) as u64).into())));
        }
        assert!(seen.iter().all(|seen| *seen), "{} of 256", seen.iter().filter(|seen| **seen).count());
    }

    #[test]
    fn a_changed_byte_is_seen() {
        let frame = DECODER.fixtures[0].frame;
        for at in 0..frame.len() {
            for flip in 1..=255 {
                let mut changed = frame.to_vec();
                changed[at] ^= flip;
                assert!(DECODER.readings(&changed).is_err(), "byte {at} changed by {flip:02x}");
            }
        }
    }
}
