//! Amounts that begin a name, or are one.
//!
//! ```text
//! 24h max: 30   10 cm temp: 12   3.3V: 3.28    24h_max, 10_cm_temp, 3.3V
//! Particles > 0.3um / 0.1L air: 1200           Particles_>_0.3um_/_0.1L_air
//! 1234ms temp=5   12 temp=5   1A: 5            temp, temp, and none: a log's count, a byte
//! ```
//!
//! Without them, values of several such names would stand under one.

use crate::record::quantity;

use super::words::{NameMark, Word};

/// At which of some words a name begins that has an amount in front of its first word, or at its end; where none has, at
/// that word.
pub(super) fn begin_of_name(words: &[&str], first: Option<usize>) -> Option<usize> {
    let before = |at: usize| at.checked_sub(1).and_then(|before| words.get(before));
    let at = match first {
        Some(at) if before(at).is_some_and(|word| is_amount(word)) => at - 1,
        Some(at) if before(at).is_some_and(|word| is_digits(word)) && is_unit(words[at]) => at - 1,
        None if words.last().is_some_and(|word| is_amount(word)) => words.len() - 1,
        _ => return first,
    };
    let belongs =
        |word: &&&str| is_comparison(word) || is_amount(word) || word.starts_with(char::is_alphabetic);
    Some(at - words[..at].iter().rev().take_while(belongs).count())
}

/// Whether words begin with an amount, and a name follows right behind it.
pub(super) fn is_in_front_of_name(words: &[Word]) -> bool {
    match words {
        [amount, next, ..] if is_amount(amount.text) && next.goes_on_to_name() => true,
        [digits, unit, ..] if !is_digits(digits.text) || !is_unit(unit.text) => false,
        [_, unit, next, ..] if unit.mark == NameMark::None => next.goes_on_to_name(),
        [_, unit, ..] => unit.goes_on_to_name(),
        _ => false,
    }
}

/// Whether a word is a number with its unit: `24h`, `0.3um`. What may be a byte is none, and neither is a log's count.
fn is_amount(word: &str) -> bool {
    let digits = word.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(word.len());
    let (number, unit) = word.split_at(digits);
    let is_whole = number.bytes().all(|byte| byte.is_ascii_digit());
    let may_be_byte = is_whole && unit.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_digits(number) && !may_be_byte && is_unit(unit) && (is_whole || unit != "s")
}

fn is_digits(word: &str) -> bool {
    let mut parts = word.split('.');
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.next().is_some_and(is_number) && parts.next().is_none_or(is_number) && parts.next().is_none()
}

/// Whether a word is a unit, and none in which logs count.
fn is_unit(word: &str) -> bool {
    word != "ms" && word != "us" && word.is_ascii() && quantity::known_unit(word, "").is_some()
}

fn is_comparison(word: &str) -> bool {
    [">", "<", ">=", "<=", "/"].contains(&word)
}
