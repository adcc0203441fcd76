//! `foil device read`: what a device says, one record a line.

pub(super) mod port_options;
pub(super) mod setup;
pub(super) mod typed;

use std::{io::IsTerminal, path::PathBuf};

use clap_complete::engine::ArgValueCompleter;

use self::port_options::{PortOptions, PortPatience};

use crate::{
    cli::{
        Example,
        failure::{Hint, Outcome},
        live::{LiveLimits, LiveRun},
        moment::{self, AnyMoment},
        paste,
        term::Term,
    },
    device::{
        decode::{CsvColumns, DECODERS, Decoder},
        frame::Framing,
        port::address::DeviceAddress,
        question::DeviceQuestion,
        reader::RawFrame,
        session::DeviceSession,
    },
    record::reading::Integrity,
    time::{Span, Zone},
};

/// The shortest pause between two questions, in milliseconds: none would be a loop that eats a processor.
const SHORTEST: i64 = 10;

pub(crate) const EXAMPLES: &[Example] = &[
    Example {
        does: "read a simulated cold room, three times",
        line: "foil device read sim:cold-room --seed 1 --count 3",
    },
    Example {
        does: "sign what a smart meter says, and keep it in a ledger",
        line: "foil device read /dev/ttyUSB0 --format dsmr --require crc | foil sign -k gateway | foil chain append meter -k gateway",
    },
    Example {
        does: "read positions from a receiver that may be plugged in anywhere",
        line: "foil device read usb:1546:01a8 --format nmea --baud 9600 --device boat-7",
    },
    Example {
        does: "ask an electricity meter with an optical head to read itself out, every quarter of an hour",
        line: "foil device read /dev/ttyUSB0 --ask iec62056 --every 15m",
    },
    Example {
        does: "read what a board prints with decimal commas",
        line: "echo 'decimal = \",\"' > map.toml && printf 't: 21,5 C\\n' | foil device read - --format text --map map.toml",
    },
    Example { does: "decode a recording", line: "foil device read gps.rec --format nmea" },
    Example { does: "decode a log", line: "foil device read - --format nmea < voyage.log" },
];

/// Read a device: bytes in, records out, unattended
///
/// Writes a reading for each good frame, and a status whenever something happens to the source: started,
/// disconnected, connected, gap, clock, bad-frames, stopped. Both count on one seq. A device that goes away, or is
/// not there when the command begins, is waited for and opened again. What a frame must look like in each format, and what a record holds, is in
/// foil-device(5).
#[derive(clap::Args)]
pub(crate) struct Args {
    /// /dev/…, usb:VID:PID[:SERIAL], tcp://HOST:PORT, - for standard input, sim:KIND, or a recording
    #[arg(value_name = "PORT", value_parser = typed::readable, add = ArgValueCompleter::new(typed::complete_port))]
    pub(super) port: DeviceAddress,

    /// What the device speaks [default: json, or what a simulated device speaks]
    #[arg(long, value_parser = typed::decoder, value_name = "FORMAT", add = ArgValueCompleter::new(typed::complete_format))]
    format: Option<&'static Decoder>,

    /// What the device is called in its records [default: from PORT]
    #[arg(long, value_name = "NAME", add = clap_complete::engine::ArgValueCompleter::new(crate::cli::complete::all_devices))]
    device: Option<String>,

    /// End after this many readings
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    count: Option<u64>,

    /// Do not say that reading begins and ends: for cron, which begins anew for each reading
    #[arg(long)]
    brief: bool,

    /// End after this time; with 124 if nothing was read, or --count is not met
    #[arg(long = "for", value_name = "DURATION", value_parser = typed::span)]
    duration: Option<Span>,

    /// End with 124 when there is no reading for this long
    #[arg(long, value_name = "DURATION", value_parser = typed::span)]
    idle_timeout: Option<Span>,

    /// What a frame must prove about itself to be counted
    #[arg(long, value_name = "crc|checksum|signature", value_parser = typed::integrity)]
    require: Option<Integrity>,

    /// What to do about a bad frame: count it and go on, or end with 2
    #[arg(long, value_name = "report|fail", value_parser = ["report", "fail"], default_value = "report", hide_possible_values = true)]
    bad: String,

    /// Put the frame into its reading: its SHA-256, or its bytes in base64
    #[arg(long, value_name = "hash|full", value_parser = typed::raw)]
    raw: Option<RawFrame>,

    /// Keep the bytes as they come, added to this file
    #[arg(long, value_name = "FILE")]
    tee: Option<PathBuf>,

    /// Where the device's clock is set, if that says no zone itself: +02:00, or a name such as EET. An offset is that of
    /// winter: devices that say that it is summer are an hour ahead of it
    #[arg(long, value_name = "ZONE", value_parser = typed::zone)]
    zone: Option<Zone>,

    /// What the values of lines are: a file that renames and scales them, sets units, takes time and device from the line, and
    /// asks for decimal commas; see foil-device(5)
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,

    /// The columns of csv, where no header names them: temp,hum,door
    #[arg(long, value_name = "NAME,...", value_parser = typed::columns)]
    columns: Option<CsvColumns>,

    /// How frames are told apart [default: by format]
    #[arg(long, value_name = "line|delim:HEX|len:N|idle:MS|cobs|slip|braces", help_heading = "Frames")]
    frame: Option<Framing>,

    /// The longest frame, in bytes
    #[arg(long, value_name = "BYTES", value_parser = typed::size, default_value = "8K", help_heading = "Frames")]
    max_frame: usize,

    #[command(flatten)]
    options: PortOptions,

    #[command(flatten)]
    patience: PortPatience,

    /// Send this whenever the device was opened: text with \r \n \t \\ \xHH
    #[arg(long, value_name = "BYTES", value_parser = typed::bytes, help_heading = "Port")]
    send: Option<std::sync::Arc<[u8]>>,

    /// Ask the device this before each answer: text with \r \n \t \\ \xHH. The first answer counts, and so does what comes
    /// unasked; the question itself, where the device sends it back, does not. iec62056 asks for a readout as meters with an
    /// optical head want it: /?! at 300 baud, then at the speed that the meter proposes
    #[arg(long, value_name = "BYTES|iec62056", value_parser = typed::question, help_heading = "Port")]
    ask: Option<DeviceQuestion>,

    /// End with 2 when the device goes away, or is not there
    #[arg(long, help_heading = "Port")]
    no_reconnect: bool,

    /// The shortest and the longest pause before a device that went away is looked for again
    #[arg(long, value_name = "SHORTEST..LONGEST", value_parser = typed::backoff, default_value = "100ms..10s", help_heading = "Port")]
    backoff: (Span, Span),

    /// What a simulated device says follows from this [default: random]
    #[arg(long, value_name = "N", help_heading = "Simulation")]
    seed: Option<u64>,

    /// When a simulated device's clock begins: a time, a date (its first instant), or a duration from now such as +1h [default:
    /// 2026-03-01T06:00:00Z]
    #[arg(long, value_name = "TIME", value_parser = moment::any, help_heading = "Simulation")]
    start: Option<AnyMoment>,

    /// How often --ask asks [default: 10s], or a simulated device speaks, by its clock. That does so at once with --count, else
    /// every second
    #[arg(long, value_name = "DURATION", value_parser = typed::span)]
    every: Option<Span>,
}

impl Args {
    /// What the device is called in its records.
    pub(super) fn device_name(&self) -> String {
        self.device.clone().unwrap_or_else(|| self.port.device_name())
    }

    /// Refuses options that mean nothing with this port.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        let is_simulated = matches!(self.port, DeviceAddress::Simulated(_));
        if (self.seed.is_some() || self.start.is_some()) && !is_simulated {
            anyhow::bail!("--seed and --start are for simulated devices, and {} is none", self.port);
        }
        if self.every.is_some() && self.ask.is_none() && !is_simulated {
            anyhow::bail!(
                "--every says how often --ask asks or a simulated device speaks, and {} is neither asked nor simulated",
                self.port
            );
        }
        let is_recording = matches!(self.port, DeviceAddress::Recording { .. });
        let is_mute = is_simulated || is_recording || matches!(self.port, DeviceAddress::Stdin);
        if self.ask.is_some() && is_mute {
            anyhow::bail!("--ask is for ports and servers: {} cannot be asked", self.port);
        }
        if is_recording && matches!(self.frame, Some(Framing::Idle(_))) {
            let name = paste::word(&self.port.to_string());
            return Err(anyhow::anyhow!(
                "{}: a recording is read without its pauses, which end the frames of idle:",
                self.port
            ))
            .hint(format!("foil device replay {name} --link ./p1, and read that"));
        }
        if self.ask.is_some() && self.every.is_some_and(|every| every.millis() < SHORTEST) {
            anyhow::bail!("--every: a device is not asked more often than every {SHORTEST}ms");
        }
        Ok(())
    }

    fn decoder(&self) -> &'static Decoder {
        let simulated =
            if let DeviceAddress::Simulated(kind) = &self.port { Decoder::named(kind.format) } else { None };
        let asked = self.ask.as_ref().filter(|ask| **ask == DeviceQuestion::Readout);
        let asked = asked.and_then(|_| Decoder::named("iec62056"));
        self.format.or(simulated).or(asked).unwrap_or(&DECODERS[0])
    }
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    args.check()?;
    if matches!(args.port, DeviceAddress::Stdin) && std::io::stdin().is_terminal() {
        return Err(anyhow::anyhow!("no input: standard input is a terminal"))
            .hint("name a port, or pipe what a device said in");
    }
    let limits = LiveLimits {
        port: &args.port,
        count: args.count,
        duration: args.duration,
        idle_timeout: args.idle_timeout,
        wait: args.patience.wait,
        fail_on_bad: args.bad == "fail",
        bad: "bad frame: ",
    };
    let start = |term: &Term| Ok(DeviceSession::start(setup::plan(args, !term.human(), term)?));
    LiveRun::begin(limits, term, start)?.run()
}
