//! The power fails: whatever the disk had of it by then, nothing acknowledged is lost, nothing that was not sent
//! appears, and the next writer goes on.
//!
//! Each scene is cut in two ways: by the model of what POSIX allows (needs strace), and on a real ext4 (needs root).
//! The ordinary run makes some cuts of each; `cargo test --test slow powercut -- --ignored` makes many.

use std::fs;

use counterfoil::{
    json::{self, Value},
    object,
    record::writers::Writers,
};

use crate::{
    books::{self, APPEND, numbered},
    ledgers::{self, Ledger},
    power::{
        Found,
        case::Case,
        ext4::{Ext4, Pace},
    },
    run::Folder,
    support::{
        needs::{self, Tested},
        trial::trials,
    },
};

trials![
    cut_in_an_append,
    cut_in_a_big_append,
    cut_across_the_end_of_a_file,
    cut_in_a_recovery,
    cut_in_an_init,
    cut_in_a_repair,
    cut_on_ext4,
    every_sync_is_needed,
    ext4_forgets_what_was_not_synced,
    ;
    takes minutes: every_sync_of_long_ledgers_is_needed, cut_very_often, cut_very_often_on_ext4
];

/// How many ways of each cut the ordinary run looks at, and the long one.
const FEW: usize = 24;
const MANY: usize = 1_500;

/// Appends these pieces to a ledger with these records.
fn appending(name: &'static str, folder: Folder, before: String, pieces: Vec<String>) -> Case {
    let sent = pieces.clone();
    let case = Case::new(name, folder, APPEND, move |found| nothing_lost(found, &before, &sent));
    Case { pieces, ..case }
}

/// A ledger with the records 0, 1, 2.
fn folder() -> Folder {
    let folder = books::folder();
    books::appended(&folder, numbered(0, 3));
    folder
}

/// Two batches.
fn append() -> Case {
    appending("append", folder(), numbered(0, 3), vec![numbered(3, 6), numbered(6, 30)])
}

/// Batches of many blocks, lines and hashes.
fn big_append() -> Case {
    let pieces = vec![numbered(3, 270), numbered(270, 900)];
    appending("big append", folder(), numbered(0, 3), pieces)
}

/// A ledger with so many entries, of which entry n says n - 1.
fn long(entries: u64) -> Folder {
    let records = (0..entries - 1).map(|n| object! { "n": n });
    let records = std::iter::once(ledgers::genesis(Writers::Anyone)).chain(records);
    let folder = Folder::new();
    folder.fixed_key("gateway", 200);
    ledgers::write(&Ledger::holding(records.collect()).view, &folder.path("book"));
    folder
}

/// A batch that goes on in the next file.
fn crossing() -> Case {
    let folder = long(65_533);
    // Now `lock` is of this run of the machine.
    books::appended(&folder, numbered(65_532, 65_533));
    let pieces = vec![numbered(65_533, 65_540)];
    let sent = pieces.clone();
    let case = Case::new("crossing", folder, APPEND, move |found| end_not_lost(found, 65_534, &sent));
    Case { pieces, ..case }
}

/// A long `tree/` that is wrong and made anew.
fn long_repair() -> Case {
    let folder = long(65_700);
    fs::write(folder.path("book/tree/0"), [7; 32 * 300]).unwrap();
    Case::new("long repair", folder, &["chain", "repair", "book", "-q"], |found| {
        end_not_lost(found, 65_700, &[]);
    })
}

/// What a writer leaves that was stopped in the middle of a line.
const TORN: &str = "{\"n\":7,\"recei";

/// A batch that takes up what a writer left that died, and sets aside what is no good.
fn recovery() -> Case {
    let (folder, tail) = (folder(), numbered(3, 6));
    let entries = folder.path("book/entries/000000000000.jsonl");
    let before = fs::metadata(&entries).unwrap().len();
    let twin = books::copy(&folder);
    books::appended(&twin, &*tail);
    let written = fs::read_to_string(twin.path("book/entries/000000000000.jsonl")).unwrap();
    fs::write(&entries, written + TORN).unwrap();
    let mut case = appending("recovery", folder, numbered(0, 3), vec![tail]);
    let nothing_lost = case.check;
    case.check = Box::new(move |found| {
        assert!(is_kept(&found.folder, before), "{}: what was no entry is lost", found.why);
        nothing_lost(found);
        assert!(is_kept(&found.folder, u64::MAX), "{}: what was no entry is lost", found.why);
    });
    case
}

/// Whether what is no entry is still there: behind this byte of the file of entries, or set aside.
fn is_kept(folder: &Folder, behind: u64) -> bool {
    let replaced = fs::read_dir(folder.path("book/replaced")).into_iter().flatten();
    let mut texts: Vec<Vec<u8>> = replaced.map(|file| fs::read(file.unwrap().path()).unwrap()).collect();
    let entries = fs::read(folder.path("book/entries/000000000000.jsonl")).unwrap();
    texts.extend(usize::try_from(behind).ok().and_then(|behind| entries.get(behind..)).map(<[u8]>::to_vec));
    texts.iter().any(|text| text.ends_with(TORN.as_bytes()))
}

/// A new ledger.
fn init() -> Case {
    let folder = Folder::new();
    folder.fixed_key("gateway", 200);
    let words = ["chain", "init", "book", "-k", "gateway", "--writers", "anyone", "--origin", "plant7/book"];
    Case::new("init", folder, &words, move |found| {
        let (folder, why) = (&found.folder, &found.why);
        let there = folder.path("book/checkpoint").exists();
        assert!(there || found.said.is_empty(), "{why}: acknowledged and not there");
        let run = folder.run(&words);
        assert_eq!(run.code, Some(if there { 2 } else { 0 }), "{why}: {}", run.err);
        books::assert_sound(folder, why);
        books::appended(folder, numbered(0, 2));
        assert_eq!(books::records(folder), books::once(&numbered(0, 2)), "{why}");
        books::assert_sound(folder, why);
    })
}

/// A `tree/` that is wrong and made anew.
fn repair() -> Case {
    let folder = books::folder();
    books::appended(&folder, numbered(0, 600));
    fs::write(folder.path("book/tree/0"), [7; 32 * 300]).unwrap();
    Case::new("repair", folder, &["chain", "repair", "book", "-q"], |found| {
        let (folder, why) = (&found.folder, &found.why);
        for words in [&["chain", "repair", "book"][..], &["chain", "repair", "book", "-n"]] {
            books::assert_sound(folder, why);
            let run = folder.run(words);
            assert_eq!(run.code, Some(0), "{why}: {words:?}: {}", run.err);
        }
        nothing_lost(found, &numbered(0, 600), &[]);
    })
}

/// What must hold for a ledger with some records, to which these pieces were appended: what was acknowledged is
/// there; what was not is there once when its producer has sent it again; the next append goes on.
fn nothing_lost(found: &Found, before: &str, pieces: &[String]) {
    books::assert_sound(&found.folder, &found.why);
    end_not_lost(found, books::once(before).len() as u64 + 1, pieces);
    let all = books::records(&found.folder);
    let lost = before.lines().find(|line| all.get(*line) != Some(&1));
    assert_eq!(lost, None, "{}: not there once", found.why);
    books::assert_sound(&found.folder, &found.why);
}

/// The same for a ledger with so many entries, of which only what follows them is counted.
fn end_not_lost(found: &Found, before: u64, pieces: &[String]) {
    const NEXT: &str = "{\"next\":1}\n";
    let (folder, why) = (&found.folder, &found.why);
    let stated =
        |line: &String| json::parse_object(line.as_bytes()).unwrap().get("size").and_then(Value::as_u64);
    let acknowledged = found.said.iter().filter_map(stated).max().unwrap_or(before);
    let size = books::size(folder);
    assert!(size >= acknowledged, "{why}: {acknowledged} entries were acknowledged, {size} are there");
    let again = pieces[found.said.len()..].concat();
    // `lock`, which tells what was committed and not acknowledged, is not synced: where a cut takes that away, such
    // records are there at least once, not exactly once.
    let twice = if size > acknowledged { &pieces[found.said.len()..][..1] } else { &[] };
    let once: Vec<String> = [pieces, &[NEXT.to_owned()]].concat();
    let sent: Vec<String> = [pieces, twice, &[NEXT.to_owned()]].concat();
    let run = books::append(folder, again + NEXT);
    assert_eq!(run.code, Some(0), "{why}: sent again: {}", run.err);
    let there = folder.run(&["chain", "cat", "book", &format!("{before}.."), "--records"]).out;
    let there = sorted(&there);
    assert!(there == sorted(&once.concat()) || there == sorted(&sent.concat()), "{why}: {there:?}");
    // Reads all entries, too, and asks whether they give the signed root.
    let whole = folder.run(&["chain", "repair", "book", "-n"]);
    assert_eq!(whole.code, Some(0), "{why}: tree/ after the next append: {}", whole.err);
}

fn sorted(lines: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = lines.lines().collect();
    lines.sort_unstable();
    lines
}

fn cut_in_an_append() -> Tested {
    append().on_paper(FEW, 100)
}

fn cut_in_a_big_append() -> Tested {
    big_append().on_paper(4, 50)
}

fn cut_across_the_end_of_a_file() -> Tested {
    crossing().on_paper(2, 12)
}

fn cut_in_a_recovery() -> Tested {
    recovery().on_paper(FEW, 40)
}

fn cut_in_an_init() -> Tested {
    init().on_paper(FEW, 100)
}

fn cut_in_a_repair() -> Tested {
    repair().on_paper(FEW, 40)
}

fn cut_on_ext4() -> Tested {
    for case in [append(), recovery(), init(), repair()] {
        case.on_ext4(Pace::Quick, 3, 4)?;
    }
    Ok(())
}

/// Where the names in `tree/` are lost all is well: a level that is missing or short is made anew. To sync them
/// saves the time that this takes.
const NOT_THE_TREE: &[&str] = &["/tree"];

fn every_sync_is_needed() -> Tested {
    for case in [append(), recovery()] {
        case.all_syncs_needed(FEW / 2, NOT_THE_TREE)?;
    }
    // The state folder and the ledger lie in one folder here, so its first sync is made good by the second.
    init().all_syncs_needed(FEW / 2, &[NOT_THE_TREE, &["fsync of ."]].concat())
}

fn ext4_forgets_what_was_not_synced() -> Tested {
    needs::tool("strace")?;
    let ext4 = Ext4::new(4_096, &["-b", "1024"], "data=ordered")?;
    let outcome = ext4.cut(&append().scene(), Pace::Unsynced, 3);
    assert!(
        outcome.wrong.is_some_and(|wrong| wrong.contains("were acknowledged")),
        "a writer that syncs nothing"
    );
    Ok(())
}

fn every_sync_of_long_ledgers_is_needed() -> Tested {
    for case in [crossing(), long_repair()] {
        case.all_syncs_needed(24, NOT_THE_TREE)?;
    }
    Ok(())
}

fn cut_very_often() -> Tested {
    for case in [append(), big_append(), recovery(), init(), repair()] {
        case.on_paper(MANY, 500)?;
    }
    for case in [crossing(), long_repair()] {
        case.on_paper(20, 60)?;
    }
    Ok(())
}

fn cut_very_often_on_ext4() -> Tested {
    for case in [append(), big_append(), recovery(), init(), repair()] {
        case.on_ext4(Pace::Quick, 60, 6)?;
        case.on_ext4(Pace::Slow, 10, 6)?;
    }
    Ok(())
}
