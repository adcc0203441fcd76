//! Decoders: each makes a reading's body of one frame, or says why it cannot.
//!
//! Each decoder is a file of its own, pure, with a picture of its bytes on top. What proves the frame whole
//! – checksum, CRC – is tested before anything is read from it. To add one, write the file and its line in
//! [`DECODERS`].
//!
//! What a decoder does not understand costs only itself: a frame whose integrity holds, or whose other parts are plain,
//! gives a reading of all that was understood, and the rest stands in its `undecoded`.

use std::{fmt, sync::Arc};

use crate::{record::reading::ReadingBody, time::Zone};

use super::{frame::Framing, port::mode::PortMode};

mod csv;
mod decimals;
mod digits_apart;
mod dsmr;
mod escape;
mod field_map;
mod iec62056;
mod json;
mod line_text;
mod named_values;
mod nmea;
mod obis;
mod placeholder;
mod raw;
mod scale;
mod sml;
mod text;
mod tic;
mod token;
mod unit_letters;
mod value_token;
mod vedirect;
mod versions;

pub use csv::CsvColumns;
pub use field_map::FieldMap;

use decimals::{decimal, number, rounded};

/// All decoders that there are.
pub const DECODERS: &[Decoder] = &[
    json::DECODER,
    text::DECODER,
    csv::DECODER,
    scale::DECODER,
    raw::DECODER,
    nmea::DECODER,
    dsmr::DECODER,
    iec62056::DECODER,
    vedirect::DECODER,
    tic::DECODER,
    sml::DECODER,
];

/// A format that some devices speak.
#[derive(Debug)]
pub struct Decoder {
    /// What `--format` calls it
    pub name: &'static str,
    /// One line for people
    pub about: &'static str,
    /// Its bytes as people see them, line by line, with what they mean behind them
    pub picture: &'static str,
    /// A line for a shell that reads the format, without a device where that is possible
    pub example: &'static str,
    /// How its frames are told apart, unless the user says otherwise
    pub framing: Framing,
    /// The speed of its devices in bits per second, unless the user says otherwise
    pub baud: u32,
    /// Data bits, parity and stop bits of its devices, unless the user says otherwise
    pub mode: PortMode,
    /// Whether half a frame can never pass for a whole one, even without checksum
    pub closed: bool,
    /// Reads one frame
    pub decode: DecodeFrame,
    /// Frames, and what they decode to
    pub fixtures: &'static [Fixture],
}

/// The formats whose values a map of the user renames, scales and gives units.
pub const MAPPED: &[&str] = &["text", "csv", "scale"];

impl Decoder {
    /// Whether a map of the user is for this format.
    pub fn takes_map(&self) -> bool {
        MAPPED.contains(&self.name)
    }

    /// The decoder of this name; `None`: there is none.
    pub fn named(name: &str) -> Option<&'static Self> {
        DECODERS.iter().find(|decoder| decoder.name == name)
    }

    /// The readings of one frame of a device of which nothing else is known, but for parts that were refused.
    ///
    /// # Errors
    /// If the whole frame is refused.
    pub fn readings(&self, frame: &[u8]) -> Result<Vec<ReadingBody>, BadFrame> {
        Ok((self.decode)(frame, &mut DecodeContext::default())?.readings())
    }
}

/// Reads one frame, with what is known besides it.
pub type DecodeFrame = fn(&[u8], &mut DecodeContext) -> Result<Decoded, BadFrame>;

/// What is known of a device besides the frame: from its user, and from earlier frames.
#[derive(Clone, Debug, Default)]
pub struct DecodeContext {
    /// Where the device's clock is set, if that says no zone itself; `None`: the user does not say
    pub zone: Option<Zone>,
    /// What the user says of the values
    pub map: Arc<FieldMap>,
    /// The columns of rows, by the user or by the last header
    pub columns: CsvColumns,
    /// Whether the frame may have lost its beginning
    pub may_be_cut: bool,
    /// Whether the lines before belong to a JSON object of several lines that is not over
    pub within_object: bool,
    /// The last lines of JSON, by which a flipped bit shows
    pub json_before: Vec<u8>,
}

impl DecodeContext {
    /// Bytes are missing here: nothing that has begun goes on behind them. What a device says once for all still holds.
    pub(super) fn interrupt(&mut self) {
        self.within_object = false;
    }
}

/// What a frame gave that was not refused.
#[derive(Clone, Debug, PartialEq)]
pub enum Decoded {
    /// A reading
    Reading(ReadingBody),
    /// Several, in their order, and what was refused between them
    Several(Vec<Result<ReadingBody, BadFrame>>),
    /// A good frame of a kind that is not read, by the name of the kind
    Unread(String),
}

impl Decoded {
    /// What was read, in order.
    pub fn readings(self) -> Vec<ReadingBody> {
        match self {
            Self::Reading(body) => vec![body],
            Self::Several(parts) => parts.into_iter().flatten().collect(),
            Self::Unread(_) => Vec::new(),
        }
    }
}

/// A frame, and what it must decode to.
#[derive(Debug)]
pub struct Fixture {
    /// The frame
    pub frame: &'static [u8],
    /// Canonical JSON of the values, and of what was not understood behind it where there is any, one line a reading; or
    /// the class of the fault
    pub gives: Result<&'static str, FrameFault>,
}

/// Why a frame was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadFrame {
    /// The class of the fault
    pub fault: FrameFault,
    /// The particulars
    pub detail: String,
    /// The first bytes of the frame, for those who look for what it is; empty: they were not kept
    pub begin: Vec<u8>,
}

impl BadFrame {
    /// A fault with its particulars.
    pub fn new(fault: FrameFault, detail: impl Into<String>) -> Self {
        Self { fault, detail: detail.into(), begin: Vec::new() }
    }
}

impl fmt::Display for BadFrame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.fault.as_str(), self.detail)
    }
}

/// The classes in which bad frames are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FrameFault {
    /// Not UTF-8
    Utf8,
    /// Not what the format says
    Syntax,
    /// No frame of the format at all, such as a boot message
    Noise,
    /// The checksum says that bytes changed
    Checksum,
    /// The CRC says that bytes changed
    Crc,
    /// Good, but proves less than `--require` asks
    Unproven,
    /// No end within the limit
    TooLong,
    /// Bytes outside frames, or a frame that another one interrupted
    Stray,
    /// The first bytes after opening, whose beginning may be missing
    PartialFirst,
    /// The last bytes before the end, whose end is missing
    PartialLast,
    /// A device that was asked said nothing in time
    NoAnswer,
    /// A frame that is not the answer to what was asked
    WrongAnswer,
    /// An answer that came after the next question
    Late,
    /// A question that is not ours: somebody else asks on the same bus
    OtherMaster,
    /// A device said that it does not answer
    Exception,
    /// An answer of a device that is not, or may not be, the one that is described
    OtherDevice,
}

impl FrameFault {
    /// The word in a `bad-frames` status.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "utf8",
            Self::Syntax => "syntax",
            Self::Noise => "noise",
            Self::Checksum => "checksum",
            Self::Crc => "crc",
            Self::Unproven => "unproven",
            Self::TooLong => "too-long",
            Self::Stray => "stray",
            Self::PartialFirst => "partial-first",
            Self::PartialLast => "partial-last",
            Self::NoAnswer => "no-answer",
            Self::WrongAnswer => "wrong-answer",
            Self::Late => "late",
            Self::OtherMaster => "other-master",
            Self::Exception => "exception",
            Self::OtherDevice => "other-device",
        }
    }
}

/// The CRC that ends a P1 telegram: CRC-16/ARC of all bytes from `/` through `!`.
pub(in crate::device) fn telegram_crc(telegram: &[u8]) -> u16 {
    dsmr::crc16(telegram)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::quantity;

    #[test]
    fn every_decoder_shows_a_good_and_a_bad_frame_and_reads_them_so() {
        for decoder in DECODERS {
            let name = decoder.name;
            assert!(decoder.fixtures.iter().any(|fixture| fixture.gives.is_ok()), "{name}: no good fixture");
            assert!(decoder.fixtures.iter().any(|fixture| fixture.gives.is_err()), "{name}: no bad fixture");
            for fixture in decoder.fixtures {
                let shown = String::from_utf8_lossy(fixture.frame);
                let gives = decoder.readings(fixture.frame).map(lines).map_err(|bad| bad.fault);
                assert_eq!(gives, fixture.gives.map(str::to_owned), "{name}: {shown}");
            }
        }
    }

    #[test]
    fn every_decoder_has_a_picture_and_a_line_to_try() {
        for Decoder { name, picture, example, .. } in DECODERS {
            assert!(!picture.is_empty() && picture.lines().all(|line| line.chars().count() <= 100), "{name}");
            assert!(!picture.ends_with('\n') && !picture.contains('\t'), "{name}: shown as it is");
            assert!(example.contains(&format!("--format {name}")) || example.contains("sim:"), "{name}");
        }
    }

    /// The readings as fixtures write them.
    fn lines(readings: Vec<ReadingBody>) -> String {
        let line = |body: ReadingBody| match body.undecoded.len() {
            0 => body.values.to_canonical(),
            _ => format!("{} {}", body.values, body.undecoded),
        };
        readings.into_iter().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn quantities_of_standard_formats_stand_in_the_table() {
        let own_names =
            |decoder: &&Decoder| matches!(decoder.name, "json" | "text" | "csv" | "raw" | "tic" | "vedirect");
        for decoder in DECODERS.iter().filter(|decoder| !own_names(decoder)) {
            for fixture in decoder.fixtures {
                let readings = decoder.readings(fixture.frame).unwrap_or_default();
                for (name, _) in readings.iter().flat_map(|body| body.values.iter()) {
                    let numbered = name.contains(|c: char| c.is_ascii_digit() || c == '.');
                    let of =
                        ["_status", "_suspect", "_sec_index"].iter().find_map(|end| name.strip_suffix(end));
                    let of = of.unwrap_or(name);
                    assert!(
                        quantity::is_known(name) || quantity::is_known(of) || numbered,
                        "{}: {name}",
                        decoder.name
                    );
                }
            }
        }
    }
}
