//! `foil chain status`: what a ledger is, and since when its devices are silent.

use std::{collections::BTreeMap, fmt::Write, fs, ops::Range, path::Path};

use clap_complete::engine::ArgValueCandidates;

use crate::{
    cli::{
        Example, complete,
        failure::Outcome,
        ledger::DirArg,
        term::{Term, escape, escape_name},
    },
    json::{Object, Value},
    ledger::files::{
        entries::{self, Form},
        folder::Folder,
        read::Reader,
    },
    machine, object,
    time::{Span, Time},
    tlog::vkey::{Algorithm, VerifierKey},
};

pub(crate) const EXAMPLES: &[Example] = &[
    Example { does: "what it is and how it fares", line: "foil chain status cold-room" },
    Example {
        does: "from cron: complain when a device is silent",
        line: "foil chain status cold-room --stale 1d -q",
    },
];

/// How many devices are told apart; more would be a flood of names.
const MAX_DEVICES: usize = 10_000;

/// Show a ledger's name, key, size and last entries
///
/// Reads the whole ledger and verifies nothing: that is `foil verify`. With --stale the answer is no (1) if
/// a device, or the whole ledger, has been silent for longer.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    dir: DirArg,

    /// Answer no if a device has been silent for longer than this
    #[arg(long, value_name = "DURATION", value_parser = super::chain_append::parse_span)]
    stale: Option<Span>,

    /// Only this device
    #[arg(long, value_name = "DEVICE", add = ArgValueCandidates::new(complete::devices))]
    device: Option<String>,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let reader = args.dir.open()?;
    let status = Status::of(&reader, args.device.as_deref())?;
    let now = machine::wall();
    let stale: Vec<String> = args.stale.map_or_else(Vec::new, |limit| status.silent(now, limit));
    if term.human() {
        term.text(&status.table(now))?;
    } else if !term.quiet() {
        let mut object = status.to_object();
        if args.stale.is_some() {
            object.insert("stale", stale.clone());
        }
        term.data(&object)?;
    }
    for name in &stale {
        let last = status.last_of(name);
        term.warn(format!("{name}: silent, last received {last}, {} ago", now - last));
    }
    Ok(if stale.is_empty() { Outcome::Yes } else { Outcome::No })
}

struct Status {
    origin: String,
    id: String,
    vkey: String,
    size: u64,
    root: String,
    first: Time,
    last: Time,
    devices: BTreeMap<String, Time>,
    disk_bytes: u64,
    entry_bytes: u64,
    more_devices: bool,
    packed_files: u64,
    dropped: Vec<Range<u64>>,
}

impl Status {
    fn of(reader: &Reader, device: Option<&str>) -> anyhow::Result<Self> {
        let declared = reader.declaration()?;
        let stated = reader.checkpoint().checkpoint();
        let mut status = Self {
            origin: stated.origin.clone(),
            id: declared.id.to_string(),
            vkey: VerifierKey::new(&stated.origin, Algorithm::Ed25519, declared.genesis.log)?.to_string(),
            size: stated.size,
            root: stated.root.to_string(),
            first: declared.entry.received,
            last: declared.entry.received,
            devices: BTreeMap::new(),
            disk_bytes: disk_use(reader.folder().path()),
            entry_bytes: entry_bytes(reader.folder()),
            more_devices: false,
            packed_files: packed_files(reader.folder()),
            dropped: reader.dropped()?,
        };
        let parts = reader.present(0..stated.size)?;
        for entry in parts.into_iter().flat_map(|part| reader.entries(part)) {
            let entry = entry?;
            status.last = entry.received;
            if let Some(name) =
                entry.record.str("device").filter(|name| device.is_none_or(|device| device == *name))
            {
                status.saw(name, entry.received);
            }
        }
        if let Some(device) = device {
            anyhow::ensure!(status.devices.contains_key(device), "device {device:?}: no entry of it");
        }
        Ok(status)
    }

    fn saw(&mut self, device: &str, received: Time) {
        if let Some(last) = self.devices.get_mut(device) {
            *last = received;
        } else if self.devices.len() < MAX_DEVICES {
            self.devices.insert(device.to_owned(), received);
        } else {
            self.more_devices = true;
        }
    }

    /// Who has been silent for longer than that; the ledger itself where it has no devices.
    fn silent(&self, now: Time, limit: Span) -> Vec<String> {
        if self.devices.is_empty() {
            let silent = now - self.last > limit;
            return if silent { vec![self.origin.clone()] } else { Vec::new() };
        }
        let silent = self.devices.iter().filter(|(_, last)| now - **last > limit);
        silent.map(|(name, _)| name.clone()).collect()
    }

    fn last_of(&self, name: &str) -> Time {
        self.devices.get(name).copied().unwrap_or(self.last)
    }

    /// Bytes of entries in a day, as far as the ledger is old enough to say.
    fn bytes_a_day(&self) -> Option<u64> {
        let millis =
            u64::try_from((self.last - self.first).millis()).ok().filter(|millis| *millis >= 60_000)?;
        u64::try_from(u128::from(self.entry_bytes) * 86_400_000 / u128::from(millis)).ok()
    }

    fn to_object(&self) -> Object {
        let devices: Object =
            self.devices.iter().map(|(name, last)| (name.clone(), last.to_string().into())).collect();
        let dropped =
            self.dropped.iter().map(|run| object! { "first": run.start, "last": run.end - 1 }.into());
        object! {
            "dropped": Value::Array(dropped.collect()),
            "packed_files": self.packed_files,
            "origin": self.origin.as_str(),
            "ledger": self.id.as_str(),
            "vkey": self.vkey.as_str(),
            "size": self.size,
            "root": self.root.as_str(),
            "last_received": self.last.to_string(),
            "devices": devices,
            "devices_left_out": self.more_devices,
            "disk_bytes": self.disk_bytes,
            "bytes_a_day": self.bytes_a_day(),
        }
    }

    fn table(&self, now: Time) -> String {
        let mut table = String::new();
        let a_day =
            self.bytes_a_day().map_or_else(|| "too young to say".to_owned(), |bytes| bytes.to_string());
        for (what, value) in [
            ("origin", &self.origin),
            ("ledger", &self.id),
            ("vkey", &self.vkey),
            ("size", &self.size.to_string()),
            ("root", &self.root),
            ("received", &format!("{}, {} ago", self.last, now - self.last)),
            ("disk", &format!("{} bytes", self.disk_bytes)),
            ("a day", &a_day),
        ] {
            // Writing to a string does not fail.
            let _ = writeln!(table, "{what:10}{}", escape(value));
        }
        if self.packed_files > 0 {
            let _ = writeln!(table, "packed    {} files", self.packed_files);
        }
        for run in &self.dropped {
            let _ = writeln!(table, "dropped   entries {} to {}", run.start, run.end - 1);
        }
        for (name, last) in &self.devices {
            let _ = writeln!(table, "device    {}  {last}, {} ago", escape_name(name), now - *last);
        }
        table
    }
}

/// How long the lines of all files are, or were.
fn entry_bytes(folder: &Folder) -> u64 {
    entries::list(folder)
        .unwrap_or_default()
        .into_iter()
        .map(|(first, _)| entries::bytes(folder, first))
        .sum()
}

fn packed_files(folder: &Folder) -> u64 {
    let files = entries::list(folder).unwrap_or_default();
    files.iter().filter(|(_, form)| *form == Form::Packed).count() as u64
}

/// Bytes of the plain files in the ledger's folders.
fn disk_use(path: &Path) -> u64 {
    let sizes = |folder: &Path| -> u64 {
        let files = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
        files
            .filter_map(|file| file.metadata().ok())
            .filter(fs::Metadata::is_file)
            .map(|data| data.len())
            .sum()
    };
    sizes(path) + ["entries", "tree", "replaced"].iter().map(|folder| sizes(&path.join(folder))).sum::<u64>()
}
