//! Registry events in a jump of the clock that is undone: they hold as of when they arrived, however the registry comes
//! about.

use std::fs;

use counterfoil::{
    audit::{
        checked_reader::CheckedReader,
        registry::{LedgerInstant, RegistryAt, fold},
        target,
    },
    hash::Hash,
    json::{Canonical, Object},
    key::Did,
    ledger::{
        files::{folder::Folder, read::Reader},
        snapshot::{replay, state},
        write::{
            append::{AppendOptions, Appender, Committed, WriterMachine},
            batch::Arrival,
        },
    },
    object,
    record::{
        registry::{Deed, EventNames, Name, RegistryEvent},
        signed::{self, SignOptions, sign},
        writers::Writers,
    },
    rules::{judge::Judge, received::RELEASED},
    time::Time,
};

use crate::{
    clock::{Book, FAR, HOUR, KEPT},
    ledgers::key,
};

/// The log's key, which is the admin's.
const ADMIN: u8 = 200;
const OWNER: u8 = 10;
const RENTER: u8 = 20;
const PROBE: u8 = 40;

fn hour(hours: i64) -> Time {
    Time::from_millis(RELEASED.millis() + hours * HOUR).unwrap()
}

/// A ledger where only the enrolled may write, with an owner, a renter and a probe.
struct Yard {
    book: Book,
    renter: Hash,
    probe: Hash,
}

impl Yard {
    fn new() -> Self {
        let mut yard =
            Self { book: Book::open_to(Writers::Enrolled), renter: Hash([0; 32]), probe: Hash([0; 32]) };
        let here = KEPT.at(1, 6);
        let enroll = |label: &str, seed| {
            let name = Name::parse(label).unwrap();
            let key = Did::from(&key(seed).public());
            yard.happens(Deed::EnrollParty { name, key, next: None }, &[seed, ADMIN], &here)
        };
        let (owner, renter) = (enroll("owner", OWNER), enroll("renter", RENTER));
        let (name, key) = (Name::parse("probe").unwrap(), Some(Did::from(&key(PROBE).public())));
        let probe = Deed::EnrollDevice { name, key, owner, via: None };
        yard.probe = yard.happens(probe, &[OWNER, PROBE], &here);
        yard.renter = renter;
        yard
    }

    fn reader(&self) -> Reader {
        Reader::open(Folder::new(self.book.path("book"))).unwrap()
    }

    fn shown(&self, instant: LedgerInstant) -> RegistryAt {
        let log = target::open(&self.book.path("book")).unwrap();
        let reader = log.read().unwrap();
        fold(&CheckedReader::unchecked(&reader), instant, hour(5), "gateway").unwrap()
    }

    /// By a process of its own.
    fn happens(&self, deed: Deed, signers: &[u8], here: &WriterMachine) -> Hash {
        let now = self.shown(LedgerInstant::End);
        let (ledger, prev) = (*now.registry().ledger(), now.registry().last_of(&deed));
        let event =
            RegistryEvent { ledger, prev, expires: None, names: EventNames::default(), deed }.to_record();
        let id = signed::id(&event);
        let committed = self.says(event, signers, here);
        assert_eq!(committed.refused, []);
        id
    }

    fn says(&self, record: Object, signers: &[u8], here: &WriterMachine) -> Committed {
        let options = AppendOptions { accept_clock: true, ..AppendOptions::default() };
        commit(&mut self.book.appender("book", options), record, signers, here)
    }

    /// A reading of the probe, which its operator signs.
    fn reads(&self, here: &WriterMachine) -> Committed {
        self.says(reading(), &[RENTER], here)
    }

    fn lease(&self, from: i64, until: i64) -> Deed {
        let (device, to) = (self.probe, self.renter);
        Deed::Lease { device, to, from: hour(from), until: hour(until), via: Some(self.renter) }
    }

    /// The registry of all entries, begun with what is kept beside them or not.
    fn folded(&self, kept: bool) -> Judge {
        let reader = self.reader();
        let (folder, declared) = (Folder::new(self.book.path("book")), reader.declaration().unwrap());
        let tree =
            counterfoil::ledger::files::tree::stated(&folder, reader.checkpoint().checkpoint()).unwrap();
        let fresh = || (Judge::new(&declared.genesis, declared.id), 0);
        let known = || state::load(&folder, &declared.genesis, declared.id, tree.as_ref().unwrap()).unwrap();
        let (mut judge, from) = if kept { known().expect("state.json") } else { fresh() };
        replay::entries(&mut judge, &folder, from..reader.size(), tree.as_ref()).unwrap();
        judge
    }

    /// Keeps what is known now beside the entries.
    fn keep(&self) -> anyhow::Result<()> {
        let (folder, judge) = (Folder::new(self.book.path("book")), self.folded(false));
        state::keep(&folder, &judge, self.reader().checkpoint().checkpoint(), &key(ADMIN))
    }
}

fn reading() -> Object {
    object! { "type": "reading", "device": "probe", "time": hour(1).to_string(), "values": object! { "t": 4u32 } }
}

fn commit(appender: &mut Appender, mut record: Object, signers: &[u8], here: &WriterMachine) -> Committed {
    for seed in signers {
        sign(&mut record, &key(*seed), &SignOptions::default()).unwrap();
    }
    let arrival = Arrival { record: Canonical::from(&record), clock: here.clock, admitted: false };
    appender.commit(vec![arrival], here).unwrap()
}

#[test]
fn a_lease_in_a_jump_runs_from_when_it_arrived() {
    for kept in [false, true] {
        let yard = Yard::new();
        if kept {
            yard.keep().unwrap();
        }
        let lease = yard.happens(yard.lease(0, 2 * FAR), &[OWNER, RENTER], &KEPT.at(FAR, 7));
        let why = yard.keep().unwrap_err().to_string();
        assert!(why.contains("the clock may have jumped"), "{why}");
        assert_eq!(yard.reads(&KEPT.at(FAR + 1, 8)).refused, []);
        // The lessee speaks for it when the clock is right again, and so from then on.
        for (wall, up) in [(3, 9), (4, 10)] {
            assert_eq!(yard.reads(&KEPT.at(wall, up)).refused, [], "{kept}");
        }
        assert_eq!(yard.folded(kept), yard.folded(false));
        for (instant, operator) in [(2, "owner"), (3, "renter"), (5, "renter")] {
            let at = yard.shown(LedgerInstant::Time(hour(instant)));
            let (device, registry) = (at.registry().device(&yard.probe).unwrap(), at.registry());
            assert_eq!(registry.subject(&device.operator(at.at).is).unwrap().name().as_str(), operator);
        }
        let at = yard.shown(LedgerInstant::End);
        assert_eq!(at.registry().device(&yard.probe).unwrap().leases[0].from, hour(3));
        // A notice that was given in a jump ends the lease 48 hours after it arrived.
        let notice = Deed::Return { device: yard.probe, lease };
        yard.happens(notice, &[RENTER], &KEPT.at(FAR + 9, 11));
        assert_eq!(yard.reads(&KEPT.at(FAR + 30, 12)).refused, []);
        assert_eq!(yard.reads(&KEPT.at(6, 13)).refused, []);
        assert_eq!(yard.reads(&KEPT.at(53, 60)).refused, []);
        assert_eq!(yard.reads(&KEPT.at(54, 61)).refused.len(), 1, "it is over");
        let device = yard.shown(LedgerInstant::End).registry().device(&yard.probe).unwrap().clone();
        assert_eq!(device.leases[0].until, hour(54));
        assert_eq!(yard.folded(kept), yard.folded(false));
        assert!(yard.book.is_sound(), "nobody is accused in hindsight");
    }
}

#[test]
fn what_is_kept_behind_a_jump_that_was_undone_is_what_the_entries_say() {
    let yard = Yard::new();
    yard.happens(yard.lease(0, 2 * FAR), &[OWNER, RENTER], &KEPT.at(FAR, 7));
    yard.reads(&KEPT.at(3, 9));
    yard.keep().unwrap();
    yard.reads(&KEPT.at(4, 10));
    assert_eq!(yard.folded(true), yard.folded(false));
    // What is kept behind an entry that has a wall knows that the next one must have one.
    let text = fs::read_to_string(yard.book.path("book/state.json")).unwrap();
    assert!(text.contains("\"wall\":"), "{text}");
    // The clock has caught up with the jump, and jumps once more.
    yard.reads(&KEPT.at(FAR + 20, 11));
    yard.reads(&KEPT.at(5, 12));
    assert_eq!(yard.folded(true), yard.folded(false));
    assert!(yard.book.is_sound());
}

#[test]
fn what_is_refused_undoes_nothing() {
    let yard = Yard::new();
    yard.happens(yard.lease(0, 2 * FAR), &[OWNER, RENTER], &KEPT.at(FAR, 7));
    let options = || AppendOptions { accept_clock: true, ..AppendOptions::default() };
    let mut lasting = yard.book.appender("book", options());
    let stranger = commit(&mut lasting, reading(), &[99], &KEPT.at(3, 8));
    assert!(stranger.refused[0].1.contains("nobody here holds"), "{stranger:?}");
    assert_eq!(commit(&mut lasting, reading(), &[RENTER], &KEPT.at(FAR + 1, 9)).refused, []);
    let all = yard.shown(LedgerInstant::End);
    assert_eq!(all.registry().device(&yard.probe).unwrap().leases[0].from, hour(FAR));
    assert_eq!(commit(&mut lasting, reading(), &[RENTER], &KEPT.at(4, 10)).refused, []);
    let all = yard.shown(LedgerInstant::End);
    assert_eq!(all.registry().device(&yard.probe).unwrap().leases[0].from, hour(4));
    assert!(yard.book.is_sound());
}
