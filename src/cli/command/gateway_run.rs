//! `foil gateway run`: several devices, one ledger, one process.

pub(super) mod config;
mod operator;

use std::{
    fs::{self, File},
    io::Read,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context;

use super::{
    chain_append::{self, parse_span},
    device_poll,
    device_read::setup,
};
use crate::{
    cli::{
        Example, caret,
        failure::{Hint, Outcome, hint_if},
        keys::KeyArgs,
        ledger, paste, signals,
        term::Term,
        writer::WriterArgs,
    },
    contract::file::MAX_FILE,
    device::{modbus::poll_session::PollSession, port::address::DeviceAddress, session::DeviceSession},
    gateway::{
        keeper::{LedgerOpening, WritableLedger},
        notice::StopReason,
        run::{self, GatewayEnd, GatewayPlan, GatewayPort},
    },
    key::SecretKey,
    ledger::write::{
        admission::Admission,
        append::{AppendOptions, Appender},
        machine_id::MachineId,
    },
    machine, object,
    record::signed::{RecordSigner, SignOptions},
    rules::received::ClockReading,
    time::Span,
    toml_file::position_in,
};
use config::GatewayConfig;
use operator::TermOperator;

pub(crate) const EXAMPLES: &[Example] = &[
    Example { does: "read what the file names, until SIGTERM", line: "foil gateway run gateway.toml" },
    Example { does: "look a file over, and read nothing", line: "foil gateway run gateway.toml --dry-run" },
    Example {
        does: "say on this machine how it is: /health, /values, /metrics",
        line: "foil gateway run gateway.toml --listen 127.0.0.1:9464 --spill spill.jsonl",
    },
];

/// Read several devices, sign what they say, and keep it in a ledger: one process
///
/// Does what foil device read, foil sign and foil chain append do in a pipe, for as many devices as FILE names, byte for
/// byte. A device that is absent, held by another process or not permitted is waited for, and stops no other. Each
/// batch is acknowledged with a receipt, once the disk has it.
///
/// FILE is TOML: ledger and key; delay, wait, spill, listen and expose as the options of these names; and a [[port]] for
/// each device, whose port is PORT of foil device read and whose other keys are its options, without dashes in front: format,
/// device, baud, mode, require and so on; and a [[poll]] for each bus, in the same way with the options of foil device poll: map, unit, every,
/// reg. Paths are those from FILE's folder. A key that is not known is an error. foil
/// gateway init writes such a file.
///
/// What cannot be appended now – the ledger is damaged or held, the disk is full – is kept in the spill file, is not
/// acknowledged, and is appended first, in its order and once, as soon as that works. Without --spill, or where that
/// file cannot be written either, ports are read no more until something can be, and what their devices say meanwhile is
/// lost, which a status (gap) tells. A record that the ledger's rules refuse is told, and kept in FILE.refused.
///
/// SIGTERM and SIGINT end it in order: each device gets its last status, and all is written. SIGHUP ends it at once, as
/// a power cut would; it does not read FILE anew. To systemd it says READY=1 once the ledger is open and each device is open or
/// waited for, then STATUS=, and WATCHDOG=1 as long as no part of it hangs.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// What is read, and where it is kept
    #[arg(default_value = "gateway.toml", value_hint = clap::ValueHint::FilePath)]
    file: PathBuf,

    #[command(flatten)]
    key: KeyArgs,

    /// Keep in this file what cannot be appended now
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    spill: Option<PathBuf>,

    /// Answer /health, /values and /metrics over HTTP at this address of this machine
    #[arg(long, value_name = "ADDRESS:PORT", value_parser = address)]
    listen: Option<SocketAddr>,

    /// Listen also at an address that other machines reach: whoever does can read the values
    #[arg(long)]
    expose: bool,

    /// How long a batch waits for more records; longer spares flash [default: 100ms]
    #[arg(long, value_name = "DURATION", value_parser = parse_span)]
    delay: Option<Span>,

    /// How long to wait for the ledger's lock [default: 10s]
    #[arg(long, value_name = "DURATION", value_parser = parse_span)]
    wait: Option<Span>,

    #[command(flatten)]
    writer: WriterArgs,

    /// Look the file over, and read nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

/// `127.0.0.1:9464`, `[::1]:9464`.
fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "wants ADDRESS:PORT, such as 127.0.0.1:9464".to_owned())
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let config = read(&args.file, term)?;
    let listen = listen(args, &config)?;
    let key = Arc::new(load_key(args, &config, term)?);
    if args.dry_run {
        show(&config, &key, term)?;
        return Ok(Outcome::Yes);
    }
    signals::hold_terminate();
    signals::hold_interrupt();
    let machine = args.writer.machine(term)?;
    let ledger = config.ledger.clone();
    let spill = args.spill.clone().or_else(|| config.spill.clone());
    let delay = args.delay.or(config.delay).unwrap_or(Span::from_millis(100));
    let (ports, addresses) = ports(&config, term)?;
    let devices: Vec<&str> = addresses.iter().map(|(device, _)| device.as_str()).collect();
    let opening = opening(args, &config, &devices, &key, &machine, spill.is_some(), term)?;
    let plan = GatewayPlan {
        ports,
        key,
        opening,
        machine,
        delay,
        spill: spill.clone(),
        listen,
        threads: ledger::threads(),
    };
    let mut operator = TermOperator { term, ledger: &ledger, spill: spill.as_deref(), ports: addresses };
    let end = run::run(plan, &mut operator)?;
    outcome(&end, spill.as_deref(), term)
}

/// Where each device is.
type Addresses = Vec<(String, DeviceAddress)>;

/// What is read, and where each device is. It is waited for whatever keeps it from being opened.
fn ports(config: &GatewayConfig, term: &mut Term) -> anyhow::Result<(Vec<GatewayPort>, Addresses)> {
    let (mut ports, mut addresses) = (Vec::new(), Vec::new());
    for port in &config.ports {
        let mut plan = setup::plan(port, true, term)?;
        plan.source.patient = true;
        addresses.push((port.device_name(), port.port.clone()));
        ports.push(GatewayPort {
            devices: vec![port.device_name()],
            start: Box::new(move || Box::new(DeviceSession::start(plan))),
        });
    }
    for poll in &config.polls {
        let mut plan = poll.plan(term)?;
        plan.source.patient = true;
        let (streams, count) = (device_poll::streams(&plan)?, poll.count());
        let devices: Vec<String> = plan.devices.iter().map(|device| device.name.clone()).collect();
        for device in &devices {
            anyhow::ensure!(
                !addresses.iter().any(|(name, _)| name == device),
                "two devices are called {device:?}: `device` of [[port]] and [[poll]] tells them apart"
            );
            addresses.push((device.clone(), poll.address()?.clone()));
        }
        ports.push(GatewayPort {
            devices,
            start: Box::new(move || Box::new(PollSession::start(plan, streams, count, true))),
        });
    }
    Ok((ports, addresses))
}

fn outcome(end: &GatewayEnd, spill: Option<&Path>, term: &mut Term) -> anyhow::Result<Outcome> {
    if let (Some(spill), true) = (spill, end.spilled > 0) {
        let (count, spill) = (end.spilled, spill.display());
        term.warn(format!("{count} records wait in {spill}: the next run appends them"));
    }
    if let Some((count, why)) = &end.lost {
        let hint = match spill {
            Some(spill) => {
                format!(
                    "df {} shows whether its disk is full: the spill file belongs on another one than the ledger",
                    paste::path(spill)
                )
            }
            None => "--spill FILE keeps them elsewhere".to_owned(),
        };
        return Err(anyhow::anyhow!("{count} records are lost: they could not be kept: {why}").hint(hint));
    }
    Ok(match end.reason {
        Some(StopReason::Interrupted) => Outcome::Interrupted,
        Some(StopReason::Terminated) => Outcome::Terminated,
        None if end.failed > 0 => Outcome::CouldNot,
        None if end.refused > 0 => Outcome::No,
        None => Outcome::Yes,
    })
}

/// Reads the file; what is wrong with it is shown where it stands.
fn read(path: &Path, term: &mut Term) -> anyhow::Result<GatewayConfig> {
    let shown = || path.display().to_string();
    let mut bytes = Vec::new();
    let file = File::open(path).with_context(shown);
    let file = file.map_err(|why| {
        hint_if(why, paste::near_path(path).or(Some("foil gateway init writes one".to_owned())))
    })?;
    file.take(MAX_FILE as u64 + 1).read_to_end(&mut bytes).with_context(shown)?;
    anyhow::ensure!(bytes.len() <= MAX_FILE, "{}: more than {MAX_FILE} bytes", shown());
    let text = String::from_utf8(bytes).with_context(shown)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let problems = match GatewayConfig::parse(&text, folder) {
        Ok(config) => return Ok(config),
        Err(problems) => problems,
    };
    for problem in &problems {
        if problem.bytes.is_empty() {
            term.explain(&format!("{}: error: {}\n", crate::cli::term::escape(&shown()), problem.message));
        } else {
            let spot = position_in(&text, problem.bytes.clone());
            let place = format!("{}:{}:{}", shown(), spot.line, spot.column);
            term.explain(&caret::pointed(&format!("{place}: error: {}", problem.message), &spot));
        }
    }
    let count = if problems.len() == 1 { "1 error".to_owned() } else { format!("{} errors", problems.len()) };
    Err(anyhow::anyhow!("{}: {count}", shown()))
}

/// Where to listen: on this machine only, unless it is said that others may ask.
fn listen(args: &Args, config: &GatewayConfig) -> anyhow::Result<Option<SocketAddr>> {
    let listen = args.listen.or(config.listen);
    if let Some(address) = listen.filter(|address| !address.ip().is_loopback())
        && !args.expose
        && !config.expose
    {
        return Err(anyhow::anyhow!("--listen {address}: other machines reach this address"))
            .hint("127.0.0.1 is this machine; --expose lets all others read the values, too");
    }
    Ok(listen)
}

/// The key: the argument's, else the file's, which may stand beside it.
fn load_key(args: &Args, config: &GatewayConfig, term: &mut Term) -> anyhow::Result<SecretKey> {
    let Some(name) = config.key.as_ref().filter(|_| !args.key.is_given()) else { return args.key.load(term) };
    let folder = args.file.parent().unwrap_or(Path::new(""));
    let beside = [folder.join(name), folder.join(format!("{name}.pem"))];
    let beside =
        beside.into_iter().find(|path| !name.is_empty() && fs::metadata(path).is_ok_and(|it| it.is_file()));
    match beside {
        Some(path) => args.key.load_file(&path, term),
        None => args.key.load_other(name, term),
    }
}

/// What opens the ledger. One that cannot be opened now is no obstacle where records can be kept elsewhere; one that is
/// another's is.
fn opening(
    args: &Args,
    config: &GatewayConfig,
    devices: &[&str],
    key: &Arc<SecretKey>,
    machine: &MachineId,
    has_spill: bool,
    term: &mut Term,
) -> anyhow::Result<LedgerOpening> {
    let (path, key) = (config.ledger.clone(), Arc::clone(key));
    let options = AppendOptions {
        keep_going: true,
        give_up: || signals::interrupted() || signals::terminated(),
        ..args.writer.options(args.wait.or(config.wait).unwrap_or(Span::from_millis(10_000)))
    };
    let mut first = match open(&path, &key, &options) {
        Ok(mut opened) => {
            for why in refusals(&mut opened, devices, &key, machine)? {
                term.warn(why);
            }
            Some(opened)
        }
        Err(_) if has_spill && path.is_dir() => None,
        Err(why) if !path.exists() => return Err(why).hint("foil chain init DIR -k KEY makes a ledger"),
        Err(why) => return Err(why),
    };
    ledger::warn_of_keys(&path, term);
    Ok(Box::new(move || match first.take() {
        Some(opened) => Ok(opened),
        None => open(&path, &key, &options).map_err(|why| chain_append::explained(&path, why)),
    }))
}

fn open(path: &Path, key: &Arc<SecretKey>, options: &AppendOptions) -> anyhow::Result<WritableLedger> {
    let reader = ledger::open(path)?;
    let declared = reader.declaration()?;
    ledger::ensure_log_key(path, &declared.genesis.log, key)?;
    let admission = Admission::new(&declared.genesis, declared.id, ledger::threads);
    let proofs = admission.proofs().clone();
    let (folder, seen) = (reader.folder().clone(), ledger::seen());
    let appender = Appender::new(folder, Arc::clone(key), &declared, seen, admission, options.clone())
        .hint("if its locks do work, say --shared-lock")?;
    Ok(WritableLedger { appender, proofs })
}

/// Devices whose records the ledger's rules would refuse.
///
/// # Errors
/// If that is all of them.
fn refusals(
    opened: &mut WritableLedger,
    devices: &[&str],
    key: &SecretKey,
    machine: &MachineId,
) -> anyhow::Result<Vec<String>> {
    let signer = RecordSigner::new(key, &SignOptions::default());
    let clock = ClockReading { wall: machine::wall(), up: machine::up() };
    let mut refused = Vec::new();
    for device in devices {
        let mut status = object! {
            "type": "status", "status": "started", "device": *device, "stream": "probe", "seq": 0u32,
        };
        let probe = opened.proofs.admit_fresh(vec![(signer.sign_fresh(&mut status)?, clock)]);
        // What the ledger cannot say now it says when the first record comes.
        let Ok(checked) = opened.appender.check(probe, &ledger::here(machine)) else { continue };
        refused.extend(
            checked
                .refused
                .into_iter()
                .map(|(_, why)| format!("{device}: its records will be refused: {why}")),
        );
    }
    match refused.first() {
        Some(first) if refused.len() == devices.len() => Err(anyhow::anyhow!("{first}")),
        _ => Ok(refused),
    }
}

/// What would be read and written.
fn show(config: &GatewayConfig, key: &SecretKey, term: &mut Term) -> anyhow::Result<()> {
    let ports: Vec<String> = ports(config, term)?.1.into_iter().map(|(device, _)| device).collect();
    if term.human() {
        let names = ports.join(", ");
        return term.text(&format!(
            "{} ports: {names}; signed by {}; kept in {}\n",
            ports.len(),
            key.public().did(),
            config.ledger.display()
        ));
    }
    term.data(&object! {
        "ledger": config.ledger.display().to_string(),
        "key": key.public().did(),
        "devices": ports,
    })
}
