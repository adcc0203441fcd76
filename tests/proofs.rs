//! Proofs of single entries: other people's cases, our own ledgers, and what was changed about them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use counterfoil::{
    hash::Hash,
    record::writers::Writers,
    tlog::{
        proof::{inclusion_root, is_consistent},
        proof_file::{BadProofFile, ProofFile},
        view::Memory,
        vkey::VerifierKey,
    },
    verify::{self, GivenKey, Report},
};
use serde_json::Value;

use crate::{
    books,
    counting::Counting,
    ledgers::{Ledger, found, genesis, key, reading},
    vectors,
};

/// Every file below a folder.
fn below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}

/// A case of transparency-dev/merkle.
struct Case(Value);

impl Case {
    fn of(path: &Path) -> Self {
        // Not by our reader: some sizes are beyond 2^53.
        Self(serde_json::from_slice(&fs::read(path).unwrap()).unwrap())
    }

    fn size(&self, name: &str) -> u64 {
        self.0[name].as_u64().unwrap()
    }

    fn hash(value: Option<&Value>) -> Option<Hash> {
        STANDARD.decode(value?.as_str()?).ok()?.try_into().ok().map(Hash)
    }

    /// Where any two will do, they are words, which stand for their hashes here.
    fn root(&self, name: &str) -> Option<Hash> {
        let word = |text: &Value| STANDARD.decode(text.as_str()?).ok().map(|word| Hash::of(&word));
        let root = self.0.get(name);
        Self::hash(root).or_else(|| word(root?).filter(|_| name != "leafHash"))
    }

    /// None where it holds what is no hash.
    fn proof(&self) -> Option<Vec<Hash>> {
        let hashes = self.0["proof"].as_array().into_iter().flatten();
        hashes.map(|hash| Self::hash(Some(hash))).collect()
    }

    fn must_fail(&self) -> bool {
        self.0.get("wantErr").and_then(Value::as_bool).unwrap()
    }
}

#[test]
fn inclusion_proofs_of_others_hold_or_fail_as_they_say() {
    let Some(folder) = vectors::dir("tlog/merkle/testdata/inclusion") else { return };
    let (mut good, mut bad) = (0, 0);
    for path in below(&folder) {
        let case = Case::of(&path);
        let root = || {
            let (leaf, root, proof) = (case.root("leafHash")?, case.root("root")?, case.proof()?);
            Some(inclusion_root(case.size("treeSize"), case.size("leafIdx"), leaf, &proof)? == root)
        };
        assert_eq!(root() != Some(true), case.must_fail(), "{}", path.display());
        if case.must_fail() { bad += 1 } else { good += 1 }
    }
    assert!(good >= 6 && bad > 70, "{good} good and {bad} bad cases");
}

#[test]
fn consistency_proofs_of_others_hold_or_fail_as_they_say() {
    let Some(folder) = vectors::dir("tlog/merkle/testdata/consistency") else { return };
    let (mut good, mut bad) = (0, 0);
    for path in below(&folder) {
        let case = Case::of(&path);
        let holds = || {
            let old = (case.size("size1"), case.root("root1")?);
            Some(is_consistent(old, (case.size("size2"), case.root("root2")?), &case.proof()?))
        };
        assert_eq!(holds() != Some(true), case.must_fail(), "{}", path.display());
        if case.must_fail() { bad += 1 } else { good += 1 }
    }
    assert!(good >= 5 && bad > 70, "{good} good and {bad} bad cases");
}

#[test]
fn proof_files_of_others_are_read_and_written_back() {
    let Some(folder) = vectors::dir("tlog/proof") else { return };
    for path in below(&folder.join("parse-ok")) {
        let bytes = fs::read(&path).unwrap();
        let proof = ProofFile::parse(&bytes).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
        assert_eq!(proof.to_string().into_bytes(), bytes);
    }
    let refused = below(&folder.join("parse-bad")).into_iter().map(|path| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        (name, ProofFile::parse(&fs::read(&path).unwrap()).unwrap_err())
    });
    let expected = [
        ("extra-not-base64", BadProofFile::Extra),
        ("hash-64-bytes", BadProofFile::Path),
        ("hash-not-base64", BadProofFile::Path),
        ("index-leading-zero", BadProofFile::Index),
        ("index-negative", BadProofFile::Index),
        ("index-not-number", BadProofFile::Index),
        ("line-too-long", BadProofFile::Path),
        ("no-checkpoint", BadProofFile::NoCheckpoint),
        ("no-index", BadProofFile::Index),
        ("wrong-header", BadProofFile::Header),
    ];
    assert_eq!(refused.collect::<Vec<_>>(), expected.map(|(name, why)| (name.to_owned(), why)));
}

#[test]
fn proofs_of_another_log_vouch_for_its_words() {
    let Some(folder) = vectors::dir("tlog/proof/tessera-15") else { return };
    let vkey = vectors::dir("tlog/logs").unwrap().join("tessera-15.vkey");
    let vkey = VerifierKey::parse(fs::read_to_string(vkey).unwrap().trim()).unwrap();
    let log = GivenKey::Named(vkey);
    for n in 0..15u64 {
        let bytes = fs::read(folder.join(format!("{n}.tlog-proof"))).unwrap();
        let proof = ProofFile::parse(&bytes).unwrap();
        assert_eq!(proof.to_string().into_bytes(), bytes);
        let leaf = |n: u64| fs::read(folder.join(format!("leaves/{n}"))).unwrap();
        let report = verify::proof(&proof, &leaf(n), &log, true, false).unwrap();
        assert_eq!((found(&report), report.vouched.len()), (vec![], 1), "{n}");
        let voucher = &report.vouched[0];
        assert_eq!((voucher.by, voucher.first, voucher.last, report.size), ("log", n, n, Some(15)));
        let other = verify::proof(&proof, &leaf((n + 1) % 15), &log, true, false).unwrap();
        assert_eq!((found(&other), other.vouched.len()), (vec![format!("root-mismatch {n} -:-")], 0));
        let stranger = GivenKey::Key(key(1).public());
        let report = verify::proof(&proof, &leaf(n), &stranger, true, false).unwrap();
        assert_eq!((report.sound(), report.vouched.len()), (false, 0), "another key vouches for nothing");
        // As one of our own it is none.
        let ours = verify::proof(&proof, &leaf(n), &log, false, false).unwrap();
        assert_eq!(found(&ours), [format!("malformed {n} -:-")]);
    }
}

fn log() -> GivenKey {
    GivenKey::Key(key(200).public())
}

fn check(proof: &ProofFile, line: &[u8]) -> Report {
    verify::proof(proof, line, &log(), false, false).unwrap()
}

#[test]
fn every_entry_of_a_ledger_can_be_proved_and_no_changed_one() {
    let ledger = Ledger::of(700);
    for n in [0, 1, 2, 255, 256, 511, 512, 600, 698, 699] {
        let proved = verify::prove(&ledger.view, n).unwrap();
        assert_eq!(proved.line, ledger.lines[usize::try_from(n).unwrap()].as_bytes());
        let text = proved.proof.to_string();
        let proof = ProofFile::parse(text.as_bytes()).unwrap();
        let report = check(&proof, &proved.line);
        assert_eq!((found(&report), report.proofs_checked), (vec![], 1));
        assert_eq!((report.vouched[0].first, report.vouched[0].last), (n, n));
        let changed =
            String::from_utf8(proved.line.clone()).unwrap().replace("\"temperature\":4", "\"temperature\":5");
        if n > 0 {
            let expected = [format!("root-mismatch {n} -:-"), format!("bad-proof {n} -:-")];
            assert_eq!(found(&check(&proof, changed.as_bytes())), expected);
        }
        let elsewhere = ProofFile { index: n ^ 1, ..proof };
        let expected = [format!("moved {} -:-", n ^ 1), format!("root-mismatch {} -:-", n ^ 1)];
        assert_eq!(found(&check(&elsewhere, &proved.line)), expected);
    }
    let beyond = verify::prove(&ledger.view, 700).unwrap_err();
    assert_eq!(beyond.to_string(), "entry 700: not there, the ledger has 700 entries");
}

#[test]
fn every_flipped_bit_of_a_proof_is_noticed() {
    let ledger = Ledger::of(5);
    let proved = verify::prove(&ledger.view, 3).unwrap();
    let bytes = proved.proof.to_string().into_bytes();
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << bit;
            let Ok(proof) = ProofFile::parse(&flipped) else { continue };
            let report = verify::proof(&proof, &proved.line, &log(), false, false);
            let holds = report.is_ok_and(|report| report.sound() && !report.vouched.is_empty());
            assert!(!holds, "byte {at} bit {bit}");
        }
    }
}

#[test]
fn a_damaged_ledger_gives_an_error_and_no_false_proof() {
    let ledger = Ledger::of(700);
    let refused = |bend: fn(&mut Memory), n: u64| {
        let mut view = ledger.view.clone();
        bend(&mut view);
        format!("{:#}", verify::prove(&view, n).unwrap_err())
    };
    let changed = |view: &mut Memory| {
        let text = String::from_utf8(view.files[&0].clone()).unwrap();
        view.files.insert(0, text.replacen("\"temperature\":4", "\"temperature\":5", 1).into_bytes());
    };
    assert!(refused(changed, 1).starts_with("entry 1 is not the one that the signed root covers"));
    assert!(refused(|view| view.levels[0][32 * 300] ^= 1, 301).starts_with("tree/ does not lead"));
    assert!(refused(|view| view.checkpoint = None, 1).starts_with("no checkpoint"));
    let unsigned = |view: &mut Memory| {
        let text = String::from_utf8(view.checkpoint.clone().unwrap()).unwrap();
        view.checkpoint = Some(text.replace("\n700\n", "\n699\n").into_bytes());
    };
    assert!(
        refused(unsigned, 1)
            .starts_with("checkpoint: not signed by the key that entry 0 names: the signature of")
    );
    let cut = |view: &mut Memory| {
        view.files.get_mut(&0).unwrap().truncate(1_000);
    };
    assert!(refused(cut, 600).starts_with("entry 600 is missing"));
    // What is damaged elsewhere does not matter.
    let mut view = ledger.view.clone();
    view.levels[0][32 * 300] ^= 1;
    assert!(verify::prove(&view, 600).is_ok());
    // Nor does what the entries of the last file can stand in for.
    view.levels[1][5] ^= 1;
    let proved = verify::prove(&view, 600).unwrap();
    assert_eq!(found(&check(&proved.proof, &proved.line)), [""; 0]);
}

#[test]
fn what_the_record_says_for_itself_is_checked_too() {
    let mut forged = reading(1, 7);
    forged.insert("seq", 8u32);
    let unsigned = counterfoil::object! { "type": "note" };
    let ledger = Ledger::holding(vec![genesis(Writers::Anyone), forged, unsigned, reading(1, 9)]);
    let report = |n| {
        let proved = verify::prove(&ledger.view, n).unwrap();
        check(&proved.proof, &proved.line)
    };
    assert_eq!((found(&report(1)), report(1).sound()), (vec!["bad-proof 1 -:-".to_owned()], false));
    assert_eq!((found(&report(2)), report(2).sound()), (vec!["unsigned 2 -:-".to_owned()], true));
    assert_eq!(found(&report(3)), [""; 0]);
    let spaced = ledger.lines[3].replace(",\"record\"", ", \"record\"");
    let lines = [&ledger.lines[..3], &[spaced]].concat();
    let spaced = Ledger::written(lines);
    let proved = verify::prove(&spaced.view, 3).unwrap();
    assert_eq!(found(&check(&proved.proof, &proved.line)), ["not-canonical 3 -:-"]);
}

#[test]
fn a_proof_costs_few_reads() {
    let records = (1..70_000u32).map(|n| counterfoil::object! { "seq": n });
    let ledger = Ledger::holding([vec![genesis(Writers::Anyone)], records.collect()].concat());
    for n in [1, 300, 65_000, 69_999] {
        let counting = Counting::new(&ledger.view);
        verify::prove(&counting, n).unwrap();
        assert!(counting.trees() <= 5, "{n}: {} reads of tree/", counting.trees());
        assert_eq!(counting.lines(), 2, "entry 0, for the log's key, and the entry");
    }
}

#[test]
fn what_does_not_go_with_a_proof_or_evidence_is_refused() {
    let folder = books::folder();
    books::appended(&folder, books::numbered(1, 3));
    books::good(&folder, &["chain", "prove", "book", "1", "-o", "one"]);
    let verify = |words: &[&str]| folder.run(&[&["verify", "--key", "gateway.did"], words].concat());
    fs::write(folder.path("stub"), books::good(&folder, &["chain", "stub", "book"]).out).unwrap();
    for words in [&["--forget"][..], &["--stub", "stub"], &["--against", "book"]] {
        let run = verify(&[&["one.tlog-proof"], words].concat());
        let said = format!("one.tlog-proof: {} says something about a ledger, and this is none", words[0]);
        assert!(run.code == Some(2) && run.err.contains(&said), "{words:?}: {:?} {}", run.code, run.err);
    }
    assert_eq!(verify(&["one.tlog-proof"]).code, Some(0));
    let text = fs::read_to_string(folder.path("one.tlog-proof")).unwrap();
    fs::write(folder.path("one.tlog-proof"), text.replace('\n', "\r\n")).unwrap();
    let run = verify(&["one.tlog-proof"]);
    assert!(run.code == Some(2) && run.err.contains("its lines end with CR LF"), "{}", run.err);
}
