//! One run of a command that reads devices as they speak: from the source to standard output, until there is a reason to end.

mod people;

use std::time::Duration;

use super::{
    failure::{Ended, Outcome},
    port_words, signals,
    term::Term,
    unread_words,
};
use crate::{
    device::{
        byte_source::SourceEnd,
        decode::{BadFrame, FrameFault},
        port::{address::DeviceAddress, open_error::OpenError},
        reader::ReaderOutput,
        script,
        session::{LiveSource, SessionNotice, SessionOutput, SessionTurn},
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

/// When a run ends, and what messages say of it.
pub(crate) struct LiveLimits<'a> {
    /// What is read
    pub(crate) port: &'a DeviceAddress,
    /// How many readings were wanted; `None`: all
    pub(crate) count: Option<u64>,
    /// How long it goes on; `None`: until it is stopped
    pub(crate) duration: Option<Span>,
    /// How long it may be silent; `None`: for ever
    pub(crate) idle_timeout: Option<Span>,
    /// How long it waited for a port that another process holds
    pub(crate) wait: Span,
    /// Whether a bad frame ends it
    pub(crate) fail_on_bad: bool,
    /// What a bad frame is called
    pub(crate) bad: &'static str,
}

/// A run.
pub(crate) struct LiveRun<'a, S> {
    limits: LiveLimits<'a>,
    term: &'a mut Term,
    source: S,
    begun: Span,
    last_reading: Span,
    /// Who holds the port that is waited for; `None`: it was opened, or is held by nobody
    holder: Option<String>,
}

impl<'a, S: LiveSource> LiveRun<'a, S> {
    /// Begins a run: from here on signals end it in order.
    pub(crate) fn begin(
        limits: LiveLimits<'a>,
        term: &'a mut Term,
        start: impl FnOnce(&Term) -> anyhow::Result<S>,
    ) -> anyhow::Result<Self> {
        signals::hold_terminate();
        signals::hold_interrupt();
        let source = start(term)?;
        let begun = machine::up();
        Ok(Self { limits, term, source, begun, last_reading: begun, holder: None })
    }

    /// Goes on until there is a reason to end.
    pub(crate) fn run(mut self) -> anyhow::Result<Outcome> {
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
        self.source.stop(word, matches!(why, Why::Input | Why::Gone(_)), &mut out);
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
            SessionTurn::Ended(SourceEnd::Unopened(error)) => {
                let longer = port_words::longer_wait(self.limits.wait);
                return Err(port_words::unopened(self.limits.port, &error, Some(longer)));
            }
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
            () if self.source.is_done() => Some(Why::Count),
            () if signals::interrupted() => Some(Why::Interrupted),
            () if signals::terminated() => Some(Why::Terminated),
            () if over(self.begun, self.limits.duration) => Some(Why::Time),
            () if over(self.last_reading, self.limits.idle_timeout) => Some(Why::Idle),
            () => None,
        })
    }

    /// The next event. What was said so far is handed on before waiting for more.
    fn next(&mut self, out: &mut SessionOutput) -> anyhow::Result<SessionTurn> {
        match self.source.take(out)? {
            SessionTurn::Quiet => {
                self.term.flush()?;
                self.term.look_for_reader()?;
                self.source.wait(self.patience(), out)
            }
            turn => Ok(turn),
        }
    }

    /// How long to wait for an event: until something else is due.
    fn patience(&self) -> Duration {
        let up = machine::up().millis();
        let left = |since: Span, limit: Option<Span>| limit.map(|limit| since.millis() + limit.millis() - up);
        let due = [left(self.begun, self.limits.duration), left(self.last_reading, self.limits.idle_timeout)];
        let soonest = due.into_iter().flatten().min().unwrap_or(i64::MAX).max(1);
        LOOK.min(Span::from_millis(soonest).to_std())
    }

    fn tell(&mut self, notice: SessionNotice) {
        let port = self.limits.port;
        match notice {
            SessionNotice::Reading(detail) => {
                self.last_reading = machine::up();
                self.holder = None;
                self.term.detail(format!("reading {detail}"));
            }
            SessionNotice::Connected(at) => self.term.say(format!("{port}: connected: {at}")),
            SessionNotice::Disconnected(why) => self.term.say(format!("{port}: disconnected: {why}")),
            SessionNotice::Held(why) => {
                self.term.detail(format!("{port}: busy: {why}"));
                self.holder = Some(why);
            }
            SessionNotice::Awaited(why) => {
                self.holder = None;
                self.term.say(port_words::awaited(port, &why));
            }
            SessionNotice::Unread(report) => unread_words::tell(port, &report, self.term),
            SessionNotice::Gap => self.term.say(format!("{port}: bytes were lost: we are too slow")),
        }
    }

    /// Writes what was said, and hands it on.
    fn put(&mut self, out: SessionOutput) -> anyhow::Result<()> {
        // What was not read is told behind the bad frames that it explains.
        let is_last = |notice: &SessionNotice| matches!(notice, SessionNotice::Unread(_));
        let (last, notices): (Vec<_>, Vec<_>) = out.notices.into_iter().partition(is_last);
        for notice in notices {
            self.tell(notice);
        }
        self.put_records(out.records)?;
        for notice in last {
            self.tell(notice);
        }
        Ok(())
    }

    fn put_records(&mut self, out: Vec<ReaderOutput>) -> anyhow::Result<()> {
        if out.iter().any(|output| matches!(output, ReaderOutput::Reading(_) | ReaderOutput::Lines { .. })) {
            self.last_reading = machine::up();
        }
        for output in out {
            match output {
                ReaderOutput::Lines { text, .. } => self.term.text(&text)?,
                ReaderOutput::Reading(record) | ReaderOutput::Status(record) => self.write(&record)?,
                ReaderOutput::Bad { why, .. }
                    if self.limits.fail_on_bad
                        && !matches!(why.fault, FrameFault::PartialFirst | FrameFault::PartialLast) =>
                {
                    self.term.flush()?;
                    return Err(anyhow::anyhow!("{}", self.bad(&why)));
                }
                ReaderOutput::Bad { why, warn: true } => {
                    self.term.warn(self.bad(&why));
                }
                ReaderOutput::Bad { why, .. } => {
                    self.term.detail(self.bad(&why));
                }
            }
        }
        Ok(())
    }

    fn bad(&self, why: &BadFrame) -> String {
        let begin = match why.begin.as_slice() {
            [] => String::new(),
            _ if !self.term.verbose() => String::new(),
            begin => format!(": {}", script::escaped(begin)),
        };
        format!("{}: {}{why}{begin}", self.limits.port, self.limits.bad)
    }

    fn write(&mut self, record: &Object) -> anyhow::Result<()> {
        if self.term.human() {
            self.term.text(&people::line(record, &self.term.zone()))
        } else {
            self.term.data(record)
        }
    }

    fn outcome(self, why: Why) -> anyhow::Result<Outcome> {
        if let Some(holder) = self.holder.filter(|_| matches!(why, Why::Time | Why::Idle)) {
            let option = if matches!(why, Why::Time) { "--for" } else { "--idle-timeout" };
            let longer = port_words::longer_limit(option);
            return Err(port_words::unopened(self.limits.port, &OpenError::Busy(holder), Some(longer)));
        }
        let readings = self.source.readings();
        let late = |why: String| Err(Ended::error(Outcome::TimedOut, format!("{}: {why}", self.limits.port)));
        match why {
            Why::Count => Ok(Outcome::Yes),
            Why::Interrupted => Ok(Outcome::Interrupted),
            Why::Terminated => Ok(Outcome::Terminated),
            Why::Gone(why) => Err(anyhow::anyhow!("{}: disconnected: {why}", self.limits.port)),
            Why::Idle => late(format!("no reading for {}", self.limits.idle_timeout.unwrap_or_default())),
            Why::Time | Why::Input => match self.limits.count {
                Some(count) => late(format!("{readings} of {count} readings")),
                None if matches!(why, Why::Input) && self.source.is_mute() => Ok(Outcome::No),
                None if readings == 0 && self.limits.duration.is_some() => late("no reading".to_owned()),
                None => Ok(Outcome::Yes),
            },
        }
    }
}
