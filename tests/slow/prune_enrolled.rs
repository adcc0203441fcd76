//! Entries that go where only the enrolled may write: what they say of who is who stays.

use std::{fs, sync::LazyLock};

use counterfoil::{
    json::{Canonical, Object},
    key::Did,
    ledger::{
        files,
        snapshot::{replay, state},
        write::{admission::Admission, batch::IncomingRecord},
    },
    object,
    record::{
        genesis::Genesis,
        registry::{Deed, EventNames, Name, RegistryEvent},
        signed::{self, SignOptions, sign},
        writers::Writers,
    },
    rules::{judge::Judge, registry::Registry},
    time::Time,
    tlog::{arrival::EntryTimes, checkpoint::Checkpoint},
};

use crate::{
    books::{self, good, names},
    ledgers::{self, Ledger, key},
    run::{Folder, Run},
    support::trial::trials,
};

trials![
    prune_enrolled_keeps_who_is_who_before_anything_goes,
    prune_enrolled_says_what_is_missing_when_the_only_copy_is_gone,
    a_machine_that_has_a_name_believes_what_it_kept,
    prune_enrolled_takes_no_state_that_is_old_or_not_what_the_entries_say,
    prune_enrolled_is_no_business_of_a_key_that_is_not_the_logs,
    a_state_that_is_torn_or_garbled_is_noticed_and_an_old_one_gone_on_from,
    prune_enrolled_lets_a_writer_go_on_that_had_not_seen_what_was_dropped,
    answers_rest_on_what_verifies_also_where_entries_were_dropped_or_packed,
];

const OWNER: u8 = 1;
const PRUNE: &[&str] = &["chain", "prune", "book", "--before", "65536", "--yes", "-q"];
const WITH_KEY: &[&str] = &["chain", "prune", "book", "--before", "65536", "--yes", "-k", "gateway"];

fn signed_by(mut record: Object, seeds: &[u8]) -> Object {
    for seed in seeds {
        sign(&mut record, &key(*seed), &SignOptions::default()).unwrap();
    }
    record
}

/// A ledger of one closed file and some entries more.
fn enrolled() -> Folder {
    static MADE: LazyLock<Folder> = LazyLock::new(|| of_size(65_536 + 10));
    books::copy(&MADE)
}

/// A ledger with an owner who enrolled at the beginning, and no state.
pub fn of_size(size: u64) -> Folder {
    let declaration = ledgers::genesis(Writers::Enrolled);
    let ledger = signed::id(&declaration);
    let name = Name::parse("owner").unwrap();
    let deed = Deed::EnrollParty { name, key: Did::from(&key(OWNER).public()), next: None };
    let enroll =
        RegistryEvent { ledger, prev: None, expires: None, names: EventNames::default(), deed }.to_record();
    let mut records = vec![declaration, signed_by(enroll, &[OWNER, 200])];
    // Those that will go are not read, so they do without signatures, which take long.
    let gone = size / 65_536 * 65_536;
    records.extend((2..gone).map(|n| object! { "type": "note", "n": n }));
    records.extend((gone.max(2)..size).map(|n| signed_by(object! { "type": "note", "n": n }, &[OWNER])));
    let folder = Folder::new();
    folder.fixed_key("gateway", 200);
    ledgers::write(&Ledger::holding(records).view, &folder.path("book"));
    folder
}

/// A ledger that has lost its first file, and whose next writer keeps the registry anew.
pub fn with_only_copy() -> Folder {
    let folder = of_size(65_536 + 4_110);
    keep(&folder, 65_540, |_| ());
    good(&folder, PRUNE);
    folder
}

/// A note under a key that is not enrolled.
pub fn stranger() -> String {
    signed_by(object! { "type": "note" }, &[99]).to_canonical()
}

/// A note of the owner.
pub fn say() -> String {
    signed_by(object! { "type": "note" }, &[OWNER]).to_canonical()
}

fn note(folder: &Folder) -> Run {
    books::append(folder, say())
}

fn refused(folder: &Folder, words: &[&str], why: &str) {
    let run = folder.run(words);
    assert!(run.code == Some(2) && run.err.contains(why), "{words:?}: {}", run.err);
    assert_eq!(names(folder), ["000000000000.jsonl", "000000065536.jsonl"], "nothing went");
}

/// The registry at some size, as the log would keep it, but for a change.
fn keep(folder: &Folder, size: u64, change: impl FnOnce(&mut Registry)) {
    let book = files::folder::Folder::new(folder.path("book"));
    let reader = files::read::Reader::open(book.clone()).unwrap();
    let declared = reader.declaration().unwrap();
    let mut judge = Judge::new(&declared.genesis, declared.id);
    replay::entries(&mut judge, &book, 0..size, None).unwrap();
    let mut registry = judge.registry().clone();
    change(&mut registry);
    let root = files::tree::frontier(&book, size).unwrap().unwrap().root();
    state::keep(
        &book,
        &Judge::resuming(&declared.genesis, registry, judge.last()),
        &Checkpoint { origin: declared.genesis.origin.clone(), size, root },
        &key(200),
    )
    .unwrap();
}

fn prune_enrolled_keeps_who_is_who_before_anything_goes() {
    let folder = enrolled();
    refused(
        &folder,
        PRUNE,
        "book: there is no state.json; to make it anew before entries go takes the log key",
    );
    assert!(!folder.path("book/state.json").exists());
    let dry = good(&folder, &["chain", "prune", "book", "--before", "65536", "-n"]);
    assert!(dry.err.contains("there is no state.json; it would be made anew first"), "{}", dry.err);
    good(&folder, WITH_KEY);
    assert_eq!(names(&folder), ["000000000000.pruned", "000000065536.jsonl"]);
    assert_eq!(note(&folder).code, Some(0));
    assert_eq!(books::append(&folder, stranger()).code, Some(2));
    for (record, code) in [(say(), 0), (stranger(), 2)] {
        let dry = folder.feed(&["chain", "append", "book", "-k", "gateway", "-n"], record);
        assert_eq!(dry.code, Some(code), "a dry run knows it, too: {}", dry.err);
    }
    assert!(good(&folder, &["registry", "show", "book", "owner"]).out.contains("\"name\":\"owner\""));
    let verified = good(&folder, &["verify", "book", "--key", "gateway.did", "--human"]);
    assert!(
        verified.out.contains("nor whether the registry let in what comes after them"),
        "{}",
        verified.out
    );
}

fn prune_enrolled_says_what_is_missing_when_the_only_copy_is_gone() {
    let folder = enrolled();
    assert_eq!(note(&folder).code, Some(0));
    good(&folder, WITH_KEY);
    let state = folder.path("book/state.json");
    let kept = fs::read(&state).unwrap();
    let dropped = "entries 1 to 65535 were dropped by foil chain prune, and state.json, which alone knows what they said,";
    for (bad, why) in
        [(None, "is missing"), (Some(""), "counts for nothing"), (Some("{}"), "counts for nothing")]
    {
        match bad {
            None => fs::remove_file(&state).unwrap(),
            Some(bad) => fs::write(&state, bad).unwrap(),
        }
        for run in [note(&folder), folder.run(&["registry", "show", "book"])] {
            let said =
                run.err.contains(&format!("{dropped} {why}")) && run.err.contains("put back state.json");
            assert!(run.code == Some(2) && said, "{}", run.err);
        }
    }
    fs::write(&state, kept).unwrap();
    assert_eq!(note(&folder).code, Some(0));
}

fn a_machine_that_has_a_name_believes_what_it_kept() {
    let folder = enrolled();
    let named = |words: &[&str]| {
        let run = folder.foil(words).env("FOIL_MACHINE", "dock-7").output().unwrap();
        (run.status.code(), String::from_utf8_lossy(&run.stderr).into_owned())
    };
    fs::write(folder.path("note.jsonl"), say()).unwrap();
    assert_eq!(named(&["chain", "append", "book", "-k", "gateway", "note.jsonl"]).0, Some(0));
    good(&folder, WITH_KEY);
    let (code, said) = named(&["registry", "show", "book", "owner"]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(folder.run(&["registry", "show", "book", "owner"]).code, Some(2), "another machine does not");
}

fn prune_enrolled_takes_no_state_that_is_old_or_not_what_the_entries_say() {
    let folder = enrolled();
    assert_eq!(note(&folder).code, Some(0));
    keep(&folder, 100, |_| ());
    refused(&folder, PRUNE, "book: state.json knows 100 entries only");
    keep(&folder, 65_540, |registry| {
        let genesis = ledgers::genesis(Writers::Enrolled);
        *registry = Registry::new(&Genesis::parse(&genesis).unwrap(), *registry.ledger());
    });
    refused(&folder, PRUNE, "book: state.json is not what the entries say");
    fs::write(folder.path("book/state.json"), "nonsense").unwrap();
    refused(&folder, PRUNE, "book: state.json counts for nothing");
    keep(&folder, 65_540, |_| ());
    good(&folder, PRUNE);
    assert_eq!(note(&folder).code, Some(0), "it knew enough, so no key was needed");
}

fn prune_enrolled_is_no_business_of_a_key_that_is_not_the_logs() {
    let folder = enrolled();
    folder.fixed_key("other", 7);
    let words = ["chain", "prune", "book", "--before", "65536", "--yes", "-k", "other"];
    refused(&folder, &words, "book: the key that signs this ledger is did:key:");
}

/// What a power cut, or a copy that was not finished, may leave in the place of a file.
fn damages(whole: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let from = |at: usize, byte: u8| [&whole[..at], &vec![byte; whole.len() - at]].concat();
    vec![
        ("empty", Vec::new()),
        ("one byte", whole[..1].to_vec()),
        ("torn", whole[..whole.len() / 2].to_vec()),
        ("all but the end", whole[..whole.len() - 2].to_vec()),
        ("a length without bytes", from(0, 0)),
        ("its begin, and old bytes", from(512, 0xa5)),
        ("its begin, and zeros", from(512, 0)),
        ("noise", from(0, 0xa5)),
    ]
}

fn a_state_that_is_torn_or_garbled_is_noticed_and_an_old_one_gone_on_from() {
    let folder = of_size(4_200);
    // The owner's note goes in, and nothing else.
    let append = |what: &str| {
        let (before, both) = (books::size(&folder), format!("{}\n{}\n", say(), stranger()));
        let run = folder.feed(&["chain", "append", "book", "-k", "gateway", "--keep-going"], both);
        assert_eq!((run.code, books::size(&folder)), (Some(1), before + 1), "{what}: {}", run.err);
        assert!(run.err.contains("line 2: ") && !run.err.contains("line 1: "), "{what}: {}", run.err);
        run.err
    };
    append("none");
    let state = folder.path("book/state.json");
    let knows_the_owner = || fs::read_to_string(&state).is_ok_and(|text| text.contains("\"owner\""));
    for (what, bytes) in damages(&fs::read(&state).unwrap()) {
        fs::write(&state, &bytes).unwrap();
        let said = append(what);
        assert!(said.contains("state.json counts for nothing and is made anew"), "{what}: {said}");
        assert!(knows_the_owner(), "{what}: made anew");
        assert!(!append(what).contains("state.json"), "{what}: once");
    }
    // Of entry 0 alone, before the owner came: it is right, and what came since is taken from the entries.
    keep(&folder, 1, |_| ());
    assert!(!knows_the_owner());
    assert!(!append("old").contains("counts for nothing"));
    assert!(knows_the_owner(), "it lagged, and was kept anew");
    good(&folder, &["verify", "book", "--key", "gateway.did"]);
}

fn prune_enrolled_lets_a_writer_go_on_that_had_not_seen_what_was_dropped() {
    let folder = enrolled();
    let book = files::folder::Folder::new(folder.path("book"));
    let declared = files::read::Reader::open(book.clone()).unwrap().declaration().unwrap();
    let mut admission = Admission::new(&declared.genesis, declared.id, || 1);
    admission.judge().catch_up(&book, 100, None).unwrap();
    good(&folder, WITH_KEY);
    let size = books::size(&folder);
    let tree = files::tree::frontier(&book, size).unwrap().unwrap();
    assert_eq!(admission.judge().catch_up(&book, size, Some(&tree)).unwrap(), None);
    let mut refused = |seed| {
        let record = Canonical::from(&signed_by(object! { "type": "note" }, &[seed]));
        admission
            .refusals(
                &[IncomingRecord { times: EntryTimes::plain(Time::EPOCH), record, admitted: false }],
                &[],
                false,
            )
            .len()
    };
    assert_eq!([refused(OWNER), refused(99)], [0, 1]);
}

fn answers_rest_on_what_verifies_also_where_entries_were_dropped_or_packed() {
    let asked: [&[&str]; 3] = [
        &["registry", "show", "book", "owner"],
        &["chain", "status", "book"],
        &["chain", "cat", "book", "-q"],
    ];
    let all = |folder: &Folder, code: i32, says: &str| {
        for words in asked {
            let run = folder.run(words);
            assert!(
                run.code == Some(code) && run.err.contains(says),
                "{words:?}: {:?} {}",
                run.code,
                run.err
            );
        }
        good(folder, &["chain", "stub", "book"]);
    };
    let change = |folder: &Folder, name: &str, change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = fs::read(folder.path(name)).unwrap();
        change(&mut bytes);
        fs::write(folder.path(name), bytes).unwrap();
    };
    let last_file = "book/entries/000000065536.jsonl";
    let letter = |bytes: &mut Vec<u8>| {
        let at = bytes.windows(13).position(|part| part == b"\"proofValue\":").unwrap() + 30;
        bytes[at] = if bytes[at] == b'3' { b'4' } else { b'3' };
    };
    let pruned = enrolled();
    good(&pruned, WITH_KEY);
    assert_eq!(note(&pruned).code, Some(0), "this machine wrote last");
    all(&pruned, 0, "");
    let changed = books::copy(&pruned);
    change(&changed, last_file, &letter);
    all(&changed, 4, "book/entries/000000065536.jsonl:1: modified: entry 65536 is not the one");
    // What the dropped entries said of who is who is known to state.json alone.
    change(&pruned, "book/state.json", &|bytes| bytes[200] ^= 1);
    let run = pruned.run(asked[0]);
    assert!(run.code == Some(2) && run.err.contains("state.json, which alone knows"), "{}", run.err);
    let packed = enrolled();
    good(&packed, &["chain", "pack", "book", "-q"]);
    all(&packed, 0, "");
    let half = books::copy(&packed);
    change(&half, "book/entries/000000000000.jsonl.gz", &|bytes| {
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
    });
    all(&half, 4, "book/entries/000000000000.jsonl.gz:");
    change(&packed, last_file, &letter);
    all(&packed, 4, "book/entries/000000065536.jsonl:1: modified: entry 65536 is not the one");
}
