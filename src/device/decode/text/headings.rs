//! What stands in front of several names and tells them from those of another place.
//!
//! ```text
//! Indoor: T=21 H=40 Outdoor: T=5    Indoor_T, Indoor_H, Outdoor_T
//! Probe 2: t=5      prev: t=5       Probe_2_t, prev_t: not the t of another line
//! Sending: t=5      Packet 17: t=5  t: they say something of the line
//! Hum: Temp: 21                     Temp: a name whose value is missing, rather than a heading
//! ```

use crate::json::JsonText;

use super::{levels, word_kinds::is_name_word};

/// As many words have a heading at most: more are a sentence.
const MOST: usize = 3;

/// Words by which programs say what they do with a line, count lines, or name themselves.
const OF_LINE: &[&str] = &[
    "sending",
    "send",
    "sent",
    "receiving",
    "received",
    "receive",
    "recv",
    "rx",
    "tx",
    "data",
    "reading",
    "readings",
    "measurement",
    "measurements",
    "result",
    "results",
    "value",
    "values",
    "log",
    "msg",
    "message",
    "payload",
    "packet",
    "frame",
    "report",
    "sample",
    "update",
    "publish",
    "published",
    "publishing",
    "print",
    "output",
    "event",
    "line",
    "seq",
    "cycle",
    "loop",
    "iteration",
    "run",
    "test",
    "main",
    "setup",
    "root",
    "app",
    "task",
    "serial",
    "uart",
    "mqtt",
    "wifi",
    "lora",
    "http",
    "system",
    "json",
    "text",
    "record",
    "entry",
    "time",
    "ok",
    "at",
    "no",
    "nr",
    "n",
];

/// The beginning of the names behind a heading; `None`: it tells them from nothing.
pub(super) fn of(words: &[&str]) -> Option<JsonText> {
    let begins = words.first().is_some_and(|word| word.starts_with(char::is_alphabetic));
    let is_plain =
        |word: &&str| is_name_word(word) && !word.starts_with(['(', '[']) && !word.ends_with([')', ']']);
    let says_of_line = |word: &&str| {
        let word = word.trim_end_matches(|c: char| c.is_ascii_digit());
        OF_LINE.iter().any(|other| other.eq_ignore_ascii_case(word)) || levels::is_level(word)
    };
    if !begins || words.len() > MOST || !words.iter().all(is_plain) || words.iter().any(says_of_line) {
        return None;
    }
    let mut heading = JsonText::default();
    for word in words {
        heading.push_str(word);
        heading.push_str("_");
    }
    Some(heading)
}
