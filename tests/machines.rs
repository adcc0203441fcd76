//! Machines that are taken for each other: clones, containers, users of one machine, backups that were put back.

use std::fs;

use crate::{
    books::{self, APPEND, numbered},
    run::{Folder, Run},
};

/// Appends as the user of this state folder.
fn append_from(folder: &Folder, state: &str, machine: &str, more: &[&str]) -> Run {
    let mut foil = folder.foil(&[APPEND, more].concat());
    foil.env("XDG_STATE_HOME", folder.path(state)).env("FOIL_MACHINE", machine);
    crate::run::feed(foil.stdin(std::process::Stdio::piped()).spawn().unwrap(), numbered(7, 8).into())
}

fn checkpoint(folder: &Folder) -> String {
    fs::read_to_string(folder.path("book/checkpoint")).unwrap()
}

fn refused(run: &Run, why: &str) {
    assert!(run.code == Some(2) && run.err.contains(why), "{why}: {:?} {}", run.code, run.err);
    let hint = "hint: if it will never write here again: foil chain append book --moved";
    assert!(run.err.contains(hint) && run.out.is_empty(), "{}", run.err);
}

#[test]
fn a_clone_is_refused_until_its_operator_says_that_the_other_is_gone() {
    let folder = books::folder();
    books::appended(&folder, numbered(1, 3));
    books::restart(&folder);
    let before = checkpoint(&folder);
    refused(&append_from(&folder, "clone", "", &[]), "with the same machine id (");
    assert_eq!(checkpoint(&folder), before);
    let moved = append_from(&folder, "clone", "", &["--moved"]);
    assert_eq!(moved.code, Some(0), "{}", moved.err);
    assert_eq!(
        moved.err.matches("warning: book: nothing of this ledger is remembered here").count(),
        1,
        "{}",
        moved.err
    );
    // It is known from now on, and the first one is not.
    assert_eq!(append_from(&folder, "clone", "", &[]).err, "");
    books::restart(&folder);
    refused(&books::append(&folder, numbered(8, 9)), "with the same machine id (");
}

#[test]
fn users_of_one_machine_write_one_ledger_also_after_the_next_start() {
    let folder = books::folder();
    books::appended(&folder, numbered(1, 3));
    assert_eq!(append_from(&folder, "root", "", &[]).code, Some(0));
    for _ in 0..2 {
        books::restart(&folder);
        assert_eq!(append_from(&folder, "root", "", &[]).code, Some(0));
        books::restart(&folder);
        assert_eq!(books::append(&folder, numbered(3, 4)).code, Some(0));
    }
}

#[test]
fn a_container_is_known_by_the_name_that_it_was_given() {
    let folder = books::folder();
    books::appended(&folder, numbered(1, 3));
    let words = |state: &str, machine: &str| append_from(&folder, state, machine, &[]);
    refused(&words("first", "dock-7"), "another machine (");
    let moved = append_from(&folder, "first", "", &["--moved", "--machine", "dock-7"]);
    assert_eq!(moved.code, Some(0), "{}", moved.err);
    for state in ["second", "third"] {
        books::restart(&folder);
        let run = words(state, "dock-7");
        assert!(
            run.code == Some(0) && run.err.contains("nothing of this ledger is remembered here"),
            "{}",
            run.err
        );
    }
    refused(&words("third", "dock-8"), "another machine (dock-7) wrote here last");
    let run = words("third", "dock 7");
    assert!(run.code == Some(2) && run.err.contains("a machine is named by"), "{}", run.err);
}

#[test]
fn a_backup_that_is_put_back_after_its_memory_was_lost_says_so() {
    let folder = books::folder();
    books::appended(&folder, numbered(1, 3));
    let backup = books::copy(&folder);
    fs::remove_dir_all(backup.path("state/foil/seen")).unwrap();
    let run = books::append(&backup, numbered(8, 9));
    assert!(run.code == Some(0) && run.err.contains("if it is a backup or a copy"), "{}", run.err);
    assert_eq!(books::append(&backup, numbered(9, 10)).err, "");
    // A new ledger has nothing that could be forgotten.
    fs::remove_dir_all(folder.path("state/foil/seen")).unwrap();
    let made = folder.run(&["chain", "init", "new", "-k", "gateway", "--writers", "anyone"]);
    assert_eq!(made.code, Some(0));
    fs::remove_dir_all(folder.path("state/foil/seen")).unwrap();
    assert_eq!(folder.feed(&["chain", "append", "new", "-k", "gateway"], numbered(1, 2)).err, "");
}
