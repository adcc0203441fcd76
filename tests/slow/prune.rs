//! Dropped entries: what remains still verifies, and what is gone is said.

use std::{
    fs,
    io::{Read, Seek, SeekFrom, Write},
    path::Path,
};

use counterfoil::{
    hash::Hash,
    json::{self, Value},
    ledger::files,
    tlog::{layout::Layout, pruned::Marker},
    verify::{self, FindingKind, RememberedCheckpoint, Trust, VerifyReport},
};

use crate::{
    books::{self, good, names},
    ledgers::{found, key, options},
    pack::{killed_everywhere, three_files, two_files},
    publishing::files,
    run::Folder,
    support::{needs::Tested, trial::trials},
};

trials![
    what_remains_still_verifies_and_what_is_gone_is_said,
    writing_reading_and_mending_go_on,
    packed_files_are_dropped_as_plain_ones_are,
    by_time_the_last_entry_of_a_file_decides,
    nothing_goes_unasked_unchecked_or_from_the_last_file,
    contracts_are_not_checked_where_entries_are_gone,
    a_marker_is_believed_as_far_as_the_signed_root_confirms_it,
    a_marker_of_another_file_and_a_missing_one_are_errors,
    without_its_tree_it_still_verifies_and_goes_on,
    what_was_seen_before_is_compared_across_a_hole,
    a_gap_is_a_gap_where_nothing_was_dropped,
    killed_at_every_call_of_a_prune,
    a_dropped_entry_is_not_proven_and_it_is_said_why,
    nothing_to_drop_is_data_too,
    what_was_dropped_before_it_was_published_cannot_be,
    a_rehearsal_of_a_repair_without_a_tree_says_what_the_repair_does,
    copies_are_compared_entry_by_entry_around_what_was_dropped,
];

const PRUNE: &[&str] = &["chain", "prune", "book", "--before", "131072", "--yes", "--json"];

/// A ledger whose first two files were dropped.
fn pruned() -> Folder {
    let folder = three_files();
    let run = good(&folder, PRUNE);
    assert!(run.out.contains(r#""dropped":2,"first":1,"last":131071"#), "{}", run.out);
    folder
}

fn judge(folder: &Folder, remembered: Option<RememberedCheckpoint>) -> VerifyReport {
    let given = Some(verify::GivenKey::Key(key(200).public()));
    let trust = Trust { given, remembered, ..Trust::default() };
    verify::ledger(&files::folder::Folder::new(folder.path("book")), &trust, &options(1)).unwrap()
}

fn root_of(folder: &Folder, first: u64) -> Hash {
    let marker = fs::read(folder.path(&format!("book/entries/{first:012}.pruned"))).unwrap();
    Marker::parse(Layout::STANDARD, &marker).unwrap().root
}

fn what_remains_still_verifies_and_what_is_gone_is_said() {
    let folder = pruned();
    assert_eq!(names(&folder), ["000000000000.pruned", "000000065536.pruned", "000000131072.jsonl"]);
    let report = judge(&folder, None);
    assert_eq!(found(&report), ["pruned 1 000000.pruned:-"], "one finding a run, and no gap in the stream");
    let detail = &report.findings()[0].detail;
    assert_eq!(detail, "entries 1 to 131071 were dropped by foil chain prune: not seen");
    assert!(report.sound() && report.entries_checked == 101 && report.unseen == [1..=131_071]);
    let vouched: Vec<_> = report.vouched.iter().map(|voucher| (voucher.first, voucher.last)).collect();
    assert_eq!(vouched, [(0, 0), (131_072, 131_171)]);
    assert_eq!(report.proofs_checked, 1, "entry 0 is read and checked");
    let human = good(&folder, &["verify", "book", "--key", "gateway.did", "--human"]).out;
    assert!(human.contains("what is here is sound: 101 entries") && human.contains("dropped and not seen"));
    let json = good(&folder, &["verify", "book", "--key", "gateway.did", "--json"]).out;
    let json = json::parse_object(json.trim().as_bytes()).unwrap();
    assert_eq!(json.get("not_seen").map(Value::to_string).as_deref(), Some(r#"[{"first":1,"last":131071}]"#));
}

fn writing_reading_and_mending_go_on() {
    let folder = pruned();
    books::appended(&folder, books::numbered(0, 3));
    good(&folder, &["chain", "repair", "book", "-n"]);
    let one = folder.run(&["chain", "cat", "book", "131071"]);
    assert_eq!(one.code, Some(2));
    assert!(one.err.contains("entry 131071: dropped by foil chain prune"), "{}", one.err);
    for (words, lines) in [
        (&["chain", "cat", "book"][..], 104),
        (&["chain", "cat", "book", "131000.."], 103),
        (&["chain", "cat", "book", "131072"], 1),
        (&["chain", "cat", "book", "--last", "1", "--device", "d"], 1),
        (&["chain", "cat", "book", "0"], 1),
    ] {
        let run = good(&folder, words);
        assert_eq!(run.out.lines().count(), lines, "{words:?}");
    }
    assert!(good(&folder, &["chain", "cat", "book"]).err.contains("entries 1 to 131071 were dropped"));
    let status = good(&folder, &["chain", "status", "book", "--json"]).out;
    assert!(status.contains(r#""dropped":[{"first":1,"last":131071}]"#), "{status}");
    assert!(good(&folder, &["chain", "pack", "book", "--json"]).out.contains(r#""files":0"#));
    let again = good(&folder, PRUNE);
    assert!(
        again.out.contains(r#""dropped":0"#) && again.err.contains("nothing is dropped"),
        "{}",
        again.err
    );
}

fn packed_files_are_dropped_as_plain_ones_are() {
    let folder = three_files();
    good(&folder, &["chain", "pack", "book"]);
    good(&folder, &["chain", "prune", "book", "--before", "65536", "--yes"]);
    assert_eq!(names(&folder), ["000000000000.pruned", "000000065536.jsonl.gz", "000000131072.jsonl"]);
    assert_eq!(judge(&folder, None).entries_checked, 1 + 65_536 + 100);
    let plain = three_files();
    good(&plain, &["chain", "prune", "book", "--before", "65536", "--yes"]);
    assert_eq!(root_of(&folder, 0), root_of(&plain, 0));
}

fn by_time_the_last_entry_of_a_file_decides() {
    // Entries are a second apart.
    let folder = three_files();
    let last = good(&folder, &["chain", "cat", "book", "65535"]).out;
    let time = json::parse_object(last.trim().as_bytes()).unwrap().str("received").unwrap().to_owned();
    let prune = |time: &str| good(&folder, &["chain", "prune", "book", "--before", time, "-n"]).err;
    assert!(prune(&time).contains("nothing is dropped"), "received before, not at");
    let later = time.replace(".000Z", ".001Z");
    assert!(prune(&later).contains("entries 1 to 65535 would be dropped"), "{}", prune(&later));
    assert_eq!(names(&folder).len(), 3);
}

fn nothing_goes_unasked_unchecked_or_from_the_last_file() {
    let folder = three_files();
    let unasked = folder.run(&["chain", "prune", "book", "--before", "131072"]);
    assert!(unasked.code == Some(2) && unasked.err.contains("say --yes"), "{}", unasked.err);
    let bogus = folder.run(&["chain", "prune", "book", "--before", "yesterday", "--yes"]);
    assert_eq!(bogus.code, Some(2));
    assert!(names(&folder).iter().all(|name| name.split_once('.').is_some_and(|(_, form)| form == "jsonl")));
    good(&folder, &["chain", "prune", "book", "--before", "999999999", "--yes"]);
    assert_eq!(names(&folder)[2], "000000131072.jsonl");
    let refused = |bend: &dyn Fn(&Path)| {
        let folder = two_files();
        bend(&folder.path("book"));
        let run = folder.run(&["chain", "prune", "book", "--before", "65536", "--yes"]);
        assert_eq!((run.code, names(&folder)[0].as_str()), (Some(2), "000000000000.jsonl"), "{}", run.err);
        run.err
    };
    let bytes = |path: &Path, at: u64| {
        let mut file = fs::File::options().read(true).write(true).open(path).unwrap();
        let mut byte = [0];
        file.seek(SeekFrom::Start(at)).unwrap();
        file.read_exact(&mut byte).unwrap();
        file.seek(SeekFrom::Start(at)).unwrap();
        file.write_all(&[byte[0] ^ 1]).unwrap();
    };
    let entry = refused(&|book| bytes(&book.join("entries/000000000000.jsonl"), 2_000_000));
    assert!(entry.contains("not what the signed root says"), "{entry}");
    for (level, at) in [(0, 32 * 1_000), (1, 32 * 7)] {
        let tree = refused(&|book| bytes(&book.join(format!("tree/{level}")), at));
        assert!(tree.contains("run foil chain repair"), "{tree}");
    }
    let seen = refused(&|book| {
        // A verifier that saw more entries than there are.
        let home = book.parent().unwrap();
        let copy = home.join("copy");
        assert!(std::process::Command::new("cp").arg("-a").args([book, &copy]).status().unwrap().success());
        fs::write(home.join("more.jsonl"), "{\"n\":1}\n").unwrap();
        let mut append = std::process::Command::new(env!("CARGO_BIN_EXE_foil"));
        append.args(["chain", "append", "copy", "-k", "gateway", "-q", "more.jsonl"]);
        append.env("XDG_STATE_HOME", home.join("state")).current_dir(home);
        assert!(append.status().unwrap().success());
    });
    assert!(seen.contains("rolled back: "), "{seen}");
}

fn contracts_are_not_checked_where_entries_are_gone() {
    let folder = pruned();
    let contract = format!(
        "contract = \"foil/1\"\ntitle = \"t\"\nperiod = {{ from = 2026-03-02T18:00:00Z, to = 2026-03-02T18:30:00Z }}\n\
         [parties.a]\nkey = \"{0}\"\n[devices.d]\nid = \"d\"\nsigned_by = [\"{0}\"]\nfields = {{ t = \"Cel\" }}\n\
         [time]\nhold = \"1m\"\n[[terms]]\nid = \"x\"\non = \"d\"\nrequire = \"t < 8\"\n",
        key(200).public()
    );
    fs::write(folder.path("c.toml"), contract).unwrap();
    for more in [&["--key", "gateway.did"][..], &["--no-verify"]] {
        let run = folder.run(&[&["contract", "check", "c.toml", "book", "--draft"], more].concat());
        assert_eq!((run.code, run.out.as_str()), (Some(2), ""), "{}", run.err);
        assert!(run.err.contains("entries 1 to 131071 were dropped"), "{}", run.err);
    }
}

fn a_marker_is_believed_as_far_as_the_signed_root_confirms_it() {
    let folder = pruned();
    for (name, step) in [("000000065536", 5), ("000000000000", 83)] {
        let path = folder.path(&format!("book/entries/{name}.pruned"));
        let whole = fs::read(&path).unwrap();
        let text = String::from_utf8(whole.clone()).unwrap();
        let told = |from: &str, to: &str| {
            let begin = text.find(from).unwrap();
            begin..begin + text[begin..].find(to).unwrap()
        };
        // What is told for people stands for nothing: how long it was, and when it came.
        let idle = [told("\"bytes\":", ",\"count\""), told("\"received\":", ",\"root\"")];
        for at in (0..whole.len()).step_by(step).chain([whole.len() - 1]) {
            let mut bent = whole.clone();
            bent[at] ^= 1;
            fs::write(&path, &bent).unwrap();
            let report = judge(&folder, None);
            let harmless = idle.iter().any(|range| range.contains(&at))
                && Marker::parse(Layout::STANDARD, &bent).is_ok();
            assert_eq!(report.sound(), harmless, "{name}, byte {at}: {:?}", found(&report));
            assert_eq!(report.vouched.is_empty(), !harmless, "{name}, byte {at}");
        }
        fs::write(&path, whole).unwrap();
    }
    assert!(judge(&folder, None).sound());
}

fn a_marker_of_another_file_and_a_missing_one_are_errors() {
    let folder = pruned();
    let second = folder.path("book/entries/000000065536.pruned");
    let whole = fs::read_to_string(&second).unwrap();
    let (own, other) = (root_of(&folder, 65_536).to_string(), root_of(&folder, 0).to_string());
    fs::write(&second, whole.replace(&own, &other)).unwrap();
    let report = judge(&folder, None);
    assert!(report.has(FindingKind::RootMismatch) && !report.sound(), "{:?}", found(&report));
    fs::remove_dir_all(folder.path("book/tree")).unwrap();
    let report = judge(&folder, None);
    assert!(report.has(FindingKind::RootMismatch) && report.vouched.is_empty(), "{:?}", found(&report));
    fs::remove_file(&second).unwrap();
    assert!(judge(&folder, None).has(FindingKind::Missing));
    // The last file may not be dropped, whatever marker says so.
    let folder = pruned();
    let last = folder.path("book/entries/000000131072.jsonl");
    fs::remove_file(last).unwrap();
    let marker = whole.replace("\"first\":65536", "\"first\":131072");
    fs::write(folder.path("book/entries/000000131072.pruned"), marker).unwrap();
    assert!(!judge(&folder, None).sound());
}

fn without_its_tree_it_still_verifies_and_goes_on() {
    let folder = pruned();
    fs::remove_dir_all(folder.path("book/tree")).unwrap();
    let report = judge(&folder, None);
    assert!(report.sound() && report.vouched.len() == 2, "the markers give the root: {:?}", found(&report));
    let run = books::append(&folder, books::numbered(0, 3));
    assert!(run.code == Some(0) && run.err.contains("hashes of dropped entries are lost"), "{}", run.err);
    let repaired = good(&folder, &["chain", "repair", "book"]);
    assert!(repaired.err.contains("hashes of dropped entries are lost"), "{}", repaired.err);
    assert_eq!(
        judge(&folder, None).findings().iter().filter(|f| f.kind == FindingKind::TreeDamaged).count(),
        2
    );
    books::appended(&folder, books::numbered(3, 6));
    // Where they are not lost, they stay.
    let folder = pruned();
    fs::write(folder.path("book/tree/2"), [7; 64]).unwrap();
    fs::write(folder.path("book/tree/1"), "").unwrap();
    good(&folder, &["chain", "repair", "book"]);
    assert_eq!(found(&judge(&folder, None)), ["pruned 1 000000.pruned:-"]);
}

fn what_was_seen_before_is_compared_across_a_hole() {
    let folder = pruned();
    let view = three_files();
    let tree = fs::read(view.path("book/tree/0")).unwrap();
    let root = |size: usize| {
        let leaves: Vec<Hash> = tree.as_chunks().0[..size].iter().map(|hash| Hash(*hash)).collect();
        counterfoil::tlog::merkle::fold(&leaves)
    };
    for size in [1, 1_000, 65_536, 65_537, 131_072, 131_100] {
        let key = key(200).public();
        let seen = RememberedCheckpoint { key: key.clone(), size: size as u64, root: root(size) };
        let report = judge(&folder, Some(seen));
        assert!(report.sound() && !report.vouched.is_empty(), "{size}: {:?}", found(&report));
        let other = RememberedCheckpoint { key, size: size as u64, root: Hash::of(b"other") };
        assert!(judge(&folder, Some(other)).has(FindingKind::Forked), "{size}");
    }
    // Where the hashes are lost too, it cannot be said whether it is the same history.
    fs::remove_dir_all(folder.path("book/tree")).unwrap();
    let seen = RememberedCheckpoint { key: key(200).public(), size: 1_000, root: root(1_000) };
    assert!(judge(&folder, Some(seen)).vouched.is_empty());
}

fn a_gap_is_a_gap_where_nothing_was_dropped() {
    let folder = pruned();
    let record = r#"{"device":"d","stream":"s","seq":200000}"#;
    books::appended(&folder, record);
    let report = judge(&folder, None);
    assert_eq!(report.findings().iter().filter(|finding| finding.kind == FindingKind::Gap).count(), 1);
}

fn killed_at_every_call_of_a_prune() -> Tested {
    let words = ["chain", "prune", "book", "--before", "65536", "--yes"];
    killed_everywhere(&two_files(), &words)
}

fn a_dropped_entry_is_not_proven_and_it_is_said_why() {
    let folder = pruned();
    for words in [&["chain", "prove", "book", "100"], &["chain", "cat", "book", "100"]] {
        let run = folder.run(words);
        let why = "entry 100: dropped by foil chain prune; it is in copies that were made before";
        assert!(run.code == Some(2) && run.err.contains(why), "{words:?}: {}", run.err);
    }
    good(&folder, &["chain", "prove", "book", "0", "-o", "declaration"]);
    good(&folder, &["chain", "prove", "book", "131100", "-o", "kept"]);
}

fn nothing_to_drop_is_data_too() {
    let folder = two_files();
    let none = good(&folder, &["chain", "prune", "book", "--before", "10", "--yes", "--json"]);
    assert_eq!(none.out, "{\"bytes\":0,\"dropped\":0,\"first\":null,\"last\":null}\n");
    let dry = good(&folder, &["chain", "prune", "book", "--before", "10", "-n", "--json"]);
    assert_eq!(dry.out, "");
}

fn what_was_dropped_before_it_was_published_cannot_be() {
    let folder = books::folder();
    books::appended(&folder, books::numbered(1, 60_001));
    good(&folder, &["chain", "publish", "book", "public"]);
    books::appended(&folder, books::numbered(60_001, 140_001));
    let whole = books::copy(&folder);
    good(&folder, PRUNE);
    for (dest, first) in [("public", 60_001), ("new", 1)] {
        let before = fs::metadata(folder.path(dest)).is_ok().then(|| files(&folder.path(dest)));
        let run = folder.run(&["chain", "publish", "book", dest]);
        let why = format!(
            "book: entries {first} to 131071 were dropped by foil chain prune, and are not published there"
        );
        assert!(run.code == Some(2) && run.err.contains(&why), "{}", run.err);
        assert!(run.err.contains("hint: foil chain publish COPY DEST, with a copy that still has them"));
        let after = fs::metadata(folder.path(dest)).is_ok().then(|| files(&folder.path(dest)));
        assert!(before == after, "{dest}");
    }
    // From the copy it goes, and then from the ledger again.
    fs::rename(whole.path("book"), folder.path("copy")).unwrap();
    good(&folder, &["chain", "publish", "copy", "public"]);
    let published = files(&folder.path("public"));
    for words in
        [&["chain", "publish", "book", "public"][..], &["chain", "publish", "book", "public", "--again"]]
    {
        let run = good(&folder, words);
        assert!(run.out.contains(r#""files":0,"mended":0"#), "{}", run.out);
    }
    // What gets lost of it then is still noticed; tiles are made anew, entries cannot be.
    for (place, damage, again) in [
        ("tile/0/003", (|path| fs::remove_file(path).unwrap()) as fn(&Path), true),
        ("tile/entries/003", |path| fs::remove_file(path).unwrap(), false),
        ("tile/entries/300", |path| fs::write(path, "short").unwrap(), false),
    ] {
        let path = folder.path(&format!("public/{place}"));
        damage(&path);
        let run = folder.run(&["chain", "publish", "book", "public"]);
        let why = format!("public/{place}: missing or damaged, and foil chain prune dropped its entries");
        assert_eq!(run.code == Some(0), again, "{place}: {}", run.err);
        assert!(again || run.err.contains(&why), "{}", run.err);
        good(&folder, &["chain", "publish", "copy", "public"]);
        assert!(files(&folder.path("public")) == published, "{place}");
    }
    let path = folder.path("public/tile/entries/300");
    let mut bytes = fs::read(&path).unwrap();
    bytes[100] ^= 1;
    fs::write(&path, bytes).unwrap();
    let run = folder.run(&["chain", "publish", "book", "public", "--again"]);
    assert!(
        run.code == Some(2) && run.err.contains("public/tile/entries/300: missing or damaged"),
        "{}",
        run.err
    );
}

fn a_rehearsal_of_a_repair_without_a_tree_says_what_the_repair_does() {
    let folder = pruned();
    fs::remove_dir_all(folder.path("book/tree")).unwrap();
    let run = folder.run(&["chain", "repair", "book", "-n"]);
    assert!(run.code == Some(1) && run.err.contains("tree/ is not what the entries give"), "{}", run.err);
    assert!(!folder.path("book/tree").exists());
    let run = folder.run(&["chain", "repair", "book"]);
    assert!(run.code == Some(0) && run.err.contains("tree/ was made anew"), "{}", run.err);
    // Where an entry is lost too, nothing leads to the root, and nothing is touched.
    fs::remove_dir_all(folder.path("book/tree")).unwrap();
    let last = folder.path("book/entries/000000131072.jsonl");
    let text = fs::read_to_string(&last).unwrap();
    fs::write(&last, text.replacen("\"received\"", "\"received \"", 1)).unwrap();
    fs::create_dir(folder.path("book/tree")).unwrap();
    fs::write(folder.path("book/tree/0"), "x").unwrap();
    for words in [&["chain", "repair", "book"][..], &["chain", "repair", "book", "-n"]] {
        let run = folder.run(words);
        assert!(run.code == Some(2) && run.err.contains("lead to the signed root"), "{}", run.err);
        assert!(!folder.path("book/replaced/tree-0.1").exists(), "nothing is replaced, so nothing is kept");
    }
}

fn copies_are_compared_entry_by_entry_around_what_was_dropped() {
    let (folder, whole) = (pruned(), three_files());
    books::copy_into(&whole, "book", &folder, "whole");
    let diff =
        |a: &str, b: &str, form: &str| folder.run(&["chain", "diff", a, b, "--key", "gateway.did", form]);
    for (a, b) in [("book", "book"), ("book", "whole"), ("whole", "book")] {
        let run = diff(a, b, "--json");
        assert_eq!(run.code, Some(0), "{a} {b}: {}{}", run.out, run.err);
        assert!(run.out.contains("\"verdict\":\"same\"") && run.out.contains("\"pruned\""), "{}", run.out);
        let said = "entries 1 to 131071 were dropped by foil chain prune: not seen";
        assert!(run.out.contains(said) && diff(a, b, "--human").out.contains(said), "{}", run.out);
    }
    let path = folder.path("book/entries/000000131072.jsonl");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replacen("\"seq\":131080", "\"seq\":131081", 1)).unwrap();
    let run = diff("book", "whole", "--json");
    assert!(run.code == Some(1) && run.out.contains("\"n\":131080"), "{}{}", run.out, run.err);
    fs::remove_dir_all(folder.path("book/tree")).unwrap();
    let run = diff("book", "whole", "--json");
    let said = "entries 1 to 65535 were dropped, and tree/ does not have their hashes";
    assert!(run.code == Some(2) && run.err.contains(said), "{:?} {}{}", run.code, run.out, run.err);
}
