//! One key may sign for several logs: a checkpoint of another log, signed by the right key, is none of this one.

use std::fs;

use counterfoil::{
    tlog::checkpoint::{Checkpoint, SignedCheckpoint},
    verify::{self, NamedCopy},
};

use crate::{
    books::{self, numbered},
    ledgers::{Ledger, found, key, options},
    run::Folder,
};

/// A checkpoint that says the same of another log, under the same key.
fn of_another_log(note: &[u8]) -> String {
    let stated = SignedCheckpoint::parse(note).unwrap().checkpoint().clone();
    let other = Checkpoint { origin: "plant7/other".to_owned(), ..stated };
    SignedCheckpoint::sign(other, &key(200)).unwrap().to_string()
}

/// The ledger `book`, whose checkpoint is of another log.
fn mistaken() -> Folder {
    let folder = books::folder();
    books::appended(&folder, numbered(0, 3));
    let note = of_another_log(&fs::read(folder.path("book/checkpoint")).unwrap());
    fs::write(folder.path("book/checkpoint"), note).unwrap();
    folder
}

#[test]
fn nothing_goes_on_from_a_checkpoint_of_another_log() {
    let folder = mistaken();
    let before = fs::read(folder.path("book/entries/000000000000.jsonl")).unwrap();
    let of_other = "it is of the log \"plant7/other\", not of \"plant7/book\"";
    for words in [
        books::APPEND,
        &["chain", "pack", "book"],
        &["chain", "prune", "book", "--before", "1", "-n"],
        &["chain", "prove", "book", "1"],
        &["chain", "stub", "book"],
        &["chain", "publish", "book", "public"],
    ] {
        let run = folder.feed(words, numbered(3, 4));
        let answers = ["prove", "stub"].contains(&words[1]);
        assert_eq!(run.code, Some(if answers { 4 } else { 2 }), "{words:?}: {}{}", run.out, run.err);
        assert!(run.err.contains(of_other), "{words:?}: {}", run.err);
    }
    assert_eq!(fs::read(folder.path("book/entries/000000000000.jsonl")).unwrap(), before);
}

#[test]
fn a_repair_takes_the_checkpoint_that_was_seen_for_that_of_another_log() {
    let folder = mistaken();
    let run = folder.run(&["chain", "repair", "book"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    books::assert_sound(&folder, "its own checkpoint again");
}

#[test]
fn a_copy_under_the_checkpoint_of_another_log_says_nothing() {
    let ledger = Ledger::of(30);
    let mut copy = ledger.view.clone();
    copy.checkpoint = Some(of_another_log(ledger.view.checkpoint.as_ref().unwrap()).into_bytes());
    let against = |view, copy| {
        verify::ledger_against(
            view,
            Some(NamedCopy { view: copy, name: "copy" }),
            &ledger.trust(),
            &options(1),
        )
    };
    let refusal = format!("{:#}", against(&ledger.view, &copy).unwrap_err());
    assert!(refusal.contains("it is of the log \"plant7/other\""), "{refusal}");
    let report = against(&copy, &ledger.view).unwrap();
    assert_eq!(found(&report), ["bad-genesis 0 000000:1"], "measured with the copy's checkpoint");
}
