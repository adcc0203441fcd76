//! TAG blocks: who heard a sentence and when, as NMEA 0183 4.10 puts it before the sentence.
//!
//! ```text
//! \s:lab,c:1784109601*56\$GPHDT,123.4,T*31
//!  │     │            └ XOR of all bytes between \ and *
//!  │     └ seconds since 1970, or milliseconds
//!  └ source; d destination, t text; n, g, r number lines and groups
//! ```

use crate::{json::Value, record::reading::ReadingBody, time::Time};

use super::line::proven_tag;

/// The code under which a block is kept whose checksum fails.
const BLOCK: &str = "tag";

/// Adds what the TAG blocks before a sentence say.
pub(super) fn read(blocks: &[u8], body: &mut ReadingBody) {
    // Each block stands between two backslashes, so every second piece is what stands between blocks: nothing.
    for block in blocks.split(|byte| *byte == b'\\').filter(|block| !block.is_empty()) {
        match proven_tag(block) {
            Some(said) => said.split(|byte| *byte == b',').for_each(|field| read_field(field, body)),
            None => body.keep_undecoded(BLOCK, &String::from_utf8_lossy(block)),
        }
    }
}

fn read_field(field: &[u8], body: &mut ReadingBody) {
    let field = String::from_utf8_lossy(field);
    let (code, said) = field.split_once(':').unwrap_or((BLOCK, &field));
    match code {
        "c" => {
            let time = time(said).map(|time| Value::from(time.to_string()));
            let is_time = time.is_some();
            let name = body.add("tag_time", time);
            if !is_time {
                body.keep_undecoded(&name, said);
            }
        }
        "s" => drop(body.add("tag_source", said)),
        "d" => drop(body.add("tag_destination", said)),
        "t" => drop(body.add("tag_text", said)),
        BLOCK => body.keep_undecoded(BLOCK, said),
        code => body.keep_undecoded(&format!("tag_{code}"), said),
    }
}

/// Seconds since 1970 in ten digits, or milliseconds in thirteen: years from 2001 to 2286.
fn time(text: &str) -> Option<Time> {
    let number: i64 =
        Some(text).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?.parse().ok()?;
    match text.len() {
        10 => Time::from_millis(number * 1_000),
        13 => Time::from_millis(number),
        _ => None,
    }
}
