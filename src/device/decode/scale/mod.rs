//! The lines of balances and scales.
//!
//! ```text
//! ST,GS,+0012.34 g     A&D and most indicators: ST QT stable, US not, OL overload; GS gross, NT net
//! S S     12.34 g      MT-SICS (Mettler Toledo): S S stable, S D not, S + overload, S - underload
//! N     +  12.34 g     Sartorius: without its unit it is not stable
//!    12.34 g ? NET     Ohaus, Kern, Radwag: ? not stable
//! wn0012.34kg          indicators: ww gross, wn net
//! ```
//!
//! Codes are known in another order, too, or with other marks between them: `ST,GS 12.34 g`, `12.34 kg GS`, `Net: 12.34 g`. Letters (N,
//! G, T, S) are codes where they cannot be a unit. A weight that is overloaded or underloaded is null. What a line does not say
//! – stable or not, net or gross – is no value. A word that is not understood may change what the weight is, so it is null then, and
//! kept with the word; what the codes in front say stays.

use super::{
    BadFrame, DecodeContext, Decoded, Decoder, Fixture, FrameFault, Framing, PortMode,
    escape::with_plain_blanks,
    line_text::LineText,
    value_token::{self, NumberForm},
};
use crate::record::reading::ReadingBody;

mod line;

use line::WeighingLine;

pub(super) const DECODER: Decoder = Decoder {
    name: "scale",
    about: "weights of balances and scales",
    picture: "\
ST,GS,+0012.34 g     A&D and most indicators: ST stable, US not, OL overload; GS gross, NT net
S S     12.34 g      MT-SICS: S S stable, S D not, S + overload, S - underload
N     +  12.34 g     Sartorius: without its unit it is not stable
   12.34 g ? NET     Ohaus, Kern, Radwag: ? not stable",
    example: "printf 'ST,GS,+0012.34 g\\r\\nOL\\r\\n' | foil device read - --format scale",
    framing: Framing::Line,
    baud: 9_600,
    mode: PortMode::M8N1,
    closed: false,
    decode,
    fixtures: &[
        Fixture { frame: b"ST,+0012.34 g", gives: Ok(r#"{"stable":true,"weight":12.34}"#) },
        Fixture {
            frame: b"US,GS,-  1.234kg\r",
            gives: Ok(r#"{"net":false,"stable":false,"weight":-1.234}"#),
        },
        Fixture { frame: b"S D     12.34 g", gives: Ok(r#"{"stable":false,"weight":12.34}"#) },
        Fixture { frame: b"OL", gives: Ok(r#"{"overload":true,"weight":null}"#) },
        Fixture { frame: b"hello", gives: Err(FrameFault::Noise) },
        Fixture {
            frame: b"ST,+00x2.34 g",
            gives: Ok(r#"{"stable":true,"weight":null} {"weight":"ST,+00x2.34 g"}"#),
        },
        Fixture { frame: b"+00x2.34 g", gives: Err(FrameFault::Syntax) },
        Fixture {
            frame: b"ST,+0012.34 \xff",
            gives: Ok(r#"{"stable":true,"weight":null} {"weight":"ST,+0012.34 ÿ"}"#),
        },
    ],
};

fn decode(frame: &[u8], context: &mut DecodeContext) -> Result<Decoded, BadFrame> {
    let text = LineText::of(frame);
    let text = with_plain_blanks(text.text().into());
    let form = context.map.form();
    let frames: Vec<&str> = text.split_inclusive('\u{3}').filter(|frame| frame.contains('\u{2}')).collect();
    if frames.len() < 2 {
        return weighing(&text, form).map(Decoded::Reading);
    }
    Ok(Decoded::Several(frames.into_iter().map(|frame| weighing(frame, form)).collect()))
}

/// The reading of a line, or of what stands between STX and ETX.
fn weighing(sent: &str, form: NumberForm) -> Result<ReadingBody, BadFrame> {
    let text = sent.trim_matches(|c: char| c.is_control() || c == ' ');
    let line = WeighingLine::enclosed(sent).unwrap_or_else(|| WeighingLine::of(text, form));
    if !line.is_weight() && !line.is_known() {
        return Err(BadFrame::new(FrameFault::Noise, "no weight"));
    }
    let value = line.value(form);
    match line.fault(value.as_ref()) {
        Some(fault) if !line.is_known() => {
            let comma = decimal_comma(text).filter(|_| form.decimal != ',').map(value_token::comma_hint);
            Err(BadFrame::new(FrameFault::Syntax, comma.unwrap_or(fault)))
        }
        fault => Ok(line.reading(value.filter(|_| fault.is_none()), text)),
    }
}

/// A word with a comma between digits, in a line that has no other.
fn decimal_comma(text: &str) -> Option<&str> {
    let (before, behind) = text.split_once(',')?;
    let is_one = before.ends_with(|c: char| c.is_ascii_digit())
        && behind.starts_with(|c: char| c.is_ascii_digit())
        && !behind.contains(',');
    text.split([' ', '\t']).find(|word| is_one && word.contains(','))
}

#[cfg(test)]
mod tests;
