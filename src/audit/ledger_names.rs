//! The names in a ledger, as somebody who types wants to be offered them: devices, fields, types of records, parties.
//!
//! ```text
//! 0 … 511 ──────────── not read ──────────── size - 4096 … size - 1      and state.json, where it lies beside them
//! ```
//!
//! A key is pressed and an answer is waited for, so of a million entries as many are read as of ten thousand: the newest,
//! by which devices speak now, and the first, by which parties mostly enroll; the registry that a writer keeps says the
//! rest. Nothing is verified and nothing is remembered: a name on offer is no answer.

use std::{collections::BTreeSet, ops::Range};

use super::target::Log;
use crate::{
    hash::Hash,
    json::{Object, Value},
    ledger::{
        files::{read::Reader, store},
        snapshot::state,
    },
    record::{
        claim::{ClaimContent, ClaimedEvent},
        registry::{Deed, RegistryEvent, is_event},
    },
    tlog::{entry::Entry, view::View},
};

/// How many of the newest entries are read.
const NEWEST: u64 = 4_096;

/// How many of the first entries are read.
const FIRST: u64 = 512;

/// How many entries are read in one go: where their lines are long, the older ones are left.
const BLOCK: u64 = 512;

/// How many bytes of entries are read; a block is read to its end, or as far again.
const MOST_BYTES: usize = 8 << 20;

/// A longer `state.json` is not read: it has tens of thousands of members.
const LONGEST_STATE: usize = 8 << 20;

/// So many names of a kind are kept: more are no help to anybody.
const MOST_NAMES: usize = 1_000;

/// Names that stand in a ledger, as far as it was read. They are what devices and parties wrote, and may be anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LedgerNames {
    /// What readings call their devices, but for ids
    pub devices: BTreeSet<String>,
    /// The fields of readings
    pub fields: BTreeSet<String>,
    /// The types of records
    pub types: BTreeSet<String>,
    /// Devices of the registry
    pub enrolled_devices: BTreeSet<String>,
    /// Parties of the registry
    pub parties: BTreeSet<String>,
}

impl LedgerNames {
    /// The names in a log, from a bounded number of entries and bytes. What cannot be read has none.
    pub fn of(reader: &Reader<Log>) -> Self {
        let mut names = Self::of_entries(reader);
        names.note_kept(reader);
        names
    }

    /// The names in the newest and the first entries.
    fn of_entries<V: AsRef<dyn View>>(reader: &Reader<V>) -> Self {
        let (mut names, mut bytes) = (Self::default(), 0);
        for block in blocks(reader.size()) {
            if bytes >= MOST_BYTES {
                break;
            }
            let end = bytes + MOST_BYTES;
            for line in reader.lines(block) {
                // What was dropped or is damaged is passed over with its block.
                let Ok((_, line)) = line else { break };
                bytes += line.len();
                if let Ok(entry) = Entry::parse_lenient(&line) {
                    names.note(&entry.record);
                }
                if bytes >= end {
                    break;
                }
            }
        }
        names
    }

    fn note(&mut self, record: &Object) {
        // Registry events name devices by ids, which nobody types.
        let device = record.str("device").filter(|device| Hash::parse(device).is_none());
        let is_event = record.str("type").is_some_and(is_event);
        if let Some(device) = device.filter(|_| !is_event) {
            insert(&mut self.devices, device);
        }
        if let Some(kind) = record.str("type") {
            insert(&mut self.types, kind);
        }
        for (field, _) in record.get("values").and_then(Value::as_object).into_iter().flat_map(Object::iter) {
            insert(&mut self.fields, field);
        }
        if is_event {
            self.note_event(record);
        }
    }

    /// Whom an event enrolls, and what it calls those whom it names by their ids.
    fn note_event(&mut self, record: &Object) {
        let ClaimContent::Event(claimed) = ClaimContent::of(record) else { return };
        let ClaimedEvent { event: Ok(RegistryEvent { deed, names, .. }), .. } = *claimed else { return };
        match &deed {
            Deed::EnrollParty { name, .. } => insert(&mut self.parties, name.as_str()),
            Deed::EnrollDevice { name, .. } => insert(&mut self.enrolled_devices, name.as_str()),
            _ => {}
        }
        for (member, _, name) in names.labels(&deed) {
            match member {
                "device" => insert(&mut self.enrolled_devices, name.as_str()),
                // It may be either.
                "via" => {}
                _ => insert(&mut self.parties, name.as_str()),
            }
        }
    }

    /// The members of the registry that the ledger's writer keeps beside the entries.
    fn note_kept(&mut self, reader: &Reader<Log>) {
        let Some(folder) = reader.log().folder() else { return };
        let Ok(Some(bytes)) = store::read_whole(&folder.state(), LONGEST_STATE) else { return };
        let Ok(declared) = reader.declaration() else { return };
        let Ok((judge, _)) = state::read(&bytes, &declared.genesis, declared.id) else { return };
        let registry = judge.registry();
        for party in registry.parties() {
            insert(&mut self.parties, party.name.as_str());
        }
        for device in registry.devices() {
            insert(&mut self.enrolled_devices, device.name.as_str());
        }
    }
}

/// What is read of so many entries: the newest blocks, the last first, then the first ones.
fn blocks(size: u64) -> impl Iterator<Item = Range<u64>> {
    let oldest = size.saturating_sub(NEWEST);
    let count = (size - oldest).div_ceil(BLOCK);
    let newest = (0..count).map(move |at| {
        let end = size - at * BLOCK;
        end.saturating_sub(BLOCK).max(oldest)..end
    });
    newest.chain(std::iter::once(0..FIRST.min(oldest)))
}

fn insert(names: &mut BTreeSet<String>, name: &str) {
    if names.len() < MOST_NAMES && !names.contains(name) {
        names.insert(name.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{self, Read},
        sync::atomic::{AtomicU64, Ordering::Relaxed},
    };

    use super::*;
    use crate::tlog::view::EntryFile;

    /// A log of a million entries that are made up as they are read, and how many were.
    struct Endless {
        read: AtomicU64,
        padding: usize,
    }

    const SIZE: u64 = 1_000_000;

    impl Endless {
        fn line(&self, n: u64) -> String {
            let padding = "x".repeat(self.padding);
            let record = match n {
                7 => format!(
                    r#"{{"type":"enroll","ledger":"{0}","party":"Acme Rental","key":"did:key:z6MkvDqGT54cXesYGvABpF1UapVNwjCqRcafi4Px6Thv5T3Z"}}"#,
                    "0".repeat(64)
                ),
                _ => format!(
                    r#"{{"type":"reading","device":"probe {}","values":{{"temperature":4}},"x":"{padding}"}}"#,
                    n % 3
                ),
            };
            format!("{{\"n\":{n},\"received\":\"2026-03-01T06:00:00.000Z\",\"record\":{record}}}\n")
        }
    }

    impl View for Endless {
        fn checkpoint(&self, _: usize) -> io::Result<Option<Vec<u8>>> {
            let root = "nND/nri/U0xuHUrYSy0HtMeal2vzD9V4k/BO79C+QeI=";
            let signature = "A".repeat(91) + "=";
            Ok(Some(
                format!("example.com/log\n{SIZE}\n{root}\n\n— example.com/log {signature}\n").into_bytes(),
            ))
        }

        fn entry_files(&self) -> io::Result<Vec<EntryFile>> {
            Ok(vec![])
        }

        fn open(&self, _: &EntryFile) -> io::Result<Box<dyn Read + Send + '_>> {
            Err(io::ErrorKind::NotFound.into())
        }

        fn lines_from(&self, n: u64, end: u64) -> io::Result<Box<dyn Read + Send + '_>> {
            self.read.fetch_add(end - n, Relaxed);
            Ok(Box::new(io::Cursor::new((n..end).map(|n| self.line(n)).collect::<String>())))
        }

        fn tree(&self, _: u32, _: u64, _: usize) -> io::Result<Option<Vec<Hash>>> {
            Ok(None)
        }
    }

    fn names(padding: usize) -> (LedgerNames, u64) {
        struct Shared(Endless);
        impl AsRef<dyn View> for Shared {
            fn as_ref(&self) -> &(dyn View + 'static) {
                &self.0
            }
        }
        let reader =
            Reader::of(Shared(Endless { read: AtomicU64::new(0), padding }), "log".to_owned()).unwrap();
        let names = LedgerNames::of_entries(&reader);
        let read = reader.log().0.read.load(Relaxed);
        (names, read)
    }

    fn set<const N: usize>(names: [&str; N]) -> BTreeSet<String> {
        names.map(str::to_owned).into()
    }

    #[test]
    fn of_a_million_entries_few_are_read() {
        let (found, read) = names(0);
        assert_eq!(read, NEWEST + FIRST);
        assert_eq!(found.devices, set(["probe 0", "probe 1", "probe 2"]));
        assert_eq!(found.fields, set(["temperature"]));
        assert_eq!(found.parties, set(["Acme Rental"]));
        assert_eq!(found.types, set(["enroll", "reading"]));
    }

    #[test]
    fn where_lines_are_long_fewer_are_read() {
        let (found, read) = names(40_000);
        assert!(read <= 2 * BLOCK, "{read}");
        assert_eq!(found.devices, set(["probe 0", "probe 1", "probe 2"]));
    }

    #[test]
    fn every_entry_of_a_short_ledger_is_read_once() {
        for size in [0, 1, BLOCK, BLOCK + 1, NEWEST, NEWEST + 1, NEWEST + FIRST, NEWEST + FIRST + 1] {
            let mut read: Vec<u64> = blocks(size).flatten().collect();
            read.sort_unstable();
            let all = size.min(NEWEST + FIRST);
            assert_eq!(read.len() as u64, all, "{size}");
            read.dedup();
            assert_eq!(read.len() as u64, all, "{size}");
        }
    }
}
