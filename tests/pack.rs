//! Packed files of entries: read as plain ones are, and what was done to them shows.

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    sync::LazyLock,
    time::{Duration, Instant},
};

use counterfoil::{
    ledger::files::{self, gzip},
    object,
    record::writers::Writers,
    verify::{self, Report},
};
use proptest::prelude::*;

use crate::{
    books::{self, good, names},
    crash,
    ledgers::{self, Ledger, found, genesis, options},
    run::Folder,
};

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

#[test]
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

#[test]
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

#[test]
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

#[test]
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

#[test]
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

#[test]
fn two_who_pack_take_turns() {
    let folder = two_files();
    let entries = fs::File::open(folder.path("book/entries")).unwrap();
    rustix::fs::flock(&entries, rustix::fs::FlockOperation::LockExclusive).unwrap();
    let busy = folder.run(&["chain", "pack", "book", "--wait", "20ms"]);
    assert_eq!((busy.code, names(&folder).len()), (Some(75), 2), "{}", busy.err);
    // Nobody who writes has to wait for that.
    books::appended(&folder, books::numbered(0, 1));
    drop(entries);
    good(&folder, &["chain", "pack", "book"]);
}

/// Verifies a ledger of these lines, plain and packed, and gives both reports.
fn both(ledger: &Ledger, lines: &[u8]) -> [Report; 2] {
    [false, true].map(|pack| {
        let folder = tempfile::tempdir().unwrap();
        ledgers::write(&ledger.view, folder.path());
        let plain = folder.path().join("entries/000000000000.jsonl");
        if pack {
            fs::remove_file(plain).unwrap();
            fs::write(folder.path().join("entries/000000000000.jsonl.gz"), packed(lines)).unwrap();
        } else {
            fs::write(plain, lines).unwrap();
        }
        let view = files::folder::Folder::new(folder.path());
        verify::ledger(&view, &ledger.trust(), &options(1)).unwrap()
    })
}

fn packed(lines: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    gzip::pack(lines, &mut bytes).unwrap();
    bytes
}

/// Verifies a small ledger whose packed file has these bytes.
fn judge(ledger: &Ledger, bytes: &[u8]) -> Report {
    let folder = tempfile::tempdir().unwrap();
    ledgers::write(&ledger.view, folder.path());
    fs::remove_file(folder.path().join("entries/000000000000.jsonl")).unwrap();
    fs::write(folder.path().join("entries/000000000000.jsonl.gz"), bytes).unwrap();
    verify::ledger(&files::folder::Folder::new(folder.path()), &ledger.trust(), &options(1)).unwrap()
}

#[test]
fn every_flipped_byte_of_a_packed_file_is_a_finding_with_its_name() {
    let ledger = Ledger::of(5);
    let whole = packed(&ledger.view.files[&0]);
    assert!(judge(&ledger, &whole).findings().is_empty());
    for at in 0..whole.len() {
        let mut bent = whole.clone();
        bent[at] ^= 1 << (at % 3);
        let report = judge(&ledger, &bent);
        assert!(!report.sound() && report.vouched.is_empty(), "byte {at} of {}", whole.len());
        let named =
            |finding: &&verify::Finding| finding.file.as_deref() == Some("entries/000000000000.jsonl.gz");
        assert!(report.findings().iter().any(named), "byte {at}: {:?}", found(&report));
    }
}

#[test]
fn packed_files_that_are_cut_doubled_or_something_else() {
    let ledger = Ledger::of(5);
    let whole = packed(&ledger.view.files[&0]);
    let named = [&[0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3][..], b"x\0", &whole[10..]].concat();
    for (bent, why) in [
        (whole[..whole.len() - 1].to_vec(), "cut off"),
        (whole[..200].to_vec(), "cut off"),
        (Vec::new(), "cut off"),
        ([&whole[..], &whole].concat(), "something stands behind its end"),
        ([&whole[..], b"\0"].concat(), "something stands behind its end"),
        (named, "not as foil chain pack does it"),
        (ledger.view.files[&0].clone(), "not as foil chain pack does it"),
    ] {
        let report = judge(&ledger, &bent);
        let said: Vec<String> = report.findings().iter().map(ToString::to_string).collect();
        let expected =
            format!("entries/000000000000.jsonl.gz: malformed: not read to its end: packed, and {why}");
        assert!(!report.sound() && said.contains(&expected), "{said:?}");
    }
}

#[test]
fn bombs_end_soon() {
    let ledger = Ledger::of(5);
    let begin = Instant::now();
    for byte in [0, b'\n', b'x'] {
        let mut bomb = Vec::new();
        gzip::pack(std::io::Read::take(std::io::repeat(byte), 1 << 27), &mut bomb).unwrap();
        assert!(bomb.len() < 1 << 20);
        let begin = Instant::now();
        let report = judge(&ledger, &bomb);
        assert!(!report.sound() && begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
    }
    assert!(begin.elapsed() < Duration::from_secs(120));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn packed_and_plain_have_the_same_findings(
        at in any::<prop::sample::Index>(), other in any::<prop::sample::Index>(), what in 0..8, byte: u8
    ) {
        static LEDGER: LazyLock<Ledger> = LazyLock::new(|| Ledger::of(300));
        let whole = &LEDGER.view.files[&0];
        let mut lines: Vec<Vec<u8>> = whole.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
        let (line, second) = (at.index(lines.len()), other.index(lines.len()));
        match what {
            0 => drop(lines.remove(line)),
            1 => lines.insert(second, lines[line].clone()),
            2 => lines.swap(line, second),
            3 => lines.truncate(line),
            4 => lines.insert(line, vec![byte; 70_000]),
            5 => lines[line].iter_mut().for_each(|old| *old = byte),
            6 => lines.iter_mut().for_each(|line| line.splice(line.len() - 1.., *b"\r\n").for_each(drop)),
            _ => lines[line][second.min(100)] = byte,
        }
        let [plain, packed] = both(&LEDGER, &lines.concat());
        let said = |report: &Report| report.to_object().to_canonical().replace(".jsonl.gz", ".jsonl");
        prop_assert_eq!(said(&plain), said(&packed));
    }
}

/// The files of entries with their bytes.
pub fn contents(folder: &Folder) -> BTreeMap<String, Vec<u8>> {
    let path = |name: &str| folder.path("book/entries").join(name);
    names(folder).into_iter().map(|name| (name.clone(), fs::read(path(&name)).unwrap())).collect()
}

/// Kills a run at each of its calls: what counts then is what was there before, or what a whole run makes;
/// and the next run comes to the end.
pub fn killed_everywhere(folder: &Folder, words: &[&str]) {
    if !crash::can_trace() {
        return;
    }
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
}

#[test]
fn killed_at_every_call_of_a_pack_unless_strace_is_missing() {
    killed_everywhere(&two_files(), &["chain", "pack", "book"]);
}

#[test]
fn killed_at_every_call_of_an_unpack_unless_strace_is_missing() {
    let folder = two_files();
    good(&folder, &["chain", "pack", "book"]);
    killed_everywhere(&folder, &["chain", "pack", "book", "--unpack"]);
}
