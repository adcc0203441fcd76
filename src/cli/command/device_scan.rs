//! `foil device scan`: which units of a Modbus bus answer, and at which settings.

use std::ops::ControlFlow;

use clap_complete::engine::ArgValueCompleter;

use super::device_read::typed;
use crate::{
    cli::{
        Example,
        failure::Outcome,
        port_words, signals,
        term::{ProgressLine, Term},
    },
    device::{
        byte_source::SourcePlan,
        decode::FrameFault,
        modbus::{
            register_map::UNITS,
            scan::{ReadAnswer, ScanPlan, scan},
        },
        port::{
            address::DeviceAddress,
            mode::PortMode,
            open_error::OpenError,
            settings::{FlowControl, PortSettings},
        },
    },
    object,
    time::Span,
};

pub(crate) const EXAMPLES: &[Example] = &[
    Example {
        does: "find the meters on a bus",
        line: "foil device scan /dev/ttyUSB1 --units 1-3 --bauds 9600",
    },
    Example {
        does: "ask one unit at all settings that are common",
        line: "foil device scan /dev/ttyUSB1 --units 1 --bauds 2400,4800,9600,19200,38400,115200 --modes 8N1,8E1,8O1",
    },
];

/// Find the units of a Modbus RTU bus
///
/// Asks each unit for one register at each setting, and writes a line for each that answers, if only that it does not have that
/// register. Ends with 1 if none does. While it runs nobody else may ask on the bus.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// /dev/…, usb:VID:PID[:SERIAL], or tcp://HOST:PORT of a serial port server
    #[arg(value_name = "PORT", add = ArgValueCompleter::new(typed::complete_port))]
    port: DeviceAddress,

    /// The units that are asked, such as 1-20,247
    #[arg(long, value_name = "N-M,…", value_parser = units, default_value = "1-247")]
    units: Units,

    /// The speeds that are tried
    #[arg(long, value_name = "N,…", value_delimiter = ',', value_parser = clap::value_parser!(u32).range(50..=12_000_000), default_value = "9600,19200,115200")]
    bauds: Vec<u32>,

    /// The modes that are tried
    #[arg(long, value_name = "MODE,…", value_delimiter = ',', default_value = "8N1,8E1")]
    modes: Vec<PortMode>,

    /// How long a unit may take to answer
    #[arg(long, value_name = "DURATION", value_parser = typed::span, default_value = "200ms")]
    timeout: Span,

    /// Let the driver switch the direction of an RS-485 line by RTS; most adapters do so themselves
    #[arg(long)]
    rs485: bool,

    /// How long to wait for a port that another process has
    #[arg(long, value_name = "DURATION", value_parser = typed::span, default_value = "10s")]
    wait: Span,
}

/// Units to ask, each once.
#[derive(Clone)]
struct Units(Vec<u8>);

/// `1-20,247`
fn units(text: &str) -> Result<Units, String> {
    let mut units = Vec::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let [first, last] = [first, last].map(|unit| unit.parse().ok().filter(|unit| UNITS.contains(unit)));
        let range = first.zip(last).filter(|(first, last)| first <= last);
        let (first, last) =
            range.ok_or_else(|| format!("{part:?}: wants units from 1 to 247, such as 1-20"))?;
        units.extend((first..=last).filter(|unit| !units.contains(unit)).collect::<Vec<u8>>());
    }
    Ok(Units(units))
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    if matches!(args.port, DeviceAddress::Stdin | DeviceAddress::Simulated(_)) {
        anyhow::bail!("{}: cannot be asked: a bus is a port or tcp://HOST:PORT", args.port);
    }
    signals::hold_interrupt();
    signals::hold_terminate();
    let mut settings: Vec<(u32, PortMode)> = Vec::new();
    for baud in &args.bauds {
        settings.extend(args.modes.iter().map(|mode| (*baud, *mode)));
    }
    // A server has its port set already.
    if matches!(args.port, DeviceAddress::Tcp(_)) {
        settings.truncate(1);
    }
    let mut progress = ProgressLine::of(term);
    let all = settings.len() * args.units.0.len();
    let mut search = Search { args, term, found: Vec::new(), asked: 0, all };
    for (baud, mode) in settings {
        search.at(baud, mode, &mut progress)?;
        match (signals::interrupted(), signals::terminated()) {
            (true, _) => return Ok(Outcome::Interrupted),
            (_, true) => return Ok(Outcome::Terminated),
            _ => {}
        }
    }
    if search.found.is_empty() {
        search.term.say(format!("{}: no unit answers", args.port));
        return Ok(Outcome::No);
    }
    Ok(Outcome::Yes)
}

struct Search<'a> {
    args: &'a Args,
    term: &'a mut Term,
    /// Units that have answered: they are not asked at other settings
    found: Vec<u8>,
    asked: usize,
    all: usize,
}

impl Search<'_> {
    /// Asks at one setting.
    fn at(&mut self, baud: u32, mode: PortMode, progress: &mut ProgressLine) -> anyhow::Result<()> {
        let plan = self.plan(baud, mode);
        let (mut damaged, mut written) = (0, Ok(()));
        let scanned = scan(&plan, &mut |unit, answer| {
            self.asked += 1;
            match answer {
                Ok(answer) => {
                    progress.clear();
                    self.found.push(unit);
                    written = self.write(unit, baud, mode, &answer);
                }
                Err(why) if why.fault != FrameFault::NoAnswer => damaged += 1,
                Err(_) => {}
            }
            let (asked, all) = (self.asked, self.all);
            progress.doing(&format!("{asked} of {all} questions, unit {unit} at {baud} {mode}"));
            let over = written.is_err() || signals::interrupted() || signals::terminated();
            if over { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        progress.clear();
        written?;
        match scanned {
            Ok(()) => {}
            Err(OpenError::Mismatch(why)) => self.term.say(format!("{baud} {mode}: not tried: {why}")),
            Err(error) => {
                return Err(port_words::unopened(
                    &self.args.port,
                    &error,
                    Some(port_words::longer_wait(self.args.wait)),
                ));
            }
        }
        if damaged > 0 {
            self.term.say(format!(
                "{baud} {mode}: to {damaged} questions came bytes that are no answer: another speed or mode, or two units of one number"
            ));
        }
        Ok(())
    }

    fn plan(&self, baud: u32, mode: PortMode) -> ScanPlan {
        let units = self.args.units.0.iter().copied().filter(|unit| !self.found.contains(unit));
        ScanPlan {
            source: SourcePlan {
                address: self.args.port.clone(),
                settings: PortSettings {
                    baud,
                    mode,
                    flow: FlowControl::None,
                    dtr: None,
                    allow_mismatch: false,
                },
                wait: self.args.wait.to_std(),
                backoff: None,
                patient: false,
                send: Vec::new(),
                ask: None,
                simulated: None,
            },
            rs485: self.args.rs485,
            units: units.collect(),
            timeout: self.args.timeout.to_std(),
        }
    }

    fn write(&mut self, unit: u8, baud: u32, mode: PortMode, answer: &ReadAnswer) -> anyhow::Result<()> {
        let said = match answer {
            ReadAnswer::Data(_) => "data".to_owned(),
            ReadAnswer::Exception(why) => why.to_string(),
        };
        if self.term.human() {
            self.term.text(&format!("unit {unit}  {baud} {mode}  {said}\n"))?;
        } else {
            let mode = mode.to_string();
            let line = object! { "unit": u32::from(unit), "baud": baud, "mode": mode, "answer": said };
            self.term.data(&line)?;
        }
        self.term.flush()
    }
}
