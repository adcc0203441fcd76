//! The watch: who is told silent, since when, and why.

use std::fs;

use counterfoil::{json, machine, record::writers::Writers, time::Span};

use crate::{
    ledgers::{self, Ledger},
    run::{Folder, Run},
};

/// A folder with the ledger `book`: entry 0 ten hours old, then these records, each so many minutes old.
fn folder(entries: &[(i64, &str)]) -> Folder {
    let folder = Folder::new();
    let now = machine::wall();
    let genesis = ledgers::genesis(Writers::Anyone).to_canonical();
    let entries = std::iter::once((600, genesis.as_str())).chain(entries.iter().copied());
    let lines = entries.enumerate().map(|(n, (minutes, record))| {
        let received = now.saturating_add(Span::from_millis(-60_000 * minutes));
        let record = json::parse_object(record.as_bytes()).unwrap().to_canonical();
        format!("{{\"n\":{n},\"received\":\"{received}\",\"record\":{record}}}")
    });
    ledgers::write(&Ledger::written(lines.collect()).view, &folder.path("book"));
    folder
}

fn reading(device: &str) -> String {
    format!(r#"{{"type":"reading","device":"{device}","values":{{"temperature":4}}}}"#)
}

fn status(device: &str, status: &str) -> String {
    format!(r#"{{"type":"status","device":"{device}","status":"{status}"}}"#)
}

fn stale(folder: &Folder, more: &[&str]) -> Run {
    folder.run(&[&["chain", "status", "book", "--stale", "20m", "-q"], more].concat())
}

/// The one line that is told, if it is about this device.
fn told(run: &Run, device: &str) -> String {
    assert_eq!((run.code, run.err.lines().count(), run.out.as_str()), (Some(1), 1, ""), "{}", run.err);
    let begin = format!("foil chain status: warning: {device}: ");
    run.err.strip_prefix(&begin).unwrap_or_else(|| panic!("{device}: {}", run.err)).to_owned()
}

#[test]
fn statuses_are_no_signs_of_life_and_tell_the_cause() {
    let says = |word: &str| status("probe", word);
    let nothing = r#"{"type":"reading","device":"probe","values":{}}"#.to_owned();
    for (after, cause) in [
        (vec![(200, says("disconnected"))], "its port is gone since"),
        (
            vec![(200, says("bad-frames")), (100, says("bad-frames")), (5, says("bad-frames"))],
            "only bad frames came",
        ),
        (vec![(200, says("disconnected")), (100, says("stopped"))], "its reader was stopped at"),
        (vec![(200, says("disconnected")), (100, says("connected"))], "its port was open at"),
        (vec![(200, says("disconnected")), (100, says("clock"))], "its port is gone since"),
        (vec![], "nothing at all was written since"),
        (vec![(5, reading("other"))], "other entries are written, so its reader is off"),
        // What others say of it is no sign of its reader, but one of the gateway.
        (
            vec![(5, r#"{"type":"note","device":"probe"}"#.to_owned())],
            "other entries are written, so its reader is off",
        ),
        (
            vec![(200, says("connected")), (100, reading("probe").replace('4', "null")), (5, nothing)],
            "its readings have no value since",
        ),
    ] {
        let (first, after) = (reading("probe"), after);
        let entries = std::iter::once((300, first.as_str()));
        let entries = entries.chain(after.iter().map(|(minutes, record)| (*minutes, record.as_str())));
        let folder = folder(&entries.collect::<Vec<_>>());
        let told = told(&stale(&folder, &[]), "probe");
        assert!(told.starts_with("no reading since 2") && told.contains(", 5h ago: "), "{told}");
        assert!(told.contains(cause), "{cause}: {told}");
    }
    // The next reading ends it, and is forgiven what was said before.
    let (noise, fresh) = (says("bad-frames"), reading("probe"));
    assert_eq!(stale(&folder(&[(300, &fresh), (60, &noise), (9, &fresh)]), &[]).code, Some(0));
}

#[test]
fn a_device_that_has_only_ever_said_what_happened_to_its_port_is_missed() {
    let (started, gone) = (status("probe", "started"), status("probe", "disconnected"));
    let told = told(&stale(&folder(&[(100, &started), (100, &gone)]), &[]), "probe");
    assert!(told.starts_with("no reading ever, and awaited since 2") && told.contains("1h40m ago"), "{told}");
    // One that has just been started is waited for.
    assert_eq!(stale(&folder(&[(9, &started)]), &[]).code, Some(0));
}

#[test]
fn a_reading_from_the_future_is_stale() {
    let (probe, other) = (reading("probe"), reading("other"));
    let folder = folder(&[(300, &probe), (9, &other), (-90, &probe)]);
    let told = told(&stale(&folder, &["--device", "probe"]), "probe");
    assert!(told.contains("1h29m") && told.contains("the gateway's clock was wrong then"), "{told}");
}

#[test]
fn only_those_who_are_named_are_watched_and_not_those_who_are_gone() {
    let (old, probe, other) = (reading("old"), reading("probe"), reading("other"));
    let note = r#"{"type":"note","device":"shelf"}"#;
    let folder = folder(&[(500, &old), (400, note), (300, &other), (9, &probe)]);
    let run = stale(&folder, &[]);
    assert!(
        run.code == Some(1) && run.err.contains(": old: ") && run.err.contains(": other: "),
        "{}",
        run.err
    );
    assert!(!run.err.contains("shelf"), "a note about a device is no source: {}", run.err);
    told(&stale(&folder, &["--except", "old"]), "other");
    told(&stale(&folder, &["--device", "old", "--device", "probe"]), "old");
    assert_eq!(stale(&folder, &["--except", "old", "--except", "other"]).code, Some(0));
    let never = told(&stale(&folder, &["--device", "prode"]), "prode");
    assert!(never.contains("no entry names it: is that what it is called?"), "{never}");
    let run = folder.run(&["chain", "status", "book", "--stale", "20m", "--json", "--except", "other"]);
    let data = json::parse_object(run.out.as_bytes()).unwrap().to_canonical();
    assert!(data.contains(r#""stale":[{"cause":"not-read","device":"old","reading":"2"#), "{data}");
    assert!(data.contains(r#""shelf":null"#), "{data}");
}

#[test]
fn a_ledger_without_devices_is_watched_as_a_whole() {
    let told = told(&stale(&folder(&[(100, r#"{"a":1}"#)]), &[]), ledgers::ORIGIN);
    assert!(told.contains("nothing at all was written since"), "{told}");
    assert_eq!(stale(&folder(&[(9, r#"{"a":1}"#)]), &[]).code, Some(0));
}

#[test]
fn an_enrolled_device_is_one_device_by_all_its_names() {
    let folder = Folder::new();
    ["log", "acme", "probe", "tool"].iter().zip(1..).for_each(|(name, seed)| folder.fixed_key(name, seed));
    let sh = |script: &str| {
        let foil = folder.foil(&[]);
        let mut shell = std::process::Command::new("sh");
        shell.env_clear().envs(foil.get_envs().filter_map(|(name, value)| Some((name, value?))));
        shell.env("FOIL", foil.get_program()).current_dir(&folder).args(["-ec", script]);
        let run: Run = shell.output().unwrap().into();
        assert_eq!(run.code, Some(0), "{script}: {}{}", run.out, run.err);
        run
    };
    sh(r#"$FOIL chain init book -k log -q
        add() { $FOIL chain append book -k log -q; }
        $FOIL registry enroll book --party acme --key acme.did -k log -k acme -q | add
        $FOIL registry enroll book --device probe --key probe.did --owner acme -k acme -k probe -q | add
        $FOIL registry enroll book --device tool --owner acme -k acme -q | add
        $FOIL registry enroll book --device mute --key tool.did --owner acme -k acme -k tool -q | add
        printf '{"type":"reading","device":"%s","values":{"t":4}}\n' "$(cat probe.did)" | $FOIL sign -k probe | add
        sleep 0.1
        echo '{"type":"reading","device":"probe","values":{"t":4}}' | $FOIL sign -k probe | add"#);
    // By its key it was silent for longer, by its name it was not. What cannot speak is not missed.
    let stale = |limit: &str, more: &[&str]| {
        folder.run(&[&["chain", "status", "book", "-q", "--stale", limit], more].concat())
    };
    assert_eq!(stale("1m", &[]).code, Some(0));
    let both = stale("0s", &[]);
    assert!(both.code == Some(1) && both.err.lines().count() == 2, "{}", both.err);
    assert!(
        both.err.contains(": mute: no reading ever") && both.err.contains(": probe: no reading since"),
        "{}",
        both.err
    );
    assert!(stale("0s", &["--except", "mute"]).err.lines().all(|line| line.contains(": probe: ")));
    let did = fs::read_to_string(folder.path("probe.did")).unwrap();
    let key = stale("0s", &["--device", did.trim()]);
    assert!(key.code == Some(1) && key.err.contains(": probe: no reading since"), "{}", key.err);
}
