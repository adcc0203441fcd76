//! The command reference – man pages and completions – is what the tree of commands makes of it today.
//!
//! `SNAPSHOTS=overwrite cargo test reference` writes it. Man pages by hand are held to the names that they
//! mention.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use counterfoil::cli;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The pages that people write; all others are made.
const BY_HAND: &[&str] = &["foil.7", "foil-ledger.5", "foil-contract.5", "foil-device.5"];

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

fn pages() -> Vec<PathBuf> {
    in_folder("man").into_iter().map(|name| root().join(name)).collect()
}

#[test]
#[allow(clippy::print_stderr)] // a skipped test must be seen
fn reference_pages_are_set_without_warnings() {
    for page in pages() {
        let checked =
            Command::new("man").args(["--warnings", "-l"]).arg(&page).env("MANWIDTH", "100").output();
        let Ok(checked) = checked else {
            eprintln!("SKIPPED: no man here, the pages are not set");
            return;
        };
        let complaints = String::from_utf8_lossy(&checked.stderr).into_owned();
        assert!(checked.status.success() && complaints.is_empty(), "{}: {complaints}", page.display());
        assert!(!checked.stdout.is_empty(), "{}: nothing was set", page.display());
    }
}
