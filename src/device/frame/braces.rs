//! Objects of JSON that may stand over several lines: from a brace to the one that closes it.
//!
//! ```text
//! boot ok
//! {                  opens: nothing before it says that it is a part of something
//!   "a": {"b": 1},   a brace behind a colon, or within a list, is of the same object
//!   "c": 2
//! {"a": …            any other brace begins a new object: the one before lost its end
//! ```
//!
//! A text does not go on behind the end of its line, so a lost quotation mark costs no more than its own object.

use super::{Cut, OwnFraming};

pub(super) const FRAMING: OwnFraming =
    OwnFraming { name: "braces", cut, opens: |held| held.first() == Some(&b'{') };

fn cut(before: Option<u8>, held: &[u8]) -> Cut {
    match held.iter().position(|byte| *byte == b'{') {
        Some(0) if before.is_some_and(leads) => Cut::Skip(1),
        Some(0) => object(held),
        Some(at) => Cut::Skip(if held[..at].trim_ascii_end().last().copied().is_some_and(leads) {
            at + 1
        } else {
            at
        }),
        // The byte that tells what a brace behind it is stays.
        None => match held.trim_ascii_end().len() {
            0 => Cut::Skip(held.len()),
            1 if leads(held[0]) => Cut::More,
            length if leads(held[length - 1]) => Cut::Skip(length - 1),
            _ => Cut::Skip(held.len()),
        },
    }
}

/// Whether a brace behind this byte is a part of something.
fn leads(byte: u8) -> bool {
    matches!(byte, b':' | b',' | b'[')
}

/// What begins with a brace.
fn object(held: &[u8]) -> Cut {
    match held[1..].iter().find(|byte| !byte.is_ascii_whitespace()) {
        None => return Cut::More,
        Some(b'"' | b'}') => {}
        Some(_) => return Cut::Skip(1),
    }
    let (mut open, mut in_text, mut last) = (Vec::new(), false, b' ');
    let mut at = 0;
    while at < held.len() {
        let byte = held[at];
        match byte {
            b'\\' if in_text => at += 1,
            b'"' | b'\n' if in_text => in_text = false,
            _ if in_text => {}
            b'"' => in_text = true,
            b'{' if !open.is_empty() && !belongs(last, open.last() == Some(&b'[')) => return Cut::Skip(at),
            b'{' | b'[' => open.push(byte),
            b'}' | b']' => drop(open.pop()),
            _ => {}
        }
        if open.is_empty() {
            return Cut::Frame(at + 1);
        }
        if !byte.is_ascii_whitespace() {
            last = byte;
        }
        at += 1;
    }
    Cut::More
}

/// Whether a brace behind this byte is a part of the object or list that is open.
fn belongs(last: u8, in_list: bool) -> bool {
    if in_list { matches!(last, b'[' | b',') } else { last == b':' }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::frame::{Frame, Framer, Framing};

    /// Whole frames, and how many bytes lay outside, whatever the chunks are.
    fn frames(text: &str) -> (Vec<String>, usize) {
        let cut = |size: usize| {
            let (mut found, mut stray) = (Vec::new(), 0);
            let mut framer = Framer::new(Framing::Own(&FRAMING), 100);
            let mut each = |frame: Frame| match frame {
                Frame::Whole(frame) => found.push(String::from_utf8_lossy(frame).into_owned()),
                Frame::Stray(count) | Frame::TooLong(count) => stray += count,
                Frame::Tail(tail) => stray += tail.len(),
                Frame::Malformed(_) => unreachable!(),
            };
            text.as_bytes().chunks(size).for_each(|chunk| framer.push(chunk, &mut each));
            framer.finish(&mut each);
            (found, stray)
        };
        let whole = cut(text.len());
        (1..12).for_each(|size| assert_eq!(cut(size), whole, "{text} in chunks of {size}"));
        whole
    }

    #[test]
    fn objects_are_whole_over_any_lines() {
        for (text, objects) in [
            ("{\"a\":1}\r\n{\"a\":2}\r\n", &["{\"a\":1}", "{\"a\":2}"][..]),
            (
                "{\n \"a\": {\n  \"b\": 1\n },\n \"c\": [{}, {\"d\":\n2}]\n}\n",
                &["{\n \"a\": {\n  \"b\": 1\n },\n \"c\": [{}, {\"d\":\n2}]\n}"],
            ),
            ("{\"a\":1}{\"a\":2}", &["{\"a\":1}", "{\"a\":2}"]),
            ("boot {ok}\n{ \"a\": \"}\\\"{\" } 130\n", &["{ \"a\": \"}\\\"{\" }"]),
            ("{}", &["{}"]),
        ] {
            assert_eq!(frames(text).0, objects, "{text}");
        }
    }

    #[test]
    fn a_broken_object_costs_only_itself() {
        let good = "{\n\"a\": 2\n}";
        for broken in [
            "{\n\"a\": 1\n",
            "{\n\"a\": 1,\n",
            "{\n\"b\": {\n\"c\": 1\n}\n",
            "{\n\"a\": \"x\n",
            "{\n\"a\": [1, 2\n",
            "\"b\": {\"c\": 1},\n\"a\": 1\n}\n",
            "\"b\":\n{\n\"c\": 1\n}\n}\n",
            "{ main\n",
            "{\n\"a\": 1\n}}\n",
        ] {
            let (found, stray) = frames(&format!("{broken}{good}\n{good}\n"));
            assert!(found.ends_with(&[good.to_owned(), good.to_owned()]), "{broken}: {found:?}");
            assert!(found.iter().all(|object| !object.contains("\"c\"")), "{broken}: {found:?}");
            assert!(stray > 0 || found.len() > 2, "{broken}: nothing says that something was lost");
        }
    }

    #[test]
    fn an_object_without_end_is_thrown_away_at_the_limit() {
        let long = format!("{{\"a\": [{}", "1,".repeat(200));
        let (found, stray) = frames(&format!("{long}\n{{\"a\": 2}}\n{{\"a\": 3}}\n"));
        assert_eq!(found.last().map(String::as_str), Some("{\"a\": 3}"));
        assert!(stray >= long.len(), "{stray}");
    }
}
