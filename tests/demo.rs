//! The README's first command: the demo goes the whole way, twice, and what it leaves can be used.

use std::{path::Path, process::Command};

fn foil(dir: &Path, args: &[&str]) -> (Option<i32>, String) {
    let state = dir.join("state");
    let mut command = Command::new(env!("CARGO_BIN_EXE_foil"));
    let output = command.args(args).current_dir(dir).env("XDG_STATE_HOME", state).output().unwrap();
    let talk = String::from_utf8(output.stderr).unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap() + &talk)
}

#[test]
fn the_demo_ends_well_and_leaves_a_ledger_to_go_on_with() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["foil-demo", "foil-demo-2"] {
        let (code, told) = foil(folder.path(), &["demo"]);
        assert_eq!(code, Some(0), "{told}");
        assert!(told.contains("$ foil verify forged"), "each command is shown: {told}");
        let dir = folder.path().join(name);
        let (code, told) = foil(&dir, &["verify", "cold-room", "--human"]);
        assert_eq!(code, Some(0), "{told}");
        let (code, told) = foil(&dir, &["verify", "forged", "--human"]);
        assert_eq!(code, Some(1), "{told}");
        assert!(told.contains("entries/000000000000.jsonl:128: modified: entry 127"), "{told}");
        let (code, told) = foil(&dir, &["contract", "check", "shipment.json", "cold-room"]);
        assert_eq!(code, Some(1), "{told}");
        assert!(told.contains("\"state\":\"breached\""), "{told}");
    }
}

#[test]
fn a_folder_that_is_there_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("mine")).unwrap();
    let (code, told) = foil(folder.path(), &["demo", "mine"]);
    assert_eq!(code, Some(2));
    assert_eq!(told, "foil demo: error: mine: File exists (os error 17)\n");
}
