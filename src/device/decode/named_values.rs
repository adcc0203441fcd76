//! Values by the names that a device prints, on their way into a reading.

use crate::{
    json::{JsonText, Number, Value},
    record::reading::{Integrity, ReadingBody},
    time::Zone,
};

use super::{
    BadFrame, FrameFault,
    field_map::{self, FieldMap},
    placeholder,
    value_token::{self, NumberForm, ValueToken},
    versions,
};

/// The code of what stands behind no name.
const TEXT: &str = "text";

/// As many characters are shown of what is not understood.
const LONGEST_SHOWN: usize = 60;

/// A reading that is being put together.
pub(super) struct NamedValues<'a> {
    map: &'a FieldMap,
    /// Where the device's clock is set; `None`: it is not known
    zone: Option<&'a Zone>,
    body: ReadingBody,
    /// Whether a number, truth value or null was understood, or a text
    has_value: bool,
    has_text: bool,
    has_scraps: bool,
    /// Of what was not understood, the first that looks like a number with a decimal comma
    comma: Option<String>,
}

impl<'a> NamedValues<'a> {
    /// No values yet.
    pub(super) fn new(map: &'a FieldMap, zone: Option<&'a Zone>) -> Self {
        let body = ReadingBody::new(Integrity::None);
        Self { map, zone, body, has_value: false, has_text: false, has_scraps: false, comma: None }
    }

    /// How numbers are written.
    pub(super) fn form(&self) -> NumberForm {
        self.map.form()
    }

    /// Adds the value that a token stands for, and answers its name in the reading.
    pub(super) fn put(&mut self, name: &str, token: &str, unit: Option<&'static str>) -> JsonText {
        if let Some(special) = self.map.special(name, token, self.zone) {
            special.into_body(&mut self.body);
            return name.into();
        }
        if versions::is_version(name, token) && !self.map.is_number(name) {
            return self.text(name, token);
        }
        let form = self.map.form();
        let padded = || field_map::padded(token, form).filter(|_| self.map.is_number(name));
        let read = match value_token::read(token, name, form) {
            ValueToken::Text(text) => {
                padded().map_or(ValueToken::Text(text), |number| ValueToken::Number(number, None))
            }
            read => read,
        };
        match read {
            ValueToken::Number(number, attached) => self.number(name, token, number, attached.or(unit)),
            ValueToken::WithLetters(number, letters) => {
                let put = self.number(name, token, number, unit);
                self.scrap(Some(&put), &letters);
                put
            }
            ValueToken::Rounded(number, attached) => {
                let put = self.number(name, token, number, attached.or(unit));
                if self.body.undecoded.get(&put).is_none() {
                    self.body.keep_undecoded(&put, token);
                }
                put
            }
            ValueToken::Numbers(numbers) => {
                let names: Vec<_> =
                    numbers.into_iter().map(|number| self.number(name, token, number, unit)).collect();
                names.into_iter().next().unwrap_or_default()
            }
            ValueToken::Plain(value) => {
                self.has_value = true;
                self.value(name, value, None)
            }
            ValueToken::Text(text) => self.text(name, &text),
            ValueToken::Unread => self.unread(name, token),
        }
    }

    fn number(&mut self, name: &str, token: &str, number: Number, unit: Option<&'static str>) -> JsonText {
        let (value, unit) = self.map.scaled(name, number, unit);
        if value == Value::Null {
            return self.unread(name, token);
        }
        self.has_value = true;
        // What stands for none does so before a map scales it.
        if placeholder::is_none(name, &number.into()) || placeholder::is_none(name, &value) {
            return self.value(name, Value::Null, None);
        }
        let unit = unit.as_deref();
        let is_none = unit.map_or_else(
            || placeholder::is_printed_for_none(name, token),
            |unit| placeholder::is_no_temperature(unit, &value),
        );
        if is_none {
            return self.unread(name, token);
        }
        self.value(name, value, unit)
    }

    /// Adds that there is no value of this name.
    pub(super) fn none(&mut self, name: &str) {
        self.has_value = true;
        self.value(name, Value::Null, None);
    }

    /// Whether a text is a time that dates the reading, which it then does.
    pub(super) fn date(&mut self, text: &str) -> bool {
        let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
        let time = field_map::time(text, self.zone).filter(|_| !is_number && self.body.time.is_none());
        self.body.time = time.or(self.body.time);
        time.is_some()
    }

    /// Whether a value dates the reading.
    pub(super) fn is_time(&self, name: &str) -> bool {
        self.map.is_time(name)
    }

    /// Adds a text.
    pub(super) fn text(&mut self, name: &str, text: &str) -> JsonText {
        if let Some(special) = self.map.special(name, text, self.zone) {
            special.into_body(&mut self.body);
            return name.into();
        }
        self.has_text = true;
        self.value(name, Value::from(text), None)
    }

    /// Adds a value that is not understood: null, and as sent.
    pub(super) fn unread(&mut self, name: &str, sent: &str) -> JsonText {
        let is_comma =
            sent.contains(',') && sent.bytes().all(|byte| byte.is_ascii_digit() || b"+-.,".contains(&byte));
        if is_comma && self.comma.is_none() && self.map.form().decimal != ',' {
            self.comma = Some(sent.to_owned());
        }
        let name = self.value(name, Value::Null, None);
        self.body.keep_undecoded(&name, sent);
        name
    }

    /// Keeps what stands behind a value, or behind none, and is not understood.
    pub(super) fn scrap(&mut self, name: Option<&str>, sent: &str) {
        // Signs behind a value may be its unit; what stands behind none is ornament.
        let is_sign = |c: char| name.is_some() && (!c.is_ascii() || "%$&@#".contains(c));
        if sent.contains(|c: char| c.is_alphanumeric() || is_sign(c)) {
            self.has_scraps = true;
            self.body.keep_undecoded(name.unwrap_or(TEXT), sent);
        }
    }

    /// Keeps a part that has no name, beside what is understood.
    pub(super) fn keep(&mut self, code: &str, sent: &str) {
        self.body.keep_undecoded(code, sent);
    }

    fn value(&mut self, name: &str, value: Value, unit: Option<&str>) -> JsonText {
        self.body.add_in(self.map.name_of(name), value, unit).into()
    }

    /// The reading, if anything was understood.
    ///
    /// # Errors
    /// If nothing was, or only words between others, as boot messages have them.
    pub(super) fn reading(self) -> Result<ReadingBody, BadFrame> {
        if self.has_value || (self.has_text && !self.has_scraps) {
            return Ok(self.body);
        }
        if let Some(comma) = self.comma {
            return Err(BadFrame::new(FrameFault::Syntax, value_token::comma_hint(&comma)));
        }
        if self.has_scraps || self.body.values.is_empty() {
            return Err(BadFrame::new(FrameFault::Noise, "no name and value"));
        }
        let sent: String = self.body.undecoded.to_canonical().chars().take(LONGEST_SHOWN).collect();
        Err(BadFrame::new(FrameFault::Syntax, format!("no value that is understood: {sent}")))
    }
}
