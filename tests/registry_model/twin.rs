//! A ledger twice: as the model tells it and as the registry does, asked the same and compared.

use std::mem::discriminant;

use counterfoil::{
    hash::Hash,
    json::Object,
    key::{Did, SecretKey},
    record::{
        claim::{ClaimContent, RecordClaim},
        genesis::Genesis,
        registry::{Deed, EventNames, Name, RegistryEvent, Subject},
        signed,
        writers::Writers,
    },
    rules::{judge::Judge, registry::Registry},
    time::{Span, Time},
};

use super::past::{Fact, Past, Start, subject};

/// The ledger, and another one in which its events must not count.
const LEDGER: Hash = Hash([0xee; 32]);
pub(super) const OTHER: Hash = Hash([0xdd; 32]);

/// What was let in: the entry, when it was received, and what it was.
type Entry = (u64, Time, RecordClaim);

/// The ledger under way.
pub(super) struct Twin {
    genesis: Genesis,
    start: Start,
    facts: Vec<Fact>,
    pub(super) judge: Judge,
    /// The same, stored and read back after every step
    stored: Judge,
    entries: Vec<Entry>,
    /// Events that were let in
    taken: Vec<(RegistryEvent, Vec<Did>)>,
    /// Every key that anybody has, used or not
    pub(super) keys: Vec<Did>,
    pub(super) now: Time,
    n: u64,
}

/// Who is there at first: the keys are those of the parties and of the probe.
pub(super) struct People {
    pub(super) keys: [Did; 4],
    pub(super) parties: [Hash; 3],
    pub(super) probe: Hash,
}

pub(super) fn hours(hours: i64) -> Span {
    Span::from_millis(hours * 3_600_000)
}

impl Twin {
    /// With two admins, of which the log key may be one.
    pub(super) fn new(log_is_admin: bool) -> Self {
        let key = |seed| SecretKey::from_seed(&[seed; 32]).public();
        let (log, admins) = (key(1), vec![key(if log_is_admin { 1 } else { 2 }), key(3)]);
        let (origin, writers) = ("x".to_owned(), Writers::Enrolled);
        let genesis = Genesis { origin, log, admins, writers, created: Time::EPOCH, continues: None };
        let admins = genesis.admins.iter().map(Did::from).collect();
        let start = Start { ledger: LEDGER, log: Did::from(&genesis.log), admins };
        let judge = Judge::new(&genesis, LEDGER);
        let mut keys = start.admins.clone();
        keys.push(start.log);
        keys.dedup();
        Self {
            genesis,
            start,
            facts: Vec::new(),
            stored: judge.clone(),
            judge,
            entries: Vec::new(),
            taken: Vec::new(),
            keys,
            now: Time::EPOCH,
            n: 1,
        }
    }

    pub(super) fn past(&self) -> Past<'_> {
        Past { start: &self.start, facts: &self.facts }
    }

    /// With parties 0, 1 and 2, and the first one's devices 3 and 4, of which the other cannot sign.
    pub(super) fn peopled(log_is_admin: bool) -> (Self, People) {
        let mut twin = Self::new(log_is_admin);
        let keys = [(); 4].map(|()| twin.new_key());
        let name = |number: u8| Name::parse(&format!("name {number}")).expect("a name");
        let parties = [0, 1, 2].map(|number: u8| {
            let key = keys[usize::from(number)];
            let deed = Deed::EnrollParty { name: name(number), key, next: None };
            twin.does(deed, &[key, twin.admin()]).expect("a party")
        });
        let devices = [(3, Some(keys[3])), (4, None)].map(|(number, key)| {
            let deed =
                Deed::EnrollDevice { name: name(number), key, owner: parties[0], via: Some(parties[2]) };
            twin.does(deed, &[keys[0], keys[3]][..if key.is_some() { 2 } else { 1 }]).expect("a device")
        });
        (twin, People { keys, parties, probe: devices[0] })
    }

    /// An event with the right `prev`, as it would be signed now.
    pub(super) fn event(&self, deed: Deed) -> RegistryEvent {
        let prev = subject(&deed).map(|whom| self.past().last(whom));
        RegistryEvent { ledger: LEDGER, prev, expires: None, names: EventNames::default(), deed }
    }

    /// Offers such an event.
    pub(super) fn does(&mut self, deed: Deed, signers: &[Did]) -> Result<Hash, String> {
        let answer = self.offer(&self.event(deed), signers);
        self.check_state();
        answer
    }

    /// A key that was never held.
    pub(super) fn new_key(&mut self) -> Did {
        let number = u8::try_from(self.keys.len()).expect("few keys");
        let key = Did::from_bytes([number; 32]);
        self.keys.push(key);
        key
    }

    pub(super) fn admin(&self) -> Did {
        self.start.admins[1]
    }

    /// Every key that may sign something now.
    pub(super) fn active_keys(&self) -> Vec<Did> {
        self.keys.iter().copied().filter(|key| self.past().is_active(key, self.now)).collect()
    }

    /// Offers an event to both, which answer alike. Answers its id if it was let in, or why not.
    pub(super) fn offer(&mut self, event: &RegistryEvent, signers: &[Did]) -> Result<Hash, String> {
        let (record, n) = (event.to_record(), self.n);
        let claim = RecordClaim::signed_by(&record, signers.iter().copied().collect());
        let admits = self.past().admits(event, signers, self.now);
        self.check_order(&record, signers);
        self.check_elsewhere(&claim);
        let before = self.judge.clone();
        let answer = self.judge.admit(n, self.now, &claim);
        assert_eq!(answer.is_ok(), admits, "{event:?} signed by {signers:?} at {}: {answer:?}", self.now);
        self.stored = self.read_back(&self.stored.registry().to_object(), LEDGER);
        assert_eq!(self.stored.admit(n, self.now, &claim), answer);
        if let Err(why) = answer {
            assert_eq!(before, self.judge, "what is refused changes nothing: {event:?}");
            return Err(why.to_string());
        }
        let id = signed::id(&record);
        self.facts.push(Fact { id, at: self.now, deed: event.deed.clone(), signers: signers.to_vec() });
        self.taken.push((event.clone(), signers.to_vec()));
        self.entries.push((n, self.now, claim));
        self.n += 1;
        Ok(id)
    }

    fn read_back(&self, object: &Object, ledger: Hash) -> Judge {
        let registry = Registry::from_object(&self.genesis, ledger, object).expect("it was written so");
        Judge::resuming(&self.genesis, registry, None)
    }

    /// In whichever order the signatures are: the answer and the result are the same.
    fn check_order(&self, record: &Object, signers: &[Did]) {
        let answer = |signers: &[Did]| {
            let mut judge = self.judge.clone();
            let answer = judge.admit(
                self.n,
                self.now,
                &RecordClaim::signed_by(record, signers.iter().copied().collect()),
            );
            (answer.map_err(|refusal| discriminant(&refusal)), judge)
        };
        let mut turned = signers.to_vec();
        let first = answer(signers);
        for _ in 1..signers.len() {
            turned.rotate_left(1);
            assert!(answer(&turned) == first, "{record} by {turned:?} or {signers:?}");
        }
        turned.reverse();
        assert!(answer(&turned) == first, "{record} by {turned:?} or {signers:?}");
    }

    /// In another ledger with the very same parties and devices the event does not count.
    fn check_elsewhere(&self, claim: &RecordClaim) {
        if self.facts.is_empty() {
            return;
        }
        let mut other = self.read_back(&self.judge.registry().to_object(), OTHER);
        let before = other.clone();
        let counts = other.admit(self.n, self.now, claim).is_ok();
        let ours = matches!(&claim.content, ClaimContent::Event(claimed)
            if claimed.event.as_ref().is_ok_and(|event| event.ledger == OTHER));
        assert!(ours || !counts, "{claim:?}");
        assert!(ours || before == other);
    }

    /// An event that was let in is not let in again, under any signature.
    pub(super) fn check_replays(&mut self) {
        let (before, everybody) = (self.judge.clone(), self.active_keys());
        for (event, signers) in &self.taken {
            for signers in [signers, &everybody] {
                let claim = RecordClaim::signed_by(&event.to_record(), signers.iter().copied().collect());
                assert!(self.judge.admit(self.n, self.now, &claim).is_err(), "again: {event:?}");
            }
        }
        assert_eq!(before, self.judge);
    }

    /// Both say the same about everybody at this instant.
    pub(super) fn check_state(&self) {
        let (past, now) = (self.past(), self.now);
        for subject in past.subjects() {
            let (key, last) = match subject {
                Subject::Party(id) => {
                    let party = self.judge.registry().party(&id).expect("it enrolled");
                    (party.active_key(), party.last)
                }
                Subject::Device(id) => {
                    let device = self.judge.registry().device(&id).expect("it was enrolled");
                    let (owner, operator) = (past.owner(id), past.operator(id, now));
                    assert_eq!(device.owner.is, owner, "owner of {id}");
                    assert_eq!(device.operator(now).is, operator, "operator of {id}");
                    assert_eq!(device.custodian().is, past.custodian(id), "custodian of {id}");
                    assert_eq!(device.via(now).is, past.via(id, now), "via of {id}");
                    assert_eq!(device.exposed, past.is_exposed(id), "{id} is exposed");
                    (device.active_key(), device.last)
                }
                Subject::Admin(_) => unreachable!("an admin does not enrol as such"),
            };
            assert_eq!((key.copied(), last), (past.active_key(subject), past.last(subject)));
        }
        for key in &self.keys {
            assert_eq!(self.judge.registry().is_admin(key), past.is_admin(key), "{key} is an admin's");
        }
        assert_eq!(self.stored, self.judge, "stored and read back");
    }

    /// Both let the same be said about a device, and of anything else.
    pub(super) fn check_said(&mut self, device: Hash, signers: &[Did]) -> bool {
        let reading = counterfoil::object! { "type": "reading", "device": device.to_string() };
        let says = self.past().admits_reading(device, signers, self.now);
        assert_eq!(self.is_said(&reading, signers), says, "{device} through {signers:?} at {}", self.now);
        let other = counterfoil::object! { "type": "event" };
        let others = self.past().admits_other("event", signers, self.now);
        assert_eq!(self.is_said(&other, signers), others, "event by {signers:?} at {}", self.now);
        says
    }

    fn is_said(&mut self, record: &Object, signers: &[Did]) -> bool {
        let before = self.judge.clone();
        let claim = RecordClaim::signed_by(record, signers.iter().copied().collect());
        let said = self.judge.admit(self.n, self.now, &claim).is_ok();
        assert_eq!(before, self.judge, "what is said changes nothing");
        said
    }

    /// All entries at once come to the same as one after the other.
    pub(super) fn check_fold(&self) {
        let mut judge = Judge::new(&self.genesis, LEDGER);
        for (n, received, claim) in &self.entries {
            judge.admit(*n, *received, claim).expect("it was let in");
        }
        assert_eq!(judge, self.judge);
    }
}
