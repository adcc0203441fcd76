//! Names of what tells versions apart, whose zeros count.
//!
//! ```text
//! Firmware: 1.10   hw_rev=2.0    texts: 1.1 is another version
//! ```

/// Words that say it, at the end of a name.
const NAMES: &[&str] =
    &["firmware", "fw", "version", "ver", "software", "sw", "hardware", "hw", "rev", "revision", "release"];

/// Whether a token is a version that would be another one as a number.
pub(super) fn is_version(name: &str, token: &str) -> bool {
    let is_parted = token.contains('.') && token.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let last = name.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    is_parted && NAMES.iter().any(|word| last.eq_ignore_ascii_case(word))
}
