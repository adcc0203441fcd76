//! Bytes in hexadecimal, apart by blanks: an identifier, whose digits are no numbers.
//!
//! ```text
//! ROM = 28 D F9 A1 5 0 0 12    UID: 4 52 30 91    by the name
//! x: 04 A3 C6    0x1F 0x2 0x3                     by a zero in front, two digits with a letter, or 0x
//! x: 1 2 3       temps: 20 C 21 C                 none
//! c5 01 4b t=28312                                none of the words of a name
//! ```

use super::words::{Gap, NameMark, Word};

/// As few bytes are an identifier.
const LEAST: usize = 3;

/// Words of names whose values are identifiers.
const NAMES: &[&str] = &[
    "rom", "uid", "uuid", "guid", "mac", "id", "ids", "address", "addr", "serial", "sn", "data", "bytes",
    "hex", "eui", "tag", "card", "rfid",
];

/// How many words behind the first one are bytes of the same identifier; 0: it is none.
pub(super) fn length(first: &str, behind: &[Word], name: &str) -> usize {
    if !is_byte(first) {
        return 0;
    }
    let is_named = name.split(|c: char| !c.is_alphanumeric()).any(|part| {
        let part = part.trim_end_matches(|c: char| c.is_ascii_digit());
        NAMES.iter().any(|name| name.eq_ignore_ascii_case(part))
    });
    let is_next = |word: &&Word| {
        let is_near = word.gap < Gap::Part || is_named;
        is_near && word.mark == NameMark::None && is_byte(word.text)
    };
    let further = behind.iter().take_while(is_next).count();
    let bytes = || std::iter::once(first).chain(behind[..further].iter().map(|word| word.text));
    let is_one = further + 1 >= LEAST && (is_named || bytes().any(is_surely_byte));
    if is_one { further } else { 0 }
}

/// Behind how many of these words the last bytes of an identifier end; 0: there is none.
pub(super) fn end(words: &[&str]) -> usize {
    let (mut begin, mut end) = (0, 0);
    for (at, word) in words.iter().enumerate() {
        if !is_byte(word) {
            begin = at + 1;
        } else if at + 1 - begin >= LEAST && words[begin..=at].iter().any(|word| is_surely_byte(word)) {
            end = at + 1;
        }
    }
    end
}

fn is_byte(word: &str) -> bool {
    let digits = digits(word);
    matches!(digits.len(), 1 | 2) && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether a byte is no number, and no number with a unit.
fn is_surely_byte(word: &str) -> bool {
    let digits = digits(word);
    let has_letter = digits.bytes().any(|byte| byte.is_ascii_alphabetic());
    digits.len() < word.len() || digits.len() == 2 && (has_letter || digits.starts_with('0'))
}

fn digits(word: &str) -> &str {
    word.strip_prefix("0x").or_else(|| word.strip_prefix("0X")).unwrap_or(word)
}
