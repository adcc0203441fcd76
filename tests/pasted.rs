//! Hints are pasted into shells: no name in them, of a device, a folder or a file, may be more there than a word.

use regex::Regex;

use crate::run::{Folder, Run};

const ODD: &str = "my $(touch PWNED) L";

/// What a shell would run or take apart: a hint without the odd names that stand in single quotes.
fn bare(hint: &str) -> String {
    Regex::new("'[^']*touch[^']*'").unwrap().replace_all(hint, "").into_owned()
}

fn refuse_bare(run: &Run) -> usize {
    let hints = run.err.lines().filter(|line| line.contains(": hint: "));
    hints.inspect(|hint| assert!(!bare(hint).contains("touch"), "to be pasted: {hint}")).count()
}

/// A ledger in a folder with an odd name, with a record of a device with one.
fn odd_ledger() -> Folder {
    let folder = Folder::in_memory();
    folder.fixed_key("gw", 1);
    folder.fixed_key("other", 2);
    let made = folder.run(&["chain", "init", ODD, "-k", "gw", "--origin", "plant7.example/odd"]);
    assert_eq!(made.code, Some(0), "{}", made.err);
    let reading = format!(
        r#"{{"type":"reading","device":"{ODD}","time":"2026-03-01T06:00:00.000Z","values":{{"{ODD}":1}}}}"#
    );
    let signed = folder.feed(&["sign", "-k", "gw"], reading + "\n").out;
    assert_eq!(folder.feed(&["chain", "append", ODD, "-k", "gw"], signed).code, Some(0));
    std::fs::write(folder.path(&format!("{ODD}.toml")), "title = 1\n").unwrap();
    std::fs::write(folder.path(&format!("{ODD}.json")), "[\n1]\n").unwrap();
    folder
}

#[test]
fn no_name_in_a_hint_is_more_than_a_word_for_a_shell() {
    let folder = odd_ledger();
    let (toml, json, inner) = (format!("{ODD}.toml"), format!("{ODD}.json"), format!("{ODD}/entries"));
    let near = &ODD[..ODD.len() - 1];
    let asked: &[&[&str]] = &[
        &["chain", "cat", ODD, "--device", near],
        &["chain", "cat", ODD, "--device", "nothing like it"],
        &["chain", "cat", ODD, "--field", near],
        &["chain", "plot", ODD, near],
        &["chain", "init", ODD, "-k", "gw"],
        &["chain", "init", "new", "-k", "gw", "--continues", ODD],
        &["chain", "append", ODD, "-k", "other"],
        &["chain", "clone", ODD, "copy"],
        &["chain", "clone", ODD, "gw.pem"],
        &["chain", "tick", ODD, "-k", "other"],
        &["contract", "lint", &toml],
        &["contract", "compile", &toml],
        &["contract", "check", &toml, ODD],
        &["contract", "check", ODD, &toml],
        &["sign", "-k", "gw", &json],
        &["key", "show", &json],
        &["registry", "show", ODD, "nobody"],
        &["verify", &json],
        &["verify", &inner],
    ];
    let hints: usize = asked.iter().map(|words| refuse_bare(&folder.run(words))).sum();
    assert!(hints > 8, "only {hints} hints");
    // To who does not know the key, and where something is wrong.
    let mut stranger = folder.foil(&["verify", ODD, "--json"]);
    let stranger: Run = stranger.env("XDG_STATE_HOME", folder.path("elsewhere")).output().unwrap().into();
    assert_eq!((stranger.code, refuse_bare(&stranger)), (Some(3), 1), "{}", stranger.err);
    let entries = folder.path(&format!("{inner}/000000000000.jsonl"));
    let text = std::fs::read_to_string(&entries).unwrap();
    std::fs::write(&entries, text.replace(":1}", ":2}")).unwrap();
    for words in [
        &["verify", ODD][..],
        &["chain", "cat", ODD],
        &["chain", "prove", ODD, "1"],
        &["chain", "repair", ODD],
        &["chain", "clone", ODD, "third"],
        &["chain", "diff", ODD, "copy"],
    ] {
        refuse_bare(&folder.run(words));
    }
}
