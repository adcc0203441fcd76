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

const HOUR: i64 = 3_600_000;

/// A machine whose clocks are what a test says, in hours.
#[derive(Clone)]
struct Machine {
    name: &'static str,
    boot: &'static str,
    synchronised: bool,
}

const GATEWAY: Machine = Machine { name: "gateway", boot: "first", synchronised: false };

impl Machine {
    fn at(&self, wall: i64, up: i64) -> WriterMachine {
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
struct Book(tempfile::TempDir);

impl Book {
    /// Made by the gateway at hour 0, up for 5 hours.
    fn new() -> Self {
        let book = Self(tempfile::tempdir().unwrap());
        let genesis = ledgers::genesis(Writers::Anyone);
        let made = init::init(&book.path("book"), &key(), ORIGIN, genesis, &GATEWAY.at(0, 5), &book.seen());
        assert!(made.unwrap().1.is_none());
        book
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.0.path().join(name)
    }

    fn seen(&self) -> Seen {
        Seen::new(self.path("seen"))
    }

    fn appender(&self, name: &str, options: AppendOptions) -> Appender {
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

    fn copy(&self, from: &str, to: &str) {
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
const FAR: i64 = 87_660;

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
