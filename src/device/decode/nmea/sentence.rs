//! A sentence that is being read, field by field, and what came of it so far.
//!
//! What a field says goes into the reading; what is not understood costs that field alone: its value is null, and what was sent is
//! kept. A field beyond the end of a sentence is none: older talkers send fewer. An empty one is null.

use memchr::memchr_iter;

use crate::{
    device::decode::decimal,
    json::{Number, Value},
    record::{quantity, reading::ReadingBody},
};

use super::{fields, units::LetterUnit};

/// The rest of a sentence, and the reading so far.
pub(super) struct SentenceReader<'a> {
    fields: Vec<&'a str>,
    at: usize,
    body: ReadingBody,
}

/// A number, or why there is none.
enum Amount {
    /// The sentence has no such field
    Absent,
    /// It is empty
    Empty,
    Number(Number),
    /// It is no number
    Other,
}

impl<'a> SentenceReader<'a> {
    /// Reads the fields behind an address.
    pub(super) fn new(fields: Option<&'a str>, body: ReadingBody) -> Self {
        Self { fields: fields.map(split).unwrap_or_default(), at: 0, body }
    }

    /// What was read, with the fields that no sentence of this name has.
    pub(super) fn finish(mut self) -> ReadingBody {
        while self.at < self.fields.len() {
            let code = format!("field_{}", self.at + 1);
            if let Some(text) = self.field().filter(|text| !text.is_empty()) {
                self.body.keep_undecoded(&code, text);
            }
        }
        self.body
    }

    /// How many fields are left.
    pub(super) fn left(&self) -> usize {
        self.fields.len().saturating_sub(self.at)
    }

    /// A field that is not read yet, so many on from the next; `None`: there is none.
    pub(super) fn ahead(&self, fields: usize) -> Option<&'a str> {
        self.fields.get(self.at + fields).copied()
    }

    /// The next field; `None`: there is none.
    pub(super) fn field(&mut self) -> Option<&'a str> {
        let field = self.fields.get(self.at).copied();
        self.at += 1;
        field
    }

    /// Passes over fields.
    pub(super) fn skip(&mut self, fields: usize) {
        self.at += fields;
    }

    /// Sets a value, in the unit that the table of quantities has for it.
    pub(super) fn set(&mut self, name: &str, value: impl Into<Value>) {
        let value = value.into();
        let unit = if matches!(value, Value::Number(_)) { quantity::unit_of(name) } else { None };
        self.set_with_unit(name, value, unit);
    }

    /// Sets a value with this unit; `None`: it has none.
    pub(super) fn set_with_unit(&mut self, name: &str, value: impl Into<Value>, unit: Option<&str>) {
        let value = value.into();
        let unit = unit.filter(|_| value != Value::Null);
        self.body.add_in(name, value, unit);
    }

    /// Says that a value is not known, and keeps what was sent in its place.
    pub(super) fn set_unknown(&mut self, name: &str, sent: &str) {
        let name = self.body.add(name, Value::Null);
        self.body.keep_undecoded(&name, sent);
    }

    /// Keeps what was sent under a code that has no value.
    pub(super) fn keep(&mut self, code: &str, sent: &str) {
        self.body.keep_undecoded(code, sent);
    }

    /// A number in the unit that the table of quantities has for it.
    pub(super) fn number(&mut self, name: &str) {
        self.number_in(name, quantity::unit_of(name));
    }

    /// A number in this unit; `None`: it has none.
    pub(super) fn number_in(&mut self, name: &str, unit: Option<&str>) {
        let field = self.field();
        match amount(field) {
            Amount::Absent => {}
            Amount::Empty => self.set(name, Value::Null),
            Amount::Number(number) if fits(name, number) => self.set_with_unit(name, number, unit),
            Amount::Number(_) | Amount::Other => self.set_unknown(name, field.unwrap_or_default()),
        }
    }

    /// A number that is a code, in one of its forms.
    pub(super) fn code(&mut self, name: &str, is_one: impl Fn(&str) -> bool) {
        match self.ahead(0) {
            Some(sent) if !sent.is_empty() && !is_one(sent) => {
                self.skip(1);
                self.set_unknown(name, sent);
            }
            _ => self.number(name),
        }
    }

    /// A text in one of its forms.
    pub(super) fn text(&mut self, name: &str, is_one: impl Fn(&str) -> bool) {
        match self.field() {
            None => {}
            Some("") => self.set(name, Value::Null),
            Some(text) if is_one(text) => self.set(name, text),
            Some(text) => self.set_unknown(name, text),
        }
    }

    /// A letter, and the word for it.
    pub(super) fn choice(&mut self, name: &str, words: &[(&str, &str)]) {
        match self.field() {
            None => {}
            Some("") => self.set(name, Value::Null),
            Some(text) => match words.iter().find(|(letter, _)| *letter == text) {
                Some((_, word)) => self.set(name, *word),
                None => self.set_unknown(name, text),
            },
        }
    }

    /// A number and the letter of its unit, which beats the one that is usual. Where the letter is missing the unit is the first of
    /// `units`, if one is `fixed` by the standard.
    pub(super) fn measure(&mut self, name: &str, units: &[LetterUnit], fixed: bool) {
        let (field, letter) = (self.field(), self.field().unwrap_or_default());
        match amount(field) {
            Amount::Absent => {}
            Amount::Empty => self.set(name, Value::Null),
            Amount::Number(number) => match converted(name, number, letter, units, fixed) {
                Some((number, unit)) => self.set_with_unit(name, number, Some(unit)),
                None => self.set_unknown(name, &format!("{},{letter}", field.unwrap_or_default())),
            },
            Amount::Other => self.set_unknown(name, &format!("{},{letter}", field.unwrap_or_default())),
        }
    }

    /// One measure in several units, of which the first that is understood counts; what is not is kept.
    pub(super) fn measure_of(&mut self, name: &str, units: &[LetterUnit]) {
        self.measure_of_best(name, units, 0);
    }

    /// The same, where the unit at this place is better than those before it.
    pub(super) fn measure_of_best(&mut self, name: &str, units: &[LetterUnit], best: usize) {
        let (mut found, mut fields) = (None, 0);
        for (at, unit) in units.iter().enumerate() {
            let (field, letter) = (self.field(), self.field().unwrap_or_default());
            fields += usize::from(field.is_some());
            let number = match amount(field) {
                Amount::Number(number) => converted(name, number, letter, std::slice::from_ref(unit), true),
                _ => None,
            };
            let sent = field.filter(|sent| !sent.is_empty() && number.is_none());
            if let Some(sent) = sent {
                self.keep(name, &format!("{sent},{letter}"));
            }
            found = if at == best { number.or(found) } else { found.or(number) };
        }
        match found {
            Some((number, unit)) => self.set_with_unit(name, number, Some(unit)),
            None if fields > 0 => self.set(name, Value::Null),
            None => {}
        }
    }

    /// A number and the letter that must stand behind it, so that it means what it is taken for; it may be left empty.
    pub(super) fn tagged(&mut self, name: &str, letter: &str) {
        let (field, said) = (self.field(), self.field().unwrap_or_default());
        match amount(field) {
            Amount::Absent => {}
            Amount::Empty => self.set(name, Value::Null),
            Amount::Number(number) if fits(name, number) && (said == letter || said.is_empty()) => {
                self.set(name, number);
            }
            _ => self.set_unknown(name, &format!("{},{said}", field.unwrap_or_default())),
        }
    }

    /// An amount and the letter that gives its sign. Without the letter the sign is not known, nor is it with both.
    pub(super) fn signed(&mut self, name: &str, [positive, negative]: [&str; 2]) {
        let (field, side) = (self.field(), self.field().unwrap_or_default());
        let sent = || format!("{},{side}", field.unwrap_or_default());
        match amount(field) {
            Amount::Absent => {}
            Amount::Empty => self.set(name, Value::Null),
            _ if field.is_some_and(|amount| amount.starts_with(['+', '-'])) => {
                self.set_unknown(name, &sent());
            }
            Amount::Number(number) if side == positive || number.as_f64() == 0.0 && side.is_empty() => {
                self.set(name, number);
            }
            Amount::Number(number) if side == negative => {
                self.set(name, Number::new(-number.as_f64()).map_or(Value::Null, Value::from));
            }
            _ => self.set_unknown(name, &sent()),
        }
    }

    /// A number that is always in this unit, without its letter.
    pub(super) fn plain(&mut self, name: &str, unit: LetterUnit) {
        match self.field() {
            None => {}
            Some("") => self.set(name, Value::Null),
            Some(text) => match decimal(text)
                .filter(|number| fits(name, *number))
                .and_then(|number| unit.convert(number))
            {
                Some((number, unit)) => self.set_with_unit(name, number, Some(unit)),
                None => self.set_unknown(name, text),
            },
        }
    }

    /// Whether the talker stands by these values; those that it calls void are null.
    pub(super) fn status(&mut self, name: &str, of: &[&str]) {
        match self.field() {
            None => {}
            Some("A") => self.set(name, true),
            Some("V") => {
                self.set(name, false);
                self.take_back(of);
            }
            Some("") => self.set(name, Value::Null),
            Some(other) => self.set_unknown(name, other),
        }
    }

    /// Latitude and longitude.
    pub(super) fn position(&mut self) {
        self.angle("latitude", 2, ["N", "S"]);
        self.angle("longitude", 3, ["E", "W"]);
    }

    fn angle(&mut self, name: &str, degrees: usize, sides: [&str; 2]) {
        let Some(text) = self.field() else { return };
        let side = self.field().unwrap_or_default();
        match fields::angle(text, side, degrees, sides) {
            Some(angle) => self.set(name, angle),
            None if text.is_empty() && side.is_empty() => self.set(name, Value::Null),
            None => self.set_unknown(name, &format!("{text},{side}")),
        }
    }

    /// A time of day.
    pub(super) fn time_of_day(&mut self) {
        match self.field() {
            None => {}
            Some("") => self.set("utc", Value::Null),
            Some(text) => match fields::time_of_day(text) {
                Some(time) => self.set("utc", fields::as_text(&time)),
                None => self.set_unknown("utc", text),
            },
        }
    }

    /// Whether a value is there and this.
    pub(super) fn says(&self, name: &str, text: &str) -> bool {
        self.body.values.str(name) == Some(text)
    }

    /// Takes values back that the talker itself calls void.
    pub(super) fn take_back(&mut self, names: &[&str]) {
        for name in names {
            self.body.values.take_back(name);
        }
    }

    /// Sets a value anew, which has no unit.
    pub(super) fn replace(&mut self, name: &str, value: impl Into<Value>) {
        self.body.values.insert(name, value, None);
    }

    /// A value that was read.
    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        self.body.values.get(name)
    }
}

/// As many fields have room at once; most sentences have fewer.
const USUAL: usize = 20;

/// Fields, which commas part, without the blanks around them.
fn split(fields: &str) -> Vec<&str> {
    let mut found = Vec::with_capacity(USUAL);
    let mut from = 0;
    for at in memchr_iter(b',', fields.as_bytes()) {
        found.push(without_blanks(&fields[from..at]));
        from = at + 1;
    }
    found.push(without_blanks(&fields[from..]));
    found
}

/// A field without the blanks around it, which few have.
fn without_blanks(field: &str) -> &str {
    match field.as_bytes() {
        [b' ', ..] | [.., b' '] => field.trim_matches(' '),
        _ => field,
    }
}

fn amount(field: Option<&str>) -> Amount {
    match field {
        None => Amount::Absent,
        Some("") => Amount::Empty,
        Some(text) => decimal(text).map_or(Amount::Other, Amount::Number),
    }
}

/// Whether a number can be what its name says: a direction, a speed that is never backwards.
fn fits(name: &str, number: Number) -> bool {
    match name {
        "course"
        | "course_magnetic"
        | "heading"
        | "heading_magnetic"
        | "wind_direction"
        | "wind_direction_magnetic" => (0.0..=360.0).contains(&number.as_f64()),
        "speed" | "wind_speed" => number.as_f64() >= 0.0,
        _ => true,
    }
}

/// A number in the unit that its letter says; `None`: it is not known, or the number cannot be what its name says.
fn converted(
    name: &str,
    number: Number,
    letter: &str,
    units: &[LetterUnit],
    fixed: bool,
) -> Option<(Number, &'static str)> {
    let unit = match letter {
        "" => units.first().filter(|_| fixed),
        letter => units.iter().find(|unit| unit.letter() == letter),
    };
    unit.filter(|_| fits(name, number))?.convert(number)
}
