//! As of when a verdict is, when it is final, and what keeps it open: stale copies, silent ledgers, jumps of a clock.

use std::fmt::Write;

use counterfoil::{
    json::{self, Object},
    object,
    record::{
        genesis::{Continued, Genesis},
        signed::{self, SignOptions, sign},
        writers::Writers,
    },
    tlog::{
        checkpoint::{Checkpoint, SignedCheckpoint},
        view::Memory,
    },
};

use crate::{
    ledgers::{Ledger, key, start, write},
    run::{Folder, Run},
};

/// Signs the readings.
const GATEWAY: u8 = 3;

/// A ledger with its own log key; entries arrive at times of one day, `hh:mm`, or at whole times; behind a jump of the clock
/// with a wall, too, `received/wall`.
struct Book {
    seed: u8,
    genesis: Object,
    entries: Vec<(String, Object)>,
}

fn instant(time: &str) -> String {
    if time.len() > 5 { time.to_owned() } else { format!("2026-03-01T{time}:00.000Z") }
}

impl Book {
    fn new(seed: u8) -> Self {
        Self::going_on(seed, None)
    }

    fn going_on(seed: u8, before: Option<&Self>) -> Self {
        let genesis = Genesis {
            origin: format!("books.example/{seed}"),
            log: key(seed).public(),
            admins: vec![key(seed).public()],
            writers: Writers::Signed,
            created: start(),
            continues: before.map(Self::end),
        };
        let mut genesis = genesis.to_record();
        for seed in [Some(seed), before.map(|before| before.seed)].into_iter().flatten() {
            sign(&mut genesis, &key(seed), &SignOptions::default()).unwrap();
        }
        Self { seed, genesis, entries: Vec::new() }
    }

    fn id(&self) -> String {
        signed::id(&self.genesis).to_string()
    }

    fn record(mut self, arrives: &str, mut record: Object, seed: u8) -> Self {
        sign(&mut record, &key(seed), &SignOptions::default()).unwrap();
        self.entries.push((instant(arrives), record));
        self
    }

    /// A reading of the device of the same number, which arrives when it was measured.
    fn reading(self, time: &str, celsius: u32) -> Self {
        let record = object! {
            "type": "reading",
            "device": format!("probe-{}", self.seed),
            "time": instant(time),
            "values": object! { "temperature": celsius },
        };
        self.record(time, record, GATEWAY)
    }

    /// Good readings from 06:00 to an hour, each half an hour.
    fn readings(self, until: &str) -> Self {
        let times = ["06:00", "06:30", "07:00", "07:30", "08:00", "08:30", "09:00"];
        times.into_iter().filter(|time| *time <= until).fold(self, |book, time| book.reading(time, 4))
    }

    fn note(self, arrives: &str) -> Self {
        self.record(arrives, object! { "type": "note" }, GATEWAY)
    }

    /// The first entries only, entry 0 counted.
    fn cut(&self, size: usize) -> Self {
        Self { seed: self.seed, genesis: self.genesis.clone(), entries: self.entries[..size - 1].to_vec() }
    }

    fn memory(&self) -> Memory {
        let first = (instant("05:00"), self.genesis.clone());
        let line = |(n, (arrives, record)): (usize, &(String, Object))| {
            let (received, wall) = arrives.split_once('/').unwrap_or((arrives, ""));
            let wall =
                if wall.is_empty() { String::new() } else { format!(r#","wall":"{}""#, instant(wall)) };
            format!(r#"{{"n":{n},"received":"{received}","record":{}{wall}}}"#, record.to_canonical())
        };
        let lines = [&first].into_iter().chain(&self.entries).enumerate().map(line);
        let ledger = Ledger::written(lines.collect());
        let stated = SignedCheckpoint::parse(ledger.view.checkpoint.as_ref().unwrap()).unwrap();
        let checkpoint =
            Checkpoint { origin: format!("books.example/{}", self.seed), ..stated.checkpoint().clone() };
        let signed = SignedCheckpoint::sign(checkpoint, &key(self.seed)).unwrap();
        Memory { checkpoint: Some(signed.to_string().into()), ..ledger.view }
    }

    fn end(&self) -> Continued {
        let memory = self.memory();
        let signed = SignedCheckpoint::parse(memory.checkpoint.as_ref().unwrap()).unwrap();
        let Checkpoint { size, root, .. } = signed.checkpoint().clone();
        Continued { ledger: signed::id(&self.genesis), size, root }
    }
}

/// Ledgers in a folder, and contracts about them from six to nine o'clock; late readings count for an hour more, and the
/// deadline is on 31 March at ten.
struct Desk(Folder);

/// What `check` answered.
struct Answer {
    code: Option<i32>,
    /// The verdict; empty where there is none
    verdict: Object,
    line: String,
    said: String,
}

impl Desk {
    fn new() -> Self {
        Self(Folder::new())
    }

    fn put(&self, name: &str, book: &Book) {
        write(&book.memory(), &self.0.path(name));
    }

    /// A contract that asks the device of each book for a reading every 40 minutes, and for cold.
    fn contract(&self, named: &[&Book], time: &str) {
        let ids: Vec<String> = named.iter().map(|book| format!("{:?}", book.id())).collect();
        let mut text = format!(
            "contract = \"foil/1\"\ntitle = \"x\"\nledgers = [{}]\n\
             period = {{ from = 2026-03-01T06:00:00Z, to = 2026-03-01T09:00:00Z }}\n\
             [parties.a]\nkey = \"{}\"\n[time]\nhold = \"1h\"\nlate_after = \"1h\"\n{time}\n",
            ids.join(", "),
            key(9).public()
        );
        for Book { seed, .. } in named {
            let gateway = key(GATEWAY).public();
            let _ = write!(
                text,
                "[devices.d{seed}]\nid = \"probe-{seed}\"\nsigned_by = [\"{gateway}\"]\n\
                 fields = {{ t-{seed} = {{ from = \"temperature\" }} }}\n\
                 [[terms]]\nid = \"alive-{seed}\"\non = \"d{seed}\"\nevery = \"40m\"\n\
                 [[terms]]\nid = \"cold-{seed}\"\non = \"d{seed}\"\nrequire = \"t_{seed} <= 8\"\ngap = \"hold\"\n"
            );
        }
        std::fs::write(self.0.path("c.toml"), text).unwrap();
    }

    fn ask(&self, command: &str, words: &[&str]) -> Run {
        let all = [&["contract", command, "c.toml", "--draft"], words].concat();
        self.0.run(&all)
    }

    fn check(&self, words: &[&str]) -> Answer {
        let Run { code, out, err } = self.ask("check", words);
        let verdict = json::parse_object(out.trim_end().as_bytes()).unwrap_or_default();
        Answer { code, verdict, line: out, said: err }
    }
}

impl Answer {
    /// The status, `final` if it is, the exit status, and what it is as of: `hh:mm` on 1 March, else the whole time.
    fn short(&self) -> String {
        let text = |name| self.verdict.str(name).unwrap_or_else(|| panic!("{}", self.said));
        let stage = if self.verdict.get("final").unwrap().as_bool().unwrap() { " final" } else { "" };
        let as_of = text("as_of").replace("2026-03-01T", "").replace(":00.000Z", "");
        format!("{}{stage} {} as of {as_of}", text("status"), self.code.unwrap())
    }

    fn why_open(&self) -> Vec<String> {
        let ids = self.verdict.get("why_open").unwrap().as_array().unwrap();
        ids.iter().map(|id| id.as_str().unwrap().to_owned()).collect()
    }

    fn ended(&self) -> String {
        self.verdict.get("ended").unwrap().to_canonical()
    }

    fn sizes(&self) -> Vec<u64> {
        let rows = self.verdict.get("ledgers").unwrap().as_array().unwrap();
        rows.iter().map(|row| row.as_object().unwrap().get("size").unwrap().as_u64().unwrap()).collect()
    }
}

/// Two gateways, both of them heard until nine and once more after ten.
fn two() -> (Book, Book) {
    let [north, south] = [201, 202].map(|seed| Book::new(seed).readings("09:00"));
    (north.note("10:05"), south.note("10:20"))
}

fn ended(book: &Book, size: usize) -> String {
    format!(r#"[{{"id":"{}","size":{size}}}]"#, book.id())
}

#[test]
fn an_old_copy_of_one_of_two_ledgers_decides_nothing() {
    let (desk, (north, south)) = (Desk::new(), two());
    desk.contract(&[&north, &south], "");
    desk.put("north", &north);
    desk.put("early", &north.cut(4));
    desk.put("south", &south);
    let early = desk.check(&["early", "south"]);
    assert_eq!((early.short().as_str(), early.why_open()), ("pending 3 as of 07:00", vec![north.id()]));
    assert_eq!(early.sizes(), [4, 4], "what came later to the other one does not exist");
    let people = desk.ask("check", &["early", "south", "--human"]).out;
    let line = "final once an entry arrives in early at or after 2026-03-01 10:00:00 +00:00, or foil chain tick early is run then\n";
    assert!(people.contains(line), "{people}");
    assert_eq!(desk.ask("blame", &["early", "south"]).code, Some(3));
    let whole = desk.check(&["north", "south"]);
    assert_eq!((whole.short().as_str(), whole.why_open()), ("kept final 0 as of 10:05", vec![]));
    assert_eq!((whole.ended().as_str(), whole.sizes()), ("[]", vec![9, 8]));
    assert_eq!(desk.ask("blame", &["north", "south"]).code, Some(0));
    // in whichever order they are given, and however they are read
    for words in [&["south", "north"][..], &["north", "south", "--no-verify"]] {
        assert_eq!(desk.check(words).line, whole.line, "{words:?}");
    }
    // a copy of one ledger is not another ledger
    let twice = desk.check(&["north", "early", "south"]);
    assert!(twice.code == Some(2) && twice.said.contains("given twice"), "{}", twice.said);
}

#[test]
fn an_old_copy_of_the_only_ledger_is_not_final() {
    let (desk, (north, _)) = (Desk::new(), two());
    desk.contract(&[&north], "");
    desk.put("north", &north);
    let whole = desk.check(&["north"]);
    assert_eq!((whole.short().as_str(), whole.why_open()), ("kept final 0 as of 10:05", vec![]));
    for size in 1..9 {
        desk.put(&format!("first-{size}"), &north.cut(size));
        let copy = desk.check(&[&format!("first-{size}")]);
        assert!(copy.short().starts_with("pending 3"), "{size}: {}", copy.short());
        assert_eq!(copy.why_open(), [north.id()], "{size}");
        // who has the whole ledger and asks for that prefix gets the same bytes
        assert_eq!(desk.check(&["north", "--at", &size.to_string()]).line, copy.line, "{size}");
    }
    // before the period nothing can be said about it, and nothing is broken
    assert_eq!(desk.check(&["first-1"]).short(), "pending 3 as of 05:00");
}

#[test]
fn a_silent_ledger_ends_at_the_deadline_and_comes_back() {
    let (desk, (north, south)) = (Desk::new(), two());
    desk.contract(&[&north, &south], "");
    desk.put("early", &north.cut(4));
    let goes_on_to = |time: &str| {
        desk.put("south", &two().1.note(time));
        desk.check(&["early", "south"])
    };
    let before = goes_on_to("2026-03-31T09:59:59.999Z");
    assert_eq!((before.short().as_str(), before.why_open()), ("pending 3 as of 07:00", vec![north.id()]));
    let at = goes_on_to("2026-03-31T10:00:00.000Z");
    assert_eq!(at.short(), "breached final 1 as of 2026-03-31T10:00");
    assert_eq!((at.why_open(), at.ended()), (vec![], ended(&north, 4)));
    let people = desk.ask("check", &["early", "south", "--human"]).out;
    let line = format!("ledger {} counts as ended with its 4 entries", north.id());
    assert!(people.contains(&line), "{people}");
    // it had only been out of reach
    desk.put("north", &north);
    let back = desk.check(&["north", "south"]);
    assert_eq!((back.short().as_str(), back.ended().as_str()), ("kept final 0 as of 10:05", "[]"));
    desk.put("late", &two().0.note("2026-05-01T00:00:00.000Z"));
    let later = desk.check(&["late", "south"]);
    assert_eq!(
        (later.short().as_str(), later.ended().as_str()),
        ("kept final 0 as of 2026-03-31T10:00", "[]")
    );
    // the contract can say when
    desk.contract(&[&north, &south], "deadline = 2026-03-01T10:20:00Z");
    desk.put("south", &south);
    assert_eq!(desk.check(&["early", "south"]).short(), "breached final 1 as of 10:20");
}

#[test]
fn who_stops_writing_after_the_end_keeps_nothing_open() {
    // one is silent since seven, one stopped when it was over, one went on for long
    let desk = Desk::new();
    let [silent, done, going] = [201, 202, 203].map(Book::new);
    let silent = silent.readings("07:00");
    let done = done.readings("09:00").note("10:30");
    let going = going.readings("09:00").note("10:30").note("2026-06-01T00:00:00.000Z");
    desk.contract(&[&silent, &done, &going], "");
    for (name, book) in [("silent", &silent), ("done", &done), ("going", &going)] {
        desk.put(name, book);
    }
    let answer = desk.check(&["silent", "done", "going"]);
    assert_eq!(answer.short(), "breached final 1 as of 2026-03-31T10:00");
    assert_eq!((answer.ended(), answer.why_open()), (ended(&silent, 4), vec![]));
}

#[test]
fn a_time_that_is_asked_for_makes_nothing_final_by_itself() {
    let (desk, (north, south)) = (Desk::new(), two());
    desk.contract(&[&north, &south], "");
    for (name, book) in [("north", &north), ("early", &north.cut(4)), ("south", &south)] {
        desk.put(name, book);
    }
    let as_of = |north: &str, time: &str| desk.check(&[north, "south", "--as-of", time]);
    // over, but the copy may lack what came, and what it lacks is a breach
    let over = as_of("early", "2026-03-02T00:00:00Z");
    assert_eq!(
        (over.short().as_str(), over.why_open()),
        ("breached 1 as of 2026-03-02T00:00", vec![north.id()])
    );
    assert!(
        over.said.contains("early: its last entry arrived at 2026-03-01 07:00:00 +00:00"),
        "{}",
        over.said
    );
    assert!(
        over.said.contains("south: its last entry arrived at 2026-03-01 10:20:00 +00:00"),
        "{}",
        over.said
    );
    let ends = as_of("early", "2026-03-31T10:00:00Z");
    assert_eq!(
        (ends.short().as_str(), ends.ended()),
        ("breached final 1 as of 2026-03-31T10:00", ended(&north, 4))
    );
    // how far a copy goes behind the time that is asked for makes no difference
    desk.put("half", &north.cut(7));
    let past = as_of("north", "2026-03-01T08:10:00Z");
    assert_eq!(
        (past.short().as_str(), past.why_open(), past.sizes()),
        ("pending 3 as of 08:10", vec![north.id(), south.id()], vec![6, 6])
    );
    assert_eq!(as_of("half", "2026-03-01T08:10:00Z").line, past.line);
    let over = as_of("north", "2026-03-01T10:02:00Z");
    desk.put("over", &two().0.note("2026-03-01T10:07:00.000Z"));
    assert_eq!((over.short().as_str(), over.why_open()), ("kept final 0 as of 10:02", vec![]));
    assert_eq!(as_of("over", "2026-03-01T10:02:00Z").line, over.line);
    let whole = desk.check(&["north", "south"]);
    assert_eq!(as_of("north", "2026-03-01T10:05:00Z").line, whole.line, "by the time that it is as of");
    assert_eq!(as_of("north", "2026-03-02T00:00:00Z").short(), "kept final 0 as of 2026-03-02T00:00");
}

#[test]
fn people_learn_that_what_they_wait_for_is_there_already() {
    let (desk, (north, south)) = (Desk::new(), two());
    desk.contract(&[&north, &south], "");
    for (name, book) in [("north", &north), ("early", &north.cut(4)), ("south", &south)] {
        desk.put(name, book);
    }
    let page = |north: &str, time: &str| desk.ask("check", &[north, "south", "--human", "--as-of", time]).out;
    let whole = page("north", "2026-03-01T08:10:00Z");
    let line = "  not final as of 2026-03-01 08:10:00 +00:00: north and south go on past 2026-03-01 10:00:00 +00:00, so \
                ask as of then or later\n";
    assert!(whole.contains(line) && !whole.contains("final once"), "{whole}");
    let early = page("early", "2026-03-01T08:10:00Z");
    assert!(
        early.contains("final once an entry arrives in early at or after 2026-03-01 10:00:00"),
        "{early}"
    );
    assert!(early.contains(": south goes on past") && !early.contains("arrives in south"), "{early}");
    // by a number of entries, or through a pipe
    desk.contract(&[&north], "");
    let first = desk.ask("check", &["north", "--human", "--at", "4"]).out;
    assert!(first.contains(": north goes on past") && !first.contains("final once"), "{first}");
    let mut records = String::new();
    for time in ["06:00", "12:00"] {
        let values = r#""values":{"temperature":4}}"#;
        let _ = writeln!(
            records,
            r#"{{"type":"reading","device":"probe-201","time":"{}",{values}"#,
            instant(time)
        );
    }
    let words = ["contract", "check", "c.toml", "-", "--draft", "--human", "--as-of", "2026-03-01T07:00:00Z"];
    let pipe = desk.0.feed(&words, records.clone()).out;
    assert!(pipe.contains(": standard input goes on past") && !pipe.contains("final once"), "{pipe}");
    let pipe = desk
        .0
        .feed(&words, records.lines().take(1).map(|line| line.to_owned() + "\n").collect::<String>())
        .out;
    assert!(pipe.contains("final once a record arrives at or after 2026-03-01 10:00:00"), "{pipe}");
}

#[test]
fn an_acceptance_that_comes_later_than_the_time_asked_about_does_not_count_through_a_pipe() {
    let (desk, north) = (Desk::new(), Book::new(201));
    desk.contract(&[&north], "");
    let compiled = desk.0.run(&["contract", "compile", "c.toml"]).out;
    let hash = signed::id(&json::parse_object(compiled.trim_end().as_bytes()).unwrap()).to_string();
    let book = north.record("07:00", object! { "type": "accept", "contract": hash }, 9);
    let lines: Vec<String> = book
        .entries
        .iter()
        .map(|(at, record)| {
            format!(r#"{{"n":1,"received":"{at}","record":{}}}"#, record.to_canonical()) + "\n"
        })
        .collect();
    let check = |words: &[&str]| {
        desk.0.feed(&[&["contract", "check", "c.toml", "-"], words].concat(), lines.concat())
    };
    let accepted = check(&["--as-of", "2026-03-01T07:00:00Z"]);
    assert!(accepted.code == Some(3) && accepted.out.contains(r#""accepted":["a"]"#), "{}", accepted.err);
    let early = check(&["--as-of", "2026-03-01T06:59:59Z"]);
    assert!(early.code == Some(2) && early.err.contains("not accepted by a"), "{} {}", early.out, early.err);
}

#[test]
fn an_entry_from_the_future_is_named_and_nothing_rests_on_it() {
    let desk = Desk::new();
    let (future, shown) = ("9000-10-15T06:30:00.000Z", "9000-10-15 06:30:00 +00:00");
    // the clock jumped at half past seven, and nothing undid that
    let jumped = Book::new(201).readings("07:00").note(future).note(future);
    let (_, south) = two();
    desk.contract(&[&jumped], "");
    desk.put("jumped", &jumped);
    desk.put("south", &south);
    let alone = desk.check(&["jumped"]);
    let named = format!("jumped: entry 4 arrived at {shown}, and by this machine's clock it is ");
    assert!(alone.code == Some(2) && alone.said.contains(&named), "{:?} {}", alone.code, alone.said);
    assert_eq!(alone.line, "");
    assert_eq!(desk.ask("blame", &["jumped"]).code, Some(2));
    assert_eq!(desk.check(&["jumped", "--at", "5"]).code, Some(2));
    assert_eq!(desk.check(&["jumped", "--at", "4"]).short(), "pending 3 as of 07:00");
    let asked = desk.check(&["jumped", "--as-of", "9000-01-01T00:00:00Z"]);
    assert!(
        asked.code == Some(2) && asked.said.contains("--as-of 9000-01-01 00:00:00 +00:00 is in the future"),
        "{}",
        asked.said
    );
    // the way out: by what had arrived, as long as that does not come out final because of the jump
    let before = desk.check(&["jumped", "--as-of", "2026-03-01T07:10:00Z"]);
    assert_eq!(before.short(), "pending 3 as of 07:10");
    let warned = format!("jumped: entry 4 arrived at {shown}, which is in the future; --as-of takes it");
    assert!(before.said.contains(&warned), "{}", before.said);
    let people = desk.ask("check", &["jumped", "--human", "--as-of", "2026-03-01T07:10:00Z"]).out;
    assert!(people.contains("final once an entry arrives in jumped at or after"), "{people}");
    let over = desk.check(&["jumped", "--as-of", "2026-03-02T00:00:00Z"]);
    assert!(over.code == Some(2) && over.said.contains(&named), "{:?} {}", over.code, over.said);
    assert_eq!(
        desk.check(&["jumped", "--as-of", "2026-04-01T00:00:00Z"]).code,
        Some(1),
        "what had arrived by then is missing whatever the jump says"
    );
    // nor does another ledger make it good
    desk.contract(&[&jumped, &south], "");
    let both = desk.check(&["jumped", "south"]);
    assert!(both.code == Some(2) && both.said.contains(&named), "{:?} {}", both.code, both.said);
    // a jump when all was over spoils nothing
    let (north, _) = two();
    desk.contract(&[&north, &south], "");
    desk.put("north", &north.note(future));
    assert_eq!(desk.check(&["north", "south"]).short(), "kept final 0 as of 10:20");
}

#[test]
fn a_ledger_that_is_not_given_is_waited_for() {
    let (desk, (north, south)) = (Desk::new(), two());
    desk.contract(&[&north, &south], "");
    desk.put("south", &south.note("2026-06-01T00:00:00.000Z"));
    let (_, south) = two();
    let half = desk.check(&["south"]);
    assert_eq!((half.short().as_str(), half.why_open()), ("pending 3 as of 06:00", vec![north.id()]));
    let named = format!("the contract names ledger {}, which is not given", north.id());
    assert!(half.said.contains(&named), "{}", half.said);
    let people = desk.ask("check", &["south", "--human"]).out;
    assert!(
        people.contains(&format!("not final without ledger {}, which was not given", north.id())),
        "{people}"
    );
    // whoever asks about a time gets an answer, and never a final one
    let asked = desk.check(&["south", "--as-of", "2026-06-02T00:00:00Z"]);
    assert_eq!(
        (asked.short().as_str(), asked.why_open()),
        ("breached 1 as of 2026-06-02T00:00", vec![north.id()])
    );
    // what is given is old as well
    desk.put("south", &south.cut(3));
    assert_eq!(desk.check(&["south"]).why_open(), [north.id(), south.id()]);
}

#[test]
fn a_successor_goes_on_for_the_ledger_before_it() {
    let (desk, first) = (Desk::new(), Book::new(201).readings("07:30"));
    let mut second = Book::going_on(211, Some(&first));
    second.seed = 201;
    let mut second = second.reading("08:00", 4).reading("08:30", 4);
    second.seed = 211;
    desk.contract(&[&first], "");
    desk.put("first", &first);
    desk.put("second", &second);
    let old = desk.check(&["first"]);
    assert_eq!((old.short().as_str(), old.why_open()), ("pending 3 as of 07:30", vec![first.id()]));
    let both = desk.check(&["second", "first"]);
    assert_eq!((both.short().as_str(), both.why_open()), ("pending 3 as of 08:30", vec![second.id()]));
    desk.put("second", &second.note("10:00"));
    assert_eq!(desk.check(&["first", "second"]).short(), "kept final 0 as of 10:00");
}

#[test]
fn a_ledger_that_begins_later_is_empty_until_then() {
    let (desk, (north, south)) = (Desk::new(), two());
    desk.contract(&[&north, &south], "");
    desk.put("north", &north);
    desk.put("south", &south);
    let early = desk.check(&["north", "south", "--as-of", "2026-03-01T04:00:00Z"]);
    assert_eq!((early.short().as_str(), early.sizes()), ("pending 3 as of 04:00", vec![0, 0]));
    // the root of the empty tree, RFC 6962
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(early.line.matches(empty).count(), 2, "{}", early.line);
}

#[test]
fn an_acceptance_counts_also_where_another_ledger_holds_the_verdict_back() {
    let (desk, (north, south)) = (Desk::new(), two());
    desk.contract(&[&north, &south], "");
    let compiled = desk.0.run(&["contract", "compile", "c.toml"]).out;
    let hash = signed::id(&json::parse_object(compiled.trim_end().as_bytes()).unwrap()).to_string();
    let accept = object! { "type": "accept", "contract": hash };
    desk.put("early", &north.cut(3));
    desk.put("south", &south.record("10:30", accept, 9));
    let check =
        |words: &[&str]| desk.0.run(&[&["contract", "check", "c.toml", "early", "south"], words].concat());
    let held_back = check(&[]);
    assert!(held_back.code == Some(3) && held_back.out.contains(r#""accepted":["a"]"#), "{}", held_back.err);
    // but not in a past that was asked for
    assert_eq!(check(&["--as-of", "2026-03-01T10:00:00Z"]).code, Some(2));
}

#[test]
fn what_comes_through_a_pipe_is_not_of_the_future_either() {
    let (desk, north) = (Desk::new(), Book::new(201));
    desk.contract(&[&north], "");
    let line = |time: &str| {
        format!(r#"{{"type":"reading","device":"probe-201","time":"{time}","values":{{"temperature":4}}}}"#)
            + "\n"
    };
    let words = ["contract", "check", "c.toml", "-", "--draft"];
    let input = line("2026-03-01T06:00:00.000Z") + &line("9000-01-01T00:00:00.000Z");
    let run = desk.0.feed(&words, input.clone());
    let named = "entry 1 arrived at 9000-01-01 00:00:00 +00:00";
    assert!(run.code == Some(2) && run.out.is_empty() && run.err.contains(named), "{}", run.err);
    let asked = desk.0.feed(&[&words[..], &["--as-of", "2026-03-01T06:10:00Z"]].concat(), input);
    assert!(
        asked.code == Some(3) && asked.out.contains(r#""as_of":"2026-03-01T06:10:00.000Z""#),
        "{}",
        asked.err
    );
    assert!(!asked.out.contains("future"), "what arrived later does not exist: {}", asked.out);
}

/// A ledger whose clock showed 2045 at half past seven, when it received two readings, and was right at eight.
fn jumped(seed: u8) -> Book {
    const JUMP: &str = "2045-01-01T00:00:00.000Z";
    let reading = |book: Book, arrives: &str, time: &str| {
        let device = format!("probe-{}", book.seed);
        let values = object! { "temperature": 4u32 };
        let record = object! { "type": "reading", "device": device, "time": instant(time), "values": values };
        book.record(arrives, record, GATEWAY)
    };
    let book = Book::new(seed).readings("07:00");
    let book = reading(reading(book, JUMP, "07:30"), JUMP, "07:40");
    let book = ["08:00", "08:30", "09:00"]
        .into_iter()
        .fold(book, |book, time| reading(book, &format!("{JUMP}/{time}"), time));
    book.record(&format!("{JUMP}/10:05"), object! { "type": "note" }, GATEWAY)
}

#[test]
fn what_arrived_in_a_jump_that_was_undone_is_listed_and_counts_from_then() {
    let (desk, (_, south)) = (Desk::new(), two());
    let north = jumped(201);
    desk.put("north", &north);
    desk.put("south", &south);
    let healed = |answer: &Answer| -> Vec<(String, u64)> {
        let findings = answer.verdict.get("findings").unwrap().as_array().unwrap();
        let findings = findings.iter().map(|finding| finding.as_object().unwrap());
        let healed = findings.filter(|finding| finding.str("kind") == Some("healed"));
        let place = |finding: &Object| {
            (finding.str("ledger").unwrap().to_owned(), finding.get("n").unwrap().as_u64().unwrap())
        };
        healed.map(place).collect()
    };
    let both = vec![(north.id(), 4), (north.id(), 5)];
    for (named, folders) in [(vec![&north], &["north"][..]), (vec![&south, &north], &["south", "north"])] {
        desk.contract(&named, "");
        let verified = desk.check(folders);
        assert_eq!(
            (verified.short().as_str(), healed(&verified)),
            ("kept final 0 as of 10:05", both.clone())
        );
        let trusted = desk.check(&[folders, &["--no-verify"]].concat());
        assert_eq!(trusted.line, verified.line);
        let people = desk.ask("check", &[folders, &["--human"]].concat()).out;
        assert!(people.contains("2 entries received while its clock had jumped ahead"), "{people}");
        // Before the clock was right again nobody knew of them, and when it was they had arrived.
        let early = desk.check(&[folders, &["--as-of", "2026-03-01T07:45:00Z"]].concat());
        assert_eq!((early.sizes().last(), healed(&early)), (Some(&4), vec![]));
        let later = desk.check(&[folders, &["--as-of", "2026-03-01T08:00:00Z"]].concat());
        assert_eq!((later.sizes().last(), healed(&later)), (Some(&7), both.clone()));
    }
    // Whoever has no more than the jump is told so, and gets no verdict as of 2045.
    desk.contract(&[&north], "");
    let within = desk.check(&["north", "--at", "6"]);
    assert!(within.code == Some(2) && within.said.contains("entry 4 arrived at"), "{}", within.said);
}
