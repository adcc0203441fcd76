//! Two copies of a ledger: same, prefix, fork or damaged, and never a fork where no key signed two histories.

use std::{
    io::{self, Read},
    sync::LazyLock,
};

use counterfoil::{
    hash::Hash,
    json::Object,
    object,
    record::{
        signed::{self, SignOptions},
        writers::Writers,
    },
    tlog::{
        checkpoint::{Checkpoint, SignedCheckpoint},
        evidence::Evidence,
        layout::Layout,
        merkle::leaf_hash,
        tile::{self, Builder},
        view::{EntryFile, Memory, View},
    },
    verify::{CopyComparison, CopyRelation, GivenKey, KeySource, Trust, compare},
};
use proptest::prelude::*;

use crate::{
    counting::Counting,
    ledgers::{Ledger, ORIGIN, genesis, key},
};

/// Entry 0 and unsigned records; from `fork` on they are others.
fn history(size: u64, fork: u64) -> Ledger {
    let record = |n: u64| object! { "seq": n, "value": u32::from(n >= fork) };
    Ledger::holding([vec![genesis(Writers::Anyone)], (1..size).map(record).collect()].concat())
}

fn honest(size: u64) -> Ledger {
    history(size, u64::MAX)
}

fn trust() -> Trust {
    Trust { given: Some(GivenKey::Key(key(200).public())), ..Trust::default() }
}

fn compared(a: &dyn View, b: &dyn View) -> CopyComparison {
    compare(a, b, &trust(), [false; 2]).unwrap()
}

/// The relation, the entry, and of each copy what is wrong with it.
fn said(comparison: &CopyComparison) -> (CopyRelation, Option<u64>, [Vec<String>; 2]) {
    let findings = |side: usize| {
        let findings = comparison.copies[side].findings.iter();
        findings
            .map(|finding| {
                format!("{} {}", finding.kind.name(), finding.n.map_or("-".into(), |n| n.to_string()))
            })
            .collect()
    };
    (comparison.relation, comparison.n, [findings(0), findings(1)])
}

fn bare(relation: CopyRelation, n: Option<u64>) -> (CopyRelation, Option<u64>, [Vec<String>; 2]) {
    (relation, n, [vec![], vec![]])
}

/// The tree that the lines of a ledger give, under the old checkpoint: what can be made without the key.
fn rebuilt(view: &Memory) -> Memory {
    let mut builder = Builder::default();
    for content in view.files.values() {
        for line in content.split_inclusive(|byte| *byte == b'\n') {
            builder.push(leaf_hash(line.strip_suffix(b"\n").unwrap()));
        }
    }
    let levels = builder.take().into_iter().map(|piece| piece.bytes).collect();
    Memory { levels, ..view.clone() }
}

fn with_line(view: &Memory, n: usize, change: impl FnOnce(&mut Vec<String>, usize)) -> Memory {
    let text = String::from_utf8(view.files[&0].clone()).unwrap();
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    change(&mut lines, n);
    let mut view = view.clone();
    view.files.insert(0, lines.concat().into_bytes());
    view
}

fn change(lines: &mut [String], n: usize) {
    lines[n] = lines[n].replace("\"value\":0", "\"value\":9");
}

/// A checkpoint that another party kept.
struct Kept(Vec<u8>);

impl View for Kept {
    fn kind(&self) -> &'static str {
        "checkpoint"
    }

    fn checkpoint(&self, _: usize) -> io::Result<Option<Vec<u8>>> {
        Ok(Some(self.0.clone()))
    }

    fn entry_files(&self) -> io::Result<Vec<EntryFile>> {
        Ok(Vec::new())
    }

    fn open(&self, _: &EntryFile) -> io::Result<Box<dyn Read + Send + '_>> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn tree(&self, _: u32, _: u64, _: usize) -> io::Result<Option<Vec<Hash>>> {
        Ok(None)
    }
}

#[test]
fn copies_of_one_history_are_the_same_or_a_prefix() {
    for (a, b) in [(1, 1), (1, 2), (255, 256), (256, 700), (300, 300), (699, 700)] {
        let (shorter, longer) = (honest(a).view, honest(b).view);
        let relation = |side| if a == b { CopyRelation::Same } else { CopyRelation::Prefix(side) };
        assert_eq!(said(&compared(&shorter, &longer)), bare(relation(0), None), "{a} {b}");
        assert_eq!(said(&compared(&longer, &shorter)), bare(relation(1), None), "{b} {a}");
    }
    let same = compare(&honest(9).view, &honest(9).view, &Trust::default(), [false; 2]).unwrap();
    assert_eq!(
        (same.relation, same.key, same.log),
        (CopyRelation::Same, KeySource::None, Some(key(200).public()))
    );
}

#[test]
fn a_fork_is_found_at_its_entry_and_proven() {
    for (a, b, n) in [
        (2, 2, 1),
        (300, 300, 299),
        (700, 700, 1),
        (700, 700, 256),
        (700, 900, 699),
        (512, 900, 300),
        (256, 700, 3),
    ] {
        let (forked, other) = (history(a, n), honest(b));
        for (first, second) in [(&forked, &other), (&other, &forked)] {
            let comparison = compared(&first.view, &second.view);
            assert_eq!(said(&comparison), bare(CopyRelation::Fork, Some(n)), "{a} {b} {n}");
            let line = |ledger: &Ledger| Some(ledger.lines[usize::try_from(n).unwrap()].as_bytes().to_vec());
            assert_eq!(comparison.copies[0].line, line(first));
            assert_eq!(comparison.copies[1].line, line(second));
            let text = comparison.evidence.unwrap().to_string();
            assert_eq!(Evidence::parse(text.as_bytes()).unwrap().holds(), Ok(()));
        }
    }
}

#[test]
fn who_changes_a_copy_and_its_tree_is_at_fault_and_makes_no_fork() {
    let (good, long) = (honest(700).view, honest(900).view);
    for n in [1, 255, 256, 511, 512, 699] {
        let changed = rebuilt(&with_line(&good, n, |lines, n| change(lines, n)));
        let fault = vec!["tree-damaged -".to_owned(), format!("modified {n}")];
        let at = Some(n as u64);
        let expected = |side: usize| {
            let mut findings = [vec![], vec![]];
            findings[side].clone_from(&fault);
            (CopyRelation::Damaged, at, findings)
        };
        assert_eq!(said(&compared(&changed, &good)), expected(0));
        assert_eq!(said(&compared(&good, &changed)), expected(1));
        assert_eq!(said(&compared(&changed, &long)), expected(0), "the prefix of another copy is as good");
        let line = compared(&changed, &good).copies[0].line.clone().unwrap();
        assert!(String::from_utf8(line).unwrap().contains("\"value\":9"));
    }
    let cut = rebuilt(&with_line(&good, 600, Vec::truncate));
    let (relation, n, findings) = said(&compared(&good, &cut));
    assert_eq!((relation, n, &findings[1][1][..]), (CopyRelation::Damaged, Some(600), "missing 600"));
    // Where the other copy does not reach, no more is known.
    let changed = rebuilt(&with_line(&long, 800, |lines, n| change(lines, n)));
    let (relation, n, findings) = said(&compared(&good, &changed));
    assert_eq!((relation, n, &findings[1][1][..]), (CopyRelation::Damaged, None, "root-mismatch 700"));
    let changed = rebuilt(&with_line(&long, 300, |lines, n| change(lines, n)));
    let (relation, n, findings) = said(&compared(&good, &changed));
    assert_eq!((relation, n, &findings[1][1][..]), (CopyRelation::Damaged, Some(300), "root-mismatch 300"));
}

#[test]
fn a_line_that_was_changed_beside_its_tree_shows_when_entries_are_read() {
    let good = honest(700).view;
    let changed = with_line(&good, 300, |lines, n| change(lines, n));
    assert_eq!(said(&compared(&good, &changed)), bare(CopyRelation::Same, None), "tree/ says so");
    let comparison = compare(&good, &changed, &trust(), [true; 2]).unwrap();
    assert_eq!(
        said(&comparison),
        (CopyRelation::Damaged, Some(300), [vec![], vec!["modified 300".to_owned()]])
    );
    // In a fork, the entry that a copy shows has to be the one under its root.
    let fork = with_line(&history(700, 300).view, 300, |lines, n| lines[n] = lines[n].replace(":1}", ":9}"));
    let comparison = compared(&good, &fork);
    assert_eq!(said(&comparison), (CopyRelation::Fork, Some(300), [vec![], vec!["modified 300".to_owned()]]));
}

#[test]
fn a_copy_that_was_emptied_is_not_the_same() {
    let good = honest(700).view;
    let files = |bytes: Option<&[u8]>| {
        let mut view = good.clone();
        view.files = bytes.map(|bytes| (0, bytes.to_vec())).into_iter().collect();
        view
    };
    let half = good.files[&0].split_inclusive(|byte| *byte == b'\n').take(300).collect::<Vec<_>>().concat();
    for (name, emptied, n) in [
        ("no file", files(None), 0),
        ("an empty file", files(Some(b"")), 0),
        ("half", files(Some(&half)), 300),
    ] {
        for quick in [false, true] {
            let compared = |a: &Memory, b: &Memory| compare(a, b, &trust(), [!quick; 2]).unwrap();
            let comparison = compared(&good, &emptied);
            if quick && n > 0 {
                assert_eq!(said(&comparison), bare(CopyRelation::Same, None), "by the tree");
                continue;
            }
            let missing = vec![format!("missing {n}")];
            assert_eq!(
                said(&comparison),
                (CopyRelation::Damaged, Some(n), [vec![], missing.clone()]),
                "{name}"
            );
            let both = compared(&emptied, &emptied);
            assert_eq!(both.relation, CopyRelation::Damaged, "{name}, both");
            let kept =
                compare(&Kept(good.checkpoint.clone().unwrap()), &emptied, &trust(), [!quick; 2]).unwrap();
            assert_eq!(kept.relation, CopyRelation::Damaged, "{name}, beside its checkpoint");
            let detail = &comparison.copies[1].findings[0].detail;
            let says = if n == 0 { "entries 0 to 699 are missing" } else { "it has 300 of its 700 entries" };
            assert_eq!(detail, says, "{name}");
        }
    }
}

#[test]
fn of_each_copy_it_is_said_what_of_it_was_compared() {
    let good = honest(700).view;
    let parts =
        |entries| compare(&good, &good, &trust(), entries).unwrap().copies.map(|copy| copy.part.name());
    assert_eq!(parts([true, false]), ["entries", "tree"]);
    assert_eq!(parts([false, true]), ["tree", "entries"]);
    let kept = compare(&Kept(good.checkpoint.clone().unwrap()), &good, &trust(), [true; 2]).unwrap();
    assert_eq!(kept.copies.map(|copy| copy.part.name()), ["checkpoint", "entries"]);
}

#[test]
fn without_a_tree_the_entries_decide() {
    let warned = || vec!["tree-damaged -".to_owned()];
    let (good, forked) = (honest(700).view, history(800, 300).view);
    let treeless = Memory { levels: Vec::new(), ..good.clone() };
    // One file of entries stands in for all of the tree that matters here.
    assert_eq!(said(&compared(&good, &treeless)), bare(CopyRelation::Same, None));
    assert_eq!(said(&compared(&treeless, &treeless)), bare(CopyRelation::Same, None));
    let comparison = compared(&treeless, &forked);
    assert_eq!(said(&comparison), (CopyRelation::Fork, Some(300), [warned(), vec![]]));
    assert!(comparison.evidence.is_some());
    // A block below the top, which shows only on the way down.
    let mut deep = forked.clone();
    deep.levels[0][32 * 301] ^= 1;
    let comparison = compared(&good, &deep);
    assert_eq!(said(&comparison), (CopyRelation::Fork, Some(300), [vec![], warned()]));
    let dos = with_line(&treeless, 0, |lines, _| {
        for line in lines {
            *line = line.replace('\n', "\r\n");
        }
    });
    assert_eq!(compared(&good, &dos).relation, CopyRelation::Same, "line ends of another system");
}

#[test]
fn a_fork_is_a_fork_though_the_shorter_copy_is_damaged() {
    let (forked, good) = (history(600, 300).view, honest(700).view);
    let broken = rebuilt(&with_line(&forked, 100, |lines, n| change(lines, n)));
    let comparison = compared(&broken, &good);
    assert_eq!((comparison.relation, comparison.n), (CopyRelation::Fork, None), "where, nobody can tell");
    assert!(comparison.evidence.as_ref().is_some_and(|evidence| evidence.holds().is_ok()));
    assert_eq!(said(&comparison).2[0][1], "root-mismatch 100");
    let equal =
        compared(&rebuilt(&with_line(&history(700, 300).view, 5, |lines, n| change(lines, n))), &good);
    assert_eq!(equal.relation, CopyRelation::Fork);
    assert!(equal.evidence.is_some());
    // The other way round nothing is proven: the longer one's history is not at hand.
    let broken = rebuilt(&with_line(&good, 100, |lines, n| change(lines, n)));
    let comparison = compared(&broken, &forked);
    assert_eq!((comparison.relation, comparison.evidence), (CopyRelation::Damaged, None));
}

#[test]
fn histories_of_one_ledger_are_a_fork_though_a_proof_of_entry_0_does_not_hold() {
    let good = honest(300);
    let mut record: Object = genesis(Writers::Anyone);
    let mut other = object! { "type": "note" };
    signed::sign(&mut other, &key(200), &SignOptions::default()).unwrap();
    record.insert("proof", other.get("proof").unwrap().clone());
    let unproven = Ledger::holding(vec![record, object! { "seq": 1u32 }]);
    for (first, second) in [(&good, &unproven), (&unproven, &good)] {
        let comparison = compared(&first.view, &second.view);
        assert_eq!((comparison.relation, comparison.n), (CopyRelation::Fork, Some(0)));
        assert!(comparison.evidence.is_some(), "the log's key signed both");
    }
}

#[test]
fn a_kept_checkpoint_is_compared_too() {
    let kept = |ledger: &Ledger| Kept(ledger.view.checkpoint.clone().unwrap());
    let good = honest(700);
    for size in [1, 256, 699] {
        assert_eq!(said(&compared(&kept(&honest(size)), &good.view)), bare(CopyRelation::Prefix(0), None));
    }
    assert_eq!(said(&compared(&good.view, &kept(&good))), bare(CopyRelation::Same, None));
    let comparison = compared(&kept(&history(600, 300)), &good.view);
    assert_eq!(said(&comparison), bare(CopyRelation::Fork, None));
    assert!(comparison.evidence.is_some());
    assert_eq!(
        compared(&kept(&history(700, 699)), &kept(&good)).relation,
        CopyRelation::Fork,
        "two roots of one size"
    );
    assert_eq!(said(&compared(&kept(&honest(900)), &good.view)), bare(CopyRelation::Undecided, None));
    // With a tree that is wrong where the answer lies, the entries are asked.
    let mut deep = honest(700).view;
    deep.levels[0][32 * 256] ^= 1;
    let comparison = compared(&deep, &kept(&honest(300)));
    assert_eq!(
        said(&comparison),
        (CopyRelation::Prefix(1), None, [vec!["tree-damaged -".to_owned()], vec![]])
    );
}

#[test]
fn other_ledgers_and_unsigned_copies_are_no_forks() {
    let good = honest(300);
    let record = |origin: &str, created: i64| {
        let mut record: Object = genesis(Writers::Anyone);
        record.insert("origin", origin);
        record.insert("created", counterfoil::time::Time::from_millis(created).unwrap().to_string());
        record.remove("proof");
        record
    };
    let other = Ledger::holding(vec![record(ORIGIN, 7), object! { "seq": 1u32 }]);
    assert_eq!(said(&compared(&good.view, &other.view)), bare(CopyRelation::Different, Some(0)));
    assert_eq!(compared(&good.view, &other.view).evidence, None);
    let resigned = |origin: &str, seed: u8| {
        let signed = SignedCheckpoint::parse(good.view.checkpoint.as_ref().unwrap()).unwrap();
        let checkpoint = Checkpoint { origin: origin.to_owned(), ..signed.checkpoint().clone() };
        let note = SignedCheckpoint::sign(checkpoint, &key(seed)).unwrap().to_string();
        Memory { checkpoint: Some(note.into_bytes()), ..good.view.clone() }
    };
    let renamed = resigned("plant8.example/cold-room", 200);
    assert_eq!(said(&compared(&good.view, &renamed)), bare(CopyRelation::Different, None));
    let (relation, _, findings) = said(&compared(&good.view, &resigned(ORIGIN, 201)));
    assert_eq!(
        (relation, findings),
        (CopyRelation::Damaged, [vec![], vec!["checkpoint-signature -".to_owned()]])
    );
    let stranger = Trust { given: Some(GivenKey::Key(key(9).public())), ..Trust::default() };
    let comparison = compare(&good.view, &good.view, &stranger, [false; 2]).unwrap();
    assert_eq!(comparison.relation, CopyRelation::Damaged);
    assert!(comparison.copies.iter().all(|copy| copy.findings.len() == 1));
    assert!(compare(&good.view, &Memory::default(), &trust(), [false; 2]).is_err(), "no ledger");
}

/// A tree of a million entries of which one, and those above it, may be others.
struct Million {
    levels: Vec<Vec<u8>>,
    checkpoint: Vec<u8>,
    line: Vec<u8>,
}

const MILLION: u64 = 1_000_000;

/// Where the two histories part.
const PARTS: u64 = 654_321;

impl Million {
    fn of(mut levels: Vec<Vec<u8>>, line: &str) -> Self {
        let put = |levels: &mut Vec<Vec<u8>>, level: usize, at: u64, hash: Hash| {
            let at = usize::try_from(at).unwrap() * 32;
            levels[level][at..at + 32].copy_from_slice(hash.as_bytes());
        };
        put(&mut levels, 0, PARTS, leaf_hash(line.as_bytes()));
        for level in 1..3 {
            let at = PARTS >> (8 * level);
            let below = &levels[level - 1][usize::try_from(at).unwrap() * 32 * 256..][..32 * 256];
            let hash = fold(below);
            put(&mut levels, level, at, hash);
        }
        let view = Memory { levels, ..Memory::default() };
        let tree =
            tile::frontier(Layout::STANDARD, MILLION, |level, first, count| view.tree(level, first, count))
                .unwrap()
                .unwrap();
        let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), size: MILLION, root: tree.root() };
        let checkpoint = SignedCheckpoint::sign(checkpoint, &key(200)).unwrap().to_string().into_bytes();
        Self { levels: view.levels, checkpoint, line: line.as_bytes().to_vec() }
    }

    /// Leaves that were never hashed are as good as any.
    fn levels() -> Vec<Vec<u8>> {
        let leaves = (0..MILLION).flat_map(|n| [[0; 24].to_vec(), n.to_be_bytes().to_vec()].concat());
        let mut levels = vec![leaves.collect::<Vec<u8>>()];
        for level in 1..3 {
            let below: &Vec<u8> = &levels[level - 1];
            levels.push(below.chunks_exact(32 * 256).flat_map(|block| *fold(block).as_bytes()).collect());
        }
        levels
    }
}

fn fold(hashes: &[u8]) -> Hash {
    let mut tree = counterfoil::tlog::merkle::Frontier::default();
    for hash in hashes.as_chunks().0 {
        tree.push(Hash(*hash));
    }
    tree.root()
}

impl View for Million {
    fn checkpoint(&self, _: usize) -> io::Result<Option<Vec<u8>>> {
        Ok(Some(self.checkpoint.clone()))
    }

    fn entry_files(&self) -> io::Result<Vec<EntryFile>> {
        Ok((0..MILLION).step_by(65_536).map(EntryFile::plain).collect())
    }

    fn open(&self, file: &EntryFile) -> io::Result<Box<dyn Read + Send + '_>> {
        panic!("{} is not to be read", file.name)
    }

    fn tree(&self, level: u32, first: u64, count: usize) -> io::Result<Option<Vec<Hash>>> {
        let Some(level) = self.levels.get(level as usize) else { return Ok(None) };
        let bytes =
            level.get(usize::try_from(first).unwrap() * 32..).and_then(|bytes| bytes.get(..count * 32));
        Ok(bytes.map(|bytes| bytes.as_chunks().0.iter().map(|hash| Hash(*hash)).collect()))
    }

    fn line(&self, n: u64) -> io::Result<Option<Vec<u8>>> {
        assert_eq!(n, PARTS, "only the entry itself is read");
        Ok(Some(self.line.clone()))
    }
}

#[test]
fn in_a_million_entries_five_blocks_of_the_tree_and_one_file_are_read() {
    let levels = Million::levels();
    let (ours, theirs) = (Million::of(levels.clone(), "ours"), Million::of(levels, "theirs"));
    let (a, b) = (Counting::new(&ours), Counting::new(&theirs));
    let comparison = compared(&a, &b);
    assert_eq!(said(&comparison), bare(CopyRelation::Fork, Some(PARTS)));
    assert!(comparison.evidence.is_some());
    let lines = comparison.copies.map(|copy| copy.line.unwrap());
    assert_eq!(lines, [b"ours".to_vec(), b"theirs".to_vec()]);
    for counting in [a, b] {
        assert!(counting.trees() <= 5, "{} reads of tree/", counting.trees());
        assert_eq!((counting.files(), counting.lines()), (1, 1));
    }
    let (a, b) = (Counting::new(&ours), Counting::new(&ours));
    assert_eq!(said(&compared(&a, &b)), bare(CopyRelation::Same, None));
    assert!(a.trees() <= 3 && a.files() == 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_changed_in_a_copy_is_no_fork_and_no_evidence(
        place in 0usize..4, at in any::<prop::sample::Index>(), byte in any::<u8>(), longer in any::<bool>(), entries in any::<bool>(),
    ) {
        static COPIES: LazyLock<[Memory; 2]> = LazyLock::new(|| [honest(300).view, honest(340).view]);
        let (good, mut bent) = (&COPIES[usize::from(longer)], COPIES[0].clone());
        let bytes = match place {
            0 => bent.files.get_mut(&0).unwrap(),
            1 | 2 => &mut bent.levels[place - 1],
            _ => bent.checkpoint.as_mut().unwrap(),
        };
        let at = at.index(bytes.len());
        bytes[at] = byte;
        for (a, b) in [(good, &bent), (&bent, good)] {
            let Ok(comparison) = compare(a, b, &trust(), [entries; 2]) else { continue };
            prop_assert!(comparison.relation != CopyRelation::Fork && comparison.evidence.is_none());
        }
    }
}
