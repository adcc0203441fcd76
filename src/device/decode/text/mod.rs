//! Text lines, as people print them.
//!
//! ```text
//! temp=21.5 hum=40 t2=nan door=open                  pairs, apart by blanks, tabs, commas, semicolons or bars
//! Temperature: 21.50 °C, Relative humidity: 40 %     a unit may follow; words of a name are joined by _
//! co2(ppm):655.00 Warmth: 19.8 *C 67.64 *F           a unit within the name; a second value behind one name
//! D (1234) out: t=21,5                               what is not understood is kept beside the values
//! ```
//!
//! Nothing proves such a line whole: after opening, the first one is not counted, and neither is the last
//! one without its line feed.

use super::{
    BadFrame, DecodeContext, Decoded, Decoder, Fixture, FrameFault, Framing, PortMode,
    escape::{with_plain_blanks, without_escapes},
    line_text::LineText,
    named_values::NamedValues,
};

mod amounts;
mod compound;
mod headings;
mod hemispheres;
mod hex_bytes;
mod levels;
mod pairs;
mod qualifiers;
mod units;
mod weather;
mod word_kinds;
mod words;

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
        Fixture {
            frame: b"a=1 a=2 t=21,5 id=0066",
            gives: Ok(r#"{"a":1,"a_2":2,"id":"0066","t":null} {"t":"21,5"}"#),
        },
        Fixture { frame: b"hello", gives: Err(FrameFault::Noise) },
        Fixture { frame: b"ets Jun  8 2016 00:22:57", gives: Err(FrameFault::Noise) },
        Fixture { frame: b"rst:0x1 (POWERON_RESET),boot:0x13", gives: Err(FrameFault::Noise) },
        Fixture { frame: b"t: 21,5 C", gives: Err(FrameFault::Syntax) },
        Fixture { frame: b"a=\xff", gives: Err(FrameFault::Utf8) },
    ],
};

fn decode(frame: &[u8], context: &mut DecodeContext) -> Result<Decoded, BadFrame> {
    let frame = frame.strip_prefix(b"\xef\xbb\xbf").unwrap_or(frame);
    let line = LineText::of(frame);
    let text = with_plain_blanks(without_escapes(line.text()));
    let text = text.trim_matches(|c: char| c.is_control() || c == ' ');
    // The end of a VE.Direct block: what follows is a checksum, and perhaps a message in hexadecimal.
    if text.starts_with("Checksum\t") {
        return Err(BadFrame::new(FrameFault::Noise, "the end of a VE.Direct block"));
    }
    let values = NamedValues::new(&context.map, context.zone.as_ref());
    let values = match weather::message(text).filter(|_| line.is_sure(text)) {
        Some(message) => weather::take(message, values),
        None => pairs::Pairs::new(&line, values).take(&words::words(text)),
    };
    match values.reading() {
        Err(_) if !line.is_utf8() => Err(BadFrame::new(FrameFault::Utf8, "not UTF-8")),
        read => read.map(Decoded::Reading),
    }
}

#[cfg(test)]
mod tests;
