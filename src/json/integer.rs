//! Integers that a double cannot hold: they are refused, unless they are the canonical form of their double
//! (RFC 7493 §2.2, RFC 8785 §3.2.2.3).

use super::JsonError;

/// `serde_json` hands integers beyond 64 bits over as doubles, so their digits are read here once more:
/// such a literal is taken only if it is what we would write for its double.
pub(super) fn refuse_inexact_integers(text: &[u8]) -> Result<(), JsonError> {
    for (at, literal) in number_literals(text) {
        let literal = String::from_utf8_lossy(literal);
        let integer = literal.trim_start_matches('-').bytes().all(|b| b.is_ascii_digit());
        let exact = || literal.parse().is_ok_and(|double| ecmascript(double) == literal);
        if integer && literal.len() > 16 && !exact() {
            return Err(JsonError::at(text, at, inexact(&literal)));
        }
    }
    Ok(())
}

/// The number literals of a JSON text, and where each begins.
pub(super) fn number_literals(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let (mut at, mut in_string) = (0, false);
    std::iter::from_fn(move || {
        while at < text.len() {
            match text[at] {
                b'\\' if in_string => at += 1,
                b'"' => in_string = !in_string,
                b'-' | b'0'..=b'9' if !in_string => {
                    let length = text[at..].iter().take_while(|b| b"+-.eE0123456789".contains(b)).count();
                    let begin = at;
                    at += length;
                    return Some((begin, &text[begin..at]));
                }
                _ => {}
            }
            at += 1;
        }
        None
    })
}

pub(super) fn ecmascript(double: f64) -> String {
    ryu_js::Buffer::new().format(double).to_owned()
}

pub(super) fn inexact(literal: &str) -> String {
    format!("integer {literal} is beyond 2^53-1, where doubles skip integers")
}
