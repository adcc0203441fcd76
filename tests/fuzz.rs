//! The fuzzer's targets in `cargo test`: on arbitrary bytes, and on inputs that are good but for a few bytes.
//!
//! `fuzz/run` gives the same functions to libFuzzer. `cargo test fuzz_corpus -- --ignored` writes what it
//! begins with into `fuzz/corpus`.

#[path = "../fuzz/src/lib.rs"]
mod targets;

use std::{fs, path::Path, sync::LazyLock};

use proptest::prelude::*;

use self::targets::{TARGETS, Target};
use crate::vectors;

/// Longer inputs cost more time than they find.
const LONGEST: usize = 16 * 1024;

/// The seeds of a target, those of other projects among them where they are at hand.
fn seeds(target: &Target) -> Vec<Vec<u8>> {
    let mut seeds = (target.seeds)();
    for name in target.vectors {
        if let Ok(path) = vectors::dir(name) {
            collect(&path, &mut seeds);
        }
    }
    seeds.retain(|seed| seed.len() <= LONGEST);
    seeds
}

fn collect(path: &Path, seeds: &mut Vec<Vec<u8>>) {
    if path.is_dir() {
        let mut paths: Vec<_> = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for path in paths {
            collect(&path, seeds);
        }
    } else {
        seeds.push(fs::read(path).unwrap());
    }
}

static SEEDS: LazyLock<Vec<Vec<Vec<u8>>>> = LazyLock::new(|| TARGETS.iter().map(seeds).collect());

/// A few edits of a good input, each at a place that is taken modulo its length.
#[derive(Clone, Debug)]
enum Edit {
    Put(u8),
    Insert(Vec<u8>),
    Cut(usize),
    Double(usize),
}

fn edits() -> impl Strategy<Value = Vec<(usize, Edit)>> {
    let tokens =
        ["\"", "{", "}", "[", "\\u0000", "\\ud800", "9", "-", "1e999", ".", "\n", "\r", "— ", "=", "\0"];
    let edit = prop_oneof![
        any::<u8>().prop_map(Edit::Put),
        prop::sample::select(tokens.to_vec()).prop_map(|token| Edit::Insert(token.as_bytes().to_vec())),
        (1usize..40).prop_map(Edit::Cut),
        (1usize..40).prop_map(Edit::Double),
    ];
    prop::collection::vec((any::<usize>(), edit), 0..4)
}

fn edited(seed: &[u8], edits: &[(usize, Edit)]) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for (at, edit) in edits {
        let at = at % (bytes.len() + 1);
        let end = |count: &usize| (at + count).min(bytes.len());
        match edit {
            Edit::Put(byte) if at < bytes.len() => bytes[at] = *byte,
            Edit::Put(byte) => bytes.push(*byte),
            Edit::Insert(token) => drop(bytes.splice(at..at, token.iter().copied())),
            Edit::Cut(count) => drop(bytes.drain(at..end(count))),
            Edit::Double(count) => {
                let piece = bytes[at..end(count)].to_vec();
                bytes.splice(at..at, piece);
            }
        }
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn parsers_answer_whatever_they_get(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for target in TARGETS {
            targets::run(target.name, &bytes);
        }
    }

    #[test]
    fn parsers_keep_their_word_on_what_is_nearly_good(choice in any::<usize>(), edits in edits()) {
        for (target, seeds) in TARGETS.iter().zip(&*SEEDS) {
            (target.run)(&edited(&seeds[choice % seeds.len()], &edits));
        }
    }
}

#[test]
fn every_seed_as_it_is() {
    for (target, seeds) in TARGETS.iter().zip(&*SEEDS) {
        assert!(!(target.seeds)().is_empty(), "{}: no seed", target.name);
        for seed in seeds {
            (target.run)(seed);
        }
    }
}

#[test]
fn every_target_has_its_file() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    for Target { name, .. } in TARGETS {
        let file = fs::read_to_string(root.join(format!("fuzz_targets/{name}.rs"))).unwrap();
        assert!(file.contains(&format!("targets::run(\"{name}\"")), "{name}: its file runs another");
        assert!(
            manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")),
            "{name}: not in Cargo.toml"
        );
    }
    let files = fs::read_dir(root.join("fuzz_targets")).unwrap().count();
    assert_eq!(files, TARGETS.len(), "files without a target");
}

#[test]
#[ignore = "writes fuzz/corpus, which fuzz/run begins with"]
fn fuzz_corpus() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    for (target, seeds) in TARGETS.iter().zip(&*SEEDS) {
        let folder = root.join(target.name);
        fs::create_dir_all(&folder).unwrap();
        for (at, seed) in seeds.iter().enumerate() {
            fs::write(folder.join(format!("seed-{at}")), seed).unwrap();
        }
    }
}
