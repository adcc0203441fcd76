//! Where the sentences of a line are, and what proves them.
//!
//! ```text
//! > \s:gps,c:1784109600*2A\$GPHDT,123.4,T*31$GPHDT,123.5,T*30
//! │ └ TAG block            └ a sentence that proves itself, and one glued to it
//! └ prompt
//! ```
//!
//! A sentence that its checksum proves may stand anywhere in a line, and there may be several. One without a checksum must be
//! the whole line.

use crate::{
    device::decode::{BadFrame, FrameFault},
    record::reading::Integrity,
};

/// As many characters are shown of what stands in the place of a checksum.
const LONGEST_SHOWN: usize = 8;

/// A sentence in a line.
pub(super) struct FoundSentence<'a> {
    /// The TAG blocks before it, as sent; most have none
    pub(super) tags: &'a [u8],
    /// What stands between `$` or `!` and `*`
    pub(super) inside: &'a [u8],
    /// What proves it
    pub(super) integrity: Integrity,
}

/// The sentence of a line that is nothing else and proves it by a checksum of two digits, as nearly all are; `None`: there is
/// more to see.
pub(super) fn alone(line: &[u8]) -> Option<FoundSentence<'_>> {
    let [b'$' | b'!', inside @ .., b'*', _, _] = line else { return None };
    let (stated, digits) = stated_sum(&line[line.len() - 2..])?;
    let sum = inside.iter().fold(0, |sum, byte| sum ^ byte);
    let is_one = !inside.iter().any(|byte| matches!(byte, b'$' | b'!' | b'*'));
    let proves = digits == 2 && stated == sum && is_one && is_address(&line[1..]);
    proves.then_some(FoundSentence { tags: b"", inside, integrity: Integrity::Checksum })
}

/// The sentences of a line in order, and those that were refused between them.
pub(super) fn sentences(line: &[u8]) -> Result<Vec<Result<FoundSentence<'_>, BadFrame>>, BadFrame> {
    let line = trimmed(line);
    let sums = running_sums(line);
    let starts = |from: usize, to: usize| (from..to).filter(|at| matches!(line[*at], b'$' | b'!'));
    let last_star = line.iter().rposition(|byte| *byte == b'*');
    let (mut found, mut done, mut proven) = (Vec::new(), 0, false);
    for begin in starts(0, line.len()) {
        if begin < done || !is_address(&line[begin + 1..]) {
            continue;
        }
        let first_star = position(&line[begin..], b"*").map(|star| begin + star);
        let marks = first_star.into_iter().chain(last_star.filter(|star| *star > begin));
        let whole = marks.into_iter().find_map(|star| {
            let (stated, digits) = stated_sum(&line[star + 1..])?;
            let fits = |start: usize| sums[star] ^ sums[start + 1] == stated;
            // One time in 256 the beginning of a sentence that was cut fits to the whole one behind it.
            let is_cut =
                || starts(begin + 1, star).any(|start| fits(start) && is_address(&line[start + 1..]));
            (fits(begin) && !is_cut()).then_some((star, star + 1 + digits))
        });
        if let Some((star, end)) = whole {
            let (tags, inside) = (tags_before(&line[done..begin]), &line[begin + 1..star]);
            found.push(Ok(FoundSentence { tags, inside, integrity: Integrity::Checksum }));
            (done, proven) = (end, true);
        } else {
            found.push(Err(unproven(line, begin, &sums)));
        }
    }
    if proven {
        return Ok(found);
    }
    unproven_line(line, found).map(|sentence| vec![Ok(sentence)])
}

/// A line none of whose sentences proves itself: good if it is one sentence without any checksum.
fn unproven_line<'a>(
    line: &'a [u8],
    found: Vec<Result<FoundSentence<'a>, BadFrame>>,
) -> Result<FoundSentence<'a>, BadFrame> {
    let (tags, sentence) = line.split_at(tags_length(line));
    let noise = |what: &str| BadFrame::new(FrameFault::Noise, what);
    let refused = found.into_iter().find_map(Result::err);
    match sentence.strip_prefix(b"$").or(sentence.strip_prefix(b"!")) {
        Some(inside) if is_address(inside) && !inside.iter().any(|byte| b"*$!\\".contains(byte)) => {
            if !inside.iter().all(|byte| (b' '..=b'~').contains(byte)) {
                return Err(noise("bytes that no sentence has"));
            }
            Ok(FoundSentence { tags, inside, integrity: Integrity::None })
        }
        _ => Err(refused.unwrap_or_else(|| noise("no sentence"))),
    }
}

/// Why a sentence that begins here is refused.
fn unproven(line: &[u8], start: usize, sums: &[u8]) -> BadFrame {
    let end = position(&line[start + 1..], b"*$!").map(|end| start + 1 + end);
    let Some(star) = end.filter(|end| line[*end] == b'*') else {
        return BadFrame::new(FrameFault::Syntax, "a sentence without its end");
    };
    BadFrame::new(FrameFault::Checksum, refused_sum(&line[star + 1..], sums[star] ^ sums[start + 1]))
}

/// What is wrong with the checksum that stands here.
fn refused_sum(stated: &[u8], computed: u8) -> String {
    let word = |length: usize| {
        let letters = stated.iter().take(length).take_while(|byte| byte.is_ascii_graphic());
        letters.map(|letter| char::from(*letter)).collect::<String>()
    };
    match stated_sum(stated) {
        Some((sum, _)) if sum == computed => format!("*{computed:02X} fits a sentence inside as well"),
        Some((_, digits)) => format!("*{} stated, *{computed:02X} computed", word(digits)),
        None if word(1).is_empty() => format!("nothing behind the *, *{computed:02X} computed"),
        None => format!("*{} is no checksum, *{computed:02X} computed", word(LONGEST_SHOWN)),
    }
}

/// Where the first of these bytes is.
fn position(text: &[u8], bytes: &[u8]) -> Option<usize> {
    text.iter().position(|byte| bytes.contains(byte))
}

/// Without the blanks and NULs at both ends.
fn trimmed(line: &[u8]) -> &[u8] {
    let is_noise = |byte: &u8| *byte == 0 || byte.is_ascii_whitespace();
    let start = line.iter().position(|byte| !is_noise(byte)).unwrap_or(line.len());
    let end = line.iter().rposition(|byte| !is_noise(byte)).map_or(start, |last| last + 1);
    &line[start..end]
}

/// At each place the XOR of all bytes before it.
fn running_sums(line: &[u8]) -> Vec<u8> {
    let mut sum = 0;
    let sums = line.iter().map(|byte| {
        sum ^= byte;
        sum
    });
    std::iter::once(0).chain(sums).collect()
}

/// The checksum that stands here, of two hexadecimal digits or one, and how many digits it has; `None`: there is none.
fn stated_sum(text: &[u8]) -> Option<(u8, usize)> {
    let digit =
        |at: usize| char::from(*text.get(at)?).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (sum, digits) = match (digit(0)?, digit(1)) {
        (high, Some(low)) => (high << 4 | low, 2),
        (low, None) => (low, 1),
    };
    let more = text.get(digits).is_some_and(u8::is_ascii_alphanumeric);
    (!more).then_some((sum, digits))
}

/// Whether this begins as sentences do: letters and digits of an address, and then fields or nothing.
fn is_address(text: &[u8]) -> bool {
    let length = text.iter().take_while(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()).count();
    let ends = text.get(length).is_none_or(|byte| matches!(byte, b',' | b'*'));
    (3..=15).contains(&length) && text[0].is_ascii_uppercase() && ends
}

/// How long the TAG blocks are with which a line begins.
fn tags_length(line: &[u8]) -> usize {
    let mut length = 0;
    while let Some(rest) = line[length..].strip_prefix(b"\\") {
        let Some(end) = position(rest, b"\\") else { break };
        length += end + 2;
    }
    length
}

/// The TAG blocks that end right before a sentence.
fn tags_before(before: &[u8]) -> &[u8] {
    let mut start = before.len();
    while let Some(rest) = before[..start].strip_suffix(b"\\") {
        let Some(begin) = rest.iter().rposition(|byte| *byte == b'\\') else { break };
        start = begin;
    }
    &before[start..]
}

/// Whether the checksum of a TAG block, between its backslashes, holds; gives what stands before it.
pub(super) fn proven_tag(block: &[u8]) -> Option<&[u8]> {
    let star = block.iter().rposition(|byte| *byte == b'*')?;
    let sum = block[..star].iter().fold(0, |sum, byte| sum ^ byte);
    let (stated, digits) = stated_sum(&block[star + 1..])?;
    (stated == sum && star + 1 + digits == block.len()).then_some(&block[..star])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The insides that are found, with `-` before those that prove nothing; of refusals the class.
    fn found(line: &[u8]) -> Vec<String> {
        let shown = |part: Result<FoundSentence, BadFrame>| match part {
            Ok(found) => {
                let mark = if found.integrity == Integrity::None { "-" } else { "" };
                format!("{mark}{}", String::from_utf8_lossy(found.inside))
            }
            Err(bad) => bad.fault.as_str().to_owned(),
        };
        if let Some(alone) = alone(line).map(|found| shown(Ok(found))) {
            assert_eq!(sentences(line).unwrap().into_iter().map(shown).collect::<Vec<_>>(), [alone]);
        }
        match sentences(line) {
            Ok(parts) => parts.into_iter().map(shown).collect(),
            Err(bad) => vec![format!("! {}", bad.fault.as_str())],
        }
    }

    #[test]
    fn sentences_that_prove_themselves_are_found_anywhere() {
        for line in [
            &b"$GPHDT,123.4,T*31"[..],
            b"\0\0$GPHDT,123.4,T*31\r",
            b"user@boat:~$ $GPHDT,123.4,T*31",
            b"[info] gps: $GPHDT,123.4,T*31 (ok!)",
            b"\\s:lab,c:1784109601*56\\$GPHDT,123.4,T*31",
            b"+UUGIND: \"$GPHDT,123.4,T*31\"",
        ] {
            assert_eq!(found(line), ["GPHDT,123.4,T"], "{}", String::from_utf8_lossy(line));
        }
        assert_eq!(found(b"$GPHDT,123.4,T*31$GPHDT,123.5,T*30"), ["GPHDT,123.4,T", "GPHDT,123.5,T"]);
        assert_eq!(found(b"$GPHDT,12$GPHDT,123.5,T*30"), ["syntax", "GPHDT,123.5,T"]);
        assert_eq!(found(b"$GPHDT,123.4,T*32$GPHDT,123.5,T*30"), ["checksum", "GPHDT,123.5,T"]);
    }

    #[test]
    fn only_a_sentence_that_proves_itself_is_alone() {
        let is_alone = |line: &[u8]| alone(line).is_some();
        assert!(
            is_alone(b"$GPHDT,123.4,T*31") && is_alone(b"$GPGLL,6000.0000,N,02000.0000,E,101112.00,A,A*6f")
        );
        for other in [
            &b"$GPHDT,123.4,T*32"[..],
            b"$GPHDT,123.4,T*31 ",
            b"$GPHDT,39,T*8",
            b"$hdt,123.4,T*31",
            b"$GPHDT,12$GPHDT,123.5,T*30",
            b"$*00",
            b"",
        ] {
            assert!(!is_alone(other), "{}", String::from_utf8_lossy(other));
        }
        // A second beginning, and a second star, whose sums fit the whole.
        for line in ["GPHDT,1$GPHDT,T", "GPHDT,1*GPHDT,T"] {
            let sum = line.bytes().fold(0, |sum, byte| sum ^ byte);
            assert!(!is_alone(format!("${line}*{sum:02X}").as_bytes()), "{line}");
        }
    }

    #[test]
    fn checksums_have_two_digits_or_one_in_either_case() {
        assert_eq!(found(b"$GPHDT,1.0,T*0"), ["! checksum"]);
        assert_eq!(found(b"$GPHDT,39,T*8"), ["! checksum"]);
        assert_eq!(found(b"$GPGLL,6000.0000,N,02000.0000,E,101112.00,A,A*6f").len(), 1);
        for bad in [&b"$GPHDT,123.4,T*311"[..], b"$GPHDT,123.4,T*+1", b"$GPHDT,123.4,T*", b"$GPHDT,123.4,T*3"]
        {
            assert_eq!(found(bad), ["! checksum"], "{}", String::from_utf8_lossy(bad));
        }
    }

    #[test]
    fn a_refused_checksum_is_said_as_it_stands_there() {
        for (line, said) in [
            (&b"$GPHDT,123.4,T*2B"[..], "*2B stated, *31 computed"),
            (b"$GPHDT,123.4,T*8,1", "*8 stated, *31 computed"),
            (b"$GPHDT,123.4,T*2Bxyz", "*2Bxyz is no checksum, *31 computed"),
            (b"$GPHDT,123.4,T*31xyz and so on", "*31xyz is no checksum, *31 computed"),
            (b"$GPHDT,123.4,T*3112345678", "*31123456 is no checksum, *31 computed"),
            (b"$GPHDT,123.4,T*", "nothing behind the *, *31 computed"),
            (b"$GPHDT,123.4,T* 31", "nothing behind the *, *31 computed"),
        ] {
            let Err(bad) = sentences(line) else { panic!("{line:?}") };
            assert_eq!(bad.detail, said);
        }
    }

    #[test]
    fn a_sentence_that_proves_nothing_is_the_whole_line() {
        assert_eq!(found(b"$GPHDT,123.4,T"), ["-GPHDT,123.4,T"]);
        assert_eq!(found(b"\\s:lab*00\\$GPHDT,123.4,T"), ["-GPHDT,123.4,T"]);
        assert_eq!(found(b"> $GPHDT,123.4,T"), ["! syntax"]);
        assert_eq!(found(b"$GPHDT,123.4,T$GPHDT,123.4,T"), ["! syntax"]);
        assert_eq!(found(b"$GPHDT,123.4\x01,T"), ["! noise"]);
        assert_eq!(found(b"that costs $5, or $HEN"), ["! syntax"]);
        assert_eq!(found(b"$ gps on!"), ["! noise"]);
    }
}
