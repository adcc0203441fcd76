//! What `device read` is made of, from its arguments.

use std::{
    fs::{self, OpenOptions},
    path::Path,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, anyhow, bail};

use super::{Args, typed};
use crate::{
    cli::{moment::MeantBy, term::Term},
    device::{
        byte_source::SourcePlan,
        decode::{DecodeContext, Decoder, FieldMap, MAPPED},
        port::address::DeviceAddress,
        question::{DeviceQuestion, QuestionPlan},
        reader::{RawFrame, ReaderOptions},
        session::{SessionPlan, TeeFile},
        sign_on::SIGN_ON_BAUD,
        simulated::{SimulatedDevice, SplitMix},
    },
    machine,
    record::reading::{Integrity, RecordStream},
    time::{Span, Time},
};

/// How long a simulated device pauses unless the user says how often it sends.
const PAUSE: Duration = Duration::from_secs(1);

/// How long the pause from one question to the next is unless the user says so.
const QUESTION_PAUSE: Duration = Duration::from_secs(10);

/// What is read, and how. With `lines` readings are wanted as lines of canonical JSON.
pub(in crate::cli::command) fn plan(args: &Args, lines: bool, term: &Term) -> anyhow::Result<SessionPlan> {
    let seed = match args.seed {
        Some(seed) => seed,
        None => typed::random_number()?,
    };
    let start = args.start.map(|start| start.start(&MeantBy::here(term))).transpose()?;
    Ok(SessionPlan {
        source: source(args, start, seed),
        reader: options(args, lines)?,
        stream: stream(args, seed)?,
        tee: args.tee.as_deref().map(tee).transpose()?,
    })
}

fn tee(path: &Path) -> anyhow::Result<TeeFile> {
    let file = OpenOptions::new().append(true).create(true).open(path);
    Ok(TeeFile { path: path.to_owned(), file: file.with_context(|| path.display().to_string())? })
}

fn options(args: &Args, lines: bool) -> anyhow::Result<ReaderOptions> {
    let decoder = args.decoder();
    Ok(ReaderOptions {
        decoder,
        context: context(args, decoder)?,
        framing: args.frame.clone().unwrap_or_else(|| decoder.framing.clone()),
        max_frame: args.max_frame,
        require: args.require.unwrap_or(Integrity::None),
        raw: args.raw.unwrap_or(RawFrame::None),
        joined_late: match args.port {
            DeviceAddress::Recording { joined_late, .. } => joined_late,
            DeviceAddress::Stdin | DeviceAddress::Simulated(_) => false,
            _ => true,
        },
        count: args.count,
        brief: args.brief,
        lines,
    })
}

/// What the user says of the device besides its format.
fn context(args: &Args, decoder: &Decoder) -> anyhow::Result<DecodeContext> {
    let name = decoder.name;
    if args.map.is_some() && !decoder.takes_map() {
        bail!("--map is for {}, and the format is {name}", MAPPED.join(", "));
    }
    if args.columns.is_some() && name != "csv" {
        bail!("--columns is for csv, and the format is {name}");
    }
    let map = args.map.as_deref().map(field_map).transpose()?.unwrap_or_default();
    let columns = args.columns.clone().unwrap_or_default();
    Ok(DecodeContext { zone: args.zone.clone(), map: Arc::new(map), columns, ..DecodeContext::default() })
}

/// A longer file is no map.
const LONGEST_MAP: u64 = 1 << 20;

fn field_map(path: &Path) -> anyhow::Result<FieldMap> {
    let shown = path.display();
    let length = fs::metadata(path).with_context(|| shown.to_string())?.len();
    if length > LONGEST_MAP {
        bail!("{shown}: {length} bytes, more than a map has");
    }
    let text = fs::read_to_string(path).with_context(|| shown.to_string())?;
    FieldMap::parse(&text).map_err(|problems| {
        let further = problems.len().saturating_sub(1);
        let further = if further > 0 { format!(" (and {further} more)") } else { String::new() };
        let first = problems.first().map(|problem| {
            format!("line {}, column {}: {}", problem.place.line, problem.place.column, problem.message)
        });
        anyhow!("{shown}: {}{further}", first.unwrap_or_default())
    })
}

fn stream(args: &Args, seed: u64) -> anyhow::Result<RecordStream> {
    let device = args.device_name();
    if matches!(args.port, DeviceAddress::Simulated(_)) {
        return Ok(RecordStream::new(&device, &format!("{:016x}", SplitMix(!seed).bits()), None));
    }
    Ok(RecordStream::new(&device, &format!("{:016x}", typed::random_number()?), Some(machine::boot_id())))
}

fn source(args: &Args, start: Option<Time>, seed: u64) -> SourcePlan {
    let (shortest, longest) = args.backoff;
    let baud = if args.ask == Some(DeviceQuestion::Readout) { SIGN_ON_BAUD } else { args.decoder().baud };
    let simulated = if let DeviceAddress::Simulated(kind) = &args.port {
        let pause = if args.count.is_some() { Duration::ZERO } else { PAUSE };
        Some((SimulatedDevice::new(kind, seed, start, args.every), pause))
    } else {
        None
    };
    SourcePlan {
        address: args.port.clone(),
        settings: args.options.settings(baud, args.decoder().mode),
        wait: args.patience.wait.to_std(),
        backoff: (!args.no_reconnect).then(|| (shortest.to_std(), longest.to_std())),
        patient: false,
        send: args.send.as_deref().unwrap_or_default().to_vec(),
        ask: args.ask.clone().map(|question| QuestionPlan {
            question,
            every: args.every.map_or(QUESTION_PAUSE, Span::to_std),
        }),
        simulated,
    }
}
