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
//! Each group proves itself, with six bits; one that does not is refused by itself, and a frame of which most do not, whole. The check
//! characters tell the mode. Names are the meter's own labels.
//!
//! Standard: Enedis-NOI-CPT_54E (Linky), Enedis-NOI-CPT_02E (meters before it).

use crate::record::reading::{Integrity, ReadingBody};

use super::{BadFrame, DecodeContext, Decoded, Decoder, Fixture, FrameFault, Framing, PortMode};

mod date;
mod frame;
mod group;
mod labels;

use frame::{EOT, ETX, STX};
use group::Group;

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
    let inside = match frame {
        [STX, inside @ .., ETX] => inside,
        [STX, .., EOT] => return Err(BadFrame::new(FrameFault::Stray, "the meter broke it off (EOT)")),
        [STX, ..] => return Err(BadFrame::new(FrameFault::Syntax, "no end (ETX)")),
        _ => return Err(BadFrame::new(FrameFault::Noise, "no frame")),
    };
    let (groups, mut refused) = groups(inside);
    let mode = group::mode(&groups);
    let mut body = ReadingBody::new(Integrity::Checksum);
    let mut fitting = 0;
    for group in groups {
        match Group::read(group, mode) {
            Ok(group) => {
                fitting += 1;
                labels::read(&group, context.zone.as_ref(), &mut body);
            }
            Err(why) => refused.push(bad_group(group, &why)),
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
    if refused.is_empty() {
        return Ok(Decoded::Reading(body));
    }
    Ok(Decoded::Several(std::iter::once(Ok(body)).chain(refused.into_iter().map(Err)).collect()))
}

/// What stands between each LF and CR, and what stands otherwise.
fn groups(content: &[u8]) -> (Vec<&[u8]>, Vec<BadFrame>) {
    let (mut groups, mut refused) = (Vec::new(), Vec::new());
    let mut pieces = content.split(|byte| *byte == b'\n');
    if let Some(before) = pieces.next().filter(|before| !before.trim_ascii().is_empty()) {
        refused.push(bad_group(before, "no LF before it"));
    }
    for piece in pieces {
        match piece.strip_suffix(b"\r").filter(|group| !group.contains(&b'\r')) {
            Some(group) => groups.push(group),
            None => refused.push(bad_group(piece, "no CR behind it, or one inside")),
        }
    }
    (groups, refused)
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
}
