//! A contract that is evaluated while its only ledger is verified comes to the same as one that reads a ledger which
//! is trusted.

use std::fs;

use counterfoil::{json, record::signed};

use crate::run::Folder;

const CONTRACT: &str = r#"contract = "foil/1"
title = "Reefer 7"
period = { from = 2026-03-01T06:00:00Z, to = 2026-03-01T08:00:00Z }
[parties.gateway]
key = "KEY"
[devices.probe]
id = "probe"
signed_by = ["KEY"]
responsible = "gateway"
fields = { temperature = "Cel" }
[time]
hold = "11m"
late = "accept"
[[terms]]
id = "cold"
on = "probe"
require = "temperature <= 8.0"
tolerate = { longer_than = "5m" }
[[terms]]
id = "beat"
on = "probe"
every = "10m"
"#;

/// A ledger with a reading for each minute of an hour, some of them too warm, in two batches.
fn ledger(folder: &Folder) {
    folder.fixed_key("gateway.pem", 1);
    folder.run(&["chain", "init", "book", "-k", "gateway", "--origin", "plant7.example/book", "-q"]);
    for half in [0..30, 30..60] {
        let reading = |minute: u32| {
            let celsius = if (20..40).contains(&minute) { "9.5" } else { "4.5" };
            let time = format!(r#""time":"2026-03-01T06:{minute:02}:00.000Z""#);
            let values = format!(r#""values":{{"temperature":{celsius}}},"units":{{"temperature":"Cel"}}"#);
            format!("{{\"type\":\"reading\",\"device\":\"probe\",{time},{values}}}\n")
        };
        let signed = folder.feed(&["sign", "-k", "gateway"], half.map(reading).collect::<String>()).out;
        assert_eq!(folder.feed(&["chain", "append", "book", "-k", "gateway", "-q"], signed).code, Some(0));
    }
    let shown = folder.run(&["key", "show", "gateway.pem"]).out;
    let key = shown.split('"').find(|word| word.starts_with("did:key:")).unwrap();
    fs::write(folder.path("reefer.toml"), CONTRACT.replace("KEY", key)).unwrap();
}

/// When an entry was received, as the ledger says.
fn received(folder: &Folder, n: u32) -> String {
    let line = folder.run(&["chain", "cat", "book", &n.to_string()]).out;
    line.split(r#""received":""#).nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[test]
fn a_verified_ledger_gives_the_verdict_of_a_trusted_one() {
    let folder = Folder::new();
    ledger(&folder);
    let arrived = received(&folder, 30);
    for cut in [&[][..], &["--at", "1"], &["--at", "26"], &["--at", "61"], &["--as-of", &arrived]] {
        let words = ["contract", "check", "reefer.toml", "book", "--draft"];
        let verdict = |how: &[&str]| folder.run(&[&words[..], how, cut].concat());
        let (verified, trusted) = (verdict(&["--key", "gateway"]), verdict(&["--no-verify"]));
        assert!(verified.out.contains(r#""type":"verdict""#), "{cut:?}: {}", verified.err);
        assert_eq!((verified.code, verified.out), (trusted.code, trusted.out), "{cut:?}");
    }
    let beyond = folder.run(&["contract", "check", "reefer.toml", "book", "--draft", "--at", "62"]);
    assert_eq!((beyond.code, beyond.out.as_str()), (Some(2), ""), "{}", beyond.err);
}

#[test]
fn a_copy_whose_line_ends_were_changed_gives_the_same_verdict_both_ways() {
    let folder = Folder::new();
    ledger(&folder);
    let verdict = |cut: &[&str], how: &[&str]| {
        folder.run(&[&["contract", "check", "reefer.toml", "book", "--draft"], how, cut].concat())
    };
    let cuts = [&[][..], &["--at", "26"]];
    let before = cuts.map(|cut| verdict(cut, &["--key", "gateway"]).out);
    let file = folder.path("book/entries/000000000000.jsonl");
    let lines = fs::read_to_string(&file).unwrap();
    fs::write(&file, format!("\u{feff}{}", lines.replace('\n', "\r\n"))).unwrap();
    for (cut, before) in cuts.into_iter().zip(before) {
        assert!(before.contains(r#""type":"verdict""#), "{before}");
        for how in [&["--key", "gateway"][..], &["--no-verify"]] {
            let after = verdict(cut, how);
            assert_eq!(after.out, before, "{cut:?} {how:?}: {}", after.err);
        }
    }
}

#[test]
fn a_correction_behind_the_readings_has_both_read_them_again() {
    let folder = Folder::new();
    ledger(&folder);
    let contract = fs::read_to_string(folder.path("reefer.toml")).unwrap();
    let corrections = "corrections = { by = [\"gateway\"], until = 2126-03-01T00:00:00Z }";
    let open = format!("late_after = \"36500d\"\n{corrections}");
    fs::write(folder.path("reefer.toml"), contract.replace("late = \"accept\"", &open)).unwrap();
    let verdict = |how: &[&str]| {
        folder.run(&[&["contract", "check", "reefer.toml", "book", "--draft"], how].concat()).out
    };
    let before = verdict(&["--key", "gateway"]);
    assert!(before.contains(r#""corrected":0"#) && before.contains(r#""excursions_total":1"#), "{before}");
    let line = folder.run(&["chain", "cat", "book", "31"]).out;
    let entry = json::parse_object(line.trim().as_bytes()).unwrap();
    let warm = signed::id(entry.get("record").unwrap().as_object().unwrap());
    let ledger = before.split(r#""id":""#).nth(1).unwrap().split('"').next().unwrap();
    let correction = format!(
        r#"{{"type":"correction","ledger":"{ledger}","corrects":"{warm}","values":{{"temperature":4.5}},"reason":"x"}}"#
    );
    let said = folder.feed(&["sign", "-k", "gateway"], correction + "\n").out;
    assert_eq!(folder.feed(&["chain", "append", "book", "-k", "gateway", "-q"], said).code, Some(0));
    // minutes 20 to 39 were too warm, and the one of minute 30 is in the middle
    let (verified, trusted) = (verdict(&["--key", "gateway"]), verdict(&["--no-verify"]));
    assert_eq!(verified, trusted);
    assert!(
        verified.contains(r#""corrected":1"#) && verified.contains(r#""excursions_total":2"#),
        "{verified}"
    );
}

#[test]
fn an_unsound_ledger_gives_no_verdict_whatever_it_comes_to() {
    let folder = Folder::new();
    ledger(&folder);
    let file = folder.path("book/entries/000000000000.jsonl");
    let lines = fs::read_to_string(&file).unwrap();
    let swapped: Vec<&str> =
        lines.lines().enumerate().map(|(n, line)| if n == 7 { "{}" } else { line }).collect();
    for damaged in [
        lines.replacen("9.5", "4.5", 1),
        lines.replacen("\"n\":9,", "\"n\":8,", 1),
        swapped.join("\n") + "\n",
    ] {
        fs::write(&file, damaged).unwrap();
        let run = folder.run(&["contract", "check", "reefer.toml", "book", "--draft", "--key", "gateway"]);
        assert_eq!((run.code, run.out.as_str()), (Some(4), ""), "{}", run.err);
    }
}
