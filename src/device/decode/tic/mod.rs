//! TIC, the customer port of French electricity meters: historic mode and the standard mode of Linky.
//!
//! ```text
//! STX
//! LF ADCO SP 999999999999 SP C CR                  label, value, check character: historic mode
//! LF BASE SP 004321987 SP - CR
//! ETX
//! STX
//! LF DATE HT E260715081530 HT HT D CR              label, date, no value: standard mode
//! LF EAST HT 004321987 HT 1 CR
//! ETX
//! ```
//!
//! Each group proves itself, with six bits; one that does not is refused by itself, and a frame of which most do not, whole. What CR ends
//! is a group, even where another byte came for the LF before it, or for the STX of the frame. The check characters tell the mode. Names are the meter's own labels.
//!
//! Standard: Enedis-NOI-CPT_54E (Linky), Enedis-NOI-CPT_02E (meters before it).

use crate::record::reading::{Integrity, ReadingBody};

use super::{BadFrame, DecodeContext, Decoded, Decoder, Fixture, FrameFault, Framing, PortMode};

mod date;
mod frame;
mod group;
mod labels;
mod split;

use frame::{EOT, ETX, LF, STX};
use group::Group;
use split::SplitGroup;

/// Under what the bytes are kept that stand in the place of an STX or LF.
const START: &str = "start";

pub(super) const DECODER: Decoder = Decoder {
    name: "tic",
    about: "TIC frames of French electricity meters (Linky)",
    picture: "\
STX
LF ADCO SP 999999999999 SP C CR                  label, value, check character: historic mode
LF BASE SP 004321987 SP - CR
ETX
STX
LF DATE HT E260715081530 HT HT D CR              label, date, no value: standard mode
LF EAST HT 004321987 HT 1 CR
ETX",
    example: "printf '\\002\\nBASE 004321987 -\\r\\nPAPP 00410 &\\r\\003' | foil device read - --format tic",
    framing: Framing::Own(&frame::FRAMING),
    baud: 1_200,
    mode: PortMode::M7E1,
    closed: true,
    decode,
    fixtures: &[
        Fixture {
            frame: b"\x02\nADCO 999999999999 C\r\nBASE 004321987 -\r\nPTEC TH.. $\r\nPAPP 00410 &\r\x03",
            gives: Ok(r#"{"ADCO":"999999999999","BASE":4321987,"PAPP":410,"PTEC":"TH.."}"#),
        },
        Fixture {
            frame:
                b"\x02\nDATE\tE260715081530\t\tD\r\nEAST\t004321987\t1\r\nSMAXSN\tE260715071530\t07654\tE\r\
                \nURMS1\t2-3\t<\r\nXYZ\t007\tT\r\x03",
            gives: Ok(
                r#"{"EAST":4321987,"SMAXSN":7654,"SMAXSN_time":"2026-07-15T05:15:30.000Z","URMS1":null,"XYZ":"007"} {"URMS1":"2-3"}"#,
            ),
        },
        // A group that was changed on the way costs only itself.
        Fixture {
            frame: b"\x02\nEAST\t004321987\t1\r\nSINSTS\t00411\tK\r\x03",
            gives: Ok(r#"{"EAST":4321987}"#),
        },
        Fixture { frame: b"\x02\nEAST\t004321986\t1\r\x03", gives: Err(FrameFault::Checksum) },
        Fixture { frame: b"\x02\nEAST\t004321987\t1\r\x04", gives: Err(FrameFault::Stray) },
        Fixture { frame: b"\x02\nEAST\t004321987\t1\r", gives: Err(FrameFault::Syntax) },
        Fixture { frame: b"\x02\x03", gives: Err(FrameFault::Syntax) },
        Fixture { frame: b"EAST 004321987\r\n", gives: Err(FrameFault::Noise) },
    ],
};

fn decode(frame: &[u8], context: &mut DecodeContext) -> Result<Decoded, BadFrame> {
    let (start, inside) = inside(frame)?;
    let (groups, mut refused) = split::groups(inside);
    let mode = group::mode(&groups.iter().map(|group| group.bytes).collect::<Vec<_>>());
    let mut body = ReadingBody::new(Integrity::Checksum);
    let mut fitting = 0;
    let mut starts: Vec<u8> = start.into_iter().collect();
    for SplitGroup { start, bytes } in groups {
        match Group::read(bytes, mode) {
            Ok(group) => {
                fitting += 1;
                starts.extend(start);
                labels::read(&group, context.zone.as_ref(), &mut body);
            }
            Err(why) => refused.push(bad_group(bytes, &why)),
        }
    }
    if refused.len() > fitting {
        let (all, bad) = (refused.len() + fitting, refused.len());
        return Err(BadFrame::new(
            FrameFault::Checksum,
            format!("{bad} of {all} groups: {}", refused[0].detail),
        ));
    }
    if body.values.is_empty() {
        return Err(BadFrame::new(FrameFault::Syntax, "no group that is understood"));
    }
    if !starts.is_empty() {
        body.keep_undecoded(START, &hex::encode(starts));
    }
    if refused.is_empty() {
        return Ok(Decoded::Reading(body));
    }
    Ok(Decoded::Several(std::iter::once(Ok(body)).chain(refused.into_iter().map(Err)).collect()))
}

/// What stands between the bytes that begin and end a frame, and the byte in the place of its STX, if it changed.
fn inside(frame: &[u8]) -> Result<(Option<u8>, &[u8]), BadFrame> {
    let (end, begun) = frame.split_last().filter(|_| frame::is_beginning(frame) == Some(true)).unzip();
    let bad = |fault, why| Err(BadFrame::new(fault, why));
    match (end, begun) {
        (Some(&ETX), Some([STX, inside @ ..] | inside @ [LF, ..])) => Ok((None, inside)),
        (Some(&ETX), Some([start, inside @ ..])) => Ok((Some(*start), inside)),
        (Some(&EOT), _) => bad(FrameFault::Stray, "the meter broke it off (EOT)"),
        (Some(_), Some([STX, ..] | [])) => bad(FrameFault::Syntax, "no end (ETX)"),
        _ => bad(FrameFault::Noise, "no frame"),
    }
}

fn bad_group(group: &[u8], why: &str) -> BadFrame {
    let label: String =
        group.iter().take_while(|byte| byte.is_ascii_graphic()).take(10).copied().map(char::from).collect();
    BadFrame::new(FrameFault::Checksum, format!("group {label:?}: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_byte_costs_its_group_or_is_kept_as_not_understood() {
        for fixture in DECODER.fixtures.iter().take(2) {
            let sent = DECODER.readings(fixture.frame).unwrap().remove(0);
            for (at, flip) in (0..fixture.frame.len()).flat_map(|at| (1..=255).map(move |flip| (at, flip))) {
                let mut changed = fixture.frame.to_vec();
                changed[at] ^= flip;
                for body in DECODER.readings(&changed).unwrap_or_default() {
                    for (name, value) in
                        body.values.iter().filter(|(_, value)| **value != crate::json::Value::Null)
                    {
                        assert_eq!(
                            sent.values.get(name),
                            Some(value),
                            "{name}: byte {at} changed by {flip:02x}"
                        );
                    }
                    assert!(body.time.is_none() || body.time == sent.time, "byte {at} changed by {flip:02x}");
                }
            }
        }
    }

    #[test]
    fn a_refused_group_leaves_another_one_of_its_label() {
        for frame in [
            &b"\x02\nBASE 004321987 -\r\nPAPP 00410 &\r\nPAPP 00510 &\r\x03"[..],
            b"\x02\nBASE 004321987 -\r\nPAPP 00510 &\r\nPAPP 00410 &\r\x03",
        ] {
            let Ok(Decoded::Several(parts)) = decode(frame, &mut DecodeContext::default()) else {
                panic!("one")
            };
            let [Ok(body), Err(bad)] = &parts[..] else { panic!("{parts:?}") };
            assert_eq!(body.values.to_canonical(), r#"{"BASE":4321987,"PAPP":410}"#);
            assert!(body.undecoded.is_empty() && bad.detail.starts_with(r#"group "PAPP": check"#), "{bad}");
        }
    }

    #[test]
    fn a_changed_byte_before_a_group_costs_nothing() {
        let frame = b"\x02\nBASE 004321987 -\r\nPTEC TH.. $\r\nPAPP 00410 &\r\x03";
        let starts = [1, 19, 32];
        for byte in (0..=255).filter(|byte| !b"\r\n\x02\x03\x04".contains(byte)) {
            for at in starts {
                let mut changed = frame.to_vec();
                changed[at] = byte;
                let parts = decode(&changed, &mut DecodeContext::default());
                let refused = matches!(parts, Ok(Decoded::Several(_)));
                let body = parts.unwrap().readings().remove(0);
                // In front of a label a capital letter may be one of it.
                assert_eq!(refused, byte.is_ascii_uppercase(), "{at} {byte:02x}");
                assert_eq!(body.values.len(), if refused { 2 } else { 3 }, "{at} {byte:02x}");
                assert_eq!(body.undecoded.str(START).is_some(), !refused, "{at} {byte:02x}");
            }
        }
        let all = frame.map(|byte| if byte == LF { 0x0f } else { byte });
        let body = DECODER.readings(&all).unwrap().remove(0);
        assert_eq!((body.values.len(), body.undecoded.str(START)), (3, Some("0f0f0f")));
    }

    #[test]
    fn a_lost_end_costs_its_group_and_no_other() {
        for (frame, refused) in [
            (&b"\x02\nBASE 004321987 -\nPTEC TH.. $\r\nPAPP 00410 &\r\x03"[..], 1),
            (b"\x02\nBASE 004321987 -\x0f\nPTEC TH.. $\r\nPAPP 00410 &\r\x03", 1),
            (b"\x02\nXASE 004321987 -\r\x0b\x0bXX\r\nPTEC TH.. $\r\nPAPP 00410 &\r\x03", 2),
            (b"\x02\nBASE 004321987 \x00-\r\nPTEC TH.. $\r\nPAPP 00410 &\r\x03", 1),
            (b"\x02\nPTEC TH.. $\r\r\n\nPAPP 00410 &\r\r\n\x03", 0),
            (b"\x02PTEC TH.. $\rPAPP 00410 &\r\x03", 0),
        ] {
            let decoded = decode(frame, &mut DecodeContext::default()).unwrap();
            let count = if let Decoded::Several(parts) = &decoded { parts.len() - 1 } else { 0 };
            let body = decoded.readings().remove(0);
            assert_eq!(body.values.to_canonical(), r#"{"PAPP":410,"PTEC":"TH.."}"#);
            assert_eq!((count, body.undecoded.len()), (refused, 0));
        }
    }

    #[test]
    fn a_refused_group_is_counted() {
        let frame = b"\x02\nEAST\t004321987\t1\r\nSINSTS\t00411\tK\r\x03";
        let Ok(Decoded::Several(parts)) = decode(frame, &mut DecodeContext::default()) else { panic!("one") };
        let [Ok(_), Err(bad)] = &parts[..] else { panic!("{parts:?}") };
        assert_eq!(bad.to_string(), r#"checksum: group "SINSTS": check character 4B stated, 4C computed"#);
    }

    #[test]
    fn frames_are_from_stx_to_etx() {
        use crate::device::frame::{Frame, Framer};
        let mut framer = Framer::new(DECODER.framing.clone(), 8_192);
        let mut found = Vec::new();
        let mut each = |frame: Frame| {
            found.push(match frame {
                Frame::Whole(bytes) => format!("whole {}", bytes.len()),
                Frame::Tail(bytes) => format!("tail {}", bytes.len()),
                other => format!("{other:?}"),
            });
        };
        framer.push(b"AST\x03\x02abc\x02abcd\x03\x02ab\x04xx\x02a", &mut each);
        framer.finish(&mut each);
        assert_eq!(found, ["Stray(8)", "whole 6", "whole 4", "Stray(2)", "tail 2"]);
    }

    #[test]
    fn a_frame_whose_stx_changed_or_was_lost_is_read() {
        use crate::device::frame::{Frame, Framer};
        let inside = b"\nBASE 004321987 -\r\nPAPP 00410 &\r\x03";
        let good = [&b"\x02"[..], inside].concat();
        for (start, is_read) in
            [(&b"\x02"[..], true), (b"C", true), (b"\x0f", true), (b"", true), (b"\r", false), (b"xx", false)]
        {
            for stream in [[&good, start, inside, &good].concat(), [start, inside, &good, &good].concat()] {
                let mut framer = Framer::new(DECODER.framing.clone(), 8_192);
                let (mut read, mut stray) = (0, 0);
                let mut each = |frame: Frame| match frame {
                    Frame::Whole(frame) => {
                        read += 1;
                        let body = DECODER.readings(frame).unwrap().remove(0);
                        assert_eq!(body.values.to_canonical(), r#"{"BASE":4321987,"PAPP":410}"#);
                    }
                    Frame::Stray(bytes) => stray += bytes,
                    other => panic!("{other:?}"),
                };
                for byte in &stream {
                    framer.push(&[*byte], &mut each);
                }
                framer.finish(&mut each);
                assert_eq!((read, stray > 0), (if is_read { 3 } else { 2 }, !is_read), "{start:02x?}");
            }
        }
    }
}
