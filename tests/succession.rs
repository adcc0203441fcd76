//! Ledgers that go on from others: what is proven, what is refused, what could not be checked.

use counterfoil::{
    hash::Hash,
    json::Object,
    key::SecretKey,
    record::{
        genesis::{Continued, Genesis},
        signed::{self, SignOptions, sign},
        writers::Writers,
    },
    tlog::{
        checkpoint::{Checkpoint, SignedCheckpoint},
        consistency::Consistency,
        view::Memory,
    },
    verify::{
        KeySource, KnownPredecessor, RememberedCheckpoint, SuccessorClaim, Trust, VerifiedPredecessor,
        VerifyReport,
    },
};

use crate::{
    ledgers::{Ledger, found, genesis, key, reading, start, verify, write},
    run::{Folder, Run},
};

const NEW: &str = "plant7.example/cold-room/2";

fn stated(ledger: &Ledger) -> Checkpoint {
    SignedCheckpoint::parse(ledger.view.checkpoint.as_ref().unwrap()).unwrap().checkpoint().clone()
}

/// What a successor of a ledger says about it.
fn end_of(old: &Ledger) -> Continued {
    let Checkpoint { size, root, .. } = stated(old);
    let first = counterfoil::tlog::entry::Entry::parse(old.lines[0].as_bytes()).unwrap();
    Continued { ledger: signed::id(&first.record), size, root }
}

/// An entry 0 that goes on from there, under key 201, signed by these.
fn declaration(continues: Continued, signers: &[u8]) -> Object {
    let genesis = Genesis {
        origin: NEW.to_owned(),
        log: key(201).public(),
        admins: vec![key(201).public()],
        writers: Writers::Signed,
        created: start(),
        continues: Some(continues),
    };
    let mut record = genesis.to_record();
    for seed in signers {
        sign(&mut record, &key(*seed), &SignOptions::default()).unwrap();
    }
    record
}

/// A ledger whose entry 0 this is, with two readings.
fn successor(declaration: Object) -> Memory {
    let ledger = Ledger::begun_after(60, vec![declaration, reading(1, 7), reading(1, 8)]);
    let checkpoint = Checkpoint { origin: NEW.to_owned(), ..stated(&ledger) };
    let signed = SignedCheckpoint::sign(checkpoint, &key(201)).unwrap();
    Memory { checkpoint: Some(signed.to_string().into()), ..ledger.view }
}

fn old_genesis(admins: &[u8]) -> Genesis {
    let admins = admins.iter().map(|seed| key(*seed).public()).collect();
    Genesis { admins, ..Genesis::parse(&genesis(Writers::Signed)).unwrap() }
}

/// The successor's report, if its predecessor is known so.
fn after(new: &Memory, before: Option<KnownPredecessor>) -> VerifyReport {
    verify(new, &Trust { before, ..Trust::default() })
}

fn given(admins: &[u8], size: u64, vouched: bool, claim: Consistency) -> KnownPredecessor {
    let name = "old".to_owned();
    KnownPredecessor::Given(VerifiedPredecessor { name, genesis: old_genesis(admins), size, vouched, claim })
}

#[test]
fn the_old_log_or_most_of_its_admins_name_the_new_key() {
    let old = Ledger::of(5);
    let new = |signers: &[u8]| successor(declaration(end_of(&old), signers));
    for (admins, signers) in [(&[200][..], &[201, 200][..]), (&[3, 4, 5], &[201, 3, 5])] {
        let report = after(&new(signers), Some(given(admins, 5, true, Consistency::Follows)));
        assert_eq!((found(&report), report.key), (vec![], KeySource::Continued));
        assert!(report.sound() && report.vouched.len() == 1);
        // A predecessor that is not vouched for names no successor.
        let report = after(&new(signers), Some(given(admins, 5, false, Consistency::Follows)));
        assert_eq!((found(&report), report.key), (vec![], KeySource::None));
    }
    for (admins, signers) in [(&[200][..], &[201][..]), (&[3, 4, 5], &[201, 3])] {
        let report = after(&new(signers), Some(given(admins, 5, true, Consistency::Follows)));
        assert_eq!(found(&report), ["bad-succession 0 000000:1"]);
        assert!(!report.sound() && report.vouched.is_empty() && report.key == KeySource::None);
    }
}

#[test]
fn where_it_goes_on_must_be_where_the_old_one_is() {
    let new = successor(declaration(end_of(&Ledger::of(5)), &[201, 200]));
    for (size, claim, kind, key) in [
        (9, Consistency::Follows, "succession", KeySource::Continued),
        (4, Consistency::Smaller, "bad-succession", KeySource::None),
        (9, Consistency::Parts, "bad-succession", KeySource::None),
        (5, Consistency::Unknown, "succession", KeySource::None),
    ] {
        let report = after(&new, Some(given(&[200], size, true, claim)));
        assert_eq!((found(&report), report.key), (vec![format!("{kind} 0 000000:1")], key), "{claim:?}");
    }
    let before = Some(given(&[200], 5, true, Consistency::Follows));
    let rival = Some(Hash::of(b"another"));
    let report = verify(&new, &Trust { before, rival, ..Trust::default() });
    assert_eq!((found(&report), report.key), (vec!["bad-succession 0 000000:1".to_owned()], KeySource::None));
    let report = after(&new, None);
    assert_eq!((found(&report), report.key), (vec!["succession 0 000000:1".to_owned()], KeySource::None));
}

#[test]
fn what_was_seen_of_the_old_one_is_enough_if_its_log_signed() {
    let old = Ledger::of(5);
    let seen = |size, root, seed| {
        Some(KnownPredecessor::Seen(RememberedCheckpoint { key: key(seed).public(), size, root }))
    };
    let root = stated(&old).root;
    let new = successor(declaration(end_of(&old), &[201, 200]));
    for (before, said, source) in [
        (seen(5, root, 200), vec![], KeySource::Continued),
        (seen(3, Hash::of(b"x"), 200), vec![], KeySource::Continued),
        (seen(6, Hash::of(b"x"), 200), vec!["succession 0 000000:1"], KeySource::Continued),
        (seen(5, Hash::of(b"x"), 200), vec!["bad-succession 0 000000:1"], KeySource::None),
        (seen(5, root, 9), vec!["succession 0 000000:1"], KeySource::None),
    ] {
        let report = after(&new, before);
        assert_eq!((found(&report), report.key), (said.iter().map(|s| (*s).to_owned()).collect(), source));
    }
}

#[test]
fn claims_are_held_against_the_old_ledger() {
    let old = Ledger::of(40);
    let claim = |size: u64, root| SuccessorClaim { size, root };
    let root = |size| stated(&Ledger::of(size)).root;
    let claims = vec![
        claim(40, root(40)),
        claim(7, root(7)),
        claim(41, root(41)),
        claim(7, root(8)),
        claim(40, root(1)),
    ];
    let report = verify(&old.view, &Trust { claims, ..old.trust() });
    assert_eq!(
        report.claims,
        [
            Consistency::Follows,
            Consistency::Follows,
            Consistency::Smaller,
            Consistency::Parts,
            Consistency::Parts
        ]
    );
    // A claim is the successor's business: it makes the old ledger neither sound nor a liar.
    assert_eq!((found(&report), report.vouched.len()), (vec![], 1));
}

/// Writes a contract that names a ledger.
fn contract(folder: &Folder, old: &Ledger) {
    let text = format!(
        r#"
contract = "foil/1"
title = "x"
period = {{ from = 2026-03-01T06:00:00Z, to = 2026-03-01T06:00:10Z }}
ledgers = ["{}"]
[parties.a]
key = "{}"
[devices.probe]
id = "cold-room-1"
signed_by = ["{}"]
[time]
hold = "1h"
late_after = "1m"
[[terms]]
id = "beat"
on = "probe"
every = "1s"
"#,
        end_of(old).ledger,
        key(9).public(),
        key(1).public(),
    );
    std::fs::write(folder.path("c.toml"), text).unwrap();
}

/// The answer of `check` on a machine that has seen nothing: the sizes in the verdict, or the error.
fn check(folder: &Folder, words: &[&str]) -> (Option<i32>, String) {
    let words = [&["contract", "check", "c.toml", "--draft"], words].concat();
    let nothing = Folder::new();
    let run: Run = folder.foil(&words).env("XDG_STATE_HOME", nothing.path("state")).output().unwrap().into();
    let sizes =
        run.out.split("\"size\":").skip(1).map(|rest| rest.split('}').next().unwrap()).collect::<Vec<_>>();
    (run.code, if run.out.is_empty() { run.err } else { sizes.join(" ") })
}

#[test]
fn a_contract_follows_proper_successors_only() {
    let folder = Folder::new();
    let old = Ledger::of(5);
    contract(&folder, &old);
    write(&old.view, &folder.path("old"));
    // The old ledger was written on: only what the successor takes over counts.
    write(&Ledger::of(9).view, &folder.path("longer"));
    write(&Ledger::of(4).view, &folder.path("shorter"));
    write(&successor(declaration(end_of(&old), &[201, 200])), &folder.path("new"));
    write(&successor(declaration(end_of(&old), &[201])), &folder.path("stranger"));
    let elsewhere = Continued { root: Hash::of(b"x"), ..end_of(&old) };
    write(&successor(declaration(elsewhere, &[201, 200])), &folder.path("elsewhere"));
    let second: SecretKey = key(202);
    let genesis =
        Genesis { log: second.public(), ..Genesis::parse(&declaration(end_of(&old), &[201])).unwrap() };
    let mut record = genesis.to_record();
    for signer in [&second, &key(200)] {
        sign(&mut record, signer, &SignOptions::default()).unwrap();
    }
    write(&successor(record), &folder.path("second"));

    let verdict = check(&folder, &["new", "old"]);
    assert_eq!((verdict.0 == Some(2) || verdict.0 == Some(4), verdict.1.as_str()), (false, "5 3"));
    let (code, text) = check(&folder, &["old", "stranger"]);
    assert_eq!(code, Some(2));
    let missing = format!(
        "stranger: entry 0: not signed by the log key of the ledger that it continues, {}",
        key(200).public()
    );
    assert!(text.contains(&missing), "{text}");
    let (code, text) = check(&folder, &["shorter", "new"]);
    assert!(code == Some(2) && text.contains("its successor takes over 5 entries; here are 4"), "{text}");
    let (code, text) = check(&folder, &["old", "elsewhere"]);
    assert!(code == Some(4) && text.contains("bad-succession"), "{code:?} {text}");
    let (code, text) = check(&folder, &["old", "elsewhere", "--no-verify"]);
    assert!(code == Some(4) && text.contains("its successor continues another history"), "{code:?} {text}");
    let (code, text) = check(&folder, &["old", "new", "second"]);
    assert!(code == Some(2) && text.contains("2 ledgers continue it"), "{text}");
    let (code, text) = check(&folder, &["new"]);
    assert!(code == Some(2) && text.contains("which is not given"), "{text}");
    assert_eq!(check(&folder, &["longer", "new"]).1, "5 3");
    assert_eq!(check(&folder, &["longer", "new", "--no-verify"]).1, "5 3");
    assert_eq!(check(&folder, &["longer"]).1, "9");
}
