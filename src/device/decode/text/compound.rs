//! Amounts of several units, of which no part is the value.
//!
//! ```text
//! 1 lb 4.5 oz   3h 25min   5 ft 11 in    one amount: null, and as sent
//! 20 C 68 F   1.5 kg 3 g   1 m 120 cm    two values
//! ```

use super::words::{Gap, NameMark, Word};

/// A unit, the one that its parts are counted in, and how many of those it has.
const PARTS: &[(&str, &str, u32)] = &[
    ("lb", "oz", 16),
    ("lbs", "oz", 16),
    ("lb", "ozs", 16),
    ("st", "lb", 14),
    ("ft", "in", 12),
    ("d", "h", 24),
    ("day", "h", 24),
    ("days", "h", 24),
    ("h", "min", 60),
    ("h", "m", 60),
    ("hrs", "min", 60),
    ("hrs", "mins", 60),
    ("hours", "min", 60),
    ("hours", "minutes", 60),
    ("min", "s", 60),
    ("min", "sec", 60),
    ("mins", "secs", 60),
    ("minutes", "seconds", 60),
    ("m", "s", 60),
    ("s", "ms", 1_000),
    ("deg", "min", 60),
    ("t", "kg", 1_000),
    ("kg", "g", 1_000),
    ("km", "m", 1_000),
    ("m", "cm", 100),
    ("m", "mm", 1_000),
    ("cm", "mm", 10),
    ("l", "ml", 1_000),
    ("L", "mL", 1_000),
    ("kWh", "Wh", 1_000),
];

/// How many of the words behind a number are with it one amount of several units; 0: it is none.
pub(super) fn length(token: &str, behind: &[Word]) -> usize {
    let Some((mut amount, mut unit, mut used)) = quantity(token, behind) else { return 0 };
    let mut length = 0;
    while let Some(next) = behind.get(used).filter(|word| is_near(word)) {
        let Some((part, unit_of_part, further)) = quantity(next.text, &behind[used + 1..]) else { break };
        if !is_whole(amount) || !is_part(unit, part, unit_of_part) {
            break;
        }
        used += 1 + further;
        (amount, unit, length) = (part, unit_of_part, used);
    }
    length
}

/// The digits and the unit of a token, or of a token and the word behind it; and how many words behind it were used.
fn quantity<'a>(token: &'a str, behind: &[Word<'a>]) -> Option<(&'a str, &'a str, usize)> {
    let unsigned = token.trim_start_matches(['+', '-']);
    let digits = unsigned.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(unsigned.len());
    let (amount, attached) = unsigned.split_at(digits);
    if !amount.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if !attached.is_empty() {
        return Some((amount, attached, 0));
    }
    behind.first().filter(|word| is_near(word)).map(|unit| (amount, unit.text, 1))
}

/// Whether nothing but blanks stands before a word, and it is no name.
fn is_near(word: &Word) -> bool {
    word.gap == Gap::Blank && word.mark == NameMark::None
}

fn is_whole(amount: &str) -> bool {
    !amount.contains('.')
}

/// Whether an amount is the rest of one of a larger unit.
fn is_part(unit: &str, part: &str, unit_of_part: &str) -> bool {
    let row = PARTS.iter().find(|row| row.0 == unit && row.1 == unit_of_part);
    let whole = part.split('.').next().unwrap_or_default().parse::<u32>();
    row.is_some_and(|row| whole.is_ok_and(|whole| whole < row.2))
}
