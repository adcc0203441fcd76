mod custody;
mod dead_keys;
mod jump;
mod kept;
mod retired;
use super::*;
use crate::{
    record::{
        claim::{ClaimContent, ClaimedEvent, DeviceRef, RecordClaim},
        registry::{Deed, EventNames, RegistryEvent, Subject},
        writers::Writers,
    },
    time::Span,
};

/// A ledger under way: its registry, how many entries it has, and what time it is.
struct Ledger {
    registry: Registry,
    n: u64,
    now: Time,
}

fn key(byte: u8) -> Did {
    Did::from_bytes([byte; 32])
}

fn name(text: &str) -> Name {
    Name::parse(text).unwrap()
}

/// So many hours after the ledger began.
fn hour(hours: i64) -> Time {
    Time::EPOCH.saturating_add(Span::from_millis(hours * 3_600_000))
}

const LEDGER: Hash = Hash([0xee; 32]);
/// The log key, which is the admin's.
const ADMIN: u8 = 1;

impl Ledger {
    fn new() -> Self {
        let log = crate::key::SecretKey::from_seed(&[1; 32]).public();
        let (origin, created) = ("x".to_owned(), Time::EPOCH);
        let admins = vec![log.clone()];
        let genesis = Genesis { origin, log, admins, writers: Writers::Enrolled, created, continues: None };
        let mut registry = Registry::new(&genesis, LEDGER);
        registry.log = key(ADMIN);
        registry.admins = vec![Admin::new(key(ADMIN), LEDGER)];
        Self { registry, n: 1, now: Time::EPOCH }
    }

    /// With parties a, b and c of keys 10, 20 and 30, and a device of key 40 that a owns.
    fn peopled() -> (Self, [Hash; 4]) {
        let mut ledger = Self::new();
        let mut enroll = |label, byte| {
            let deed = Deed::EnrollParty { name: name(label), key: key(byte), next: None };
            ledger.does(deed, &[byte, ADMIN]).unwrap()
        };
        let [a, b, c] = [enroll("a", 10), enroll("b", 20), enroll("c", 30)];
        let deed = Deed::EnrollDevice { name: name("probe"), key: Some(key(40)), owner: a, via: Some(c) };
        let probe = ledger.does(deed, &[10, 40]).unwrap();
        (ledger, [a, b, c, probe])
    }

    fn event(&self, deed: Deed) -> RegistryEvent {
        let prev = self.registry.last_of(&deed);
        RegistryEvent { ledger: LEDGER, prev, expires: None, names: EventNames::default(), deed }
    }

    /// An event with the right `prev`, signed by these keys. Answers its id.
    fn does(&mut self, deed: Deed, signers: &[u8]) -> Result<Hash, String> {
        let event = self.event(deed);
        self.take(event, signers)
    }

    fn take(&mut self, event: RegistryEvent, signers: &[u8]) -> Result<Hash, String> {
        let id = crate::record::signed::id(&event.to_record());
        let content = ClaimContent::Event(Box::new(ClaimedEvent { id, event: Ok(event) }));
        self.judge(content, signers).map(|()| id)
    }

    fn says(&mut self, device: &str, signers: &[u8]) -> Result<(), String> {
        self.judge(ClaimContent::Reading(DeviceRef::parse(device)), signers)
    }

    fn judge(&mut self, content: ClaimContent, signers: &[u8]) -> Result<(), String> {
        let claim = RecordClaim { signers: signers.iter().map(|byte| key(*byte)).collect(), content };
        let before = self.registry.clone();
        let answer = self.registry.admit(self.n, self.now, &claim);
        if answer.is_err() {
            assert_eq!(before, self.registry, "what is refused changes nothing");
        } else {
            self.n += 1;
        }
        answer.map(drop).map_err(|refusal| refusal.to_string())
    }

    fn device(&self, id: &Hash) -> &Device {
        self.registry.device(id).unwrap()
    }
}

fn lease(device: Hash, to: Hash, from: i64, until: i64) -> Deed {
    Deed::Lease { device, to, from: hour(from), until: hour(until), via: None }
}

fn transfer(device: Hash, to: Hash) -> Deed {
    Deed::Transfer { device, to, leases: Vec::new(), via: None }
}

fn refused(answer: Result<impl std::fmt::Debug, String>, why: &str) {
    let said = answer.unwrap_err();
    assert!(said.contains(why), "{said:?} does not say {why:?}");
}

#[test]
fn parties_enrol_with_their_key_and_an_admins() {
    let mut ledger = Ledger::new();
    let enroll = |byte| Deed::EnrollParty { name: name("a"), key: key(byte), next: None };
    refused(ledger.does(enroll(10), &[10]), "not signed by an admin");
    refused(ledger.does(enroll(10), &[ADMIN]), "not signed by the new party's key");
    refused(ledger.does(enroll(10), &[10, ADMIN, 99]), "nobody here holds");
    ledger.does(enroll(10), &[10, ADMIN]).unwrap();
    refused(ledger.does(enroll(11), &[11, ADMIN]), "the name \"a\" is taken");
    let other = Deed::EnrollParty { name: name("b"), key: key(10), next: None };
    refused(ledger.does(other, &[10, ADMIN]), "never new again");
}

#[test]
fn a_device_speaks_by_its_key_or_its_via() {
    let (mut ledger, [a, _, c, probe]) = Ledger::peopled();
    for device in [&probe.to_string(), "probe", &key(40).to_string()] {
        assert_eq!([ledger.says(device, &[40]), ledger.says(device, &[30])], [Ok(()), Ok(())]);
    }
    refused(ledger.says("probe", &[10]), "its via is \"c\"");
    refused(ledger.says("probe", &[40, 99]), "nobody here holds");
    refused(ledger.says("other", &[40]), "no device \"other\"");
    refused(ledger.says("c", &[30]), "no device \"c\"");
    ledger.does(Deed::Assign { device: probe, via: Some(a) }, &[10]).unwrap();
    refused(ledger.says("probe", &[30]), "its via is \"a\"");
    ledger.says("probe", &[10]).unwrap();
    assert!(c != a);
}

#[test]
fn the_sellers_gateway_is_silent_after_the_sale() {
    let (mut ledger, [a, b, _, probe]) = Ledger::peopled();
    refused(ledger.does(transfer(probe, b), &[10]), "not signed by the new owner, \"b\"");
    refused(ledger.does(transfer(probe, b), &[20]), "not signed by the owner, \"a\"");
    let sale = ledger.event(transfer(probe, b));
    ledger.take(sale.clone(), &[10, 20]).unwrap();
    refused(ledger.says("probe", &[30]), "it has no via");
    assert!(ledger.device(&probe).exposed, "the seller may know its key");
    let rotate = Deed::Rotate { subject: Subject::Device(probe), key: key(41), next: None };
    refused(ledger.does(rotate.clone(), &[41, 10]), "not signed by the owner, \"b\"");
    ledger.does(rotate, &[41, 20]).unwrap();
    assert!(!ledger.device(&probe).exposed);
    ledger.does(transfer(probe, a), &[20, 10]).unwrap();
    refused(ledger.take(sale, &[10, 20]), "outdated");
}

#[test]
fn a_lease_ends_by_itself_and_takes_the_via_along() {
    let (mut ledger, [_, b, c, probe]) = Ledger::peopled();
    let deed = Deed::Lease { device: probe, to: b, from: hour(-5), until: hour(48), via: Some(b) };
    ledger.now = hour(1);
    ledger.does(deed, &[10, 20]).unwrap();
    let lease_n = ledger.device(&probe).leases[0].n;
    assert_eq!(ledger.device(&probe).leases[0].from, hour(1), "nobody dates back");
    assert_eq!(ledger.device(&probe).operator(hour(1)).is, b);
    refused(
        ledger.does(lease(probe, c, 30, 60), &[10, 30]),
        &format!("overlaps the lease to \"b\" (entry {lease_n})"),
    );
    refused(ledger.does(lease(probe, c, 30, 40), &[20, 30]), "not signed by the lessor, \"a\"");
    refused(ledger.says("probe", &[30]), "its via is \"b\"");
    ledger.says("probe", &[20]).unwrap();
    refused(ledger.does(Deed::Assign { device: probe, via: None }, &[10]), "the operator, \"b\"");
    ledger.now = hour(48);
    refused(ledger.says("probe", &[20]), "it has no via");
    ledger.does(Deed::Assign { device: probe, via: Some(c) }, &[10]).unwrap();
    ledger.says("probe", &[30]).unwrap();
}

#[test]
fn a_booked_lease_silences_the_owners_gateway_when_it_begins() {
    let (mut ledger, [a, b, _, probe]) = Ledger::peopled();
    ledger.does(lease(probe, b, 10, 20), &[10, 20]).unwrap();
    ledger.now = hour(9);
    ledger.says("probe", &[30]).unwrap();
    assert_eq!(ledger.device(&probe).operator(ledger.now).is, a);
    for (at, operator) in [(10, b), (19, b), (20, a)] {
        ledger.now = hour(at);
        refused(ledger.says("probe", &[30]), "it has no via");
        assert_eq!(ledger.device(&probe).operator(ledger.now).is, operator);
    }
}

#[test]
fn a_return_takes_both_or_two_days() {
    let (mut ledger, [_, b, _, probe]) = Ledger::peopled();
    let id = ledger.does(lease(probe, b, 0, 1_000), &[10, 20]).unwrap();
    let back = Deed::Return { device: probe, lease: id };
    ledger.now = hour(1);
    refused(ledger.does(back.clone(), &[10]), "not signed by the lessee, \"b\"");
    ledger.does(back.clone(), &[20]).unwrap();
    assert_eq!(ledger.device(&probe).leases[0].until, hour(49));
    ledger.now = hour(2);
    ledger.does(back.clone(), &[10]).unwrap();
    assert_eq!(ledger.device(&probe).lease(ledger.now), None);
    refused(ledger.does(back, &[10, 20]), "not open");
    let id = ledger.does(lease(probe, b, 3, 1_000), &[10, 20]).unwrap();
    ledger.now = hour(5);
    ledger.does(Deed::Return { device: probe, lease: id }, &[20, 10]).unwrap();
    assert_eq!(ledger.device(&probe).lease(ledger.now), None);
}

#[test]
fn whoever_buys_a_device_names_its_leases() {
    let (mut ledger, [_, b, c, probe]) = Ledger::peopled();
    let id = ledger.does(lease(probe, b, 0, 10), &[10, 20]).unwrap();
    refused(ledger.does(transfer(probe, c), &[10, 30]), "is open and not named");
    let deed = Deed::Transfer { device: probe, to: c, leases: vec![id], via: None };
    ledger.does(deed, &[10, 30]).unwrap();
    let device = ledger.device(&probe);
    assert_eq!((device.owner.is, device.operator(hour(5)).is, device.operator(hour(10)).is), (c, b, c));
    let back = Deed::Return { device: probe, lease: id };
    ledger.does(back.clone(), &[20]).unwrap();
    refused(ledger.does(back.clone(), &[10]), "not signed by the lessee");
    ledger.does(back, &[30]).unwrap();
}

#[test]
fn hands_change_with_both_signatures() {
    let (mut ledger, [a, b, c, probe]) = Ledger::peopled();
    let to = |to| Deed::handover(probe, to);
    assert_eq!(ledger.device(&probe).custodian().is, a);
    refused(ledger.does(to(b), &[20]), "not signed by who has it, \"a\"");
    refused(ledger.does(to(b), &[10]), "not signed by who takes it, \"b\"");
    ledger.does(to(b), &[10, 20]).unwrap();
    refused(ledger.does(to(b), &[20]), "they have it already");
    ledger.does(to(c), &[20, 30]).unwrap();
    let custody = ledger.device(&probe).custody;
    assert_eq!((custody.party, custody.leg, custody.n), (c, 2, ledger.n - 1));
}

#[test]
fn a_thief_cannot_rotate_who_committed_to_a_next_key() {
    let (mut ledger, [a, ..]) = Ledger::peopled();
    let rotate = |byte, next: Option<u8>| {
        let next = next.map(|next| key(next).commitment());
        Deed::Rotate { subject: Subject::Party(a), key: key(byte), next }
    };
    refused(ledger.does(rotate(11, None), &[11]), "not signed by the old key");
    ledger.does(rotate(11, Some(12)), &[11, 10]).unwrap();
    refused(ledger.does(rotate(66, None), &[66, 11]), "not the key that was committed");
    ledger.does(Deed::Revoke { subject: Subject::Party(a), trusted_until: None }, &[12]).unwrap();
    refused(ledger.does(rotate(66, None), &[66, 11]), "which was revoked");
    ledger.does(rotate(12, None), &[12]).unwrap();
    refused(ledger.does(rotate(10, None), &[10, 12]), "never new again");
    assert_eq!(ledger.registry.party(&a).unwrap().active_key(), Some(&key(12)));
}

#[test]
fn what_a_revoked_key_signed_is_named() {
    let (mut ledger, [_, b, _, probe]) = Ledger::peopled();
    let revoke = |subject, since: Option<i64>| Deed::Revoke { subject, trusted_until: since.map(hour) };
    refused(ledger.does(revoke(Subject::Device(probe), None), &[40]), "not signed by the owner");
    refused(ledger.does(revoke(Subject::Party(b), None), &[20]), "not signed by an admin");
    ledger.does(revoke(Subject::Party(b), Some(-1)), &[ADMIN]).unwrap();
    ledger.does(revoke(Subject::Device(probe), None), &[10]).unwrap();
    refused(ledger.says("probe", &[40]), "which was revoked");
    refused(ledger.does(transfer(probe, b), &[10, 20]), "which was revoked");
    ledger.says("probe", &[30]).unwrap();
}

#[test]
fn a_clerk_may_what_it_was_lent_and_no_longer() {
    let (mut ledger, [_, b, _, probe]) = Ledger::peopled();
    let may = |rights: &[&str], byte| {
        let may = rights.iter().map(|right| (*right).to_owned()).collect();
        Deed::Delegate { party: b, key: key(byte), may, until: hour(10) }
    };
    refused(ledger.does(may(&["event"], 25), &[20]), "not signed by the delegate's key");
    ledger.does(may(&["event", "handover"], 25), &[20, 25]).unwrap();
    let event = || ClaimContent::Other(Some("event".into()));
    ledger.judge(event(), &[25]).unwrap();
    refused(ledger.judge(ClaimContent::Other(Some("accept".into())), &[25]), "no delegate with that right");
    ledger.does(Deed::handover(probe, b), &[10, 25]).unwrap();
    refused(ledger.does(transfer(probe, b), &[10, 25]), "not signed by the new owner");
    ledger.now = hour(10);
    refused(ledger.judge(event(), &[25]), "has no longer");
    ledger.now = hour(9);
    ledger.does(Deed::Dismiss { party: b, key: key(25) }, &[20]).unwrap();
    refused(ledger.judge(event(), &[25]), "has no longer");
    refused(ledger.does(may(&["event"], 25), &[20, 25]), "never new again");
}

#[test]
fn an_admin_stays_one_through_its_rotations() {
    let mut ledger = Ledger::new();
    let rotate = |subject, byte| Deed::Rotate { subject, key: key(byte), next: None };
    let first = Subject::Admin(key(ADMIN));
    ledger.does(rotate(first, 2), &[2, ADMIN]).unwrap();
    let enroll = |label, byte| Deed::EnrollParty { name: name(label), key: key(byte), next: None };
    refused(ledger.does(enroll("a", 10), &[10, ADMIN]), "not signed by an admin");
    let id = ledger.does(enroll("boss", 2), &[2]).unwrap();
    refused(ledger.does(rotate(first, 3), &[3, 2]), "name it by its id");
    ledger.does(rotate(Subject::Party(id), 3), &[3, 2]).unwrap();
    ledger.does(enroll("a", 10), &[10, 3]).unwrap();
    refused(ledger.does(enroll("b", 20), &[20, 2]), "not signed by an admin");
}

#[test]
fn an_event_of_another_ledger_or_one_that_expired_never_counts() {
    let (mut ledger, [_, b, _, probe]) = Ledger::peopled();
    let mut sale = ledger.event(transfer(probe, b));
    sale.expires = Some(hour(5));
    let mut foreign = sale.clone();
    foreign.ledger = Hash([1; 32]);
    refused(ledger.take(foreign, &[10, 20]), "is of ledger 0101");
    ledger.now = hour(5);
    refused(ledger.take(sale.clone(), &[10, 20]), "it expired at");
    ledger.now = hour(4);
    ledger.take(sale, &[10, 20]).unwrap();
}
