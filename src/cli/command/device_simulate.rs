//! `foil device simulate`: a device on a pseudo-terminal, for everything that reads devices to be tried on.

mod modbus;

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Context;
use clap_complete::engine::ArgValueCompleter;

use super::device_read::typed;
use crate::{
    cli::{
        Example,
        failure::Outcome,
        moment::{self, AnyMoment, MeantBy},
        paste,
        pty_device::{PtyDevice, Stop, wait},
        term::Term,
    },
    device::{
        line_faults::LineFaults,
        modbus::{
            register_map::{RegisterSet, UNITS},
            simulated_unit::SimulatedUnit,
        },
        script::{self, ScriptStep},
        simulated::{self, SimulatedDevice, SimulatedKind, SplitMix},
    },
    time::Span,
};

pub(crate) const EXAMPLES: &[Example] = &[
    Example {
        does: "a cold room on a cable, and a program that reads it",
        line: "foil device simulate cold-room --link ./probe --count 5 & sleep 1; foil device read ./probe --count 3",
    },
    Example {
        does: "a bad line: lost bytes, and a plug that comes loose every 100 frames",
        line: "foil device simulate gps --link ./gps --fault drop=0.001,unplug=100",
    },
    Example {
        does: "an energy meter on a Modbus bus",
        line: "foil device simulate --modbus sdm120 --link ./bus --count 100 & sleep 1; foil device poll ./bus --map sdm120 --unit 1 --count 1",
    },
];

/// How long a plug that comes loose stays out.
const LOOSE: Duration = Duration::from_secs(1);

/// Simulate a device on a pseudo-terminal
///
/// Prints the device file, and speaks on it whenever a reader has it open, until it is stopped. What it says
/// follows from --seed, on a clock of its own.
#[derive(clap::Args)]
#[command(group(clap::ArgGroup::new("what").required(true).args(["kind", "script", "modbus"])))]
pub(crate) struct Args {
    /// What to simulate, such as cold-room, gps or meter; a name that is none is answered with all
    #[arg(value_name = "KIND", value_parser = kind, add = ArgValueCompleter::new(typed::complete_kind))]
    kind: Option<&'static SimulatedKind>,

    /// Do what a file says, line by line: send TEXT, file PATH, wait DURATION, unplug DURATION
    #[arg(long, value_name = "FILE")]
    script: Option<PathBuf>,

    /// Be a unit of a Modbus RTU bus with the registers of this map that is built in
    #[arg(long, value_name = "MAP", value_parser = modbus::map)]
    modbus: Option<RegisterSet>,

    /// The number of that unit
    #[arg(long, value_name = "N", requires = "modbus", default_value = "1", value_parser = clap::value_parser!(u8).range(i64::from(*UNITS.start())..=i64::from(*UNITS.end())))]
    unit: u8,

    /// Link to the device file under this name, and again after it was unplugged
    #[arg(long, value_name = "PATH")]
    link: Option<PathBuf>,

    /// What the device says, and its faults, follow from this [default: random]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,

    /// End after this many frames
    #[arg(long, value_name = "N")]
    count: Option<u64>,

    /// How long to pause after each frame
    #[arg(long, value_name = "DURATION", value_parser = typed::span, default_value = "1s")]
    pace: Span,

    /// When the device's clock begins: a time, a date (its first instant), or a duration from now such as +1h [default:
    /// 2026-03-01T06:00:00Z]
    #[arg(long, value_name = "TIME", value_parser = moment::any)]
    start: Option<AnyMoment>,

    /// How often the device speaks, by its clock [default: by KIND]
    #[arg(long, value_name = "DURATION", value_parser = typed::span)]
    every: Option<Span>,

    /// What goes wrong, and how often: drop=P and flip=P a byte, cut=P a frame, late=DURATION, unplug=FRAMES
    #[arg(
        long,
        value_name = "drop=,flip=,cut=,late=,unplug=",
        default_value = "drop=0",
        hide_default_value = true
    )]
    fault: LineFaults,
}

fn kind(name: &str) -> Result<&'static SimulatedKind, String> {
    let names = || simulated::KINDS.iter().map(|kind| kind.name).collect::<Vec<_>>();
    SimulatedKind::named(name).ok_or_else(|| paste::not_one_of(name, &names()))
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let seed = match args.seed {
        Some(seed) => seed,
        None => typed::random_number()?,
    };
    let start = args.start.map(|start| start.start(&MeantBy::here(term))).transpose()?;
    let script = args.script.as_deref().map(read_script).transpose()?;
    let device = PtyDevice::plugged_in(args.link.as_deref(), term)?;
    let mut simulation = Simulation { args, device, random: SplitMix(seed ^ 0xf01), frames: 0 };
    let ended = match (script, args.kind, &args.modbus) {
        (Some(script), ..) => simulation.play(script),
        (None, Some(kind), _) => simulation.speak(SimulatedDevice::new(kind, seed, start, args.every)),
        (None, None, Some(set)) => simulation.answer(SimulatedUnit::new(args.unit, set.clone(), seed)),
        (None, None, None) => Ok(()),
    };
    simulation.device.end(ended)
}

fn read_script(path: &Path) -> anyhow::Result<Vec<ScriptStep>> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    script::parse(&text).map_err(|why| anyhow::anyhow!("{}: {why}", path.display()))
}

struct Simulation<'a> {
    args: &'a Args,
    device: PtyDevice<'a>,
    random: SplitMix,
    frames: u64,
}

impl Simulation<'_> {
    fn speak(&mut self, mut device: SimulatedDevice) -> Result<(), Stop> {
        while self.args.count.is_none_or(|count| self.frames < count) {
            let (_, frame) = device.next_frame();
            self.frame(frame)?;
        }
        Ok(())
    }

    fn play(&mut self, script: Vec<ScriptStep>) -> Result<(), Stop> {
        for step in script {
            match step {
                ScriptStep::Send(frame) => self.frame(frame)?,
                ScriptStep::File(path) => {
                    let bytes = fs::read(&path).with_context(|| path.display().to_string());
                    self.frame(bytes?)?;
                }
                ScriptStep::Wait(pause) => wait(pause)?,
                ScriptStep::Unplug(pause) => self.device.unplug(pause)?,
            }
            if self.args.count.is_some_and(|count| self.frames >= count) {
                break;
            }
        }
        Ok(())
    }

    /// Says one frame, with whatever is to go wrong about it.
    fn frame(&mut self, frame: Vec<u8>) -> Result<(), Stop> {
        wait(self.args.fault.delay(&mut self.random))?;
        let frame = self.args.fault.distort(frame, &mut self.random);
        self.device.send(&frame)?;
        self.frames += 1;
        wait(self.args.pace.to_std())?;
        if self.args.fault.unplugs_after(self.frames) { self.device.unplug(LOOSE) } else { Ok(()) }
    }
}
