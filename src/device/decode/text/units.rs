//! Units of several words.
//!
//! ```text
//! 21.5 ° C   70.5 degrees F   5 m / s   5 W /m2   5 kW h    known where the blanks are left out
//! 29.9 in Hg   760 mm Hg                                    columns of mercury, and no lengths
//! 5 W / furlong   5 m s^-1   5 mm per h   5 mm H2O          none
//! 5 m s   5 Pa s   5 V A                                    none: which product or quotient is meant is not known
//! 5 V ok   12 V in                                          only the first is the unit
//! ```

use crate::{device::decode::unit_letters, record::quantity};

use super::words::{Gap, NameMark, Word};

/// As many words are looked at for one unit.
const MOST: usize = 4;

/// How many words behind a number may be its unit.
pub(super) fn run(behind: &[Word], is_sure: impl Fn(&str) -> bool) -> usize {
    let may_be = |(at, word): &(usize, &Word)| {
        let is_near = word.gap == Gap::Blank || (*at == 0 && word.gap == Gap::Tab);
        let is_number = word.text.starts_with(|c: char| c.is_ascii_digit());
        is_near && word.mark == NameMark::None && !is_number && is_sure(word.text)
    };
    behind.iter().take(MOST).enumerate().take_while(may_be).count()
}

/// How many of these words are one unit with what is attached to the number; empty: nothing is.
pub(super) fn length(attached: &str, run: &[Word]) -> usize {
    let (mut length, mut before) = (usize::from(attached.is_empty()), attached);
    if let Some(first) = run.first().filter(|_| attached.is_empty()) {
        before = first.text;
    }
    while let Some(next) = run.get(length) {
        // A stroke without a word behind it parts this value from the next name.
        let is_last = length + 1 == run.len();
        if (next.text == "/" && is_last) || !is_glued(before, next.text) {
            break;
        }
        (length, before) = (length + 1, next.text);
    }
    length.min(run.len())
}

/// Whether two words are parts of one unit.
fn is_glued(before: &str, next: &str) -> bool {
    before.ends_with('/')
        || next.starts_with('/')
        || (is_degree(before) && is_temperature(next))
        || (next == "h" && quantity::known_unit(&format!("{before}h"), "").is_some())
        || is_power(next)
        || (is_length(before) && is_column(next))
        || before == "per"
        || next == "per"
}

/// Whether a word is a length by which columns of a liquid are measured.
fn is_length(word: &str) -> bool {
    ["in", "in.", "inch", "inches", "mm", "cm", "m", "ft"].contains(&word)
}

/// Whether a word says of which liquid a column is whose height is a pressure.
fn is_column(word: &str) -> bool {
    ["Hg", "HG", "H2O", "H₂O", "WC", "w.c.", "WG"].contains(&word)
}

/// Whether a word is a unit with a negative power: `s-1`.
fn is_power(word: &str) -> bool {
    word.contains('⁻') || (word.contains('-') && word.ends_with(|c: char| c.is_ascii_digit()))
}

/// How many of these words are a unit that is doubtful: several, as of a product or quotient whose sign is missing; 0: they are
/// not. `leads_to_name`: a name follows, of which they may be words.
pub(super) fn doubtful(attached: &str, run: &[Word], leads_to_name: bool) -> usize {
    let (unit, behind) = match run {
        [first, behind @ ..] if attached.is_empty() => (first.text, behind),
        run => (attached, run),
    };
    let Some(next) = behind.first() else { return 0 };
    let is_known = |word: &str| word != "/" && quantity::known_unit(word, "").is_some();
    if !is_known(unit) || !is_known(next.text) {
        return 0;
    }
    // Words that units have as well.
    let is_unit =
        |word: &Word| is_power(word.text) || is_known(word.text) && !matches!(word.text, "in" | "min");
    let powers = behind.iter().take_while(|word| is_unit(word)).collect::<Vec<_>>();
    let powers = powers.iter().rposition(|word| is_power(word.text)).map_or(0, |at| at + 1);
    let further = match powers {
        0 if !leads_to_name && behind.iter().all(is_unit) => behind.len(),
        0 => usize::from(is_known(&format!("{unit}{}", next.text))),
        powers => powers,
    };
    if further == 0 { 0 } else { run.len() - behind.len() + further }
}

/// The unit of some parts; `None`: it is not known.
pub(super) fn of(parts: &[&str], name: &str) -> Option<&'static str> {
    match parts {
        [one] => unit_letters::unit_of(one, name),
        [degree, scale] if is_degree(degree) && is_temperature(scale) => quantity::known_unit(scale, name),
        _ if parts.windows(2).all(|pair| is_glued(pair[0], pair[1])) => {
            quantity::known_unit(&parts.concat(), name)
        }
        _ => None,
    }
}

/// What is attached to a number, as in `21.5°`; empty: nothing is.
pub(super) fn attached(token: &str) -> &str {
    let at = token.find(|c: char| !c.is_ascii_digit() && !"+-.,".contains(c)).filter(|at| *at > 0);
    let ends = token.ends_with(|c: char| c.is_ascii_digit());
    at.filter(|_| !ends).map_or("", |at| &token[at..])
}

/// Whether a word says degrees, of which scale or globe ever.
pub(super) fn is_degree(word: &str) -> bool {
    let words = ["°", "º", "˚", "*", "deg", "degs", "degree", "degrees"];
    words.iter().any(|degree| degree.eq_ignore_ascii_case(word))
}

fn is_temperature(word: &str) -> bool {
    matches!(quantity::known_unit(word, ""), Some("Cel" | "degF" | "K"))
}
