//! Frames made readings: one frame after the other is decoded, doubted, dated and numbered.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{RawFrame, ReaderOptions, ReaderOutput, USUAL_LINE, begin_of};
use crate::{
    device::{
        bad_frames::BadFrames,
        clock_watch::ClockWatch,
        dating,
        decode::{BadFrame, Decoded, FrameFault},
        frame::{Frame, Framing},
        question::is_echo,
        unread::UnreadInput,
    },
    hash::Hash,
    json::Object,
    record::reading::{Integrity, ReadingBody, RecordStream, RecordTime, SourceStatus},
};

/// All of a reader but its framer, which lends its bytes while a frame is decoded.
#[derive(Debug)]
pub(super) struct Decoding {
    pub(super) options: ReaderOptions,
    pub(super) stream: RecordStream,
    pub(super) bad_frames: BadFrames,
    pub(super) unread: UnreadInput,
    /// Whether the next frame is the first after opening
    pub(super) first: bool,
    /// What the device was asked last; empty: nothing
    pub(super) question: Vec<u8>,
    pub(super) clock: ClockWatch,
    pub(super) readings: u64,
    /// How many bytes the lines had that were said in a row last
    pub(super) room: usize,
}

impl Decoding {
    pub(super) fn frame(&mut self, frame: Frame, now: RecordTime, out: &mut Vec<ReaderOutput>) {
        if self.options.count.is_some_and(|count| self.readings >= count) {
            return;
        }
        if matches!(frame, Frame::Whole(bytes) if is_echo(bytes, &self.question)) {
            return;
        }
        let first = std::mem::take(&mut self.first);
        if first {
            self.options.context.interrupt();
        }
        let whole = matches!(frame, Frame::Whole(_));
        match frame {
            Frame::Whole(bytes) => self.decode(bytes, first.then_some(FrameFault::PartialFirst), now, out),
            Frame::Tail(bytes) => self.decode(bytes, Some(FrameFault::PartialLast), now, out),
            Frame::TooLong(bytes) => {
                self.unread.too_long = self.unread.too_long.max(Some(bytes));
                self.refuse(refusal(FrameFault::TooLong, bytes, "bytes without an end"), now, out);
            }
            Frame::Stray(bytes) if first => {
                self.refuse(refusal(FrameFault::PartialFirst, bytes, "bytes before a beginning"), now, out);
            }
            Frame::Stray(bytes) => {
                self.refuse(refusal(FrameFault::Stray, bytes, "bytes of no whole frame"), now, out);
            }
            Frame::Malformed(bytes) => {
                self.refuse(refusal(FrameFault::Syntax, bytes, "bytes with a wrong escape"), now, out);
            }
        }
        if !whole {
            self.options.context.interrupt();
        }
    }

    /// Decodes one frame. `suspect` is the fault of a frame that does not show by itself that it is whole; `None`:
    /// it needs not show that.
    fn decode(
        &mut self,
        frame: &[u8],
        suspect: Option<FrameFault>,
        now: RecordTime,
        out: &mut Vec<ReaderOutput>,
    ) {
        self.options.context.may_be_cut = suspect == Some(FrameFault::PartialFirst);
        match (self.options.decoder.decode)(frame, &mut self.options.context) {
            Ok(Decoded::Reading(body)) => self.keep(body, frame, suspect, now, out),
            Ok(Decoded::Several(parts)) => {
                for part in parts {
                    match part {
                        Ok(body) => self.keep(body, frame, suspect, now, out),
                        Err(bad) => self.refuse(BadFrame { begin: begin_of(frame), ..bad }, now, out),
                    }
                }
            }
            Ok(Decoded::Unread(kind)) => self.unread.count(kind),
            Err(bad) => {
                let (fault, begin) = (suspect.unwrap_or(bad.fault), begin_of(frame));
                self.refuse(BadFrame { fault, begin, ..bad }, now, out);
            }
        }
    }

    /// Makes a reading of what a frame said, if that proves enough.
    fn keep(
        &mut self,
        mut body: ReadingBody,
        frame: &[u8],
        suspect: Option<FrameFault>,
        now: RecordTime,
        out: &mut Vec<ReaderOutput>,
    ) {
        if self.options.count.is_some_and(|count| self.readings >= count) {
            return;
        }
        if let Some(bad) = self.doubt(&body, suspect) {
            return self.refuse(BadFrame { begin: begin_of(frame), ..bad }, now, out);
        }
        dating::date(&mut body, now);
        let raw = match self.options.raw {
            RawFrame::None => None,
            RawFrame::Hash => Some(Hash::of(frame).to_string()),
            RawFrame::Full => Some(STANDARD.encode(frame)),
        };
        self.readings += 1;
        if !self.options.lines {
            return out.push(ReaderOutput::Reading(self.stream.reading(now, body, raw)));
        }
        let (stream, room) = (&mut self.stream, &mut self.room);
        ReaderOutput::add_line(out, (*room).max(USUAL_LINE), |lines| {
            stream.write_reading(now, body, raw, lines);
            *room = lines.len();
        });
    }

    /// Why a body is not to be believed; `None`: it is.
    fn doubt(&self, body: &ReadingBody, suspect: Option<FrameFault>) -> Option<BadFrame> {
        if let Some(fault) = suspect
            && body.integrity == Integrity::None
            && !self.is_closed()
        {
            return Some(BadFrame::new(fault, "may be half a frame"));
        }
        let (proves, asked) = (body.integrity.as_str(), self.options.require.as_str());
        (body.integrity < self.options.require)
            .then(|| BadFrame::new(FrameFault::Unproven, format!("proves {proves}, {asked} is required")))
    }

    /// Whether a frame that is read is whole. An object between braces may be a part of one whose beginning was not heard.
    fn is_closed(&self) -> bool {
        let ReaderOptions { decoder, framing, .. } = &self.options;
        decoder.closed && (!matches!(framing, Framing::Own(_)) || *framing == decoder.framing)
    }

    fn refuse(&mut self, why: BadFrame, now: RecordTime, out: &mut Vec<ReaderOutput>) {
        self.unread.refused += 1;
        let warn = self.bad_frames.count(why.fault, now.up);
        out.push(ReaderOutput::Bad { why, warn });
    }

    pub(super) fn report_bad_frames(&mut self, now: RecordTime, out: &mut Vec<ReaderOutput>) {
        if let Some(counts) = self.bad_frames.take() {
            self.report(now, SourceStatus::BadFrames, counts, out);
        }
    }

    pub(super) fn report(
        &mut self,
        now: RecordTime,
        status: SourceStatus,
        detail: Object,
        out: &mut Vec<ReaderOutput>,
    ) {
        out.push(ReaderOutput::Status(self.stream.status(now, status, detail)));
    }

    /// Reports what happened to a clock of the machine.
    pub(super) fn look_at_clock(&mut self, now: RecordTime, out: &mut Vec<ReaderOutput>) {
        if self.stream.has_machine()
            && let Some(detail) = self.clock.look(now)
        {
            self.report(now, SourceStatus::Clock, detail, out);
        }
    }
}

fn refusal(fault: FrameFault, bytes: usize, what: &str) -> BadFrame {
    BadFrame::new(fault, format!("{bytes} {what}"))
}
