//! Integers that a double cannot hold: they are refused, unless they are the canonical form of their double
//! (RFC 7493 §2.2, RFC 8785 §3.2.2.3).

use super::JsonError;

/// `serde_json` hands integers beyond 64 bits over as doubles, so their digits are read here once more:
/// such a literal is taken only if it is what we would write for its double.
pub(super) fn refuse_inexact_integers(text: &[u8]) -> Result<(), JsonError> {
    let (mut at, mut in_string) = (0, false);
    while at < text.len() {
        match text[at] {
            b'\\' if in_string => at += 1,
            b'"' => in_string = !in_string,
            b'-' | b'0'..=b'9' if !in_string => {
                let length = text[at..].iter().take_while(|b| b"+-.eE0123456789".contains(b)).count();
                check_literal(text, at, &text[at..at + length])?;
                at += length - 1;
            }
            _ => {}
        }
        at += 1;
    }
    Ok(())
}

fn check_literal(text: &[u8], at: usize, literal: &[u8]) -> Result<(), JsonError> {
    let literal = String::from_utf8_lossy(literal);
    let integer = literal.trim_start_matches('-').bytes().all(|b| b.is_ascii_digit());
    let exact = || literal.parse().is_ok_and(|double| ecmascript(double) == literal);
    if integer && literal.len() > 16 && !exact() {
        let before = &text[..at];
        let line_start = before.iter().rposition(|b| *b == b'\n').map_or(0, |lf| lf + 1);
        return Err(JsonError {
            line: before.split(|byte| *byte == b'\n').count(),
            column: at - line_start + 1,
            message: inexact(&literal),
        });
    }
    Ok(())
}

pub(super) fn ecmascript(double: f64) -> String {
    ryu_js::Buffer::new().format(double).to_owned()
}

pub(super) fn inexact(literal: &str) -> String {
    format!("integer {literal} is beyond 2^53-1, where doubles skip integers")
}
