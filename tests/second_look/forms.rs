//! A second look at ledgers that were packed, unpacked, dropped in part, grown or forked between the looks: how many proofs
//! are evaluated, counted by proofs that do not hold.

use std::ops::Range;

use counterfoil::{
    ledger::{
        files::{closed::Closed, folder::Folder, read::Reader},
        space::{pack, prune},
    },
    record::writers::Writers,
    time::Span,
    tlog::{layout::Layout, proven::ProvenPrefix},
    verify::{self, FindingKind, KnownProofs, Trust, VerifyReport},
};

use super::{cut, knowing, with_bad_proof};
use crate::ledgers::{self, Ledger, found, genesis, options, reading, said, verify_both};

/// Entries that fill two small files, and half of a third.
const SIZE: u64 = 40;

/// A ledger in small files on disk.
struct OnDisk {
    ledger: Ledger,
    folder: Folder,
    _place: tempfile::TempDir,
}

impl OnDisk {
    fn new(ledger: Ledger) -> Self {
        let place = tempfile::tempdir().unwrap();
        ledgers::write(&ledger.view, place.path());
        Self { folder: Folder::with_layout(place.path(), Layout::SMALL), ledger, _place: place }
    }

    /// The verdict where these proofs are known to hold.
    fn look(&self, proven: Option<ProvenPrefix>) -> VerifyReport {
        verify::ledger(&self.folder, &Trust { proven, ..self.ledger.trust() }, &options(2)).unwrap()
    }

    /// What is made of its closed files by whoever writes it.
    fn closed(&self) -> Closed {
        let reader = Reader::open(self.folder.clone()).unwrap();
        Closed::open(&reader, &reader.declaration().unwrap(), Span::ZERO).unwrap()
    }

    /// Whatever is known, the verdict is that of the first look; this much is then remembered.
    fn same_at_every_size(&self) -> Option<ProvenPrefix> {
        let first = self.look(None);
        for size in 1..=SIZE {
            let second = self.look(Some(self.ledger.proven(size)));
            assert_eq!(said(&second), said(&first), "{size}");
        }
        first.proven
    }
}

fn small(records: impl Iterator<Item = counterfoil::json::Object>) -> Ledger {
    cut(std::iter::once(genesis(Writers::Signed)).chain(records).collect())
}

fn sound() -> Ledger {
    small((1..SIZE).map(|n| reading(1, n)))
}

/// How many proofs were evaluated, in a ledger of which none holds but that of entry 0.
fn evaluated(report: &VerifyReport) -> u64 {
    report.findings.errors()
}

#[test]
fn of_a_grown_ledger_the_new_proofs_are_evaluated_and_no_others() {
    let ledger = small((1..SIZE).map(|n| with_bad_proof(reading(1, n))));
    assert_eq!(evaluated(&ledger.verify()), SIZE - 1);
    for size in 1..=SIZE {
        // Who is told that they hold finds those only that were evaluated.
        let report = knowing(&ledger, ledger.proven(size));
        assert_eq!(evaluated(&report), SIZE - size, "{size}: {:?}", found(&report));
    }
    // A hundredth more, in files as they are.
    let all: Vec<_> = (1..303).map(|n| with_bad_proof(reading(1, n))).collect();
    let grown = Ledger::holding([vec![genesis(Writers::Signed)], all].concat());
    let report = knowing(&grown, grown.proven(300));
    assert_eq!((evaluated(&report), report.proofs_checked), (3, 300));
    assert_eq!(report.known_proofs, Some(KnownProofs { entries: 300, proofs: 299 }));
}

#[test]
fn packing_and_unpacking_between_looks_changes_nothing() {
    let book = OnDisk::new(sound());
    let known = book.look(None).proven;
    assert_eq!(known, Some(book.ledger.proven(SIZE)));
    let plain = said(&book.look(known));
    let steps: [fn(&Closed, u64) -> anyhow::Result<pack::PackedSizes>; 2] = [pack::pack, pack::unpack];
    for (step, first) in [(0, 0), (0, 16), (1, 0), (1, 16), (0, 16)] {
        steps[step](&book.closed(), first).unwrap();
        let second = book.look(known);
        assert_eq!(second.known_proofs, Some(KnownProofs { entries: SIZE, proofs: SIZE - 1 }));
        assert_eq!((said(&second), second.proven), (plain.clone(), known));
        assert_eq!(book.same_at_every_size(), known, "at first sight, too");
    }
}

#[test]
fn a_bad_proof_in_a_packed_file_is_found_at_the_second_look() {
    let pristine = sound();
    for n in [1, 15, 16, 31] {
        let bad = OnDisk::new(small((1..SIZE).map(|at| {
            let record = reading(1, at);
            if at == n { with_bad_proof(record) } else { record }
        })));
        for first in [0, 16] {
            pack::pack(&bad.closed(), first).unwrap();
        }
        for size in [n + 1, 32, SIZE] {
            let report = bad.look(Some(pristine.proven(size)));
            assert!(report.has(FindingKind::BadProof) && report.known_proofs.is_none(), "{n}, {size}");
        }
        assert_eq!(bad.same_before(n), Some(bad.ledger.proven(n)));
    }
}

impl OnDisk {
    /// As [`OnDisk::same_at_every_size`], for what is known of entries before this one.
    fn same_before(&self, n: u64) -> Option<ProvenPrefix> {
        let first = self.look(None);
        for size in 1..=n {
            assert_eq!(said(&self.look(Some(self.ledger.proven(size)))), said(&first), "{n}, {size}");
        }
        first.proven
    }
}

#[test]
fn what_was_dropped_between_looks_was_evaluated_and_what_was_dropped_before_never_is() {
    let drop = |book: &OnDisk, files: Range<u64>| {
        for file in files {
            prune::prune(&book.closed(), 16 * file).unwrap();
        }
    };
    for files in [0..1, 1..2, 0..2] {
        let book = OnDisk::new(sound());
        let known = book.look(None).proven;
        drop(&book, files.clone());
        let second = book.look(known);
        assert_eq!(second.proven, known, "the rest leads to the same root: {files:?}");
        let seen = SIZE - 16 * (files.end - files.start);
        assert_eq!(second.known_proofs.map(|known| known.entries), Some(SIZE));
        assert_eq!(second.entries_checked, seen + u64::from(files.start == 0));
        // Who sees it for the first time has not seen what is gone, and remembers none of it.
        let proven = book.same_at_every_size();
        assert_eq!(proven.map_or(0, |proven| proven.size), 16 * files.start, "{files:?}");
    }
}

#[test]
fn a_marker_that_names_another_root_is_no_help() {
    let (pristine, other) = (OnDisk::new(sound()), OnDisk::new(small((1..SIZE).map(|n| reading(2, n)))));
    for book in [&pristine, &other] {
        prune::prune(&book.closed(), 0).unwrap();
    }
    let known = pristine.ledger.proven(SIZE);
    std::fs::copy(other.folder.marker(0), pristine.folder.marker(0)).unwrap();
    let second = pristine.look(Some(known));
    assert!(!second.sound() && second.known_proofs.is_none() && second.proven.is_none());
    assert_eq!(said(&second), said(&pristine.look(None)));
}

#[test]
fn a_fork_behind_what_is_known_is_evaluated_from_there_on() {
    let branch = |from: u64, bad: bool| {
        small((1..SIZE).map(|n| {
            let record = reading(if n < from { 1 } else { 2 }, n);
            if bad && n >= from { with_bad_proof(record) } else { record }
        }))
    };
    let trunk = branch(SIZE, false);
    for from in [1, 15, 16, 17, 30, 39] {
        let fork = branch(from, true);
        let known: Vec<_> = (1..=SIZE).map(|size| trunk.proven(size)).collect();
        assert_eq!(evaluated(&verify_both(&fork.view, &fork.trust(), &known)), SIZE - from);
        for size in 1..=SIZE {
            let known = knowing(&fork, trunk.proven(size)).known_proofs;
            let common = (1 < size && size <= from).then_some(size);
            assert_eq!(known.map(|known| known.entries), common, "{from}, {size}");
        }
        let sound = branch(from, false);
        assert_eq!(knowing(&sound, trunk.proven(from)).proven, Some(sound.proven(SIZE)));
    }
}
