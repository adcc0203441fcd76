//! The order of member names: by UTF-16 code units (RFC 8785 §3.2.3).
//!
//! ```text
//! valid < version       their first letters tell, as one number of 64 bits
//! satellite_1 < satellites, é < ü      equal or unknown up to there: the whole names do
//! ```

use std::cmp::Ordering;

/// The eighth bit of each byte of a word, which ASCII does not have.
const NOT_ASCII: u64 = (u64::MAX / 255) << 7;

/// The beginning of a name as a number. Of two names the one with the smaller number comes first; with equal numbers
/// either may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NameBegin(u64);

impl NameBegin {
    /// The first eight bytes, up to the first that is not ASCII: what is not comes behind all that is, and is not told
    /// apart.
    pub fn of(name: &str) -> Self {
        let bytes = name.as_bytes();
        let word = match bytes.first_chunk() {
            Some(first) => u64::from_be_bytes(*first),
            None => short(bytes),
        };
        let other = word & NOT_ASCII;
        if other == 0 {
            return Self(word);
        }
        let ascii = other.leading_zeros();
        Self(word & !(u64::MAX >> ascii) | 1 << 63 >> ascii)
    }
}

/// Fewer than eight bytes as a word, with zeros behind them.
fn short(bytes: &[u8]) -> u64 {
    let (begin, rest) = match bytes.split_first_chunk() {
        Some((first, rest)) => (u32::from_be_bytes(*first), rest),
        None => (0, bytes),
    };
    let word = rest.iter().fold(u64::from(begin), |word, byte| word << 8 | u64::from(*byte));
    // None at all are the beginning of every name.
    if bytes.is_empty() { 0 } else { word << (8 * (8 - bytes.len())) }
}

/// Orders member names by UTF-16 code units. That is byte order, unless one name leaves the basic plane where the other is near
/// its end: never if one of them is ASCII.
pub fn canonical_order(a: &str, b: &str) -> Ordering {
    if a.is_ascii() || b.is_ascii() {
        return a.as_bytes().cmp(b.as_bytes());
    }
    a.encode_utf16().cmp(b.encode_utf16())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names of which each begins another one, at each length up to beyond a word.
    fn names() -> impl Iterator<Item = String> + Clone {
        let letters = ["", "\0", "a", "ab", "b", "\u{7f}", "\u{80}", "é", "\u{d7ff}", "\u{e000}", "\u{ffee}"];
        let letters = letters.into_iter().chain(["\u{10000}", "\u{1f600}"]);
        let pairs = letters.clone().flat_map(move |a| letters.clone().map(move |b| format!("{a}{b}")));
        ["", "x", "xxxxxx", "xxxxxxx"]
            .into_iter()
            .flat_map(move |begin| pairs.clone().map(move |pair| format!("{begin}{pair}")))
    }

    #[test]
    fn the_order_is_that_of_code_units_for_all_pairs() {
        for (a, b) in names().flat_map(|a| names().map(move |b| (a.clone(), b))) {
            let units = a.encode_utf16().cmp(b.encode_utf16());
            assert_eq!(canonical_order(&a, &b), units, "{a:?} {b:?}");
            let begins = NameBegin::of(&a).cmp(&NameBegin::of(&b));
            assert!(begins.is_eq() || begins == units, "{a:?} {b:?}");
        }
    }

    #[test]
    fn the_beginnings_of_names_in_ascii_tell_them_apart() {
        assert!(NameBegin::of("utc") < NameBegin::of("valid"));
        assert!(NameBegin::of("satellites") == NameBegin::of("satellite_1_snr"));
    }
}
