//! What `chain repair` leaves alone: a checkpoint that is not shown to go on from what the log signed before, or
//! that covers entries which no copy has; and everything outside the ledger.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::PathBuf,
};

use counterfoil::{object, record::writers::Writers};

use crate::{
    books::{self, numbered},
    damaged::{COPY, FILE, REPAIR, content, edit, elsewhere, large, remove, replaced},
    ledgers::{self, Ledger, genesis},
    run::Folder,
};

const EXTEND: &[&str] = &["chain", "repair", "book", "--from", "copy", "--extend", "--key", "gateway"];

/// A ledger of so many entries, small and unsigned.
fn plain(size: u64) -> Ledger {
    let mut records = vec![genesis(Writers::Anyone)];
    records.extend((1..size).map(|n| object! { "value": n }));
    Ledger::holding(records)
}

/// The first entries of a ledger.
fn beginning(ledger: &Ledger, size: usize) -> Ledger {
    Ledger::written(ledger.lines[..size].to_vec())
}

/// A ledger `book` of so many entries, seen, and another one in `copy`.
fn two(own: &Ledger, copy: &Ledger) -> Folder {
    let folder = Folder::new();
    folder.fixed_key("gateway", 200);
    ledgers::write(&own.view, &folder.path("book"));
    ledgers::write(&copy.view, &folder.path("copy"));
    let seen = folder.run(&["verify", "book", "--key", "gateway", "-q"]);
    assert_eq!(seen.code, Some(0), "{}", seen.err);
    folder
}

#[test]
fn a_fork_is_not_taken_over_though_its_copy_is_too_damaged_to_show_it() {
    let whole = plain(600);
    let mut forked = whole.lines.clone();
    for line in &mut forked[290..] {
        *line = line.replace("\"value\":", "\"value\":1");
    }
    let folder = two(&beginning(&whole, 300), &Ledger::written(forked));
    remove(&folder, "copy/tree/0");
    edit(&folder, COPY, |lines| lines[256..512].iter_mut().for_each(|line| *line = "{}\n".to_owned()));
    let before = content(&folder, "book");
    let refused = |words: &[&str], seen: bool| {
        let run = if seen { folder.run(words) } else { elsewhere(&folder, words) };
        assert_eq!(run.code, Some(2), "{}", run.err);
        let known = if seen { "were seen here before" } else { "were signed by the log before" };
        let says = format!("it is not shown that 600 entries go on from the 300 that {known}");
        assert!(run.err.contains(&says), "{}", run.err);
    };
    for words in [EXTEND, &[EXTEND, &["-n"]].concat()] {
        refused(words, true);
        refused(words, false);
    }
    assert!(content(&folder, "book") == before && replaced(&folder).is_empty());
    remove(&folder, "book/checkpoint");
    refused(&EXTEND[..5], true);
    assert!(!folder.path("book/checkpoint").exists());
}

#[test]
fn a_longer_checkpoint_is_taken_only_with_all_its_entries() {
    let whole = plain(303);
    for own in [200, 260] {
        let folder = two(&beginning(&whole, own), &whole);
        let good = content(&folder, "copy");
        edit(&folder, COPY, |lines| lines[250] = lines[250].replace("250", "251"));
        let before = content(&folder, "book");
        for words in [&[EXTEND, &["-n"]].concat(), EXTEND] {
            let run = folder.run(words);
            if own == 260 {
                // The ledger has what the copy lacks.
                assert_eq!(run.code, Some(i32::from(words.contains(&"-n"))), "{}", run.err);
                continue;
            }
            assert_eq!(run.code, Some(2), "{}", run.err);
            assert!(
                run.err.contains("is left at 200 entries: of the 303 under copy's checkpoint entry 250 is"),
                "{}",
                run.err
            );
            assert!(content(&folder, "book") == before && replaced(&folder).is_empty());
        }
        if own == 260 {
            assert_eq!(content(&folder, "book"), good);
        } else {
            let run = folder.run(&EXTEND[..5]);
            assert_eq!(run.code, Some(0), "{}", run.err);
            fs::write(folder.path(COPY), &good["entries/000000000000.jsonl"]).unwrap();
            assert_eq!(folder.run(EXTEND).code, Some(0));
            assert_eq!(content(&folder, "book"), good);
        }
    }
}

#[test]
fn nothing_is_written_through_a_link_out_of_the_ledger() {
    let base = books::folder();
    books::appended(&base, numbered(0, 11));
    edit(&base, FILE, |lines| lines.push("{}\n".to_owned()));
    fs::create_dir(base.path("book/replaced")).unwrap();
    for part in ["entries", "tree", "replaced"] {
        let folder = books::copy(&base);
        fs::rename(folder.path("book").join(part), folder.path("victim")).unwrap();
        symlink("../victim", folder.path("book").join(part)).unwrap();
        let before = (everything(&folder, "book"), everything(&folder, "victim"));
        let refused = |words: &[&str]| {
            let run = folder.feed(words, numbered(11, 12));
            let says = format!("book/{part}: is a symbolic link, through which nothing is written");
            assert!(run.code == Some(2) && run.err.contains(&says), "{words:?}: {:?} {}", run.code, run.err);
            assert!(before == (everything(&folder, "book"), everything(&folder, "victim")), "{words:?}");
        };
        refused(&["chain", "repair", "book"]);
        refused(&["chain", "repair", "book", "-n"]);
        refused(&["chain", "pack", "book"]);
        refused(&["chain", "prune", "book", "--before", "5", "--yes"]);
        refused(books::APPEND);
        fs::remove_file(folder.path("book/checkpoint")).unwrap();
        fs::write(folder.path("book/init.tmp"), "").unwrap();
        let init = folder.run(&["chain", "init", "book", "-k", "gateway", "--origin", "plant7/book"]);
        assert!(init.code == Some(2) && init.err.contains("is a symbolic link"), "{}", init.err);
        assert_eq!(everything(&folder, "victim"), before.1);
    }
    fs::rename(base.path("book"), base.path("elsewhere")).unwrap();
    symlink("elsewhere", base.path("book")).unwrap();
    assert_eq!(base.run(&["chain", "repair", "book"]).code, Some(0), "the ledger itself may be a link");
    books::appended(&base, numbered(11, 12));
}

/// All that is in a folder and in those in it, byte for byte.
fn everything(folder: &Folder, name: &str) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
    let mut all = BTreeMap::new();
    for file in fs::read_dir(folder.path(name)).unwrap().map(|file| file.unwrap()) {
        if file.file_type().unwrap().is_dir() {
            all.append(&mut everything(folder, file.path().to_str().unwrap()));
        }
        all.insert(file.path(), fs::read(file.path()).ok());
    }
    all
}

#[test]
fn a_rehearsal_needs_no_right_to_write_and_waits_its_turn() {
    let folder = two(&plain(20), &plain(20));
    edit(&folder, FILE, |lines| drop(lines.remove(6)));
    let before = everything(&folder, "book");
    let words = [REPAIR, &["-n", "--wait", "50ms"]].concat();
    let rehearsed = || {
        let run = folder.run(&words);
        assert!(run.code == Some(1) && run.err.contains("entry 6 from copy"), "{}", run.err);
    };
    for mode in [0o755, 0o555, 0o755] {
        for part in ["book/entries", "book/tree", "book"] {
            fs::set_permissions(folder.path(part), fs::Permissions::from_mode(mode)).unwrap();
        }
        rehearsed();
        assert!(everything(&folder, "book") == before, "{mode:o}: nothing is changed");
    }
    fs::write(folder.path("book/lock"), "").unwrap();
    fs::set_permissions(folder.path("book/lock"), fs::Permissions::from_mode(0o444)).unwrap();
    rehearsed();
    let held = fs::File::open(folder.path("book/lock")).unwrap();
    held.lock().unwrap();
    assert_eq!(folder.run(&words).code, Some(75));
}

#[test]
fn what_the_lower_levels_of_the_tree_prove_is_not_lost() {
    let (folder, _) = large();
    edit(&folder, "book/entries/000000065536.jsonl", |lines| lines[4_464] = "{}\n".to_owned());
    remove(&folder, "book/tree/1");
    let run = folder.run(&["chain", "repair", "book", "--resign", "-k", "gateway", "-n"]);
    assert_eq!(run.code, Some(1), "{}", run.err);
    assert!(run.err.contains("entry 70000 could not be restored"), "{}", run.err);
    assert!(run.err.contains("a checkpoint of 70000 entries would be signed"), "{}", run.err);
}

#[test]
fn what_is_lost_is_said_though_quietly_and_all_is_said_as_data() {
    let folder = two(&plain(20), &plain(20));
    let line = |words: &[&str]| {
        let run = folder.run(&[words, &["--json"]].concat());
        let lines = books::receipts(&run);
        assert_eq!(lines.len(), 1, "{}", run.out);
        lines[0].to_canonical().replace(lines[0].str("root").unwrap(), "ROOT")
    };
    let whole = r#"{"checkpoint":false,"copied":0,"dry_run":false,"files":0,"found":0,"lost":[],"root":"ROOT","size":20,"state":false,"taken_out":0,"tree":false}"#;
    assert_eq!(line(&REPAIR[..3]), whole);
    edit(&folder, FILE, |lines| {
        for n in [13, 6, 5] {
            lines.remove(n);
        }
        lines.push("{}\n".to_owned());
    });
    let lost = r#""lost":[{"first":5,"last":6},{"first":13,"last":13}],"root":"ROOT","size":20,"#;
    let run = folder.run(&["chain", "repair", "book", "-q"]);
    assert_eq!(run.code, Some(1), "{}", run.err);
    assert!(
        run.out.is_empty() && run.err.contains("error: book: entries 5 to 6, 13 could not be"),
        "{}",
        run.err
    );
    assert!(line(&["chain", "repair", "book", "-n"]).contains(lost));
    let words = [&REPAIR[..3], &["--resign", "--forget-seen", "-k", "gateway", "-n"]].concat();
    assert!(line(&words).contains(r#""size":5,"#), "{}", line(&words));
    let (rehearsed, mended) = (line(&[REPAIR, &["-n"]].concat()), line(REPAIR));
    let as_if = rehearsed.replace("\"dry_run\":true", "\"dry_run\":false").replace("null", "false");
    assert_eq!(as_if, mended);
    assert_eq!(mended, whole.replace("\"copied\":0", "\"copied\":3").replace("\"files\":0", "\"files\":1"));
    assert_eq!(folder.run(REPAIR).out.lines().count(), 1, "as in a pipe");
    let human = folder.run(&[REPAIR, &["--human"]].concat());
    assert!(human.out.is_empty() && human.err.contains("tree/ is as it should be"), "{}", human.err);
}

#[test]
fn what_cannot_be_read_of_the_tree_is_not_called_missing() {
    let folder = two(&plain(20), &plain(20));
    remove(&folder, "book/tree/0");
    fs::create_dir(folder.path("book/tree/0")).unwrap();
    let says = "tree/0 cannot be read: not a plain file";
    let run = folder.run(&["verify", "book", "--human"]);
    assert!(run.out.contains(says), "{}{}", run.out, run.err);
    edit(&folder, FILE, |lines| drop(lines.remove(6)));
    let run = folder.run(&REPAIR[..3]);
    assert!(run.code == Some(2) && run.err.contains(says), "{}", run.err);
}
