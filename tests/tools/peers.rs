//! Other people's verifiers on what is published here: they must accept it, and refuse it when it was touched.
//!
//! `.ci/run` installs them; where one is missing its test is left out.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use crate::{
    books::{self, numbered},
    publishing::published,
    run::Folder,
    support::{
        needs::{Lacking, Tested},
        trial::trials,
    },
};

trials![
    aics_tlog_takes_what_is_published,
    proofbundle_takes_what_is_published,
    gos_own_takes_what_is_published,
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The Python in which a package is installed.
pub fn python_with(package: &str) -> Result<PathBuf, Lacking> {
    let python = root().join("target/peers/bin/python3");
    let imports = Command::new(&python).args(["-c", &format!("import {package}")]).output();
    let works = imports.is_ok_and(|run| run.status.success()).then_some(python);
    works.ok_or_else(|| Lacking::new(package, ".ci/run puts it into target/peers, where it is not"))
}

/// The Go program, built.
fn xmod(folder: &Folder) -> Result<PathBuf, Lacking> {
    let source = Path::new("/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog");
    let program = folder.path("xmod");
    let mut go = Command::new("go");
    go.args(["build", "-o"]).arg(&program).arg(root().join("tests/peers/xmod.go"));
    go.env("GO111MODULE", "off").env("GOPATH", "/usr/share/gocode").env("GOFLAGS", "");
    go.env("GOCACHE", root().join("target/peers/go"));
    let built = if source.exists() { go.output().ok() } else { None };
    let built = built.ok_or_else(|| {
        Lacking::new("golang.org/x/mod", "Debian's golang-go and golang-golang-x-mod-dev are not installed")
    })?;
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    Ok(program)
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

fn aics_tlog_takes_what_is_published() -> Tested {
    let python = python_with("aics_tlog")?;
    let script = root().join("tests/peers/aics.py");
    let verdict =
        |folder: &Path, key: &str| Command::new(&python).arg(&script).arg(folder).arg(key).output().unwrap();
    judged(verdict, &[CHANGES, IN_TILES]);
    Ok(())
}

fn proofbundle_takes_what_is_published() -> Tested {
    let python = python_with("proofbundle")?;
    let script = root().join("tests/peers/proofbundle.py");
    let verdict =
        |folder: &Path, key: &str| Command::new(&python).arg(&script).arg(folder).arg(key).output().unwrap();
    judged(verdict, &[CHANGES]);
    Ok(())
}

fn gos_own_takes_what_is_published() -> Tested {
    let folder = Folder::new();
    let program = xmod(&folder)?;
    let verdict = |folder: &Path, key: &str| Command::new(&program).arg(folder).arg(key).output().unwrap();
    judged(verdict, &[CHANGES, IN_TILES]);
    Ok(())
}
