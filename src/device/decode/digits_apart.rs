//! Digits apart by a blank, which may be one number or two.
//!
//! ```text
//! Energy: 12 345.6 kWh   n=1 000   t = 21. 5 C    not sure: null, and as sent
//! rssi: -70 -71   x: 5 6   x: 0 100               two
//! ```

/// As many digits stand between marks for thousands.
const GROUP: usize = 3;

/// How many of the words right behind a number may be its further digits; 0: none is.
pub(super) fn length<'a>(token: &str, behind: impl Iterator<Item = &'a str> + Clone) -> usize {
    let digits = token.strip_prefix(['+', '-']).unwrap_or(token);
    let is_whole = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if behind.clone().next().is_some_and(|next| is_cut(digits, is_whole, next)) {
        return 1;
    }
    if !is_whole || digits.len() > GROUP || digits.starts_with('0') {
        return 0;
    }
    let groups = behind.clone().take_while(|word| is_group(word)).count();
    // A group with more than its digits is the last one.
    let full = behind.take(groups).take_while(|word| word.len() == GROUP).count();
    groups.min(full + 1)
}

/// Whether a point parts two words: `21. 5`, `21 .5`.
fn is_cut(digits: &str, is_whole: bool, next: &str) -> bool {
    let begins = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    let is_before = digits.len() > 1 && digits.ends_with('.') && begins(next);
    is_before || is_whole && next.strip_prefix('.').is_some_and(begins)
}

/// Whether a word begins with three digits and not with four.
fn is_group(word: &str) -> bool {
    word.bytes().take_while(u8::is_ascii_digit).count() == GROUP
}
