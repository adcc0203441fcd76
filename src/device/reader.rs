//! The reader: makes records of a device's bytes. Pure: its caller has the port and the clock.
//!
//! ```text
//! bytes ── frame ── decode ──→ reading           counted on one stream with
//! opened, silent, unplugged, clock set ──→ status
//! ```
//!
//! After opening, the first frame counts only if it shows by itself that nothing of it is missing.

mod decoding;
mod waiting;

use self::{decoding::Decoding, waiting::WaitingBytes};
use super::{
    bad_frames::BadFrames,
    clock_watch::ClockWatch,
    decode::{BadFrame, DecodeContext, Decoder},
    diagnosis::{self, LikelyCause, ReadingWay},
    frame::{Frame, Framer, Framing},
    unread::{UnreadInput, UnreadReport},
};
use crate::{
    json::Object,
    object,
    record::reading::{Integrity, RecordStream, RecordTime, SourceStatus},
    time::Span,
};

/// How many bytes of a frame that gave no reading are shown.
const SHOWN: usize = 48;

/// Whether readings carry their frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RawFrame {
    /// They do not
    None,
    /// Its SHA-256
    Hash,
    /// The bytes, in base64
    Full,
}

/// How a device is read.
#[derive(Clone, Debug)]
pub struct ReaderOptions {
    /// What frames mean
    pub decoder: &'static Decoder,
    /// What the user says of the device
    pub context: DecodeContext,
    /// How frames are told apart
    pub framing: Framing,
    /// The longest frame, in bytes
    pub max_frame: usize,
    /// What a frame must prove about itself
    pub require: Integrity,
    /// Whether readings carry their frame
    pub raw: RawFrame,
    /// Whether the first bytes may be the end of a frame that began before the source was opened, as on ports
    pub joined_late: bool,
    /// How many readings are wanted: later frames are not looked at; `None`: all
    pub count: Option<u64>,
    /// Whether it is not said that reading begins and ends: for those who read once in a while
    pub brief: bool,
    /// Whether readings are wanted as lines of canonical JSON, which is quicker
    pub lines: bool,
}

/// One thing that the reader made of bytes or events.
#[derive(Clone, Debug, PartialEq)]
pub enum ReaderOutput {
    /// A reading of the device
    Reading(Object),
    /// The same of several in a row, as lines of canonical JSON with their line feeds
    Lines {
        /// The lines
        text: String,
        /// How many there are
        count: usize,
    },
    /// Something happened to the source
    Status(Object),
    /// A frame was refused
    Bad {
        /// The reason
        why: BadFrame,
        /// Whether to warn about it: once a class and minute
        warn: bool,
    },
}

impl ReaderOutput {
    /// How many readings, statuses or bad frames this is.
    pub fn count(&self) -> usize {
        if let Self::Lines { count, .. } = self { *count } else { 1 }
    }

    /// The same one by one: each line by itself.
    pub fn one_by_one(self) -> Vec<Self> {
        match self {
            Self::Lines { text, count } if count > 1 => {
                let alone = |line: &str| Self::Lines { text: line.to_owned(), count: 1 };
                text.split_inclusive('\n').map(alone).collect()
            }
            alone => vec![alone],
        }
    }

    /// Adds a line to those that were said last, or begins with it: a string for each would cost more than what is written
    /// into it. `room` is for how many bytes there is room at once where it begins.
    pub(super) fn add_line(out: &mut Vec<Self>, room: usize, write: impl FnOnce(&mut String)) {
        if let Some(Self::Lines { text, count }) = out.last_mut() {
            write(text);
            *count += 1;
            return;
        }
        let mut text = String::with_capacity(room);
        write(&mut text);
        out.push(Self::Lines { text, count: 1 });
    }
}

/// How long a line is, about.
pub(super) const USUAL_LINE: usize = 512;

/// Reads one device.
#[derive(Debug)]
pub struct DeviceReader {
    framer: Framer,
    decoding: Decoding,
    waiting: WaitingBytes,
}

impl DeviceReader {
    /// A reader whose records go to a stream.
    pub fn new(options: ReaderOptions, stream: RecordStream) -> Self {
        let framer = Framer::new(options.framing.clone(), options.max_frame);
        let first = options.joined_late;
        let (bad_frames, unread) = (BadFrames::default(), UnreadInput::default());
        let decoding = Decoding {
            options,
            stream,
            bad_frames,
            unread,
            first,
            question: Vec::new(),
            clock: ClockWatch::default(),
            readings: 0,
            room: USUAL_LINE,
        };
        Self { framer, decoding, waiting: WaitingBytes::default() }
    }

    /// How long silence must be to end a frame; `None`: silence ends none.
    pub fn idle(&self) -> Option<Span> {
        self.framer.idle()
    }

    /// The device was opened for the first time.
    pub fn started(&mut self, now: RecordTime, detail: Object, out: &mut Vec<ReaderOutput>) {
        self.decoding.clock.begin(now);
        if !self.decoding.options.brief {
            self.decoding.report(now, SourceStatus::Started, detail, out);
        }
    }

    /// Bytes arrived.
    pub fn take(&mut self, bytes: &[u8], now: RecordTime, out: &mut Vec<ReaderOutput>) {
        self.decoding.look_at_clock(now, out);
        let decoding = &mut self.decoding;
        decoding.unread.sample.add(bytes);
        self.framer.push(bytes, &mut |frame| decoding.frame(frame, now, out));
        self.waiting.came(now.up);
        self.waiting.look(self.framer.has_skipped(), now.up);
    }

    /// The device is asked this. If nothing came of it yet, what comes next is no half frame, but an answer; the question
    /// itself, which some devices send back, is no frame.
    pub fn asked(&mut self, question: Vec<u8>) {
        self.decoding.first &= !self.framer.is_empty();
        self.decoding.question = question;
    }

    /// The line has been silent for [`DeviceReader::idle`].
    pub fn silence(&mut self, now: RecordTime, out: &mut Vec<ReaderOutput>) {
        let decoding = &mut self.decoding;
        self.framer.silence(&mut |frame| decoding.frame(frame, now, out));
    }

    /// Time went by: the clock may have been set, bytes may have waited in vain, and bad frames may be due.
    pub fn tick(&mut self, now: RecordTime, out: &mut Vec<ReaderOutput>) {
        self.decoding.look_at_clock(now, out);
        self.give_up(now, out);
        if let Some(counts) = self.decoding.bad_frames.due(now.up) {
            self.decoding.report(now, SourceStatus::BadFrames, counts, out);
        }
    }

    /// Says what has waited too long for the frame that would have told what it was. Of what a user says where frames
    /// end, the next end tells, however late.
    fn give_up(&mut self, now: RecordTime, out: &mut Vec<ReaderOutput>) {
        let (decoding, waiting) = (&mut self.decoding, &mut self.waiting);
        let mut each = |frame: Frame| decoding.frame(frame, now, out);
        if waiting.is_over(now.up) && self.framer.has_marks() {
            self.framer.finish(&mut each);
        } else if waiting.is_due(now.up) {
            self.framer.take_skipped(&mut each);
        }
        waiting.look(self.framer.has_skipped(), now.up);
    }

    /// The device went away.
    pub fn disconnected(&mut self, why: &str, now: RecordTime, out: &mut Vec<ReaderOutput>) {
        self.end(now, out);
        self.decoding.report(now, SourceStatus::Disconnected, object! { "why": why }, out);
    }

    /// The device is there again.
    pub fn connected(&mut self, port: &str, now: RecordTime, out: &mut Vec<ReaderOutput>) {
        self.decoding.first = self.decoding.options.joined_late;
        self.decoding.report(now, SourceStatus::Connected, object! { "port": port }, out);
    }

    /// Bytes of the device were lost, so what follows may begin in the middle of a frame. `None`: it is not known
    /// how many.
    pub fn gap(&mut self, bytes: Option<u64>, now: RecordTime, out: &mut Vec<ReaderOutput>) {
        self.end(now, out);
        self.decoding.first = true;
        self.decoding.report(now, SourceStatus::Gap, object! { "bytes": bytes }, out);
    }

    /// The input ended: decodes what is left of it, and reports the bad frames up to here.
    pub fn end(&mut self, now: RecordTime, out: &mut Vec<ReaderOutput>) {
        let decoding = &mut self.decoding;
        self.framer.finish(&mut |frame| decoding.frame(frame, now, out));
        decoding.report_bad_frames(now, out);
    }

    /// Reading stops in order. A frame that is on its way is dropped, unless nothing was read before it: then it is all
    /// that there is to say. What is known to be no frame, or has not gone on for a while, is lost and is counted.
    pub fn stopped(&mut self, why: &str, now: RecordTime, out: &mut Vec<ReaderOutput>) {
        let decoding = &mut self.decoding;
        let is_lost = decoding.readings == 0 || self.waiting.is_quiet(now.up);
        let mut each = |frame: Frame| decoding.frame(frame, now, out);
        if is_lost {
            self.framer.finish(&mut each);
        } else {
            self.framer.take_skipped(&mut each);
        }
        self.decoding.report_bad_frames(now, out);
        let detail = object! { "why": why, "readings": self.readings() };
        if !self.decoding.options.brief {
            self.decoding.report(now, SourceStatus::Stopped, detail, out);
        }
    }

    /// Whether bytes came.
    pub fn has_bytes(&self) -> bool {
        self.decoding.unread.sample.total() > 0
    }

    /// Why there are no readings, or not of all frames. `data_bits` are those of the port, `sent` is what the device was
    /// sent.
    pub fn unread(&self, data_bits: u8, sent: &[u8]) -> UnreadReport {
        let Decoding { unread, options, readings, .. } = &self.decoding;
        let (sample, format) = (&unread.sample, Some(options.decoder.name));
        let by_lines = options.framing == Framing::Line;
        let way = ReadingWay { format, data_bits, by_lines, sent, too_long: unread.too_long };
        let mut causes = diagnosis::causes(sample, &way);
        let form = options.context.map.form();
        let asks_for_commas = form.decimal == ',' || form.thousands == Some(',');
        let is_comma =
            |cause: &LikelyCause| matches!(cause, LikelyCause::DecimalCommas | LikelyCause::UnsureCommas);
        causes.retain(|cause| !is_comma(cause) || !asks_for_commas);
        if *readings > 0 {
            causes.retain(|cause| match cause {
                LikelyCause::OtherFormat(shape) => shape.proves && unread.refused > *readings,
                cause => is_comma(cause) || matches!(cause, LikelyCause::TooLong(_)),
            });
        }
        UnreadReport {
            readings: *readings,
            bytes: sample.total(),
            begin: begin_of(sample.bytes()),
            causes,
            kinds: unread.kinds(),
            takes_map: options.decoder.takes_map(),
        }
    }

    /// How many readings there were.
    pub fn readings(&self) -> u64 {
        self.decoding.readings
    }

    /// Whether there were as many as are wanted.
    pub fn is_done(&self) -> bool {
        self.decoding.options.count.is_some_and(|count| self.decoding.readings >= count)
    }
}

/// The first bytes of a frame, enough to see what it is.
fn begin_of(frame: &[u8]) -> Vec<u8> {
    frame[..frame.len().min(SHOWN)].to_vec()
}

#[cfg(test)]
mod tests;
