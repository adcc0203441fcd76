//! `CONTRIBUTING.md` and the map in `src/lib.rs`, held to the code that they speak of.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use regex::{Captures, Regex};

use crate::layers::{DOORS, FLOORS};

/// A newcomer learns so many words, and no more.
const MOST_WORDS: usize = 40;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The rows of the table with this head, cell by cell.
fn rows(page: &str, head: &str) -> Vec<Vec<String>> {
    let table = page.split_once(head).unwrap_or_else(|| panic!("no table {head:?}")).1;
    let lines = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    lines
        .map(|line| line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect())
        .collect()
}

/// The modules in a folder of `src/`: the names of its files and folders, but for `mod.rs`.
fn modules(folder: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let names = entries.map(|path: PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned());
    names.filter(|name| name != "mod").collect()
}

/// What a pattern's first group finds.
fn found(pattern: &str, text: &str) -> Vec<String> {
    Regex::new(pattern).unwrap().captures_iter(text).map(|found| found[1].to_owned()).collect()
}

#[test]
fn contributing_names_only_files_that_are_there() {
    let page = text("CONTRIBUTING.md");
    let named = found(r"`((?:src|tests|man|benches|examples|fuzz|docs|\.ci)/[a-z0-9_./*-]*)`", &page);
    assert!(named.len() > 20, "the page was not read: {named:?}");
    // `x` stands for the name of something new, `*` for any.
    let place = |name: &str| name.trim_end_matches("x.rs").split('*').next().unwrap().to_owned();
    let wrong: Vec<_> = named.iter().filter(|name| !root().join(place(name)).exists()).collect();
    assert!(wrong.is_empty(), "CONTRIBUTING.md names what is not there: {wrong:?}");
}

#[test]
fn contributing_names_the_doors_as_they_are() {
    let page = text("CONTRIBUTING.md");
    let rule = page.split_once("One door for each foreign crate:").unwrap().1.split("\n5. ").next().unwrap();
    let doors = Regex::new(r"([a-z0-9-]+) in\s+`([a-z/._]+)`(?: and `([a-z/._]+)`)?").unwrap();
    let files =
        |door: &Captures| [2, 3].iter().filter_map(|at| Some(door.get(*at)?.as_str().to_owned())).collect();
    let named: Vec<(String, Vec<String>)> =
        doors.captures_iter(rule).map(|door| (door[1].replace('-', "_"), files(&door))).collect();
    assert!(named.len() > 3, "the rule was not read");
    for (dependency, files) in named {
        let known = DOORS.iter().find(|(name, _)| *name == dependency);
        assert!(known.is_some_and(|(_, doors)| *doors == files), "{dependency}: {known:?}");
    }
}

#[test]
fn contributing_counts_on_one_line_for_a_decoder_and_one_for_a_command() {
    let decoders = text("src/device/decode/mod.rs");
    let listed: BTreeSet<String> = found(r"\b([a-z0-9_]+)::DECODER\b", &decoders).into_iter().collect();
    let mut decoders = modules("src/device/decode");
    // Others share what several decoders need.
    decoders.retain(|name| {
        let file = Some(format!("src/device/decode/{name}.rs")).filter(|file| root().join(file).exists());
        text(&file.unwrap_or(format!("src/device/decode/{name}/mod.rs"))).contains("const DECODER: Decoder")
    });
    assert_eq!(listed, decoders, "decoders with and without a line in DECODERS");
    let commands = text("src/cli/mod.rs");
    let listed: BTreeSet<String> =
        found(r#"entry!\("[a-z ]+", ([a-z_]+)\)"#, &commands).into_iter().collect();
    assert_eq!(listed, modules("src/cli/command"), "commands with and without a line in COMMANDS");
}

#[test]
fn contributing_counts_on_a_transcript_for_each_command() {
    let folders = ["tests/cmd", "tests/story", "tests/story/tools"];
    let files = folders.into_iter().flat_map(|folder| fs::read_dir(root().join(folder)).unwrap());
    let pages = files.map(|file| file.unwrap().path()).filter(|path| path.is_file());
    let pages: String = pages.map(|page| fs::read_to_string(page).unwrap()).collect();
    let commands = counterfoil::cli::commands();
    let mut wrong = commands.clone();
    // The demo prints too much for a transcript; `tests/demo.rs` runs it.
    wrong.retain(|words| *words != "demo" && !pages.contains(&format!("foil {words}")));
    assert!(wrong.is_empty() && commands.len() > 30, "commands without a transcript: {wrong:?}");
}

#[test]
fn contributing_has_few_words_and_the_pages_use_each() {
    let words: Vec<String> =
        rows(&text("CONTRIBUTING.md"), "| word | means |\n").into_iter().map(|row| row[0].clone()).collect();
    assert!((30..=MOST_WORDS).contains(&words.len()), "{} words", words.len());
    assert_eq!(words.iter().collect::<BTreeSet<_>>().len(), words.len(), "a word stands there twice");
    let man = fs::read_dir(root().join("man"))
        .unwrap()
        .map(|page| fs::read_to_string(page.unwrap().path()).unwrap());
    let pages: String = man.chain([text("README.md")]).collect();
    let is_used =
        |word: &str| Regex::new(&format!(r"(?i)\b{}", word.replace(' ', r"\s+"))).unwrap().is_match(&pages);
    let wrong: Vec<_> = words.iter().filter(|word| !is_used(word)).collect();
    assert!(wrong.is_empty(), "words that neither README.md nor a man page uses: {wrong:?}");
}

#[test]
fn the_map_of_the_crate_draws_the_floors_and_a_way_that_exists() {
    let page = text("src/lib.rs");
    let drawn = page.split("//! face ").nth(1).unwrap().split("//! ```").next().unwrap();
    let drawn: Vec<Vec<&str>> = drawn
        .lines()
        .map(|line| line.split("  ").last().unwrap().split(" · ").map(str::trim).collect())
        .collect();
    assert_eq!(drawn, FLOORS, "the rooms in src/lib.rs, and those that tests/layers/ knows");
    let way = page.split("//! serial bytes").nth(1).unwrap().split("//! ```").next().unwrap();
    let rules = page.split("//! Where one rule is asked").nth(1).unwrap().split("//! ```").nth(1).unwrap();
    let file = |path: &str| format!("src/{}", path.replace("::", "/"));
    let is_there =
        |path: &String| root().join(file(path) + ".rs").exists() || root().join(file(path)).is_dir();
    for part in [way, rules] {
        let paths = found(r"\b([a-z_]+(?:::[a-z_]+)+)\b", part);
        let wrong: Vec<_> = paths.iter().filter(|path| !is_there(path)).collect();
        assert!(wrong.is_empty() && paths.len() > 5, "paths that are not there: {wrong:?}");
    }
}
