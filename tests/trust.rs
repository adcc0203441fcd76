//! By which acts a log's key becomes known: those of the reader, and nothing that came with a ledger.

use std::{fs, path::Path, process::Command};

use crate::run::Folder;

/// A stranger's folder with a ledger, its beginning, another history, a successor, a published copy, a stub, and
/// contracts that name the ledger: a draft, one without signatures, and one that made-up parties signed.
fn package() -> Folder {
    let folder = Folder::new();
    for command in [
        "for who in gateway next shipper carrier; do foil keygen -q $who; done",
        "foil chain init book -k gateway --origin plant7.example/book",
        r#"echo '{"type":"reading","device":"probe","values":{"temperature":4.2}}' > reading.json"#,
        "foil sign -k gateway reading.json | foil chain append book -k gateway",
        "foil chain stub book > stub.json && cp -r book early && cp -r book other",
        "foil sign -k gateway reading.json | foil chain append book -k gateway",
        r#"echo '{"type":"note"}' | foil sign -k gateway |
           XDG_STATE_HOME=$PWD/elsewhere foil chain append other -k gateway"#,
        "foil chain publish book public",
        "foil chain init later -k next --origin plant7.example/later --continues book --old-key gateway",
        r#"cat > draft.toml <<EOF
contract = "foil/1"
title    = "Reefer 7"
ledgers  = ["$(foil chain status book | grep -o '"ledger":"[^"]*' | cut -d'"' -f4)"]
period   = { from = 2026-03-01T06:00:00Z, to = 2026-03-01T07:00:00Z }
[parties.shipper]
key = "$(cat shipper.did)"
[parties.carrier]
key = "$(cat carrier.did)"
[devices.probe]
id        = "probe"
signed_by = ["$(cat gateway.did)"]
[[terms]]
id    = "beat"
on    = "probe"
every = "6m"
EOF"#,
        "foil contract compile draft.toml > unsigned.json",
        "foil sign -y -k shipper unsigned.json | foil sign -y -k carrier > signed.json",
    ] {
        sh(&folder, command);
    }
    fs::remove_dir_all(folder.path("state")).unwrap();
    folder
}

/// Runs a line of shell, which must end well, with `foil` as [`Folder::foil`] runs it.
fn sh(folder: &Folder, line: &str) {
    let foil = folder.foil(&[]);
    let program = Path::new(foil.get_program()).parent().unwrap().to_owned();
    let mut shell = Command::new("sh");
    shell.args(["-ec", line]).current_dir(folder);
    shell.envs(foil.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let output = shell.env("PATH", path).output().unwrap();
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
}

/// The names of all that is remembered of ledgers.
fn remembered(folder: &Folder) -> Vec<String> {
    let entries = |path: &Path| fs::read_dir(path).into_iter().flatten().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries(&folder.path("state/foil/seen"))
        .flat_map(|origin| entries(&origin).collect::<Vec<_>>())
        .map(|file| file.file_name().unwrap().to_str().unwrap().to_owned())
        // Since when a key is known stands beside what was seen, and which proofs were evaluated, which is nobody's word.
        .filter(|name| !matches!(name.rsplit('.').next(), Some("known" | "proven")))
        .collect();
    files.sort();
    files
}

fn words(line: &str) -> Vec<&str> {
    line.split_whitespace().collect()
}

#[test]
fn nothing_in_a_strangers_package_makes_its_key_known() {
    let folder = package();
    for (line, code) in [
        ("verify book", 3),
        ("verify later book", 3),
        ("verify public", 3),
        ("contract check draft.toml book --draft", 1),
        ("contract check unsigned.json book --draft", 1),
        ("contract check unsigned.json book later --draft", 1),
        ("contract check signed.json book", 1),
        ("contract check signed.json book later", 1),
        ("contract blame draft.toml book --draft", 0),
        ("contract blame signed.json book", 0),
        ("verify book --stub stub.json", 0),
        ("verify public --stub stub.json", 0),
        ("verify book later --stub stub.json", 3),
        ("verify other --stub book/checkpoint", 1),
        ("verify book --against public --stub stub.json", 0),
        ("chain diff book public", 3),
        ("chain diff book other -o fork.json", 1),
        ("verify fork.json", 0),
        ("chain prove book 1 -o entry", 0),
        ("verify entry.tlog-proof --key gateway.did", 0),
        ("chain status book", 0),
        ("chain cat book", 0),
        ("chain stub book", 0),
        ("chain publish book copy", 0),
        ("verify copy", 3),
        ("chain repair book", 0),
        ("chain repair book --from public", 0),
        ("registry show book", 0),
        ("show signed.json --ledger book", 0),
        ("show stub.json", 0),
        ("contract lint draft.toml", 0),
        ("verify book --forget --stub stub.json", 0),
    ] {
        let run = folder.run(&words(line));
        assert_eq!(run.code, Some(code), "{line}: {}{}", run.out, run.err);
        assert_eq!(remembered(&folder), [""; 0], "{line}");
        let run = folder.run(&["verify", "book"]);
        assert_eq!(run.code, Some(3), "{line}, and then verify: {}{}", run.out, run.err);
    }
}

/// What `verify book` answers after an act, in a folder where nothing is known before.
fn after(act: &str, code: i32) -> (Folder, Option<i32>) {
    let folder = package();
    let run = folder.run(&words(act));
    assert_eq!(run.code, Some(code), "{act}: {}{}", run.out, run.err);
    let known = folder.run(&["verify", "book"]).code;
    (folder, known)
}

#[test]
fn the_readers_own_acts_make_a_key_known() {
    for (act, code) in [
        ("verify book --key gateway.did", 0),
        ("verify public --key gateway.did", 0),
        ("contract check draft.toml book --draft --key gateway.did", 1),
        ("verify book --trust", 0),
        ("verify public --trust", 0),
        ("verify book --trust --stub stub.json", 0),
        ("verify book --trust --forget", 0),
        ("chain init again -k gateway --continues book --old-key gateway", 0),
    ] {
        let (_, known) = after(act, code);
        assert_eq!(known, Some(0), "{act}");
    }
    let folder = package();
    assert_eq!(folder.run(&words("chain init mine -k gateway --origin mine")).code, Some(0));
    assert_eq!(folder.run(&["verify", "mine"]).code, Some(0));
    assert_eq!(remembered(&folder).len(), 1);
}

#[test]
fn trust_is_said_of_one_sound_ledger_that_answers_its_stubs() {
    let (folder, _) = after("verify later book --trust", 2);
    sh(&folder, "foil chain init forged -k next --origin plant7.example/book && rm -r state");
    sh(&folder, "foil chain stub forged > forged.json");
    for (act, code) in [
        ("verify signed.json --trust", 2),
        ("verify book --trust --key gateway.did", 2),
        ("verify book --trust --no-signatures", 2),
        // Another ledger's stub, and one by another key.
        ("verify book --trust --stub later/checkpoint", 3),
        ("verify book --trust --stub forged.json", 3),
        // Two histories.
        ("verify other --trust --stub book/checkpoint", 1),
    ] {
        let run = folder.run(&words(act));
        assert_eq!(run.code, Some(code), "{act}: {}{}", run.out, run.err);
        assert_eq!(remembered(&folder), [""; 0], "{act}");
    }
    sh(&folder, "sed -i 2s/4.2/4.3/ book/entries/*.jsonl");
    assert_eq!(folder.run(&words("verify book --trust")).code, Some(1));
    assert_eq!(remembered(&folder), [""; 0]);
}

#[test]
fn what_was_seen_of_a_known_ledger_grows_by_any_sound_answer() {
    for act in ["verify book --stub stub.json", "contract check draft.toml book --draft"] {
        let (folder, _) = after("verify early --trust", 0);
        sh(&folder, "rm -r state && foil verify early --trust");
        folder.run(&words(act));
        let early = folder.run(&words("verify early --human"));
        assert!(early.out.contains("rolled-back"), "{act}: {}", early.out);
    }
}

#[test]
fn a_successor_is_as_known_as_its_predecessor() {
    let (folder, _) = after("verify book --trust", 0);
    let run = folder.run(&["verify", "later"]);
    assert_eq!((run.code, remembered(&folder).len()), (Some(0), 2), "{}{}", run.out, run.err);
    assert_eq!(folder.run(&words("verify book later")).code, Some(0));
    assert!(remembered(&folder).iter().any(|name| name.ends_with(".continued")));
    // The old key signed for it, and the old ledger is a stranger's all the same.
    let (folder, known) = after("verify later --trust", 0);
    assert_eq!((known, remembered(&folder).len()), (Some(3), 1));
    assert_eq!(folder.run(&words("verify book later")).code, Some(3));
    assert_eq!(remembered(&folder).len(), 1);
}
