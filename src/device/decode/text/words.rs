//! The words of a line, and the marks between them.

/// A word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word<'a> {
    /// The word itself, without what stands around it
    pub(super) text: &'a str,
    /// What stands before it
    pub(super) gap: Gap,
    /// What stands behind it
    pub(super) mark: NameMark,
}

impl Word<'_> {
    /// Whether this is a name, with nothing between it and the words before it.
    pub(super) fn goes_on_to_name(&self) -> bool {
        self.gap == Gap::Blank && self.mark != NameMark::None
    }
}

/// What stands between two words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    /// Blanks, or nothing
    Blank,
    /// A tabulator, which parts as a comma does, but for a number and its unit
    Tab,
    /// A comma, semicolon or bar
    Part,
}

/// What stands behind a word, if that makes it a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NameMark {
    /// Nothing
    None,
    /// `=`, `=>`, `:=`
    Equals,
    /// `:`
    Colon,
}

/// As many words have room at once; most lines have fewer.
const USUAL: usize = 16;

/// Cuts a line into words. The word behind a mark is a value: colons within it are its own.
pub(super) fn words(line: &str) -> Vec<Word<'_>> {
    let mut words: Vec<Word> = Vec::with_capacity(USUAL);
    let mut rest = line;
    let (mut is_value, mut follows_value) = (false, false);
    loop {
        let (gap, word) = behind_gap(rest, is_value);
        if word.is_empty() {
            return words;
        }
        let is_value_here = is_value && gap == Gap::Blank && !is_pair(word);
        let (length, mark, skip) = word_length(word, is_value_here);
        let joins = length == 0 && !follows_value;
        match words.last_mut().filter(|last| joins && last.mark == NameMark::None) {
            // `name = value`: the mark belongs to the word before it.
            Some(last) => last.mark = mark,
            None => words.push(Word { text: &word[..length], gap, mark }),
        }
        follows_value = is_value && gap == Gap::Blank;
        is_value = mark != NameMark::None;
        rest = &word[length + skip..];
    }
}

/// Which bytes part words: all are ASCII, of which no other letter has a byte.
static PARTS: [bool; 256] = table(b" \t,;|\r\n");

/// Which bytes part them, may be marks behind names, or begin what may be a unit in front of such a mark.
static ENDS: [bool; 256] = table(b" \t,;|\r\n=:([");

/// A table of all bytes, since each byte of a line is looked up: whether it is among these.
const fn table(among: &[u8]) -> [bool; 256] {
    let (mut table, mut at) = ([false; 256], 0);
    while at < among.len() {
        table[among[at] as usize] = true;
        at += 1;
    }
    table
}

fn is_separator(byte: u8) -> bool {
    PARTS[usize::from(byte)]
}

/// What the separators at the beginning of a text make of the place between two words, and the text behind them. A tabulator
/// behind a mark parts nothing.
fn behind_gap(text: &str, follows_mark: bool) -> (Gap, &str) {
    let mut gap = Gap::Blank;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b',' | b';' | b'|' => gap = Gap::Part,
            b'\t' if !follows_mark => gap = gap.max(Gap::Tab),
            _ if is_separator(byte) => {}
            _ => return (gap, &text[at..]),
        }
    }
    (gap, "")
}

/// How long the word at the beginning of a text is, the mark behind it, and how long that is.
fn word_length(text: &str, is_value: bool) -> (usize, NameMark, usize) {
    let bytes = text.as_bytes();
    if is_value
        && text.starts_with('"')
        && let Some(length) = quoted_length(text)
    {
        return (length, NameMark::None, 0);
    }
    for (at, byte) in bytes.iter().enumerate().filter(|(_, byte)| ENDS[usize::from(**byte)]) {
        let next = bytes.get(at + 1);
        match byte {
            b',' if at > 0 && bytes[at - 1].is_ascii_digit() && next.is_some_and(u8::is_ascii_digit) => {}
            _ if is_separator(*byte) => return (at, NameMark::None, 0),
            b'(' | b'[' => {
                let bracket = (!is_value).then(|| bracket(&text[at..])).flatten();
                if let Some((length, mark, skip)) = bracket {
                    return (at + length, mark, skip);
                }
            }
            b'=' | b':' if is_value && !ends_word(next) && at > 0 => {}
            b'=' => return (at, NameMark::Equals, 1 + usize::from(next == Some(&b'>'))),
            b':' if next == Some(&b'=') => return (at, NameMark::Equals, 2),
            b':' if !is_clock(&text[..at], &text[at + 1..]) => return (at, NameMark::Colon, 1),
            _ => {}
        }
    }
    (text.len(), NameMark::None, 0)
}

fn ends_word(next: Option<&u8>) -> bool {
    next.is_none_or(|next| is_separator(*next))
}

/// Whether a name and a value stand where a value may: `temp=5` behind `Sending:`.
fn is_pair(text: &str) -> bool {
    if !text.starts_with(char::is_alphabetic) {
        return false;
    }
    let length = text.bytes().take_while(|byte| !is_separator(*byte)).count();
    let token = &text[..length];
    let Some(at) = token.bytes().position(|byte| matches!(byte, b'=' | b':')) else { return false };
    let (name, value) = (&token[..at], &token[at + 1..]);
    let is_name = name.chars().all(|c| c.is_alphanumeric() || "_.-/".contains(c));
    // The beginning of an address, a4:cf:12:05.
    let is_hexadecimal = token[at..].starts_with(':') && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_name && !is_hexadecimal && !value.is_empty() && !value.starts_with(['/', ':'])
}

/// How long brackets are that hold several words, the mark behind them, and how long that is: `(km / h):`. `None`: they are no
/// such, or no mark follows.
fn bracket(text: &str) -> Option<(usize, NameMark, usize)> {
    let bytes = text.as_bytes();
    let end = 1 + bytes[1..].iter().position(|byte| b"()[]=:".contains(byte))?;
    let closes = bytes[end] == if bytes[0] == b'(' { b')' } else { b']' };
    let blanks = bytes[end + 1..].iter().take_while(|byte| **byte == b' ').count();
    let mark = match bytes.get(end + 1 + blanks)? {
        b'=' => NameMark::Equals,
        b':' => NameMark::Colon,
        _ => return None,
    };
    let is_several = bytes[1..end].iter().any(|byte| is_separator(*byte));
    (closes && is_several).then_some((end + 1, mark, blanks + 1))
}

/// How long a text in quotes is; `None`: it has no end, or that is the beginning of the next one, `a="x b="y"`.
fn quoted_length(text: &str) -> Option<usize> {
    let end = 1 + text[1..].find('"')?;
    let begins_next = matches!(text.as_bytes()[end - 1], b'=' | b':')
        && end > 1
        && !ends_word(text.as_bytes().get(end + 1));
    (!begins_next).then_some(end + 1)
}

/// Whether a colon between these stands between digits, as in a clock time. `T` is a name but in front of two digits of hours
/// and two of minutes.
fn is_clock(before: &str, behind: &str) -> bool {
    let before = before.trim_start_matches(['[', '(']);
    let digits =
        !before.is_empty() && before.bytes().all(|byte| byte.is_ascii_digit() || b":-T".contains(&byte));
    let is_name =
        || before.strip_prefix('T').is_some_and(|hours| !hours.contains(':') && !is_time(hours, behind));
    digits && behind.starts_with(|c: char| c.is_ascii_digit()) && !is_name()
}

/// Whether these are the hours and the minutes of a clock: `06` and `00`, or `00:00Z`.
fn is_time(hours: &str, behind: &str) -> bool {
    let minutes = behind.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
    let below = |digits: &str, limit: u32| digits.parse::<u32>().is_ok_and(|number| number < limit);
    hours.len() == 2 && minutes == 2 && below(hours, 24) && below(&behind[..2], 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str) -> String {
        let shown = |word: Word| {
            let part = if word.gap == Gap::Part { "|" } else { "" };
            let mark = match word.mark {
                NameMark::None => "",
                NameMark::Equals => "=",
                NameMark::Colon => ":",
            };
            format!("{part}{}{mark}", word.text)
        };
        words(line).into_iter().map(shown).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn marks_belong_to_the_word_before_them() {
        for (line, gives) in [
            ("temp=21.5 hum = 40", "temp= 21.5 hum= 40"),
            ("last reading:\t15.2\t| mean:\t15.4", "last reading: 15.2 |mean: 15.4"),
            (" Voltage         : 50123       mV", "Voltage: 50123 mV"),
            ("t: 21,5 C, m: 40", "t: 21,5 C |m: 40"),
            ("a=1,b=2;c=3", "a= 1 |b= 2 |c= 3"),
            ("[12:34:56] t:5", "[12:34:56] t: 5"),
            ("12:34:56 t:5", "12:34:56 t: 5"),
            ("mac=a4:cf:12 PM2.5:12", "mac= a4:cf:12 PM2.5: 12"),
            ("name=\"a b: c\" x=1", "name= \"a b: c\" x= 1"),
            ("Sending: temp=5 C", "Sending: temp= 5 C"),
            ("=5 ::", "= 5 : :"),
            ("a => 5 b=>6 c := 7 d:=8", "a= 5 b= 6 c= 7 d= 8"),
            ("a >= 5 b>=6", "a >= 5 b>= 6"),
        ] {
            assert_eq!(shown(line), gives, "{line}");
        }
    }
}
