//! Names and values among the words of a line.
//!
//! ```text
//! Relative humidity: 51.3 % 12 ok      a name of two words, a value, its unit, a second value, a scrap
//! co2(ppm): 655  Moisture (%): 51      a unit within the name
//! Sending: temp=5  Attic: t=5          a heading, which is no name, or the beginning of several
//! state: all good                      a text of several words, up to the end of its part
//! T: - 7.5 C  level: < 5               a sign apart from its number: neither "none" nor the number is sure
//! R: 0L MOhm                           the overload of a display, and no litres
//! ```

use crate::json::JsonText;

use super::{
    super::{
        digits_apart, line_text::LineText, named_values::NamedValues, unit_letters,
        value_token::has_letters_of_overload,
    },
    amounts, compound, headings,
    hemispheres::{self, Hemisphere},
    hex_bytes, units,
    word_kinds::{is_amount, is_clock, is_number, is_sign, is_text, is_unread, without_brackets},
    words::{Gap, NameMark, Word},
};

mod label;

use label::{Label, NameShape, unit_of};

/// Puts the pairs of a line into a reading.
pub(super) struct Pairs<'a, 'm> {
    line: &'a LineText<'a>,
    values: NamedValues<'m>,
    /// Words of this part since the last value
    waiting: Vec<&'a str>,
    last: Option<LastValue>,
    /// What the name before looks like
    shape: NameShape<'a>,
    /// What the names of this place begin with
    heading: JsonText,
    /// A text whose end is not sure yet: the name, and its first word
    open_text: Option<(JsonText, &'a str)>,
}

/// The value before.
struct LastValue {
    /// The name in the line
    name: JsonText,
    /// The name in the reading
    put: JsonText,
    is_number: bool,
    /// Whether a word right behind it may be a unit that is not known
    is_open: bool,
    has_unit: bool,
}

impl<'a, 'm> Pairs<'a, 'm> {
    pub(super) fn new(line: &'a LineText<'a>, values: NamedValues<'m>) -> Self {
        let (waiting, heading, shape) = (Vec::new(), JsonText::default(), NameShape::default());
        Self { line, values, waiting, last: None, shape, heading, open_text: None }
    }

    /// Takes all words of the line.
    pub(super) fn take(mut self, words: &[Word<'a>]) -> NamedValues<'m> {
        let mut at = 0;
        while let Some(word) = words.get(at) {
            if word.gap != Gap::Blank {
                self.end_part();
            }
            at += match word.mark {
                NameMark::None => self.unnamed(&words[at..]),
                mark => self.pair(word.text, mark, &words[at + 1..]),
            };
        }
        self.end_part();
        self.values
    }

    /// A word that is no name: a further value of the last name, or a word that waits for its meaning. Answers how many
    /// words were used.
    fn unnamed(&mut self, words: &[Word<'a>]) -> usize {
        let word = words[0].text;
        let is_of_next = |last: &LastValue| {
            last.has_unit && words[0].gap == Gap::Part && amounts::is_in_front_of_name(words)
        };
        let last = self.last.as_ref().filter(|last| last.is_number && !is_of_next(last));
        let further = last.map(|last| last.name.clone());
        if let Some(name) = further.filter(|_| self.waiting.is_empty() && is_number(word)) {
            return self.number(Label { name, unit: None, aside: None }, word, &words[1..]);
        }
        // A stroke between two values parts them.
        self.waiting.extend(Some(word).filter(|word| *word != "/" || self.last.is_none()));
        1
    }

    /// A name, its mark, and what stands behind it. Answers how many words were used.
    fn pair(&mut self, last_word: &'a str, mark: NameMark, behind: &[Word<'a>]) -> usize {
        let value = behind.first().filter(|value| value.gap == Gap::Blank);
        let heads = value
            .map(|value| value.mark)
            .filter(|of_next| mark == NameMark::Colon && *of_next != NameMark::None);
        let is_heading = heads.is_some();
        let value = value.filter(|value| value.mark == NameMark::None);
        self.waiting.extend(Some(last_word).filter(|word| !word.is_empty()));
        if let Some(of_next) = heads {
            self.begin_place(of_next);
        }
        let label = if is_heading { None } else { self.label() };
        match (label, value) {
            (Some(label), Some(value)) => {
                let aside = label.aside;
                let used = self.value(label, value.text, &behind[1..]);
                self.scrap(aside.as_slice());
                1 + used
            }
            (Some(label), None) => {
                let put = self.values.unread(&label.name, "");
                self.last = Some(LastValue {
                    name: label.name,
                    put,
                    is_number: false,
                    is_open: false,
                    has_unit: false,
                });
                1
            }
            // What stands behind a mark without a name is no value of another name.
            (None, value) => {
                self.waiting.extend(value.map(|value| value.text));
                self.end_part();
                self.last = None;
                1 + usize::from(value.is_some())
            }
        }
    }

    /// The words that wait are a heading. With the mark of a heading behind it, it may be a name without a value as well.
    fn begin_place(&mut self, of_next: NameMark) {
        self.heading = JsonText::default();
        if self.open_text.is_some() {
            // Where the text ends and the heading begins is not sure.
            let waiting = std::mem::take(&mut self.waiting);
            return self.end_text(&waiting, false);
        }
        let begin = self.words_of_value_before();
        let words = &self.waiting[begin..];
        if of_next != NameMark::Equals || !words.iter().all(|word| self.line.is_sure(word)) {
            return;
        }
        if let Some(heading) = headings::of(words) {
            self.heading = heading;
            self.waiting.truncate(begin);
        }
    }

    /// A value and, where it is a number, its unit behind it. Answers how many words were used.
    fn value(&mut self, label: Label<'_>, token: &'a str, behind: &[Word<'a>]) -> usize {
        let Label { name, .. } = &label;
        if let Some(clock) = behind.first().filter(|next| self.values.is_time(name) && is_clock(next)) {
            let put = self.values.text(name, &format!("{token} {}", clock.text));
            self.last =
                Some(LastValue { name: label.name, put, is_number: false, is_open: false, has_unit: false });
            return 2;
        }
        let bytes = hex_bytes::length(token, behind, name);
        if bytes > 0 {
            let put = self.values.text(name, &joined(token, &behind[..bytes]));
            self.last =
                Some(LastValue { name: label.name, put, is_number: false, is_open: false, has_unit: false });
            return 1 + bytes;
        }
        let quoted = token.strip_prefix('"').and_then(|token| token.strip_suffix('"'));
        let put = match (quoted, self.line.is_sure(token)) {
            // Where quotes without an end would have ended is not known.
            (None, _) if token.starts_with('"') => self.opened(name, token),
            (_, false) => self.values.unread(name, token),
            (Some(text), _) if !text.contains(char::is_control) => self.values.text(name, text),
            _ if token.starts_with(char::is_alphabetic) && is_text(token, name) => self.opened(name, token),
            _ => return self.number(label, token, behind),
        };
        // What may be another letter or byte may go on in the next word.
        let is_open = !self.line.is_sure(token);
        self.last = Some(LastValue { name: label.name, put, is_number: false, is_open, has_unit: false });
        1
    }

    /// A text begins whose end is not sure yet. Answers its name.
    fn opened(&mut self, name: &JsonText, token: &'a str) -> JsonText {
        self.open_text = Some((name.clone(), token));
        name.clone()
    }

    /// A token that may be a number, and its unit behind it. Answers how many words were used.
    fn number(&mut self, label: Label<'_>, token: &str, behind: &[Word<'a>]) -> usize {
        if is_sign(token) && behind.first().is_some_and(is_amount) {
            return self.apart(label, token, behind, 1);
        }
        let near = behind.iter().take_while(|word| word.gap == Gap::Blank && word.mark == NameMark::None);
        let further = digits_apart::length(token, near.map(|word| word.text));
        if further > 0 {
            return self.apart(label, token, behind, further);
        }
        let within = label.unit.and_then(hemispheres::of).map(|hemisphere| (hemisphere, 0));
        if let Some((hemisphere, used)) = hemispheres::behind(token, behind).or(within) {
            let place = hemispheres::place(hemisphere, &label.name, &behind[used..]);
            if let Some((axis, further)) = place {
                return self.coordinate(label.name, (token, &behind[..used + further]), hemisphere, axis);
            }
        }
        let compound = compound::length(token, behind);
        if compound > 0 {
            let put = self.values.unread(&label.name, &joined(token, &behind[..compound]));
            return self.closed(label.name, put, compound);
        }
        if is_overload(token, behind) {
            self.values.none(&label.name);
            return self.closed(label.name.clone(), label.name, 1);
        }
        let run = &behind[..units::run(behind, |word| self.line.is_sure(word))];
        let attached = if run.is_empty() { "" } else { units::attached(token) };
        let leads_to_name = behind.get(run.len()).is_some_and(Word::goes_on_to_name);
        let length = units::length(attached, run).max(units::doubtful(attached, run, leads_to_name));
        if length > usize::from(attached.is_empty()) {
            let amount = &token[..token.len() - attached.len()];
            return self.with_long_unit(label, (amount, attached), &run[..length]);
        }
        let next = run.first().filter(|_| attached.is_empty()).map(|next| next.text);
        let is_stroke = next == Some("/");
        let unit = next
            .filter(|_| !is_stroke && !self.begins_name(&label.name, behind))
            .and_then(|next| unit_letters::unit_of(without_brackets(next).unwrap_or(next), &label.name));
        let put = self.values.put(&label.name, token, unit.or(label.unit));
        let has_unit = unit.or(label.unit).is_some();
        let is_open = !has_unit && (token.ends_with(|c: char| c.is_ascii_digit()) || is_unread(token));
        let is_open = is_open && !is_stroke;
        let has_unit = has_unit || !attached.is_empty();
        self.last = Some(LastValue { name: label.name, put, is_number: true, is_open, has_unit });
        1 + usize::from(unit.is_some() || is_stroke)
    }

    /// A sign or digits and, behind a blank, so many words of digits: whether they are one number, or two, or the sign stands for
    /// no value, is not known. Answers how many words were used.
    fn apart(&mut self, label: Label<'_>, first: &str, behind: &[Word<'a>], digits: usize) -> usize {
        let run = &behind[digits..][..units::run(&behind[digits..], |word| self.line.is_sure(word))];
        let is_unit = run.first().is_some_and(|word| unit_of(word.text, "").is_some())
            && !self.begins_name(&label.name, &behind[digits..]);
        let length = Some(units::length("", run)).filter(|length| is_unit || *length > 1).unwrap_or(0);
        let words = &behind[..digits + length];
        let put = self.values.unread(&label.name, &joined(first, words));
        self.last = Some(LastValue {
            name: label.name,
            put,
            is_number: false,
            is_open: length == 0,
            has_unit: false,
        });
        1 + words.len()
    }

    /// A value is over, with its unit and so many words behind its first one. Answers how many words were used.
    fn closed(&mut self, name: JsonText, put: JsonText, behind: usize) -> usize {
        self.last = Some(LastValue { name, put, is_number: true, is_open: false, has_unit: true });
        1 + behind
    }

    /// A number, and a unit of several words behind it. Answers how many words were used.
    fn with_long_unit(
        &mut self,
        label: Label<'_>,
        (amount, attached): (&str, &str),
        words: &[Word<'a>],
    ) -> usize {
        let attached = Some(attached).filter(|attached| !attached.is_empty());
        let parts: Vec<&str> = attached.into_iter().chain(words.iter().map(|word| word.text)).collect();
        let sent = parts.join(" ");
        let inner = without_brackets(&sent).map(|inner| inner.split(' ').collect());
        let unit = units::of(&inner.unwrap_or(parts), &label.name);
        let put = self.values.put(&label.name, amount, unit);
        if unit.is_none() {
            self.values.scrap(Some(&put), &sent);
        }
        self.closed(label.name, put, words.len())
    }

    /// A latitude or longitude and its hemisphere, up to the last of these words. Answers how many words were used.
    fn coordinate(
        &mut self,
        name: JsonText,
        (token, words): (&str, &[Word<'a>]),
        hemisphere: Hemisphere,
        axis: &'static str,
    ) -> usize {
        let between = &words[..words.len().saturating_sub(1)];
        let put = if let Some(signed) = hemisphere.signed(token, between, axis, self.values.form()) {
            self.values.put(&name, &signed, Some(axis))
        } else {
            self.values.unread(&name, &joined(token, words))
        };
        self.closed(name, put, words.len())
    }

    /// A part of the line is over: what waits belongs to the last value, or to nothing.
    fn end_part(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        if let Some(last) = &mut self.last {
            last.is_open = false;
        }
        if self.open_text.is_some() {
            return self.end_text(&waiting, true);
        }
        self.scrap(&waiting);
        self.waiting = waiting;
        self.waiting.clear();
    }

    /// Keeps words that are not understood beside the last value, or none.
    fn scrap(&mut self, words: &[&str]) {
        if !words.is_empty() {
            self.values.scrap(self.last.as_ref().map(|last| last.put.as_str()), &words.join(" "));
        }
    }

    /// The open text is over, with these words; whether that is sure.
    fn end_text(&mut self, further: &[&str], is_sure: bool) {
        let Some((name, first)) = self.open_text.take() else { return };
        let text = [&[first], further].concat().join(" ");
        let is_sure = is_sure && !first.starts_with('"');
        let is_plain = further.iter().all(|word| self.line.is_sure(word)) && !text.contains(char::is_control);
        let put = match is_sure && is_plain {
            true if further.is_empty() => self.values.put(&name, &text, None),
            true => self.values.text(&name, &text),
            false => self.values.unread(&name, &text),
        };
        self.last = Some(LastValue { name, put, is_number: false, is_open: false, has_unit: false });
    }
}

/// Whether a token and the unit behind it are what a display shows that has no room for the value: `0L MOhm`.
fn is_overload(token: &str, behind: &[Word]) -> bool {
    let unit = behind.first().filter(|word| word.gap == Gap::Blank && word.mark == NameMark::None);
    let is_unit = |word: &Word| !word.text.starts_with('/') && unit_of(word.text, "").is_some();
    has_letters_of_overload(token.trim_start_matches(['+', '-'])) && unit.is_some_and(is_unit)
}

/// Words as one text.
fn joined(first: &str, behind: &[Word]) -> String {
    let words: Vec<_> = std::iter::once(first).chain(behind.iter().map(|word| word.text)).collect();
    words.join(" ")
}
