//! A device that is being read: its source and its reader as one, from the first byte to the last status.
//!
//! ```text
//! byte_source ── Opened, Bytes, Lost … ──→ reader ──→ readings, statuses
//!                                    └───────────────→ notices, for people
//! ```

mod live_source;

use std::{fs::File, io::Write, path::PathBuf, time::Duration};

use anyhow::Context;

pub use live_source::LiveSource;

use super::{
    byte_source::{ByteSource, OpenDelay, SourceEnd, SourceEvent, SourcePlan},
    clock,
    eighth_bit::EighthBit,
    port::address::DeviceAddress,
    reader::{DeviceReader, ReaderOptions, ReaderOutput},
    unread::UnreadReport,
};
use crate::{
    machine, object,
    record::reading::{ReadingClock, RecordStream, RecordTime},
    time::{Span, Time},
};

/// When it is told that nothing is read, in milliseconds after the device was opened.
const SILENCE: i64 = 10_000;

/// How long a device may say nothing at all without a word about it, in milliseconds.
const MOMENT: i64 = 1_000;

/// What is read, and how.
#[derive(Debug)]
pub struct SessionPlan {
    /// Where the bytes come from
    pub source: SourcePlan,
    /// What becomes of them
    pub reader: ReaderOptions,
    /// What numbers the records
    pub stream: RecordStream,
    /// Where the bytes are kept as they come; `None`: nowhere
    pub tee: Option<TeeFile>,
}

/// A file to which the bytes of a device are added.
#[derive(Debug)]
pub struct TeeFile {
    /// Its name, for messages
    pub path: PathBuf,
    /// The file
    pub file: File,
}

/// What came of reading.
#[derive(Debug, Default)]
pub struct SessionOutput {
    /// Records and bad frames
    pub records: Vec<ReaderOutput>,
    /// What people may want to know
    pub notices: Vec<SessionNotice>,
}

/// What happened to a source, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionNotice {
    /// It is read from here on, as this detail says
    Reading(String),
    /// It is there again, at this port
    Connected(String),
    /// It went away
    Disconnected(String),
    /// Another process holds it, as this says, and it is waited for a while
    Held(String),
    /// It cannot be opened, for this reason, and is waited for
    Awaited(String),
    /// Bytes were lost
    Gap,
    /// Nothing was read, or not all: why
    Unread(UnreadReport),
}

/// What a look at the source brought.
#[derive(Debug)]
pub enum SessionTurn {
    /// Nothing happened
    Quiet,
    /// Something did
    Event,
    /// Nothing will happen any more
    Ended(SourceEnd),
}

/// A device that is being read.
#[derive(Debug)]
pub struct DeviceSession {
    address: DeviceAddress,
    /// How its port is set, in words; `None`: it is no port that can be set
    settings: Option<String>,
    format: &'static str,
    source: ByteSource,
    reader: DeviceReader,
    tee: Option<TeeFile>,
    /// Whether the source was opened once, or its absence told
    started: bool,
    last_bytes: Span,
    /// The clock of a simulated device
    simulated: Option<Time>,
    /// Data bits of the port
    data_bits: u8,
    /// What is taken off bytes with more bits, as a pseudo-terminal or a pipe has them
    eighth_bit: EighthBit,
    /// What the device is sent when it was opened, or asked
    sent: Vec<u8>,
    /// When the device was opened first; `None`: it was not yet
    opened: Option<Span>,
    /// Whether it was told that nothing, or not all, is read
    told_unread: bool,
}

impl DeviceSession {
    /// Begins to read.
    pub fn start(plan: SessionPlan) -> Self {
        let SessionPlan { source, reader, stream, tee } = plan;
        let is_port = matches!(source.address, DeviceAddress::Path(_) | DeviceAddress::Usb { .. });
        Self {
            address: source.address.clone(),
            settings: is_port.then(|| source.settings.to_string()),
            format: reader.decoder.name,
            data_bits: source.settings.mode.data_bits,
            eighth_bit: EighthBit::new(source.settings.mode),
            sent: source.sent().to_vec(),
            source: ByteSource::start(source),
            reader: DeviceReader::new(reader, stream),
            tee,
            started: false,
            last_bytes: machine::up(),
            simulated: None,
            opened: None,
            told_unread: false,
        }
    }

    /// Takes what is here already.
    ///
    /// # Errors
    /// If the bytes cannot be kept.
    pub fn take(&mut self, out: &mut SessionOutput) -> anyhow::Result<SessionTurn> {
        match self.source.next(Duration::ZERO) {
            Some(event) => self.happened(event, out),
            None => Ok(SessionTurn::Quiet),
        }
    }

    /// Waits for what comes next, for so long at most. That nothing came may end a frame, and counts may be due.
    ///
    /// # Errors
    /// If the bytes cannot be kept.
    pub fn wait(&mut self, patience: Duration, out: &mut SessionOutput) -> anyhow::Result<SessionTurn> {
        let until_silence = self.until_silence().unwrap_or(patience);
        if let Some(event) = self.source.next(patience.min(until_silence)) {
            return self.happened(event, out);
        }
        self.quiet(out);
        Ok(SessionTurn::Quiet)
    }

    /// Says that reading ends, and why. A frame that has only begun is dropped, unless its input is at its end.
    pub fn stop(&mut self, why: &str, at_end: bool, out: &mut SessionOutput) {
        let now = self.now();
        if at_end {
            self.reader.end(now, &mut out.records);
        }
        if self.started {
            self.reader.stopped(why, now, &mut out.records);
        }
        if let Some(begun) = self.opened {
            self.tell_unread(begun, out);
        }
    }

    /// Whether bytes came, and none of them gave a reading.
    pub fn is_mute(&self) -> bool {
        self.reader.readings() == 0 && self.reader.has_bytes()
    }

    /// How many readings there were.
    pub fn readings(&self) -> u64 {
        self.reader.readings()
    }

    /// Whether there were as many as are wanted.
    pub fn is_done(&self) -> bool {
        self.reader.is_done()
    }

    /// How long until silence ends a frame; `None`: it ends none, or it is over.
    fn until_silence(&self) -> Option<Duration> {
        let left = self.last_bytes.millis() + self.reader.idle()?.millis() - machine::up().millis();
        (left > 0).then(|| Span::from_millis(left).to_std())
    }

    fn happened(&mut self, event: SourceEvent, out: &mut SessionOutput) -> anyhow::Result<SessionTurn> {
        match event {
            SourceEvent::Opened { port, time } => {
                self.simulated = time;
                self.opened(port, out);
            }
            SourceEvent::Bytes { bytes, time } => {
                self.simulated = time;
                self.bytes(&bytes, out)?;
                // Simulated devices pause after each frame, by a clock that does not wait for it.
                if time.is_some() {
                    self.reader.silence(self.now(), &mut out.records);
                }
            }
            SourceEvent::Asked(question) => self.reader.asked(question),
            SourceEvent::Gap(bytes) => {
                out.notices.push(SessionNotice::Gap);
                self.reader.gap(bytes, self.now(), &mut out.records);
            }
            SourceEvent::Lost(why) => {
                self.reader.disconnected(&why, self.now(), &mut out.records);
                out.notices.push(SessionNotice::Disconnected(why));
            }
            SourceEvent::Delayed(OpenDelay::Held(why)) => out.notices.push(SessionNotice::Held(why)),
            SourceEvent::Delayed(OpenDelay::Awaited(why)) => self.awaited(why, out),
            SourceEvent::Ended(end) => return Ok(SessionTurn::Ended(end)),
        }
        Ok(SessionTurn::Event)
    }

    fn bytes(&mut self, bytes: &[u8], out: &mut SessionOutput) -> anyhow::Result<()> {
        self.last_bytes = machine::up();
        if let Some(TeeFile { path, file }) = &mut self.tee {
            file.write_all(bytes).with_context(|| path.display().to_string())?;
        }
        let now = self.now();
        let bytes = self.eighth_bit.taken_off(bytes);
        self.reader.take(&bytes, now, &mut out.records);
        self.reader.tick(now, &mut out.records);
        self.look_at_unread(out);
        Ok(())
    }

    /// Tells once, after a while, that nothing is read, or not all.
    fn look_at_unread(&mut self, out: &mut SessionOutput) {
        let Some(opened) = self.opened.filter(|_| !self.told_unread) else { return };
        if machine::up().millis() - opened.millis() >= SILENCE {
            self.told_unread = true;
            self.tell_unread(opened, out);
        }
    }

    fn tell_unread(&self, opened: Span, out: &mut SessionOutput) {
        let report = self.reader.unread(self.data_bits, &self.sent);
        let is_line = matches!(
            self.address,
            DeviceAddress::Path(_) | DeviceAddress::Usb { .. } | DeviceAddress::Tcp(_)
        );
        let waited = machine::up().millis() - opened.millis() >= MOMENT;
        let is_mute = report.readings == 0 && (report.bytes > 0 || is_line && waited);
        if is_mute || !report.kinds.is_empty() || report.readings > 0 && !report.causes.is_empty() {
            out.notices.push(SessionNotice::Unread(report));
        }
    }

    fn opened(&mut self, port: String, out: &mut SessionOutput) {
        self.opened.get_or_insert_with(machine::up);
        if !self.started {
            return self.begin(&port, out);
        }
        self.reader.connected(&port, self.now(), &mut out.records);
        out.notices.push(SessionNotice::Connected(port));
    }

    /// The first record of the stream.
    fn begin(&mut self, port: &str, out: &mut SessionOutput) {
        self.started = true;
        let mut detail = object! { "port": port, "format": self.format };
        if let Some(settings) = &self.settings {
            detail.insert("settings", settings.as_str());
        }
        out.notices.push(SessionNotice::Reading(detail.to_canonical()));
        self.reader.started(self.now(), detail, &mut out.records);
    }

    /// The device cannot be opened yet, or not again. If it never was, its silence is explained all the same.
    fn awaited(&mut self, why: String, out: &mut SessionOutput) {
        if !self.started {
            self.begin(&self.address.to_string(), out);
            self.reader.disconnected(&why, self.now(), &mut out.records);
        }
        out.notices.push(SessionNotice::Awaited(why));
    }

    /// Nothing came: that may end a frame, and counts may be due.
    fn quiet(&mut self, out: &mut SessionOutput) {
        let (now, silent) = (self.now(), machine::up().millis() - self.last_bytes.millis());
        if self.reader.idle().is_some_and(|idle| silent >= idle.millis()) {
            self.reader.silence(now, &mut out.records);
        }
        if self.started {
            self.reader.tick(now, &mut out.records);
        }
        self.look_at_unread(out);
    }

    fn now(&self) -> RecordTime {
        match self.simulated {
            Some(time) => RecordTime { time: Some(time), up: 0, clock: ReadingClock::Device },
            None => clock::now(),
        }
    }
}

impl LiveSource for DeviceSession {
    fn take(&mut self, out: &mut SessionOutput) -> anyhow::Result<SessionTurn> {
        self.take(out)
    }

    fn wait(&mut self, patience: Duration, out: &mut SessionOutput) -> anyhow::Result<SessionTurn> {
        self.wait(patience, out)
    }

    fn stop(&mut self, why: &str, at_end: bool, out: &mut SessionOutput) {
        self.stop(why, at_end, out);
    }

    fn readings(&self) -> u64 {
        self.readings()
    }

    fn is_done(&self) -> bool {
        self.is_done()
    }

    fn is_mute(&self) -> bool {
        self.is_mute()
    }
}
