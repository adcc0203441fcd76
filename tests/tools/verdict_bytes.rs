//! A verdict is the same to the byte wherever the ledger lies, whatever the machine's zone, language and clock are, and
//! however many processors it has.

use std::{fmt::Write as _, fs, process::Command};

use counterfoil::{
    json::{self, Object},
    object,
    record::{
        signed::{self, SignOptions, sign},
        writers::Writers,
    },
    time::{Span, Time},
    tlog::entry::Entry,
};

use crate::{
    ledgers::{Ledger, genesis, key, write},
    run::{Folder, Run},
    support::{
        needs::{self, Tested},
        trial::trials,
    },
};

trials![a_verdict_is_the_same_bytes_for_everybody];

/// An hour before the clocks of Oslo are put forward, on a Sunday.
const FROM: &str = "2026-03-28T22:00:00.000Z";

fn minute(minute: i64) -> Time {
    Time::parse(FROM).unwrap().saturating_add(Span::from_millis(minute * 60_000))
}

/// A reading of a device, and when it was made.
fn reading(device: &str, at: i64, field: &str, unit: &str, tenths: i64) -> (Time, Object) {
    let value = json::parse(format!("{}.{}", tenths / 10, tenths % 10).as_bytes()).unwrap();
    let (mut values, mut units) = (Object::default(), Object::default());
    values.insert(field, value);
    units.insert(field, unit);
    let time = minute(at);
    let mut record = object! {
        "type": "reading",
        "device": device,
        "time": time.to_string(),
        "values": values,
        "units": units,
    };
    sign(&mut record, &key(3), &SignOptions::default()).unwrap();
    (time, record)
}

/// Six hours of three probes, of which one drifts and all are warm for a while, and of a meter that is read seven minutes after
/// each ten and goes back once; then a note, with which all is over.
fn entries() -> Vec<(Time, Object)> {
    let mut entries = Vec::new();
    for at in (-5..=365).step_by(5) {
        let warm = if (150..215).contains(&at) { 45 } else { 0 };
        for (probe, offset) in [("p1", 0), ("p2", 3), ("p3", at / 20)] {
            entries.push(reading(probe, at, "t", "Cel", 45 + warm + offset.abs()));
        }
        if at % 10 == 0 {
            let total = if at == 120 { 0 } else { 9_000 + at * 3 };
            entries.push(reading("meter", at, "total", "kWh", total));
        }
    }
    let mut note = object! { "type": "note" };
    sign(&mut note, &key(3), &SignOptions::default()).unwrap();
    entries.push((minute(900), note));
    entries
}

/// Writes the ledger `book`, and the contract about it.
fn scene(folder: &Folder) {
    let genesis = genesis(Writers::Signed);
    let id = signed::id(&genesis);
    let all = [(minute(-60), genesis)].into_iter().chain(entries());
    let line = |(n, (received, record))| Entry { n, received, wall: None, record }.to_line();
    write(&Ledger::written((0..).zip(all).map(line).collect()).view, &folder.path("book"));
    fs::write(folder.path("c.toml"), contract(&id.to_string())).unwrap();
}

fn contract(ledger: &str) -> String {
    let [owner, tenant, signer] = [9, 10, 3].map(|seed| key(seed).public().did());
    let mut text = format!(
        r#"contract = "foil/1"
title = "A night in which clocks change"
currency = "EUR"
ledgers = ["{ledger}"]
period = {{ from = {FROM}, to = 2026-03-29T04:00:00Z }}
[parties.owner]
key = "{owner}"
[parties.tenant]
key = "{tenant}"
[devices.meter]
id = "meter"
signed_by = ["{signer}"]
fields = {{ total = {{ unit = "kWh", counter = {{ max_rate = "50 / 1h", snap = "30s", wrap = "1000" }} }} }}
"#
    );
    for probe in ["p1", "p2", "p3"] {
        let fields = "fields = { t = \"Cel\" }";
        writeln!(text, "[devices.{probe}]\nid = \"{probe}\"\nsigned_by = [\"{signer}\"]\n{fields}").unwrap();
    }
    text + r#"[devices.room]
of = ["p1", "p2", "p3"]
agree = 2
within = { t = "0.5" }
[time]
hold = "11m"
late_after = "1h"
zone = "Europe/Oslo"
[calendar]
work = "sun 01:00-05:00"
holidays = [2026-03-30]
[[terms]]
id = "cold"
on = "room"
require = "t <= 8.0"
tolerate = { longer_than = "15m" }
gap = "hold"
[[terms]]
id = "at-work"
on = "room"
require = "t <= 9.0"
during = "work"
gap = "hold"
[[terms]]
id = "alive"
on = "p1"
every = "5m"
[[terms]]
id = "use"
on = "meter"
measure = "delta(total) <= 1.7"
each = "hour"
[[payments]]
id = "warm"
from = "owner"
to = "tenant"
each = "excursion of cold"
amount = "duration / 60 * 2.005"
[[payments]]
id = "energy"
from = "tenant"
to = "owner"
each = "hour"
amount = "delta(total) * (local_time < '03:00' ? 0.25 : 0.333)"
"#
}

/// Variables of the environment.
type Settings<'a> = &'a [(&'a str, &'a str)];

/// The same command of `foil`, begun by other words, with other settings.
fn run(folder: &Folder, first: &[&str], words: &[&str], settings: Settings) -> Run {
    let plain = folder.foil(words);
    let Some((program, rest)) = first.split_first() else {
        let mut plain = plain;
        return plain.envs(settings.iter().copied()).output().unwrap().into();
    };
    let mut command = Command::new(program);
    command.args(rest).arg(plain.get_program()).args(words).current_dir(folder.path("")).env_clear();
    command.envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.envs(settings.iter().copied()).output().unwrap().into()
}

const CHECK: [&str; 5] = ["contract", "check", "c.json", "--draft", "book"];

fn a_verdict_is_the_same_bytes_for_everybody() -> Tested {
    needs::tool("faketime")?;
    needs::tool("taskset")?;
    let folder = Folder::new();
    let other = Folder::at(folder.path("a/deeper place/of another name"));
    scene(&folder);
    let compiled = run(&folder, &[], &["contract", "compile", "c.toml"], &[]);
    assert_eq!(compiled.code, Some(0), "{}", compiled.err);
    let foreign = [("TZ", "Asia/Kolkata"), ("LANG", "de_DE.UTF-8"), ("LC_ALL", "tr_TR.UTF-8")];
    let elsewhere = run(&folder, &[], &["contract", "compile", "c.toml"], &foreign);
    assert_eq!(elsewhere.out, compiled.out);
    fs::write(folder.path("c.json"), &compiled.out).unwrap();
    fs::create_dir_all(other.path("")).unwrap();
    let copied = Command::new("cp")
        .args(["-r", "c.json", "book"])
        .arg(other.path(""))
        .current_dir(folder.path(""))
        .status();
    assert!(copied.unwrap().success());

    let first = run(&folder, &[], &CHECK, &[]);
    assert_eq!(first.code, Some(1), "{}", first.err);
    // What the scene is for is in it.
    for said in [
        "\"final\":true",
        "counter-decrease",
        "\"extreme\":\"9.15\"",
        "\"breached_at\":\"2026-03-29T00:",
        "\"unpriced\":0",
    ] {
        assert!(first.out.contains(said), "{said}: {}", first.out);
    }
    let ways: [(&Folder, &[&str], Settings); 7] = [
        (&other, &[], &[]),
        (&folder, &[], &foreign),
        (&folder, &[], &[("LC_ALL", "C"), ("LC_NUMERIC", "fr_FR.UTF-8"), ("TZ", "America/St_Johns")]),
        (&folder, &["taskset", "-c", "0"], &[]),
        (&folder, &["faketime", "-f", "2035-03-01 07:00:00"], &[]),
        (&folder, &["faketime", "-f", "2026-03-30 00:00:00"], &[]),
        (&other, &["taskset", "-c", "0", "faketime", "-f", "2099-12-31 23:59:59"], &foreign),
    ];
    for (folder, words, settings) in ways {
        let again = run(folder, words, &CHECK, settings);
        assert_eq!(
            (again.code, again.out),
            (first.code, first.out.clone()),
            "{words:?} {settings:?} {}",
            again.err
        );
    }
    Ok(())
}
