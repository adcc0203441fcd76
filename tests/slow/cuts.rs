//! Power cuts in whatever else writes: what is repaired, published, packed, dropped, and what a command makes
//! beside a ledger. Each is cut at every call, in the model of what POSIX allows, and each of its syncs is left out.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use crate::{
    books::{self, good, numbered},
    crash::traced,
    damaged::{FILE, REPAIR, content, edit, folder, forge, remove, replaced},
    pack::{contents, two_files},
    power::{
        Found,
        case::Case,
        trace::{self, Call},
    },
    prune_enrolled,
    publish_crash::{PUBLISH, grown, sizes_for_readers},
    publishing::{files, published},
    run::Folder,
    support::{
        needs::{self, Tested},
        trial::trials,
    },
};

trials![
    cut_in_a_mending,
    cut_in_a_resigning,
    cut_in_a_publication,
    cut_in_a_pack,
    cut_in_an_unpack,
    cut_in_a_prune,
    cut_in_keeping_the_registry,
    cut_in_keeping_the_only_copy,
    cut_in_what_makes_files,
    lines_go_when_their_hashes_are_durable,
    lines_go_when_the_registry_is_durable,
];

/// How many ways of each cut are looked at.
const FEW: usize = 16;

/// A repair of a folder with a `copy`: the ledger comes to be what that is, and what stood there is kept.
fn repair(name: &'static str, folder: Folder, kept: &[&str]) -> Case {
    let whole = content(&folder, "copy");
    let kept: Vec<Vec<u8>> = kept.iter().map(|it| fs::read(folder.path(it)).unwrap()).collect();
    Case::new(name, folder, REPAIR, move |found| {
        let Found { folder, why, .. } = found;
        if !found.done {
            good(folder, REPAIR);
        }
        assert!(content(folder, "book") == whole, "{why}: {:?}", content(folder, "book").keys());
        are_kept(found, &kept);
    })
}

/// Asserts that what stood in the ledger is under `replaced/`.
fn are_kept(found: &Found, all: &[Vec<u8>]) {
    for (n, bytes) in all.iter().enumerate() {
        let is_it = |it: &String| fs::read(found.folder.path("book/replaced").join(it)).unwrap() == *bytes;
        let there = replaced(&found.folder);
        assert!(there.iter().any(is_it), "{}: what was replaced is lost: {n}: {there:?}", found.why);
    }
}

/// The ledger of twelve entries beside its copy, with something wrong.
fn with(damage: impl FnOnce(&Folder)) -> Folder {
    let folder = folder();
    damage(&folder);
    folder
}

/// Lines that are wrong, and a `tree/` that fits them.
fn wrong_lines() -> Folder {
    with(|it| {
        forge(it);
        edit(it, FILE, |lines| drop(lines.remove(3)));
    })
}

fn repairs() -> Vec<Case> {
    let (lines, checkpoint, state) = ([FILE, "book/tree/0"], "book/checkpoint", "book/state.json");
    let write = |name: &'static str| with(|it| fs::write(it.path(name), "x\n").unwrap());
    let without_links = repair("repair without links", wrong_lines(), &lines);
    vec![
        repair("repair of lines", wrong_lines(), &lines),
        Case { fault: Some("inject=linkat:error=EPERM"), ..without_links },
        repair("repair of no entries", with(|it| remove(it, "book/entries")), &[]),
        repair("repair of a checkpoint", write(checkpoint), &[checkpoint]),
        repair("repair of a state", write(state), &[state]),
    ]
}

/// Entries are lost for good.
fn resigning() -> Case {
    let folder = folder();
    remove(&folder, "copy");
    edit(&folder, FILE, |lines| drop(lines.remove(8)));
    let words = ["chain", "repair", "book", "--resign", "-k", "gateway", "--forget-seen"];
    let kept = [FILE, "book/checkpoint", "book/tree/0"].map(|it| fs::read(folder.path(it)).unwrap());
    Case::new("resign", folder, &words, move |found| {
        let Found { folder, why, .. } = found;
        if !found.done {
            good(folder, &words);
        }
        assert_eq!(books::size(folder), 8, "{why}");
        books::assert_sound(folder, why);
        are_kept(found, &kept);
        let sight = |it: &String| it.starts_with("seen") && is_sight(&folder.path("book/replaced").join(it));
        assert!(replaced(folder).iter().any(sight), "{why}: what was seen is lost: {:?}", replaced(folder));
        let lines = fs::read_to_string(folder.path(FILE)).unwrap().lines().count();
        assert!(lines == 8 || !found.done, "{why}: {lines} lines are left");
        books::appended(folder, numbered(20, 21));
    })
}

/// Whether a file says that twelve entries were seen.
fn is_sight(path: &Path) -> bool {
    fs::read(path).is_ok_and(|bytes| {
        String::from_utf8(bytes).is_ok_and(|text| text.contains("\n12\n") && text.ends_with("=\n"))
    })
}

/// Readers find a whole log at any time, and the next publisher comes to the same files.
fn publishing(name: &'static str, folder: Folder, before: Option<&'static str>) -> Case {
    let twin = books::copy(&folder);
    published(&twin);
    let whole = files(&twin.path("public"));
    Case::new(name, folder, PUBLISH, move |found| {
        let Found { folder, why, .. } = found;
        let size = sizes_for_readers(folder, why);
        let known = size.as_deref() == Some("260") || (!found.done && size.as_deref() == before);
        assert!(known, "{why}: readers find {size:?} entries");
        published(folder);
        let there = files(&folder.path("public"));
        assert!(there == whole, "{why}: {:?}", there.keys());
    })
}

fn publications() -> [Case; 2] {
    let first = grown();
    fs::remove_dir_all(first.path("public")).unwrap();
    [publishing("publish", grown(), Some("250")), publishing("first publish", first, None)]
}

/// One form of a closed file takes the place of another: what counts is the one or the other, whole.
fn exchange(name: &'static str, folder: Folder, words: &'static [&'static str]) -> Case {
    let whole = books::copy(&folder);
    good(&whole, words);
    let (before, after) = (contents(&folder), contents(&whole));
    Case::new(name, folder, words, move |found| {
        let Found { folder, why, .. } = found;
        let left = contents(folder);
        let known = [&before, &after].iter().any(|it| counting(it) == counting(&left));
        assert!(known, "{why}: neither the old nor the new: {:?}", left.keys());
        if !found.done {
            good(folder, words);
        }
        let left = contents(folder);
        assert!(left == after, "{why}: {:?}", left.keys());
    })
}

/// The form of the first file that counts, and the second file.
fn counting(files: &BTreeMap<String, Vec<u8>>) -> [Option<(&String, &Vec<u8>)>; 2] {
    let first = [".jsonl", ".jsonl.gz", ".pruned"].map(|form| format!("000000000000{form}"));
    let first = first.iter().find_map(|name| files.get_key_value(name));
    [first, files.get_key_value("000000065536.jsonl")]
}

const PACK: &[&str] = &["chain", "pack", "book"];
const UNPACK: &[&str] = &["chain", "pack", "book", "--unpack"];
const PRUNE: &[&str] = &["chain", "prune", "book", "--before", "65536", "--yes"];

fn packed() -> Folder {
    let folder = two_files();
    good(&folder, PACK);
    folder
}

/// Both forms of a file, as an interrupted command leaves them.
fn both_forms() -> Folder {
    let folder = packed();
    let plain = "book/entries/000000000000.jsonl";
    fs::copy(two_files().path(plain), folder.path(plain)).unwrap();
    folder
}

/// What a command makes beside its output is there, whole, when it has ended, and is never there in part.
fn making(words: &'static [&'static str], made: &'static [&'static str]) -> Case {
    let folder = books::folder();
    books::appended(&folder, numbered(0, 3));
    fs::write(folder.path("one.jsonl"), "{\"type\":\"note\"}\n").unwrap();
    let whole = books::copy(&folder);
    good(&whole, words);
    let whole: Vec<Vec<u8>> = made.iter().map(|it| fs::read(whole.path(it)).unwrap()).collect();
    Case::new(words[0], folder, words, move |found| {
        for (name, bytes) in made.iter().zip(&whole) {
            let there = fs::read(found.folder.path(name)).ok();
            assert!(there.is_some() || !found.done, "{}: {name} is lost", found.why);
            assert!(there.is_none_or(|it| it == *bytes), "{}: {name} is there in part", found.why);
        }
    })
}

/// A new key: once its name was printed, it can sign.
fn keygen() -> Case {
    let folder = Folder::new();
    Case::new("keygen", folder, &["keygen", "carrier"], |found| {
        let shown = ["carrier.pem", "carrier.did"].map(|it| found.folder.run(&["key", "show", it]));
        for (said, run) in found.said.iter().flat_map(|said| shown.iter().map(move |run| (said, run))) {
            assert_eq!(run.code, Some(0), "{}: {}", found.why, run.err);
            let did = |text: &str| text.split('"').find(|it| it.starts_with("did:")).map(str::to_owned);
            assert_eq!(did(&run.out), did(said), "{}", found.why);
        }
    })
}

fn made_beside() -> Vec<Case> {
    vec![
        keygen(),
        making(&["contact", "add", "bob", "gateway.did"], &["config/foil/contacts/bob.did"]),
        making(&["sign", "-k", "gateway", "one.jsonl", "-o", "signed.jsonl"], &["signed.jsonl"]),
        making(&["chain", "prove", "book", "2", "-o", "two"], &["two.json", "two.tlog-proof"]),
    ]
}

/// A writer that keeps the registry anew: it is one of the two, or it is noticed; the entries say it anyway.
fn keeping() -> Case {
    let folder = prune_enrolled::of_size(4_200);
    fs::write(folder.path("one.jsonl"), prune_enrolled::say()).unwrap();
    Case::new("keep", folder, &["chain", "append", "book", "-k", "gateway", "one.jsonl"], |found| {
        let Found { folder, why, .. } = found;
        let shown = good(folder, &["registry", "show", "book", "owner"]);
        assert!(shown.out.contains("\"n\":1,"), "{why}: {}", shown.out);
        // The first one may be taken for what the cut writer did not acknowledge, and then writes nothing.
        for next in [0, 1].map(|_| books::append(folder, prune_enrolled::say())) {
            assert_eq!(next.code, Some(0), "{why}: {}", next.err);
        }
        let state = fs::read_to_string(folder.path("book/state.json")).unwrap_or_default();
        assert!(state.ends_with("}\n"), "{why}: a part of state.json, and nobody noticed");
        good(folder, &["verify", "book", "--key", "gateway.did"]);
    })
}

/// The same where lines are gone: what is kept is the only copy, the old one or the new one, and never a part.
fn keeping_the_only_copy() -> Case {
    const WORDS: &[&str] = &["chain", "append", "book", "-k", "gateway", "one.jsonl"];
    let state = |folder: &Folder| fs::read(folder.path("book/state.json")).unwrap();
    let folder = prune_enrolled::with_only_copy();
    fs::write(folder.path("one.jsonl"), prune_enrolled::say()).unwrap();
    let (before, size, twin) = (state(&folder), books::size(&folder), books::copy(&folder));
    good(&twin, WORDS);
    assert_ne!(state(&twin), before, "it is kept anew");
    Case::new("keep the only copy", folder, WORDS, move |found| {
        let Found { folder, why, said, .. } = found;
        assert!(books::size(folder) >= size + said.len() as u64, "{why}: acknowledged and lost");
        let next = books::append(folder, prune_enrolled::say());
        assert_eq!(next.code, Some(0), "{why}: {}", next.err);
        assert_eq!(books::append(folder, prune_enrolled::stranger()).code, Some(2), "{why}");
        good(folder, &["registry", "show", "book", "owner"]);
        good(folder, &["verify", "book", "--key", "gateway.did"]);
    })
}

/// Cuts them at every call, and then without each of their syncs.
fn cut(cases: impl IntoIterator<Item = Case>, limit: usize, states: usize, but: &[&str]) -> Tested {
    for case in cases {
        case.on_paper(limit, states)?;
        case.all_syncs_needed(limit, but)?;
    }
    Ok(())
}

/// What is made anew from the entries: to sync it saves the time that this takes.
const NOT_THE_TREE: &[&str] = &["/tree", "/tree/0"];

fn cut_in_a_mending() -> Tested {
    cut(repairs(), FEW, 8, NOT_THE_TREE)
}

fn cut_in_a_resigning() -> Tested {
    cut([resigning()], FEW, 20, NOT_THE_TREE)
}

fn cut_in_a_publication() -> Tested {
    let [again, first] = publications();
    again.on_paper(4, 20)?;
    // That what was taken away comes back, and the marker does not, is one way of many.
    again.all_syncs_needed(FEW, &[])?;
    // Nothing is obsolete yet, so that a publisher died need not show.
    first.on_paper(4, 20)
}

fn cut_in_a_pack() -> Tested {
    cut([exchange("pack", two_files(), PACK)], 3, 6, &[])
}

fn cut_in_an_unpack() -> Tested {
    cut([exchange("unpack", packed(), UNPACK), exchange("settle", both_forms(), UNPACK)], 3, 2, &[])
}

fn cut_in_a_prune() -> Tested {
    // In the model `tree/` is on disk already.
    cut([exchange("prune", two_files(), PRUNE)], 3, 6, &["/tree", "/tree/0", "/tree/1", "/tree/2"])
}

fn cut_in_keeping_the_registry() -> Tested {
    keeping().on_paper(4, 6)
}

fn cut_in_keeping_the_only_copy() -> Tested {
    // Of the others `cut_in_an_append` knows that they are needed; its name may come later: the old one will do.
    let others = [".jsonl", "/checkpoint.tmp", "/book", "/tree", "/tree/0", "/tree/1", "/tree/2"];
    cut([keeping_the_only_copy()], 4, 6, &others)
}

fn cut_in_what_makes_files() -> Tested {
    cut(made_beside(), FEW, 3, &[])
}

fn lines_go_when_their_hashes_are_durable() -> Tested {
    needs::tool("strace")?;
    let parts = ["tree/0", "tree/1", "tree/2", "tree", "entries/000000000000.pruned.tmp", "entries"];
    synced_before_lines_go(&two_files(), PRUNE, &parts);
    Ok(())
}

fn lines_go_when_the_registry_is_durable() -> Tested {
    needs::tool("strace")?;
    let folder = prune_enrolled::of_size(65_536 + 10);
    let with_key = [PRUNE, &["-k", "gateway"]].concat();
    let twin = books::copy(&folder);
    synced_before_lines_go(&folder, &with_key, &["state.json.tmp", "state.json", "."]);
    // The tool that copied the file here did not sync it.
    assert_eq!(books::append(&twin, prune_enrolled::say()).code, Some(0));
    synced_before_lines_go(&twin, PRUNE, &["state.json", "."]);
    Ok(())
}

fn synced_before_lines_go(folder: &Folder, words: &[&str], parts: &[&str]) {
    let run = traced(folder, &trace::everything().each_ref().map(String::as_str), words, "");
    assert_eq!(run.code, Some(0), "{}", run.err);
    let calls = trace::calls(folder);
    let gone = calls.iter().find(|it| it.name == "unlink" && it.text(0).ends_with("00.jsonl")).unwrap();
    // The tool that copied the ledger here did not sync it.
    for part in parts {
        let path = fs::canonicalize(folder.path("book")).unwrap().join(part);
        let path: PathBuf = path.components().collect();
        let synced = |it: &&Call| it.name == "fsync" && Path::new(&it.path_of(0)) == path;
        let synced = calls.iter().find(synced).map(|it| it.ended);
        assert!(synced.is_some_and(|at| at < gone.began), "{part} is synced before lines go");
    }
}
