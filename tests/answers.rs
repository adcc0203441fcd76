//! Answers come only from what verifies: whatever is changed in a copy, no command says something else with exit 0, and
//! each says where the copy is at fault.

use std::{collections::BTreeMap, fs, sync::LazyLock};

use counterfoil::{
    key::SecretKey,
    ledger::{
        files::{self, read::Reader},
        snapshot::{replay, state},
    },
    rules::judge::Judge,
};

use crate::{
    books::{self, good},
    run::{Folder, Run},
};

const ENTRIES: &str = "reg/entries/000000000000.jsonl";

/// What is asked of the ledger `reg`, and how many of the first entries the answer rests on; `None`: on all.
pub const ASKED: &[(&[&str], Option<usize>)] = &[
    (&["registry", "show", "reg", "--json"], None),
    (&["registry", "show", "reg", "probe", "--json"], None),
    (&["registry", "show", "reg", "probe", "--human"], None),
    (&["registry", "show", "reg", "--history", "--json"], None),
    (&["registry", "show", "reg", "probe", "--at", "5", "--json"], Some(6)),
    (&["registry", "transfer", "reg", "probe", "--to", "carol", "--with-lease"], None),
    (&["registry", "handover", "reg", "probe", "--to", "carol"], None),
    (&["registry", "enroll", "reg", "--party", "erin", "--key", "erin.did"], None),
    (&["chain", "status", "reg", "--json"], None),
    (&["chain", "cat", "reg", "--json"], None),
    (&["chain", "cat", "reg", "--human"], None),
    (&["chain", "cat", "reg", "--as", "csv"], None),
    (&["chain", "stub", "reg"], Some(1)),
    (&["show", "offer.json", "--ledger", "reg"], None),
    (&["sign", "offer.json", "-k", "bob", "--ledger", "reg", "--yes"], None),
    (&["chain", "plot", "reg", "--field", "t"], None),
];

/// A ledger with every kind of entry: a party each, a device, a reading, and all that can happen to them.
pub fn folder() -> Folder {
    let folder = Folder::new();
    for (seed, name) in (1..).zip(["gw", "alice", "bob", "carol", "dave", "erin", "probe", "probe2"]) {
        folder.fixed_key(name, seed);
    }
    good(&folder, &["chain", "init", "reg", "-k", "gw", "--writers", "enrolled", "--origin", "plant7/reg"]);
    let enroll = |name: &str| {
        event(
            &folder,
            &["enroll", "reg", "--party", name, "--key", &format!("{name}.did"), "-k", name, "-k", "gw"],
        );
    };
    ["alice", "bob", "carol", "dave"].into_iter().for_each(enroll);
    event(
        &folder,
        &[
            "enroll",
            "reg",
            "--device",
            "probe",
            "--key",
            "probe.did",
            "--owner",
            "alice",
            "-k",
            "alice",
            "-k",
            "probe",
        ],
    );
    event(&folder, &["transfer", "reg", "probe", "--to", "bob", "-k", "alice", "-k", "bob"]);
    event(
        &folder,
        &[
            "lease",
            "reg",
            "probe",
            "--to",
            "carol",
            "--from",
            "2026-01-01T00:00:00Z",
            "--until",
            "2099-01-01T00:00:00Z",
            "-k",
            "bob",
            "-k",
            "carol",
        ],
    );
    event(
        &folder,
        &[
            "handover", "reg", "probe", "--to", "dave", "-k", "alice", "-k", "bob", "-k", "carol", "-k",
            "dave",
        ],
    );
    event(&folder, &["rotate", "reg", "probe", "--key", "probe2.did", "-k", "bob", "-k", "probe2"]);
    let reading = r#"{"type":"reading","device":"probe","time":"2026-03-01T06:00:00Z","values":{"t":4.5}}"#;
    append(&folder, folder.feed(&["sign", "-k", "probe2"], reading).out);
    event(&folder, &["revoke", "reg", "alice", "-k", "gw"]);
    let offer = ["registry", "handover", "reg", "probe", "--to", "bob"];
    fs::write(folder.path("offer.json"), good(&folder, &offer).out).unwrap();
    keep_state(&folder);
    folder
}

/// Keeps the registry beside the entries, as the log does from time to time: on this machine it is believed.
fn keep_state(folder: &Folder) {
    let book = files::folder::Folder::new(folder.path("reg"));
    let reader = Reader::open(book.clone()).unwrap();
    let declared = reader.declaration().unwrap();
    let mut judge = Judge::new(&declared.genesis, declared.id);
    replay::entries(&mut judge, &book, 0..reader.size(), None).unwrap();
    let stated = reader.checkpoint().checkpoint();
    state::keep(&book, &judge, stated, &SecretKey::from_seed(&[1; 32])).unwrap();
}

fn event(folder: &Folder, words: &[&str]) {
    let words = [&["registry"], words].concat();
    append(folder, good(folder, &words).out);
}

fn append(folder: &Folder, records: String) {
    let run = folder.feed(&["chain", "append", "reg", "-k", "gw"], records);
    assert_eq!(run.code, Some(0), "{}", run.err);
}

/// The folder, and the right answers. Times that go by are no part of them.
struct Truth {
    folder: Folder,
    answers: Vec<String>,
}

static TRUTH: LazyLock<Truth> = LazyLock::new(|| {
    let folder = folder();
    let answers = ASKED.iter().map(|(words, _)| told(&good(&folder, words))).collect();
    Truth { folder, answers }
});

/// What a run says that is the same whenever it is asked.
pub fn told(run: &Run) -> String {
    let moment = |text: &str| text.starts_with("as of") || text.is_empty();
    let lines = run.out.lines().filter(|line| !moment(line));
    let text: Vec<String> = lines.map(without_clock).collect();
    text.join("\n")
}

/// A line of JSON without the instant at which it was asked, and what files weigh.
fn without_clock(line: &str) -> String {
    let Ok(mut object) = counterfoil::json::parse_object(line.as_bytes()) else { return line.to_owned() };
    object.remove("at");
    object.remove("disk_bytes");
    object.remove("packed_files");
    object.remove("bytes_a_day");
    object.to_canonical()
}

/// Asks everything of a changed copy. Exit 0 is for the right answer only; `touches` says which entry was changed, from
/// which on answers must be refused, and `says` what each refusal must name.
fn ask(copy: &Folder, name: &str, touched: Option<usize>, says: &str) {
    for ((words, rests_on), right) in ASKED.iter().zip(&TRUTH.answers) {
        let run = copy.run(words);
        let refused = match (touched, rests_on) {
            (Some(touched), Some(rests_on)) => touched < *rests_on,
            (Some(_), None) => true,
            (None, _) => false,
        };
        let shown = format!("{name}: {words:?}: {:?} {}{}", run.code, run.out, run.err);
        // When an entry arrived may rest on a later one, which undid a jump of the clock.
        let rests_on_later = touched.is_some() && words.contains(&"--at") && run.code == Some(4);
        if refused || rests_on_later {
            assert_eq!(run.code, Some(4), "{shown}");
            assert!(run.err.contains(says) && run.err.contains("hint: foil verify reg"), "{shown}");
        } else {
            assert_eq!((run.code, &told(&run)), (Some(0), right), "{shown}");
        }
    }
}

pub fn lines(folder: &Folder) -> Vec<String> {
    fs::read_to_string(folder.path(ENTRIES)).unwrap().lines().map(str::to_owned).collect()
}

fn write(folder: &Folder, lines: &[String]) {
    fs::write(folder.path(ENTRIES), lines.join("\n") + if lines.is_empty() { "" } else { "\n" }).unwrap();
}

/// The places of a line in which a letter is changed, by name: in a proof, in the record, in the line's own time.
pub fn places(line: &str) -> BTreeMap<&'static str, usize> {
    let found = [
        ("a proof", line.find("\"proofValue\":\"z").map(|at| at + 20)),
        ("a signer", line.rfind("#z6Mk").map(|at| at + 12)),
        (
            "the ledger or stream",
            line.find("\"ledger\":\"").or(line.find("\"values\":{\"t\":4")).map(|at| at + 14),
        ),
        ("the arrival", line.find("\"received\":\"20").map(|at| at + 16)),
    ];
    found.into_iter().filter_map(|(name, at)| Some((name, at?))).collect()
}

fn flip(line: &str, at: usize) -> String {
    let mut bytes = line.as_bytes().to_vec();
    bytes[at] = if bytes[at] == b'3' { b'4' } else { b'3' };
    String::from_utf8(bytes).unwrap()
}

#[test]
fn one_changed_letter_in_any_kind_of_entry_is_no_answer() {
    for (n, line) in lines(&TRUTH.folder).iter().enumerate() {
        for (place, at) in places(line) {
            let copy = books::copy(&TRUTH.folder);
            let mut changed = lines(&copy);
            changed[n] = flip(line, at);
            write(&copy, &changed);
            let says = format!("reg/entries/000000000000.jsonl:{}: ", n + 1);
            ask(&copy, &format!("entry {n}, {place}"), Some(n), &says);
        }
    }
}

#[test]
fn state_json_lends_changed_entries_nothing() {
    for n in [4, 5, 6] {
        let copy = books::copy(&TRUTH.folder);
        let mut changed = lines(&copy);
        changed[n] = flip(&changed[n], places(&changed[n])["a proof"]);
        write(&copy, &changed);
        ask(&copy, "beside a good state.json", Some(n), &format!("entry {n}"));
        let mut kept = fs::read(copy.path("reg/state.json")).unwrap();
        let at = kept.len() / 2;
        kept[at] ^= 1;
        fs::write(copy.path("reg/state.json"), &kept).unwrap();
        ask(&copy, "beside a bad state.json", Some(n), &format!("entry {n}"));
    }
}

#[test]
fn what_is_derived_is_no_part_of_the_truth() {
    for (name, damage) in [
        ("no tree", (|copy: &Folder| fs::remove_dir_all(copy.path("reg/tree")).unwrap()) as fn(&Folder)),
        ("a changed hash", |copy| {
            let mut bytes = fs::read(copy.path("reg/tree/0")).unwrap();
            bytes[32 * 5 + 3] ^= 1;
            fs::write(copy.path("reg/tree/0"), bytes).unwrap();
        }),
        ("an empty tree", |copy| fs::write(copy.path("reg/tree/0"), "").unwrap()),
        ("no state.json", |copy| drop(fs::remove_file(copy.path("reg/state.json")))),
        ("a state.json of nothing", |copy| fs::write(copy.path("reg/state.json"), "{}\n").unwrap()),
        ("lines that end with CR LF", |copy| {
            let text = fs::read_to_string(copy.path(ENTRIES)).unwrap().replace('\n', "\r\n");
            fs::write(copy.path(ENTRIES), text).unwrap();
        }),
    ] {
        let copy = books::copy(&TRUTH.folder);
        damage(&copy);
        ask(&copy, name, None, "");
    }
    let copy = books::copy(&TRUTH.folder);
    fs::remove_dir_all(copy.path("reg/tree")).unwrap();
    let mut changed = lines(&copy);
    changed[4] = flip(&changed[4], places(&changed[4])["a proof"]);
    write(&copy, &changed);
    ask(&copy, "neither tree nor entries", Some(0), "lead to the root that is signed for");
}

#[test]
fn every_byte_of_the_checkpoint_counts() {
    let whole = fs::read(TRUTH.folder.path("reg/checkpoint")).unwrap();
    let copy = books::copy(&TRUTH.folder);
    for at in (0..whole.len()).step_by(11) {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        fs::write(copy.path("reg/checkpoint"), changed).unwrap();
        for words in
            [ASKED[0].0, ASKED[5].0, ASKED[8].0, ASKED[9].0, ASKED[12].0, &["chain", "prove", "reg", "1"]]
        {
            let run = copy.run(words);
            let shown = format!("byte {at}: {words:?}: {:?} {}{}", run.code, run.out, run.err);
            assert!(run.code == Some(4) && run.err.contains("reg/"), "{shown}");
            assert_eq!(run.out, "", "{shown}");
        }
    }
}

#[test]
fn lost_lines_are_no_answer_and_are_said() {
    for (name, bend, touched) in [
        ("the last line", (|lines: &mut Vec<String>| drop(lines.pop())) as fn(&mut Vec<String>), 11),
        ("one in the middle", |lines| drop(lines.remove(4)), 4),
        ("two exchanged", |lines| lines.swap(4, 5), 4),
        ("one twice", |lines| lines.insert(4, lines[4].clone()), 5),
        ("all", Vec::clear, 0),
    ] {
        let copy = books::copy(&TRUTH.folder);
        let mut bent = lines(&copy);
        bend(&mut bent);
        write(&copy, &bent);
        ask(&copy, name, Some(touched), &format!("entry {touched} is"));
    }
    let copy = books::copy(&TRUTH.folder);
    fs::remove_file(copy.path(ENTRIES)).unwrap();
    ask(&copy, "no file", Some(0), "entry 0 is missing");
}

#[test]
fn a_proof_is_given_of_what_verifies_only() {
    let copy = books::copy(&TRUTH.folder);
    let whole = lines(&copy);
    for n in [0, 4] {
        let mut changed = whole.clone();
        changed[n] = flip(&changed[n], places(&changed[n])["a proof"]);
        write(&copy, &changed);
        let run = copy.run(&["chain", "prove", "reg", &n.to_string(), "-o", "lie"]);
        assert_eq!(run.code, Some(4), "{}{}", run.out, run.err);
        assert!(run.err.contains(&format!("reg/entries/000000000000.jsonl:{}: ", n + 1)), "{}", run.err);
        assert!(!copy.path("lie.json").exists() && !copy.path("lie.tlog-proof").exists());
    }
}

#[test]
fn what_stands_there_is_answered_to_who_asks_for_that() {
    let copy = books::copy(&TRUTH.folder);
    let mut changed = lines(&copy);
    changed[10] = changed[10].replace("\"t\":4.5", "\"t\":9.5");
    write(&copy, &changed);
    for (words, _) in ASKED {
        let run = copy.run(&[*words, &["--no-verify"]].concat());
        assert_eq!(run.code, Some(0), "{words:?}: {}", run.err);
        assert!(run.err.contains("warning: the ledger is trusted, not verified"), "{words:?}: {}", run.err);
    }
    assert!(copy.run(&["chain", "cat", "reg", "10", "--no-verify"]).out.contains("9.5"));
    changed[0] = flip(&changed[0], places(&changed[0])["a proof"]);
    write(&copy, &changed);
    assert_eq!(copy.run(&["chain", "cat", "reg", "10", "--no-verify"]).code, Some(0));
}

#[test]
fn cat_prints_what_is_good_up_to_what_is_not() {
    let copy = books::copy(&TRUTH.folder);
    let mut changed = lines(&copy);
    changed[4] = flip(&changed[4], places(&changed[4])["a proof"]);
    write(&copy, &changed);
    let run = copy.run(&["chain", "cat", "reg"]);
    assert_eq!((run.code, run.out.lines().count()), (Some(4), 4), "{}", run.err);
    assert_eq!(copy.run(&["chain", "cat", "reg", "5.."]).code, Some(0), "its neighbours are what they were");
    assert_eq!(copy.run(&["chain", "cat", "reg", "4"]).code, Some(4));
}

#[test]
fn who_does_not_know_the_key_is_told_whose_word_it_is() {
    let copy = books::copy(&TRUTH.folder);
    fs::remove_dir_all(copy.path("state")).unwrap();
    let did = fs::read_to_string(copy.path("gw.did")).unwrap();
    for ((words, _), right) in ASKED.iter().zip(&TRUTH.answers) {
        let run = copy.run(words);
        assert_eq!((run.code, &told(&run)), (Some(0), right), "{words:?}: {}", run.err);
        let said = run.err.lines().filter(|line| line.contains("nobody outside vouches for it")).count();
        assert!(said == 1 && run.err.contains(did.trim()), "{words:?}: {}", run.err);
        let known = TRUTH.folder.run(words);
        assert!(!known.err.contains("vouches"), "{words:?}: {}", known.err);
    }
}

#[test]
fn an_older_copy_does_not_answer_for_today() {
    let copy = books::copy(&TRUTH.folder);
    books::copy_into(&copy, "reg", &copy, "old");
    event(&copy, &["handover", "reg", "probe", "--to", "bob", "-k", "dave", "-k", "bob"]);
    fs::remove_dir_all(copy.path("reg")).unwrap();
    fs::rename(copy.path("old"), copy.path("reg")).unwrap();
    for (words, rests_on) in ASKED {
        let run = copy.run(words);
        let shown = format!("{words:?}: {:?} {}{}", run.code, run.out, run.err);
        assert!(run.err.contains("13 entries were seen here before, now there are 12"), "{shown}");
        let names_its_end = ["cat", "plot", "--at"].iter().any(|word| words.contains(word));
        assert_eq!(run.code, Some(if names_its_end { 0 } else { 4 }), "{shown} {rests_on:?}");
    }
}

#[test]
fn a_ledger_that_bears_the_name_of_a_known_one_is_told_from_it() {
    let copy = books::copy(&TRUTH.folder);
    fs::rename(copy.path("reg"), copy.path("true")).unwrap();
    let words =
        ["chain", "init", "reg", "-k", "erin", "--writers", "enrolled", "--origin", "plant7/reg", "-q"];
    let made = copy.foil(&words).env("XDG_STATE_HOME", copy.path("forger")).output().unwrap();
    assert!(made.status.success());
    for words in [&["registry", "show", "reg"][..], &["chain", "status", "reg"], &["chain", "cat", "reg"]] {
        let run = copy.run(words);
        assert_eq!(run.code, Some(0), "{words:?}: {}", run.err);
        assert!(run.err.contains("warning: plant7/reg: was seen before as another ledger"), "{}", run.err);
        assert!(run.err.contains("nobody outside vouches for it"), "{}", run.err);
    }
}
