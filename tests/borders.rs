//! What happens at the borders of tiles and files of entries, in a layout of small ones: every size and every line.

use counterfoil::{
    json::Canonical,
    ledger::{
        files::{closed::Closed, folder::Folder, read::Reader, tree},
        pins::Seen,
        space::prune,
        write::{
            admission::Admission,
            append::{AppendOptions, Appender, WriterMachine},
            batch::Arrival,
            init,
            machine_id::MachineId,
        },
    },
    object,
    record::writers::Writers,
    rules::received::ClockReading,
    time::Span,
    tlog::layout::Layout,
    verify::{self, Trust},
};

use crate::ledgers::{Ledger, ORIGIN, found, genesis, key, options, start, verify};

/// Entries that fill two files, and begin a third in the middle of a tile.
const SIZE: u64 = 39;

fn machine() -> WriterMachine {
    let clock = ClockReading { wall: start(), up: Span::from_millis(1) };
    WriterMachine {
        machine: MachineId::named("gateway").unwrap(),
        boot: "first".into(),
        clock,
        synchronised: true,
    }
}

/// A ledger of small files, and whoever writes it.
struct SmallBook {
    place: tempfile::TempDir,
    folder: Folder,
}

impl SmallBook {
    fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("book");
        let seen = Seen::new(place.path().join("seen"));
        init::init(&path, &key(200), ORIGIN, genesis(Writers::Anyone), &machine(), &seen).unwrap();
        Self { folder: Folder::with_layout(path, Layout::SMALL), place }
    }

    fn appender(&self) -> Appender {
        let declared = Reader::open(self.folder.clone()).unwrap().declaration().unwrap();
        let admission = Admission::new(&declared.genesis, declared.id, || 1);
        let seen = Seen::new(self.place.path().join("seen"));
        let options = AppendOptions::default();
        Appender::new(self.folder.clone(), key(200), &declared, seen, admission, options).unwrap()
    }

    fn append(&self, numbers: std::ops::Range<u64>) {
        self.append_at(numbers, Span::ZERO);
    }

    /// Appends by a synchronised clock that shows the start and so much.
    fn append_at(&self, numbers: std::ops::Range<u64>, since: Span) {
        let mut machine = machine();
        machine.clock.wall = start().saturating_add(since);
        let arrival = |n: u64| Arrival {
            record: Canonical::from(&object! { "n": n }),
            clock: machine.clock,
            admitted: false,
        };
        let committed = self.appender().commit(numbers.map(arrival).collect(), &machine).unwrap();
        assert!(committed.refused.is_empty() && committed.warnings.is_empty(), "{:?}", committed.warnings);
    }

    /// Sees that everything is in order, and that `tree/` is what the entries give.
    fn check(&self, size: u64, trust: &Trust) {
        let report = verify::ledger(&self.folder, trust, &options(1)).unwrap();
        assert_eq!((found(&report), report.size), (vec![], Some(size)));
        let (size, root) = (report.size.unwrap(), report.root.unwrap());
        assert!(tree::is_whole(&self.folder, size, &root).unwrap(), "{size}");
    }
}

#[test]
fn writers_cross_borders_in_steps_of_any_length() {
    let trust = Ledger::of(1).trust();
    for step in [1, 3, 4, 15, 16, 17, SIZE - 1] {
        let book = SmallBook::new();
        let mut size = 1;
        while size < SIZE {
            let end = (size + step).min(SIZE);
            book.append(size..end);
            size = end;
            book.check(size, &trust);
        }
        let files = Reader::open(book.folder.clone()).unwrap().folder().entry_files().unwrap();
        assert_eq!(files, [0, 16, 32], "{step}");
    }
}

#[test]
fn a_tree_is_made_anew_at_every_size() {
    let trust = Ledger::of(1).trust();
    let book = SmallBook::new();
    for size in 2..=SIZE {
        book.append(size - 1..size);
        std::fs::remove_dir_all(book.folder.tree()).unwrap();
        let report = verify::ledger(&book.folder, &trust, &options(1)).unwrap();
        tree::rebuild(&book.folder, size, &report.root.unwrap()).unwrap();
        book.check(size, &trust);
    }
}

/// The last entries of a ledger whose first file is dropped do not look like a jump of the clock, when it is set back an
/// hour and nothing else remembers them: a wall there would be a wrong one for whoever has the whole copy.
#[test]
fn what_was_dropped_is_no_jump_of_the_clock() {
    let hours = |count: i64| Span::from_millis(count * 3_600_000);
    let book = SmallBook::new();
    // 300 days later, behind the release: clocks before it are not believed
    book.append_at(1..16, hours(7_200));
    book.append_at(16..20, hours(7_201));
    let reader = Reader::open(book.folder.clone()).unwrap();
    let declared = reader.declaration().unwrap();
    prune::prune(&Closed::open(&reader, &declared, Span::ZERO).unwrap(), 0).unwrap();
    std::fs::remove_file(book.folder.path().join("lock")).unwrap();
    book.append_at(20..21, hours(7_200));
    let last = Reader::open(book.folder.clone()).unwrap().times(20).unwrap();
    assert_eq!((last.received, last.wall), (start().saturating_add(hours(7_201)), None));
}

#[test]
fn every_entry_is_proven_and_every_changed_line_is_found() {
    let records = (1..SIZE).map(|n| object! { "n": n });
    let lines = Ledger::holding([vec![genesis(Writers::Anyone)], records.collect()].concat()).lines;
    let ledger = Ledger::cut(Layout::SMALL, lines);
    assert_eq!(found(&ledger.verify()), [""; 0]);
    for n in 1..SIZE {
        assert!(verify::prove(&ledger.view, n).is_ok(), "{n}");
        let (first, place) = (Layout::SMALL.first_in_file(n), Layout::SMALL.place_in_file(n));
        let mut view = ledger.view.clone();
        let content = view.files.get_mut(&first).unwrap();
        let text = String::from_utf8(content.clone()).unwrap();
        let changed = text.replace(&format!("{{\"n\":{n}}}"), &format!("{{\"n\":{}}}", n + 1_000));
        assert_ne!(text, changed);
        *content = changed.into_bytes();
        let said = found(&verify(&view, &ledger.trust()));
        assert_eq!(said, [format!("modified {n} {first:06}:{}", place + 1)]);
    }
}
