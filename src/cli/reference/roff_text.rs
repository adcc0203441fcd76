//! The text between the requests of a man page: escapes, and the arguments of a request.

/// Stands between words that one line keeps together.
pub(super) const NO_BREAK_SPACE: char = '\u{a0}';

/// A line of text without its fonts, its escapes replaced by what they stand for.
pub(super) fn plain(line: &str) -> String {
    let mut plain = String::new();
    let mut rest = line.chars();
    while let Some(next) = rest.next() {
        if next != '\\' {
            plain.push(next);
            continue;
        }
        match rest.next() {
            // a font is one letter; no page uses the longer names
            Some('f') => drop(rest.next()),
            Some('(') => plain.push(named(&rest.by_ref().take(2).collect::<String>())),
            Some('[') => {
                plain.push(named(&rest.by_ref().take_while(|next| *next != ']').collect::<String>()));
            }
            // `\*(Aq`, the apostrophe of generated pages
            Some('*') => {
                rest.nth(2);
                plain.push('\'');
            }
            Some('e') => plain.push('\\'),
            Some(' ') => plain.push(NO_BREAK_SPACE),
            Some('&') | None => {}
            Some(itself) => plain.push(itself),
        }
    }
    plain
}

/// The character of a name.
fn named(name: &str) -> char {
    match name {
        "aq" => '\'',
        "dq" => '"',
        "lq" => '“',
        "rq" => '”',
        "bu" => '•',
        "mu" => '×',
        "de" => '°',
        "en" => '–',
        "em" => '—',
        _ => char::REPLACEMENT_CHARACTER,
    }
}

/// The arguments behind a request: words, or texts in double quotes.
pub(super) fn arguments(line: &str) -> Vec<String> {
    let mut arguments = Vec::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() {
        let (argument, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => rest.split_at(end_of_word(rest)),
        };
        arguments.push(plain(argument));
        rest = after.trim_start();
    }
    arguments
}

/// Where a word ends: at the first space that no backslash stands before.
fn end_of_word(text: &str) -> usize {
    let mut escaped = false;
    for (at, next) in text.char_indices() {
        if next == ' ' && !escaped {
            return at;
        }
        escaped = next == '\\' && !escaped;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::{arguments, plain};

    #[test]
    fn escapes_become_what_they_stand_for() {
        assert_eq!(
            plain(r"\fB\-\-key\fR isn\*(Aqt \(dqthat\(dq, \eand\\n \(em \&.x"),
            "--key isn't \"that\", \\and\\n — .x"
        );
        assert_eq!(plain(r"two\ words"), "two\u{a0}words");
    }

    #[test]
    fn arguments_are_words_or_quoted() {
        assert_eq!(arguments(r#"chain\ append "two words" x"#), ["chain\u{a0}append", "two words", "x"]);
        assert_eq!(arguments(""), [""; 0]);
    }
}
