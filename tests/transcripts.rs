//! Transcripts of the commands, the stories that need nothing but the project and `jq`, and the README.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::support::transcript::check;

#[test]
fn commands() {
    check_folder("tests/cmd");
}

#[test]
fn stories() {
    check_folder("tests/story");
}

#[test]
fn readme() {
    check(&root().join("README.md"));
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn check_folder(folder: &str) {
    let mut files: Vec<PathBuf> = fs::read_dir(root().join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no transcripts in {folder}");
    // One thread a file: most of the time goes by in waiting.
    std::thread::scope(|scope| {
        let runs: Vec<_> = files.iter().map(|file| (file, scope.spawn(|| check(file)))).collect();
        let failed: Vec<_> =
            runs.into_iter().filter_map(|(file, run)| run.join().is_err().then_some(file)).collect();
        assert!(failed.is_empty(), "transcripts that differ: {failed:?}");
    });
}
