//! Publishing: byte for byte what other writers make, only whole logs, only what is sound.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    books::{self, numbered},
    damaged::pipe,
    publishing::{files, publish_book, published},
    run::{Folder, Run},
};

/// The answer of a verifier that has not seen the ledger itself.
fn verify_public(folder: &Folder) -> Run {
    let mut foil = folder.foil(&["verify", "public", "--key", "gateway.did"]);
    foil.env("XDG_STATE_HOME", folder.path("reader")).output().unwrap().into()
}

fn refused(folder: &Folder, why: &str) {
    let before = files(&folder.path("public"));
    let run = publish_book(folder);
    assert_eq!(run.code, Some(2), "{why}: {}", run.err);
    assert!(run.err.contains(why), "{why}: {}", run.err);
    assert_eq!(run.err.lines().count(), 1, "{}", run.err);
    // Whole bundles before the damaged one may stand there already; what readers read is as it was.
    let after = files(&folder.path("public"));
    assert!(
        before.iter().all(|(name, bytes)| after.get(name) == Some(bytes)),
        "{why}: something was changed"
    );
}

#[test]
fn a_ledger_is_published_step_by_step_as_in_one_go() {
    let folder = books::folder();
    let mut grown = 1;
    for upto in [1, 3, 255, 256, 257, 511, 512, 1_000, 66_000] {
        if upto > grown {
            books::appended(&folder, numbered(grown, upto));
            grown = upto;
        }
        published(&folder);
        let run = verify_public(&folder);
        assert_eq!(run.code, Some(0), "{upto}: {}{}", run.out, run.err);
        assert!(run.out.contains(&format!("\"entries_checked\":{upto},")), "{}", run.out);
    }
    let again = publish_book(&folder);
    assert!(again.out.contains(r#""before":66000,"files":0,"mended":0,"#), "{}", again.out);
    // What went step by step has the partial tiles of its last steps, too, and nothing that was replaced.
    let steps = files(&folder.path("public"));
    fs::rename(folder.path("public"), folder.path("steps")).unwrap();
    published(&folder);
    let fresh = files(&folder.path("public"));
    let partial: Vec<_> = steps.iter().filter(|(name, bytes)| fresh.get(*name) != Some(bytes)).collect();
    assert_eq!(partial.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["tile/1/000.p/1"; 0]);
    assert!(fresh.keys().all(|name| steps.contains_key(name)));
    assert!(!fresh.keys().any(|name| name.contains(".publishing") || name.contains("tmp")));
}

#[test]
fn partial_tiles_stay_as_long_as_a_published_checkpoint_needs_them() {
    let folder = books::folder();
    let partial = |folder: &Folder| -> Vec<String> {
        let names = files(&folder.path("public")).into_keys();
        names.filter(|name| name.contains("entries/") && name.contains(".p/")).collect()
    };
    for (from, to) in [(1, 10), (10, 20)] {
        books::appended(&folder, numbered(from, to));
        published(&folder);
    }
    assert_eq!(partial(&folder), ["tile/entries/000.p/10", "tile/entries/000.p/20"]);
    books::appended(&folder, numbered(20, 300));
    published(&folder);
    assert_eq!(partial(&folder), ["tile/entries/001.p/44"]);
    assert!(folder.path("public/tile/1/000.p/1").exists());
}

#[test]
fn what_is_published_is_for_others_to_read() {
    let folder = books::folder();
    let mut foil = folder.foil(&["chain", "publish", "book", "public"]);
    let script = "umask 077; exec \"$0\" \"$@\"";
    let mut sh = std::process::Command::new("sh");
    sh.args(["-c", script]).arg(foil.get_program()).args(foil.get_args()).current_dir(&folder);
    assert!(sh.status().unwrap().success() && foil.status().unwrap().success());
    for (path, mode) in [
        ("public", 0o755),
        ("public/tile/entries/000.p", 0o755),
        ("public/checkpoint", 0o644),
        ("public/tile/0/000.p/1", 0o644),
    ] {
        let found = fs::metadata(folder.path(path)).unwrap().permissions().mode() & 0o777;
        assert_eq!(found, mode, "{path}");
    }
}

#[test]
fn damage_does_not_go_out() {
    let folder = books::folder();
    books::appended(&folder, numbered(1, 600));
    published(&folder);
    books::appended(&folder, numbered(600, 1_200));
    let damaged = |name: &str, change: &dyn Fn(&mut Vec<u8>), why: &str| {
        let twin = books::copy(&folder);
        let mut bytes = fs::read(twin.path(name)).unwrap();
        change(&mut bytes);
        fs::write(twin.path(name), bytes).unwrap();
        refused(&twin, why);
    };
    let entries = "book/entries/000000000000.jsonl";
    let at = |bytes: &[u8], text: &str| {
        bytes.windows(text.len()).position(|part| part == text.as_bytes()).unwrap()
    };
    let changed = |n: u64| {
        move |bytes: &mut Vec<u8>| {
            let at = at(bytes, &format!("{{\"n\":{n},"));
            let end = bytes[at..].iter().position(|byte| *byte == b'\n').unwrap();
            bytes[at + end - 3] ^= 1;
        }
    };
    damaged(entries, &changed(700), "one of the entries 512 to 767 is not the one that the tree has");
    damaged(entries, &changed(1_199), "one of the entries 1024 to 1199 is not the one");
    damaged(
        entries,
        &|bytes| bytes.truncate(bytes.len() - 2),
        "one of the entries 1024 to 1199 is not the one",
    );
    let last = |bytes: &mut Vec<u8>| bytes.truncate(at(bytes, "{\"n\":1199,"));
    damaged(entries, &last, "entry 1199 is missing, or has no end");
    damaged("book/tree/0", &|bytes| bytes[32 * 1_100] ^= 1, "tree/ does not give the signed root");
    damaged("book/tree/1", &|bytes| bytes[32 * 3] ^= 1, "tree/ does not give the signed root");
    // Where what is published ended, the tree has grown on since: a wrong hash there is no fork.
    let repair = "tree/ does not lead to the signed root everywhere; run foil verify, and foil chain repair";
    damaged("book/tree/0", &|bytes| bytes[32 * 590] ^= 1, repair);
    damaged("book/checkpoint", &|bytes| bytes[15] ^= 1, "checkpoint");
    damaged("public/checkpoint", &|bytes| bytes.truncate(30), "public: checkpoint");
}

#[test]
fn another_history_is_not_published_over() {
    let folder = books::folder();
    books::appended(&folder, numbered(1, 300));
    let other = books::copy(&folder);
    books::appended(&folder, numbered(300, 400));
    published(&folder);
    fs::rename(other.path("book"), folder.path("older")).unwrap();
    fs::remove_dir_all(folder.path("state/foil/seen")).unwrap();
    fs::rename(folder.path("book"), folder.path("newer")).unwrap();
    fs::rename(folder.path("older"), folder.path("book")).unwrap();
    refused(&folder, "public: rolled back: 400 entries are published there, now there are 300");
    books::appended(&folder, numbered(1_000, 1_100));
    refused(&folder, "public: forked");
    books::appended(&folder, numbered(1_100, 1_200));
    refused(&folder, "public: forked");
    let stranger = Folder::new();
    stranger.fixed_key("gateway", 201);
    stranger.run(&["chain", "init", "book", "-k", "gateway", "--origin", "plant7/book"]);
    books::copy_into(&folder, "public", &stranger, "public");
    refused(&stranger, "public: checkpoint: no signature of did:key:");
}

#[test]
fn only_a_folder_of_its_own_is_taken() {
    let folder = books::folder();
    let publish = |dest: &str| folder.run(&["chain", "publish", "book", dest]);
    books::copy_into(&folder, "book", &folder, "other");
    symlink("book", folder.path("inside")).unwrap();
    for (dest, why) in [
        ("book", "book: is the ledger or lies in it"),
        ("book/", "book/: is the ledger or lies in it"),
        ("book/public", "book/public: is the ledger or lies in it"),
        ("book/entries", "book/entries: is the ledger or lies in it"),
        ("inside/public", "inside/public: is the ledger or lies in it"),
        ("other", "other: is a ledger"),
        ("gateway.pem", "gateway.pem: is there already, and no folder"),
        ("dangling", "dangling: is there already, and no folder"),
        ("no/such/parent", "no/such/parent: No such file"),
    ] {
        let _ = symlink("nowhere", folder.path("dangling"));
        let run = publish(dest);
        assert_eq!(run.code, Some(2), "{dest}: {}", run.err);
        assert!(run.err.contains(why), "{dest}: {}", run.err);
    }
    assert_eq!(fs::read_dir(folder.path("book")).unwrap().count(), 4);
    // A link to a folder is that folder; one inside, by which we would write elsewhere, is not followed.
    fs::create_dir(folder.path("www")).unwrap();
    symlink("www", folder.path("linked")).unwrap();
    assert_eq!(publish("linked").code, Some(0));
    assert!(folder.path("www/checkpoint").exists());
    for inner in ["tile", ".publishing"] {
        let dest = format!("trap{inner}");
        assert_eq!(publish(&dest).code, Some(0));
        let _ = fs::remove_dir_all(folder.path(&format!("{dest}/{inner}")));
        fs::create_dir_all(folder.path("elsewhere")).unwrap();
        symlink("../elsewhere", folder.path(&format!("{dest}/{inner}"))).unwrap();
        let run = publish(&dest);
        assert!(run.code == Some(2) && run.err.contains("and no folder"), "{inner}: {}", run.err);
        assert_eq!(fs::read_dir(folder.path("elsewhere")).unwrap().count(), 0);
    }
}

#[test]
fn a_dry_run_checks_all_and_writes_nothing() {
    let folder = books::folder();
    books::appended(&folder, numbered(1, 300));
    let words = &["chain", "publish", "book", "public", "-n"];
    let run = folder.run(words);
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert!(
        run.err.contains("public: entries 0 to 299 would be published, 5 files would be written"),
        "{}",
        run.err
    );
    assert!(!folder.path("public").exists());
    published(&folder);
    let before = files(&folder.path("public"));
    books::appended(&folder, numbered(300, 301));
    let run = folder.run(words);
    assert!(run.err.contains("entry 300 would be published, 2 files"), "{}", run.err);
    assert!(files(&folder.path("public")) == before);
}

#[test]
fn publishers_take_turns() {
    let folder = books::folder();
    books::appended(&folder, numbered(1, 2_000));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| published(&folder));
        }
    });
    assert_eq!(verify_public(&folder).code, Some(0));
    let held = fs::File::open(folder.path("public")).unwrap();
    rustix::fs::flock(&held, rustix::fs::FlockOperation::LockExclusive).unwrap();
    let run = folder.run(&["chain", "publish", "book", "public", "--wait", "50ms"]);
    assert_eq!(run.code, Some(75), "{}", run.err);
}

#[test]
fn a_reader_never_finds_half_a_log() {
    let folder = books::folder();
    books::appended(&folder, numbered(1, 250));
    published(&folder);
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for step in 0..12 {
                let from = 250 + step * 97;
                books::appended(&folder, numbered(from, from + 97));
                published(&folder);
            }
            done.store(true, std::sync::atomic::Ordering::Relaxed);
        });
        while !done.load(std::sync::atomic::Ordering::Relaxed) {
            let run = verify_public(&folder);
            assert!(run.code == Some(0) && run.out.contains("\"findings\":[]"), "{}{}", run.out, run.err);
        }
    });
}

#[test]
fn what_somebody_else_put_there_is_left_alone() {
    let folder = books::folder();
    books::appended(&folder, numbered(1, 300));
    let put = |name: &str| {
        let path = folder.path(&format!("public/{name}"));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "mine").unwrap();
    };
    let stranger = &"0".repeat(64);
    for (names, why) in [
        (&["tile/0/000", "tile/0/000.p/mydata"][..], "public/tile: no publisher of this log put it there"),
        (&["entries/one.html"], "public/entries: only a ledger has that"),
        (&[".publishing/draft"], "public/.publishing: holds what no publisher of this log put there"),
        (&[".publishing/new"], "public/.publishing: holds what no publisher of this log put there"),
        (&[&format!(".publishing/{stranger}"), "tile/0/000"], "public/.publishing: holds what no publisher"),
    ] {
        for name in names {
            put(name);
        }
        refused(&folder, why);
        fs::remove_dir_all(folder.path("public")).unwrap();
    }
    // An empty one says nothing: alone it is taken, beside tiles of another publisher it does not make them ours.
    put("tile/0/000");
    fs::create_dir(folder.path("public/.publishing")).unwrap();
    refused(&folder, "public/tile: no publisher of this log put it there");
    fs::remove_dir_all(folder.path("public/tile")).unwrap();
    published(&folder);
    put(".publishing/draft");
    refused(&folder, "public/.publishing: holds what no publisher of this log put there");
}

#[test]
fn other_things_in_the_folder_stay_as_they_are() {
    let folder = books::folder();
    books::appended(&folder, numbered(1, 300));
    let things = [".git/HEAD", ".nojekyll", "CNAME", "lost+found/x", "index.html", "lock", "tree/oak.html"];
    for name in things {
        let path = folder.path(&format!("public/{name}"));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "mine").unwrap();
    }
    published(&folder);
    books::appended(&folder, numbered(300, 600));
    published(&folder);
    assert_eq!(verify_public(&folder).code, Some(0));
    let after = files(&folder.path("public"));
    assert!(things.iter().all(|name| after.get(*name).is_some_and(|bytes| bytes == b"mine")), "{after:?}");
    let run = folder.run(&["chain", "publish", "book", "."]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert!(run.err.contains("./gateway.pem: a private key among what is published"), "{}", run.err);
}

#[test]
fn a_checkpoint_of_the_same_size_keeps_its_cosignatures() {
    let folder = books::folder();
    books::appended(&folder, numbered(1, 300));
    published(&folder);
    let file = |name: &str| fs::read_to_string(folder.path(name)).unwrap();
    let line = |id: char| format!("— witness.example/{id} {}\n", STANDARD.encode([id as u8; 76]));
    let (cosigned, at_home) = (file("public/checkpoint") + &line('a'), file("book/checkpoint") + &line('b'));
    fs::write(folder.path("public/checkpoint"), &cosigned).unwrap();
    published(&folder);
    assert_eq!(file("public/checkpoint"), cosigned);
    // What the ledger's own has, too, joins it: the log's signature first, and each line once.
    fs::write(folder.path("book/checkpoint"), &at_home).unwrap();
    for _ in 0..2 {
        published(&folder);
        assert_eq!(file("public/checkpoint"), at_home.clone() + &line('a'));
    }
    // Under another size they sign nothing.
    books::appended(&folder, numbered(300, 301));
    published(&folder);
    assert_eq!(file("public/checkpoint"), file("book/checkpoint"));
    assert!(!file("public/checkpoint").contains("witness"));
}

#[test]
fn what_is_older_or_another_than_was_seen_is_not_published() {
    let folder = books::folder();
    books::appended(&folder, numbered(1, 300));
    let older = books::copy(&folder);
    books::appended(&folder, numbered(300, 301));
    fs::rename(folder.path("book"), folder.path("newer")).unwrap();
    books::copy_into(&older, "book", &folder, "book");
    let refused = |why: &str| {
        let run = publish_book(&folder);
        assert!(run.code == Some(2) && run.err.contains(why), "{why}: {:?} {}", run.code, run.err);
        assert!(!folder.path("public").exists(), "{why}");
    };
    refused("book: rolled back: 301 entries were seen here before, now there are 300");
    // Others go on with their copy, on a machine that has not seen this one.
    for (from, to, why) in [
        (900, 901, "book: forked: the first 301 entries are not those that were seen here before"),
        (901, 950, "book: forked: the first 301 entries are not those that were seen here before"),
    ] {
        books::appended(&older, numbered(from, to));
        fs::remove_dir_all(folder.path("book")).unwrap();
        books::copy_into(&older, "book", &folder, "book");
        refused(why);
    }
    fs::remove_dir_all(folder.path("book")).unwrap();
    fs::rename(folder.path("newer"), folder.path("book")).unwrap();
    published(&folder);
}

#[test]
fn a_writer_that_goes_on_is_no_rollback() {
    let folder = books::folder();
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for n in 1..60 {
                books::appended(&folder, numbered(n, n + 1));
            }
            done.store(true, std::sync::atomic::Ordering::Relaxed);
        });
        while !done.load(std::sync::atomic::Ordering::Relaxed) {
            published(&folder);
        }
    });
}

/// Every kind of file of a published log of 66,000 entries.
const PLACES: [&str; 8] = [
    "tile/0/000",
    "tile/0/257.p/208",
    "tile/1/000",
    "tile/1/001.p/1",
    "tile/2/000.p/1",
    "tile/entries/007",
    "tile/entries/256",
    "tile/entries/257.p/208",
];

fn name_of(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}

/// What may be in the place of a file.
type Thing = (&'static str, fn(&Path));

#[test]
fn what_is_published_is_put_right_where_it_is_not_whole() {
    let folder = books::folder();
    books::appended(&folder, numbered(1, 66_000));
    published(&folder);
    let whole = files(&folder.path("public"));
    let things: [Thing; 7] = [
        ("missing", |_| {}),
        ("empty", |path| fs::write(path, "").unwrap()),
        ("longer", |path| fs::write(path, "x".repeat(70_000)).unwrap()),
        ("a pipe", |path| pipe(&Folder::at(path.parent().unwrap()), name_of(path))),
        ("endless", |path| symlink("/dev/zero", path).unwrap()),
        ("dangling", |path| symlink("nowhere", path).unwrap()),
        ("a link to a good one", |path| symlink(path.with_extension("kept"), path).unwrap()),
    ];
    for place in PLACES {
        let path = folder.path(&format!("public/{place}"));
        fs::write(path.with_extension("kept"), &whole[place]).unwrap();
        for (thing, put) in things {
            fs::remove_file(&path).unwrap();
            put(&path);
            let case = format!("{place}: {thing}");
            let dry = folder.run(&["chain", "publish", "book", "public", "-n"]);
            assert!(
                dry.err.contains(&format!("public: {place}: is missing or changed")),
                "{case} {}",
                dry.err
            );
            let run = publish_book(&folder);
            assert!(
                run.code == Some(0) && run.out.contains(r#""mended":1,"#),
                "{case}: {}{}",
                run.out,
                run.err
            );
            let warned = format!("warning: public: {place}: was missing or changed, and is written anew");
            assert!(run.err.contains(&warned), "{case}: {}", run.err);
            assert!(path.symlink_metadata().unwrap().is_file(), "{case}");
        }
        fs::remove_file(path.with_extension("kept")).unwrap();
        assert!(files(&folder.path("public")) == whole, "{place}");
    }
}

#[test]
fn the_content_of_what_is_published_is_compared_when_asked() {
    let folder = books::folder();
    books::appended(&folder, numbered(1, 66_000));
    published(&folder);
    let whole = files(&folder.path("public"));
    for place in PLACES {
        let mut bytes = whole[place].clone();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(folder.path(&format!("public/{place}")), bytes).unwrap();
    }
    // The right edge is compared each time.
    let run = publish_book(&folder);
    assert!(run.code == Some(0) && run.out.contains(r#""mended":4,"#), "{}{}", run.out, run.err);
    assert_eq!(verify_public(&folder).code, Some(1));
    let run = folder.run(&["chain", "publish", "book", "public", "--again"]);
    assert!(run.code == Some(0) && run.out.contains(r#""mended":4,"#), "{}{}", run.out, run.err);
    let named = "4 files were missing or changed, and are written anew: tile/0/000, tile/1/000, tile/entries/007, tile/entries/256";
    assert!(run.err.contains(named), "{}", run.err);
    assert!(files(&folder.path("public")) == whole);
    // What the ledger has lost itself does not go out in its place.
    let entries = folder.path("book/entries/000000000000.jsonl");
    let mut bytes = fs::read(&entries).unwrap();
    let at = bytes.len() / 2;
    bytes[at] ^= 1;
    fs::write(&entries, bytes).unwrap();
    let run = folder.run(&["chain", "publish", "book", "public", "--again"]);
    assert!(run.code == Some(2) && run.err.contains("is not the one that the tree has"), "{}", run.err);
    let mut left = files(&folder.path("public"));
    left.retain(|name, _| !name.starts_with(".publishing/"));
    assert!(left == whole);
}
