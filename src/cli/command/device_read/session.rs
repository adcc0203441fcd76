//! One run of `device read`: from the source through the reader to standard output, until there is a reason
//! to end.

use std::time::Duration;

use super::{Args, people, setup};
use crate::{
    cli::{
        failure::{Ended, Hint, Outcome},
        signals,
        term::Term,
    },
    device::{
        byte_source::SourceEnd,
        decode::FrameFault,
        open_error::OpenError,
        reader::ReaderOutput,
        session::{DeviceSession, SessionNotice, SessionOutput, SessionTurn},
    },
    json::Object,
    machine,
    time::Span,
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
    device: DeviceSession,
    begun: Span,
    last_reading: Span,
}

impl<'a> Session<'a> {
    pub(super) fn begin(args: &'a Args, term: &'a mut Term) -> anyhow::Result<Self> {
        signals::hold_terminate();
        signals::hold_interrupt();
        let device = DeviceSession::start(setup::plan(args, !term.human(), term)?);
        let begun = machine::up();
        Ok(Self { args, term, device, begun, last_reading: begun })
    }

    pub(super) fn run(mut self) -> anyhow::Result<Outcome> {
        let why = loop {
            if let Some(why) = self.reason()? {
                break why;
            }
        };
        let word = match &why {
            Why::Count => "count",
            Why::Time => "time",
            Why::Idle => "idle",
            Why::Input => "end of input",
            Why::Gone(_) => "device gone",
            Why::Interrupted => "interrupted",
            Why::Terminated => "terminated",
        };
        let mut out = SessionOutput::default();
        self.device.stop(word, matches!(why, Why::Input | Why::Gone(_)), &mut out);
        self.put(out)?;
        self.term.flush()?;
        self.outcome(why)
    }

    /// Waits for one event, deals with it, and looks whether it is time to end.
    fn reason(&mut self) -> anyhow::Result<Option<Why>> {
        let mut out = SessionOutput::default();
        let why = match self.next(&mut out)? {
            SessionTurn::Quiet | SessionTurn::Event => None,
            SessionTurn::Ended(SourceEnd::Input) => Some(Why::Input),
            SessionTurn::Ended(SourceEnd::Gone(why)) => Some(Why::Gone(why)),
            SessionTurn::Ended(SourceEnd::Unopened(error)) => return Err(self.unopened(error)),
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
            () if self.device.is_done() => Some(Why::Count),
            () if signals::interrupted() => Some(Why::Interrupted),
            () if signals::terminated() => Some(Why::Terminated),
            () if over(self.begun, self.args.duration) => Some(Why::Time),
            () if over(self.last_reading, self.args.idle_timeout) => Some(Why::Idle),
            () => None,
        })
    }

    /// The next event. What was said so far is handed on before waiting for more.
    fn next(&mut self, out: &mut SessionOutput) -> anyhow::Result<SessionTurn> {
        match self.device.take(out)? {
            SessionTurn::Quiet => {
                self.term.flush()?;
                self.device.wait(self.patience(), out)
            }
            turn => Ok(turn),
        }
    }

    /// How long to wait for an event: until something else is due.
    fn patience(&self) -> Duration {
        let up = machine::up().millis();
        let left = |since: Span, limit: Option<Span>| limit.map(|limit| since.millis() + limit.millis() - up);
        let due = [left(self.begun, self.args.duration), left(self.last_reading, self.args.idle_timeout)];
        let soonest = due.into_iter().flatten().min().unwrap_or(i64::MAX).max(1);
        LOOK.min(Span::from_millis(soonest).to_std())
    }

    fn tell(&mut self, notice: SessionNotice) {
        let port = &self.args.port;
        match notice {
            SessionNotice::Reading(detail) => {
                self.last_reading = machine::up();
                self.term.detail(format!("reading {detail}"));
            }
            SessionNotice::Connected(at) => self.term.say(format!("{port}: connected: {at}")),
            SessionNotice::Disconnected(why) => self.term.say(format!("{port}: disconnected: {why}")),
            SessionNotice::Awaited(why) => self.term.say(format!(
                "{port}: {why}; waiting for it (foil device ports lists the ports that there are)"
            )),
            SessionNotice::Gap => self.term.say(format!("{port}: bytes were lost: we are too slow")),
        }
    }

    /// Writes what was said, and hands it on.
    fn put(&mut self, out: SessionOutput) -> anyhow::Result<()> {
        out.notices.into_iter().for_each(|notice| self.tell(notice));
        let out = out.records;
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
        let readings = self.device.readings();
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
