//! Files of 65,536 entries, packed and unpacked: every command reads both forms alike, and a run that dies on the
//! way leaves one of them whole.

use std::{collections::BTreeMap, fs, io::Write, sync::LazyLock};

use counterfoil::{object, record::writers::Writers};

use crate::{
    books::{self, good, names},
    crash,
    ledgers::{self, Ledger, genesis},
    run::Folder,
    support::{
        needs::{self, Tested},
        trial::trials,
    },
};

trials![
    every_command_reads_packed_files_as_it_reads_plain_ones,
    the_way_back_gives_the_same_bytes,
    a_rehearsal_packs_nothing_and_an_open_file_is_never_packed,
    what_the_signed_root_does_not_say_is_not_packed,
    of_both_forms_the_plain_one_counts_and_the_next_run_ends_it,
    two_who_pack_take_turns,
    killed_at_every_call_of_a_pack,
    killed_at_every_call_of_an_unpack,
];

/// Entries of two closed files and of a third one.
pub const SIZE: u64 = 2 * 65_536 + 100;

pub const PLAIN: &str = "book/entries/000000000000.jsonl";
pub const PACKED: &str = "book/entries/000000000000.jsonl.gz";

/// What one source says, entry after entry.
fn ledger(size: u64) -> Ledger {
    let mut records = vec![genesis(Writers::Anyone)];
    records.extend((1..size).map(|n| object! { "device": "d", "stream": "s", "seq": n }));
    Ledger::holding(records)
}

/// A folder with a ledger `book` of so many entries, and the key that signs it.
fn with_ledger(size: u64) -> Folder {
    let folder = Folder::new();
    folder.fixed_key("gateway", 200);
    ledgers::write(&ledger(size).view, &folder.path("book"));
    folder
}

/// A folder with a ledger of three files.
pub fn three_files() -> Folder {
    static MADE: LazyLock<Folder> = LazyLock::new(|| with_ledger(SIZE));
    books::copy(&MADE)
}

/// A folder with a ledger of one closed file, and one more.
pub fn two_files() -> Folder {
    static MADE: LazyLock<Folder> = LazyLock::new(|| with_ledger(65_536 + 10));
    books::copy(&MADE)
}

fn every_command_reads_packed_files_as_it_reads_plain_ones() {
    let (plain, packed) = (three_files(), three_files());
    let said = good(&packed, &["chain", "pack", "book", "--json"]);
    assert!(said.out.starts_with(r#"{"bytes_after":"#) && said.out.contains(r#""files":2"#), "{}", said.out);
    let forms = ["000000000000.jsonl.gz", "000000065536.jsonl.gz", "000000131072.jsonl"];
    assert_eq!(names(&packed), forms, "the file of the last entry is not packed");
    let commands: [&[&str]; 7] = [
        &["verify", "book", "--key", "gateway.did", "--json"],
        &["chain", "cat", "book"],
        &["chain", "cat", "book", "0"],
        &["chain", "cat", "book", "65535"],
        &["chain", "cat", "book", "131071"],
        &["chain", "cat", "book", "65530..65540"],
        &["chain", "repair", "book", "-n"],
    ];
    for words in commands {
        let (one, other) = (good(&plain, words), good(&packed, words));
        assert!(one.out == other.out && one.err == other.err, "{words:?}: {}{}", other.out, other.err);
    }
    let status = good(&packed, &["chain", "status", "book", "--json"]).out;
    let a_day =
        |out: &str| out.split("\"bytes_a_day\":").nth(1).unwrap().split(',').next().unwrap().to_owned();
    assert_eq!(a_day(&status), a_day(&good(&plain, &["chain", "status", "book", "--json"]).out));
    assert!(status.contains(r#""packed_files":2"#), "{status}");
    fs::remove_dir_all(packed.path("book/tree")).unwrap();
    books::appended(&packed, books::numbered(0, 3));
    good(&packed, &["chain", "repair", "book", "-n"]);
    books::assert_sound(&packed, "after an append that made tree/ anew");
}

fn the_way_back_gives_the_same_bytes() {
    let (folder, twin) = (two_files(), two_files());
    let plain = fs::read(folder.path(PLAIN)).unwrap();
    good(&folder, &["chain", "pack", "book"]);
    good(&twin, &["chain", "pack", "book"]);
    let packed = fs::read(folder.path(PACKED)).unwrap();
    assert!(packed == fs::read(twin.path(PACKED)).unwrap(), "the same bytes every time");
    assert!(packed.len() < plain.len() / 5);
    good(&folder, &["chain", "pack", "book", "--unpack"]);
    assert!(fs::read(folder.path(PLAIN)).unwrap() == plain);
    assert_eq!(names(&folder), ["000000000000.jsonl", "000000065536.jsonl"]);
}

fn a_rehearsal_packs_nothing_and_an_open_file_is_never_packed() {
    let folder = two_files();
    let said = good(&folder, &["chain", "pack", "book", "-n"]);
    assert!(said.err.contains("1 files of") && said.err.contains("would be packed"), "{}", said.err);
    assert_eq!(names(&folder), ["000000000000.jsonl", "000000065536.jsonl"]);
    // A file that is full and holds the last entry: the next writer must find where it ends.
    let full = with_ledger(65_536);
    assert!(good(&full, &["chain", "pack", "book", "--json"]).out.contains(r#""files":0"#));
    assert_eq!(names(&full), ["000000000000.jsonl"]);
    books::appended(&full, books::numbered(0, 1));
    assert!(good(&full, &["chain", "pack", "book", "--json"]).out.contains(r#""files":1"#));
}

fn what_the_signed_root_does_not_say_is_not_packed() {
    let bend = |bend: &dyn Fn(&Folder)| {
        let folder = two_files();
        bend(&folder);
        let run = folder.run(&["chain", "pack", "book"]);
        assert_eq!((run.code, names(&folder).contains(&"000000000000.jsonl".to_owned())), (Some(2), true));
        assert!(!folder.path(PACKED).exists() && run.out.is_empty(), "{}", run.out);
        run.err
    };
    let changed = bend(&|folder| {
        let mut text = fs::read(folder.path(PLAIN)).unwrap();
        let end = text.len() - 20;
        text[end] ^= 1;
        fs::write(folder.path(PLAIN), text).unwrap();
    });
    assert!(
        changed.contains("000000000000.jsonl: its entries are not what the signed root says"),
        "{changed}"
    );
    let longer = bend(&|folder| {
        let file = fs::File::options().append(true).open(folder.path(PLAIN));
        file.unwrap().write_all(b"x\n").unwrap();
    });
    assert!(longer.contains("more lines than 65536"), "{longer}");
    let tree = bend(&|folder| fs::write(folder.path("book/tree/2"), [7; 32]).unwrap());
    assert!(tree.contains("run foil chain repair"), "{tree}");
    let unsigned = bend(&|folder| {
        let text = fs::read_to_string(folder.path("book/checkpoint")).unwrap();
        fs::write(folder.path("book/checkpoint"), text.replace("\n65546\n", "\n65545\n")).unwrap();
    });
    assert!(unsigned.contains("not signed by the key"), "{unsigned}");
    let packed = two_files();
    good(&packed, &["chain", "pack", "book"]);
    let mut bytes = fs::read(packed.path(PACKED)).unwrap();
    bytes[100_000] ^= 1;
    fs::write(packed.path(PACKED), bytes).unwrap();
    let run = packed.run(&["chain", "pack", "book", "--unpack"]);
    assert!(run.code == Some(2) && run.err.contains("jsonl.gz: packed, and"), "{}", run.err);
    assert!(packed.path(PACKED).exists() && !packed.path(PLAIN).exists());
}

fn of_both_forms_the_plain_one_counts_and_the_next_run_ends_it() {
    let folder = two_files();
    fs::write(folder.path(PACKED), "rubbish").unwrap();
    fs::write(folder.path("book/entries/000000000000.jsonl.gz.tmp"), "half").unwrap();
    books::assert_sound(&folder, "the packed one is not read");
    let back = books::copy(&folder);
    good(&back, &["chain", "pack", "book", "--unpack"]);
    assert_eq!(names(&back), ["000000000000.jsonl", "000000065536.jsonl"]);
    good(&folder, &["chain", "pack", "book"]);
    assert_eq!(names(&folder), ["000000000000.jsonl.gz", "000000065536.jsonl"]);
    books::assert_sound(&folder, "packed");
}

fn two_who_pack_take_turns() {
    let folder = two_files();
    let entries = fs::File::open(folder.path("book/entries")).unwrap();
    rustix::fs::flock(&entries, rustix::fs::FlockOperation::LockExclusive).unwrap();
    let busy = folder.run(&["chain", "pack", "book", "--wait", "20ms"]);
    assert_eq!((busy.code, names(&folder).len()), (Some(75), 2), "{}", busy.err);
    // No writer has to wait for that.
    books::appended(&folder, books::numbered(0, 1));
    drop(entries);
    good(&folder, &["chain", "pack", "book"]);
}

/// The files of entries with their bytes.
pub fn contents(folder: &Folder) -> BTreeMap<String, Vec<u8>> {
    let path = |name: &str| folder.path("book/entries").join(name);
    names(folder).into_iter().map(|name| (name.clone(), fs::read(path(&name)).unwrap())).collect()
}

/// Kills a run at each of its calls: what counts then is what was there before, or what a whole run makes;
/// and the next run comes to the end.
pub fn killed_everywhere(folder: &Folder, words: &[&str]) -> Tested {
    needs::tool("strace")?;
    let whole = books::copy(folder);
    good(&whole, words);
    books::assert_sound(&whole, "a whole run");
    let (before, after) = (contents(folder), contents(&whole));
    let mut places = crash::places(folder, words, "", ".tmp\"");
    // Of many equal writes one in the middle says what the others would.
    let writes = places.iter().filter(|(call, _)| call == "write").count();
    places.retain(|(call, nth)| call != "openat" || nth % 3 == 0);
    places.retain(|(call, nth)| call != "write" || *nth == writes / 2 || *nth + 1 >= writes);
    let calls: Vec<&str> = places.iter().map(|(call, _)| call.as_str()).collect();
    assert!(["fsync", "rename", "unlink"].iter().all(|call| calls.contains(call)), "{calls:?}");
    crash::everywhere(&places, |call, nth| {
        let fault = format!("inject={call}:signal=KILL:when={nth}");
        let folder = books::copy(folder);
        crash::traced(&folder, &["-e", &fault], words, "");
        let left = contents(&folder);
        for first in ["000000000000", "000000065536"] {
            let forms = [".jsonl", ".jsonl.gz", ".pruned"].map(|form| format!("{first}{form}"));
            let counts = forms.iter().find(|name| left.contains_key(*name)).unwrap();
            let known = [&before, &after].map(|files| files.get(counts));
            assert!(known.contains(&left.get(counts)), "{fault}: {counts} is neither the old nor the new");
        }
        good(&folder, words);
        assert!(contents(&folder) == after, "{fault}: {:?}", names(&folder));
    });
    Ok(())
}

fn killed_at_every_call_of_a_pack() -> Tested {
    killed_everywhere(&two_files(), &["chain", "pack", "book"])
}

fn killed_at_every_call_of_an_unpack() -> Tested {
    let folder = two_files();
    good(&folder, &["chain", "pack", "book"]);
    killed_everywhere(&folder, &["chain", "pack", "book", "--unpack"])
}
