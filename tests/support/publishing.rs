//! Published ledgers.

use std::{collections::BTreeMap, fs, path::Path};

use super::run::{Folder, Run};

/// Everything in a folder, by its path.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let (mut found, mut folders) = (BTreeMap::new(), vec![folder.to_owned()]);
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs::read(path).unwrap());
            }
        }
    }
    found
}

pub fn publish_book(folder: &Folder) -> Run {
    folder.run(&["chain", "publish", "book", "public"])
}

/// Publishes what has to go well.
pub fn published(folder: &Folder) {
    let run = publish_book(folder);
    assert_eq!(run.code, Some(0), "{}", run.err);
}
