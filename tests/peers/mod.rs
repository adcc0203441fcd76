//! Other people's verifiers on what is published here: they must accept it, and refuse it when it was touched.
//!
//! `.ci/run` installs them; where one is missing its test is skipped, and says so.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use crate::{
    books::{self, numbered},
    publish::published,
    run::Folder,
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[allow(clippy::print_stderr)]
fn skipped(what: &str) {
    eprintln!("SKIPPED: {what} is not installed (.ci/run installs it): its verdict was NOT asked for");
}

/// The Python in which a package is installed.
fn python_with(package: &str) -> Option<PathBuf> {
    let python = root().join("target/peers/bin/python3");
    let imports = Command::new(&python).args(["-c", &format!("import {package}")]).output();
    let there = imports.is_ok_and(|run| run.status.success());
    if !there {
        skipped(package);
    }
    there.then_some(python)
}

/// The Go program, built.
fn xmod(folder: &Folder) -> Option<PathBuf> {
    let source = Path::new("/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog");
    let program = folder.path("xmod");
    let mut go = Command::new("go");
    go.args(["build", "-o"]).arg(&program).arg(root().join("tests/peers/xmod.go"));
    go.env("GO111MODULE", "off").env("GOPATH", "/usr/share/gocode").env("GOFLAGS", "");
    go.env("GOCACHE", root().join("target/peers/go"));
    let built = if source.exists() { go.output().ok() } else { None };
    let Some(built) = built else {
        skipped("golang.org/x/mod");
        return None;
    };
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    Some(program)
}

/// A ledger published in one go, and the verifier key of its log.
fn log(size: u64) -> (Folder, String) {
    let folder = books::folder();
    if size > 1 {
        books::appended(&folder, numbered(1, size));
    }
    published(&folder);
    let run = folder.run(&["key", "export", "gateway.did", "--as", "vkey", "--origin", "plant7/book"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    (folder, run.out.trim().to_owned())
}

/// What is changed in a published log of 700 entries, by file and byte; all of it must show.
const CHANGES: &[(&str, usize)] = &[
    ("checkpoint", 0),
    ("checkpoint", 13),
    ("checkpoint", 40),
    ("tile/entries/000", 100),
    ("tile/entries/001", 5_000),
    ("tile/entries/002.p/188", 2),
];

/// As well, for those who read tiles.
const IN_TILES: &[(&str, usize)] = &[("tile/0/000", 5), ("tile/0/002.p/188", 64), ("tile/1/000.p/2", 0)];

/// Asserts that a verifier takes logs of several sizes, and none of the changed ones.
fn judged(verdict: impl Fn(&Path, &str) -> Output, changes: &[&[(&str, usize)]]) {
    let accepts = |folder: &Folder, key: &str| {
        let output = verdict(&folder.path("public"), key);
        (
            output.status.success(),
            format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)),
        )
    };
    for size in [1, 256, 257, 700] {
        let (folder, key) = log(size);
        let (good, said) = accepts(&folder, &key);
        assert!(good, "{size}: {said}");
        let other = key.replace("plant7/book+", "plant8/book+");
        assert!(!accepts(&folder, &other).0, "another key's name");
    }
    let (base, key) = log(700);
    for (name, at) in changes.concat() {
        let folder = books::copy(&base);
        let path = folder.path("public").join(name);
        let mut bytes = fs::read(&path).unwrap();
        bytes[at] ^= 1;
        fs::write(path, bytes).unwrap();
        let (good, said) = accepts(&folder, &key);
        assert!(!good, "{name}, byte {at} was changed: {said}");
    }
}

#[test]
fn aics_tlog_takes_what_is_published_unless_it_is_missing() {
    let Some(python) = python_with("aics_tlog") else { return };
    let script = root().join("tests/peers/aics.py");
    let verdict =
        |folder: &Path, key: &str| Command::new(&python).arg(&script).arg(folder).arg(key).output().unwrap();
    judged(verdict, &[CHANGES, IN_TILES]);
}

#[test]
fn proofbundle_takes_what_is_published_unless_it_is_missing() {
    let Some(python) = python_with("proofbundle") else { return };
    let script = root().join("tests/peers/proofbundle.py");
    let verdict =
        |folder: &Path, key: &str| Command::new(&python).arg(&script).arg(folder).arg(key).output().unwrap();
    judged(verdict, &[CHANGES]);
}

#[test]
fn gos_own_takes_what_is_published_unless_it_is_missing() {
    let folder = Folder::new();
    let Some(program) = xmod(&folder) else { return };
    let verdict = |folder: &Path, key: &str| Command::new(&program).arg(folder).arg(key).output().unwrap();
    judged(verdict, &[CHANGES, IN_TILES]);
}
