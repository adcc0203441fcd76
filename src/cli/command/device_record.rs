//! `foil device record`: the bytes of a device, with their times, into a file.

mod recording_file;

use std::{path::PathBuf, time::Duration};

use clap_complete::engine::ArgValueCompleter;

use self::recording_file::RecordingFile;
use super::device_read::{
    port_options::{PortOptions, PortPatience},
    typed,
};
use crate::{
    cli::{
        Example,
        failure::{Ended, Outcome},
        paste, port_words, signals,
        term::Term,
    },
    device::{
        byte_source::{ByteSource, OpenDelay, SourceEnd, SourceEvent, SourcePlan},
        clock,
        port::{address::DeviceAddress, mode::PortMode, open_error::OpenError},
        recording::{RecordedEvent, RecordedLine},
        simulated::SimulatedDevice,
    },
    machine,
    time::Span,
};

pub(crate) const EXAMPLES: &[Example] = &[
    Example {
        does: "keep ten seconds of what a meter says, byte by byte",
        line: "foil device record /dev/ttyUSB0 --baud 9600 --mode 7E1 --for 10s -o telegrams.rec",
    },
    Example {
        does: "a few seconds of a simulated device",
        line: "foil device record sim:gps --for 3s -o gps.rec",
    },
];

/// The settings of a port unless the user says otherwise.
const BAUD: u32 = 9_600;
const MODE: PortMode = PortMode::M8N1;

/// How often a recording looks at signals and the clock.
const LOOK: Duration = Duration::from_millis(200);

/// The pauses before a device that went away is looked for again.
const BACKOFF: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(10));

/// How often a simulated device speaks.
const PAUSE: Duration = Duration::from_secs(1);

/// Record the bytes of a device, with their times
///
/// Writes one JSON object a line: a head with the port and its settings, then the bytes as they come, in base64, with the
/// milliseconds since then. Nothing is decoded, so nothing is lost; device replay plays it again. A file that is there is added to. It ends with
/// --for, SIGINT or SIGTERM; a device that goes away is waited for.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// /dev/…, usb:VID:PID[:SERIAL], tcp://HOST:PORT, - for standard input, or sim:KIND
    #[arg(value_name = "PORT", add = ArgValueCompleter::new(typed::complete_port))]
    port: DeviceAddress,

    /// Add to this file [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// End after this time; with 124 if nothing came
    #[arg(long = "for", value_name = "DURATION", value_parser = typed::span)]
    duration: Option<Span>,

    #[command(flatten)]
    options: PortOptions,

    #[command(flatten)]
    patience: PortPatience,

    /// Send this whenever the device was opened: text with \r \n \t \\ \xHH
    #[arg(long, value_name = "BYTES", value_parser = typed::bytes, help_heading = "Port")]
    send: Option<std::sync::Arc<[u8]>>,

    /// End with 2 when the device goes away, or is not there
    #[arg(long, help_heading = "Port")]
    no_reconnect: bool,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    signals::hold_terminate();
    signals::hold_interrupt();
    let file = RecordingFile::open(args.output.as_deref())?;
    let mut source = ByteSource::start(plan(args)?);
    let begun = machine::up();
    let mut recording = Recording { args, term, file, begun, opened: None, holder: None, bytes: 0 };
    loop {
        let event = source.next(LOOK);
        if let Some(event) = event
            && let Some(end) = recording.happened(event)?
        {
            recording.told();
            return match end {
                SourceEnd::Input => Ok(Outcome::Yes),
                SourceEnd::Gone(why) => Err(anyhow::anyhow!("{}: disconnected: {why}", args.port)),
                SourceEnd::Unopened(error) => {
                    let longer = port_words::longer_wait(args.patience.wait);
                    Err(port_words::unopened(&args.port, &error, Some(longer)))
                }
            };
        }
        if let Some(outcome) = recording.over() {
            recording.told();
            return outcome;
        }
    }
}

fn plan(args: &Args) -> anyhow::Result<SourcePlan> {
    let simulated = match &args.port {
        DeviceAddress::Simulated(kind) => {
            Some((SimulatedDevice::new(kind, typed::random_number()?, None, None), PAUSE))
        }
        _ => None,
    };
    Ok(SourcePlan {
        address: args.port.clone(),
        settings: args.options.settings(BAUD, MODE),
        wait: args.patience.wait.to_std(),
        backoff: (!args.no_reconnect).then_some(BACKOFF),
        patient: false,
        send: args.send.as_deref().unwrap_or_default().to_vec(),
        ask: None,
        simulated,
    })
}

struct Recording<'a> {
    args: &'a Args,
    term: &'a mut Term,
    file: RecordingFile,
    begun: Span,
    /// When the device was opened first; `None`: it was not yet
    opened: Option<Span>,
    /// Who holds the port that is waited for; `None`: it was opened, or is held by nobody
    holder: Option<String>,
    bytes: u64,
}

impl Recording<'_> {
    fn happened(&mut self, event: SourceEvent) -> anyhow::Result<Option<SourceEnd>> {
        let port = &self.args.port;
        match event {
            SourceEvent::Opened { port: name, .. } if self.opened.is_none() => {
                (self.opened, self.holder) = (Some(machine::up()), None);
                self.begin(name)?;
            }
            SourceEvent::Opened { port: name, .. } => {
                self.term.say(format!("{port}: connected: {name}"));
                self.event(RecordedEvent::Connected)?;
            }
            SourceEvent::Bytes { bytes, .. } => {
                self.bytes += bytes.len() as u64;
                let at = self.at();
                self.file.bytes(at, &bytes, self.term)?;
            }
            SourceEvent::Asked(_) => {}
            SourceEvent::Gap(_) => {
                self.term.say(format!("{port}: bytes were lost: we are too slow"));
                self.event(RecordedEvent::Gap)?;
            }
            SourceEvent::Lost(why) => {
                self.term.say(format!("{port}: disconnected: {why}"));
                self.event(RecordedEvent::Disconnected)?;
            }
            SourceEvent::Delayed(OpenDelay::Held(why)) => self.holder = Some(why),
            SourceEvent::Delayed(OpenDelay::Awaited(why)) => {
                self.holder = None;
                self.term.say(port_words::awaited(port, &why));
            }
            SourceEvent::Ended(end) => return Ok(Some(end)),
        }
        Ok(None)
    }

    fn begin(&mut self, port: String) -> anyhow::Result<()> {
        let is_set = matches!(self.args.port, DeviceAddress::Path(_) | DeviceAddress::Usb { .. });
        let head = RecordedLine::Head {
            port,
            settings: is_set.then(|| self.args.options.settings(BAUD, MODE).to_string()),
            started: clock::now().time,
        };
        self.file.line(&head, self.term)
    }

    fn event(&mut self, event: RecordedEvent) -> anyhow::Result<()> {
        let at = self.at();
        self.file.line(&RecordedLine::Event { at, event }, self.term)
    }

    /// Milliseconds since the device was opened first.
    fn at(&self) -> u64 {
        let opened = self.opened.unwrap_or(self.begun);
        u64::try_from(machine::up().millis() - opened.millis()).unwrap_or(0)
    }

    /// How it ends if it is over; `None`: it goes on.
    fn over(&self) -> Option<anyhow::Result<Outcome>> {
        if signals::interrupted() {
            return Some(Ok(Outcome::Interrupted));
        }
        if signals::terminated() {
            return Some(Ok(Outcome::Terminated));
        }
        let limit = self.args.duration?;
        if machine::up().millis() - self.begun.millis() < limit.millis() {
            return None;
        }
        if let Some(holder) = &self.holder {
            let longer = port_words::longer_limit("--for");
            let error = OpenError::Busy(holder.clone());
            return Some(Err(port_words::unopened(&self.args.port, &error, Some(longer))));
        }
        let nothing = || Ended::error(Outcome::TimedOut, format!("{}: nothing came", self.args.port));
        Some(if self.bytes > 0 { Ok(Outcome::Yes) } else { Err(nothing()) })
    }

    fn told(&mut self) {
        let Some(path) = self.args.output.as_ref().filter(|_| self.bytes > 0) else { return };
        let (bytes, path) = (self.bytes, paste::path(path));
        self.term.say(format!("{bytes} bytes recorded; foil device replay {path} plays them again"));
    }
}
