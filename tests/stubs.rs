//! Stubs: copies that are held to a stub, and the picture on the terminal.

use std::fs;

use counterfoil::{
    hash::Hash,
    key::SecretKey,
    object,
    record::writers::Writers,
    tlog::{
        checkpoint::{Checkpoint, SignedCheckpoint},
        layout::Layout,
        merkle::{Frontier, leaf_hash},
        stub,
        view::Memory,
    },
    verify::{KeySource, Stub, Trust, VerifyReport},
};

use crate::{
    ledgers::{Ledger, ORIGIN, found, genesis, key, reading, verify, write},
    run::Folder,
};

/// The checkpoint of a ledger, as handed over.
fn stub_of(ledger: &Ledger, file: &str) -> Stub {
    let checkpoint = SignedCheckpoint::parse(ledger.view.checkpoint.as_ref().unwrap()).unwrap();
    Stub { checkpoint, file: file.to_owned(), line: 1 }
}

fn stating(size: u64, root: Hash, origin: &str, by: &SecretKey) -> Stub {
    let checkpoint = Checkpoint { origin: origin.to_owned(), size, root };
    let checkpoint = SignedCheckpoint::sign(checkpoint, by).unwrap();
    Stub { checkpoint, file: "made.json".to_owned(), line: 1 }
}

fn held(view: &Memory, stubs: Vec<Stub>) -> VerifyReport {
    verify(view, &Trust { stubs, ..Trust::default() })
}

fn vouched(report: &VerifyReport) -> Vec<String> {
    let say = |voucher: &counterfoil::verify::Voucher| {
        let file = voucher.file.as_deref().unwrap_or("-");
        format!("{} {file} {}..={} x{}", voucher.by, voucher.first, voucher.last, voucher.stubs)
    };
    report.vouched.iter().map(say).collect()
}

/// Another history by the same log key from entry `from` on.
fn rewritten(from: u64, size: u64) -> Ledger {
    let mut records = vec![genesis(Writers::Signed)];
    records.extend((1..size).map(|n| {
        let (device, seq) = (u8::try_from(n % 3).unwrap() + 1, n / 3);
        reading(if n < from { device } else { device + 6 }, seq)
    }));
    Ledger::holding(records)
}

#[test]
fn stubs_name_the_key_and_vouch_for_what_they_cover() {
    let ledger = Ledger::of(40);
    let stubs = vec![
        stub_of(&Ledger::of(30), "b.jsonl"),
        stub_of(&Ledger::of(7), "a.json"),
        stub_of(&Ledger::of(20), "b.jsonl"),
        stub_of(&ledger, "c.json"),
        stating(0, Hash::of(b""), ORIGIN, &key(200)),
    ];
    let report = held(&ledger.view, stubs.clone());
    assert_eq!((found(&report), report.key), (vec![], KeySource::Stub));
    let expected =
        ["log - 0..=39 x0", "stub a.json 0..=6 x1", "stub b.jsonl 0..=29 x2", "stub c.json 0..=39 x1"];
    assert_eq!(vouched(&report), expected);
    let tally = report.stubs.unwrap();
    assert_eq!((tally.given, tally.extended, tally.elsewhere, tally.unsigned), (5, 5, 0, 0));
    assert!(report.sound() && report.answers_stubs());
    let seen = Trust { remembered: Some(Ledger::of(10).remembered()), stubs, ..Trust::default() };
    let report = verify(&ledger.view, &seen);
    assert_eq!((report.key, vouched(&report)[1].as_str()), (KeySource::Pinned, "seen - 0..=9 x1"));
}

#[test]
fn a_fork_is_claimed_only_where_the_log_signed_both() {
    let (ledger, other) = (Ledger::of(40), rewritten(15, 40));
    let stubs =
        |ledgers: &[&Ledger]| ledgers.iter().map(|ledger| stub_of(ledger, "a.json")).collect::<Vec<_>>();
    // The same size, a smaller one, and several: one finding each.
    for parting in [stubs(&[&other]), stubs(&[&rewritten(15, 20)]), stubs(&[&rewritten(15, 20), &other])] {
        let report = held(&ledger.view, parting);
        assert_eq!(found(&report), ["forked - checkpoint:-"]);
        assert!(vouched(&report).is_empty() && !report.answers_stubs());
    }
    // Where they part lies between the last that agrees and the first that does not.
    let mut both = stubs(&[&rewritten(15, 20), &rewritten(15, 25)]);
    both.extend([stub_of(&Ledger::of(12), "b.json"), stub_of(&Ledger::of(3), "b.json")]);
    let report = held(&ledger.view, both);
    let said = &report.findings()[0].detail;
    let expected = "the first 20 entries are not those that are stated by the stub a.json:1, which the log signed too: two \
                    histories, which part between the entries 12 and 19 (1 more stubs say so)";
    assert_eq!(said, expected);
    assert_eq!(found(&held(&Ledger::of(30).view, stubs(&[&ledger]))), ["rolled-back - checkpoint:-"]);
    // A copy whose checkpoint is not signed is no history of the log, and a stub that is not is no evidence.
    let mut unsigned = ledger.view.clone();
    let Checkpoint { size, root, .. } = stub_of(&ledger, "").checkpoint.checkpoint().clone();
    unsigned.checkpoint = Some(stating(size, root, ORIGIN, &key(7)).checkpoint.to_string().into());
    assert_eq!(found(&held(&unsigned, stubs(&[&other]))), ["checkpoint-signature - checkpoint:-"]);
    let forged = stating(20, Hash::of(b"x"), ORIGIN, &key(7));
    let longer = stating(90, Hash::of(b"x"), ORIGIN, &key(7));
    let report = verify(&ledger.view, &Trust { stubs: vec![forged, longer], ..ledger.trust() });
    assert_eq!(found(&report), ["unsigned-stub - -:-"]);
    assert!(report.sound() && !report.answers_stubs());
    // Nor does a changed copy make the log a liar.
    let mut bent = ledger.view.clone();
    let lines = String::from_utf8(bent.files[&0].clone()).unwrap().replacen("\"seq\":4", "\"seq\":5", 1);
    bent.files.insert(0, lines.into_bytes());
    let said = found(&held(&bent, stubs(&[&Ledger::of(30)])));
    assert!(
        said.iter().all(|said| !said.starts_with("forked")) && said[0].starts_with("modified"),
        "{said:?}"
    );
}

#[test]
fn a_stub_proves_nothing_by_itself() {
    // Of another ledger, of another origin, under another key: the ledger's own word stays its own.
    let ledger = Ledger::of(10);
    let root = *Hash::of(b"x").as_bytes();
    for (stub, kind) in [
        (stating(5, Hash(root), "elsewhere", &key(200)), "other-stub - -:-"),
        (stating(5, Hash(root), ORIGIN, &key(7)), "unsigned-stub - -:-"),
    ] {
        let report = held(&ledger.view, vec![stub]);
        assert_eq!((found(&report), report.key), (vec![kind.to_owned()], KeySource::None));
        assert!(report.sound() && report.vouched.is_empty() && !report.answers_stubs());
    }
    // A key that is given measures the stubs, whatever key the copy names.
    let trust = Trust { stubs: vec![stub_of(&ledger, "a.json")], ..Ledger::of(3).trust() };
    let other = counterfoil::verify::GivenKey::Key(key(7).public());
    let report = verify(&ledger.view, &Trust { given: Some(other), ..trust });
    assert_eq!(found(&report), ["unsigned-stub - -:-", "wrong-key 0 000000:1"]);
}

#[test]
fn statements_narrow_down_where_entries_were_changed() {
    let ledger = Ledger::of(700);
    let mut view = ledger.view.clone();
    view.levels.clear();
    let lines: Vec<String> = ledger.lines.iter().map(|line| line.clone() + "\n").collect();
    let mut bent = lines.clone();
    bent[300] = bent[300].replace("b1e", "b1f");
    view.files.insert(0, bent.concat().into_bytes());
    let stubs = [100, 290, 310, 600].map(|size| stub_of(&Ledger::of(size), "a.json"));
    let trust =
        Trust { stubs: stubs.to_vec(), remembered: Some(Ledger::of(200).remembered()), ..Trust::default() };
    let report = verify(&view, &trust);
    let doubt = report.findings().into_iter().find(|finding| finding.kind.name() == "root-mismatch").unwrap();
    let range = "one or more of the entries 290 to 309 are others; entry 300, whose proof does not hold";
    assert!(doubt.detail.contains(range), "{}", doubt.detail);
    assert_eq!(doubt.n, Some(300));
    assert!(!report.has(counterfoil::verify::FindingKind::Forked));
}

#[test]
fn sizes_around_the_end_of_a_file_are_met() {
    let mut records = vec![genesis(Writers::Anyone)];
    records.extend((1..60u32).map(|n| object! { "value": n }));
    let ledger = Ledger::cut(Layout::SMALL, Ledger::holding(records).lines);
    let mut grown = Frontier::default();
    let mut stubs = Vec::new();
    for (size, line) in (1..).zip(&ledger.lines) {
        grown.push(leaf_hash(line.as_bytes()));
        stubs.push(stating(size, grown.root(), ORIGIN, &key(200)));
    }
    let report = held(&ledger.view, stubs.clone());
    assert_eq!((found(&report), report.stubs.unwrap().extended), (vec![], 60));
    for stub in &stubs[..59] {
        let size = stub.checkpoint.checkpoint().size;
        let report = held(&ledger.view, vec![stating(size, Hash::of(b"x"), ORIGIN, &key(200))]);
        assert_eq!(found(&report), ["forked - checkpoint:-"], "{size}");
    }
}

#[test]
fn a_whole_file_of_receipts_is_held_against_a_copy() {
    let folder = Folder::new();
    let ledger = Ledger::of(600);
    write(&ledger.view, &folder.path("copy"));
    let mut grown = Frontier::default();
    let mut receipts = Vec::new();
    for (size, line) in (1..).zip(&ledger.lines) {
        grown.push(leaf_hash(line.as_bytes()));
        let signed = stating(size, grown.root(), ORIGIN, &key(200)).checkpoint;
        let receipt = object! { "checkpoint": signed.to_string(), "first": size - 1, "last": size - 1,
        "root": grown.root().to_string(), "size": size };
        receipts.push(receipt.to_canonical() + "\n");
    }
    fs::write(folder.path("receipts.jsonl"), receipts.concat()).unwrap();
    let run = folder.run(&["verify", "copy", "--human", "--stub", "receipts.jsonl"]);
    assert!(
        run.out.contains("extends all 600 stubs: entries 0 to 599 are those of receipts.jsonl"),
        "{}",
        run.out
    );
    assert_eq!(run.code, Some(0));
    // More than are taken: what was not read may contradict the copy.
    let long = stub::to_object(&stating(5, grown.root(), &"x".repeat(200_000), &key(7)).checkpoint);
    let many = receipts[7].clone() + &(long.to_canonical() + "\n").repeat(170);
    fs::write(folder.path("many.jsonl"), many).unwrap();
    let run = folder.run(&["verify", "copy", "--human", "--stub", "many.jsonl"]);
    assert!(run.err.contains("many.jsonl: only the first 168 stubs are taken"), "{:.500}", run.err);
    assert!(run.out.contains("not decided: extends 1 of 168 stubs that were read"), "{:.500}", run.out);
    assert_eq!(run.code, Some(3));
    let run = folder.run(&["verify", "copy", "--json", "--stub", "many.jsonl"]);
    assert!(run.code == Some(3) && run.out.contains(r#""stubs":{"all_read":false,"#), "{:.500}", run.out);
    // Thousands are nothing out of the way.
    fs::write(folder.path("many.jsonl"), receipts[7].repeat(10_050)).unwrap();
    let run = folder.run(&["verify", "copy", "--human", "--stub", "many.jsonl"]);
    assert!(run.code == Some(0) && run.out.contains("extends all 10050 stubs"), "{}", run.out);
}
