//! The command reference – man pages and completions – is what the tree of commands makes of it today.
//!
//! `SNAPSHOTS=overwrite cargo test reference` writes it. Man pages by hand are held to the names that they
//! mention.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use counterfoil::cli;
use regex::Regex;

use crate::run::Folder;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The pages that people write; all others are made.
const BY_HAND: &[&str] = &["foil.7", "foil-ledger.5", "foil-registry.5", "foil-contract.5", "foil-device.5"];

fn in_folder(folder: &str) -> BTreeSet<String> {
    let files = fs::read_dir(root().join(folder)).into_iter().flatten();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    names.map(|name| format!("{folder}/{name}")).collect()
}

#[test]
fn reference_is_what_the_commands_make() {
    let overwrite = std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite");
    let made = cli::reference();
    let mut there: BTreeSet<String> = in_folder("man").union(&in_folder("completions")).cloned().collect();
    there.retain(|path| !BY_HAND.iter().any(|name| *path == format!("man/{name}")));
    let mut wrong = Vec::new();
    for (path, text) in &made {
        there.remove(path);
        let file = root().join(path);
        if fs::read_to_string(&file).ok().as_ref() == Some(text) {
            continue;
        }
        if overwrite {
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, text).unwrap();
        } else {
            wrong.push(path.clone());
        }
    }
    for stale in there {
        if overwrite { fs::remove_file(root().join(stale)).unwrap() } else { wrong.push(stale) }
    }
    assert!(wrong.is_empty(), "not as made: {wrong:?}; SNAPSHOTS=overwrite cargo test reference writes them");
}

/// The text of a page as a reader sees it, without the macros of roff.
fn plain(page: &str) -> String {
    let text = fs::read_to_string(root().join("man").join(page)).unwrap();
    let text = text.replace("\\-", "-").replace("\\e", "\\").replace("\\(dq", "\"").replace("\\(aq", "'");
    let font = Regex::new(r"\\f[A-Z]").unwrap();
    font.replace_all(&text, "").into_owned()
}

/// The lines between `.EX` and `.EE`.
fn shown(page: &str) -> Vec<String> {
    let text = plain(page);
    let blocks = text.split("\n.EX\n").skip(1).map(|block| block.split("\n.EE\n").next().unwrap().to_owned());
    blocks.flat_map(|block| block.lines().map(str::to_owned).collect::<Vec<_>>()).collect()
}

#[test]
fn reference_tutorial_works_as_it_is_typed() {
    let folder = Folder::new();
    let bin = Path::new(env!("CARGO_BIN_EXE_foil")).parent().unwrap();
    let lines = shown("foil.7");
    let mut lines = lines.iter().map(String::as_str).peekable();
    let mut commands = 0;
    while let Some(line) = lines.next() {
        let mut command =
            line.strip_prefix("$ ").unwrap_or_else(|| panic!("not a command: {line}")).to_owned();
        while let Some(more) = lines.next_if(|line| line.starts_with("> ")) {
            command = format!("{command}\n{}", &more[2..]);
        }
        let expected =
            lines.next_if(|line| line.starts_with("? ")).map_or(0, |line| line[2..].parse().unwrap());
        let mut sh = folder.foil(&[]);
        let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
        let run = Command::new("sh")
            .args(["-c", &command])
            .current_dir(folder.path(""))
            .env_clear()
            .envs(sh.env("PATH", path).get_envs().filter_map(|(name, value)| Some((name, value?))))
            .output()
            .unwrap();
        assert_eq!(run.status.code(), Some(expected), "{command}\n{}", String::from_utf8_lossy(&run.stderr));
        commands += 1;
    }
    assert!(commands > 15, "the tutorial was not read");
    // What the page about the folder names is there.
    let ledger = folder.path("cold-room");
    for name in ["checkpoint", "entries/000000000000.jsonl", "tree/0", "lock"] {
        assert!(plain("foil-ledger.5").contains(name) && ledger.join(name).is_file(), "{name}");
    }
}

#[test]
fn reference_ledger_page_names_every_finding_and_no_other() {
    let source = fs::read_to_string(root().join("src/verify/finding/kind.rs")).unwrap();
    let names = Regex::new(r#"\n    \w+: "([a-z-]+)", (?:Error|Warning)"#).unwrap();
    let made: BTreeSet<&str> =
        names.captures_iter(&source).map(|found| found.get(1).unwrap().as_str()).collect();
    let page = plain("foil-ledger.5");
    let section = page.split("\n.SH FINDINGS\n").nth(1).unwrap().split("\n.SH ").next().unwrap();
    let said: BTreeSet<&str> = section.lines().filter_map(|line| line.strip_prefix(".B ")).collect();
    assert_eq!(said, made);
}

#[test]
fn reference_pages_mention_only_what_is_there() {
    let made = cli::reference();
    let flags: BTreeSet<&str> = Regex::new(r"--[a-z][a-z-]+")
        .unwrap()
        .find_iter(&made.iter().find(|(path, _)| path.ends_with("foil.bash")).unwrap().1)
        .map(|flag| flag.as_str().to_owned().leak() as &str)
        .collect();
    let page = Regex::new(r"\b(foil[a-z-]*) ?\(([1-8])\)").unwrap();
    let flag = Regex::new(r"(?:^|[\s(])(--[a-z][a-z-]+)").unwrap();
    let command = Regex::new(r"(?:^|\| |\$ )foil ([a-z]+)(?: ([a-z]+))?").unwrap();
    for name in BY_HAND {
        let text = plain(name);
        for found in page.captures_iter(&text) {
            let file = format!("man/{}.{}", &found[1], &found[2]);
            assert!(root().join(&file).exists(), "{name}: {file} is not there");
        }
        for found in flag.captures_iter(&text) {
            assert!(flags.contains(&found[1]), "{name}: no command has {}", &found[1]);
        }
        for line in shown(name) {
            for found in command.captures_iter(&line) {
                let words = format!("{} {}", &found[1], found.get(2).map_or("", |word| word.as_str()));
                let is = |known: &&str| words.starts_with(&format!("{known} ")) || words == *known;
                assert!(cli::commands().iter().any(is), "{name}: no command: {line}");
            }
        }
    }
}

#[test]
fn the_tests_that_durability_names_are_there() {
    let page = fs::read_to_string(root().join("docs/durability.md")).unwrap();
    let there = tests_in(&root().join("tests"));
    // A name with two underscores is a sentence, and a test.
    let named = page.split('`').skip(1).step_by(2).filter(|name| name.matches('_').count() > 1);
    let named: Vec<&str> = named.filter(|name| name.chars().all(|c| c.is_lowercase() || c == '_')).collect();
    let wrong: Vec<_> = named.iter().filter(|name| !there.contains(**name)).collect();
    assert!(wrong.is_empty() && named.len() > 20, "docs/durability.md names no test: {wrong:?}");
}

/// The names of all tests below a folder: those with an attribute, and those that a file lists by `trials!`.
fn tests_in(folder: &Path) -> BTreeSet<String> {
    let attribute = Regex::new(r"#\[test\](?:\s*#[^\n]*)*\s*fn (\w+)").unwrap();
    let (list, name) = (Regex::new(r"trials!\[([^\]]*)\]").unwrap(), Regex::new(r"\w+").unwrap());
    let mut tests = BTreeSet::new();
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            tests.extend(tests_in(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = fs::read_to_string(path).unwrap();
            tests.extend(attribute.captures_iter(&text).map(|test| test[1].to_owned()));
            let listed = list.captures_iter(&text).map(|list| list.get(1).unwrap().as_str());
            tests.extend(listed.flat_map(|list| name.find_iter(list)).map(|test| test.as_str().to_owned()));
        }
    }
    tests
}
