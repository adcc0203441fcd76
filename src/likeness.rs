//! Names that look alike and are not the same: a reading of `Kühlraum 3` whose ü is two characters, `Probe` for
//! `probe`, `tempreature`.

use std::{collections::BTreeSet, fmt};

use unicode_normalization::UnicodeNormalization;

/// Names longer than this, in bytes, are not compared: the work grows with the product of their lengths.
pub const LONGEST: usize = 128;

/// The way in which two names look alike, from what misleads most to what misleads least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// The same letters, written in other Unicode characters (UAX #15): it cannot be seen
    UnicodeForm,
    /// The same but for capitals, or for space before, behind or in it
    LetterCase,
    /// The same but for zeros before a number: `excavator 7` for `excavator 07`
    Zeros,
    /// So many letters more, less, changed or swapped; at most a third of them
    Spelling(usize),
}

impl Likeness {
    /// How two names look alike; `None`: they are the same, or do not.
    pub fn of(one: &str, other: &str) -> Option<Self> {
        if one == other || one.len().max(other.len()) > LONGEST {
            return None;
        }
        let (one, other) = (composed(one), composed(other));
        if one == other {
            return Some(Self::UnicodeForm);
        }
        let (one, other) = (folded(&one), folded(&other));
        if one == other {
            return Some(Self::LetterCase);
        }
        if without_zeros(&one) == without_zeros(&other) {
            return Some(Self::Zeros);
        }
        let (long, short) = (one.chars().count(), other.chars().count());
        let most = long.max(short).max(3) / 3;
        if long.abs_diff(short) > most {
            return None;
        }
        let distance = strsim::damerau_levenshtein(&one, &other);
        (distance <= most).then_some(Self::Spelling(distance))
    }
}

/// The one of some names that is most like one that none of them is, or the only one that begins with it; `None`: none is
/// alike, or several are equally: of machines that are numbered each would be a guess.
pub fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let known: BTreeSet<&str> = known.into_iter().collect();
    if known.contains(name) {
        return None;
    }
    let alike: Vec<_> = known.iter().filter_map(|other| Some((Likeness::of(name, other)?, *other))).collect();
    let begun = || only(known.iter().filter(|other| begins_with_word(other, name))).copied();
    if let Some((most, _)) = alike.iter().min() {
        // Müller is rather Müller Bau GmbH than mueller.
        if let (Likeness::Spelling(_), Some(longer)) = (most, begun()) {
            return Some(longer);
        }
        return only(alike.iter().filter(|(likeness, _)| likeness == most)).map(|(_, other)| *other);
    }
    let begins = folded(&composed(name));
    let longer = known.iter().filter(|other| folded(&composed(other)).starts_with(&begins));
    only(longer).filter(|_| begins.chars().count() > 2).copied()
}

/// Whether a name is another one with more words behind it.
fn begins_with_word(name: &str, words: &str) -> bool {
    let (name, words) = (composed(name).to_lowercase(), composed(words).to_lowercase());
    let rest = name.strip_prefix(&words).filter(|_| words.chars().count() > 2);
    rest.is_some_and(|rest| rest.starts_with([' ', '-', '_', '.']))
}

/// What is the only one; `None`: there is none, or there are more.
fn only<T>(mut some: impl Iterator<Item = T>) -> Option<T> {
    some.next().filter(|_| some.next().is_none())
}

impl fmt::Display for Likeness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnicodeForm => "the same letters in other Unicode characters",
            Self::LetterCase => "the same but for capitals or spaces",
            Self::Zeros => "the same but for zeros before a number",
            Self::Spelling(_) => "spelt nearly alike",
        })
    }
}

/// In the form in which a letter and its accent are one character, and what only looks like a letter is that letter.
fn composed(name: &str) -> String {
    name.nfkc().collect()
}

fn folded(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// Without the zeros that begin a number and are not all of it.
fn without_zeros(name: &str) -> String {
    let mut kept = String::new();
    let mut letters = name.chars().peekable();
    while let Some(letter) = letters.next() {
        let begins = letter == '0' && !kept.ends_with(|c: char| c.is_ascii_digit());
        if !(begins && letters.peek().is_some_and(char::is_ascii_digit)) {
            kept.push(letter);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_look_alike_in_four_ways() {
        let of = Likeness::of;
        assert_eq!(of("K\u{fc}hlraum 3", "Ku\u{308}hlraum 3"), Some(Likeness::UnicodeForm));
        // the Ångström sign is the letter Å
        assert_eq!(of("\u{212b}", "\u{c5}"), Some(Likeness::UnicodeForm));
        assert_eq!(of("Probe", "probe "), Some(Likeness::LetterCase));
        assert_eq!(of("Excavator 7", "excavator 007"), Some(Likeness::Zeros));
        assert_eq!(of("probe 10", "probe 100"), Some(Likeness::Spelling(1)));
        assert_eq!(of("probe 00", "probe 0"), Some(Likeness::Zeros));
        // two letters swapped are one step; a Cyrillic а is another letter
        assert_eq!(of("temperature", "tempreature"), Some(Likeness::Spelling(1)));
        assert_eq!(of("pr\u{43e}be", "probe"), Some(Likeness::Spelling(1)));
        // a zero-width space is no space, and one character
        assert_eq!(of("probe\u{200b}", "probe"), Some(Likeness::Spelling(1)));
    }

    #[test]
    fn the_nearest_name_is_the_most_alike_or_the_only_one_that_begins_so() {
        let known = ["excavator 07", "excavator 08", "excavator 70", "Bauer GmbH", "probe"];
        let nearest = |name| nearest(name, known);
        assert_eq!(nearest("excavator 7"), Some("excavator 07"));
        assert_eq!(nearest("Excavator 08"), Some("excavator 08"));
        assert_eq!(nearest("excavator 008"), Some("excavator 08"));
        // each of the three would be a guess
        assert_eq!(nearest("excavator 00"), None);
        assert_eq!(nearest("excavtor 70"), Some("excavator 70"));
        assert_eq!(nearest("bauer"), Some("Bauer GmbH"));
        assert_eq!(super::nearest("müller", ["mueller", "Müller Bau GmbH"]), Some("Müller Bau GmbH"));
        assert_eq!(super::nearest("mueler", ["mueller", "Müller Bau GmbH"]), Some("mueller"));
        // two begin so
        assert_eq!(nearest("exca"), None);
        assert_eq!(nearest("Ba"), None);
        assert_eq!(nearest("huber"), None);
        assert_eq!(nearest("probe"), None, "it is there");
    }

    #[test]
    fn what_is_the_same_or_another_name_is_not_alike() {
        assert_eq!(Likeness::of("probe", "probe"), None);
        // of five letters one may differ, of nine three
        assert_eq!(Likeness::of("probe", "prime"), None);
        assert_eq!(Likeness::of("cold-room", "gold-boam"), Some(Likeness::Spelling(3)));
        assert_eq!(Likeness::of("cold-room", "warm-room"), None);
        assert_eq!(Likeness::of("humidity", "temperature"), None);
        let long = "x".repeat(LONGEST);
        assert_eq!(Likeness::of(&long, &format!("{long}x")), None);
    }
}
