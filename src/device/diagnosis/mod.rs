//! Diagnosis: why bytes gave no reading, judged by the bytes alone. Pure.
//!
//! ```text
//! bytes that gave no reading → ByteSample → causes ─┬→ what `device read` says of its silence
//!                                                   └→ what `device doctor` proposes
//! ```
//!
//! A shape – a start sequence, a checksum that fits – beats a guess by how many bytes are printable.

mod parity;
mod sample;
pub mod shape;

pub use self::sample::ByteSample;

use std::borrow::Cow;

use self::shape::FormatShape;
use super::port::mode::PortMode;

/// How many bytes must have come before their kinds are counted.
const ENOUGH: usize = 16;

/// How many printable bytes without a line end are no line that has only begun.
const LONG_LINE: usize = 400;

/// How a device is read while its bytes give no reading.
#[derive(Clone, Copy, Debug)]
pub struct ReadingWay<'a> {
    /// The format in use, as `--format` calls it; `None`: none was chosen yet
    pub format: Option<&'a str>,
    /// Data bits of the port
    pub data_bits: u8,
    /// Whether frames are told apart by line feeds
    pub by_lines: bool,
    /// What the device was sent; empty: nothing
    pub sent: &'a [u8],
    /// The longest frame over the limit, in bytes; `None`: there was none
    pub too_long: Option<usize>,
}

/// A likely cause of bytes without readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LikelyCause {
    /// Nothing came at all
    Silence,
    /// All that came is what was sent
    Echo,
    /// The eighth bit is no data but a parity or stop bit, as in this mode
    SevenBits(PortMode),
    /// Lines end in CR, and no LF follows
    CarriageReturns,
    /// The lines of a telegram end in CR, and no LF follows
    TelegramReturns,
    /// Groups of TIC without the STX and ETX around them
    NoFrameMarks,
    /// Fields of VE.Direct without the one that ends a block
    NoChecksumField,
    /// A frame of so many bytes is over the limit
    TooLong(usize),
    /// JSON objects stand over several lines
    SpreadObjects,
    /// The bytes have the shape of another format
    OtherFormat(&'static FormatShape),
    /// Rows of so many values, above which no line names the columns
    NoColumnNames(usize),
    /// Numbers are written with a decimal comma
    DecimalCommas,
    /// Numbers are written with a comma, which may be decimal or stand between thousands
    UnsureCommas,
    /// Most bytes are in no text and no frame: another speed, most often
    WrongSpeed,
    /// Text without any line end
    NoLineEnd,
}

/// The likely causes, the most certain first; empty: the bytes show none.
pub fn causes(sample: &ByteSample, way: &ReadingWay) -> Vec<LikelyCause> {
    let bytes = sample.bytes();
    if bytes.is_empty() {
        return vec![LikelyCause::Silence];
    }
    if is_echo(bytes, way.sent) {
        return vec![LikelyCause::Echo];
    }
    let mut causes = Vec::new();
    let mut plain = Cow::Borrowed(bytes);
    if way.data_bits == 8
        && shape::of(bytes).is_none_or(|shape| !shape.proves)
        && let Some(mode) = parity::seven_bits(bytes)
    {
        causes.push(LikelyCause::SevenBits(mode));
        plain = bytes.iter().map(|byte| byte & 0x7f).collect();
    }
    let returns = way.by_lines && has_only_carriage_returns(&plain);
    if returns {
        causes.push(LikelyCause::CarriageReturns);
    }
    let shape = shape::of(&plain);
    if let Some(cause) = lacks(&plain, way) {
        causes.push(cause);
        return causes;
    }
    if let Some(shape) = shape.filter(|shape| Some(shape.format) != way.format) {
        causes.push(LikelyCause::OtherFormat(shape));
    }
    if shape.is_some_and(|shape| shape.format == "csv") {
        causes.extend(shape::unnamed_columns(&plain).map(LikelyCause::NoColumnNames));
    }
    if way.by_lines && shape::has_spread_objects(&plain) {
        causes.push(LikelyCause::SpreadObjects);
    }
    if shape::has_decimal_commas(&plain) {
        let is_sure = shape::has_sure_decimal_commas(&plain);
        causes.push(if is_sure { LikelyCause::DecimalCommas } else { LikelyCause::UnsureCommas });
    }
    if causes.is_empty() && (way.format == Some("raw") || !is_garbage(&plain)) {
        let ends = !way.by_lines || sample.ends_lines();
        causes.extend(way.too_long.filter(|_| ends).map(LikelyCause::TooLong));
    }
    if causes.is_empty() && shape.is_none() {
        causes.extend(guess(sample, &plain, way));
    }
    causes
}

/// What bytes lack that have the shape of the format in use but for it.
fn lacks(bytes: &[u8], way: &ReadingWay) -> Option<LikelyCause> {
    let has = |mark: u8| bytes.contains(&mark);
    match way.format? {
        "vedirect" if shape::has_unended_fields(bytes) => Some(LikelyCause::NoChecksumField),
        "tic" if !has(2) && !has(3) && is_shaped(bytes, "tic") => Some(LikelyCause::NoFrameMarks),
        format @ ("dsmr" | "iec62056") if has_only_carriage_returns(bytes) && is_shaped(bytes, format) => {
            Some(LikelyCause::TelegramReturns)
        }
        _ => None,
    }
}

fn is_shaped(bytes: &[u8], format: &str) -> bool {
    shape::of(bytes).is_some_and(|shape| shape.format == format)
}

/// What the kinds of bytes suggest where nothing has a shape.
fn guess(sample: &ByteSample, bytes: &[u8], way: &ReadingWay) -> Option<LikelyCause> {
    if bytes.len() >= ENOUGH && is_garbage(bytes) && way.format != Some("raw") {
        return Some(LikelyCause::WrongSpeed);
    }
    let no_end = way.by_lines && bytes.len() >= LONG_LINE && !sample.ends_lines();
    no_end.then_some(LikelyCause::NoLineEnd)
}

/// Whether a third of the bytes are in no text: neither ASCII, nor UTF-8, nor the degree and micro signs of
/// Latin-1.
pub fn is_garbage(bytes: &[u8]) -> bool {
    let mut strange = 0;
    for chunk in bytes.utf8_chunks() {
        let controls = chunk
            .valid()
            .bytes()
            .filter(|byte| byte.is_ascii_control() && !matches!(byte, b'\r' | b'\n' | b'\t' | 2..=4 | 0x1b));
        let beyond = chunk.invalid().iter().filter(|byte| !matches!(byte, 0xb0 | 0xb2 | 0xb3 | 0xb5 | 0xba));
        strange += controls.count() + beyond.count();
    }
    strange * 3 > bytes.len()
}

fn has_only_carriage_returns(bytes: &[u8]) -> bool {
    bytes.iter().filter(|byte| **byte == b'\r').nth(1).is_some() && !bytes.contains(&b'\n')
}

/// Whether bytes are what was sent, over and over, and perhaps the beginning of it once more.
fn is_echo(bytes: &[u8], sent: &[u8]) -> bool {
    !sent.is_empty() && bytes.len() >= sent.len() && bytes.iter().eq(sent.iter().cycle().take(bytes.len()))
}

#[cfg(test)]
mod tests;
