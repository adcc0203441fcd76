//! `sound` of `verify --json` and the exit status say the same, whatever is asked.

use std::fs;

use counterfoil::json::{self, Object, Value};

use crate::{books, run::Folder};

/// What `sound` is where a single target ends with this status.
fn sound_of(status: Option<i32>) -> Value {
    match status {
        Some(0) => true.into(),
        Some(3) => "consistent".into(),
        _ => false.into(),
    }
}

fn verdicts(folder: &Folder, words: &[&str], state: &str) -> (Option<i32>, Vec<Object>) {
    let words = [&["verify", "--json"], words].concat();
    let run = folder.foil(&words).env("XDG_STATE_HOME", folder.path(state)).output().unwrap();
    let text = String::from_utf8(run.stdout).unwrap();
    let lines = text.lines().map(|line| json::parse_object(line.as_bytes()).unwrap());
    (run.status.code(), lines.collect())
}

/// A ledger, what others keep of it, and copies that were treated badly.
fn folder() -> Folder {
    let folder = books::folder();
    books::appended(&folder, books::numbered(0, 5));
    let keep = |words: &[&str], name: &str| {
        fs::write(folder.path(name), books::good(&folder, words).out).unwrap();
    };
    keep(&["chain", "stub", "book"], "stub.json");
    books::good(&folder, &["keygen", "other", "-q"]);
    books::good(&folder, &["chain", "init", "beside", "-k", "other", "--origin", "plant7/beside"]);
    keep(&["chain", "stub", "beside"], "beside.json");
    books::good(&folder, &["chain", "prove", "book", "3", "-o", "entry"]);
    books::good(&folder, &["chain", "publish", "book", "www"]);
    for copy in ["changed", "treeless", "trailing"] {
        books::copy_into(&folder, "book", &folder, copy);
    }
    let edit = |name: &str, from: &str, to: &str| {
        let text = fs::read_to_string(folder.path(name)).unwrap();
        fs::write(folder.path(name), text.replace(from, to)).unwrap();
    };
    edit("changed/entries/000000000000.jsonl", "{\"n\":2}", "{\"n\":9}");
    edit("trailing/entries/000000000000.jsonl", "{\"n\":4}}\n", "{\"n\":4}}\n{}\n");
    fs::remove_dir_all(folder.path("treeless/tree")).unwrap();
    fs::write(folder.path("signed.jsonl"), folder.feed(&["sign", "-k", "gateway"], "{\"a\":1}\n").out)
        .unwrap();
    fs::write(folder.path("bare.jsonl"), "{\"a\":1}\n").unwrap();
    let signed = fs::read_to_string(folder.path("signed.jsonl")).unwrap();
    fs::write(folder.path("none.jsonl"), signed + "{\"a\":\n").unwrap();
    folder
}

#[test]
fn a_verdict_as_data_says_what_the_exit_status_says() {
    let folder = folder();
    let asked: [(&[&str], &str, i32); 17] = [
        (&["book"], "state", 0),
        (&["book"], "elsewhere", 3),
        (&["book", "--no-signatures"], "state", 3),
        (&["book", "--no-signatures"], "elsewhere", 3),
        (&["book", "--stub", "stub.json"], "elsewhere", 0),
        (&["book", "--stub", "beside.json"], "state", 3),
        (&["book", "--stub", "beside.json"], "elsewhere", 3),
        (&["changed"], "elsewhere", 1),
        (&["changed", "--no-signatures"], "elsewhere", 1),
        (&["treeless"], "elsewhere", 3),
        (&["trailing"], "state", 0),
        (&["www"], "elsewhere", 3),
        (&["signed.jsonl"], "state", 0),
        (&["bare.jsonl"], "state", 1),
        (&["none.jsonl"], "state", 2),
        (&["signed.jsonl", "--key", "other"], "state", 1),
        (&["entry.tlog-proof", "--key", "gateway"], "state", 0),
    ];
    for (words, state, status) in asked {
        let (code, verdicts) = verdicts(&folder, words, state);
        assert_eq!(code, Some(status), "{words:?}");
        let [verdict] = &verdicts[..] else { panic!("{words:?}: {verdicts:?}") };
        assert_eq!(verdict.get("sound"), Some(&sound_of(code)), "{words:?}");
    }
}

#[test]
fn of_several_targets_each_has_its_own_word_and_the_worst_ends_the_command() {
    let folder = folder();
    let words = ["book", "beside", "bare.jsonl", "nowhere"];
    let (code, all) = verdicts(&folder, &words, "elsewhere");
    let sound: Vec<Option<&Value>> = all.iter().map(|verdict| verdict.get("sound")).collect();
    let [consistent, no] = [Value::from("consistent"), Value::from(false)];
    assert_eq!(sound, [Some(&consistent), Some(&consistent), Some(&no), Some(&no)]);
    assert_eq!(code, Some(2));
    let (code, _) = verdicts(&folder, &["book", "signed.jsonl"], "elsewhere");
    assert_eq!(code, Some(3));
}
