//! Clones: byte for byte what the writer has, or nothing; an older one is made longer only by what goes on from it.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::symlink,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use counterfoil::{object, record::writers::Writers};

use crate::{
    books::{self, good, numbered},
    hostile::confined,
    ledgers::{Ledger, genesis, write},
    published::{BASE, base},
    publishing::{files, published},
    run::{Folder, Run},
    server::{Answer, Server},
    sources::{serve, synthetic},
};

/// Runs as somebody who knows nothing yet, but has the log's key.
fn stranger(folder: &Folder, words: &[&str]) -> Run {
    folder.foil(words).env("XDG_STATE_HOME", folder.path("stranger")).output().unwrap().into()
}

const KEY: &[&str] = &["--key", "gateway.did"];

fn clone(folder: &Folder, source: &str) -> Run {
    stranger(folder, &[&["chain", "clone", source, "copy", "--json"], KEY].concat())
}

/// What of a ledger is its writer's word, and derived from that: not what its machine keeps beside it.
fn ledger(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = files(path);
    files.retain(|name, _| name != "lock" && name != "state.json" && !name.starts_with("replaced/"));
    files
}

fn assert_same(folder: &Folder, copy: &str, original: &str) {
    let (copy, original) = (ledger(&folder.path(copy)), ledger(&folder.path(original)));
    assert_eq!(copy.keys().collect::<Vec<_>>(), original.keys().collect::<Vec<_>>());
    let differs: Vec<_> = copy.iter().filter(|(name, bytes)| original[*name] != **bytes).collect();
    assert!(differs.is_empty(), "{:?}", differs.iter().map(|(name, _)| name).collect::<Vec<_>>());
}

/// What a refusal leaves: this and nothing beside it.
fn assert_nothing_left(folder: &Folder) {
    assert!(!folder.path("copy.cloning").exists() && !folder.path("copy").exists());
}

#[test]
fn a_clone_is_byte_for_byte_what_the_writer_has() {
    let folder = base();
    let server = serve(files(&folder.path("public")), |_| None);
    let url = server.url();
    for source in ["book", "public", &url] {
        let run = clone(&folder, source);
        assert_eq!(run.code, Some(0), "{source}: {}", run.err);
        assert!(run.out.contains("\"before\":0") && run.out.contains("\"size\":700"), "{}", run.out);
        let next = format!("foil chain clone {source} copy fetches what comes later");
        assert!(run.err.contains(&next), "{}", run.err);
        assert_same(&folder, "copy", "book");
        assert!(!folder.path("copy.cloning").exists() && !folder.path("copy/clone.tmp").exists());
        assert_eq!(stranger(&folder, &["verify", "copy"]).code, Some(0), "named with --key, so it is known");
        // A ledger goes on from a clone as from any other copy.
        good(&folder, &["chain", "diff", "copy", "book"]);
        fs::remove_dir_all(folder.path("copy")).unwrap();
    }
    fs::create_dir(folder.path("copy")).unwrap();
    assert_eq!(clone(&folder, "public").code, Some(0), "an empty folder is no ledger yet");
}

#[test]
fn cloning_makes_no_key_known() {
    let folder = base();
    let run = stranger(&folder, &["chain", "clone", "public", "copy"]);
    assert_eq!(run.code, Some(3), "{}", run.err);
    assert!(
        run.err.contains("copy: is kept") && run.err.contains("nobody outside vouches for it"),
        "{}",
        run.err
    );
    assert!(
        run.err.contains("hint: ask the operator") && run.err.contains("foil verify copy --key did:key:")
    );
    assert_same(&folder, "copy", "book");
    assert_eq!(stranger(&folder, &["verify", "copy"]).code, Some(3), "still not known");
    assert_eq!(stranger(&folder, &["chain", "clone", "public", "copy"]).code, Some(3), "nor by asking twice");
    let other = stranger(
        &folder,
        &[
            "chain",
            "clone",
            "public",
            "other",
            "--key",
            "did:key:z6MkiaMbhXHNA4eJVCCj8dbzKzTgYDKf6crKgHVHid1F1WCT",
        ],
    );
    assert!(other.code == Some(1) && other.err.contains("wrong-key"), "{:?} {}", other.code, other.err);
    assert!(!folder.path("other").exists() && !folder.path("other.cloning").exists());
}

#[test]
fn an_older_clone_is_made_longer_by_what_goes_on_from_it() {
    let folder = base();
    assert_eq!(clone(&folder, "public").code, Some(0));
    books::appended(&folder, numbered(700, 1_100));
    published(&folder);
    let server = serve(files(&folder.path("public")), |_| None);
    // What a writer that died left behind the checkpoint counts for nothing.
    let tail = folder.path("copy/entries/000000000000.jsonl");
    let torn = [fs::read(&tail).unwrap(), b"{\"n\":700,\"rec".to_vec()].concat();
    fs::write(&tail, torn).unwrap();
    let run = clone(&folder, &server.url());
    assert!(
        run.code == Some(0) && run.out.contains("\"before\":700"),
        "{:?} {}{}",
        run.code,
        run.out,
        run.err
    );
    assert!(server.asked() < 12, "{} requests for two bundles", server.asked());
    assert_same(&folder, "copy", "book");
    let before = server.asked();
    let run = clone(&folder, &server.url());
    assert!(run.code == Some(0) && run.out.contains("\"before\":1100"), "{}{}", run.out, run.err);
    assert!(server.asked() - before < 8, "nothing is fetched twice");
    assert!(!folder.path("copy.cloning").exists());
}

#[test]
fn a_source_that_is_behind_or_elsewhere_changes_nothing() {
    let folder = base();
    let old = books::copy(&folder);
    books::appended(&folder, numbered(700, 800));
    published(&folder);
    books::appended(&old, numbered(5_000, 5_300));
    published(&old);
    let forked = serve(files(&old.path("public")), |_| None);
    let behind = serve(files(&BASE.path("public")), |_| None);
    assert_eq!(clone(&folder, "public").code, Some(0));
    let kept = files(&folder.path("copy"));
    // By the copy itself, and by what was seen.
    for state in ["nobody", "stranger"] {
        for (server, what) in [(&forked, "forked"), (&behind, "rolled")] {
            let words = ["chain", "clone", &server.url(), "copy", "--key", "gateway.did"];
            let run: Run =
                folder.foil(&words).env("XDG_STATE_HOME", folder.path(state)).output().unwrap().into();
            assert!(
                run.code == Some(1) && run.err.contains(what),
                "{state}: {what}: {:?} {}",
                run.code,
                run.err
            );
            assert!(run.err.contains("hint: nothing"), "{}", run.err);
            let mut now = files(&folder.path("copy"));
            now.remove("lock");
            assert!(now == kept && !folder.path("copy.cloning").exists(), "{state}: {what}");
        }
    }
}

#[test]
fn nothing_is_overwritten() {
    let folder = base();
    let other = books::folder();
    books::copy_into(&other, "book", &folder, "another");
    fs::create_dir_all(folder.path("full/of")).unwrap();
    fs::write(folder.path("file"), "mine").unwrap();
    fs::create_dir_all(folder.path("mine.cloning/entries")).unwrap();
    fs::write(folder.path("his.cloning"), "a file").unwrap();
    let before = files(&folder.path(""));
    for dir in ["full", "file", "public", "another", "mine", "his", "book/entries", ".."] {
        let run = stranger(&folder, &[&["chain", "clone", "book", dir], KEY].concat());
        assert!(run.code == Some(2) && run.err.contains("error: "), "{dir}: {:?} {}", run.code, run.err);
        let mut now = files(&folder.path(""));
        now.retain(|name, _| !name.starts_with("stranger/"));
        assert!(now == before, "{dir}");
    }
    symlink("nowhere", folder.path("dangling")).unwrap();
    let run = stranger(&folder, &[&["chain", "clone", "book", "dangling"], KEY].concat());
    assert!(run.code == Some(2) && !folder.path("nowhere").exists(), "{:?} {}", run.code, run.err);
}

#[test]
fn what_does_not_verify_is_not_kept() {
    let folder = base();
    let flipped = |path: &'static str, at: usize| {
        let mut public = files(&folder.path("public"));
        public.get_mut(path).unwrap()[at] ^= 1;
        serve(public, |_| None)
    };
    let bundle = files(&folder.path("public"))["tile/entries/001"].len();
    for (server, place) in [
        (flipped("tile/entries/001", bundle - 10), "tile/entries/001:256"),
        (flipped("tile/entries/000", 300), "tile/entries/000:1"),
        (flipped("checkpoint", 20), "checkpoint"),
    ] {
        let run = clone(&folder, &server.url());
        assert!(run.code == Some(1) && run.err.contains(place), "{place}: {:?} {}", run.code, run.err);
        assert!(run.out.is_empty() && run.err.contains("hint: nothing of it is kept"), "{}", run.err);
        assert_nothing_left(&folder);
    }
    // Hashes are derived: where they are wrong, the entries lead to the signed root.
    assert_eq!(clone(&folder, &flipped("tile/0/002.p/188", 5).url()).code, Some(0));
    assert_same(&folder, "copy", "book");
    fs::remove_dir_all(folder.path("copy")).unwrap();
    // What only the rules forbid shows when all of it is there.
    let unsigned = Ledger::holding(vec![genesis(Writers::Signed), object! { "type": "note", "text": "x" }]);
    write(&unsigned.view, &folder.path("unsigned"));
    let run = stranger(&folder, &["chain", "clone", "unsigned", "copy"]);
    assert!(run.code == Some(1) && run.err.contains("unsigned: "), "{:?} {}", run.code, run.err);
    assert!(run.err.contains("nothing of it is kept"), "{}", run.err);
    assert_nothing_left(&folder);
    let pruned = books::copy(&folder);
    fs::remove_file(pruned.path("public/tile/entries/001")).unwrap();
    let run = clone(&pruned, "public");
    assert!(run.code == Some(1) && run.err.contains("missing"), "{:?} {}", run.code, run.err);
    assert_nothing_left(&pruned);
}

#[test]
fn files_of_entries_are_cut_as_their_writer_cuts_them() {
    let folder = Folder::new();
    let lines = |size: u64| -> Vec<String> {
        let first = counterfoil::tlog::entry::Entry {
            n: 0,
            received: crate::ledgers::start(),
            wall: None,
            record: genesis(Writers::Anyone),
        };
        let line = |n| format!(r#"{{"n":{n},"received":"2026-03-01T06:00:00.000Z","record":{{"x":{n}}}}}"#);
        [first.to_line()].into_iter().chain((1..size).map(line)).collect()
    };
    folder.fixed_key("gateway", 200);
    for (size, before) in [(65_530, 0), (65_536, 65_530), (131_500, 65_536)] {
        let server = Server::start(synthetic(size));
        let run = clone(&folder, &server.url());
        let case = format!("{size}: {:?} {}{}", run.code, run.out, run.err);
        assert!(run.code == Some(0) && run.out.contains(&format!("\"before\":{before}")), "{case}");
        let _ = fs::remove_dir_all(folder.path("right"));
        write(&Ledger::written(lines(size)).view, &folder.path("right"));
        assert_same(&folder, "copy", "right");
        // A tile of level 1 stands for 65,536 entries: those of level 0 are not fetched but at the edge.
        let most = usize::try_from((size - before) / 256).unwrap() + 20;
        assert!(server.asked() < most, "{case}: {} requests", server.asked());
    }
}

#[test]
fn a_clone_that_was_interrupted_is_gone_on_with() {
    let folder = base();
    let public = files(&folder.path("public"));
    let broken =
        serve(public.clone(), |path| path.starts_with("tile/entries/002").then_some(Answer::Status(403)));
    let run = clone(&folder, &broken.url());
    assert!(run.code == Some(2) && run.err.contains("the server answers 403"), "{:?} {}", run.code, run.err);
    assert!(
        run.err.contains("hint: the same command goes on from there; rm -r copy.cloning gives it up"),
        "{}",
        run.err
    );
    assert!(!folder.path("copy").exists() && folder.path("copy.cloning/clone.tmp").exists());
    // A power cut may leave anything behind the whole lines, and lines that never were.
    for bend in [
        (|_| ()) as fn(&Path),
        |path| fs::write(path, [fs::read(path).unwrap(), vec![0; 5_000]].concat()).unwrap(),
        |path| {
            let bytes = fs::read(path).unwrap();
            fs::write(path, &bytes[..bytes.len() - 7]).unwrap();
        },
        |path| fs::write(path, "{\"n\":0}\n").unwrap(),
        |path| fs::remove_file(path).unwrap(),
    ] {
        let copy = books::copy(&folder);
        bend(&copy.path("copy.cloning/entries/000000000000.jsonl"));
        let server = serve(public.clone(), |_| None);
        let run = clone(&copy, &server.url());
        assert_eq!(run.code, Some(0), "{}", run.err);
        assert_same(&copy, "copy", "book");
        assert!(!copy.path("copy.cloning").exists());
    }
    let whole = serve(public, |path| (path == "tile/entries/000").then_some(Answer::Status(403)));
    // Entry 0 is asked for to know whose log it is, the rest of its bundle not again.
    let run = clone(&folder, &whole.url());
    assert!(run.code == Some(2), "{}", run.err);
    assert!(folder.path("copy.cloning").exists(), "a server that fails costs nothing of what is there");
}

#[test]
fn two_runs_do_not_meet() {
    let folder = base();
    let slow = serve(files(&folder.path("public")), |path| {
        if path.starts_with("tile/entries/002") {
            thread::sleep(Duration::from_secs(2));
        }
        None
    });
    let words = ["chain", "clone", &slow.url(), "copy", "--key", "gateway.did"];
    let first = folder.foil(&words).spawn().unwrap();
    let begun = Instant::now();
    while !folder.path("copy.cloning/clone.tmp").exists() && begun.elapsed() < Duration::from_secs(10) {
        thread::sleep(Duration::from_millis(5));
    }
    let second = folder.run(&["chain", "clone", "public", "copy", "--wait", "0s"]);
    assert!(
        second.code == Some(75) && second.err.contains("another process"),
        "{:?} {}",
        second.code,
        second.err
    );
    assert!(first.wait_with_output().unwrap().status.success());
    assert_same(&folder, "copy", "book");
}

#[test]
fn a_damaged_older_clone_is_said_and_not_built_on() {
    let folder = base();
    assert_eq!(clone(&folder, "public").code, Some(0));
    books::appended(&folder, numbered(700, 720));
    let path = folder.path("copy/entries/000000000000.jsonl");
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let run = clone(&folder, "book");
    let said = "copy: its entries are not those that its checkpoint signs";
    assert!(run.code == Some(2) && run.err.contains(said), "{:?} {}", run.code, run.err);
    assert!(run.err.contains("foil chain repair copy --from book"), "{}", run.err);
    assert!(fs::read(&path).unwrap() == bytes && !folder.path("copy.cloning").exists());
}

#[test]
fn packed_files_come_unpacked_and_dropped_ones_not_at_all() {
    let folder = Folder::new();
    folder.fixed_key("gateway", 200);
    let server = Server::start(synthetic(65_700));
    assert_eq!(clone(&folder, &server.url()).code, Some(0));
    fs::rename(folder.path("copy"), folder.path("book")).unwrap();
    books::copy_into(&folder, "book", &folder, "plain");
    good(&folder, &["chain", "pack", "book"]);
    assert!(folder.path("book/entries/000000000000.jsonl.gz").exists());
    assert_eq!(clone(&folder, "book").code, Some(0));
    assert_same(&folder, "copy", "plain");
    good(&folder, &["chain", "prune", "book", "--before", "65536", "--yes"]);
    let run = stranger(&folder, &["chain", "clone", "book", "late"]);
    let said = "entries 1 to 65535 were dropped there, and a clone has all";
    assert!(run.code == Some(2) && run.err.contains(said), "{:?} {}", run.code, run.err);
    // A clone that dropped entries itself is left as it is.
    books::copy_into(&folder, "book", &folder, "kept");
    let longer = Server::start(synthetic(65_800));
    let run = stranger(&folder, &["chain", "clone", &longer.url(), "kept"]);
    assert!(run.code == Some(2) && run.err.contains("cannot be made longer"), "{:?} {}", run.code, run.err);
}

#[test]
fn a_hostile_source_is_left_soon_and_leaves_nothing() {
    let folder = base();
    let public = files(&folder.path("public"));
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut encoder, &vec![b'x'; 100 << 20]).unwrap();
    let bomb = encoder.finish().unwrap();
    for place in ["checkpoint", "tile/0/", "tile/entries/001"] {
        let bomb = bomb.clone();
        let server =
            serve(public.clone(), move |path| path.starts_with(place).then(|| Answer::Gzip(bomb.clone())));
        let run = confined(&folder, &["chain", "clone", &server.url(), "copy"], "");
        assert!(matches!(run.code, Some(1 | 2)), "{place}: {:?} {}", run.code, run.err);
        assert!(run.out.is_empty() && !folder.path("copy").exists(), "{place}");
        let _ = fs::remove_dir_all(folder.path("copy.cloning"));
    }
    let plain = files(&folder.path("book"));
    let plain = serve(plain, |_| None);
    let run = clone(&folder, &plain.url());
    assert!(
        run.code == Some(2) && run.err.contains("is a ledger's folder behind a web server"),
        "{}",
        run.err
    );
    assert_nothing_left(&folder);
}
