//! What a writer that died may leave behind, and other changes of the files: the next append
//! takes up what is good, sets aside what is not, and never mends what was acknowledged by itself.

use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io::Write,
    os::unix::fs::{FileExt, symlink},
};

use counterfoil::{
    key::SecretKey,
    object,
    record::writers::Writers,
    tlog::checkpoint::{Checkpoint, SignedCheckpoint},
};

use crate::{
    books::{self, APPEND, numbered},
    damaged::pipe,
    ledgers::{self, Ledger},
    run::Folder,
};

const FILE: &str = "book/entries/000000000000.jsonl";

/// A ledger with the records 0, 1, 2.
fn folder() -> Folder {
    let folder = books::folder();
    books::appended(&folder, numbered(0, 3));
    folder
}

/// `received` of the last entry.
fn last_received(folder: &Folder) -> String {
    let text = fs::read_to_string(folder.path(FILE)).unwrap();
    text.lines().last().unwrap().split('"').nth(5).unwrap().to_owned()
}

fn add(folder: &Folder, tail: &[u8]) {
    OpenOptions::new().append(true).open(folder.path(FILE)).unwrap().write_all(tail).unwrap();
}

/// Everything that was set aside.
fn replaced(folder: &Folder) -> Vec<u8> {
    let Ok(files) = fs::read_dir(folder.path("book/replaced")) else { return Vec::new() };
    let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    paths.iter().flat_map(|path| fs::read(path).unwrap()).collect()
}

fn line(n: u64, received: &str, record: &str) -> String {
    format!("{{\"n\":{n},\"received\":\"{received}\",\"record\":{record}}}\n")
}

#[test]
fn the_good_tail_is_taken_up_and_the_rest_set_aside() {
    let at = last_received(&folder());
    let good = |n: u64| line(n + 1, &at, &format!("{{\"n\":{n}}}"));
    let long = line(5, &at, &format!("\"{}\"", "x".repeat(70_000)));
    let bad: &[(&str, Vec<u8>)] = &[
        ("nothing", Vec::new()),
        ("torn", b"{\"n\":5,\"recei".to_vec()),
        ("torn before its line feed", good(4).trim_end().into()),
        ("a number is left out", good(5).into()),
        ("a number is repeated", good(3).into()),
        ("received before the entry before", line(5, "2001-03-01T06:00:00.000Z", "{}").into()),
        ("received in the future", line(5, "2999-03-01T06:00:00.000Z", "{}").into()),
        ("not canonical", good(4).replace(":{", ": {").into()),
        ("a record that is none", line(5, &at, "7").into()),
        ("a member too many", good(4).replace("\"n\":5", "\"m\":1,\"n\":5").into()),
        ("too long", long.into()),
        ("CRLF", good(4).replace('\n', "\r\n").into()),
        ("blank", b"\n".to_vec()),
        ("zeros, as file systems leave them", vec![0; 5_000]),
        ("zeros with a line feed", [vec![0; 70_000], b"\n".to_vec()].concat()),
        ("noise", (0..=255u8).cycle().take(200_000).map(|byte| byte.wrapping_mul(37)).collect()),
    ];
    for taken in [0, 1] {
        for (name, bad) in bad {
            let folder = folder();
            // Times in the files of this run.
            let now = last_received(&folder);
            let bad = String::from_utf8(bad.clone()).map_or(bad.clone(), |bad| bad.replace(&at, &now).into());
            if taken == 1 {
                add(&folder, good(3).replace(&at, &now).as_bytes());
            } else if bad.starts_with(b"{\"n\":4") {
                continue;
            }
            // Numbers that would be good without the entry before are bad with it, and the other way round.
            add(&folder, &bad);
            let before = books::size(&folder);
            let receipts = books::appended(&folder, numbered(3, 5));
            let recovered = receipts[0].get("recovered").map(ToString::to_string);
            assert_eq!(recovered, (taken == 1).then(|| "[4,4]".to_owned()), "{name}");
            assert_eq!(receipts[0].get("size").unwrap().as_u64(), Some(before + 2), "{name}");
            assert_eq!(books::records(&folder), books::once(&numbered(0, 5)), "{name}");
            assert!(replaced(&folder) == bad, "{name}: all of it is kept, and nothing else");
            books::assert_sound(&folder, name);
        }
    }
}

#[test]
fn a_tail_must_keep_the_rules_of_the_ledger() {
    let folder = Folder::new();
    folder.fixed_key("gateway", 200);
    assert_eq!(folder.run(&["chain", "init", "book", "-k", "gateway"]).code, Some(0));
    let at = last_received(&folder);
    add(&folder, line(1, &at, "{\"unsigned\":true}").as_bytes());
    let signed = folder.feed(&["sign", "-k", "gateway"], numbered(0, 1)).out;
    books::appended(&folder, signed);
    assert_eq!(books::size(&folder), 2);
    assert_eq!(replaced(&folder), line(1, &at, "{\"unsigned\":true}").as_bytes());
    books::assert_sound(&folder, "rules");
}

#[test]
fn a_stray_file_behind_the_end_is_set_aside() {
    let folder = folder();
    let stray = folder.path("book/entries/000000065536.jsonl");
    fs::write(&stray, line(65_536, &last_received(&folder), "{}")).unwrap();
    let run = books::append(&folder, numbered(3, 4));
    assert_eq!(run.code, Some(0));
    assert!(run.err.contains("replaced/000000065536-0.1"), "{}", run.err);
    assert!(!stray.exists() && !replaced(&folder).is_empty());
    books::assert_sound(&folder, "a stray file");
}

#[test]
fn each_recovered_line_answers_for_one_record() {
    let folder = folder();
    let at = last_received(&folder);
    let same = "{\"same\":1}\n";
    add(&folder, line(4, &at, same.trim()).as_bytes());
    let receipts = books::appended(&folder, same.repeat(2));
    assert_eq!(receipts[0].get("skipped").unwrap().as_u64(), Some(1));
    assert_eq!(books::records(&folder)["{\"same\":1}"], 2);
    // Without a death there is no question: the same record may be sent twice.
    books::appended(&folder, same.repeat(2));
    assert_eq!(books::records(&folder)["{\"same\":1}"], 4);
}

#[test]
fn what_stands_behind_a_refused_record_does_not_count_as_recovered() {
    let long = format!("{{\"long\":\"{}\"}}\n", "x".repeat(66_000));
    // One batch, however slowly the machine reads.
    let words = [APPEND, &["--delay", "1m"]].concat();
    for (words, expected) in [(words.clone(), 1), ([&words[..], &["--keep-going"]].concat(), 2)] {
        let folder = folder();
        let at = last_received(&folder);
        for n in [3, 4] {
            add(&folder, line(n + 1, &at, &format!("{{\"n\":{n}}}")).as_bytes());
        }
        let run = folder.feed(&words, format!("{}{long}{}", numbered(3, 4), numbered(4, 5)));
        let receipt = &books::receipts(&run)[0];
        assert_eq!(receipt.get("skipped").unwrap().as_u64(), Some(expected));
        assert!(run.err.contains("line 2: the entry would have 66"), "{}", run.err);
        assert_eq!(books::records(&folder), books::once(&numbered(0, 5)));
    }
}

/// All files of the ledger but its lock.
fn content(folder: &Folder) -> BTreeMap<String, Vec<u8>> {
    let mut content = BTreeMap::new();
    for sub in ["", "entries", "tree", "replaced"] {
        for file in fs::read_dir(folder.path("book").join(sub)).into_iter().flatten() {
            let path = file.unwrap().path();
            if path.is_file() && !path.ends_with("lock") {
                content.insert(path.display().to_string(), fs::read(&path).unwrap());
            }
        }
    }
    content
}

#[test]
fn what_was_acknowledged_is_never_mended_silently() {
    type Damage = fn(&Folder);
    fn flip(folder: &Folder, at: u64) {
        let file = File::options().read(true).write(true).open(folder.path(FILE)).unwrap();
        let mut byte = [0];
        file.read_exact_at(&mut byte, at).unwrap();
        file.write_all_at(&[byte[0] ^ 1], at).unwrap();
    }
    fn cut(folder: &Folder, name: &str, by: u64) {
        let file = File::options().write(true).open(folder.path(name)).unwrap();
        file.set_len(file.metadata().unwrap().len() - by).unwrap();
    }
    let damages: &[(&str, Damage, &str)] = &[
        (
            "the last line feed is gone",
            |folder| cut(folder, FILE, 1),
            "entries/000000000000.jsonl: went through something that changes texts",
        ),
        (
            "the last entry is torn",
            |folder| cut(folder, FILE, 2),
            "entry 3, which the checkpoint covers, is missing",
        ),
        (
            "the last entry is gone",
            |folder| cut(folder, FILE, 60),
            "entry 3, which the checkpoint covers, is missing",
        ),
        ("the file is gone", |folder| fs::remove_file(folder.path(FILE)).unwrap(), "entry 0"),
        (
            "the file is empty",
            |folder| File::create(folder.path(FILE)).map(drop).unwrap(),
            "entry 0: missing",
        ),
        ("entry 0 is another", |folder| flip(folder, 20), "entry 0"),
        (
            "the last entry is another",
            |folder| {
                let length = fs::metadata(folder.path(FILE)).unwrap().len();
                flip(folder, length - 4);
            },
            "entry 3, which the checkpoint covers, is missing or changed",
        ),
        ("no checkpoint", |folder| fs::remove_file(folder.path("book/checkpoint")).unwrap(), "no checkpoint"),
        (
            "an empty checkpoint",
            |folder| File::create(folder.path("book/checkpoint")).map(drop).unwrap(),
            "checkpoint",
        ),
        ("half a checkpoint", |folder| cut(folder, "book/checkpoint", 50), "checkpoint"),
        (
            "no tree and a changed entry",
            |folder| {
                fs::remove_dir_all(folder.path("book/tree")).unwrap();
                let length = fs::metadata(folder.path(FILE)).unwrap().len();
                flip(folder, length - 4);
            },
            "the entries do not give the signed root",
        ),
    ];
    for (name, damage, says) in damages {
        let folder = folder();
        damage(&folder);
        let before = content(&folder);
        let run = books::append(&folder, numbered(3, 4));
        assert_eq!((run.code, run.out.as_str()), (Some(2), ""), "{name}");
        assert!(run.err.contains(says), "{name}: {}", run.err);
        assert!(content(&folder) == before, "{name}: nothing is touched");
    }
}

#[test]
fn tree_is_cut_completed_or_made_anew() {
    type Damage = fn(&Folder);
    let damages: &[(&str, Damage)] = &[
        ("missing", |folder| fs::remove_dir_all(folder.path("book/tree")).unwrap()),
        ("short", |folder| {
            File::options().write(true).open(folder.path("book/tree/0")).unwrap().set_len(40).unwrap();
        }),
        ("empty", |folder| File::create(folder.path("book/tree/0")).map(drop).unwrap()),
        ("long", |folder| {
            File::options().write(true).open(folder.path("book/tree/0")).unwrap().set_len(400_000).unwrap();
        }),
        ("a level too many", |folder| fs::write(folder.path("book/tree/1"), [7; 64]).unwrap()),
        ("flipped", |folder| fs::write(folder.path("book/tree/0"), [7; 128]).unwrap()),
        ("a pipe", |folder| {
            fs::remove_file(folder.path("book/tree/0")).unwrap();
            pipe(folder, "book/tree/0");
        }),
        ("a link to nowhere", |folder| {
            fs::remove_file(folder.path("book/tree/0")).unwrap();
            symlink("nowhere", folder.path("book/tree/0")).unwrap();
        }),
    ];
    for (name, damage) in damages {
        let folder = folder();
        damage(&folder);
        let run = books::append(&folder, numbered(3, 4));
        assert_eq!(run.code, Some(0), "{name}: {}", run.err);
        let whole = folder.run(&["chain", "repair", "book", "-n"]);
        assert_eq!(whole.code, Some(0), "{name}: {}", whole.err);
        books::assert_sound(&folder, name);
    }
}

#[test]
fn the_ends_of_levels_are_completed_from_the_entries() {
    let entries = (1..65_700u64).map(|n| object! { "n": n });
    let ledger = Ledger::holding(std::iter::once(ledgers::genesis(Writers::Anyone)).chain(entries).collect());
    for (level, length) in [(0, 65_600 * 32), (0, 65_535 * 32 + 5), (1, 255 * 32), (2, 0)] {
        let folder = Folder::new();
        folder.fixed_key("gateway", 200);
        ledgers::write(&ledger.view, &folder.path("book"));
        let path = folder.path(&format!("book/tree/{level}"));
        File::options().write(true).open(path).unwrap().set_len(length).unwrap();
        let run = books::append(&folder, numbered(0, 1));
        assert!(
            run.code == Some(0) && !run.err.contains("tree/"),
            "level {level} of {length} bytes: {}",
            run.err
        );
        let whole = folder.run(&["chain", "repair", "book", "-n"]);
        assert_eq!(whole.code, Some(0), "level {level} of {length} bytes: {}", whole.err);
    }
    // What the frontier does not need may be wrong too.
    let folder = Folder::new();
    folder.fixed_key("gateway", 200);
    ledgers::write(&ledger.view, &folder.path("book"));
    File::options().write(true).open(folder.path("book/tree/0")).unwrap().write_all_at(&[7], 99).unwrap();
    let run = books::append(&folder, numbered(0, 1));
    assert!(run.code == Some(0) && run.err.contains("tree/ does not give"), "{}", run.err);
    assert_eq!(folder.run(&["chain", "repair", "book", "-n"]).code, Some(0));
}

#[test]
fn a_size_that_nobody_can_have_written_is_refused() {
    let folder = folder();
    let text = fs::read(folder.path("book/checkpoint")).unwrap();
    let stated = SignedCheckpoint::parse(&text).unwrap().checkpoint().clone();
    for size in [u64::MAX, u64::MAX / 32 + 2, 1 << 40, 5] {
        let huge = Checkpoint { size, ..stated.clone() };
        let signed = SignedCheckpoint::sign(huge, &SecretKey::from_seed(&[200; 32])).unwrap();
        fs::write(folder.path("book/checkpoint"), signed.to_string()).unwrap();
        let last = (size.wrapping_sub(1)).to_string();
        let words: [&[&str]; 6] = [
            APPEND,
            &["chain", "repair", "book"],
            &["chain", "repair", "book", "-n"],
            &["chain", "status", "book"],
            &["chain", "cat", "book", "--last", "3"],
            &["chain", "cat", "book", &last],
        ];
        for words in words {
            let run = folder.feed(words, numbered(3, 4));
            let answers = ["status", "cat"].contains(&words[1]);
            assert_eq!(
                run.code,
                Some(if answers { 4 } else { 2 }),
                "{size}, {words:?}: {}{}",
                run.out,
                run.err
            );
            assert!(run.err.lines().count() <= 3 && !run.err.contains("panicked"), "{words:?}: {}", run.err);
        }
    }
}

#[test]
fn what_was_not_synced_of_the_tree_is_made_anew_after_a_restart() {
    let folder = books::folder();
    books::appended(&folder, numbered(0, 600));
    let level = fs::OpenOptions::new().write(true).open(folder.path("book/tree/0")).unwrap();
    level.write_all_at(&[0; 512], 2_048).unwrap();
    fs::write(folder.path("book/tree/1"), [7; 320]).unwrap();
    books::restart(&folder);
    let run = books::append(&folder, numbered(600, 601));
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    let whole = folder.run(&["chain", "repair", "book", "-n"]);
    assert_eq!(whole.code, Some(0), "{}", whole.err);
}

#[test]
fn a_big_tail_is_taken_up_whole() {
    // What a writer leaves that had taken up a full batch and added its own.
    let folder = books::folder();
    let tail = numbered(0, 15_000);
    let entries = folder.path("book/entries/000000000000.jsonl");
    let mut text = fs::read_to_string(&entries).unwrap();
    let (_, received) = text.split_once("\"received\":").unwrap();
    let received = received[..26].to_owned();
    let line = |(n, record)| format!("{{\"n\":{n},\"received\":{received},\"record\":{record}}}\n");
    text.extend((1..).zip(tail.lines()).map(line));
    fs::write(&entries, text).unwrap();
    let receipts = books::appended(&folder, numbered(0, 10));
    let recovered = receipts[0].get("recovered").unwrap().to_string();
    assert_eq!((recovered.as_str(), receipts[0].get("skipped").unwrap().as_u64()), ("[1,15000]", Some(10)));
    assert_eq!(books::records(&folder), books::once(&tail));
    books::assert_sound(&folder, "a big tail");
}
