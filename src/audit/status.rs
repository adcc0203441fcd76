//! What a ledger is, how it fares, and what it has heard of its devices.

use std::{collections::BTreeMap, fs, ops::Range, path::Path};

use super::checked_reader::CheckedReader;
use crate::{
    audit::{device_signs::DeviceSigns, registry::EntryJudge},
    json::{Object, Value},
    key::PublicKey,
    ledger::files::{
        entries::{self, Form},
        folder::Folder,
    },
    object,
    time::Time,
    tlog::vkey::{Algorithm, VerifierKey},
};

/// How many devices are told apart; more would be a flood of names.
const MAX_DEVICES: usize = 10_000;

/// The types of records by which a device is heard.
const SPEAKING: [&str; 2] = ["reading", "status"];

/// What a ledger is and how it fares.
#[derive(Debug)]
pub struct LedgerStatus {
    /// Its name
    pub origin: String,
    /// Its id
    pub id: String,
    /// The key that signs its checkpoints
    pub log: PublicKey,
    /// The same as a vkey
    pub vkey: String,
    /// How many entries it has
    pub size: u64,
    /// The root over them
    pub root: String,
    /// When the first entry arrived
    pub first: Time,
    /// When the last one was
    pub last: Time,
    /// What it has heard of each device that an entry names
    pub devices: BTreeMap<String, DeviceSigns>,
    /// Whether an entry enrols a party or a device
    pub has_registry: bool,
    /// Whether there are more devices than are told apart
    pub more_devices: bool,
    /// Bytes of the files in its folders; `None`: it is a published log
    pub disk_bytes: Option<u64>,
    /// How long the lines of all entries are, or were; `None`: it is a published log
    pub entry_bytes: Option<u64>,
    /// How many files of entries are packed
    pub packed_files: u64,
    /// The entries that were dropped; the end of a run does not count
    pub dropped: Vec<Range<u64>>,
}

impl LedgerStatus {
    /// Reads a whole ledger.
    ///
    /// # Errors
    /// If an entry cannot be read or does not verify.
    pub fn of(checked: &CheckedReader<'_>) -> anyhow::Result<Self> {
        let (reader, declared) = (checked.reader(), checked.declaration()?);
        let (stated, folder) = (reader.checkpoint().checkpoint(), reader.log().folder());
        let log = declared.genesis.log.clone();
        let mut status = Self {
            origin: stated.origin.clone(),
            id: declared.id.to_string(),
            vkey: VerifierKey::new(&stated.origin, Algorithm::Ed25519, log.clone())?.to_string(),
            log,
            size: stated.size,
            root: stated.root.to_string(),
            first: declared.entry.times().stated_arrival(),
            last: declared.entry.times().stated_arrival(),
            devices: BTreeMap::new(),
            has_registry: false,
            disk_bytes: folder.map(|folder| disk_use(folder.path())),
            entry_bytes: folder.map(entry_bytes),
            more_devices: false,
            packed_files: folder.map_or(0, packed_files),
            dropped: reader.dropped()?,
        };
        let undone = checked.undone_jumps(checked.reader().size())?;
        let parts = reader.present(0..stated.size)?;
        let mut latest = BTreeMap::new();
        // Where only the enrolled may write nothing breaks the rules; where entries are gone, nobody knows.
        let is_needed = !declared.genesis.writers.are_enrolled() && status.dropped.is_empty();
        let mut judge = is_needed.then(|| EntryJudge::begin(checked)).transpose()?;
        for entry in parts.into_iter().flat_map(|part| checked.entries(part)) {
            let entry = entry?;
            let arrival = undone.arrival(entry.n, entry.times());
            status.last = arrival;
            status.has_registry |= entry.record.str("type") == Some("enroll");
            let breaks = match &mut judge {
                Some(judge) => judge.broken_by(&entry, checked)?.is_some(),
                None => false,
            };
            // What others say of a device, and what it says once retired, is no word of it.
            let Some(device) = entry.record.str("device").filter(|_| !breaks).map(str::to_owned) else {
                continue;
            };
            status.note_sign(&device, &entry.record, arrival);
            if status.devices.contains_key(&device) {
                let kind = SPEAKING.iter().position(|kind| entry.record.str("type") == Some(kind));
                latest.insert((device, kind), entry);
            }
        }
        // What is said of a device rests on its last entries.
        latest.values().try_for_each(|entry| checked.check_proofs(entry))?;
        Ok(status)
    }

    fn note_sign(&mut self, device: &str, record: &Object, arrival: Time) {
        if let Some(heard) = self.devices.get_mut(device) {
            heard.take(record, arrival);
        } else if self.devices.len() < MAX_DEVICES {
            let mut heard = DeviceSigns::named(arrival);
            heard.take(record, arrival);
            self.devices.insert(device.to_owned(), heard);
        } else {
            self.more_devices = true;
        }
    }

    /// Bytes of entries in a day; none where the ledger is too young to say, or published.
    pub fn bytes_a_day(&self) -> Option<u64> {
        let millis =
            u64::try_from((self.last - self.first).millis()).ok().filter(|millis| *millis >= 60_000)?;
        u64::try_from(u128::from(self.entry_bytes?) * 86_400_000 / u128::from(millis)).ok()
    }

    /// All of it as data.
    pub fn to_object(&self) -> Object {
        let heard = |time: fn(&DeviceSigns) -> Option<Time>| -> Object {
            let times = self.devices.iter().map(|(name, heard)| (name.clone(), time(heard)));
            times.map(|(name, time)| (name, time.map(|time| time.to_string()).into())).collect()
        };
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
            "devices": heard(|heard| Some(heard.last)),
            "readings": heard(|heard| heard.reading),
            "devices_left_out": self.more_devices,
            "disk_bytes": self.disk_bytes,
            "bytes_a_day": self.bytes_a_day(),
        }
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
