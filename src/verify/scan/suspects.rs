//! Suspect entries: signed with a key that was revoked later, after the time until which it is trusted.
//!
//! That shows only with the revocation. Which files hold lines of its keys is known by then; these files alone are read
//! once more. Nothing is rewritten: these are warnings.

use std::collections::HashMap;

use super::{
    file_clocks::{FileArrivals, FileClocks},
    line_source::shown,
    signer_index::{LineSpan, SignerIndex},
};
use crate::{
    key::Did,
    record::claim::SignerKeys,
    rules::registry::Revocation,
    time::Time,
    tlog::{
        entry::plain_line,
        entry_view::EntryView,
        view::{EntryFile, View},
    },
    verify::{
        finding::{Finding, FindingKind, Findings, Severity},
        lines::{self, LineChunks},
    },
};

/// Who signed an entry, when it arrived, and what it is about.
struct SignedLine {
    n: u64,
    arrival: Time,
    keys: SignerKeys,
    device: Option<String>,
}

/// Revocations by the keys that they revoke.
struct Doubts<'a>(HashMap<Did, Vec<&'a Revocation>>, &'a FileClocks);

/// Whether lines with the same signers are suspect.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Suspicion {
    /// None of them is
    None,
    /// Some may be
    Some,
    /// All are
    All,
}

/// Names the entries that some revocations make suspect. Of the log only files are read that may hold some, and only
/// as long as there is room for findings; others are counted.
pub(in crate::verify) fn find(
    view: &dyn View,
    files: &[EntryFile],
    (revocations, clocks): (&[Revocation], &FileClocks),
    index: &mut SignerIndex,
    found: &mut Findings,
) -> std::io::Result<()> {
    if revocations.is_empty() {
        return Ok(());
    }
    let doubts = Doubts::of(revocations, clocks);
    index.close();
    let sets = index.sets();
    for signed in index.files() {
        let suspicions =
            signed.lines().map(|(set, lines)| (doubts.of_lines(set.map(|at| sets[at]), signed.span), lines));
        let suspicions: Vec<_> = suspicions.filter(|(suspicion, _)| *suspicion != Suspicion::None).collect();
        let all = suspicions.iter().all(|(suspicion, _)| *suspicion == Suspicion::All);
        // Of entries in a jump that was undone only their lines tell when they arrived.
        let all = all && clocks.is_plain(signed.file);
        if all && found.is_full(Severity::Warning) {
            let count = suspicions.iter().map(|(_, lines)| lines).sum();
            found.count(FindingKind::Suspect, Severity::Warning, count);
        } else if !suspicions.is_empty() {
            doubts.name(view, (signed.file, &files[signed.file]), found)?;
        }
    }
    Ok(())
}

impl<'a> Doubts<'a> {
    fn of(revocations: &'a [Revocation], clocks: &'a FileClocks) -> Self {
        let mut doubts: HashMap<Did, Vec<&Revocation>> = HashMap::new();
        for revocation in revocations {
            for key in &revocation.keys {
                doubts.entry(*key).or_default().push(revocation);
            }
        }
        Self(doubts, clocks)
    }

    /// Whether lines of a file are suspect that these keys signed; `None`: it is not known which keys did.
    fn of_lines(&self, signers: Option<&SignerKeys>, span: LineSpan) -> Suspicion {
        let Some(signers) = signers else { return Suspicion::Some };
        let revocations = signers.as_slice().iter().filter_map(|key| self.0.get(key)).flatten();
        let suspicion = |revocation: &&Revocation| {
            let Revocation { trusted_until, n, .. } = revocation;
            if span.numbers.1 < *n && span.arrivals.0 > *trusted_until {
                Suspicion::All
            } else if span.numbers.0 < *n && span.arrivals.1 > *trusted_until {
                Suspicion::Some
            } else {
                Suspicion::None
            }
        };
        revocations.map(suspicion).max().unwrap_or(Suspicion::None)
    }

    /// Names the suspect entries of one file, which has this place in the list.
    fn name(
        &self,
        view: &dyn View,
        (place, file): (usize, &EntryFile),
        found: &mut Findings,
    ) -> std::io::Result<()> {
        let arrivals = self.arrivals(view, place, file)?;
        let mut chunks = LineChunks::new(view, std::slice::from_ref(file));
        while let Some(chunk) = chunks.next()? {
            for (line, (text, _)) in (chunk.first_line..).zip(lines::split(&chunk.bytes)) {
                let plain = plain_line(text, line == 1);
                let Some(signed) = SignedLine::read(plain, &arrivals) else { continue };
                if let Some((key, revocation)) = self.of_line(&signed) {
                    found.push(finding(&signed, key, revocation).in_file(&file.name).at_line(line));
                }
            }
        }
        Ok(())
    }

    /// When the entries of a file arrived, which is read for that where some stand in a jump that was undone.
    fn arrivals(&self, view: &dyn View, place: usize, file: &EntryFile) -> std::io::Result<FileArrivals<'a>> {
        let mut times = Vec::new();
        if !self.1.is_plain(place) {
            let mut chunks = LineChunks::new(view, std::slice::from_ref(file));
            while let Some(chunk) = chunks.next()? {
                for (line, (text, _)) in (chunk.first_line..).zip(lines::split(&chunk.bytes)) {
                    // More lines than a file has entries are none.
                    let room = (times.len() as u64) < view.layout().entries_per_file();
                    let entry = EntryView::of(plain_line(text, line == 1)).ok().filter(|_| room);
                    times.extend(entry.map(|entry| (entry.n, entry.times())));
                }
            }
        }
        Ok(self.1.arrivals(place, times.into_iter()))
    }

    /// The first key of a line that is in doubt, and the revocation that says so.
    fn of_line<'l>(&self, line: &'l SignedLine) -> Option<(&'l Did, &'a Revocation)> {
        let is_suspect =
            |revocation: &&&Revocation| line.n < revocation.n && line.arrival > revocation.trusted_until;
        let doubt = |key| Some((key, *self.0.get(key)?.iter().find(is_suspect)?));
        line.keys.as_slice().iter().find_map(doubt)
    }
}

impl SignedLine {
    fn read(line: &[u8], arrivals: &FileArrivals<'_>) -> Option<Self> {
        let entry = EntryView::of(line).ok()?;
        let (n, arrival) = (entry.n, arrivals.of(entry.n, entry.times()));
        let record = entry.record;
        Some(Self { n, arrival, keys: record.signers()?, device: record.device().map(shown) })
    }
}

fn finding(line: &SignedLine, key: &Did, revocation: &Revocation) -> Finding {
    let Revocation { trusted_until, n, .. } = revocation;
    let detail = format!(
        "entry {}: signed with {key}, which entry {n} revoked and trusts until {trusted_until} only",
        line.n
    );
    let finding = Finding::new(FindingKind::Suspect, detail).about(line.n);
    Finding { device: line.device.clone(), ..finding }
}

#[cfg(test)]
mod tests {
    use std::{
        collections::BTreeSet,
        io::{self, Read},
        sync::Mutex,
    };

    use super::*;
    use crate::{
        hash::Hash,
        key::SecretKey,
        record::signed::{SignOptions, sign},
        tlog::{entry::Entry, layout::ENTRIES_PER_FILE, view::Memory},
        verify::{
            finding::KEPT,
            scan::{line_examiner::LineRules, pool},
        },
    };

    /// A log that takes note of the files that are opened.
    struct Watched {
        log: Memory,
        opened: Mutex<BTreeSet<u64>>,
    }

    impl View for Watched {
        fn checkpoint(&self, limit: usize) -> io::Result<Option<Vec<u8>>> {
            self.log.checkpoint(limit)
        }

        fn entry_files(&self) -> io::Result<Vec<EntryFile>> {
            self.log.entry_files()
        }

        fn open(&self, file: &EntryFile) -> io::Result<Box<dyn Read + Send + '_>> {
            self.opened.lock().unwrap().insert(file.first / ENTRIES_PER_FILE);
            self.log.open(file)
        }

        fn tree(&self, level: u32, first: u64, count: usize) -> io::Result<Option<Vec<Hash>>> {
            self.log.tree(level, first, count)
        }
    }

    fn key(seed: u8) -> SecretKey {
        SecretKey::from_seed(&[seed; 32])
    }

    fn at(millis: u64) -> Time {
        Time::from_millis(millis.cast_signed()).unwrap()
    }

    /// Files with the first lines that they could have: entry n was received n milliseconds after 1970. The seeds of
    /// the keys that sign are those of the file, in turn.
    fn log(lines: u64, signers: &[&[u8]]) -> Watched {
        let mut log = Memory::default();
        for (file, seeds) in (0u64..).zip(signers) {
            let first = file * ENTRIES_PER_FILE;
            let mut text = Vec::new();
            for (n, seed) in (first..first + lines).zip(seeds.iter().cycle()) {
                let mut record = crate::object! { "device": "a" };
                sign(&mut record, &key(*seed), &SignOptions::default()).unwrap();
                text.extend(Entry { n, received: at(n), wall: None, record }.to_line().into_bytes());
                text.push(b'\n');
            }
            log.files.insert(first, text);
        }
        Watched { log, opened: Mutex::default() }
    }

    fn revocation(seed: u8, trusted_until: u64, n: u64) -> Revocation {
        Revocation { keys: vec![Did::from(&key(seed).public())], trusted_until: at(trusted_until), n }
    }

    /// What is found, and the files that are opened for it once all lines were read.
    fn found(log: &Watched, revocations: &[Revocation]) -> (Findings, BTreeSet<u64>) {
        let files = log.entry_files().unwrap();
        let (rules, mut index) = (LineRules::new(None, false, false), SignerIndex::default());
        pool::run(LineChunks::new(log, &files), &rules, 2, &mut index, drop).unwrap();
        log.opened.lock().unwrap().clear();
        let mut findings = Findings::default();
        find(log, &files, (revocations, &FileClocks::default()), &mut index, &mut findings).unwrap();
        (findings, log.opened.lock().unwrap().clone())
    }

    /// What is found if all files are gone through.
    fn found_in_all(log: &Watched, revocations: &[Revocation]) -> Findings {
        let mut findings = Findings::default();
        for file in log.entry_files().unwrap().iter().enumerate() {
            Doubts::of(revocations, &FileClocks::default()).name(log, file, &mut findings).unwrap();
        }
        findings
    }

    #[test]
    fn only_files_with_suspect_lines_are_read_again() {
        let log = log(20, &[&[1, 2], &[2], &[1, 1, 2], &[2, 1]]);
        let file = |at: u64| at * ENTRIES_PER_FILE;
        for (revocations, opened) in [
            (vec![], vec![]),
            (vec![revocation(3, 0, u64::MAX)], vec![]),
            (vec![revocation(1, 0, u64::MAX)], vec![0, 2, 3]),
            (vec![revocation(1, 7, file(3))], vec![0, 2]),
            (vec![revocation(1, file(1), file(3) + 5)], vec![2, 3]),
            (vec![revocation(1, file(1), file(2)), revocation(2, file(2), file(2) + 3)], vec![2]),
        ] {
            let (findings, read) = found(&log, &revocations);
            assert_eq!(read, opened.into_iter().collect(), "{revocations:?}");
            assert_eq!(findings.sorted(), found_in_all(&log, &revocations).sorted());
            assert_eq!(findings.total(), found_in_all(&log, &revocations).total());
        }
    }

    #[test]
    fn what_is_only_counted_is_not_read_again() {
        let log = log(600, &[&[1], &[1, 2], &[1, 1, 2], &[1]]);
        let revocations = [revocation(1, 0, 3 * ENTRIES_PER_FILE + 5)];
        let (findings, read) = found(&log, &revocations);
        assert_eq!(read, BTreeSet::from([0, 1, 2, 3]), "the third file makes it a thousand");
        let revocations = [revocation(1, 0, u64::MAX)];
        let (all, read) = found(&log, &revocations);
        assert_eq!(read, BTreeSet::from([0, 1, 2]));
        for (findings, revocations) in
            [(findings, [revocation(1, 0, 3 * ENTRIES_PER_FILE + 5)]), (all, revocations)]
        {
            let expected = found_in_all(&log, &revocations);
            assert_eq!(findings.total(), expected.total());
            assert!(findings.sorted() == expected.sorted());
            assert_eq!(findings.sorted().len(), KEPT);
        }
    }
}
