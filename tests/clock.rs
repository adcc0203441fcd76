//! Clocks that jump, and ledgers that are older than what was seen of them.

use std::{fs, path::Path};

use counterfoil::{
    json::Canonical,
    key::SecretKey,
    ledger::{
        files::{folder::Folder, read::Reader},
        pins::Seen,
        write::{
            admission::Admission,
            append::{AppendOptions, Appender, Committed, WriterMachine},
            batch::Arrival,
            init,
            machine_id::MachineId,
        },
    },
    object,
    record::writers::Writers,
    rules::received::{ClockReading, ClockState, RELEASED},
    time::{Span, Time},
    tlog::entry::Entry,
};

use crate::ledgers::{self, ORIGIN};

pub(crate) const HOUR: i64 = 3_600_000;

/// A machine whose clocks are what a test says, in hours.
#[derive(Clone)]
pub(crate) struct Machine {
    name: &'static str,
    boot: &'static str,
    synchronised: bool,
}

pub(crate) const GATEWAY: Machine = Machine { name: "gateway", boot: "first", synchronised: false };

impl Machine {
    pub(crate) fn at(&self, wall: i64, up: i64) -> WriterMachine {
        let wall = Time::from_millis(RELEASED.millis() + wall * HOUR).unwrap();
        let clock = ClockReading { wall, up: Span::from_millis(up * HOUR) };
        WriterMachine {
            machine: MachineId::named(self.name).unwrap(),
            boot: self.boot.into(),
            clock,
            synchronised: self.synchronised,
        }
    }
}

/// A folder with a ledger, and the memory of who writes it.
pub(crate) struct Book(tempfile::TempDir);

impl Book {
    /// Made by the gateway at hour 0, up for 5 hours.
    fn new() -> Self {
        Self::open_to(Writers::Anyone)
    }

    /// The same, where these may write.
    pub(crate) fn open_to(writers: Writers) -> Self {
        let book = Self(tempfile::tempdir().unwrap());
        let genesis = ledgers::genesis(writers);
        let made = init::init(&book.path("book"), &key(), ORIGIN, genesis, &GATEWAY.at(0, 5), &book.seen());
        assert!(made.unwrap().1.is_none());
        book
    }

    pub(crate) fn path(&self, name: &str) -> std::path::PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn seen(&self) -> Seen {
        Seen::new(self.path("seen"))
    }

    pub(crate) fn appender(&self, name: &str, options: AppendOptions) -> Appender {
        let folder = Folder::new(self.path(name));
        let declared = Reader::open(folder.clone()).unwrap().declaration().unwrap();
        let admission = Admission::new(&declared.genesis, declared.id, || 1);
        Appender::new(folder, key(), &declared, self.seen(), admission, options).unwrap()
    }

    /// One record by a process of its own.
    fn append(&self, here: &WriterMachine) -> Committed {
        commit(&mut self.appender("book", AppendOptions::default()), here).unwrap()
    }

    /// Whether the clock was taken as it should be, and the hour that the last entry got.
    fn given(&self, here: &WriterMachine) -> (bool, i64) {
        let committed = self.append(here);
        let size = committed.receipt.unwrap().checkpoint.size;
        let reader = Reader::open(Folder::new(self.path("book"))).unwrap();
        let last: Entry = reader.entries(size - 1..size).next().unwrap().unwrap();
        (committed.clock == ClockState::Fine, (last.received.millis() - RELEASED.millis()) / HOUR)
    }

    pub(crate) fn copy(&self, from: &str, to: &str) {
        let _ = fs::remove_dir_all(self.path(to));
        let copied =
            std::process::Command::new("cp").arg("-a").args([self.path(from), self.path(to)]).status();
        assert!(copied.unwrap().success());
    }
}

fn key() -> SecretKey {
    ledgers::key(200)
}

fn commit(appender: &mut Appender, here: &WriterMachine) -> anyhow::Result<Committed> {
    appender.commit(vec![arrival(here.clock)], here)
}

fn arrival(clock: ClockReading) -> Arrival {
    Arrival { record: Canonical::from(&object! { "a": 1u32 }), clock, admitted: false }
}

fn refusal(appender: &mut Appender, here: &WriterMachine) -> String {
    format!("{:#}", commit(appender, here).unwrap_err())
}

/// The year 2036.
pub(crate) const FAR: i64 = 87_660;

#[test]
fn a_jump_to_2036_and_back_leaves_no_trace() {
    let book = Book::new();
    assert_eq!(book.given(&GATEWAY.at(1, 6)), (true, 1));
    assert_eq!(book.given(&GATEWAY.at(FAR, 7)), (false, 2), "reckoned");
    let warning = book.append(&GATEWAY.at(FAR, 7)).clock.warning().unwrap();
    assert!(warning.contains("ahead") && warning.contains("--accept-clock"), "{warning}");
    assert_eq!(book.given(&GATEWAY.at(3, 8)), (true, 3));
    // Even after a week in the future, with entries all the time.
    for hour in 0..20 {
        assert_eq!(book.given(&GATEWAY.at(FAR + hour * 10, 9 + hour * 10)), (false, 4 + hour * 10));
    }
    assert_eq!(book.given(&GATEWAY.at(215, 220)), (true, 215));
}

#[test]
fn a_clock_years_ahead_is_believed_if_the_operator_vouches_for_it() {
    let book = Book::new();
    let kernel = Machine { synchronised: true, ..GATEWAY };
    assert_eq!(book.given(&kernel.at(8_000, 6)), (true, 8_000));
    assert_eq!(book.given(&kernel.at(FAR, 7)), (false, 8_001), "not the kernel alone");
    let accept = AppendOptions { accept_clock: true, ..AppendOptions::default() };
    let committed = commit(&mut book.appender("book", accept), &GATEWAY.at(FAR, 7)).unwrap();
    assert_eq!(committed.clock, ClockState::Fine);
    assert_eq!(book.given(&GATEWAY.at(FAR + 1, 8)), (true, FAR + 1));
}

#[test]
fn a_clock_behind_repeats_the_entry_before_until_it_has_caught_up() {
    let book = Book::new();
    assert_eq!(book.given(&GATEWAY.at(10, 15)), (true, 10));
    assert_eq!(book.given(&GATEWAY.at(-50_000, 16)), (false, 11), "reckoned");
    assert_eq!(book.given(&GATEWAY.at(9, 17)), (false, 11));
    assert_eq!(book.given(&GATEWAY.at(12, 17)), (true, 12));
}

#[test]
fn a_silent_fortnight_is_no_jump_in_this_run_of_the_machine_or_another() {
    let book = Book::new();
    assert_eq!(book.given(&GATEWAY.at(336, 341)), (true, 336));
    let again = Machine { boot: "second", ..GATEWAY };
    assert_eq!(book.given(&again.at(336 + 23, 0)), (true, 359));
    let third = Machine { boot: "third", ..GATEWAY };
    assert_eq!(book.given(&third.at(359 + 336, 0)), (true, 695));
}

#[test]
fn one_bad_second_within_a_batch_is_only_that() {
    let book = Book::new();
    let at = |wall, up| GATEWAY.at(wall, up).clock;
    let clocks = [at(1, 6), at(FAR, 6), at(2, 7), at(1, 7), at(3, 8)];
    let arrivals = clocks.map(arrival);
    let mut appender = book.appender("book", AppendOptions::default());
    let committed = appender.commit(arrivals.into(), &GATEWAY.at(3, 8)).unwrap();
    assert_eq!(committed.receipt.unwrap().entries, Some(1..=5));
    let reader = Reader::open(Folder::new(book.path("book"))).unwrap();
    let hours = reader.entries(1..6).map(|entry| entry.unwrap().received.millis() - RELEASED.millis());
    assert_eq!(hours.map(|millis| millis / HOUR).collect::<Vec<_>>(), [1, 1, 2, 2, 3]);
}

#[test]
fn a_restored_backup_is_not_gone_on_from() {
    let book = Book::new();
    book.copy("book", "backup");
    book.append(&GATEWAY.at(1, 6));
    book.copy("backup", "book");
    let refusal = refusal(&mut book.appender("book", AppendOptions::default()), &GATEWAY.at(2, 7));
    assert!(refusal.contains("rolled back: 2 entries were seen here before, now there are 1"), "{refusal}");
}

#[test]
fn of_two_copies_with_one_key_only_one_goes_on() {
    let book = Book::new();
    book.append(&GATEWAY.at(1, 6));
    let mut lasting = book.appender("book", AppendOptions::default());
    commit(&mut lasting, &GATEWAY.at(2, 7)).unwrap();
    book.copy("book", "copy");
    let mut copy = book.appender("copy", AppendOptions::default());
    commit(&mut copy, &GATEWAY.at(3, 8)).unwrap();
    // Also by an appender that holds its ledger in memory and finds it as it was.
    let why = refusal(&mut lasting, &GATEWAY.at(4, 9));
    assert!(why.contains("rolled back: 4 entries"), "{why}");
    let why = refusal(&mut book.appender("book", AppendOptions::default()), &GATEWAY.at(4, 9));
    assert!(why.contains("rolled back: 4 entries"), "{why}");
    // Where nothing was remembered the copies part, and the next meeting shows it.
    fs::rename(book.path("seen"), book.path("seen.away")).unwrap();
    for hour in 5..8 {
        commit(&mut lasting, &GATEWAY.at(hour, 10)).unwrap();
    }
    let why = refusal(&mut copy, &GATEWAY.at(9, 11));
    assert!(why.contains("rolled back"), "{why}");
    fs::remove_dir_all(book.path("seen")).unwrap();
    fs::rename(book.path("seen.away"), book.path("seen")).unwrap();
    let why = refusal(&mut book.appender("book", AppendOptions::default()), &GATEWAY.at(9, 11));
    let forked = "forked: the first 4 entries are not those that were seen here before";
    assert!(why.contains(forked), "{why}");
    // A dry run says so, too.
    let here = GATEWAY.at(9, 11);
    let checked = book.appender("book", AppendOptions::default()).check(vec![arrival(here.clock)], &here);
    let why = format!("{:#}", checked.expect_err("a fork is refused"));
    assert!(why.contains(forked), "{why}");
}

#[test]
fn a_memory_that_cannot_be_used_is_a_warning() {
    let book = Book::new();
    let sights = || fs::read_dir(book.path("seen")).unwrap().map(|folder| folder.unwrap().path());
    let sight = sights().flat_map(|folder| fs::read_dir(folder).unwrap()).next().unwrap().unwrap().path();
    fs::write(&sight, "").unwrap();
    let committed = book.append(&GATEWAY.at(1, 6));
    assert!(committed.warnings[0].starts_with("what was seen cannot be read"), "{:?}", committed.warnings);
    assert!(book.append(&GATEWAY.at(2, 7)).warnings.is_empty(), "it was written anew");
    fs::remove_dir_all(book.path("seen")).unwrap();
    fs::write(book.path("seen"), "in the way").unwrap();
    let committed = book.append(&GATEWAY.at(3, 8));
    assert!(committed.receipt.is_some());
    assert!(committed.warnings.iter().any(|warning| warning.contains("cannot be remembered")));
}

#[test]
fn a_ledger_that_moved_says_so() {
    let book = Book::new();
    let other = Machine { name: "other", ..GATEWAY };
    let why = refusal(&mut book.appender("book", AppendOptions::default()), &other.at(1, 6));
    assert!(why.contains("another machine (gateway) wrote here last"), "{why}");
    let moved = || AppendOptions { moved: true, ..AppendOptions::default() };
    commit(&mut book.appender("book", moved()), &other.at(1, 6)).unwrap();
    assert_eq!(
        commit(&mut book.appender("book", AppendOptions::default()), &other.at(2, 7)).unwrap().refused,
        []
    );
    assert!(
        refusal(&mut book.appender("book", AppendOptions::default()), &GATEWAY.at(3, 8)).contains("other")
    );
    assert!(Path::new(&book.path("book/lock")).exists());
}

/// The operator vouches for the clock.
fn accepting(book: &Book, here: &WriterMachine) -> Committed {
    let accept = AppendOptions { accept_clock: true, ..AppendOptions::default() };
    commit(&mut book.appender("book", accept), here).unwrap()
}

impl Book {
    /// The hours of `received` and `wall` in all entries, and what verify finds.
    fn hours(&self) -> Vec<(i64, Option<i64>)> {
        let hour = |time: Time| (time.millis() - RELEASED.millis()) / HOUR;
        let reader = Reader::open(Folder::new(self.path("book"))).unwrap();
        let entries = reader.entries(0..reader.size()).map(Result::unwrap);
        entries.map(|entry| (hour(entry.received), entry.wall.map(hour))).collect()
    }

    pub(crate) fn is_sound(&self) -> bool {
        let view = counterfoil::ledger::files::folder::Folder::new(self.path("book"));
        let trust = counterfoil::verify::Trust {
            given: Some(counterfoil::verify::GivenKey::Key(key().public())),
            ..Default::default()
        };
        counterfoil::verify::ledger(&view, &trust, &ledgers::options(1)).unwrap().sound()
    }
}

/// A machine whose clock something keeps right.
pub(crate) const KEPT: Machine = Machine { synchronised: true, ..GATEWAY };

#[test]
fn a_jump_that_was_accepted_is_undone_by_processes_of_their_own() {
    for lose_lock in [false, true] {
        let book = Book::new();
        book.append(&KEPT.at(1, 6));
        accepting(&book, &KEPT.at(FAR, 7));
        let mut hours = vec![(0, None), (1, None), (FAR, None)];
        for (wall, up, expected) in [(3, 8, 3), (4, 9, 4), (2, 10, 4), (-500_000, 10, 5)] {
            if lose_lock {
                fs::write(book.path("book/lock"), "").unwrap();
            }
            book.append(&KEPT.at(wall, up));
            // Without the lock it is not known since when time has passed.
            hours.push((FAR, Some(if lose_lock { expected.min(4) } else { expected })));
        }
        assert_eq!(book.hours(), hours, "{lose_lock}");
        assert!(book.is_sound());
        // And once more, further on.
        accepting(&book, &KEPT.at(2 * FAR, 20));
        assert!(matches!(book.append(&KEPT.at(20, 24)).clock, ClockState::Undone(_)));
        assert_eq!(book.hours()[7..], [(2 * FAR, None), (2 * FAR, Some(20))]);
        assert!(book.is_sound());
    }
}

#[test]
fn a_clock_that_nobody_vouches_for_undoes_nothing() {
    let book = Book::new();
    accepting(&book, &GATEWAY.at(FAR, 6));
    let committed = book.append(&GATEWAY.at(2, 7));
    let warning = committed.clock.warning().unwrap();
    assert!(warning.contains("behind") && warning.contains("--accept-clock"), "{warning}");
    assert_eq!(book.hours()[2], (FAR, None));
    accepting(&book, &GATEWAY.at(3, 8));
    assert_eq!(book.hours()[3], (FAR, Some(3)));
    assert!(book.is_sound());
}

#[test]
fn what_is_refused_within_a_jump_leaves_a_sound_ledger() {
    let book = Book::new();
    let options = AppendOptions { accept_clock: true, keep_going: true, ..AppendOptions::default() };
    let mut appender = book.appender("book", options);
    let at = |wall, up| GATEWAY.at(wall, up).clock;
    let long = Canonical::from(&object! { "a": "x".repeat(70_000) });
    for bad in 0..4 {
        // The jump itself, or what would undo it, is too long for a line.
        let clocks = [at(1, 6), at(FAR, 6), at(2, 7), at(3, 8)];
        let mut arrivals: Vec<Arrival> = clocks.map(arrival).into();
        arrivals[bad].record = long.clone();
        let committed = appender.commit(arrivals, &GATEWAY.at(3, 8)).unwrap();
        assert_eq!(committed.refused.len(), 1);
        assert!(book.is_sound(), "{bad}: {:?}", book.hours());
    }
}

#[test]
fn a_writer_that_died_within_a_jump_leaves_nothing_of_it() {
    let book = Book::new();
    book.append(&KEPT.at(1, 6));
    book.copy("book", "before");
    accepting(&book, &KEPT.at(FAR, 7));
    // Its line was written, and its checkpoint was not.
    fs::copy(book.path("before/checkpoint"), book.path("book/checkpoint")).unwrap();
    fs::remove_dir_all(book.path("seen")).unwrap();
    book.append(&KEPT.at(2, 8));
    assert_eq!(book.hours(), [(0, None), (1, None), (2, None)]);
    assert!(book.path("book/replaced").exists() && book.is_sound());
    // One that dies behind it leaves what may be taken up.
    accepting(&book, &KEPT.at(FAR, 9));
    book.copy("book", "before");
    book.append(&KEPT.at(4, 10));
    fs::copy(book.path("before/checkpoint"), book.path("book/checkpoint")).unwrap();
    fs::remove_dir_all(book.path("seen")).unwrap();
    // The first one is what the producer of that line sends again.
    book.append(&KEPT.at(5, 11));
    book.append(&KEPT.at(5, 11));
    assert_eq!(book.hours()[3..], [(FAR, None), (FAR, Some(4)), (FAR, Some(5))]);
    assert!(book.is_sound());
}

#[test]
fn a_clock_that_jumps_to_before_an_earlier_jump_is_mended_as_well() {
    let book = Book::new();
    accepting(&book, &KEPT.at(2 * FAR, 6));
    // Still wrong: that mends nothing, and can be mended.
    accepting(&book, &KEPT.at(FAR, 7));
    accepting(&book, &KEPT.at(2, 7));
    for wall in [FAR, FAR + 1, 3, FAR + 2, 4] {
        accepting(&book, &KEPT.at(wall, 9));
    }
    let hours = [
        (0, None),
        (2 * FAR, None),
        (2 * FAR, None),
        (2 * FAR, Some(2)),
        (2 * FAR, None),
        (2 * FAR, None),
        (2 * FAR, Some(3)),
        (2 * FAR, None),
        (2 * FAR, Some(4)),
    ];
    assert_eq!(book.hours(), hours);
    assert!(book.is_sound());
    let arrivals = Reader::open(Folder::new(book.path("book"))).unwrap().undone_jumps(9).unwrap();
    assert_eq!(arrivals.len(), 3);
}
