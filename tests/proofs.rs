//! Proofs of single entries: other people's cases, our own ledgers, and what was changed about them.

use std::fs;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use counterfoil::{
    record::writers::Writers,
    tlog::{merkle::leaf_hash, note::Note, proof_file::ProofFile, view::Memory},
    verify::{self, GivenKey, VerifyReport},
};

use crate::{
    books,
    counting::Counting,
    ledgers::{self, Ledger, found, genesis, key, reading},
};

fn log() -> GivenKey {
    GivenKey::Key(key(200).public())
}

fn check(proof: &ProofFile, line: &[u8]) -> VerifyReport {
    verify::proof(proof, line, &log(), false, false).unwrap()
}

#[test]
fn proofs_of_other_logs_are_read_as_their_standard_allows_them() {
    let root = leaf_hash(b"what they log").to_string();
    let root = STANDARD.encode(hex::decode(root).unwrap());
    let check = |origin: &str, more: &str, name: &str, key: &GivenKey| {
        let mut note = Note::new(format!("{origin}\n1\n{root}\n{more}")).unwrap();
        assert!(note.sign(name, &ledgers::key(7)) && note.sign("witness.example", &ledgers::key(8)));
        let text = format!("c2sp.org/tlog-proof@v1\nindex 0\n\n{note}");
        let proof = ProofFile::parse(text.as_bytes()).unwrap();
        found(&verify::proof(&proof, b"what they log", key, true, false).unwrap())
    };
    let log = GivenKey::Key(key(7).public());
    let mut note = Note::new(format!("log.example\n1\n{root}\n")).unwrap();
    assert!(note.sign("log.example", &ledgers::key(7)));
    let proof = ProofFile::parse(format!("c2sp.org/tlog-proof@v1\nindex 0\n\n{note}").as_bytes()).unwrap();
    let beside = |entry: &[u8]| {
        let report = verify::proof(&proof, entry, &log, false, false).unwrap();
        (report.sound(), found(&report))
    };
    assert_eq!(beside(b"what they log"), (true, vec!["malformed 0 -:-".to_owned()]), "it is told what it is");
    let changed = vec!["malformed 0 -:-".to_owned(), "root-mismatch 0 -:-".to_owned()];
    assert_eq!(beside(b"what they lag"), (false, changed));
    let absent = ["checkpoint-signature - checkpoint:-"];
    assert_eq!(check("log.example", "", "log.example", &log), [""; 0]);
    assert_eq!(check("log.example", "extension 1\nextension 2\n", "log.example", &log), [""; 0]);
    assert_eq!(check("another log - 7", "Timestamp: 1689\n", "log.example", &log), [""; 0]);
    assert_eq!(check("another log - 7", "", "log.example", &GivenKey::Key(key(9).public())), absent);
    assert_eq!(check("log.example/a", "", "log.example/b", &log), absent);
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
    let proved = verify::prove(&ledger.view, 7).unwrap();
    let windows = [b"\xef\xbb\xbf", &proved.line[..], b"\r"].concat();
    let report = check(&proved.proof, &windows);
    assert_eq!((found(&report), report.sound()), (vec!["line-endings 7 -:-".to_owned()], true));
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
    assert_eq!(
        refused(changed, 1),
        "entries/000000000000.jsonl:2: modified: entry 1 is not the one that the signed root covers"
    );
    let unled = |view: &mut Memory| {
        let text = String::from_utf8(view.files[&0].clone()).unwrap();
        let bent = |(n, line): (usize, &str)| {
            if n == 300 { line.replace("temperature", "humidity") } else { line.into() }
        };
        let bent: Vec<String> = text.lines().enumerate().map(bent).map(|line| line + "\n").collect();
        view.files.insert(0, bent.concat().into_bytes());
        view.levels[0][32 * 300] ^= 1;
    };
    assert_eq!(
        refused(unled, 301),
        "entries/000000000000.jsonl:302: root-mismatch: neither tree/ nor the entries beside entry 301 lead to the signed root"
    );
    assert_eq!(refused(|view| view.checkpoint = None, 1), "no checkpoint, so this is no ledger");
    let unsigned = |view: &mut Memory| {
        let text = String::from_utf8(view.checkpoint.clone().unwrap()).unwrap();
        view.checkpoint = Some(text.replace("\n700\n", "\n699\n").into_bytes());
    };
    let begin = "checkpoint: checkpoint-signature: not signed by the key that entry 0 names: the signature of did:key:";
    assert!(refused(unsigned, 1).starts_with(begin));
    let cut = |view: &mut Memory| {
        view.files.get_mut(&0).unwrap().truncate(1_000);
    };
    assert_eq!(refused(cut, 600), "entries/000000000000.jsonl:601: missing: entry 600 is missing");
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
        assert!(counting.trees() <= 8, "{n}: {} reads of tree/", counting.trees());
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
