//! A second look at a ledger leaves out the equations that are known to hold, and nothing else: what is remembered never
//! outlives the bytes that it is about.

mod copies;
mod forms;

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf};

use counterfoil::{
    hash::Hash,
    json::{self, Object, Value},
    object,
    record::{
        signed::{CHECKER, PROOF, SignOptions, sign},
        writers::Writers,
    },
    time::{Span, Time},
    tlog::{
        checkpoint::{Checkpoint, SignedCheckpoint},
        layout::Layout,
        proven::ProvenPrefix,
        view::Memory,
    },
    verify::{self, FindingKind, KnownProofs, Trust, VerifyOptions, VerifyReport},
};
use proptest::prelude::*;

use crate::{
    books::{self, good},
    ledgers::{Ledger, found, genesis, key, options, reading, said, start, verify, verify_both},
    run::{Folder, Run},
};

/// The verdict where the proofs of so many first entries of the same, or of another ledger, are known to hold.
fn knowing(ledger: &Ledger, known: ProvenPrefix) -> VerifyReport {
    verify(&ledger.view, &Trust { proven: Some(known), ..ledger.trust() })
}

/// The proof's value with its last letters exchanged: well-formed, and of another message.
fn with_bad_proof(mut record: Object) -> Object {
    let Some(Value::Object(proof)) = record.get_mut(PROOF) else { panic!("no single proof") };
    let other = reading(9, 9);
    let value = other.get(PROOF).unwrap().as_object().unwrap().str("proofValue").unwrap();
    proof.insert("proofValue", value);
    record
}

/// Signed readings, of which entry `n` has a proof that does not hold.
fn one_bad(writers: Writers, size: u64, n: u64) -> Ledger {
    let mut records = vec![genesis(writers)];
    records.extend((1..size).map(|at| {
        let record = reading(1, at);
        if at == n { with_bad_proof(record) } else { record }
    }));
    Ledger::holding(records)
}

#[test]
fn what_is_known_is_left_out_and_said() {
    let ledger = Ledger::of(700);
    let first = ledger.verify();
    assert_eq!((first.known_proofs, first.proven), (None, Some(ledger.proven(700))));
    for size in [2, 3, 255, 256, 257, 699, 700] {
        let second = knowing(&ledger, ledger.proven(size));
        assert_eq!(second.known_proofs, Some(KnownProofs { entries: size, proofs: size - 1 }));
        let Some(Value::Object(before)) = second.to_object().remove("checked_before") else { panic!() };
        assert_eq!(before, object! { "entries": size, "proofs": size - 1 });
        assert_eq!((said(&second), second.proven), (said(&first), Some(ledger.proven(700))), "{size}");
        assert_eq!(second.proofs_checked, 700);
    }
    let of_first = knowing(&ledger, ledger.proven(1));
    assert_eq!(of_first.known_proofs, None, "entry 0 is always looked at");
}

#[test]
fn equations_are_really_left_out_and_all_evaluates_them() {
    // A memory that is wrong is the only way to see it: who can write that is believed.
    for writers in [Writers::Signed, Writers::Anyone, Writers::Keys(vec![key(1).public()])] {
        let ledger = one_bad(writers, 300, 100);
        let first = ledger.verify();
        assert!(first.has(FindingKind::BadProof));
        assert_eq!(first.proven, Some(ledger.proven(100)), "up to the first that does not hold");
        let wrong = Trust { proven: Some(ledger.proven(200)), ..ledger.trust() };
        assert_eq!(found(&verify(&ledger.view, &wrong)), [""; 0]);
        let all = VerifyOptions { all: true, ..options(2) };
        let all = verify::ledger(&ledger.view, &wrong, &all).unwrap();
        assert_eq!((said(&all), all.known_proofs), (said(&first), None));
        assert!(all.contradicts_known && all.proven == first.proven);
    }
}

#[test]
fn a_history_that_is_another_by_one_bit_is_evaluated_whole() {
    let pristine = Ledger::of(300);
    for n in [1, 2, 150, 298, 299] {
        // Everything is made anew around the change, by one who holds the log's key.
        let mut lines = pristine.lines.clone();
        let at = usize::try_from(n).unwrap();
        lines[at] = lines[at].replace("\"temperature\":4", "\"temperature\":5");
        let changed = Ledger::written(lines);
        for size in [n + 1, 299.max(n + 1), 300] {
            let report = knowing(&changed, pristine.proven(size));
            assert_eq!(said(&report), said(&changed.verify()), "{n}, {size}");
            assert!(report.has(FindingKind::BadProof) && report.known_proofs.is_none());
        }
        let report = knowing(&changed, pristine.proven(n));
        assert!(report.has(FindingKind::BadProof), "it came since");
        assert_eq!(report.known_proofs.map(|known| known.entries), (n > 1).then_some(n));
    }
}

#[test]
fn neither_tree_nor_checkpoint_stand_in_for_the_lines() {
    let (pristine, all) = (Ledger::of(300), [1, 100, 256, 299, 300].map(|size| Ledger::of(300).proven(size)));
    let bent = pristine.lines.iter().enumerate().map(|(n, line)| {
        if n == 77 { line.replace("\"door\":false", "\"door\":true") } else { line.clone() }
    });
    let changed = Ledger::written(bent.collect());
    // The lines of one, the tree of the other, and either's checkpoint.
    for checkpoint in [&pristine, &changed] {
        for levels in [pristine.view.levels.clone(), changed.view.levels.clone(), Vec::new()] {
            let checkpoint = checkpoint.view.checkpoint.clone();
            let view = Memory { levels, checkpoint, ..changed.view.clone() };
            let report = verify_both(&view, &pristine.trust(), &all);
            assert!(report.has(FindingKind::BadProof), "{:?}", found(&report));
        }
    }
}

/// A ledger cut into files of 16 entries.
fn cut(records: Vec<Object>) -> Ledger {
    Ledger::cut(Layout::SMALL, Ledger::holding(records).lines)
}

#[test]
fn a_line_behind_the_end_of_its_file_is_nobodys() {
    let ledger =
        cut((0..40).map(|n| if n == 0 { genesis(Writers::Signed) } else { reading(1, n) }).collect());
    let known = [1, 15, 16, 17, 31, 32, 33, 40].map(|size| ledger.proven(size));
    let bad = with_bad_proof(reading(1, 20)).to_canonical();
    let stray = format!("{{\"n\":20,\"received\":\"2026-03-01T06:00:20.000Z\",\"record\":{bad}}}\n");
    for (file, at) in [(0, 16), (16, 16), (0, 0), (0, 7), (16, 3), (32, 8), (32, 2)] {
        let mut view = ledger.view.clone();
        let lines = view.files.get_mut(&file).unwrap();
        let ends: Vec<usize> = (0..lines.len()).filter(|at| lines[*at] == b'\n').map(|at| at + 1).collect();
        let place = if at == 0 { 0 } else { ends[at - 1] };
        lines.splice(place..place, stray.bytes());
        let report = verify_both(&view, &ledger.trust(), &known);
        assert!(
            report.has(FindingKind::BadProof) || (file, at) == (32, 8),
            "{file} {at}: {:?}",
            found(&report)
        );
    }
}

#[test]
fn it_ends_before_the_first_proof_that_is_bad_or_unknown() {
    let other = |suite: &str| {
        let mut record = reading(1, 3);
        let ours = record.remove(PROOF).unwrap();
        let theirs = object! { "type": "DataIntegrityProof", "cryptosuite": suite };
        record.insert(PROOF, Value::Array(vec![ours, theirs.into()]));
        record
    };
    let expired = {
        let mut record = object! { "value": 1u32 };
        let options = SignOptions { created: None, expires: Time::parse("2026-01-01T00:00:00.000Z") };
        sign(&mut record, &key(1), &options).unwrap();
        record
    };
    for (odd, kind) in [
        (other("bbs-2023"), FindingKind::UnknownProof),
        (with_bad_proof(reading(1, 3)), FindingKind::BadProof),
        (expired, FindingKind::BadProof),
    ] {
        let records = vec![genesis(Writers::Anyone), reading(1, 1), reading(1, 2), odd, reading(1, 4)];
        let ledger = Ledger::holding(records);
        let first = ledger.verify();
        assert!(first.sound() && first.has(kind), "{:?}", found(&first));
        assert_eq!(first.proven, Some(ledger.proven(3)));
        let second = knowing(&ledger, ledger.proven(3));
        assert_eq!((said(&second), second.proven), (said(&first), first.proven));
        assert_eq!(second.known_proofs, Some(KnownProofs { entries: 3, proofs: 2 }));
    }
}

#[test]
fn a_shorter_copy_is_checked_whole_and_no_checkpoint_counts_but_the_logs() {
    let (long, short) = (Ledger::of(300), Ledger::of(299));
    let report = knowing(&short, long.proven(300));
    assert_eq!((report.known_proofs, said(&report)), (None, said(&short.verify())));
    for size in [0, u64::MAX] {
        let absurd = ProvenPrefix { size, root: Hash::of(b"") };
        let report = knowing(&long, absurd);
        assert_eq!((report.known_proofs, said(&report)), (None, said(&long.verify())));
    }
    // What another key signed leads to nothing that is remembered.
    let checkpoint = SignedCheckpoint::parse(long.view.checkpoint.as_ref().unwrap()).unwrap();
    let Checkpoint { size, root, .. } = checkpoint.checkpoint().clone();
    let stated = Checkpoint { origin: checkpoint.checkpoint().origin.clone(), size, root };
    let forged = SignedCheckpoint::sign(stated, &key(7)).unwrap().to_string();
    let view = Memory { checkpoint: Some(forged.into()), ..long.view.clone() };
    assert_eq!(verify(&view, &Trust::default()).proven, None);
    let view = Memory { checkpoint: None, ..long.view.clone() };
    assert_eq!(verify(&view, &Trust::default()).proven, None);
    let cut_off = Memory { files: short.view.files.clone(), ..long.view.clone() };
    assert_eq!(verify(&cut_off, &long.trust()).proven, None);
}

#[test]
fn records_in_every_form_are_the_same_at_the_second_look() {
    let dated = |expires: i64| {
        let mut record = object! { "type": "note", "text": "ein Übergang\n", "z": 1u32 };
        let expires = Some(start().saturating_add(Span::from_millis(expires * 1_000)));
        sign(&mut record, &key(3), &SignOptions { created: Some(start()), expires }).unwrap();
        record
    };
    let mut twice = reading(1, 5);
    sign(&mut twice, &key(2), &SignOptions::default()).unwrap();
    for writers in [Writers::Signed, Writers::Enrolled, Writers::Keys(vec![key(1).public()])] {
        let records = vec![
            genesis(writers),
            reading(1, 1),
            dated(60),
            twice.clone(),
            reading(1, 3),
            dated(1),
            reading(1, 2),
        ];
        let ledger = Ledger::holding(records);
        let proven = ledger.verify().proven.unwrap().size;
        let known: Vec<_> = (1..=proven).map(|size| ledger.proven(size)).collect();
        assert!(proven >= 5);
        let report = verify_both(&ledger.view, &ledger.trust(), &known);
        assert!(report.has(FindingKind::Gap) || report.has(FindingKind::BadProof), "{:?}", found(&report));
        let endings = Memory {
            files: ledger
                .view
                .files
                .iter()
                .map(|(first, file)| {
                    (*first, String::from_utf8(file.clone()).unwrap().replace('\n', "\r\n").into_bytes())
                })
                .collect(),
            ..ledger.view.clone()
        };
        assert!(verify_both(&endings, &ledger.trust(), &known).has(FindingKind::LineEndings));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..Default::default() })]

    #[test]
    fn whatever_becomes_of_a_copy_the_verdict_is_that_of_the_first_look(
        changes in proptest::collection::vec((0..40usize, 0..6u8, any::<prop::sample::Index>(), any::<u8>()), 1..4),
        size in 1..=40u64,
        tree in 0..3u8,
        threads in 1..3usize,
    ) {
        let records = (0..40).map(|n| if n == 0 { genesis(Writers::Signed) } else { reading(1 + u8::from(n % 2 == 1), n / 2) });
        let ledger = cut(records.collect());
        let mut lines = ledger.lines.clone();
        for (at, way, place, byte) in changes {
            let at = at % lines.len();
            let other = place.index(lines.len());
            match way {
                0 => { lines.remove(at); }
                1 => lines.insert(at, lines[other].clone()),
                2 => lines.swap(at, other),
                3 => lines[at] = lines[at].replace("\"door\":false", "\"door\":true"),
                4 => lines[at] = String::new(),
                _ => {
                    let mut line = lines[at].clone().into_bytes();
                    if let Some(last) = line.len().checked_sub(1) {
                        line[place.index(last + 1)] ^= byte & 0x7f;
                    }
                    lines[at] = String::from_utf8_lossy(&line).replace(['\n', '\r'], " ");
                }
            }
        }
        let bent = Ledger::cut(Layout::SMALL, lines);
        // Entries alone, with the tree that goes with them, or all of it signed anew.
        let view = match tree {
            0 => Memory { files: bent.view.files, ..ledger.view.clone() },
            1 => Memory { checkpoint: ledger.view.checkpoint.clone(), ..bent.view },
            _ => bent.view,
        };
        let verdict = |proven| verify::ledger(&view, &Trust { proven, ..ledger.trust() }, &options(threads)).unwrap();
        let (first, second) = (verdict(None), verdict(Some(ledger.proven(size))));
        prop_assert_eq!(said(&second), said(&first));
        prop_assert_eq!(second.proven, first.proven);
    }
}

/// The folder of a gateway with a ledger of signed readings.
fn gateway() -> Folder {
    let folder = Folder::new();
    folder.fixed_key("gateway", 1);
    good(&folder, &["chain", "init", "book", "-k", "gateway", "--origin", "plant7/book", "-q"]);
    append(&folder, 0..30);
    folder
}

fn append(folder: &Folder, seqs: std::ops::Range<u32>) {
    let reading = |seq: u32| {
        let time = format!("2026-03-01T06:{seq:02}:00.000Z");
        format!(
            "{{\"type\":\"reading\",\"device\":\"probe\",\"stream\":\"a\",\"seq\":{seq},\"time\":\"{time}\",\"values\":{{\"temperature\":{seq}}}}}\n"
        )
    };
    let signed = folder.feed(&["sign", "-k", "gateway"], seqs.map(reading).collect::<String>()).out;
    assert_eq!(folder.feed(&["chain", "append", "book", "-k", "gateway", "-q"], signed).code, Some(0));
}

/// What `verify` says as data, and of how many first entries the proofs were evaluated before.
fn look(folder: &Folder, words: &[&str]) -> (Run, String, Option<u64>) {
    let run = folder.run(&[&["verify", "book", "--json"], words].concat());
    let mut object = json::parse_object(run.out.trim_end().as_bytes())
        .unwrap_or_else(|why| panic!("{why}: {}{}", run.out, run.err));
    let before = object.remove("checked_before");
    let before = before.as_ref().and_then(|before| before.as_object()?.get("entries")?.as_u64());
    (run, object.to_canonical(), before)
}

/// The file that says how far the proofs of `book` were evaluated.
fn memory(folder: &Folder) -> PathBuf {
    let seen = fs::read_dir(folder.path("state/foil/seen")).unwrap();
    let files = seen.flat_map(|origin| fs::read_dir(origin.unwrap().path()).unwrap());
    let mut files = files.map(|file| file.unwrap().path());
    files.find(|path| path.extension().is_some_and(|end| end == "proven")).unwrap()
}

#[test]
fn a_second_verify_and_contract_check_say_what_the_first_one_said() {
    let folder = gateway();
    let (_, first, before) = look(&folder, &[]);
    assert_eq!(before, None);
    let (_, second, before) = look(&folder, &[]);
    assert_eq!((second, before), (first.clone(), Some(31)));
    let (_, all, before) = look(&folder, &["--all"]);
    assert_eq!((all, before), (first, None));
    let human = folder.run(&["verify", "book", "--human"]).out;
    assert!(
        human.contains("31 proofs hold (30 of them, of the first 31 entries, checked here before)"),
        "{human}"
    );
    let page = folder.run(&["verify", "book", "--report"]).out;
    assert!(page.contains("of these, 30 were checked here before: those of the first 31 entries"), "{page}");
    append(&folder, 30..40);
    assert_eq!(look(&folder, &[]).2, Some(31), "what came since was evaluated");
    assert_eq!(look(&folder, &[]).2, Some(41));
    let unsigned = look(&folder, &["--no-signatures"]);
    assert_eq!((unsigned.0.code, unsigned.2), (Some(3), None));
    let both = folder.run(&["verify", "book", "--all", "--no-signatures"]);
    assert_eq!(both.code, Some(2));
}

#[test]
fn it_makes_no_key_known_and_is_forgotten_with_the_rest() {
    let folder = gateway();
    let guest = Folder::new();
    books::copy_into(&folder, "book", &guest, "book");
    for before in [None, Some(31)] {
        let (run, _, said) = look(&guest, &[]);
        assert_eq!((run.code, said), (Some(3), before), "{}", run.err);
    }
    let known = guest.run(&["verify", "--known"]);
    assert!(!known.out.contains("plant7/book"), "{}", known.out);
    let (run, _, before) = look(&guest, &["--forget"]);
    assert_eq!((run.code, before), (Some(3), None), "{}", run.err);
    assert_eq!(look(&guest, &[]).2, Some(31), "what was evaluated after it was forgotten");
}

#[test]
fn a_state_folder_that_cannot_be_relied_on_is_as_if_it_were_empty() {
    let folder = gateway();
    let (_, first, _) = look(&folder, &[]);
    let path = memory(&folder);
    let good = fs::read_to_string(&path).unwrap();
    let resealed = |from: &str, to: &str| {
        let said = good.replace(from, to);
        let said: String = said.split_inclusive('\n').take(4).collect();
        format!("{said}{}\n", Hash::of(said.as_bytes()))
    };
    let root = good.lines().nth(3).unwrap();
    let other_root = Hash::of(b"other").to_string();
    for (bent, why) in [
        (good.replacen("31\n", "30\n", 1), Some("damaged")),
        (good[..good.len() / 2].to_owned(), Some("not five lines")),
        (String::new(), Some("something else")),
        ("\0".repeat(200), Some("something else")),
        ("x".repeat(1 << 20), Some("something else")),
        (resealed(root, &other_root), None),
        (resealed("\n31\n", "\n30\n"), None),
        (resealed("\n31\n", "\n99\n"), None),
        (resealed(CHECKER, "0.0.1/1"), None),
        (resealed(CHECKER, "9.9.9/9"), None),
    ] {
        fs::write(&path, bent).unwrap();
        let (run, said, before) = look(&folder, &[]);
        assert_eq!((said, before), (first.clone(), None), "{why:?}");
        assert_eq!(run.err.contains("warning"), why.is_some(), "{why:?}: {}", run.err);
        assert!(run.err.contains(why.unwrap_or_default()), "{}", run.err);
        // What is of other rules, or cannot be read, gives way; what is of more entries stands.
        fs::write(&path, &good).unwrap();
        assert_eq!(look(&folder, &[]).2, Some(31));
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
    let (run, said, before) = look(&folder, &[]);
    assert_eq!((said, before), (first.clone(), None));
    assert!(run.err.contains("anybody can write it"), "{}", run.err);
    // It was written anew.
    assert_eq!(look(&folder, &[]).2, Some(31));
    fs::remove_dir_all(folder.path("state")).unwrap();
    fs::write(folder.path("state"), "").unwrap();
    let (run, _, before) = look(&folder, &["--key", "gateway.did"]);
    assert_eq!((run.code, before), (Some(0), None), "{}", run.err);
}

#[test]
fn a_contract_is_checked_alike_at_the_second_look_and_where_the_memory_is_of_other_bytes() {
    let folder = gateway();
    let key = fs::read_to_string(folder.path("gateway.did")).unwrap();
    let contract = format!(
        "contract = \"foil/1\"\ntitle = \"Probe\"\nperiod = {{ from = 2026-03-01T06:00:00Z, to = 2026-03-01T08:00:00Z }}\n[parties.gateway]\nkey = \"{key}\"\n[devices.probe]\nid = \"probe\"\nsigned_by = [\"{key}\"]\nresponsible = \"gateway\"\nfields = {{ temperature = \"any\" }}\n[time]\nhold = \"11m\"\nlate = \"accept\"\n[[terms]]\nid = \"cold\"\non = \"probe\"\nrequire = \"temperature <= 8.0\"\ntolerate = {{ longer_than = \"5m\" }}\n",
        key = key.trim_end()
    );
    fs::write(folder.path("probe.toml"), contract).unwrap();
    let check = |words: &[&str]| {
        let run =
            folder.run(&[&["contract", "check", "probe.toml", "book", "--draft", "-v"], words].concat());
        let told = run.err.contains("were checked here before");
        (run.code, run.out, told, run.err)
    };
    let first = check(&[]);
    assert!(first.1.contains("\"type\":\"verdict\"") && !first.2, "{}", first.3);
    let second = check(&[]);
    assert_eq!((second.0, &second.1, second.2), (first.0, &first.1, true), "{}", second.3);
    let all = check(&["--all"]);
    assert_eq!((all.0, &all.1, all.2), (first.0, &first.1, false));
    let path = memory(&folder);
    let good = fs::read_to_string(&path).unwrap();
    let said = good.replace(good.lines().nth(3).unwrap(), &Hash::of(b"other").to_string());
    let said: String = said.split_inclusive('\n').take(4).collect();
    fs::write(&path, format!("{said}{}\n", Hash::of(said.as_bytes()))).unwrap();
    let refuted = check(&[]);
    assert_eq!((refuted.0, &refuted.1, refuted.2), (first.0, &first.1, false), "{}", refuted.3);
}

#[test]
fn a_published_copy_is_looked_at_twice_as_well() {
    let folder = gateway();
    let (_, first, _) = look(&folder, &[]);
    good(&folder, &["chain", "publish", "book", "site"]);
    let site = || {
        let run = folder.run(&["verify", "site", "--json"]);
        json::parse_object(run.out.trim_end().as_bytes()).unwrap()
    };
    let mut object = site();
    assert!(object.remove("checked_before").is_some(), "the same bytes, wherever they are");
    object.insert("kind", "ledger");
    object.insert("target", "book");
    assert_eq!(object.to_canonical(), first);
    // A bundle that is lost, and one that is another's.
    let bundle = folder.path("site/tile/entries/000.p/31");
    let bytes = fs::read(&bundle).unwrap();
    let mut bent = bytes.clone();
    let at = bytes.len() / 2;
    bent[at] ^= 1;
    for bytes in [Some(bent), None] {
        match bytes {
            Some(bytes) => fs::write(&bundle, bytes).unwrap(),
            None => fs::remove_file(&bundle).unwrap(),
        }
        let second = site();
        let all = folder.run(&["verify", "site", "--json", "--all"]).out;
        assert_eq!(second.to_canonical(), all.trim_end());
        assert_ne!(second.get("sound").and_then(Value::as_bool), Some(true));
    }
}
