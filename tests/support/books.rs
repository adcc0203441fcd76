//! Ledgers in folders, for tests that treat their writers badly.

use std::{collections::BTreeMap, process::Command};

use counterfoil::json::{self, Object};

use super::run::{Folder, Run};

/// The words that append to the ledger `book`.
pub const APPEND: &[&str] = &["chain", "append", "book", "-k", "gateway"];

/// A folder with a key `gateway` and a ledger `book` that takes anything from anyone.
pub fn folder() -> Folder {
    let folder = Folder::new();
    folder.fixed_key("gateway", 200);
    let made = folder.run(&[
        "chain",
        "init",
        "book",
        "-k",
        "gateway",
        "--writers",
        "anyone",
        "--origin",
        "plant7/book",
    ]);
    assert_eq!((made.code, made.err.as_str()), (Some(0), ""));
    folder
}

/// The same folder once more: keys, ledger, and what was seen.
pub fn copy(folder: &Folder) -> Folder {
    let twin = Folder::new();
    copy_into(folder, "", &twin, "");
    twin
}

/// Copies a part of a folder into another.
pub fn copy_into(from: &Folder, what: &str, to: &Folder, name: &str) {
    let source = from.path(what).join(".");
    std::fs::create_dir_all(to.path(name)).unwrap();
    let copied = Command::new("cp").arg("-a").arg(source).arg(to.path(name)).status().unwrap();
    assert!(copied.success());
}

/// Records `{"n":from}` up to, but not including, `{"n":to}`, a line each.
pub fn numbered(from: u64, to: u64) -> String {
    let lines: Vec<String> = (from..to).map(|n| format!("{{\"n\":{n}}}\n")).collect();
    lines.concat()
}

pub fn append(folder: &Folder, input: impl Into<Vec<u8>>) -> Run {
    folder.feed(APPEND, input)
}

/// Appends what has to go well, and gives the receipts.
pub fn appended(folder: &Folder, input: impl Into<Vec<u8>>) -> Vec<Object> {
    let run = append(folder, input);
    assert_eq!(run.code, Some(0), "{}", run.err);
    receipts(&run)
}

/// The whole lines that came out.
pub fn receipts(run: &Run) -> Vec<Object> {
    let whole = run.out.rfind('\n').map_or("", |end| &run.out[..end]);
    whole.lines().map(|line| json::parse_object(line.as_bytes()).unwrap()).collect()
}

/// The records after entry 0, each with how often it is there.
pub fn records(folder: &Folder) -> BTreeMap<String, usize> {
    let run = folder.run(&["chain", "cat", "book", "--records"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    let mut counts = BTreeMap::new();
    for line in run.out.lines().skip(1) {
        *counts.entry(line.to_owned()).or_insert(0) += 1;
    }
    counts
}

/// Just these records, each once.
pub fn once(input: &str) -> BTreeMap<String, usize> {
    input.lines().map(|line| (line.to_owned(), 1)).collect()
}

/// The size in the checkpoint.
pub fn size(folder: &Folder) -> u64 {
    let text = std::fs::read_to_string(folder.path("book/checkpoint")).unwrap();
    text.lines().nth(1).unwrap().parse().unwrap()
}

/// Asserts that the ledger is sound under its known key.
pub fn assert_sound(folder: &Folder, why: &str) {
    let run = folder.run(&["verify", "book", "--key", "gateway.did", "--json"]);
    assert_eq!(run.code, Some(0), "{why}: {}{}", run.out, run.err);
}

/// Runs what has to go well.
pub fn good(folder: &Folder, words: &[&str]) -> Run {
    let run = folder.run(words);
    assert_eq!(run.code, Some(0), "{words:?}: {}{}", run.out, run.err);
    run
}

/// The names in `entries/`, in order.
pub fn names(folder: &Folder) -> Vec<String> {
    let names = std::fs::read_dir(folder.path("book/entries")).unwrap();
    let mut names: Vec<String> =
        names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Lets a machine be another run of itself, which is what a power cut makes of it: so `lock` is of another.
pub fn restart(folder: &Folder) {
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    if let Ok(lock) = std::fs::read_to_string(folder.path("book/lock")) {
        std::fs::write(folder.path("book/lock"), lock.replace(boot.trim(), "before the cut")).unwrap();
    }
}
