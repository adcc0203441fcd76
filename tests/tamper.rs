//! A small ledger, bent in every way: the verdict is no, and the named place is right.

use std::{
    fs,
    os::unix::fs::symlink,
    path::Path,
    process::{Command, Output},
    sync::LazyLock,
};

use counterfoil::{
    json::Object,
    object,
    record::writers::Writers,
    tlog::{
        checkpoint::{Checkpoint, SignedCheckpoint},
        layout::Layout,
        proven::ProvenPrefix,
        view::Memory,
    },
    verify::{self, FindingKind, Severity, Trust, VerifyReport},
};

use crate::ledgers::{Ledger, ORIGIN, found, genesis, key, options, reading, said, verify_both, write};

fn small() -> Ledger {
    Ledger::of(5)
}

/// What is known of the proofs of ledgers like [`small`], which begin alike.
static KNOWN: LazyLock<Vec<ProvenPrefix>> = LazyLock::new(|| {
    let ledger = Ledger::of(700);
    [3, 5, 300].map(|size| ledger.proven(size)).into()
});

/// The verdict, at first sight and at the second: both are the same.
fn verify(view: &Memory, trust: &Trust) -> VerifyReport {
    let entries: usize = view.files.values().map(|file| lines(file).len()).sum();
    let known = KNOWN.iter().filter(|known| known.size <= entries as u64 + 1).copied();
    verify_both(view, trust, &known.collect::<Vec<_>>())
}

/// Every bit of a byte has its turn.
fn flip(at: usize) -> u8 {
    1 << (at % 8)
}

/// Where each line ends: behind its line feed.
fn ends(content: &[u8]) -> Vec<usize> {
    (1..=content.len()).filter(|end| content[end - 1] == b'\n').collect()
}

fn lines(content: &[u8]) -> Vec<&[u8]> {
    content.split_inclusive(|byte| *byte == b'\n').collect()
}

fn with_entries(ledger: &Ledger, content: Vec<u8>) -> Memory {
    let mut view = ledger.view.clone();
    view.files.insert(0, content);
    view
}

/// Numbers of the entries that errors in entry files are about.
fn accused(report: &VerifyReport) -> Vec<u64> {
    let errors = report.findings().into_iter().filter(|finding| finding.severity == Severity::Error);
    let in_entries = errors.filter(|finding| finding.file.as_deref() != Some("checkpoint"));
    in_entries.map(|finding| finding.n.or(finding.line.map(|line| line - 1)).unwrap()).collect()
}

#[test]
fn every_byte_of_every_entry() {
    let ledger = small();
    let content = &ledger.view.files[&0];
    let ends = ends(content);
    for at in 0..content.len() {
        let line = ends.partition_point(|end| *end <= at);
        let n = line as u64;
        let mut changed = content.clone();
        changed[at] ^= flip(at);
        // A line feed that goes joins two lines, one that comes makes two of one: either may be named.
        let joined = content[at] == b'\n' || changed[at] == b'\n';
        let report = verify(&with_entries(&ledger, changed), &ledger.trust());
        assert!(!report.sound() && report.vouched.is_empty(), "byte {at}");
        let accused = accused(&report);
        let right = |accused: &u64| *accused == n || (joined && *accused == n + 1);
        assert!(!accused.is_empty() && accused.iter().all(right), "byte {at}: {:?}", found(&report));
        assert!(report.has(FindingKind::Modified) || joined, "byte {at}: {:?}", found(&report));
    }
}

#[test]
fn every_byte_of_the_checkpoint_and_its_signature() {
    let ledger = small();
    let content = ledger.view.checkpoint.clone().unwrap();
    for at in 0..content.len() {
        let mut view = ledger.view.clone();
        let mut changed = content.clone();
        changed[at] ^= flip(at);
        view.checkpoint = Some(changed);
        for trust in [ledger.trust(), Trust::default()] {
            let report = verify(&view, &trust);
            assert!(!report.sound() && report.vouched.is_empty(), "byte {at}");
            let right =
                report.has(FindingKind::CheckpointMalformed) || report.has(FindingKind::CheckpointSignature);
            assert!(right, "byte {at}: {:?}", found(&report));
        }
        let mut view = ledger.view.clone();
        view.checkpoint = Some(content[..at].to_vec());
        let report = verify(&view, &ledger.trust());
        let only_the_feed = at + 1 == content.len();
        assert_eq!(report.sound(), only_the_feed, "cut off at {at}");
        assert!(report.has(FindingKind::LineEndings) || !only_the_feed);
    }
}

#[test]
fn every_byte_of_the_tree_is_a_warning() {
    let ledger = small();
    for at in 0..ledger.view.levels[0].len() {
        let mut view = ledger.view.clone();
        view.levels[0][at] ^= 0x10;
        let report = verify(&view, &ledger.trust());
        assert_eq!(found(&report), ["tree-damaged - tree/0:-"]);
        assert!(report.sound() && report.vouched.len() == 1);
        view.levels[0].truncate(at);
        assert_eq!(found(&verify(&view, &ledger.trust())), ["tree-damaged - tree/0:-"]);
    }
}

/// An entry changed where only the tree could tell; `tree/` gone, or made anew from what stands there now.
fn edits(ledger: &Ledger, n: usize) -> [Memory; 2] {
    let mut lines = ledger.lines.clone();
    lines[n] = lines[n].replace("assertionMethod", "assertionmethod");
    let anew = Ledger::written(lines).view;
    let recomputed = Memory { checkpoint: ledger.view.checkpoint.clone(), ..anew };
    [Memory { levels: Vec::new(), ..recomputed.clone() }, recomputed]
}

fn seen(ledger: &Ledger) -> Trust {
    Trust { remembered: Some(ledger.remembered()), ..Trust::default() }
}

#[test]
fn an_edited_copy_is_no_second_history_of_the_log() {
    for (size, seen_at) in (1..=5).map(|seen_at| (5, seen_at)).chain([(700, 300), (700, 700)]) {
        let (ledger, trust) = (Ledger::of(size), seen(&Ledger::of(seen_at)));
        for n in [0, 1, 2, 3, 4, 299, 300, 699].into_iter().filter(|n| *n < size) {
            let range = if n < seen_at { (0, seen_at - 1) } else { (seen_at, size - 1) };
            let range = match range {
                (from, to) if from == to => format!(": entry {from} is another"),
                (from, to) => format!(": one or more of the entries {from} to {to} are others"),
            };
            for view in edits(&ledger, usize::try_from(n).unwrap()) {
                let report = verify(&view, &trust);
                let said = found(&report);
                assert!(!report.sound() && report.vouched.is_empty(), "{n} of {size}");
                assert!(!report.has(FindingKind::Forked), "{n} of {size}, {seen_at} seen: {said:?}");
                let findings = report.findings();
                let mut mismatches =
                    findings.iter().filter(|finding| finding.kind == FindingKind::RootMismatch);
                let mismatch = mismatches.next().unwrap();
                let detail = &mismatch.detail;
                let likely = format!("; entry {n}, whose proof does not hold, is the likely one");
                let likely = if range.contains(" to ") { likely } else { String::new() };
                assert!(detail.ends_with(&format!("{range}{likely}")), "{n}, {seen_at}: {detail}");
                assert_eq!((mismatch.n, mismatches.next()), (Some(n), None));
            }
        }
    }
}

#[test]
fn a_fork_is_what_the_log_signed_whatever_became_of_the_tree() {
    let mut records = vec![genesis(Writers::Signed)];
    records.extend((1..5).map(|n| reading(9, n)));
    let mut other = Ledger::holding(records);
    for seen_at in 2..=5 {
        let levels = std::mem::take(&mut other.view.levels);
        assert!(verify(&other.view, &seen(&Ledger::of(seen_at))).has(FindingKind::Forked), "{seen_at} seen");
        other.view.levels = levels;
        assert!(verify(&other.view, &seen(&Ledger::of(seen_at))).has(FindingKind::Forked), "{seen_at} seen");
    }
    let Trust { remembered: Some(own), .. } = seen(&other) else { unreachable!() };
    let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), size: own.size, root: own.root };
    let forged = SignedCheckpoint::sign(checkpoint, &key(7)).unwrap();
    other.view.checkpoint = Some(forged.to_string().into());
    for seen_at in 2..=5 {
        let report = verify(&other.view, &seen(&Ledger::of(seen_at)));
        assert_eq!(found(&report), ["checkpoint-signature - checkpoint:-"], "{seen_at} seen");
    }
}

#[test]
fn every_line_removed_doubled_swapped() {
    let ledger = small();
    let content = &ledger.view.files[&0];
    let lines = lines(content);
    let last = lines.len() - 1;
    for at in 0..=last {
        let (number, line) = (at as u64, at + 1);
        let judge = |bent: Vec<&[u8]>| {
            let report = verify(&with_entries(&ledger, bent.concat()), &ledger.trust());
            assert!(!report.sound(), "line {line}");
            found(&report)
        };
        let mut removed = lines.clone();
        removed.remove(at);
        let kind = if at == last { "incomplete" } else { "missing" };
        assert!(judge(removed).contains(&format!("{kind} {number} 000000:{line}")));
        let mut doubled = lines.clone();
        doubled.insert(at, lines[at]);
        assert_eq!(judge(doubled), [format!("inserted {number} 000000:{}", line + 1)]);
        for other in at + 1..=last {
            let mut swapped = lines.clone();
            swapped.swap(at, other);
            let findings = judge(swapped);
            let moved: Vec<_> = findings.iter().filter(|finding| finding.starts_with("moved")).collect();
            let (one, two) =
                (format!("moved {other} 000000:{line}"), format!("moved {at} 000000:{}", other + 1));
            assert!(!moved.is_empty() && moved.iter().all(|finding| **finding == one || **finding == two));
        }
    }
}

#[test]
fn a_file_cut_off_at_every_byte() {
    let ledger = small();
    let content = &ledger.view.files[&0];
    let ends = ends(content);
    for at in 0..content.len() {
        let line = ends.partition_point(|end| *end <= at) as u64;
        let report = verify(&with_entries(&ledger, content[..at].to_vec()), &ledger.trust());
        let ends_whole = content[at] == b'\n';
        let whole = line + u64::from(ends_whole);
        let incomplete = format!("incomplete {whole} 000000:{}", whole + 1);
        let mut expected = vec![incomplete];
        if ends_whole {
            expected.insert(0, format!("line-endings - 000000:{whole}"));
            expected.truncate(if at + 1 == content.len() { 1 } else { 2 });
        }
        assert_eq!(report.sound(), at + 1 == content.len(), "cut off at {at}");
        let mut said = found(&report);
        // Of entry 0 alone it shows that it declares nothing.
        said.retain(|finding| whole > 0 || !finding.starts_with("bad-genesis"));
        assert_eq!(said, expected, "cut off at {at}");
    }
}

/// Two files: 16 entries and some more, small and unsigned.
fn two_files() -> Ledger {
    let mut records = vec![genesis(Writers::Anyone)];
    records.extend((1..26u64).map(|n| object! { "value": n }));
    Ledger::cut(Layout::SMALL, Ledger::holding(records).lines)
}

#[test]
fn files_lost_exchanged_and_mixed() {
    let ledger = two_files();
    let judge = |bend: &dyn Fn(&mut Memory)| {
        let mut view = ledger.view.clone();
        bend(&mut view);
        let known = [1, 15, 16, 17, 26].map(|size| ledger.proven(size));
        found(&verify_both(&view, &ledger.trust(), &known))
    };
    assert_eq!(judge(&|_| {}), [""; 0]);
    assert_eq!(judge(&|view| drop(view.files.remove(&16))), ["incomplete 16 000016:1"]);
    let lost = judge(&|view| drop(view.files.remove(&0)));
    assert_eq!(lost, ["missing 0 000000:-"]);
    let exchanged = judge(&|view| {
        let (a, b) = (view.files[&0].clone(), view.files[&16].clone());
        view.files.extend([(0, b), (16, a)]);
    });
    assert_eq!(exchanged, ["bad-genesis 0 000000:1", "moved 0 000016:1"]);
    let mixed = judge(&|view| {
        let line = lines(&view.files[&16])[5].to_vec();
        let file = view.files.get_mut(&0).unwrap();
        file.splice(0..0, line);
    });
    assert!(mixed.contains(&"inserted 21 000000:1".to_owned()), "{mixed:?}");
    let cut = judge(&|view| {
        let file = view.files.get_mut(&0).unwrap();
        file.truncate(file.len() / 2);
    });
    assert!(cut.iter().any(|finding| finding.starts_with("missing ")), "{cut:?}");
}

#[test]
fn the_verdict_does_not_depend_on_the_number_of_threads() {
    let mut ledger = Ledger::of(1_000);
    let content = ledger.view.files.get_mut(&0).unwrap();
    for at in (1_000..content.len()).step_by(20_011) {
        content[at] ^= 1;
    }
    let verdict = |threads| {
        let verdict = |trust: &Trust| verify::ledger(&ledger.view, trust, &options(threads)).unwrap();
        let first = said(&verdict(&ledger.trust()));
        for known in &*KNOWN {
            assert_eq!(said(&verdict(&Trust { proven: Some(*known), ..ledger.trust() })), first, "{known:?}");
        }
        first
    };
    let one = verdict(1);
    assert!(one.contains("modified"));
    for threads in [2, 3, 8] {
        assert_eq!(verdict(threads), one, "{threads} threads");
    }
}

fn foil(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_foil"));
    command.args(arguments).current_dir(folder).env("XDG_STATE_HOME", folder.join("state"));
    command.envs(environment.iter().copied()).output().unwrap()
}

#[test]
fn the_same_bytes_wherever_and_whenever() {
    let mut ledger = Ledger::of(50);
    ledger.view.files.get_mut(&0).unwrap()[5_000] ^= 1;
    let judge = |environment: &[(&str, &str)]| {
        let folder = tempfile::tempdir().unwrap();
        write(&ledger.view, &folder.path().join("ledger"));
        let output = foil(folder.path(), &["verify", "ledger"], environment);
        assert_eq!(output.status.code(), Some(1));
        output.stdout
    };
    let one = judge(&[]);
    assert!(String::from_utf8_lossy(&one).contains("modified"));
    for environment in [[("TZ", "Pacific/Kiritimati")], [("LANG", "tr_TR.UTF-8")], [("LC_ALL", "C")]] {
        assert_eq!(judge(&environment), one, "{environment:?}");
    }
}

#[test]
fn hostile_folders_get_a_clear_error_soon() {
    let ledger = small();
    let judge = |bend: &dyn Fn(&Path)| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger");
        write(&ledger.view, &path);
        bend(&path);
        let output = foil(folder.path(), &["verify", "ledger"], &[]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code().unwrap(), said, String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let replace = |path: &Path, name: &str, by: &str| {
        let name = path.join(name);
        let removed = if name.is_dir() { fs::remove_dir_all(&name) } else { fs::remove_file(&name) };
        removed.unwrap();
        symlink(by, name).unwrap();
    };
    let file = "entries/000000000000.jsonl";
    for (name, by) in
        [(file, "/dev/zero"), (file, "/"), ("checkpoint", "/dev/zero"), ("entries", "/dev/null")]
    {
        let (status, said, _) = judge(&|path| replace(path, name, by));
        assert_eq!(status, 2, "{name}: {said}");
        let first = said.lines().next().unwrap();
        assert!(
            first.starts_with("foil verify: error: ledger: ") && first.contains(name),
            "{name} -> {by}: {said}"
        );
    }
    let (status, _, verdict) = judge(&|path| replace(path, "tree/0", "/dev/zero"));
    assert!(status == 3 && verdict.contains("tree-damaged"), "{verdict}");
    let sparse = |path: &Path| fs::File::create(path.join(file)).unwrap().set_len(1 << 40).unwrap();
    let (status, _, verdict) = judge(&sparse);
    assert!(status == 1 && verdict.contains("not read to its end"), "{verdict}");
    let names = |path: &Path| {
        for name in ["entries/000000000001.jsonl", "entries/../x", "entries/\u{1b}[2J.jsonl"] {
            fs::write(path.join(name), "x").unwrap();
        }
    };
    assert_eq!(judge(&names).0, 3, "names that are no entry files are passed over");
}

#[test]
fn what_a_device_says_does_not_steer_the_terminal() {
    let mut record: Object = object! { "type": "reading", "device": "\u{1b}[2J\u{202e}", "stream": "\u{7}" };
    record.insert("seq", 1u32);
    let mut again = record.clone();
    again.insert("value", 1u32);
    let ledger = Ledger::holding(vec![genesis(Writers::Anyone), record, again]);
    let folder = tempfile::tempdir().unwrap();
    write(&ledger.view, &folder.path().join("ledger"));
    let output = foil(folder.path(), &["verify", "ledger", "--human"], &[]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("replayed") && text.contains("\\u{1b}[2J\\u{202e}"), "{text}");
    assert!(!text.contains('\u{1b}') && !text.contains('\u{7}'));
}
