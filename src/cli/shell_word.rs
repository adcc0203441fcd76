//! Words as a shell takes them, so that no name is more than a word there.

use std::path::Path;

use crate::escape::escape;

/// A word as a shell takes it. What a terminal would not show as it is stands escaped, and cannot be pasted.
pub(crate) fn word(text: &str) -> String {
    let shown = escape(text);
    let plain = |c: char| c.is_alphanumeric() || "-_./,:=@%+".contains(c);
    if shown.chars().all(plain) && !shown.is_empty() {
        return shown;
    }
    format!("'{}'", shown.replace('\'', "'\\''"))
}

/// A path as a shell takes it.
pub(crate) fn path(path: &Path) -> String {
    word(&path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pasted_is_one_word_and_the_same() {
        for (text, pasted) in [
            ("probe-7", "probe-7"),
            ("excavator 07", "'excavator 07'"),
            ("O'Brien & Sons", r"'O'\''Brien & Sons'"),
            ("$(reboot)", "'$(reboot)'"),
            ("~root", "'~root'"),
            ("", "''"),
        ] {
            assert_eq!(word(text), pasted);
        }
        assert!(!word("a\u{1b}[2Jb").contains('\u{1b}'));
    }
}
