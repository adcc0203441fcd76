//! Text from devices, peers and files, made harmless for terminals and people.

/// Makes a text harmless for a terminal: control characters (C0, DEL, C1), line ends and everything that
/// changes the direction or visibility of text become `\u{…}`.
pub fn escape(text: &str) -> String {
    escaped(text, steers)
}

/// Makes a name that others chose harmless for people too: beside what steers a terminal, letters that may be taken for
/// those of ASCII become `\u{…}`. Letters with accents, and words of another script, stand as they are.
///
/// ```
/// # use counterfoil::escape::escape_name;
/// assert_eq!(escape_name("Müller Склад 3"), "Müller Склад 3");
/// assert_eq!(escape_name("\u{430}cme"), "\\u{430}cme");
/// ```
pub fn escape_name(text: &str) -> String {
    text.split_inclusive(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric()).map(escape_word).collect()
}

/// Makes a text readable letter by letter, where two that look the same stand beside each other, and fit for a terminal that
/// knows only ASCII: all but its printable characters become `\u{…}`.
pub fn escape_beyond_ascii(text: &str) -> String {
    escaped(text, |c| !(c.is_ascii_graphic() || c == ' '))
}

/// One word: letters of another script say what they are by those among them that look like none of ASCII.
fn escape_word(word: &str) -> String {
    let is_foreign = word.chars().any(|c| c.is_alphabetic() && !is_latin(c) && !looks_latin(c));
    let is_mixed = word.chars().any(|c| c.is_ascii_alphabetic());
    escaped(word, |c| {
        let may_mislead = looks_latin(c) && is_mixed || !is_foreign && !is_latin(c) && !SIGNS.contains(c);
        steers(c) || !c.is_ascii() && may_mislead
    })
}

/// Signs that are common in names and look like none of ASCII.
const SIGNS: &str = "°²³·–—‘’“”„…€£§«»±½¼¾№";

/// A letter of the Latin script that looks as what it is.
fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic()
        || matches!(c, '\u{b5}' | '\u{c0}'..='\u{17e}' | '\u{180}'..='\u{1bf}' | '\u{1c4}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
            && !"×÷".contains(c)
}

/// Letters of other scripts that look like Latin ones in common typefaces.
const LATIN_LOOKS: &str = "\
    авекмнорстухіїјѕһүѵԁԛԝьАВЕЗКМНОРСТУХІЇЈЅҮѴԌԚԜЬ\
    ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαγικνορτυχωϲϳ\
    օսոհցզյԼՏՕՍՈ";

fn looks_latin(c: char) -> bool {
    LATIN_LOOKS.contains(c)
        || matches!(c,
            // phonetic letters and modifiers, letter-like signs, Roman numerals, letters in circles
            '\u{17f}' | '\u{1c0}'..='\u{1c3}' | '\u{250}'..='\u{2ff}' | '\u{1d00}'..='\u{1dbf}'
            | '\u{2070}'..='\u{209c}' | '\u{2100}'..='\u{2115}' | '\u{2117}'..='\u{217f}' | '\u{2460}'..='\u{24ff}'
            // Coptic, Lisu, Cherokee, halfwidth and fullwidth forms, letters of mathematics
            | '\u{2c60}'..='\u{2cff}' | '\u{13a0}'..='\u{13ff}' | '\u{a4d0}'..='\u{a4ff}' | '\u{a720}'..='\u{a7ff}'
            | '\u{ab30}'..='\u{abbf}' | '\u{ff00}'..='\u{ff5f}' | '\u{10280}'..='\u{1044f}' | '\u{1d400}'..='\u{1d7ff}')
}

/// Whether a character steers a terminal, changes the direction of text, or cannot be seen.
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

fn escaped(text: &str, is_escaped: impl Fn(char) -> bool) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if is_escaped(c) { safe.extend(c.escape_unicode()) } else { safe.push(c) }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_escaped() {
        assert_eq!(escape("é 4.2 °C"), "é 4.2 °C");
        assert_eq!(escape("\x1b[2J\r\n"), "\\u{1b}[2J\\u{d}\\u{a}");
        assert_eq!(escape("a\u{202e}b\u{9b}c\u{7f}"), "a\\u{202e}b\\u{9b}c\\u{7f}");
        assert_eq!(escape("a\u{ad}b\u{3164}c\u{e0041}"), "a\\u{ad}b\\u{3164}c\\u{e0041}");
    }

    #[test]
    fn letters_of_a_name_stand_as_they_are_unless_they_may_mislead() {
        for plain in
            ["Müller Bau GmbH", "Łódź", "Işık №3", "Склад 3", "блок", "冷蔵庫3", "Kühlraum–Süd", "a\"\\b"]
        {
            assert_eq!(escape_name(plain), plain);
        }
        // in a word of ASCII, alone but for others that look so, in other forms, and an accent of its own
        for (name, shown) in [
            ("d\u{435}v \"1\"\\\n", "d\\u{435}v \"1\"\\\\u{a}"),
            ("\u{430}\u{441}\u{435}", "\\u{430}\\u{441}\\u{435}"),
            ("M\u{fc}ll\u{435}r", "Müll\\u{435}r"),
            ("\u{ff41}cme", "\\u{ff41}cme"),
            ("Ku\u{308}hlraum", "Ku\\u{308}hlraum"),
            ("probe\u{a0}7", "probe\\u{a0}7"),
            ("probe\u{2010}7", "probe\\u{2010}7"),
        ] {
            assert_eq!(escape_name(name), shown);
        }
        assert_eq!(escape_beyond_ascii("Kühl 3"), "K\\u{fc}hl 3");
    }
}
