//! Text from devices, peers and files, made harmless for terminals and people.

/// Makes a text harmless for a terminal: control characters (C0, DEL, C1), line ends and everything that
/// changes the direction or visibility of text become `\u{…}`.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if dangerous(c) { safe.extend(c.escape_unicode()) } else { safe.push(c) }
    }
    safe
}

/// Makes a name that a device gave itself harmless for people too: beside what steers a terminal, letters that may look
/// like those of ASCII become `\u{…}`, as in names of the registry.
pub fn escape_name(text: &str) -> String {
    let plain = |c: char| c.is_ascii_graphic() || c == ' ';
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if plain(c) { safe.push(c) } else { safe.extend(c.escape_unicode()) }
    }
    safe
}

fn dangerous(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_escaped() {
        assert_eq!(escape("é 4.2 °C"), "é 4.2 °C");
        assert_eq!(escape("\x1b[2J\r\n"), "\\u{1b}[2J\\u{d}\\u{a}");
        assert_eq!(escape_name("d\u{435}v \"1\"\\\n"), "d\\u{435}v \"1\"\\\\u{a}");
        assert_eq!(escape("a\u{202e}b\u{9b}c\u{7f}"), "a\\u{202e}b\\u{9b}c\\u{7f}");
    }
}
