//! One run of `device read`: from the source through the reader to standard output, until there is a reason
//! to end.

use std::{
    fs::{File, OpenOptions},
    io::Write,
    path::Path,
    time::Duration,
};

use anyhow::Context;

use super::{Args, people, setup, typed};
use crate::{
    cli::{
        failure::{Ended, Hint, Outcome},
        moment::MeantBy,
        signals,
        term::Term,
    },
    device::{
        address::DeviceAddress,
        byte_source::{ByteSource, SourceEnd, SourceEvent},
        clock,
        decode::FrameFault,
        open_error::OpenError,
        reader::{DeviceReader, ReaderOutput},
    },
    json::Object,
    machine, object,
    record::reading::{ReadingClock, RecordTime},
    time::{Span, Time},
};

/// How often a session that waits looks at signals and clocks.
const LOOK: Duration = Duration::from_millis(200);

/// Why a session ends.
enum Why {
    Count,
    Time,
    Idle,
    Input,
    Gone(String),
    Interrupted,
    Terminated,
}

pub(super) struct Session<'a> {
    args: &'a Args,
    term: &'a mut Term,
    source: ByteSource,
    reader: DeviceReader,
    tee: Option<File>,
    /// Whether the source was opened once
    started: bool,
    begun: Span,
    last_reading: Span,
    last_bytes: Span,
    /// The clock of a simulated device
    simulated: Option<Time>,
}

/// A file in messages.
fn shown(path: Option<&Path>) -> String {
    path.map_or_else(String::new, |path| path.display().to_string())
}

impl<'a> Session<'a> {
    pub(super) fn begin(args: &'a Args, term: &'a mut Term) -> anyhow::Result<Self> {
        signals::hold_terminate();
        signals::hold_interrupt();
        let tee = args.tee.as_ref().map(|path| {
            let file = OpenOptions::new().append(true).create(true).open(path);
            file.with_context(|| path.display().to_string())
        });
        let tee = tee.transpose()?;
        let seed = match args.seed {
            Some(seed) => seed,
            None => typed::random_number()?,
        };
        let reader = DeviceReader::new(setup::options(args, !term.human()), setup::stream(args, seed)?);
        let start = args.start.map(|start| start.start(&MeantBy::here(term))).transpose()?;
        let source = ByteSource::start(setup::plan(args, start, seed));
        let begun = machine::up();
        Ok(Self {
            args,
            term,
            source,
            reader,
            tee,
            started: false,
            begun,
            last_reading: begun,
            last_bytes: begun,
            simulated: None,
        })
    }

    pub(super) fn run(mut self) -> anyhow::Result<Outcome> {
        let why = loop {
            if let Some(why) = self.reason()? {
                break why;
            }
        };
        let mut out = Vec::new();
        if matches!(why, Why::Input | Why::Gone(_)) {
            self.reader.end(self.now(), &mut out);
        }
        let word = match &why {
            Why::Count => "count",
            Why::Time => "time",
            Why::Idle => "idle",
            Why::Input => "end of input",
            Why::Gone(_) => "device gone",
            Why::Interrupted => "interrupted",
            Why::Terminated => "terminated",
        };
        if self.started {
            self.reader.stopped(word, self.now(), &mut out);
        }
        self.put(out)?;
        self.term.flush()?;
        self.outcome(why)
    }

    /// Waits for one event, deals with it, and looks whether it is time to end.
    fn reason(&mut self) -> anyhow::Result<Option<Why>> {
        let mut out = Vec::new();
        let why = if let Some(event) = self.next()? {
            self.happened(event, &mut out)?
        } else {
            self.quiet(&mut out);
            None
        };
        self.put(out)?;
        if why.is_some() {
            return Ok(why);
        }
        let up = machine::up();
        let over = |since: Span, limit: Option<Span>| {
            limit.is_some_and(|limit| up.millis() - since.millis() >= limit.millis())
        };
        Ok(match () {
            () if self.reader.is_done() => Some(Why::Count),
            () if signals::interrupted() => Some(Why::Interrupted),
            () if signals::terminated() => Some(Why::Terminated),
            () if over(self.begun, self.args.duration) => Some(Why::Time),
            () if over(self.last_reading, self.args.idle_timeout) => Some(Why::Idle),
            () => None,
        })
    }

    /// The next event. What was said so far is handed on before waiting for more.
    fn next(&mut self) -> anyhow::Result<Option<SourceEvent>> {
        if let event @ Some(_) = self.source.next(Duration::ZERO) {
            return Ok(event);
        }
        self.term.flush()?;
        Ok(self.source.next(self.patience()))
    }

    /// How long to wait for an event: until something else is due.
    fn patience(&self) -> Duration {
        let up = machine::up().millis();
        let left = |since: Span, limit: Option<Span>| limit.map(|limit| since.millis() + limit.millis() - up);
        let due = [
            left(self.begun, self.args.duration),
            left(self.last_reading, self.args.idle_timeout),
            left(self.last_bytes, self.reader.idle()).filter(|left| *left > 0),
        ];
        let soonest = due.into_iter().flatten().min().unwrap_or(i64::MAX).max(1);
        LOOK.min(Span::from_millis(soonest).to_std())
    }

    fn happened(&mut self, event: SourceEvent, out: &mut Vec<ReaderOutput>) -> anyhow::Result<Option<Why>> {
        match event {
            SourceEvent::Opened { port, time } => {
                self.simulated = time;
                self.opened(&port, out);
            }
            SourceEvent::Bytes { bytes, time } => {
                self.simulated = time;
                self.last_bytes = machine::up();
                if let Some(tee) = &mut self.tee {
                    tee.write_all(&bytes).with_context(|| shown(self.args.tee.as_deref()))?;
                }
                let now = self.now();
                self.reader.take(&bytes, now, out);
                self.reader.tick(now, out);
            }
            SourceEvent::Gap(bytes) => {
                self.term.say(format!("{}: bytes were lost: we are too slow", self.args.port));
                self.reader.gap(bytes, self.now(), out);
            }
            SourceEvent::Lost(why) => {
                self.term.say(format!("{}: disconnected: {why}", self.args.port));
                self.reader.disconnected(&why, self.now(), out);
            }
            SourceEvent::Awaited(why) => self.awaited(&why, out),
            SourceEvent::Ended(SourceEnd::Input) => return Ok(Some(Why::Input)),
            SourceEvent::Ended(SourceEnd::Gone(why)) => return Ok(Some(Why::Gone(why))),
            SourceEvent::Ended(SourceEnd::Unopened(error)) => return Err(self.unopened(error)),
        }
        Ok(None)
    }

    fn opened(&mut self, port: &str, out: &mut Vec<ReaderOutput>) {
        if self.started {
            self.term.say(format!("{}: connected: {port}", self.args.port));
            return self.reader.connected(port, self.now(), out);
        }
        self.start(port, out);
        self.last_reading = machine::up();
    }

    /// The first record of the stream.
    fn start(&mut self, port: &str, out: &mut Vec<ReaderOutput>) {
        self.started = true;
        let mut detail = object! { "port": port, "format": self.args.decoder().name };
        if matches!(self.args.port, DeviceAddress::Path(_) | DeviceAddress::Usb { .. }) {
            detail.insert("settings", setup::settings(self.args).to_string());
        }
        self.term.detail(format!("reading {detail}"));
        self.reader.started(self.now(), detail, out);
    }

    /// The device cannot be opened yet, or not again. If it never was, its silence is explained all the same.
    fn awaited(&mut self, why: &str, out: &mut Vec<ReaderOutput>) {
        let port = &self.args.port;
        self.term
            .say(format!("{port}: {why}; waiting for it (foil device ports lists the ports that there are)"));
        if !self.started {
            self.start(&port.to_string(), out);
            self.reader.disconnected(why, self.now(), out);
        }
    }

    /// Nothing came: that may end a frame, and counts may be due.
    fn quiet(&mut self, out: &mut Vec<ReaderOutput>) {
        let silent = machine::up().millis() - self.last_bytes.millis();
        if self.reader.idle().is_some_and(|idle| silent >= idle.millis()) {
            self.reader.silence(self.now(), out);
        }
        if self.started {
            self.reader.tick(self.now(), out);
        }
    }

    fn now(&self) -> RecordTime {
        match self.simulated {
            Some(time) => RecordTime { time: Some(time), up: 0, clock: ReadingClock::Device },
            None => clock::now(),
        }
    }

    /// Writes what was said, and hands it on.
    fn put(&mut self, out: Vec<ReaderOutput>) -> anyhow::Result<()> {
        if out.is_empty() {
            return Ok(());
        }
        if out.iter().any(|output| matches!(output, ReaderOutput::Reading(_) | ReaderOutput::Line(_))) {
            self.last_reading = machine::up();
        }
        for output in out {
            match output {
                ReaderOutput::Line(line) => self.term.text(&line)?,
                ReaderOutput::Reading(record) | ReaderOutput::Status(record) => self.write(&record)?,
                ReaderOutput::Bad { why, .. }
                    if self.args.bad == "fail"
                        && !matches!(why.fault, FrameFault::PartialFirst | FrameFault::PartialLast) =>
                {
                    self.term.flush()?;
                    return Err(anyhow::anyhow!("{}: bad frame: {why}", self.args.port));
                }
                ReaderOutput::Bad { why, warn: true } => {
                    self.term.warn(format!("{}: bad frame: {why}", self.args.port));
                }
                ReaderOutput::Bad { why, .. } => {
                    self.term.detail(format!("{}: bad frame: {why}", self.args.port));
                }
            }
        }
        Ok(())
    }

    fn write(&mut self, record: &Object) -> anyhow::Result<()> {
        if self.term.human() {
            self.term.text(&people::line(record, &self.term.zone()))
        } else {
            self.term.data(record)
        }
    }

    fn unopened(&self, error: OpenError) -> anyhow::Error {
        let port = &self.args.port;
        match error {
            OpenError::Busy(why) => Ended::error(Outcome::Busy, format!("{port}: busy: {why}"))
                .hint(format!("--wait waits longer than {}", self.args.wait)),
            OpenError::Absent(why) => {
                anyhow::anyhow!("{port}: {why}").hint("foil device ports lists the ports that there are")
            }
            OpenError::Forbidden => anyhow::anyhow!("{port}: permission denied").hint(
                "ports belong to a group, often dialout: sudo usermod -aG dialout $USER, then log in again",
            ),
            OpenError::Mismatch(why) => {
                anyhow::anyhow!("{port}: {why}").hint("--allow-mismatch reads all the same")
            }
            OpenError::Other(why) => anyhow::anyhow!("{port}: {why}"),
        }
    }

    fn outcome(&self, why: Why) -> anyhow::Result<Outcome> {
        let readings = self.reader.readings();
        let late = |why: String| Err(Ended::error(Outcome::TimedOut, format!("{}: {why}", self.args.port)));
        match why {
            Why::Count => Ok(Outcome::Yes),
            Why::Interrupted => Ok(Outcome::Interrupted),
            Why::Terminated => Ok(Outcome::Terminated),
            Why::Gone(why) => Err(anyhow::anyhow!("{}: disconnected: {why}", self.args.port)),
            Why::Idle => late(format!("no reading for {}", self.args.idle_timeout.unwrap_or_default())),
            Why::Time | Why::Input => match self.args.count {
                Some(count) => late(format!("{readings} of {count} readings")),
                None if readings == 0 && self.args.duration.is_some() => late("no reading".to_owned()),
                None => Ok(Outcome::Yes),
            },
        }
    }
}
