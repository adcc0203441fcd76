//! What `tests/support/` offers and no test uses. The compiler cannot tell: each binary uses a part of it.

use std::{collections::BTreeMap, fs, path::Path};

use regex::Regex;

use super::root;

#[test]
fn layers_helpers_of_tests_are_used() {
    let mut texts = Vec::new();
    read(&root().join("tests"), &mut texts);
    let word = Regex::new(r"\w+").unwrap();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, text) in &texts {
        word.find_iter(text).for_each(|word| *counts.entry(word.as_str()).or_default() += 1);
    }
    let offered = Regex::new(r"pub (?:fn|const|static|struct|enum|trait|type) (\w+)").unwrap();
    let support = texts.iter().filter(|(path, _)| path.contains("/support/"));
    let offers = support.flat_map(|(_, text)| offered.captures_iter(text).map(|it| it.extract::<1>().1[0]));
    let unused: Vec<&str> = offers.filter(|name| counts[name] < 2).collect();
    assert!(unused.is_empty(), "helpers that no test uses: {unused:?}");
}

/// All Rust files below a folder: path and text.
fn read(folder: &Path, texts: &mut Vec<(String, String)>) {
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            read(&path, texts);
        } else if path.extension().is_some_and(|end| end == "rs") {
            texts.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
}
