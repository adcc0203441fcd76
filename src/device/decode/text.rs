//! Text lines, as people print them.
//!
//! ```text
//! temp=21.5 hum=40             pairs, apart by blanks, commas or semicolons
//! Temperature: 21.50 °C, Relative humidity: 40 %      a unit may follow; words of a name are joined by _
//! door=open  fan=true  t2=nan  words, truth values; nan is null
//! ```
//!
//! Nothing proves such a line whole: after opening, the first one is not counted, and neither is the last
//! one without its line feed.

use crate::{
    json::Value,
    record::{
        quantity,
        reading::{Integrity, ReadingBody},
    },
};

use super::{BadFrame, DecodeContext, Decoded, Decoder, Fixture, FrameFault, Framing, PortMode, decimal};

pub(super) const DECODER: Decoder = Decoder {
    name: "text",
    about: "name=value or name: value unit",
    picture: "\
temp=21.5 hum=40
Temperature: 21.50 °C, Relative humidity: 40 %",
    example: "foil device read sim:thermometer --count 3",
    framing: Framing::Line,
    baud: 115_200,
    mode: PortMode::M8N1,
    closed: false,
    decode,
    fixtures: &[
        Fixture { frame: b"temp=21.5 hum=40;ok=true", gives: Ok(r#"{"hum":40,"ok":true,"temp":21.5}"#) },
        Fixture {
            frame: "Temperature: 21.50 °C, Relative humidity: 40%".as_bytes(),
            gives: Ok(r#"{"Relative_humidity":40,"Temperature":21.5}"#),
        },
        Fixture { frame: b"T1: nan, door: open", gives: Ok(r#"{"T1":null,"door":"open"}"#) },
        Fixture { frame: b"hello", gives: Err(FrameFault::Noise) },
        Fixture { frame: b"ets Jun  8 2016 00:22:57", gives: Err(FrameFault::Noise) },
        Fixture { frame: b"a=1 a=2", gives: Err(FrameFault::Syntax) },
        Fixture { frame: b"a=1 b=", gives: Err(FrameFault::Syntax) },
        Fixture { frame: b"a=\xff", gives: Err(FrameFault::Utf8) },
    ],
};

fn decode(frame: &[u8], _: &mut DecodeContext) -> Result<Decoded, BadFrame> {
    let line = std::str::from_utf8(frame).map_err(|_| BadFrame::new(FrameFault::Utf8, "not UTF-8"))?;
    let mut body = ReadingBody::new(Integrity::None);
    let mut rest = after_separators(line);
    while !rest.is_empty() {
        let fault = if body.values.is_empty() { FrameFault::Noise } else { FrameFault::Syntax };
        let pair = pair(rest);
        let (pair, behind) =
            pair.ok_or_else(|| BadFrame::new(fault, format!("no name and value: {}", excerpt(rest))))?;
        if let Some(unit) = pair.unit {
            body.units
                .insert(pair.name.as_str(), quantity::senml_unit(unit, &pair.name.to_ascii_lowercase()));
        }
        if body.values.insert(pair.name.as_str(), pair.value).is_some() {
            return Err(BadFrame::new(FrameFault::Syntax, format!("{} stands twice", pair.name)));
        }
        rest = after_separators(behind);
    }
    if body.values.is_empty() {
        return Err(BadFrame::new(FrameFault::Noise, "no name and value"));
    }
    Ok(Decoded::Reading(body))
}

struct Pair<'a> {
    name: String,
    value: Value,
    unit: Option<&'a str>,
}

fn after_separators(text: &str) -> &str {
    text.trim_start_matches([' ', '\t', ',', ';'])
}

fn excerpt(text: &str) -> String {
    text.chars().take(40).collect()
}

/// One pair, and what stands behind it.
fn pair(text: &str) -> Option<(Pair<'_>, &str)> {
    let mark = text.find(['=', ':', ',', ';'])?;
    let name = name(&text[..mark])?;
    let rest = text[mark..].strip_prefix(['=', ':'])?.trim_start_matches([' ', '\t']);
    let (token, mut behind) = rest.split_at(rest.find([' ', '\t', ',', ';']).unwrap_or(rest.len()));
    let (value, mut unit) = value(token)?;
    if unit.is_none() && matches!(value, Value::Number(_)) {
        let next = behind.trim_start_matches([' ', '\t']);
        let end = next.find([' ', '\t', ',', ';', '=', ':']).unwrap_or(next.len());
        // What is followed by = or : is the next name.
        let is_name = next[end..].trim_start_matches([' ', '\t']).starts_with(['=', ':']);
        if is_unit(&next[..end]) && !is_name {
            (unit, behind) = (Some(&next[..end]), &next[end..]);
        }
    }
    Some((Pair { name, value, unit }, behind))
}

/// Words that begin with a letter, joined.
fn name(text: &str) -> Option<String> {
    let words: Vec<_> = text.split_ascii_whitespace().collect();
    let is_word = |word: &&str| {
        let mut characters = word.chars();
        characters.next().is_some_and(|c| c.is_alphabetic() || c == '_')
            && characters.all(|c| c.is_alphanumeric() || "_.-/".contains(c))
    };
    (!words.is_empty() && words.iter().all(is_word)).then(|| words.join("_"))
}

fn value(token: &str) -> Option<(Value, Option<&str>)> {
    match token.to_ascii_lowercase().as_str() {
        "true" => return Some((Value::Bool(true), None)),
        "false" => return Some((Value::Bool(false), None)),
        "nan" | "null" => return Some((Value::Null, None)),
        _ => {}
    }
    let digits = token.find(|c: char| !c.is_ascii_digit() && !"+-.".contains(c)).unwrap_or(token.len());
    let (number, unit) = token.split_at(digits);
    if let Some(number) = decimal(number) {
        return (unit.is_empty() || is_unit(unit))
            .then(|| (number.into(), Some(unit).filter(|unit| !unit.is_empty())));
    }
    let is_word = token.starts_with(char::is_alphabetic)
        && token.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c));
    is_word.then(|| (token.into(), None))
}

/// Letters and signs, with powers such as m3; no unit begins with x, but 0x1F does behind its zero.
fn is_unit(text: &str) -> bool {
    let plain = |c: char| c.is_alphabetic() || "%°*/³²µΩ℃".contains(c);
    text.starts_with(|c| plain(c) && c != 'x')
        && text.chars().all(|c| plain(c) || c == '2' || c == '3')
        && text.chars().count() <= 12
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(line: &str) -> String {
        let decoded = DECODER.readings(line.as_bytes());
        let body = decoded.expect(line).remove(0);
        format!("{} {}", body.values, body.units)
    }

    #[test]
    fn units_attached_or_apart() {
        assert_eq!(body("T=21.5C"), r#"{"T":21.5} {"T":"Cel"}"#);
        assert_eq!(body("Humidity: 40 %"), r#"{"Humidity":40} {"Humidity":"%RH"}"#);
        assert_eq!(body("v=3.3 V i=0.2 A"), r#"{"i":0.2,"v":3.3} {"i":"A","v":"V"}"#);
        assert_eq!(body("v=3 i=2"), r#"{"i":2,"v":3} {}"#);
        assert_eq!(body("a: 1 b: 2 rpm"), r#"{"a":1,"b":2} {"b":"1/min"}"#);
    }

    #[test]
    fn lines_that_only_look_like_pairs() {
        for line in [
            "I (312) wifi: connected",
            "x=0x1F",
            "rst:0x1 (POWERON_RESET),boot:0x13",
            "=5",
            "a=1 =2",
            "a:=1",
            "",
        ] {
            assert!(DECODER.readings(line.as_bytes()).is_err(), "{line}");
        }
    }
}
