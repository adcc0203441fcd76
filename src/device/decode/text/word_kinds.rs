//! What a word by itself may be: a part of a name, a value, a sign, a unit in brackets.

use super::{
    super::value_token::{self, NumberForm, ValueToken},
    words::{Gap, NameMark, Word},
};

/// Whether a word may be a part of a name. Digits in brackets are none: a log's count of milliseconds; and neither is a number.
pub(super) fn is_name_word(word: &str) -> bool {
    if !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return true;
    }
    let inner = word.trim_matches(['(', ')', '[', ']']);
    let has_brackets = inner.len() < word.len();
    inner.contains(char::is_alphanumeric)
        && !(has_brackets && inner.starts_with(|c: char| c.is_ascii_digit()))
        && inner.chars().all(|c| c.is_alphanumeric() || "_.-/%#+".contains(c))
        && (!inner.contains('+') || !is_number(inner))
}

/// `co2(ppm)`: what stands before brackets, and within them.
pub(super) fn in_brackets(word: &str) -> Option<(&str, &str)> {
    word.strip_suffix(')')
        .and_then(|word| word.rsplit_once('('))
        .or_else(|| word.strip_suffix(']')?.rsplit_once('['))
}

pub(super) fn without_brackets(word: &str) -> Option<&str> {
    in_brackets(word).filter(|(before, _)| before.is_empty()).map(|(_, unit)| unit)
}

/// Whether a word is the second half of a date and its time.
pub(super) fn is_clock(word: &Word) -> bool {
    word.gap == Gap::Blank && word.mark == NameMark::None && word.text.matches(':').count() >= 1
}

/// Whether a word is a lone sign, which may belong to the number behind it: `-`, `−`, `<`.
pub(super) fn is_sign(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(|letter| !letter.is_alphanumeric()) && letters.next().is_none()
}

/// Whether a word begins as a number, or with its sign or point, and no comma stands before it.
pub(super) fn is_amount(word: &Word) -> bool {
    let digits = word.text.trim_start_matches(['+', '-', '−', '–', '.']);
    word.gap < Gap::Part && word.mark == NameMark::None && digits.starts_with(|c: char| c.is_ascii_digit())
}

pub(super) fn is_number(word: &str) -> bool {
    matches!(value_token::read(word, "", NumberForm::default()), ValueToken::Number(..))
}

pub(super) fn is_text(word: &str, name: &str) -> bool {
    matches!(value_token::read(word, name, NumberForm::default()), ValueToken::Text(_))
}

/// Whether nothing is understood of a word.
pub(super) fn is_unread(word: &str) -> bool {
    matches!(value_token::read(word, "", NumberForm::default()), ValueToken::Unread)
}
