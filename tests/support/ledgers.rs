//! Ledgers in memory, for tests that bend them.

use std::{fs, num::NonZeroUsize, path::Path};

use counterfoil::{
    json::Object,
    key::SecretKey,
    object,
    record::{
        genesis::Genesis,
        signed::{SignOptions, sign},
        writers::Writers,
    },
    time::{Span, Time},
    tlog::{
        checkpoint::{Checkpoint, SignedCheckpoint},
        entry::Entry,
        layout::Layout,
        merkle::{Frontier, leaf_hash},
        proven::ProvenPrefix,
        tile::Builder,
        view::Memory,
    },
    verify::{self, GivenKey, RememberedCheckpoint, Trust, VerifyOptions, VerifyReport},
};

pub const ORIGIN: &str = "plant7.example/cold-room";

/// A ledger and who wrote it.
pub struct Ledger {
    pub view: Memory,
    pub log: SecretKey,
    pub lines: Vec<String>,
}

pub fn key(seed: u8) -> SecretKey {
    SecretKey::from_seed(&[seed; 32])
}

pub fn start() -> Time {
    Time::parse("2026-03-01T06:00:00.000Z").unwrap()
}

/// A reading of a device, signed by its key.
pub fn reading(device: u8, seq: u64) -> Object {
    let time = start().saturating_add(Span::from_millis(i64::try_from(seq).unwrap() * 1_000));
    let mut record = object! {
        "type": "reading",
        "device": format!("cold-room-{device}"),
        "time": time.to_string(),
        "stream": format!("b1e{device}"),
        "seq": seq,
        "values": object! { "temperature": 4u32, "door": false },
    };
    sign(&mut record, &key(device), &SignOptions::default()).unwrap();
    record
}

/// Entry 0 of a ledger with these writers.
pub fn genesis(writers: Writers) -> Object {
    let genesis = Genesis {
        origin: ORIGIN.to_owned(),
        log: key(200).public(),
        admins: vec![key(200).public()],
        writers,
        created: start(),
        continues: None,
    };
    let mut record = genesis.to_record();
    sign(&mut record, &key(200), &SignOptions::default()).unwrap();
    record
}

impl Ledger {
    /// Signed readings of three devices after entry 0: `size` entries in all.
    pub fn of(size: u64) -> Self {
        let mut records = vec![genesis(Writers::Signed)];
        records.extend((1..size).map(|n| reading(u8::try_from(n % 3).unwrap() + 1, n / 3)));
        Self::holding(records)
    }

    /// These records, received a second apart.
    pub fn holding(records: Vec<Object>) -> Self {
        Self::begun_after(0, records)
    }

    /// These records, received a second apart, the first so many seconds after the others' first ones.
    pub fn begun_after(seconds: i64, records: Vec<Object>) -> Self {
        let entry = |(n, record): (i64, Object)| {
            let received = start().saturating_add(Span::from_millis((seconds + n) * 1_000));
            Entry { n: n.try_into().unwrap(), received, wall: None, record }.to_line()
        };
        Self::written((0..).zip(records).map(entry).collect())
    }

    /// These very lines, whatever they are.
    pub fn written(lines: Vec<String>) -> Self {
        Self::cut(Layout::STANDARD, lines)
    }

    /// These very lines, in files that are cut in this way.
    pub fn cut(layout: Layout, lines: Vec<String>) -> Self {
        let mut builder = Builder::new(layout, Frontier::default());
        let mut view = Memory { layout, ..Memory::default() };
        for (n, line) in (0u64..).zip(&lines) {
            builder.push(leaf_hash(line.as_bytes()));
            let file = view.files.entry(layout.first_in_file(n)).or_default();
            file.extend(line.bytes().chain([b'\n']));
        }
        let (size, root) = (builder.frontier().size(), builder.frontier().root());
        view.levels = builder.take().into_iter().map(|piece| piece.bytes).collect();
        let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), size, root };
        view.checkpoint = Some(SignedCheckpoint::sign(checkpoint, &key(200)).unwrap().to_string().into());
        Self { view, log: key(200), lines }
    }

    /// What was seen of it, at its present size.
    pub fn remembered(&self) -> RememberedCheckpoint {
        let signed = SignedCheckpoint::parse(self.view.checkpoint.as_ref().unwrap()).unwrap();
        let Checkpoint { size, root, .. } = signed.checkpoint().clone();
        RememberedCheckpoint { key: self.log.public(), size, root }
    }

    /// What is known once the proofs of its first entries were evaluated.
    pub fn proven(&self, size: u64) -> ProvenPrefix {
        let mut tree = Frontier::default();
        self.lines
            .iter()
            .take(usize::try_from(size).unwrap())
            .for_each(|line| tree.push(leaf_hash(line.as_bytes())));
        ProvenPrefix { size: tree.size(), root: tree.root() }
    }

    /// The answer under the log's known key.
    pub fn trust(&self) -> Trust {
        Trust { given: Some(GivenKey::Key(self.log.public())), ..Trust::default() }
    }

    pub fn verify(&self) -> VerifyReport {
        verify(&self.view, &self.trust())
    }
}

pub fn options(threads: usize) -> VerifyOptions {
    VerifyOptions { threads: NonZeroUsize::new(threads).unwrap(), proofs: true, all: false, explain: false }
}

pub fn verify(view: &Memory, trust: &Trust) -> VerifyReport {
    verify::ledger(view, trust, &options(1)).unwrap()
}

/// The verdict, with nothing known of proofs. With these known, each by itself, it is the same byte for byte, and so is
/// what is remembered of it.
pub fn verify_both(view: &Memory, trust: &Trust, known: &[ProvenPrefix]) -> VerifyReport {
    let first = verify(view, trust);
    for known in known {
        let second = verify(view, &Trust { proven: Some(*known), ..trust.clone() });
        assert_eq!(said(&second), said(&first), "{known:?}");
        assert_eq!(second.proven, first.proven, "{known:?}");
        assert!(first.known_proofs.is_none() && !second.contradicts_known, "{known:?}");
    }
    first
}

/// All that a report says, but which proofs were evaluated before.
pub fn said(report: &VerifyReport) -> String {
    let mut object = report.to_object();
    object.remove("checked_before");
    object.to_canonical()
}

/// What was found, as `kind n file:line`.
pub fn found(report: &VerifyReport) -> Vec<String> {
    let number = |number: Option<u64>| number.map_or("-".to_owned(), |number| number.to_string());
    let say = |finding: &&verify::Finding| {
        let file = finding.file.as_deref().unwrap_or("-");
        let file = file.replace("entries/000000", "").replace(".jsonl", "");
        format!("{} {} {file}:{}", finding.kind.name(), number(finding.n), number(finding.line))
    };
    report.findings().iter().map(say).collect()
}

/// Writes a ledger into a folder.
pub fn write(view: &Memory, path: &Path) {
    fs::create_dir_all(path.join("entries")).unwrap();
    fs::create_dir_all(path.join("tree")).unwrap();
    if let Some(checkpoint) = &view.checkpoint {
        fs::write(path.join("checkpoint"), checkpoint).unwrap();
    }
    for (first, content) in &view.files {
        fs::write(path.join(view.layout.entry_file_name(*first)), content).unwrap();
    }
    for (level, content) in view.levels.iter().enumerate() {
        fs::write(path.join(format!("tree/{level}")), content).unwrap();
    }
}
