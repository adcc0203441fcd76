//! A ledger of twelve entries beside a sound copy of it, and what can be done to it.

use std::{collections::BTreeMap, fs};

use counterfoil::{object, record::writers::Writers};

use super::{
    books::{self, numbered},
    ledgers::{self, Ledger, genesis},
    run::{Folder, Run},
};

pub const FILE: &str = "book/entries/000000000000.jsonl";
pub const COPY: &str = "copy/entries/000000000000.jsonl";

pub const REPAIR: &[&str] = &["chain", "repair", "book", "--from", "copy"];

/// A ledger `book` of twelve entries, and a sound copy of it.
pub fn folder() -> Folder {
    let folder = books::folder();
    books::appended(&folder, numbered(0, 11));
    books::copy_into(&folder, "book", &folder, "copy");
    folder
}

/// What a ledger is: all its files but those that only its writers need.
pub fn content(folder: &Folder, ledger: &str) -> BTreeMap<String, Vec<u8>> {
    let mut content = BTreeMap::new();
    let root = folder.path(ledger);
    for part in ["", "entries", "tree"] {
        for file in fs::read_dir(root.join(part)).into_iter().flatten().filter_map(Result::ok) {
            let name = format!("{part}/{}", file.file_name().to_string_lossy());
            if file.path().is_file() && name != "/lock" {
                content.insert(name, fs::read(file.path()).unwrap());
            }
        }
    }
    content
}

/// Everything in a ledger's folder but the lock, and what was set aside.
pub fn names(folder: &Folder) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder.path("book"))
        .unwrap()
        .map(|it| it.unwrap().file_name().to_string_lossy().into())
        .collect();
    names.sort();
    names
}

pub fn replaced(folder: &Folder) -> Vec<String> {
    let files = fs::read_dir(folder.path("book/replaced")).into_iter().flatten();
    let mut names: Vec<String> = files.map(|it| it.unwrap().file_name().to_string_lossy().into()).collect();
    names.sort();
    names
}

pub fn edit(folder: &Folder, name: &str, edit: impl FnOnce(&mut Vec<String>)) {
    let text = fs::read_to_string(folder.path(name)).unwrap();
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    edit(&mut lines);
    fs::write(folder.path(name), lines.concat()).unwrap();
}

pub fn change(line: &mut String) {
    *line = line.replace("\"n\":5}", "\"n\":55}");
}

pub fn remove(folder: &Folder, name: &str) {
    let path = folder.path(name);
    fs::remove_file(&path).or_else(|_| fs::remove_dir_all(&path)).unwrap();
}

/// Entries changed, and `tree/` made anew from them.
pub fn forge(folder: &Folder) {
    edit(folder, FILE, |lines| change(&mut lines[6]));
    let text = fs::read_to_string(folder.path(FILE)).unwrap();
    let forged = Ledger::written(text.lines().map(str::to_owned).collect()).view;
    fs::write(folder.path("book/tree/0"), &forged.levels[0]).unwrap();
}

pub fn elsewhere(folder: &Folder, words: &[&str]) -> Run {
    folder.foil(words).env("XDG_STATE_HOME", folder.path("elsewhere")).output().unwrap().into()
}

/// Two full files and some more, small and unsigned, in folders `book` and `copy`.
pub fn large() -> (Folder, Ledger) {
    let mut records = vec![genesis(Writers::Anyone)];
    records.extend((1..131_172u64).map(|n| object! { "value": n }));
    let (folder, ledger) = (Folder::new(), Ledger::holding(records));
    folder.fixed_key("gateway", 200);
    for name in ["book", "copy"] {
        ledgers::write(&ledger.view, &folder.path(name));
    }
    (folder, ledger)
}

/// Puts a pipe there.
pub fn pipe(folder: &Folder, name: &str) {
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    rustix::fs::mknodat(rustix::fs::CWD, folder.path(name), rustix::fs::FileType::Fifo, mode, 0).unwrap();
}
