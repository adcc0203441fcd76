//! A bus that is polled, from its port to the records of its devices: each device has a stream of its own.
//!
//! ```text
//! poller ── Opened, Round, Lost … ──→ readings and statuses of each device
//!                              └─────→ notices, for people
//! ```

use std::time::Duration;

use super::{
    poll_plan::PollPlan,
    poller::{BusEvent, BusPoller},
    register_map::MapDevice,
    unit_poll::UnitRound,
};
use crate::{
    device::{
        bad_frames::BadFrames,
        byte_source::OpenDelay,
        clock,
        clock_watch::ClockWatch,
        decode::BadFrame,
        reader::{ReaderOutput, USUAL_LINE},
        session::{LiveSource, SessionNotice, SessionOutput, SessionTurn},
    },
    json::Object,
    object,
    record::reading::{RecordStream, RecordTime, SourceStatus},
};

/// A bus that is being polled.
#[derive(Debug)]
pub struct PollSession {
    poller: BusPoller,
    units: Vec<UnitRecords>,
    /// The address and the settings of the port, as the first status says them
    port: String,
    settings: String,
    /// Whether the bus was opened once, or its absence told
    started: bool,
    readings: u64,
    /// How many readings are wanted; `None`: all
    count: Option<u64>,
    /// Whether readings are wanted as lines of canonical JSON
    lines: bool,
}

/// The records of one device.
#[derive(Debug)]
struct UnitRecords {
    name: String,
    unit: u8,
    stream: RecordStream,
    bad_frames: BadFrames,
    clock: ClockWatch,
    /// Whether it said nothing when it was last asked
    is_silent: bool,
    readings: u64,
}

impl PollSession {
    /// Begins to poll. `streams` number the records of the devices, in their order.
    pub fn start(plan: PollPlan, streams: Vec<RecordStream>, count: Option<u64>, lines: bool) -> Self {
        let unit = |(device, stream): (&MapDevice, RecordStream)| UnitRecords {
            name: device.name.clone(),
            unit: device.unit,
            stream,
            bad_frames: BadFrames::default(),
            clock: ClockWatch::default(),
            is_silent: false,
            readings: 0,
        };
        Self {
            units: plan.devices.iter().zip(streams).map(unit).collect(),
            port: plan.source.address.to_string(),
            settings: plan.source.settings.to_string(),
            poller: BusPoller::start(plan),
            started: false,
            readings: 0,
            count,
            lines,
        }
    }

    /// Waits for what comes next, for so long at most. Counts of failures may be due meanwhile.
    pub fn wait(&mut self, patience: Duration, out: &mut SessionOutput) -> SessionTurn {
        let Some(event) = self.poller.next(patience) else {
            let now = clock::now();
            self.units.iter_mut().filter(|_| self.started).for_each(|unit| unit.tick(now, out));
            return SessionTurn::Quiet;
        };
        match event {
            BusEvent::Opened(port) => self.opened(port, out),
            BusEvent::Lost(why) => {
                self.units.iter_mut().for_each(|unit| unit.disconnected(&why, clock::now(), out));
                out.notices.push(SessionNotice::Disconnected(why));
            }
            BusEvent::Delayed(OpenDelay::Held(why)) => out.notices.push(SessionNotice::Held(why)),
            BusEvent::Delayed(OpenDelay::Awaited(why)) => self.awaited(why, out),
            BusEvent::Round { device, now, round } if !self.is_done() => {
                self.readings += u64::from(round.body.is_some());
                self.units[device].round(round, now, self.lines, out);
            }
            BusEvent::Round { .. } => {}
            BusEvent::Ended(end) => return SessionTurn::Ended(end),
        }
        SessionTurn::Event
    }

    /// Says that polling ends, and why.
    pub fn stop(&mut self, why: &str, out: &mut SessionOutput) {
        let now = clock::now();
        for unit in self.units.iter_mut().filter(|_| self.started) {
            unit.report_failures(now, out);
            let detail = object! { "why": why, "readings": unit.readings };
            unit.status(now, SourceStatus::Stopped, detail, out);
        }
    }

    /// How many readings there were, of all devices.
    pub fn readings(&self) -> u64 {
        self.readings
    }

    /// Whether there were as many as are wanted.
    pub fn is_done(&self) -> bool {
        self.count.is_some_and(|count| self.readings >= count)
    }

    fn opened(&mut self, port: String, out: &mut SessionOutput) {
        if !self.started {
            return self.begin(&port, out);
        }
        for unit in &mut self.units {
            unit.status(clock::now(), SourceStatus::Connected, object! { "port": port.as_str() }, out);
        }
        out.notices.push(SessionNotice::Connected(port));
    }

    fn begin(&mut self, port: &str, out: &mut SessionOutput) {
        self.started = true;
        let detail = object! { "port": port, "format": "modbus", "settings": self.settings.as_str() };
        out.notices.push(SessionNotice::Reading(detail.to_canonical()));
        for unit in &mut self.units {
            let mut detail = detail.clone();
            detail.insert("unit", u32::from(unit.unit));
            unit.clock.begin(clock::now());
            unit.status(clock::now(), SourceStatus::Started, detail, out);
        }
    }

    /// The bus cannot be opened yet, or not again. If it never was, its silence is explained all the same.
    fn awaited(&mut self, why: String, out: &mut SessionOutput) {
        if !self.started {
            self.begin(&self.port.clone(), out);
            self.units.iter_mut().for_each(|unit| unit.disconnected(&why, clock::now(), out));
        }
        out.notices.push(SessionNotice::Awaited(why));
    }
}

impl LiveSource for PollSession {
    fn take(&mut self, out: &mut SessionOutput) -> anyhow::Result<SessionTurn> {
        Ok(self.wait(Duration::ZERO, out))
    }

    fn wait(&mut self, patience: Duration, out: &mut SessionOutput) -> anyhow::Result<SessionTurn> {
        Ok(self.wait(patience, out))
    }

    fn stop(&mut self, why: &str, _: bool, out: &mut SessionOutput) {
        self.stop(why, out);
    }

    fn readings(&self) -> u64 {
        self.readings()
    }

    fn is_done(&self) -> bool {
        self.is_done()
    }

    fn is_mute(&self) -> bool {
        // A bus has no end of input.
        false
    }
}

impl UnitRecords {
    /// The unit was asked.
    fn round(&mut self, round: UnitRound, now: RecordTime, lines: bool, out: &mut SessionOutput) {
        self.tick(now, out);
        let was_silent = std::mem::replace(&mut self.is_silent, !round.is_there);
        match (was_silent, self.is_silent) {
            (false, true) => {
                let detail = object! { "why": "no answer", "unit": u32::from(self.unit) };
                self.status(now, SourceStatus::Disconnected, detail, out);
            }
            (true, false) => {
                let detail = object! { "unit": u32::from(self.unit) };
                self.status(now, SourceStatus::Connected, detail, out);
            }
            _ => {}
        }
        for fault in round.faults {
            self.bad(fault, now, out);
        }
        if let Some(body) = round.body {
            self.readings += 1;
            if !lines {
                return out.records.push(ReaderOutput::Reading(self.stream.reading(now, body, None)));
            }
            let write = |lines: &mut String| self.stream.write_reading(now, body, None, lines);
            ReaderOutput::add_line(&mut out.records, USUAL_LINE, write);
        }
    }

    fn bad(&mut self, BadFrame { fault, detail, .. }: BadFrame, now: RecordTime, out: &mut SessionOutput) {
        let why = BadFrame::new(fault, format!("unit {} ({}): {detail}", self.unit, self.name));
        let warn = self.bad_frames.count(fault, now.up);
        out.records.push(ReaderOutput::Bad { why, warn });
    }

    /// Time went by: the clock may have been set, and counts may be due.
    fn tick(&mut self, now: RecordTime, out: &mut SessionOutput) {
        if let Some(detail) = self.clock.look(now) {
            self.status(now, SourceStatus::Clock, detail, out);
        }
        if let Some(counts) = self.bad_frames.due(now.up) {
            self.status(now, SourceStatus::BadFrames, counts, out);
        }
    }

    fn disconnected(&mut self, why: &str, now: RecordTime, out: &mut SessionOutput) {
        self.report_failures(now, out);
        // It is there again when it answers again.
        self.is_silent = false;
        self.status(now, SourceStatus::Disconnected, object! { "why": why }, out);
    }

    fn report_failures(&mut self, now: RecordTime, out: &mut SessionOutput) {
        if let Some(counts) = self.bad_frames.take() {
            self.status(now, SourceStatus::BadFrames, counts, out);
        }
    }

    fn status(&mut self, now: RecordTime, status: SourceStatus, detail: Object, out: &mut SessionOutput) {
        out.records.push(ReaderOutput::Status(self.stream.status(now, status, detail)));
    }
}
