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
//! A weight that is overloaded or underloaded is null. What a line does not say – stable or not, net or gross – is no value.

use crate::{
    json::Value,
    record::reading::{Integrity, ReadingBody},
};

use super::{
    BadFrame, DecodeContext, Decoded, Decoder, Fixture, FrameFault, Framing, PortMode,
    value_token::{self, NumberForm},
};

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
        Fixture { frame: b"ST,+00x2.34 g", gives: Err(FrameFault::Syntax) },
        Fixture { frame: b"ST,+0012.34 \xff", gives: Err(FrameFault::Utf8) },
    ],
};

/// What a line says, part by part.
#[derive(Debug, Default)]
#[allow(clippy::struct_excessive_bools)] // marks that a line has or has not
struct WeighingLine<'a> {
    stable: Option<bool>,
    net: Option<bool>,
    overload: bool,
    underload: bool,
    tare: bool,
    total: bool,
    /// A number, with blanks between its sign and its digits at most
    number: Option<String>,
    unit: Option<&'static str>,
    unknown: Vec<&'a str>,
    /// Whether the line form leaves out the unit while the weight changes
    is_sartorius: bool,
}

fn decode(frame: &[u8], context: &mut DecodeContext) -> Result<Decoded, BadFrame> {
    let text = std::str::from_utf8(frame).map_err(|_| BadFrame::new(FrameFault::Utf8, "not UTF-8"))?;
    let text = text.trim_matches(|c: char| c.is_control() || c == ' ');
    let mut line = WeighingLine::default();
    let behind = line.header(text);
    line.weight(behind, context.map.form());
    if line.number.is_none() && !line.overload && !line.underload {
        return Err(BadFrame::new(FrameFault::Noise, "no weight"));
    }
    if let Some(unknown) = line.unknown.first() {
        return Err(BadFrame::new(FrameFault::Syntax, format!("{unknown:?} in the line of a balance")));
    }
    line.reading(context.map.form()).map(Decoded::Reading)
}

/// Units of balances, in capitals, and their names in the table of quantities.
const UNITS: &[(&str, &str)] = &[
    ("G", "g"),
    ("KG", "kg"),
    ("MG", "mg"),
    ("T", "t"),
    ("LB", "lb"),
    ("LBS", "lb"),
    ("OZ", "oz"),
    ("OZT", "ozt"),
    ("CT", "ct"),
    ("GN", "gn"),
    ("N", "N"),
    ("PC", "count"),
    ("PCS", "count"),
    ("%", "/100"),
];

fn unit(word: &str) -> Option<&'static str> {
    UNITS.iter().find(|(printed, _)| word.eq_ignore_ascii_case(printed)).map(|(_, unit)| *unit)
}

impl<'a> WeighingLine<'a> {
    /// Takes the codes in front of a weight; answers what stands behind them.
    fn header(&mut self, text: &'a str) -> &'a str {
        let mut rest = text;
        while let Some((code, behind)) =
            rest.split_once(',').filter(|(code, _)| code.len() <= 2 && !code.is_empty())
        {
            if !self.code(code.trim()) {
                break;
            }
            rest = behind.trim_start();
        }
        if rest.len() < text.len() {
            return rest;
        }
        let sics = ["S S ", "S D ", "S + ", "S - ", "S +", "S -"].into_iter().find(|code| match code.len() {
            4 => text.starts_with(code),
            _ => text == *code,
        });
        if let Some(code) = sics {
            match code.as_bytes()[2] {
                b'S' => self.stable = Some(true),
                b'D' => self.stable = Some(false),
                b'+' => self.overload = true,
                _ => self.underload = true,
            }
            return &text[code.len()..];
        }
        for (code, net) in [("ww", false), ("wn", true)] {
            if let Some(behind) = text.strip_prefix(code) {
                self.net = Some(net);
                return behind;
            }
        }
        self.identifier(text)
    }

    /// A code before a comma; whether it is one.
    fn code(&mut self, code: &str) -> bool {
        match code {
            "ST" | "QT" => self.stable = Some(true),
            "US" => self.stable = Some(false),
            "OL" => self.overload = true,
            "UL" => self.underload = true,
            "GS" | "G" => self.net = Some(false),
            "NT" | "N" => self.net = Some(true),
            "TR" | "T" => self.tare = true,
            _ => return false,
        }
        true
    }

    /// `N     +  12.34`, `G     +`, `Stat   High`: six places in front of the sign.
    fn identifier(&mut self, text: &'a str) -> &'a str {
        let Some((code, behind)) = text.split_once(' ') else { return text };
        let behind = behind.trim_start();
        if !behind.starts_with(['+', '-']) && code != "Stat" {
            return text;
        }
        match code {
            "N" => self.net = Some(true),
            "G" => self.net = Some(false),
            "T" | "T1" => self.tare = true,
            "Stat" => {}
            _ => return text,
        }
        self.is_sartorius = true;
        behind
    }

    /// Takes the weight and what stands behind it.
    fn weight(&mut self, text: &'a str, form: NumberForm) {
        let mut sign = "";
        let parts = |c: char| matches!(c, ' ' | '\t') || c == ',' && form.decimal != ',';
        for word in text.split(parts).filter(|word| !word.is_empty()) {
            match word {
                _ if self.legend(word) => {}
                "+" | "-" if self.number.is_none() && sign.is_empty() => sign = word,
                _ => match split_unit(word) {
                    Some((number, spelling)) if self.number.is_none() && !number.is_empty() => {
                        self.number =
                            Some(format!("{}{}", std::mem::take(&mut sign), number.replace(['[', ']'], "")));
                        match (spelling.is_empty(), unit(spelling)) {
                            (true, _) => {}
                            (false, Some(unit)) => self.unit = Some(unit),
                            (false, None) => self.unknown.push(word),
                        }
                    }
                    _ => match unit(word).filter(|_| self.number.is_some() && self.unit.is_none()) {
                        Some(unit) => self.unit = Some(unit),
                        None => self.unknown.push(word),
                    },
                },
            }
        }
        if !sign.is_empty() {
            self.unknown.push(sign);
        }
    }

    /// A word that says what the weight is; whether it is one.
    fn legend(&mut self, word: &str) -> bool {
        // Behind a number alone an N is its unit.
        let is_behind = self.unit.is_some();
        match word {
            "?" => self.stable = Some(false),
            "NET" | "Net" => self.net = Some(true),
            "N" if is_behind => self.net = Some(true),
            "GROSS" | "Gross" | "B" => self.net = Some(false),
            "G" if is_behind => self.net = Some(false),
            "TARE" | "Tare" | "PT" => self.tare = true,
            "T" if is_behind => self.tare = true,
            "TOTAL" => self.total = true,
            "OL" | "High" | "H" | "^" | "Err.H" | "OVER" | "---OL---" => self.overload = true,
            "UL" | "Low" | "L" | "v" | "Err.L" | "UNDER" => self.underload = true,
            _ => return false,
        }
        true
    }

    fn reading(self, form: NumberForm) -> Result<ReadingBody, BadFrame> {
        let mut body = ReadingBody::new(Integrity::None);
        let name = match (self.unit, self.tare, self.total) {
            (Some("count"), ..) => "count",
            (Some("/100"), ..) => "weight_percent",
            (Some("N"), ..) => "force",
            (_, true, _) => "tare",
            (_, _, true) => "weight_total",
            _ => "weight",
        };
        if self.overload || self.underload {
            body.add(name, Value::Null);
            body.add(if self.overload { "overload" } else { "underload" }, true);
        } else {
            let number = self.number.as_deref().unwrap_or_default();
            let value = value_token::weight(number, form);
            let value =
                value.ok_or_else(|| BadFrame::new(FrameFault::Syntax, format!("{number:?} is no weight")))?;
            body.add(name, value);
            if let Some(unit) = self.unit {
                body.units.insert(name, unit);
            }
        }
        let unsettled = self.is_sartorius && self.unit.is_none() && self.number.is_some();
        if let Some(stable) = self
            .stable
            .or(self.is_sartorius.then_some(!unsettled))
            .filter(|_| !self.overload && !self.underload)
        {
            body.add("stable", stable);
        }
        if let Some(net) = self.net {
            body.add("net", net);
        }
        Ok(body)
    }
}

/// A number and the unit attached to it; brackets stand around digits that are not verified.
fn split_unit(word: &str) -> Option<(&str, &str)> {
    let digits = word.find(|c: char| !c.is_ascii_digit() && !"+-.,[]".contains(c)).unwrap_or(word.len());
    word.contains(|c: char| c.is_ascii_digit()).then(|| word.split_at(digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> String {
        let decoded = DECODER.readings(line.as_bytes()).map(|mut bodies| bodies.remove(0));
        decoded.map_or_else(
            |bad| bad.fault.as_str().to_owned(),
            |body| format!("{} {}", body.values, body.units),
        )
    }

    #[test]
    fn the_lines_of_common_balances() {
        for (line, gives) in [
            ("ST,+00123.45  g", r#"{"stable":true,"weight":123.45} {"weight":"g"}"#),
            ("QT,+00012345 PC", r#"{"count":12345,"stable":true} {"count":"count"}"#),
            ("ST,+000123.4  %", r#"{"stable":true,"weight_percent":123.4} {"weight_percent":"/100"}"#),
            ("OL,+999999.9  g", r#"{"overload":true,"weight":null} {}"#),
            ("US,NT,- 0012.5,kg", r#"{"net":true,"stable":false,"weight":-12.5} {"weight":"kg"}"#),
            ("ST,GS,+  1.234kg", r#"{"net":false,"stable":true,"weight":1.234} {"weight":"kg"}"#),
            ("ST,TR,+  1.234kg", r#"{"stable":true,"tare":1.234} {"tare":"kg"}"#),
            ("S S     12.34 g", r#"{"stable":true,"weight":12.34} {"weight":"g"}"#),
            ("S S     -0.34 g", r#"{"stable":true,"weight":-0.34} {"weight":"g"}"#),
            ("S +", r#"{"overload":true,"weight":null} {}"#),
            ("S -", r#"{"underload":true,"weight":null} {}"#),
            ("N     +  12.34 g  ", r#"{"net":true,"stable":true,"weight":12.34} {"weight":"g"}"#),
            ("N     +  12.3[4] g", r#"{"net":true,"stable":true,"weight":12.34} {"weight":"g"}"#),
            ("G     -  12.34", r#"{"net":false,"stable":false,"weight":-12.34} {}"#),
            ("Stat       High", r#"{"overload":true,"weight":null} {}"#),
            ("+   123.56 g", r#"{"weight":123.56} {"weight":"g"}"#),
            ("     12.72 g    ?", r#"{"stable":false,"weight":12.72} {"weight":"g"}"#),
            ("      0.211 kg ? NET", r#"{"net":true,"stable":false,"weight":0.211} {"weight":"kg"}"#),
            ("? -     0.002 g", r#"{"stable":false,"weight":-0.002} {"weight":"g"}"#),
            ("   192.21 g N", r#"{"net":true,"weight":192.21} {"weight":"g"}"#),
            ("   207.80 g   TOTAL", r#"{"weight_total":207.8} {"weight_total":"g"}"#),
            ("  3 PCS", r#"{"count":3} {"count":"count"}"#),
            ("  9.81 N", r#"{"force":9.81} {"force":"N"}"#),
            ("wn0012.34kg", r#"{"net":true,"weight":12.34} {"weight":"kg"}"#),
        ] {
            assert_eq!(read(line), gives, "{line}");
        }
    }

    #[test]
    fn what_is_no_weight_is_none() {
        for (line, fault) in [
            ("S I", "noise"),
            ("ES", "noise"),
            ("", "noise"),
            ("Stat   ERR 54", "syntax"),
            ("ST,12.34 stones", "syntax"),
            ("12.34 g TOTAL MIN", "syntax"),
            ("XX,12.34 g", "syntax"),
            ("12,34 g", "syntax"),
            ("ST,+1C g", "syntax"),
            ("ST,5E3 g", "syntax"),
            ("12.34 g 5", "syntax"),
            ("ST,--1 g", "syntax"),
        ] {
            assert_eq!(read(line), fault, "{line}");
        }
    }
}
