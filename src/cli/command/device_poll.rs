//! `foil device poll`: what the units of a Modbus bus hold, one reading a round and device.

mod devices;

use std::path::Path;

use anyhow::Context as _;
use clap_complete::engine::ArgValueCompleter;

use super::device_read::typed;
use crate::{
    cli::{
        Example,
        failure::{Hint, Outcome},
        live::{LiveLimits, LiveRun},
        term::Term,
    },
    device::{
        byte_source::SourcePlan,
        modbus::{
            bundled, map_line,
            map_value::MapValue,
            poll_plan::PollPlan,
            poll_session::PollSession,
            register_map::{RegisterMap, UNITS},
        },
        port::{
            address::DeviceAddress,
            mode::PortMode,
            settings::{FlowControl, PortSettings},
        },
    },
    machine,
    record::reading::RecordStream,
    time::Span,
};

pub(crate) const EXAMPLES: &[Example] = &[
    Example {
        does: "poll an energy meter every ten seconds, on the second",
        line: "foil device poll /dev/ttyUSB1 --map sdm120 --unit 1 --every 10s --align",
    },
    Example {
        does: "read two values without a map",
        line: "foil device poll /dev/ttyUSB1 --unit 1 --reg 'input 0 f32 voltage V' --reg 'input 6 f32 current A' --count 1",
    },
    Example {
        does: "begin a map from one that is built in",
        line: "foil device poll --map xy-md02 --print-map > cold-rooms.toml",
    },
];

/// Poll the units of a Modbus RTU bus
///
/// Asks each unit of a register map for its values, round after round, and writes a reading for each that answers. Each device
/// has a stream of records of its own. An answer counts only if its CRC holds and it is surely the answer to the question;
/// what a unit refuses or does not answer costs only its own values. What a map looks like is in foil-device(5).
#[derive(clap::Args)]
#[allow(clippy::struct_excessive_bools)] // one a switch of the command line
pub(crate) struct Args {
    /// /dev/…, usb:VID:PID[:SERIAL], or tcp://HOST:PORT of a serial port server
    #[arg(value_name = "PORT", required_unless_present = "print_map", add = ArgValueCompleter::new(typed::complete_port))]
    pub(super) port: Option<DeviceAddress>,

    /// The register map: a TOML file, or a map that is built in: pzem-004t, sdm120, sdm230, sdm630, sdm72, sunspec-inverter, xy-md02
    #[arg(long, value_name = "FILE|NAME", required_unless_present = "reg", add = ArgValueCompleter::new(complete_map))]
    map: Option<String>,

    /// A value without a map, as TABLE ADDRESS TYPE [ORDER] [/N] NAME [UNIT]; can be given more than once
    #[arg(long, value_name = "VALUE", value_parser = map_line::parse, conflicts_with = "map")]
    reg: Vec<MapValue>,

    /// The unit that has the values of a map of one kind of device, or of --reg; can be given more than once
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(i64::from(*UNITS.start())..=i64::from(*UNITS.end())))]
    unit: Vec<u8>,

    /// What the device is called in its records; with several units, what stands before their numbers [default: the map]
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(crate::cli::complete::all_devices))]
    device: Option<String>,

    /// How often the units are asked
    #[arg(long, value_name = "DURATION", value_parser = typed::span, default_value = "10s")]
    every: Span,

    /// Ask at multiples of that time by the wall clock: --every 10s is at :00, :10, :20
    #[arg(long)]
    align: bool,

    /// How long a unit may take to answer
    #[arg(long, value_name = "DURATION", value_parser = typed::span, default_value = "1s")]
    timeout: Span,

    /// How often a question is asked again that was not answered
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(..=100), default_value = "2")]
    retries: u32,

    /// End after this many readings
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    count: Option<u64>,

    /// End after this time; with 124 if nothing was read, or --count is not met
    #[arg(long = "for", value_name = "DURATION", value_parser = typed::span)]
    duration: Option<Span>,

    /// End with 124 when there is no reading for this long
    #[arg(long, value_name = "DURATION", value_parser = typed::span)]
    idle_timeout: Option<Span>,

    /// Print the map, and ask nobody
    #[arg(long, requires = "map", conflicts_with = "reg")]
    print_map: bool,

    /// Bits per second [default: by the map, else 9600]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(50..=12_000_000), help_heading = "Port")]
    baud: Option<u32>,

    /// Data bits, parity, stop bits [default: by the map, else 8N1]
    #[arg(long, value_name = "MODE", help_heading = "Port")]
    mode: Option<PortMode>,

    /// Let the driver switch the direction of an RS-485 line by RTS; most adapters do so themselves
    #[arg(long, help_heading = "Port")]
    rs485: bool,

    /// Poll although the driver set something else than asked for
    #[arg(long, help_heading = "Port")]
    allow_mismatch: bool,

    /// How long to wait for a port that another process has
    #[arg(long, value_name = "DURATION", value_parser = typed::span, default_value = "10s", help_heading = "Port")]
    wait: Span,

    /// End with 2 when the port goes away, or is not there
    #[arg(long, help_heading = "Port")]
    no_reconnect: bool,

    /// The shortest and the longest pause before a port that went away is looked for again
    #[arg(long, value_name = "SHORTEST..LONGEST", value_parser = typed::backoff, default_value = "100ms..10s", help_heading = "Port")]
    backoff: (Span, Span),
}

/// The maps that are built in, and files.
fn complete_map(typed: &std::ffi::OsStr) -> Vec<clap_complete::CompletionCandidate> {
    use clap_complete::engine::{PathCompleter, ValueCompleter};
    let about = |text: &str| text.lines().next().unwrap_or_default().to_owned();
    let maps = bundled::BUNDLED.iter().map(|(name, text)| ((*name).to_owned(), about(text)));
    let mut candidates = typed::candidates(typed, maps);
    candidates.extend(PathCompleter::file().complete(typed));
    candidates
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    if args.print_map {
        term.text(&devices::map_text(args)?)?;
        return Ok(Outcome::Yes);
    }
    let (plan, port) = (args.plan(term)?, args.address()?);
    let limits = LiveLimits {
        port,
        count: args.count,
        duration: args.duration,
        idle_timeout: args.idle_timeout,
        wait: args.wait,
        fail_on_bad: false,
        bad: "",
    };
    let start = |term: &Term| {
        let streams = streams(&plan)?;
        Ok(PollSession::start(plan, streams, args.count, !term.human()))
    };
    LiveRun::begin(limits, term, start)?.run()
}

impl Args {
    /// The port of the bus.
    pub(super) fn address(&self) -> anyhow::Result<&DeviceAddress> {
        self.port.as_ref().context("no port")
    }

    /// How many readings are wanted; `None`: all.
    pub(super) fn count(&self) -> Option<u64> {
        self.count
    }

    /// What is polled, and how.
    pub(super) fn plan(&self, term: &mut Term) -> anyhow::Result<PollPlan> {
        let port = self.address()?;
        if matches!(port, DeviceAddress::Stdin | DeviceAddress::Simulated(_)) {
            return Err(anyhow::anyhow!("{port}: cannot be asked")).hint(
                "a bus is a port or tcp://HOST:PORT; foil device simulate --modbus MAP makes one to try",
            );
        }
        if self.every.millis() == 0 || self.timeout.millis() == 0 {
            anyhow::bail!("--every and --timeout want more than nothing");
        }
        Ok(plan(self, port, devices::load(self, term)?))
    }
}

/// A stream for each device of a plan.
pub(super) fn streams(plan: &PollPlan) -> anyhow::Result<Vec<RecordStream>> {
    plan.devices.iter().map(|device| stream(&device.name)).collect()
}

fn plan(args: &Args, port: &DeviceAddress, map: RegisterMap) -> PollPlan {
    let (shortest, longest) = args.backoff;
    PollPlan {
        source: SourcePlan {
            address: port.clone(),
            settings: PortSettings {
                baud: args.baud.or(map.baud).unwrap_or(9_600),
                mode: args.mode.or(map.mode).unwrap_or(PortMode::M8N1),
                flow: FlowControl::None,
                dtr: None,
                allow_mismatch: args.allow_mismatch,
            },
            wait: args.wait.to_std(),
            backoff: (!args.no_reconnect).then(|| (shortest.to_std(), longest.to_std())),
            patient: false,
            send: Vec::new(),
            ask: None,
            simulated: None,
        },
        rs485: args.rs485,
        devices: map.devices,
        every: args.every,
        align: args.align,
        timeout: args.timeout.to_std(),
        retries: args.retries,
    }
}

fn stream(device: &str) -> anyhow::Result<RecordStream> {
    let id = format!("{:016x}", typed::random_number()?);
    Ok(RecordStream::new(device, &id, Some(machine::boot_id())))
}

/// The name of a map without folder and ending.
fn stem(map: &str) -> &str {
    Path::new(map).file_stem().and_then(|stem| stem.to_str()).unwrap_or(map)
}
