//! JSON lines, as microcontrollers print them.
//!
//! ```text
//! {"temperature":4.2,"door":{"open":false}}               values temperature, door.open
//! {"values":{"temperature":4.2},"units":{"temperature":"°C"},"time":"2026-03-01T06:00:00Z"}
//! D (1234) out: {"volt":4.40} 130                         log words around an object
//! {"t":NaN,"id":9007199254740993}                         t is null, id is not understood
//! ```
//!
//! An object whose `values` is an object is a reading's body: its `time` dates the reading, other members
//! are kept. Of any other object, every scalar is a value, nested ones joined by `.`. A line that is one object of
//! I-JSON (RFC 7493) is read at once; any other one is searched for whole objects, whose values may be none.

use crate::{
    json::{self, Object},
    record::reading::{Integrity, ReadingBody, is_scalar},
};

use super::{
    BadFrame, DecodeContext, Decoded, Decoder, Fixture, FrameFault, Framing, PortMode, line_text::LineText,
};

mod absent;
mod content;
mod lenient;
mod search;
mod units_beside;

use content::{MAX_VALUES, too_many};

pub(super) const DECODER: Decoder = Decoder {
    name: "json",
    about: "one JSON object a line",
    picture: "\
{\"temperature\":4.2,\"door\":{\"open\":false}}    values temperature, door.open
{\"values\":{\"t\":4.2},\"units\":{\"t\":\"°C\"},\"time\":\"2026-03-01T06:00:00Z\"}",
    example: "foil device read sim:cold-room --count 3",
    framing: Framing::Line,
    baud: 115_200,
    mode: PortMode::M8N1,
    closed: true,
    decode,
    fixtures: &[
        Fixture {
            frame: br#"{"t":4.20,"door":{"open":false,"n":[1,2]}}"#,
            gives: Ok(r#"{"door.n.0":1,"door.n.1":2,"door.open":false,"t":4.2}"#),
        },
        Fixture {
            frame: br#"{"values":{"temperature":4.2},"units":{"temperature":"C"}}"#,
            gives: Ok(r#"{"temperature":4.2}"#),
        },
        Fixture {
            frame: br#"{"t":1,"t":2,"t_2":3,"a.b":1,"a":{"b":2}}"#,
            gives: Ok(r#"{"a.b":1,"a.b_2":2,"t":1,"t_2":3,"t_3":2}"#),
        },
        Fixture {
            frame: br#"{"t":NaN,"u":-inf,"id":9007199254740993}"#,
            gives: Ok(r#"{"id":null,"t":null,"u":null} {"id":"9007199254740993"}"#),
        },
        Fixture {
            frame: br#"{"t":21.299999237060546875}"#,
            gives: Ok(r#"{"t":21.299999237060547} {"t":"21.299999237060546875"}"#),
        },
        Fixture { frame: b"{\"t\":21.5,\"unit\":\"\xb0C\"}", gives: Ok(r#"{"t":21.5,"unit":"°C"}"#) },
        Fixture {
            frame: b"{\"K\xfcche\":21.5,\"n\":\"caf\xe9\"}",
            gives: Ok(r#"{"Küche":21.5,"n":"café"}"#),
        },
        Fixture { frame: b"{\"te\xed\xf0\":35}\x8d", gives: Err(FrameFault::Syntax) },
        Fixture { frame: br#"{"a":{"t":1}"#, gives: Err(FrameFault::Syntax) },
        Fixture { frame: b"rst:0x1 (POWERON_RESET)", gives: Err(FrameFault::Noise) },
        Fixture { frame: b"{\"t\xba21.5}", gives: Err(FrameFault::Utf8) },
    ],
};

fn decode(frame: &[u8], context: &mut DecodeContext) -> Result<Decoded, BadFrame> {
    let within = std::mem::take(&mut context.within_object);
    remember(&mut context.json_before, frame);
    let mut why = None;
    if !within && frame.trim_ascii_start().first() == Some(&b'{') {
        match json::parse_object(frame) {
            Ok(object) if !may_round(frame) || json::refuse_rounding(frame).is_ok() => return plain(object),
            Ok(_) => {}
            Err(error) => why = Some(error.to_string()),
        }
    }
    search(frame, within, why, context)
}

/// As much is kept of the lines before.
const REMEMBERED: usize = 4_096;

/// Keeps a line, and begins anew where that is too much.
fn remember(before: &mut Vec<u8>, line: &[u8]) {
    if before.len() + line.len() > REMEMBERED {
        before.clear();
    }
    before.extend_from_slice(&line[..line.len().min(REMEMBERED)]);
}

/// The reading of an object without any fault.
fn plain(mut object: Object) -> Result<Decoded, BadFrame> {
    if let Some(body) = content::stated(&mut object) {
        return body.map(Decoded::Reading);
    }
    if object.is_empty() || object.iter().any(|(_, value)| !is_scalar(value)) {
        let members = object.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        return content::reading(members).map(Decoded::Reading);
    }
    if object.len() > MAX_VALUES {
        return Err(too_many());
    }
    let body = ReadingBody { values: object.into(), ..ReadingBody::new(Integrity::None) };
    let body = units_beside::put(absent::without_placeholders(body));
    Ok(Decoded::Reading(absent::without_impossible(body)))
}

/// Whether a text may have a number that a double would alter: one with an exponent, or of more than fifteen digits
/// (`DBL_DIG`), of which some eight fill a block wherever it begins. Each block is asked as a whole, which is quicker than
/// to stop at a byte.
fn may_round(text: &[u8]) -> bool {
    let is_digit = |byte: &u8| byte.is_ascii_digit() || *byte == b'.';
    let has_exponent = |(before, byte): (&u8, &u8)| before.is_ascii_digit() && (byte | 0x20 == b'e');
    let (blocks, _) = text.as_chunks::<8>();
    blocks.iter().any(|block| block.iter().fold(true, |all, byte| all & is_digit(byte)))
        || text.iter().zip(text.iter().skip(1)).fold(false, |any, pair| any | has_exponent(pair))
}

/// The readings of the whole objects in a line. `why` says why the line is not one object.
fn search(
    frame: &[u8],
    within: bool,
    why: Option<String>,
    context: &mut DecodeContext,
) -> Result<Decoded, BadFrame> {
    let line = LineText::of(frame);
    let found = search::objects(&line, within, &context.json_before);
    context.within_object = found.objects.is_empty() && goes_on(line.text(), within);
    let fault = match () {
        () if !line.is_utf8() => BadFrame::new(FrameFault::Utf8, "not UTF-8"),
        () if found.broken => content::syntax(why.unwrap_or_else(|| "a part of a JSON object".to_owned())),
        () => BadFrame::new(FrameFault::Noise, "no JSON object"),
    };
    let mut parts: Vec<_> = found.objects.into_iter().map(content::reading).collect();
    match parts.len() {
        0 => Err(fault),
        1 if !found.broken => parts.remove(0).map(Decoded::Reading),
        _ => {
            if found.broken {
                parts.insert(
                    0,
                    Err(content::syntax("what stands around a whole object is a part of another one")),
                );
            }
            Ok(Decoded::Several(parts))
        }
    }
}

/// Whether an object of several lines goes on behind this one. A line of more brackets than objects nest is noise, and opens none.
fn goes_on(line: &str, within: bool) -> bool {
    let line = line.trim();
    if line.bytes().filter(|byte| matches!(byte, b'{' | b'[')).count() > usize::from(json::MAX_DEPTH) {
        return false;
    }
    let opens =
        line.ends_with(['{', '[']) && (line.len() == 1 || line.starts_with(['"', '{', '}', ']', '[']));
    let continues = line.ends_with(',') && (within || line.starts_with(['}', ']']));
    opens || continues
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Time;

    fn refused(frame: &str) -> String {
        DECODER.readings(frame.as_bytes()).expect_err(frame).detail
    }

    #[test]
    fn a_body_keeps_its_time_units_and_unknown_members() {
        let frame =
            br#"{"values":{"t":4.2,"rh":40},"units":{"t":"C"},"time":"2026-03-01T07:00:00+01:00","rack":7}"#;
        let body = DECODER.readings(frame).unwrap().remove(0);
        assert_eq!(body.time, Time::parse("2026-03-01T06:00:00.000Z"));
        assert_eq!(body.values.units_to_canonical(), r#"{"t":"Cel"}"#);
        assert_eq!(body.others.to_canonical(), r#"{"rack":7}"#);
    }

    #[test]
    fn milliseconds_beside_values_date_them() {
        let read = |frame: &str| {
            let body = DECODER.readings(frame.as_bytes()).expect(frame).remove(0);
            format!("{} {}", body.time.map(|time| time.to_string()).unwrap_or_default(), body.others)
        };
        let dated = "2026-03-01T06:00:00.000Z {}";
        assert_eq!(read(r#"{"ts":1772344800000,"values":{"t":4.2}}"#), dated);
        let stated = r#"{"ts":1,"values":{"t":4.2},"time":"2026-03-01T06:00:00Z"}"#;
        assert_eq!(read(stated), r#"2026-03-01T06:00:00.000Z {"ts":1}"#);
        for ts in ["1772344800", "4711", "\"x\"", "null"] {
            let frame = format!(r#"{{"ts":{ts},"values":{{"t":4.2}}}}"#);
            assert_eq!(read(&frame), format!(r#" {{"ts":{ts}}}"#), "{frame}");
        }
        assert_eq!(read(r#"{"ts":1772344800000,"t":4.2}"#), " {}");
    }

    fn read(frame: &str) -> String {
        let body = DECODER.readings(frame.as_bytes()).expect(frame).remove(0);
        format!("{} {} {}", body.values, body.others, body.undecoded)
    }

    #[test]
    fn a_member_that_is_not_understood_costs_only_itself() {
        for (frame, gives) in [
            (r#"{"values":{"a":1},"device":"other","seq":9}"#, r#"{"a":1} {} {"device":"other","seq":"9"}"#),
            (r#"{"values":{"a":1},"proof":{"x":[1]}}"#, r#"{"a":1} {} {"proof":"{\"x\":[1]}"}"#),
            (r#"{"values":{"a":1},"time":"noon"}"#, r#"{"a":1,"device_time":null} {} {"time":"noon"}"#),
            (r#"{"values":{"a":1},"time":1783000000}"#, r#"{"a":1,"device_time":1783000000} {} {}"#),
            (r#"{"values":{"a":1},"time":[1]}"#, r#"{"a":1,"device_time":null} {} {"time":"[1]"}"#),
            (
                r#"{"values":{"a":1},"time":null,"x":0.10000000000000001}"#,
                r#"{"a":1} {"x":0.1} {"x":"0.10000000000000001"}"#,
            ),
            (r#"{"values":{"a":[1,{"b":2}]},"rack":[7]}"#, r#"{"a.0":1,"a.1.b":2} {"rack":[7]} {}"#),
            (r#"{"values":{"a":1},"units":{"a":1,"b":null}}"#, r#"{"a":1} {} {"units.a":"1"}"#),
            (r#"{"values":{"a":1},"units":"V"}"#, r#"{"a":1} {} {"units":"V"}"#),
            (r#"{"values":{"a":NaN,"b":1},"x":NaN,"y":0x1}"#, r#"{"a":null,"b":1} {"x":null} {"y":"0x1"}"#),
            (r#"{"values":5,"a":1}"#, r#"{"a":1,"values":5} {} {}"#),
            (r#"{"time":1783000000,"a":1}"#, r#"{"a":1,"time":1783000000} {} {}"#),
            (
                r#"{"a":1,"b":0.1000000000000000055,"c":1e-400}"#,
                r#"{"a":1,"b":0.1,"c":null} {} {"b":"0.1000000000000000055","c":"1e-400"}"#,
            ),
            (
                r#"{"a":12345678901234567.0,"b":10000000000000000000.0}"#,
                r#"{"a":null,"b":10000000000000000000} {} {"a":"12345678901234567.0"}"#,
            ),
        ] {
            assert_eq!(read(frame), gives, "{frame}");
        }
    }

    #[test]
    fn what_a_double_may_alter_is_found_wherever_it_stands() {
        for before in 0..16 {
            let may_round = |number: &str| may_round(format!("{}{number}", " ".repeat(before)).as_bytes());
            assert!(may_round("1234567890123456") && may_round("0.12345678901234,") && may_round("2e7"));
            assert!(!may_round(r#"1234.56,"time":"2026-03-01T06:00:00Z""#));
        }
    }

    #[test]
    fn what_is_no_instant_or_none_for_sure_dates_nothing() {
        let dated = |time: &str| {
            let frame = format!("{{\"values\":{{\"a\":1}},{time}}}");
            let body = DECODER.readings(frame.as_bytes()).expect(time).remove(0);
            format!(
                "{} {} {}",
                body.time.map(|time| time.to_string()).unwrap_or_default(),
                body.values,
                body.undecoded
            )
        };
        let none = |undecoded: &str| format!(" {{\"a\":1,\"device_time\":null}} {undecoded}");
        let (ten, eleven) = (r#""time":"2026-07-15T10:00:00Z""#, r#""time":"2026-07-15T11:00:00Z""#);
        assert_eq!(dated(ten), r#"2026-07-15T10:00:00.000Z {"a":1} {}"#);
        assert_eq!(dated(&format!("{ten},{ten},\"time\":null")), dated(ten));
        assert_eq!(
            dated(&format!("{ten},{eleven}")),
            none(r#"{"time":"2026-07-15T10:00:00Z","time_2":"2026-07-15T11:00:00Z"}"#)
        );
        for time in ["2026-07-15T23:59:60Z", "2016-12-31T23:59:60Z", "0000-00-00T00:00:00Z", ""] {
            assert_eq!(dated(&format!("\"time\":\"{time}\"")), none(&format!("{{\"time\":\"{time}\"}}")));
        }
        assert_eq!(
            dated(r#""time":1784109600.123456789"#),
            r#" {"a":1,"device_time":1784109600.1234567} {"time":"1784109600.123456789"}"#
        );
        assert_eq!(
            refused(r#"{"values":{},"time":"noon"}"#),
            r#"no value that is understood: {"time":"noon"}"#
        );
    }

    #[test]
    fn a_line_with_several_objects_gives_several_readings() {
        let line = br#"{"v":"77{"t":1}{"t":NaN} {"t":1e2}"#;
        let Ok(Decoded::Several(parts)) = decode(line, &mut DecodeContext::default()) else { panic!() };
        let read =
            |part: &Result<ReadingBody, BadFrame>| part.as_ref().map(|body| body.values.to_canonical()).ok();
        let read: Vec<_> = parts.iter().map(read).collect();
        let [one, none, hundred] = [1, 2, 3].map(|at: usize| read[at].clone().unwrap());
        assert_eq!(
            (read[0].clone(), &*one, &*none, &*hundred),
            (None, r#"{"t":1}"#, r#"{"t":null}"#, r#"{"t":100}"#)
        );
    }

    #[test]
    fn latin1_is_read_but_not_a_flipped_bit_of_what_was_said_before() {
        let mut context = DecodeContext::default();
        let mut values = |line: &[u8]| match decode(line, &mut context) {
            Ok(read) => read.readings().remove(0).values.to_canonical(),
            Err(bad) => bad.to_string(),
        };
        assert_eq!(values(b"{\"temp\":1,\"s\":\"open\"}"), r#"{"s":"open","temp":1}"#);
        assert_eq!(values(b"{\"t\xe5mp\":1,\"s\":\"\xefpen\",\"x\":2}"), r#"{"s":null,"tåmp":null,"x":2}"#);
        assert_eq!(values(b"{\"s\":\"\xe4hnlich\"}"), r#"{"s":"ähnlich"}"#);
    }

    #[test]
    fn lines_of_a_longer_object_are_no_readings() {
        let mut context = DecodeContext::default();
        let mut readings = |lines: &[&str]| {
            let read =
                |line: &&str| decode(line.as_bytes(), &mut context).map_or(0, |read| read.readings().len());
            lines.iter().map(read).sum::<usize>()
        };
        assert_eq!(readings(&["{", "\"a\": {\"t\":1},", "\"b\": [", "{\"x\":1},", "{\"x\":2}", "]", "}"]), 0);
        assert_eq!(readings(&["{\"x\":3}"]), 1);
        let whole = b"{\n\"a\": {\"t\": 1 },\r\n\"b\": NaN\n}\n";
        assert_eq!(DECODER.readings(whole).unwrap()[0].values.to_canonical(), r#"{"a.t":1,"b":null}"#);
    }

    #[test]
    fn what_is_too_much_is_refused() {
        assert_eq!(refused("{}"), "no values");
        assert!(refused(r#"{"a":OL}"#).contains("no value that is understood"));
        let list = |count: usize| format!("{{\"a\":[{}1]}}", "1,".repeat(count - 1));
        assert!(decode(list(1_000).as_bytes(), &mut DecodeContext::default()).is_ok());
        assert!(refused(&list(500_000)).contains("more than 1000"));
        let members: Vec<_> = (0..1_001).map(|n| format!("\"n{n}\":1")).collect();
        assert!(refused(&format!("{{{}}}", members.join(","))).contains("more than 1000"));
        assert!(refused(&format!("{{\"values\":{{{}}}}}", members.join(","))).contains("more than 1000"));
        refused(&r#"{"a":"#.repeat(200));
    }
}
