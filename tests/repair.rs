//! Ledgers that were damaged: `chain repair` brings them back byte for byte, and writes nothing that does not
//! lead to the signed root.

use std::{fs, os::unix::fs::symlink};

use counterfoil::{
    object,
    record::signed::{SignOptions, sign},
    tlog::{
        checkpoint::{Checkpoint, SignedCheckpoint},
        view::Memory,
    },
};

use crate::{
    books::{self, numbered},
    damaged::{FILE, REPAIR, change, content, edit, elsewhere, folder, forge, names, pipe, remove, replaced},
    ledgers::{self, Ledger, key},
    run::{Folder, Run},
};

fn respell(folder: &Folder, name: &str, mark: &str) {
    let text = fs::read_to_string(folder.path(name)).unwrap();
    fs::write(folder.path(name), format!("{mark}{}", text.replace('\n', "\r\n"))).unwrap();
}

type Damage = fn(&Folder);

const DAMAGES: &[(&str, Damage)] = &[
    ("a changed line", |it| edit(it, FILE, |lines| change(&mut lines[6]))),
    ("a line gone", |it| edit(it, FILE, |lines| drop(lines.remove(6)))),
    ("lines gone at the end", |it| edit(it, FILE, |lines| lines.truncate(9))),
    ("a line added", |it| edit(it, FILE, |lines| lines.insert(3, "{}\n".to_owned()))),
    ("a line twice", |it| edit(it, FILE, |lines| lines.insert(3, lines[3].clone()))),
    ("lines exchanged", |it| edit(it, FILE, |lines| lines.swap(2, 9))),
    ("entry 0 changed", |it| edit(it, FILE, |lines| lines[0] = lines[0].replace("plant7", "plant8"))),
    ("many at once", |it| {
        edit(it, FILE, |lines| {
            lines.swap(2, 9);
            change(&mut lines[6]);
            lines.remove(4);
            lines.insert(0, "x\n".to_owned());
        });
    }),
    ("CR LF", |it| respell(it, FILE, "")),
    ("CR LF, a mark, the checkpoint too", |it| {
        respell(it, FILE, "\u{feff}");
        respell(it, "book/checkpoint", "\u{feff}");
    }),
    ("CR LF and a changed line", |it| {
        edit(it, FILE, |lines| change(&mut lines[6]));
        respell(it, FILE, "");
    }),
    ("a torn file", |it| {
        let bytes = fs::read(it.path(FILE)).unwrap();
        fs::write(it.path(FILE), &bytes[..bytes.len() / 2]).unwrap();
    }),
    ("no last line feed", |it| edit(it, FILE, |lines| assert_eq!(lines[11].pop(), Some('\n')))),
    ("an empty file", |it| fs::write(it.path(FILE), "").unwrap()),
    ("zeros", |it| fs::write(it.path(FILE), [0; 5_000]).unwrap()),
    ("no file", |it| remove(it, FILE)),
    ("no entries", |it| remove(it, "book/entries")),
    ("a pipe", |it| {
        remove(it, FILE);
        pipe(it, FILE);
    }),
    ("a link", |it| {
        remove(it, FILE);
        symlink("/dev/zero", it.path(FILE)).unwrap();
    }),
    ("a folder", |it| {
        remove(it, FILE);
        fs::create_dir(it.path(FILE)).unwrap();
    }),
    ("no checkpoint", |it| remove(it, "book/checkpoint")),
    ("a broken checkpoint", |it| fs::write(it.path("book/checkpoint"), "x\n1\n").unwrap()),
    ("somebody else's checkpoint", |it| {
        let stated =
            Checkpoint { origin: "plant7/book".to_owned(), size: 3, root: counterfoil::hash::Hash([7; 32]) };
        fs::write(it.path("book/checkpoint"), SignedCheckpoint::sign(stated, &key(7)).unwrap().to_string())
            .unwrap();
    }),
    ("no tree", |it| remove(it, "book/tree")),
    ("no tree and a changed line", |it| {
        edit(it, FILE, |lines| change(&mut lines[6]));
        remove(it, "book/tree");
    }),
    ("a tree made anew around a changed line", forge),
    ("everything gone but the folder", |it| {
        for name in ["book/entries", "book/tree", "book/checkpoint"] {
            remove(it, name);
        }
        fs::create_dir(it.path("book/entries")).unwrap();
    }),
];

#[test]
fn what_was_damaged_is_byte_for_byte_what_it_was() {
    let base = folder();
    let good = content(&base, "copy");
    for (name, damage) in DAMAGES {
        let folder = books::copy(&base);
        damage(&folder);
        let damaged = content(&folder, "book");
        let rehearsed = folder.run(&[REPAIR, &["-n"]].concat());
        assert_eq!(rehearsed.code, Some(1), "{name}: {}", rehearsed.err);
        assert!(content(&folder, "book") == damaged && replaced(&folder).is_empty(), "{name}: a rehearsal");
        let run = folder.run(REPAIR);
        assert_eq!(run.code, Some(0), "{name}: {}", run.err);
        assert_eq!(content(&folder, "book"), good, "{name}: {}", run.err);
        assert!(content(&folder, "copy") == good, "{name}: the copy is only read");
        for (part, bytes) in damaged.iter().filter(|(part, bytes)| good.get(*part) != Some(bytes)) {
            let kept = replaced(&folder)
                .iter()
                .any(|it| fs::read(folder.path("book/replaced").join(it)).ok().as_ref() == Some(bytes));
            assert!(kept, "{name}: {part} is kept: {:?}", replaced(&folder));
        }
        let again = folder.run(REPAIR);
        assert!(
            again.code == Some(0) && again.err.ends_with("book: tree/ is as it should be\n"),
            "{name}: {}",
            again.err
        );
        assert!(names(&folder).iter().all(|it| !it.contains(".tmp")), "{name}: {:?}", names(&folder));
        books::assert_sound(&folder, name);
        books::appended(&folder, numbered(11, 12));
    }
}

#[test]
fn somebody_who_never_saw_it_repairs_it_by_the_key_or_by_what_entry_0_names() {
    let base = folder();
    let good = content(&base, "copy");
    for (name, damage) in DAMAGES {
        let folder = books::copy(&base);
        damage(&folder);
        let words = if name.contains("exchanged") {
            REPAIR.to_vec()
        } else {
            [REPAIR, &["--key", "gateway"]].concat()
        };
        let run = elsewhere(&folder, &words);
        assert_eq!(run.code, Some(0), "{name}: {}", run.err);
        assert_eq!(
            run.err.contains("nobody outside names the log's key"),
            words.len() == REPAIR.len(),
            "{}",
            run.err
        );
        assert_eq!(content(&folder, "book"), good, "{name}: {}", run.err);
    }
}

#[test]
fn what_the_ledger_still_has_needs_no_copy() {
    let base = folder();
    let good = content(&base, "copy");
    let alone = [
        "a line added",
        "a line twice",
        "lines exchanged",
        "CR LF",
        "CR LF, a mark, the checkpoint too",
        "no last line feed",
        "no checkpoint",
        "a broken checkpoint",
        "no tree",
    ];
    for (name, damage) in DAMAGES.iter().filter(|(name, _)| alone.contains(name)) {
        let folder = books::copy(&base);
        damage(&folder);
        let run = folder.run(&["chain", "repair", "book"]);
        assert_eq!(run.code, Some(0), "{name}: {}", run.err);
        assert_eq!(content(&folder, "book"), good, "{name}");
    }
    let folder = books::copy(&base);
    edit(&folder, FILE, |lines| change(&mut lines[6]));
    let damaged = content(&folder, "book");
    let run = folder.run(&["chain", "repair", "book"]);
    assert_eq!(run.code, Some(1), "{}", run.err);
    assert!(run.err.contains("book: entry 6 could not be restored"), "{}", run.err);
    assert!(content(&folder, "book") == damaged && replaced(&folder).is_empty(), "nothing to win");
    remove(&folder, "book/tree");
    let run = folder.run(&["chain", "repair", "book"]);
    assert!(run.code == Some(2) && run.err.contains("lead to the signed root of 12 entries"), "{}", run.err);
}

#[test]
fn a_copy_that_is_damaged_elsewhere_is_as_good() {
    let base = folder();
    let good = content(&base, "copy");
    let bend: &[(&str, Damage)] = &[
        ("another line", |it| {
            edit(it, "copy/entries/000000000000.jsonl", |lines| lines[3] = "{}\n".to_owned());
        }),
        ("its line ends", |it| respell(it, "copy/entries/000000000000.jsonl", "\u{feff}")),
        ("its order", |it| edit(it, "copy/entries/000000000000.jsonl", |lines| lines.reverse())),
        ("its tree", |it| remove(it, "copy/tree")),
        ("its checkpoint", |it| remove(it, "copy/checkpoint")),
    ];
    for (name, damage) in bend {
        for own in ["a changed line", "a line gone", "a torn file"] {
            let folder = books::copy(&base);
            damage(&folder);
            DAMAGES.iter().find(|(name, _)| *name == own).unwrap().1(&folder);
            let run = folder.run(REPAIR);
            let there = run.code == Some(0) && content(&folder, "book") == good;
            // Line 3 is lost on both sides where the file was cut off before it.
            assert!(
                there || (*name == "another line" && run.err.contains("could not be restored")),
                "{name}, {own}: {}",
                run.err
            );
        }
    }
    // The same line on both sides.
    let folder = books::copy(&base);
    for file in [FILE, "copy/entries/000000000000.jsonl"] {
        edit(&folder, file, |lines| change(&mut lines[6]));
    }
    edit(&folder, FILE, |lines| drop(lines.remove(9)));
    let run = folder.run(REPAIR);
    assert_eq!(run.code, Some(1), "{}", run.err);
    assert!(
        run.err.contains("entry 9 from copy") && run.err.contains("entry 6 could not be restored"),
        "{}",
        run.err
    );
    let verdict = folder.run(&["verify", "book", "--human"]);
    assert!(
        verdict.out.starts_with("entries/000000000000.jsonl:7: modified: entry 6 ")
            && verdict.out.lines().count() == 2,
        "{}",
        verdict.out
    );
}

#[test]
fn what_a_writer_left_unfinished_stays() {
    for tail in ["{\"n\":12,\"rec", "{\"n\":12,\"received\":\"2026-03-01T06:00:00.000Z\",\"record\":{}}\nxyz"]
    {
        let folder = folder();
        let whole = fs::read_to_string(folder.path(FILE)).unwrap() + tail;
        fs::write(folder.path(FILE), &whole).unwrap();
        edit(&folder, FILE, |lines| change(&mut lines[6]));
        assert_eq!(folder.run(REPAIR).code, Some(0));
        assert_eq!(fs::read_to_string(folder.path(FILE)).unwrap(), whole);
    }
}

#[test]
fn a_longer_copy_gives_what_the_own_checkpoint_covers_unless_more_is_asked_for() {
    let folder = folder();
    let good = content(&folder, "book");
    books::copy_into(&folder, "book", &folder, "old");
    books::appended(&folder, numbered(11, 20));
    remove(&folder, "copy");
    books::copy_into(&folder, "book", &folder, "copy");
    let longer = content(&folder, "copy");
    remove(&folder, "book");
    books::copy_into(&folder, "old", &folder, "book");
    edit(&folder, FILE, |lines| change(&mut lines[6]));
    let refused = folder.run(REPAIR);
    assert_eq!(refused.code, Some(2), "{}", refused.err);
    assert!(refused.err.contains("21 entries were seen here before, now there are 12"), "{}", refused.err);
    let run = elsewhere(&folder, REPAIR);
    assert!(
        run.code == Some(0) && run.err.contains("copy has 21 entries, of which 12 are taken"),
        "{}",
        run.err
    );
    assert_eq!(content(&folder, "book"), good);
    let run = folder.run(&[REPAIR, &["--extend"]].concat());
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert_eq!(content(&folder, "book"), longer);
    remove(&folder, "book/checkpoint");
    edit(&folder, FILE, |lines| lines.truncate(5));
    let run = elsewhere(&folder, REPAIR);
    assert!(run.code == Some(0) && run.err.contains("it states 21 entries"), "{}", run.err);
    assert_eq!(content(&folder, "book"), longer);
    // A shorter copy cannot give what it has not, and its checkpoint is too old.
    remove(&folder, "book/replaced");
    edit(&folder, FILE, |lines| {
        lines.remove(15);
        lines.remove(3);
    });
    let run = folder.run(&["chain", "repair", "book", "--from", "old"]);
    assert_eq!(run.code, Some(1), "{}", run.err);
    assert!(run.err.contains("entry 3 from old") && run.err.contains("entry 15 could not"), "{}", run.err);
    remove(&folder, "book/checkpoint");
    let run = folder.run(&["chain", "repair", "book", "--from", "old"]);
    assert!(run.code == Some(1) && run.err.contains("the one that was seen here before"), "{}", run.err);
}

#[test]
fn another_history_is_refused_whoever_signed_it() {
    let folder = folder();
    let other = Ledger::of(20);
    ledgers::write(&other.view, &folder.path("other"));
    let before = content(&folder, "book");
    let run = folder.run(&["chain", "repair", "book", "--from", "other"]);
    assert!(run.code == Some(2) && run.err.contains("the copy is another one"), "{}", run.err);
    // The same ledger, rewritten by its operator: entry 0 and name are the same.
    books::copy_into(&folder, "book", &folder, "fork");
    let fork = folder.path("fork/entries/000000000000.jsonl");
    let text = fs::read_to_string(&fork).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    change(&mut lines[6]);
    lines.push(lines[11].replace("{\"n\":11,", "{\"n\":12,"));
    let forked = Ledger::written(lines);
    let signed = SignedCheckpoint::parse(forked.view.checkpoint.as_ref().unwrap()).unwrap();
    let stated = Checkpoint { origin: "plant7/book".to_owned(), ..signed.checkpoint().clone() };
    let signed = SignedCheckpoint::sign(stated, &key(200)).unwrap().to_string();
    ledgers::write(&Memory { checkpoint: Some(signed.into()), ..forked.view }, &folder.path("fork"));
    let words = ["chain", "repair", "book", "--from", "fork", "--extend"];
    for run in [folder.run(&words), elsewhere(&folder, &words)] {
        assert!(run.code == Some(2) && run.err.contains("forked"), "{}", run.err);
    }
    remove(&folder, "book/checkpoint");
    let run = folder.run(&words);
    assert!(run.code == Some(2) && run.err.contains("forked"), "{}", run.err);
    fs::write(folder.path("book/checkpoint"), &before["/checkpoint"]).unwrap();
    assert_eq!(content(&folder, "book"), before);
    let itself = folder.run(&["chain", "repair", "book", "--from", "./book"]);
    assert!(itself.code == Some(2) && itself.err.contains("is the copy itself"), "{}", itself.err);
}

#[test]
fn a_state_that_does_not_fit_is_set_aside() {
    let folder = folder();
    let path = folder.path("book/state.json");
    let root = |size: u64| {
        let text = fs::read_to_string(folder.path(FILE)).unwrap();
        let lines = text.lines().take(usize::try_from(size).unwrap()).map(str::to_owned);
        let view = Ledger::written(lines.collect()).view;
        SignedCheckpoint::parse(&view.checkpoint.unwrap()).unwrap().checkpoint().root.to_string()
    };
    let state = |size: u64, root: String, by: u8| {
        let mut state = object! { "size": size, "root": root };
        sign(&mut state, &key(by), &SignOptions::default()).unwrap();
        state.to_canonical()
    };
    let fits = state(7, root(7), 200);
    fs::write(&path, &fits).unwrap();
    let run = folder.run(&["chain", "repair", "book"]);
    assert!(run.code == Some(0) && path.exists(), "{}", run.err);
    let bad = [
        "nonsense".to_owned(),
        state(7, root(8), 200),
        state(13, root(7), 200),
        state(7, root(7), 7),
        fits.replace("\"size\":7", "\"size\":8"),
        object! { "size": 7u32, "root": root(7) }.to_canonical(),
    ];
    for (number, text) in bad.iter().enumerate() {
        fs::write(&path, text).unwrap();
        let run = folder.run(&["chain", "repair", "book", "-n"]);
        assert!(
            run.code == Some(1) && run.err.contains("state.json would be set aside"),
            "{text}: {}",
            run.err
        );
        assert!(path.exists());
        let run = folder.run(&["chain", "repair", "book"]);
        assert!(run.code == Some(0) && run.err.contains("state.json was set aside"), "{text}: {}", run.err);
        assert!(!path.exists());
        let kept = folder.path(&format!("book/replaced/state.json.{}", number + 1));
        assert_eq!(fs::read_to_string(kept).unwrap(), *text);
    }
}

#[test]
fn nothing_new_is_signed_unless_that_is_said_twice() {
    let folder = folder();
    remove(&folder, "copy");
    edit(&folder, FILE, |lines| drop(lines.remove(8)));
    let damaged = content(&folder, "book");
    let seen = || books::size(&folder);
    let untouched = |run: &Run, code: i32, says: &str| {
        assert_eq!(run.code, Some(code), "{}", run.err);
        assert!(run.err.contains(says), "{}", run.err);
        assert_eq!(content(&folder, "book"), damaged);
    };
    let resign = ["chain", "repair", "book", "--resign", "-k", "gateway"];
    untouched(&folder.run(&resign[..3]), 1, "entry 8 could not be restored");
    untouched(&folder.run(&resign), 2, "12 entries were seen here before, now there are 8");
    let twice = [&resign[..], &["--forget-seen"]].concat();
    untouched(&folder.run(&["chain", "repair", "book", "--resign", "--forget-seen"]), 2, "needs -k KEY");
    folder.fixed_key("other", 7);
    let words = ["chain", "repair", "book", "--resign", "--forget-seen", "-k", "other"];
    untouched(&folder.run(&words), 2, "is not signed by");
    untouched(&folder.run(&[&twice[..], &["-n"]].concat()), 1, "4 entries, 8 to 11, would no longer be part");
    let run = folder.run(&twice);
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert!(run.err.contains("4 entries, 8 to 11, are no longer part of the ledger"), "{}", run.err);
    assert_eq!(seen(), 8);
    let kept = replaced(&folder);
    for name in ["000000000000.jsonl.1", "checkpoint.1", "seen.1", "tree-0.1"] {
        assert!(kept.contains(&name.to_owned()), "{kept:?}");
    }
    assert_eq!(
        fs::read(folder.path("book/replaced/000000000000.jsonl.1")).unwrap(),
        damaged["entries/000000000000.jsonl"]
    );
    books::assert_sound(&folder, "a new checkpoint");
    books::appended(&folder, numbered(20, 22));
    assert_eq!(books::size(&folder), 10);
    let again = folder.run(&twice);
    assert!(again.code == Some(0) && again.err.ends_with("tree/ is as it should be\n"), "{}", again.err);
}

#[test]
fn entry_0_cannot_be_done_without() {
    let folder = folder();
    edit(&folder, FILE, |lines| lines[0] = "{}\n".to_owned());
    let before = content(&folder, "book");
    let words = ["chain", "repair", "book", "--resign", "--forget-seen", "-k", "gateway"];
    let run = folder.run(&words);
    assert!(run.code == Some(2) && run.err.contains("entry 0 is lost"), "{}", run.err);
    assert_eq!(content(&folder, "book"), before);
}

#[test]
fn packed_files_are_mended_and_dropped_ones_left_alone() {
    let folder = books::folder();
    books::appended(&folder, books::numbered(0, 70_000));
    books::copy_into(&folder, "book", &folder, "copy");
    let good = |words: &[&str]| {
        let run = folder.run(words);
        assert_eq!(run.code, Some(0), "{words:?}: {}", run.err);
        run.err
    };
    good(&["chain", "pack", "book", "-q"]);
    assert!(good(&["chain", "repair", "book"]).contains("tree/ is as it should be"));
    let packed = folder.path("book/entries/000000000000.jsonl.gz");
    let mut bytes = fs::read(&packed).unwrap();
    bytes.truncate(1_000);
    fs::write(&packed, &bytes).unwrap();
    assert_eq!(folder.run(&["chain", "repair", "book", "-n"]).code, Some(1), "lines are lost");
    good(&["chain", "repair", "book", "--from", "copy"]);
    let plain = |book: &str| fs::read(folder.path(&format!("{book}/entries/000000000000.jsonl"))).unwrap();
    assert!(plain("book") == plain("copy") && !packed.exists());
    good(&["chain", "prune", "book", "--before", "70000", "--yes", "-q"]);
    assert!(good(&["chain", "repair", "book", "--from", "copy"]).contains("tree/ is as it should be"));
    assert!(folder.path("book/entries/000000000000.pruned").exists());
    books::assert_sound(&folder, "what is left");
}
