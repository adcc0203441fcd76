//! One line of a balance, taken to pieces.

use crate::{
    device::decode::value_token::{self, NumberForm},
    json::Value,
    record::reading::{Integrity, ReadingBody},
};

mod codes;
mod enclosed;
mod words;

use words::{UNSURE, is_below_range, is_fill, split_unit, unit};

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
    /// Letters right behind the number that may be its unit, or say what the weight is, and the word of both
    attached: Option<(&'a str, &'a str)>,
    /// Whether the unit behind the number is not sure
    is_unit_open: bool,
    /// What a comparator makes of the weight; `--`: nothing
    comparator: Option<&'a str>,
    /// What is weighed, where a code says so: pieces, percents
    kind: Option<&'static str>,
    unknown: Vec<&'a str>,
    /// Whether the line form leaves out the unit while the weight changes
    is_sartorius: bool,
    /// Whether codes in front say that this is the line of a balance
    has_header: bool,
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
        let is_unsure = || self.attached.is_some_and(|(_, word)| self.unknown == [word]);
        let is_weight = self.number.is_some() && (has_legend && self.unit.is_some() || is_unsure());
        self.has_header || is_weight || self.is_filled() || self.is_of_two_units()
    }

    /// Whether dashes or the like stand in the place of the digits, and nothing else is strange.
    fn is_filled(&self) -> bool {
        self.number.is_none() && matches!(self.unknown[..], [filled] if is_fill(filled))
    }

    /// Whether the weight is in pounds and ounces, which are not added.
    fn is_of_two_units(&self) -> bool {
        self.unit == Some("lb")
            && self.unknown.last().is_some_and(|word| word.to_ascii_lowercase().ends_with("oz"))
    }

    /// Whether a unit stands behind the number, or letters that may be one.
    fn has_unit(&self) -> bool {
        self.unit.is_some() || self.attached.is_some()
    }

    /// Takes the weight and what stands behind it.
    fn weight(&mut self, text: &'a str, form: NumberForm) {
        let (mut sign, mut letter, mut range) = ("", None, None);
        let parts = |c: char| matches!(c, ' ' | '\t' | ';' | ':') || c == ',' && form.decimal != ',';
        for word in text.split(parts).filter(|word| !word.is_empty()) {
            let word = self.without_mark(word);
            let is_front = self.number.is_none() && sign.is_empty();
            match word {
                _ if self.legend(word) => {}
                "H" | "L" => range = range.or(Some(word)),
                _ if is_front && self.letter(word) => letter = letter.or(Some(word)),
                _ if self.has_unit() && self.letter(word) => {}
                "+" | "-" if is_front => sign = word,
                _ => match split_unit(word) {
                    Some((number, spelling)) if self.number.is_none() && !number.is_empty() => {
                        self.number =
                            Some(format!("{}{}", std::mem::take(&mut sign), number.replace(['[', ']'], "")));
                        match (spelling, unit(spelling)) {
                            ("", _) => {}
                            _ if UNSURE.contains(&spelling) => self.attached = Some((spelling, word)),
                            (_, Some(unit)) => self.unit = Some(unit),
                            (_, None) => self.unknown.push(word),
                        }
                    }
                    _ => match unit(word).filter(|_| self.may_have_unit()) {
                        Some(unit) => self.unit = Some(unit),
                        None => self.unknown.push(word),
                    },
                },
            }
        }
        self.range(range);
        // A letter in front of a number without unit may be its unit.
        self.unknown.extend(letter.filter(|_| self.unit.is_none() && self.number.is_some()));
        // In front of dashes a sign says nothing.
        if !sign.is_empty() && !self.is_filled() {
            self.unknown.push(sign);
        }
        self.settle_attached();
        if self.overload && self.number.as_deref().is_some_and(is_below_range) {
            (self.overload, self.underload) = (false, true);
        }
    }

    /// A letter that says of a balance that it is too heavy or too light. Beside a weight it may be another: held, litres.
    fn range(&mut self, letter: Option<&'a str>) {
        match letter {
            Some(letter) if self.number.is_some() => self.unknown.push(letter),
            Some("H") => self.overload = true,
            Some(_) => self.underload = true,
            None => {}
        }
    }

    /// Whether a word may be the unit: behind a weight that has none, or what stands in its place.
    fn may_have_unit(&self) -> bool {
        (self.is_weight() || self.is_filled()) && !self.has_unit()
    }

    /// Letters right behind the number are its unit where the line says net or gross elsewhere. Else they may say so: of a gram
    /// or a grain it is a weight either way, but newtons and net, or tonnes and tare, are two.
    fn settle_attached(&mut self) {
        match self.attached {
            Some((spelling, _)) if self.net.is_some() => self.unit = unit(spelling),
            Some(("G" | "GN", _)) => self.is_unit_open = true,
            Some((_, word)) => self.unknown.push(word),
            None => {}
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
            "NET" | "Net" | "NT" | "N/W" => return say(&mut self.net, true),
            "GROSS" | "Gross" | "B" | "GS" | "GW" | "G/W" => return say(&mut self.net, false),
            "TARE" | "Tare" | "PT" | "TR" | "TW" | "T/W" => self.tare = true,
            "TOTAL" => self.total = true,
            // It is a weight, of which more is not said.
            "WT" | "Wt" | "Weight" if self.number.is_none() => {}
            "OL" | "High" | "^" | "Err.H" | "OVER" | "---OL---" => self.overload = true,
            "UL" | "Low" | "v" | "Err.L" | "UNDER" => self.underload = true,
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
            _ if self.kind.is_some() => self.kind.unwrap_or_default(),
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
        if let Some(comparison) = self.comparator {
            body.add(
                "comparator",
                Some(comparison).filter(|said| *said != "--").map_or(Value::Null, Value::from),
            );
        }
        if self.is_unit_open
            || !self.unknown.is_empty()
            || !is_off && body.values.get(name) == Some(&Value::Null)
        {
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
