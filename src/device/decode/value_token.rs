//! The tokens that stand for values in lines that people print.
//!
//! ```text
//! 21.5  -3  1.20e3  +0012.34      numbers
//! 21.5C  40%                      a number with its unit
//! 5S                              a number with letters that may be no unit of it
//! 21.299999237060546875           the nearest double, and as sent
//! nan  ---  OL  0.L  n/a  1.#IND   none, but for a status: OL of a power supply is on line
//! 0066  1C  12:34  1.2.3  0x1F    texts: no part of them is a number
//! 21,5  2I.5                      not understood
//! ```

use std::borrow::Cow;

use crate::{
    json::{self, Number, Value},
    record::quantity,
};

use super::{decimal, unit_letters};

/// How numbers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberForm {
    /// What stands before the fraction: `.` or `,`
    pub decimal: char,
    /// What stands between groups of three digits; `None`: nothing does
    pub thousands: Option<char>,
}

impl Default for NumberForm {
    fn default() -> Self {
        Self { decimal: '.', thousands: None }
    }
}

/// What a token stands for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum ValueToken {
    /// A number, and its unit where one is attached
    Number(Number, Option<&'static str>),
    /// A number, and letters behind it that may be no unit of what it measures
    WithLetters(Number, String),
    /// The number nearest to a fraction of more digits than doubles have, and its unit where one is attached
    Rounded(Number, Option<&'static str>),
    /// A truth value, or null for what is none
    Plain(Value),
    /// A word or an identifier
    Text(String),
    /// Several numbers, apart by commas
    Numbers(Vec<Number>),
    /// Nothing that is understood
    Unread,
}

/// Reads a token. `name` is that of the quantity, which says what a percentage is of.
pub(super) fn read(token: &str, name: &str, form: NumberForm) -> ValueToken {
    // Most are numbers, and what begins with a digit is none of the words below.
    let begins = token.starts_with(|c: char| c.is_ascii_digit());
    if let Some(number) = begins.then(|| number(token, form)).flatten() {
        return ValueToken::Number(number, None);
    }
    if is_none(token) && !(token.eq_ignore_ascii_case("ol") && unit_letters::says(name, STATES)) {
        return ValueToken::Plain(Value::Null);
    }
    let truths = [("true", true), ("false", false)];
    if let Some((_, truth)) = truths.iter().find(|(word, _)| token.eq_ignore_ascii_case(word)) {
        return ValueToken::Plain((*truth).into());
    }
    if let Some(number) = number(token, form) {
        return ValueToken::Number(number, None);
    }
    with_unit(token, name, form)
        .or_else(|| rounded(token, form).map(|number| ValueToken::Rounded(number, None)))
        .or_else(|| numbers(token, form))
        .or_else(|| is_text(token).then(|| ValueToken::Text(token.to_owned())))
        .unwrap_or(ValueToken::Unread)
}

/// Words in names of states, which a power supply says in letters: `OL`, on line.
const STATES: &[&str] = &["status", "state"];

/// Whether a token is what devices print where there is no value.
fn is_none(token: &str) -> bool {
    let unsigned = token.strip_prefix(['+', '-']).unwrap_or(token);
    let word = ["nan", "inf", "infinity", "ovf", "ol", "null", "n/a"]
        .iter()
        .any(|none| unsigned.eq_ignore_ascii_case(none));
    let is_nan_with_unit = || {
        let unit = unsigned.get(..3).filter(|nan| nan.eq_ignore_ascii_case("nan")).map(|_| &unsigned[3..]);
        unit.is_some_and(|unit| quantity::known_unit(unit, "").is_some())
    };
    // What compilers of Microsoft print: `1.#INF`, `-1.#IND`, `1.#QNAN`.
    let is_special = unsigned.starts_with("1.#");
    word || is_special
        || is_overload(unsigned)
        || is_nan_with_unit()
        || token.contains('-') && token.chars().all(|c| "-._:".contains(c))
}

/// Whether a token is the overload of a display, with a point somewhere: `O.L`, `0.L`, `.OL`, `OL.`
fn is_overload(token: &str) -> bool {
    token.len() == 3 && token.contains('.') && has_letters_of_overload(token)
}

/// Whether a token has the letters of an overload and nothing else but points; a display has one form for O and 0.
pub(super) fn has_letters_of_overload(token: &str) -> bool {
    let letters = || token.bytes().filter(|letter| *letter != b'.');
    letters().map(|letter| letter.to_ascii_lowercase()).eq(*b"ol") || letters().eq(*b"0L")
}

/// A number, if it is written as one. Digits alone that begin with a zero may be an identifier.
pub(super) fn number(token: &str, form: NumberForm) -> Option<Number> {
    let token = in_points(token, form)?;
    let is_padded =
        token.starts_with('0') && token.len() > 1 && token.bytes().all(|byte| byte.is_ascii_digit());
    if is_padded {
        return None;
    }
    decimal(&token).or_else(|| scientific(&token))
}

/// A weight: sign, digits, one mark before the fraction. Zeros before it are no part of an identifier.
pub(super) fn weight(token: &str, form: NumberForm) -> Option<Number> {
    decimal(&in_points(token, form)?)
}

/// What to do about a number with a comma: `21,5` `12,345` `1,234.5`.
pub(super) fn comma_hint(number: &str) -> String {
    let (decimal, thousands) = ("`decimal = \",\"`", "`thousands = \",\"`");
    if in_points(number, NumberForm { decimal: '.', thousands: Some(',') }).is_none() {
        return format!("{number}: a decimal comma? A file for --map with {decimal} has it read");
    }
    // A point behind it, or another comma, and it stands between thousands.
    if number.contains('.') || number.matches(',').count() > 1 {
        return format!("{number}: thousands? A file for --map with {thousands} has it read");
    }
    format!("{number}: a decimal comma, or thousands? A file for --map says which: {decimal}, or {thousands}")
}

/// A number with an exponent, if no double alters it.
fn scientific(token: &str) -> Option<Number> {
    let token = token.strip_prefix('+').unwrap_or(token).as_bytes();
    if !token.iter().any(|byte| byte.eq_ignore_ascii_case(&b'e')) {
        return None;
    }
    match json::parse(token).and_then(|value| json::refuse_rounding(token).map(|()| value)) {
        Ok(Value::Number(number)) => Some(number),
        _ => None,
    }
}

/// The double nearest to a fraction of more digits than it has.
fn rounded(token: &str, form: NumberForm) -> Option<Number> {
    super::rounded(in_points(token, form)?.trim_start_matches('+'))
}

/// A number with a decimal point, and without marks between thousands; `None`: those are in no right place.
fn in_points(token: &str, form: NumberForm) -> Option<Cow<'_, str>> {
    if form == NumberForm::default() {
        return (!token.bytes().any(|byte| byte == b',')).then_some(token.into());
    }
    let (whole, fraction) = match token.split_once(form.decimal) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (token, None),
    };
    let other = if form.decimal == ',' { '.' } else { ',' };
    // With decimal commas, a point before one can only stand between thousands.
    let between = (form.decimal == ',' && fraction.is_some() && whole.contains(other)).then_some(other);
    let Some(mark) = form.thousands.or(between) else {
        let in_points =
            || if form.decimal == '.' { token.into() } else { token.replacen(form.decimal, ".", 1).into() };
        return (!token.contains(other)).then(in_points);
    };
    let mut groups = whole.split(mark);
    let first = groups.next().unwrap_or_default();
    let is_grouped = groups.clone().next().is_some();
    let short = first.trim_start_matches(['+', '-']).len() <= 3;
    if (is_grouped && !short)
        || !groups.all(|group| group.len() == 3)
        || fraction.is_some_and(|fraction| fraction.contains(mark))
    {
        return None;
    }
    let whole = whole.replace(mark, "");
    Some(fraction.map_or_else(|| whole.clone(), |fraction| format!("{whole}.{fraction}")).into())
}

/// A number with its unit attached. What could be hexadecimal is no number.
fn with_unit(token: &str, name: &str, form: NumberForm) -> Option<ValueToken> {
    let digits = token.find(|c: char| !c.is_ascii_digit() && !"+-.,".contains(c))?;
    let (amount, spelling) = token.split_at(split_behind_exponent(token, digits));
    let is_hexadecimal = amount.bytes().all(|byte| byte.is_ascii_digit())
        && spelling.bytes().all(|byte| byte.is_ascii_hexdigit());
    let unit = quantity::known_unit(spelling, name).filter(|_| !is_hexadecimal)?;
    match number(amount, form) {
        Some(number) if unit_letters::is_doubtful(spelling, name) => {
            Some(ValueToken::WithLetters(number, spelling.to_owned()))
        }
        Some(number) => Some(ValueToken::Number(number, Some(unit))),
        None => rounded(amount, form).map(|number| ValueToken::Rounded(number, Some(unit))),
    }
}

/// Where the number ends whose digits end at a place: behind its exponent, if it has one.
fn split_behind_exponent(token: &str, digits: usize) -> usize {
    let Some(exponent) = token[digits..].strip_prefix(['e', 'E']) else { return digits };
    let unsigned = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let length = unsigned.bytes().take_while(u8::is_ascii_digit).count();
    if length == 0 { digits } else { token.len() - unsigned.len() + length }
}

/// `0.1,0.2,9.8`: numbers that cannot be one with a decimal comma, or with marks between thousands.
fn numbers(token: &str, form: NumberForm) -> Option<ValueToken> {
    let parts: Vec<_> = token.split(',').collect();
    let is_list = match parts[..] {
        _ if form.decimal == ',' => false,
        [_] => false,
        [one, other] => one.contains('.') && other.contains('.'),
        _ => parts[1..].iter().any(|part| part.len() != 3 || part.contains('.')),
    };
    let numbers = parts.iter().map(|part| number(part, form)).collect::<Option<Vec<_>>>();
    numbers.filter(|_| is_list).map(ValueToken::Numbers)
}

/// Whether a token is a word or an identifier: a name, hexadecimal digits, a version, an address, a date, a clock time.
fn is_text(token: &str) -> bool {
    let is_word = token.starts_with(|c: char| c.is_alphabetic())
        && token.chars().all(|c| c.is_alphanumeric() || "_-./+".contains(c));
    let hexadecimal = token.strip_prefix("0x").or_else(|| token.strip_prefix("0X")).unwrap_or(token);
    let groups = |c: char| c.is_ascii_hexdigit() || "TZ".contains(c);
    let is_grouped = !token.starts_with(['.', ':', '-', '/'])
        && !token.ends_with(['.', ':', '-', '/'])
        && token.split([':', '-', '/', '+', '.']).all(|group| group.chars().all(groups));
    let is_identifier = !hexadecimal.is_empty() && hexadecimal.bytes().all(|byte| byte.is_ascii_hexdigit());
    let has_shape = token.matches(['.', ':', '-', '/']).count() >= 1 && !looks_like_decimal(token);
    is_word || is_identifier || (is_grouped && has_shape)
}

/// Whether a token is a number but for what is wrong with it: such is no text either.
fn looks_like_decimal(token: &str) -> bool {
    let unsigned = token.strip_prefix(['+', '-']).unwrap_or(token);
    unsigned.matches('.').count() == 1 && !unsigned.contains([':', '-', '/'])
}

#[cfg(test)]
mod tests;
