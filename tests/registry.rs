//! Who may say what, on ledgers where only the enrolled may write: what comes in is judged as what is in.

use std::path::PathBuf;

use counterfoil::{
    hash::Hash,
    json::{self, Object},
    key::Did,
    object,
    record::{
        claim::RecordClaim,
        genesis::Genesis,
        registry::{Deed, EventNames, Name, RegistryEvent, Subject},
        signed::{self, SignOptions, sign},
        writers::Writers,
    },
    rules::judge::Judge,
    time::{Span, Time},
    verify::{FindingKind, Severity, VerifyReport},
};

use crate::{
    ledgers::{self, Ledger, key, start},
    run::{Folder, Run},
};

/// The log's key, which is the admin's.
const ADMIN: u8 = 200;
const OWNER: u8 = 10;
const RENTER: u8 = 20;
const GATEWAY: u8 = 30;
const PROBE: u8 = 40;

/// A story: records one after the other, and what they come to as far as they keep the rules.
struct Story {
    ledger: Hash,
    judge: Judge,
    records: Vec<Object>,
}

fn did(seed: u8) -> Did {
    Did::from(&key(seed).public())
}

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

/// When the entry of this number is received, a second after the one before.
fn second(n: u64) -> Time {
    start().saturating_add(Span::from_millis(i64::try_from(n).unwrap() * 1_000))
}

fn signed_by(mut record: Object, seeds: &[u8]) -> Object {
    for seed in seeds {
        sign(&mut record, &key(*seed), &SignOptions::default()).unwrap();
    }
    record
}

fn reading(device: &str, seq: u32) -> Object {
    object! { "type": "reading", "device": device, "time": start().to_string(), "stream": "b1e4", "seq": seq,
    "values": object! { "t": 4u32 } }
}

impl Story {
    fn new(writers: Writers) -> Self {
        let declaration = ledgers::genesis(writers);
        let ledger = signed::id(&declaration);
        let judge = Judge::new(&Genesis::parse(&declaration).unwrap(), ledger);
        Self { ledger, judge, records: vec![declaration] }
    }

    /// Three parties and a probe that the gateway reads.
    fn peopled(writers: Writers) -> (Self, [Hash; 4]) {
        let mut story = Self::new(writers);
        let mut enroll = |label, seed| {
            story.tell(Deed::EnrollParty { name: name(label), key: did(seed), next: None }, &[seed, ADMIN])
        };
        let [owner, renter, gateway] =
            [enroll("owner", OWNER), enroll("renter", RENTER), enroll("gateway", GATEWAY)];
        let probe =
            Deed::EnrollDevice { name: name("probe"), key: Some(did(PROBE)), owner, via: Some(gateway) };
        let probe = story.tell(probe, &[OWNER, PROBE]);
        (story, [owner, renter, gateway, probe])
    }

    fn event(&self, deed: Deed) -> Object {
        let prev = self.judge.registry().last_of(&deed);
        RegistryEvent { ledger: self.ledger, prev, expires: None, names: EventNames::default(), deed }
            .to_record()
    }

    /// An event, whether or not it keeps the rules. Answers its id.
    fn tell(&mut self, deed: Deed, seeds: &[u8]) -> Hash {
        self.say(signed_by(self.event(deed), seeds))
    }

    fn say(&mut self, record: Object) -> Hash {
        let (n, id) = (self.records.len() as u64, signed::id(&record));
        let _ = self.judge.admit(n, second(n), &RecordClaim::of(&record).unwrap());
        self.records.push(record);
        id
    }

    /// What a verifier of all that says.
    fn verify(&self) -> VerifyReport {
        Ledger::holding(self.records.clone()).verify()
    }
}

fn findings(report: &VerifyReport) -> Vec<(FindingKind, Option<u64>, Severity)> {
    report.findings().into_iter().map(|it| (it.kind, it.n, it.severity)).collect()
}

#[test]
fn registry_a_story_that_keeps_the_rules_is_sound() {
    let (mut story, [_, renter, _, probe]) = Story::peopled(Writers::Enrolled);
    story.say(signed_by(reading("probe", 0), &[PROBE]));
    story.say(signed_by(reading(&probe.to_string(), 1), &[GATEWAY]));
    story.tell(Deed::handover(probe, renter), &[OWNER, RENTER]);
    story.say(signed_by(object! { "type": "event", "event": "loaded" }, &[RENTER]));
    let report = story.verify();
    assert_eq!((findings(&report), report.sound()), (vec![], true));
}

#[test]
fn registry_what_should_not_have_been_let_in_is_found_with_its_place() {
    let (mut story, [_, renter, _, probe]) = Story::peopled(Writers::Enrolled);
    // A gateway invents readings of a device that it does not read any more.
    let sale = Deed::Transfer { device: probe, to: renter, leases: Vec::new(), via: None };
    let sold = story.event(sale.clone());
    story.tell(sale, &[OWNER, RENTER]);
    story.say(signed_by(reading("probe", 0), &[GATEWAY]));
    // The seller tries once more, and an event is replayed.
    story.say(signed_by(sold, &[OWNER, RENTER]));
    story.say(signed_by(object! { "type": "event" }, &[99]));
    story.tell(Deed::Revoke { subject: Subject::Device(probe), trusted_until: None }, &[RENTER]);
    story.say(signed_by(reading("probe", 1), &[PROBE]));
    let error = |kind, n| (kind, Some(n), Severity::Error);
    let report = story.verify();
    let expected = [
        error(FindingKind::Unauthorized, 6),
        error(FindingKind::Unauthorized, 7),
        error(FindingKind::Unauthorized, 8),
        error(FindingKind::RevokedKey, 10),
    ];
    assert_eq!(findings(&report), expected);
    assert!(!report.sound());
}

#[test]
fn registry_where_anybody_may_write_what_breaks_the_rules_is_a_warning() {
    let (mut story, [_, renter, _, probe]) = Story::peopled(Writers::Signed);
    story.tell(Deed::handover(probe, renter), &[RENTER]);
    story.say(signed_by(reading("probe", 0), &[99]));
    story.say(signed_by(reading("of nobody", 0), &[99]));
    let warning = |n| (FindingKind::Unauthorized, Some(n), Severity::Warning);
    let report = story.verify();
    assert_eq!((findings(&report), report.sound()), (vec![warning(5), warning(6)], true));
    // a dead key is one, whatever it signs and with which other keys; a stranger's does not count
    story.tell(Deed::Revoke { subject: Subject::Party(renter), trusted_until: None }, &[ADMIN]);
    story.say(signed_by(object! { "type": "event" }, &[RENTER]));
    story.say(signed_by(reading("probe", 1), &[GATEWAY, RENTER]));
    story.say(signed_by(object! { "type": "event" }, &[99]));
    story.tell(Deed::Rotate { subject: Subject::Device(probe), key: did(98), next: None }, &[OWNER, 98]);
    story.say(signed_by(object! { "type": "note" }, &[PROBE]));
    let dead = |n| (FindingKind::RevokedKey, Some(n), Severity::Warning);
    let report = story.verify();
    let expected = vec![warning(5), warning(6), dead(9), dead(10), warning(13)];
    assert_eq!((findings(&report), report.sound()), (expected, true));
}

#[test]
fn registry_what_a_thief_signed_before_the_revocation_is_suspect() {
    let (mut story, [_, _, gateway, _]) = Story::peopled(Writers::Enrolled);
    for seq in 0..4 {
        story.say(signed_by(reading("probe", seq), &[if seq == 2 { PROBE } else { GATEWAY }]));
    }
    let trusted_until = Some(second(5));
    story.tell(Deed::Revoke { subject: Subject::Party(gateway), trusted_until }, &[ADMIN]);
    let suspect = |n| (FindingKind::Suspect, Some(n), Severity::Warning);
    let report = story.verify();
    assert_eq!((findings(&report), report.sound()), (vec![suspect(6), suspect(8)], true));
    // what it signs afterwards is not suspect: it is dead
    story.say(signed_by(reading("probe", 4), &[GATEWAY]));
    let expected = vec![suspect(6), suspect(8), (FindingKind::RevokedKey, Some(10), Severity::Error)];
    assert_eq!(findings(&story.verify()), expected);
}

/// A ledger of the command, whose log key is the admin's.
struct Book {
    folder: Folder,
    story: Story,
}

impl Book {
    fn new() -> Self {
        let folder = Folder::in_memory();
        folder.fixed_key("log", ADMIN);
        let made = folder.run(&["chain", "init", "book", "-k", "log", "--writers", "enrolled"]);
        assert_eq!(made.code, Some(0), "{}", made.err);
        let line = std::fs::read(folder.path("book/entries/000000000000.jsonl")).unwrap();
        let declared = counterfoil::tlog::entry::Entry::parse(&line[..line.len() - 1]).unwrap();
        let ledger = signed::id(&declared.record);
        let judge = Judge::new(&Genesis::parse(&declared.record).unwrap(), ledger);
        Self { folder, story: Story { ledger, judge, records: vec![declared.record] } }
    }

    fn append(&self, records: &[Object], more: &[&str]) -> Run {
        let lines: Vec<String> = records.iter().map(Object::to_canonical).collect();
        self.folder.feed(&[&["chain", "append", "book", "-k", "log"], more].concat(), lines.join("\n"))
    }

    fn size(&self) -> usize {
        let path: PathBuf = self.folder.path("book/entries/000000000000.jsonl");
        std::fs::read_to_string(path).unwrap().lines().count()
    }

    fn tell(&mut self, deed: Deed, seeds: &[u8]) -> Hash {
        let id = self.story.tell(deed, seeds);
        let run = self.append(&self.story.records[self.story.records.len() - 1..], &[]);
        assert_eq!(run.code, Some(0), "{}", run.err);
        id
    }
}

#[test]
fn registry_append_applies_the_rules_and_writes_nothing_that_is_refused() {
    let mut book = Book::new();
    let party = |label, seed| Deed::EnrollParty { name: name(label), key: did(seed), next: None };
    let half = signed_by(book.story.event(party("owner", OWNER)), &[OWNER]);
    let refused = book.append(&[half], &[]);
    assert_eq!((refused.code, book.size()), (Some(2), 1));
    let why = format!("line 1: enroll: not signed by an admin ({}, short form ", did(ADMIN));
    assert!(refused.err.contains(&why), "{}", refused.err);
    let owner = book.tell(party("owner", OWNER), &[OWNER, ADMIN]);
    let device = Deed::EnrollDevice { name: name("probe"), key: Some(did(PROBE)), owner, via: None };
    book.tell(device, &[OWNER, PROBE]);
    let (good, bad) = (signed_by(reading("probe", 0), &[PROBE]), signed_by(reading("probe", 1), &[99]));
    let mixed = book.append(&[good.clone(), bad.clone(), good.clone()], &[]);
    assert_eq!((mixed.code, book.size()), (Some(2), 4));
    let kept = book.append(&[bad.clone(), good.clone(), bad, good], &["--keep-going"]);
    assert_eq!((kept.code, book.size()), (Some(1), 6));
    assert!(kept.err.contains("line 3: signed with"), "{}", kept.err);
    let verified = book.folder.run(&["verify", "book"]);
    assert_eq!(verified.code, Some(0), "{}{}", verified.out, verified.err);
}

#[test]
fn registry_events_of_one_batch_build_on_each_other() {
    let mut book = Book::new();
    let party = Deed::EnrollParty { name: name("owner"), key: did(OWNER), next: None };
    let owner = book.story.tell(party, &[OWNER, ADMIN]);
    let device = Deed::EnrollDevice { name: name("probe"), key: Some(did(PROBE)), owner, via: None };
    let probe = book.story.tell(device, &[OWNER, PROBE]);
    book.story.say(signed_by(reading("probe", 0), &[PROBE]));
    let dry = book.append(&book.story.records[1..], &["-n"]);
    assert_eq!((dry.code, book.size()), (Some(0), 1), "{}", dry.err);
    assert_eq!(book.append(&book.story.records[1..], &[]).code, Some(0));
    book.tell(Deed::Revoke { subject: Subject::Device(probe), trusted_until: None }, &[OWNER]);
    let late = book.append(&[signed_by(reading("probe", 1), &[PROBE])], &[]);
    assert_eq!((late.code, book.size()), (Some(2), 5));
    assert!(late.err.contains("which was revoked"), "{}", late.err);
}

#[test]
fn registry_an_event_of_another_ledger_is_refused() {
    let (mut one, other) = (Book::new(), Book::new());
    let party = Deed::EnrollParty { name: name("owner"), key: did(OWNER), next: None };
    one.tell(party, &[OWNER, ADMIN]);
    let refused = other.append(&one.story.records[1..], &[]);
    assert_eq!((refused.code, other.size()), (Some(2), 1));
    assert!(refused.err.contains("enroll: is of ledger"), "{}", refused.err);
}

/// A ledger with an owner, and so much in it that a state is kept.
fn kept_state() -> Book {
    let mut book = Book::new();
    let party = Deed::EnrollParty { name: name("owner"), key: did(OWNER), next: None };
    let owner = book.tell(party, &[OWNER, ADMIN]);
    let device = Deed::EnrollDevice { name: name("probe"), key: Some(did(PROBE)), owner, via: None };
    book.tell(device, &[OWNER, PROBE]);
    let readings: Vec<Object> = (0..4_100).map(|seq| signed_by(reading("probe", seq), &[PROBE])).collect();
    assert_eq!(book.append(&readings, &["-q"]).code, Some(0));
    book
}

#[test]
fn registry_whoever_has_the_log_key_tells_nobody_anything_by_a_state_where_the_entries_say_it() {
    let book = kept_state();
    let state = book.folder.path("book/state.json");
    let show = || book.folder.run(&["registry", "show", "book", "probe"]);
    let honest = show();
    assert!(honest.out.contains("\"name\":\"owner\""), "{}{}", honest.out, honest.err);
    // the log signs that another party is the owner
    let forged = std::fs::read_to_string(&state).unwrap().replace("\"name\":\"owner\"", "\"name\":\"thief\"");
    let mut forged = json::parse_object(forged.as_bytes()).unwrap();
    forged.remove("proof");
    let forged = signed_by(forged, &[ADMIN]);
    std::fs::write(&state, forged.to_canonical()).unwrap();
    let told = show();
    assert!(told.out.contains("owner") && !told.out.contains("thief"), "{}{}", told.out, told.err);
}

#[test]
fn registry_a_state_and_a_tree_of_a_fork_are_those_of_other_entries() {
    let mut book = Book::new();
    let party = |label, seed| Deed::EnrollParty { name: name(label), key: did(seed), next: None };
    book.tell(party("owner", OWNER), &[OWNER, ADMIN]);
    let copy = |files: &[&str]| {
        let mut cp = std::process::Command::new("cp");
        assert!(cp.arg("-r").args(files).current_dir(book.folder.path("")).status().unwrap().success());
    };
    copy(&["book", "fork"]);
    // two histories of one ledger: in one the thief is a party, and a state is kept there
    let thief = signed_by(book.story.event(party("thief", 99)), &[99, ADMIN]);
    let notes = |count: u32| (0..count).map(|at| signed_by(object! { "type": "note", "at": at }, &[OWNER]));
    let fork: Vec<String> =
        std::iter::once(thief).chain(notes(4_100)).map(|record| record.to_canonical()).collect();
    let run = book.folder.feed(&["chain", "append", "fork", "-k", "log", "-q"], fork.join("\n"));
    assert_eq!(run.code, Some(0), "{}", run.err);
    let more: Vec<String> = notes(300).map(|record| record.to_canonical()).collect();
    let run = book.folder.feed(&["chain", "append", "fork", "-k", "log", "-q"], more.join("\n"));
    assert_eq!(run.code, Some(0), "{}", run.err);
    // as if the fork had not been seen here
    std::fs::remove_dir_all(book.folder.path("state")).unwrap();
    let run = book.append(&notes(4_200).collect::<Vec<_>>(), &["-q"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    copy(&["fork/tree", "fork/state.json", "book/"]);
    let show = book.folder.run(&["registry", "show", "book"]);
    assert!(show.out.contains("owner") && !show.out.contains("thief"), "{}{}", show.out, show.err);
}

#[test]
fn registry_entries_that_were_changed_say_nothing_about_who_may_write() {
    let mut book = Book::new();
    let party = |label, seed| Deed::EnrollParty { name: name(label), key: did(seed), next: None };
    let owner = book.tell(party("owner", OWNER), &[OWNER, ADMIN]);
    book.tell(party("thief", 99), &[99, ADMIN]);
    let device = Deed::EnrollDevice { name: name("probe"), key: Some(did(PROBE)), owner, via: None };
    book.tell(device, &[OWNER, PROBE]);
    assert_eq!(book.append(&[signed_by(reading("probe", 0), &[PROBE])], &[]).code, Some(0));
    let path = book.folder.path("book/entries/000000000000.jsonl");
    let good = std::fs::read_to_string(&path).unwrap();
    // what the owner enrolled the thief owns, by an edit that takes no key
    let (owners, thiefs) = (did(OWNER).to_string(), did(99).to_string());
    let forged: Vec<String> = good
        .lines()
        .map(|line| if line.contains("\"owner\"") { line.replace(&owners, &thiefs) } else { line.to_owned() })
        .collect();
    std::fs::write(&path, forged.join("\n") + "\n").unwrap();
    let reading = signed_by(reading("probe", 1), &[PROBE]);
    let refused = book.append(std::slice::from_ref(&reading), &[]);
    assert_eq!((refused.code, book.size()), (Some(2), 5), "{}", refused.err);
    let why = "book: the entries from 1 on are not those that the log signed; run foil verify";
    assert!(refused.err.contains(why), "{}", refused.err);
    std::fs::write(&path, good).unwrap();
    let taken = book.append(&[reading], &[]);
    assert_eq!((taken.code, book.size()), (Some(0), 6), "{}", taken.err);
}

#[test]
fn registry_a_state_that_is_kept_is_believed_only_where_the_log_and_the_tree_say_so() {
    let (mut book, mut twin) = (Book::new(), Book::new());
    for book in [&mut book, &mut twin] {
        let party = Deed::EnrollParty { name: name("owner"), key: did(OWNER), next: None };
        let owner = book.tell(party, &[OWNER, ADMIN]);
        let device = Deed::EnrollDevice { name: name("probe"), key: Some(did(PROBE)), owner, via: None };
        book.tell(device, &[OWNER, PROBE]);
    }
    assert!(!book.folder.path("book/state.json").exists());
    let readings: Vec<Object> = (0..4_100).map(|seq| signed_by(reading("probe", seq), &[PROBE])).collect();
    for book in [&book, &twin] {
        assert_eq!(book.append(&readings, &["-q"]).code, Some(0));
    }
    let path = book.folder.path("book/state.json");
    let state = || json::parse_object(&std::fs::read(&path).unwrap()).unwrap();
    let (good, kept) = (std::fs::read_to_string(&path).unwrap(), state());
    // The story told here happened at other times.
    let times = regex::Regex::new(r#""via_at":"[^"]*""#).unwrap();
    let timeless = |registry: &Object| times.replace_all(&registry.to_canonical(), "").into_owned();
    let registry = kept.get("registry").unwrap().as_object().unwrap();
    assert_eq!(timeless(registry), timeless(&book.story.judge.registry().to_object()));
    let late = || signed_by(reading("probe", 9_999), &[PROBE]);
    let stranger = || signed_by(reading("probe", 9_999), &[99]);
    let believed = book.append(&[late(), stranger()], &["--keep-going"]);
    assert!(believed.code == Some(1) && !believed.err.contains("state.json"), "{}", believed.err);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), good, "it does not lag enough");
    let other = std::fs::read_to_string(twin.folder.path("book/state.json")).unwrap();
    let named = good.replace("\"probe\"", "\"prove\"");
    let mut forged = state();
    forged.remove("proof");
    let by_thief = signed_by(forged.clone(), &[99]).to_canonical();
    forged.insert("root", Hash::of(b"other entries").to_string());
    let of_others = signed_by(forged, &[ADMIN]).to_canonical();
    for bad in [&named, &other, &by_thief, &of_others, "{}", "nonsense"] {
        std::fs::write(&path, bad).unwrap();
        let noticed = book.append(&[late(), stranger()], &["--keep-going"]);
        assert!(
            noticed.code == Some(1) && noticed.err.contains("state.json counts for nothing"),
            "{}",
            noticed.err
        );
        assert_eq!(state().get("registry"), kept.get("registry"), "made anew");
    }
    let verified = book.folder.run(&["verify", "book"]);
    assert_eq!(verified.code, Some(0), "{}{}", verified.out, verified.err);
}

/// The lines between `.EX` and `.EE` of the man page, with what they leave out.
#[test]
fn registry_the_man_page_shows_every_event_as_it_is() {
    let page = include_str!("../man/foil-registry.5");
    let example = page.split(".EX\n").nth(1).unwrap().split(".EE").next().unwrap();
    let hashes = regex::Regex::new(r#""([0-9a-f]{4})\.\.\.""#).unwrap();
    let mut kinds = std::collections::BTreeSet::new();
    for line in example.lines() {
        let line = hashes.replace_all(line, |found: &regex::Captures| format!("{:?}", found[1].repeat(16)));
        let line = line.replace("did:key:z6Mk...", &did(OWNER).to_string());
        let record = json::parse_object(line.as_bytes()).unwrap_or_else(|why| panic!("{line}: {why}"));
        let event = RegistryEvent::parse(&record).unwrap_or_else(|| panic!("{line}: no event"));
        let event = event.unwrap_or_else(|why| panic!("{line}: {why}"));
        assert_eq!(event.to_record(), record, "{line}");
        kinds.insert(event.kind().to_owned());
    }
    let all = [
        "assign", "delegate", "enroll", "handover", "lease", "retire", "return", "revoke", "rotate",
        "transfer",
    ];
    assert!(kinds.iter().eq(all), "{kinds:?}");
}
