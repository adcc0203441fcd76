//! One line of a balance, taken to pieces.

use crate::{
    device::decode::value_token::{self, NumberForm},
    json::Value,
    record::reading::{Integrity, ReadingBody},
};

/// What a line says, part by part.
#[derive(Debug, Default)]
#[allow(clippy::struct_excessive_bools)] // marks that a line has or has not
pub(super) struct WeighingLine<'a> {
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
    /// Whether codes in front say that this is the line of a balance
    has_header: bool,
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
    /// Takes a line to pieces.
    pub(super) fn of(text: &'a str, form: NumberForm) -> Self {
        let mut line = Self::default();
        let behind = line.header(text, form);
        line.weight(behind, form);
        line
    }

    /// Whether something in the line may be a weight, or says why there is none.
    pub(super) fn is_weight(&self) -> bool {
        self.number.is_some() || self.overload || self.underload
    }

    /// Whether the line is that of a balance, even if its weight is not understood.
    pub(super) fn is_known(&self) -> bool {
        let has_legend = self.stable.is_some() || self.net.is_some();
        self.has_header || has_legend && self.number.is_some() && self.unit.is_some()
    }

    /// Takes the codes in front of a weight; answers what stands behind them.
    fn header(&mut self, text: &'a str, form: NumberForm) -> &'a str {
        let begin = weight_field(text, form);
        let codes: Vec<&str> = text[..begin].split_terminator(',').map(str::trim).collect();
        if codes.iter().any(|code| WeighingLine::default().code(code)) {
            for code in codes {
                if !self.code(code) {
                    self.unknown.push(code);
                }
            }
            return &text[begin..];
        }
        if let Some(behind) = self.sics(text) {
            return behind;
        }
        for (code, net) in [("ww", false), ("wn", true)] {
            if let Some(behind) = text.strip_prefix(code) {
                self.net = Some(net);
                return behind;
            }
        }
        self.identifier(text)
    }

    /// `S S     12.34 g`, `S +`: codes of MT-SICS; answers what stands behind them. `None`: there are none.
    fn sics(&mut self, text: &'a str) -> Option<&'a str> {
        let (code, behind) = first_word(text);
        let (status, behind) = first_word(Some(behind).filter(|_| code == "S")?);
        match (status, behind.is_empty()) {
            ("S", false) => self.stable = Some(true),
            ("D", false) => self.stable = Some(false),
            ("+", true) => self.overload = true,
            ("-", true) => self.underload = true,
            _ => return None,
        }
        self.has_header = true;
        Some(behind)
    }

    /// A code before a comma; whether it is one, and denies none before it.
    fn code(&mut self, code: &str) -> bool {
        let is_known = match code {
            "ST" | "QT" => say(&mut self.stable, true),
            "US" => say(&mut self.stable, false),
            "GS" | "GW" | "G" => say(&mut self.net, false),
            "NT" | "N" => say(&mut self.net, true),
            "OL" => say_once(&mut self.overload),
            "UL" => say_once(&mut self.underload),
            "TR" | "TW" | "T" => say_once(&mut self.tare),
            _ => false,
        };
        self.has_header |= is_known && code.len() == 2 && !matches!(code, "TR" | "TW");
        is_known
    }

    /// `N     +  12.34`, `G     +`, `Stat   High`: six places in front of the sign.
    fn identifier(&mut self, text: &'a str) -> &'a str {
        let length = text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len());
        let (code, behind) = (&text[..length], text[length..].trim_start_matches([' ', '\t']));
        if behind.len() == text.len() || !behind.starts_with(['+', '-']) && code != "Stat" {
            return text;
        }
        match code {
            "N" => self.net = Some(true),
            "G" => self.net = Some(false),
            "T" | "T1" => self.tare = true,
            "Stat" => {}
            _ => return text,
        }
        // Right in front of a sign they may be another maker's, who says nothing by the unit.
        self.is_sartorius = length + behind.len() < text.len();
        self.has_header = self.net.is_some();
        behind
    }

    /// Takes the weight and what stands behind it.
    fn weight(&mut self, text: &'a str, form: NumberForm) {
        let (mut sign, mut letter) = ("", None);
        let parts = |c: char| matches!(c, ' ' | '\t' | ';' | ':') || c == ',' && form.decimal != ',';
        for word in text.split(parts).filter(|word| !word.is_empty()) {
            let word = self.without_mark(word);
            let is_front = self.number.is_none() && sign.is_empty();
            match word {
                _ if self.legend(word) => {}
                _ if is_front && self.letter(word) => letter = letter.or(Some(word)),
                _ if self.unit.is_some() && self.letter(word) => {}
                "+" | "-" if is_front => sign = word,
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
                    _ => match unit(word).filter(|_| self.is_weight() && self.unit.is_none()) {
                        Some(unit) => self.unit = Some(unit),
                        None => self.unknown.push(word),
                    },
                },
            }
        }
        // A letter in front of a number without unit may be its unit.
        self.unknown.extend(letter.filter(|_| self.unit.is_none() && self.number.is_some()));
        if !sign.is_empty() {
            self.unknown.push(sign);
        }
    }

    /// A word without the `?` at its end, which says that the weight is not stable.
    fn without_mark(&mut self, word: &'a str) -> &'a str {
        let Some(before) = word.strip_suffix('?').filter(|before| !before.is_empty()) else { return word };
        if !say(&mut self.stable, false) {
            self.unknown.push(word);
        }
        before
    }

    /// A word that says what the weight is; whether it is one.
    fn legend(&mut self, word: &str) -> bool {
        match word {
            "?" | "US" => return say(&mut self.stable, false),
            "ST" | "QT" => return say(&mut self.stable, true),
            "NET" | "Net" | "NT" => return say(&mut self.net, true),
            "GROSS" | "Gross" | "B" | "GS" | "GW" => return say(&mut self.net, false),
            "TARE" | "Tare" | "PT" | "TR" | "TW" => self.tare = true,
            "TOTAL" => self.total = true,
            "OL" | "High" | "H" | "^" | "Err.H" | "OVER" | "---OL---" => self.overload = true,
            "UL" | "Low" | "L" | "v" | "Err.L" | "UNDER" => self.underload = true,
            _ => return false,
        }
        true
    }

    /// Letters that say so, too: in front of a weight, or behind its unit, for behind a number they may be its unit. Whether it
    /// is one.
    fn letter(&mut self, word: &str) -> bool {
        match word {
            "N" => say(&mut self.net, true),
            "G" => say(&mut self.net, false),
            "S" => say(&mut self.stable, true),
            "SD" if self.unit.is_none() => say(&mut self.stable, false),
            "T" => {
                self.tare = true;
                true
            }
            _ => false,
        }
    }

    /// The weight; `None`: there is none, or it is no number.
    pub(super) fn value(&self, form: NumberForm) -> Option<Value> {
        value_token::weight(self.number.as_deref()?, form).map(Value::from)
    }

    /// Why the weight cannot be told, although the line is no overload; `None`: it can.
    pub(super) fn fault(&self, value: Option<&Value>) -> Option<String> {
        match (self.unknown.first(), &self.number) {
            (Some(unknown), _) => Some(format!("{unknown:?} in the line of a balance")),
            (None, _) if self.overload || self.underload || value.is_some() => None,
            (None, Some(number)) => Some(format!("{number:?} is no weight")),
            (None, None) => Some("no weight".to_owned()),
        }
    }

    fn name(&self) -> &'static str {
        match (self.unit, self.tare, self.total) {
            (Some("count"), ..) => "count",
            (Some("/100"), ..) => "weight_percent",
            (Some("N"), ..) => "force",
            (_, true, _) => "tare",
            (_, _, true) => "weight_total",
            _ => "weight",
        }
    }

    /// The reading of the line `text`. `value`: its weight; `None`: it has none that is understood.
    pub(super) fn reading(self, value: Option<Value>, text: &str) -> ReadingBody {
        let mut body = ReadingBody::new(Integrity::None);
        let name = self.name();
        let is_off = self.overload || self.underload;
        match (value.filter(|_| !is_off), self.unit) {
            (Some(value), unit) => drop(body.add_in(name, value, unit)),
            (None, _) => drop(body.add(name, Value::Null)),
        }
        if is_off {
            body.add(if self.overload { "overload" } else { "underload" }, true);
        }
        if !self.unknown.is_empty() || !is_off && body.values.get(name) == Some(&Value::Null) {
            body.keep_undecoded(name, text);
        }
        let by_unit = self.is_sartorius && body.values.get(name).is_some_and(|value| *value != Value::Null);
        if let Some(stable) = self.stable.or(by_unit.then_some(self.unit.is_some())) {
            body.add("stable", stable);
        }
        if let Some(net) = self.net {
            body.add("net", net);
        }
        body
    }
}

/// Takes what a part of a line says; whether nothing before it said otherwise.
fn say(said: &mut Option<bool>, now: bool) -> bool {
    *said.get_or_insert(now) == now
}

fn say_once(said: &mut bool) -> bool {
    !std::mem::replace(said, true)
}

/// Where the field of the weight begins: the last one with digits, for a unit may follow; where commas are decimal the first.
fn weight_field(text: &str, form: NumberForm) -> usize {
    let ends = text.match_indices(',').map(|(at, _)| at + 1);
    let fields: Vec<usize> = std::iter::once(0).chain(ends).collect();
    let has_digits = |begin: &usize| {
        text[*begin..].split(',').next().is_some_and(|field| field.contains(|c: char| c.is_ascii_digit()))
    };
    let found = match form.decimal {
        ',' => fields.iter().copied().find(has_digits),
        _ => fields.iter().copied().rfind(has_digits),
    };
    found.or(fields.last().copied()).unwrap_or(0)
}

/// The first word of a text, and what stands behind it.
fn first_word(text: &str) -> (&str, &str) {
    let (word, behind) = text.split_once([' ', '\t']).unwrap_or((text, ""));
    (word, behind.trim_start_matches([' ', '\t']))
}

/// A number and the unit attached to it; brackets stand around digits that are not verified.
fn split_unit(word: &str) -> Option<(&str, &str)> {
    let digits = word.find(|c: char| !c.is_ascii_digit() && !"+-.,[]".contains(c)).unwrap_or(word.len());
    word.contains(|c: char| c.is_ascii_digit()).then(|| word.split_at(digits))
}
