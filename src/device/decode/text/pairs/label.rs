//! Which of the words that wait are a name, and the unit in it.
//!
//! ```text
//! Temp C: 29.4 Temp F: 84.9            as many words as the name before
//! a: 5 furlong b: 6                    one word, for the other may be a unit
//! Hum % = 40   Temp °C: 21             a unit without brackets
//! Level of tank 1 (raw 0) is: 29       the words in front of the brackets
//! Sensor[1]: 22   Temp(ch2): 5         the number in brackets as well, which tells it from others
//! E+: 5 E-: 6     +A: 5 -A: 6          the sign as well: what is taken, and what is given
//! ```

use crate::{device::decode::unit_letters, json::JsonText, record::quantity};

use super::{
    super::{
        amounts, hemispheres, hex_bytes, levels, qualifiers, units,
        word_kinds::{in_brackets, is_name_word},
        words::{NameMark, Word},
    },
    Pairs,
};

/// A name, and the unit that stands within it.
pub(super) struct Label<'a> {
    pub(super) name: JsonText,
    pub(super) unit: Option<&'static str>,
    /// What stands in brackets behind it and is no unit that is known
    pub(super) aside: Option<&'a str>,
}

/// What a name looks like: of how many words it is, and its first one.
#[derive(Default)]
pub(super) struct NameShape<'a> {
    words: usize,
    first: &'a str,
}

impl<'a> NameShape<'a> {
    fn of(words: &[&'a str]) -> Self {
        Self { words: words.len(), first: words.first().copied().unwrap_or_default() }
    }

    /// At which of some words behind a number the next name begins, of which some may be a unit that is not known.
    fn first_word(&self, words: &[&str]) -> usize {
        let last = words.iter().rposition(|word| begins_name(word)).unwrap_or(0);
        if let Some(again) = words[..last].iter().rposition(|word| *word == self.first) {
            return again;
        }
        let is_near = |at: usize| words.len() - at <= self.words;
        let is_unit = |at: usize| quantity::known_unit(words[at], "").is_some();
        let may_be = |at: usize| is_near(at) && is_name_word(words[at]) && !is_unit(at);
        let is_word =
            |at: usize| qualifiers::is_of_next_name(words[at]) && (qualifiers::is(words[at]) || !is_unit(at));
        let before = (0..last).rev().take_while(|at| may_be(*at) || is_word(*at)).count();
        let first = last - before;
        first + words[first..last].iter().take_while(|word| !begins_name(word)).count()
    }
}

impl<'a> Pairs<'a, '_> {
    /// The name of the words that wait, which are used up; `None`: they are none, and go on waiting.
    pub(super) fn label(&mut self) -> Option<Label<'a>> {
        let mut words = std::mem::take(&mut self.waiting);
        let begins = |word: &&str| begins_name(word);
        if self.open_text.is_some() {
            // Where a text of several words ends and the next name begins is not sure: the name is the last word.
            let last = words.iter().rposition(&begins).unwrap_or(words.len());
            self.end_text(&words.drain(..last).collect::<Vec<_>>(), last == 0);
        } else {
            let first = self.of_value_before(&words);
            self.scrap(&words[..first]);
            words.drain(..first);
        }
        let group = group_before_copula(&words);
        let set_apart: Vec<_> = words.drain(group).collect();
        let indexed = words.last().and_then(|word| in_brackets(word));
        if let Some((before, index)) = indexed.filter(|(before, index)| self.is_index(before, index)) {
            words.pop();
            words.extend([before, index]);
        }
        let symbol = |word: &&'a str| Some(("", *word)).filter(|_| !is_name_word(word));
        let bracket = words.last().and_then(|word| in_brackets(word).or_else(|| symbol(word)));
        let in_front = &words[..words.len().saturating_sub(1)];
        let bracket = bracket.filter(|bracket| {
            (!bracket.0.is_empty() || !in_front.is_empty()) && self.is_aside(*bracket, in_front)
        });
        let sent = bracket.and_then(|_| words.pop());
        words.extend(bracket.map(|(before, _)| before).filter(|before| !before.is_empty()));
        let is_word = |word: &&str| is_name_word(word) && self.line.is_sure(word);
        let behind = words.iter().rposition(|word| !is_word(word)).map_or(0, |at| at + 1);
        let behind = behind.max(hex_bytes::end(&words[..words.len().saturating_sub(1)]));
        let first = words[behind..].iter().position(begins).map(|at| behind + at);
        let Some(from) = amounts::begin_of_name(&words, first) else {
            words.extend(sent);
            self.waiting = words;
            return None;
        };
        self.scrap(&words[..from]);
        let level = usize::from(levels::is_in_front(&words[from..]));
        // It ranks the line, and says nothing of the value before.
        self.values.scrap(None, &words[from..from + level].join(" "));
        let words_of_name = &words[from + level..];
        let name = name_of(&self.heading, words_of_name);
        self.shape = NameShape::of(words_of_name);
        self.values.scrap(Some(&name), &set_apart.join(" "));
        words.clear();
        self.waiting = words;
        let inner = bracket.map(|(_, inner)| inner);
        let of_name = |inner| unit_of(inner, &name).or_else(|| hemispheres::within(inner, &name));
        let unit = inner.filter(|inner| self.line.is_sure(inner)).and_then(of_name);
        Some(Label { name, unit, aside: inner.filter(|_| unit.is_none()) })
    }

    /// How many of the words that wait may be the unit of the value before.
    pub(super) fn words_of_value_before(&self) -> usize {
        self.of_value_before(&self.waiting)
    }

    fn of_value_before(&self, words: &[&str]) -> usize {
        let is_open = words.len() > 1 && self.last.as_ref().is_some_and(|last| last.is_open);
        if is_open { self.shape.first_word(words) } else { 0 }
    }

    /// Whether brackets right behind a name tell it from others: they hold a number, letters and a number that are no unit, or
    /// a word that says which is meant.
    fn is_index(&self, before: &str, inner: &str) -> bool {
        let letters = inner.trim_end_matches(|c: char| c.is_ascii_digit());
        let is_numbered = || {
            letters.len() < inner.len()
                && letters.chars().all(char::is_alphabetic)
                && (letters.is_empty() || quantity::known_unit(letters, "").is_none())
        };
        begins_name(before)
            && is_name_word(before)
            && self.line.is_sure(inner)
            && (is_numbered() || is_qualifier(inner, before))
    }

    /// Whether brackets behind a name are no part of it: they hold a unit, or more than a word, or stand right behind it.
    fn is_aside(&self, (before, inner): (&str, &str), words_before: &[&str]) -> bool {
        let is_several = inner.contains([' ', '\t', ',', ';', '|', '/']);
        let name = words_before.last().copied().unwrap_or_default();
        let is_known =
            || self.line.is_sure(inner) && unit_of(inner, "").is_some() && !is_qualifier(inner, name);
        !inner.is_empty() && (!before.is_empty() || is_several || is_known())
    }

    /// Whether the word behind a number begins the next name, although it may be a unit: what follows cannot begin one, or it
    /// begins the name of this value, too, or is a word of names as often.
    pub(super) fn begins_name(&self, name: &str, behind: &[Word]) -> bool {
        let [unit, next, ..] = behind else { return false };
        let leads = unit.mark == NameMark::None && next.goes_on_to_name() && begins_name(unit.text);
        let is_again = unit.text == self.shape.first && self.shape.words > 1;
        leads && (!begins_name(next.text) || is_again || unit_letters::may_be_word(unit.text, name))
    }
}

fn begins_name(word: &str) -> bool {
    let unsigned = word.strip_prefix(['+', '-']).unwrap_or(word);
    unsigned.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Whether what stands in brackets behind a name says which value is meant, and is no unit of it.
fn is_qualifier(inner: &str, name: &str) -> bool {
    let is_unit = || quantity::known_unit(inner, "").is_some() && !unit_letters::may_be_word(inner, name);
    qualifiers::is(inner) && !is_unit()
}

/// Which words are brackets of several, between a name and the verb in front of a mark.
fn group_before_copula(words: &[&str]) -> std::ops::Range<usize> {
    let end = words.len().saturating_sub(1);
    let is_copula = words.last().is_some_and(|word| ["is", "are", "was"].contains(word));
    let closes = is_copula && end > 0 && words[end - 1].ends_with(')') && !words[end - 1].contains('(');
    match words[..end].iter().rposition(|word| word.starts_with('(')) {
        Some(begin) if closes && begin > 0 && is_name_word(words[begin - 1]) => begin..end,
        _ => end..end,
    }
}

/// The unit in brackets.
pub(super) fn unit_of(inner: &str, name: &str) -> Option<&'static str> {
    if !inner.contains(' ') {
        return unit_letters::unit_of(inner, name);
    }
    let parts: Vec<_> = inner.split(' ').filter(|part| !part.is_empty()).collect();
    units::of(&parts, name)
}

/// The words of a name as one.
fn name_of(heading: &JsonText, words: &[&str]) -> JsonText {
    let mut name = heading.clone();
    for (at, word) in words.iter().enumerate() {
        name.push_str(if at > 0 { "_" } else { "" });
        name.push_str(word.trim_matches(['(', ')', '[', ']']));
    }
    name
}
