//! A registry to which anything is told: bytes decide what, by whom, and when.

use std::sync::LazyLock;

use counterfoil::{
    hash::Hash,
    key::{Did, SecretKey},
    record::{
        claim::{ClaimContent, ClaimedEvent, DeviceRef, RecordClaim},
        genesis::Genesis,
        registry::{Deed, EventNames, Name, RegistryEvent, Subject},
        signed,
        writers::Writers,
    },
    rules::{
        judge::Judge,
        registry::{KnownSubject, NeededSigner, Registry, RegistryRefusal, SignedAt},
    },
    time::{Span, Time},
};

use super::texts::key;

pub(super) const LEDGER: Hash = Hash([0xee; 32]);

/// Few, so that they meet again. The first is the log's, the second an admin's.
static KEYS: LazyLock<Vec<Did>> = LazyLock::new(|| {
    let others = (1..8).map(|seed| SecretKey::from_seed(&[seed; 32]).public());
    std::iter::once(key().public()).chain(others).map(|key| Did::from(&key)).collect()
});

const TYPES: [&str; 6] = ["event", "reading", "handover", "return", "rotate", "transfer"];

pub(super) fn genesis(writers: Writers) -> Genesis {
    let (origin, admins) = ("plant7.example/rental".to_owned(), vec![key().public(), admin()]);
    Genesis { origin, log: key().public(), admins, writers, created: Time::EPOCH, continues: None }
}

fn admin() -> counterfoil::key::PublicKey {
    SecretKey::from_seed(&[1; 32]).public()
}

/// Bytes that decide, one after the other; when they are through, the first of everything comes up.
pub(super) struct Dice<'a>(pub(super) &'a [u8]);

impl Dice<'_> {
    pub(super) fn roll(&mut self, sides: usize) -> usize {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        usize::from(*first) % sides
    }

    pub(super) fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len())].clone()
    }

    fn some<T>(&mut self, draw: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.roll(2) == 1).then(|| draw(self))
    }
}

/// A registry, and what came before.
pub(super) struct World {
    judge: Judge,
    genesis: Genesis,
    /// Of entry 0 and what was taken
    ids: Vec<Hash>,
    now: Time,
    taken: Vec<(Time, RecordClaim)>,
}

impl World {
    pub(super) fn registry(&self) -> &Registry {
        self.judge.registry()
    }

    pub(super) fn new(writers: Writers) -> Self {
        let genesis = genesis(writers);
        let judge = Judge::new(&genesis, LEDGER);
        Self { judge, genesis, ids: vec![LEDGER], now: Time::EPOCH, taken: Vec::new() }
    }

    /// One that goes on with what is known.
    pub(super) fn of(registry: Registry) -> Self {
        let mut ids = vec![LEDGER];
        ids.extend(registry.parties().iter().map(|party| party.id));
        ids.extend(registry.devices().iter().map(|device| device.id));
        let world = Self::new(Writers::Enrolled);
        Self { judge: Judge::resuming(&world.genesis, registry, None), ids, ..world }
    }

    /// Time goes on, and something is said or happens.
    pub(super) fn step(&mut self, dice: &mut Dice<'_>) {
        let hours = dice.pick(&[0, 1, 0, 30, 2_000]);
        self.now = self.now.saturating_add(Span::from_millis(hours * 3_600_000));
        match dice.roll(8) {
            0 => self.say(ClaimContent::Other(dice.some(|dice| dice.pick(&TYPES).into())), dice),
            1 => self.say(ClaimContent::Reading(self.named(dice)), dice),
            _ => self.happen(dice),
        }
    }

    fn say(&mut self, content: ClaimContent, dice: &mut Dice<'_>) {
        let before = self.judge.clone();
        let _ = self.admit(&RecordClaim { signers: subset(dice.roll(256)).into_iter().collect(), content });
        assert_eq!(before, self.judge, "what is said changes nothing");
    }

    fn happen(&mut self, dice: &mut Dice<'_>) {
        let event = self.event(dice);
        let keys = match dice.roll(3) {
            0 | 1 => self.right_signers(&event),
            _ => subset(dice.roll(256)),
        };
        let (before, signed) = (self.judge.clone(), SignedAt { keys: &keys, received: self.now });
        let checked = self.registry().check(&event, &signed);
        let missing = self.registry().missing(&event, &signed);
        assert!(checked.is_err() || missing.is_ok_and(|missing| missing.is_empty()), "{event:?}");
        let id = signed::id(&event.to_record());
        let content = ClaimContent::Event(Box::new(ClaimedEvent { id, event: Ok(event) }));
        let judged = self.admit(&RecordClaim { signers: keys.iter().copied().collect(), content });
        assert_eq!(judged, checked, "what is checked is what is done");
        if judged.is_ok() {
            self.ids.push(id);
        } else {
            assert_eq!(before, self.judge, "what is refused changes nothing");
        }
    }

    fn admit(&mut self, claim: &RecordClaim) -> Result<(), RegistryRefusal> {
        let judged = self.judge.admit(self.taken.len() as u64 + 1, self.now, claim);
        if let Ok(Some(revocation)) = &judged {
            let dead = |key| self.registry().holder(key).is_none_or(|holder| holder.revoked);
            assert!(revocation.keys.iter().all(dead), "{revocation:?}");
        }
        if judged.is_ok() {
            self.taken.push((self.now, claim.clone()));
        }
        judged.map(drop)
    }

    /// The same entries come to the same, also where the first half of them is read from what was kept.
    pub(super) fn fold_again(&self) {
        let mut again = Judge::new(&self.genesis, LEDGER);
        for ((received, claim), n) in self.taken.iter().zip(1..) {
            if n == self.taken.len() as u64 / 2 {
                let kept = again.registry().to_object();
                let kept = Registry::from_object(&self.genesis, LEDGER, &kept).expect("what we write");
                again = Judge::resuming(&self.genesis, kept, None);
            }
            assert!(again.admit(n, *received, claim).is_ok(), "{claim:?}");
        }
        assert_eq!(again, self.judge);
        let kept = Registry::from_object(&self.genesis, LEDGER, &self.registry().to_object());
        assert_eq!(kept.as_ref(), Ok(self.registry()));
    }

    /// An event, with its right `prev` mostly.
    pub(super) fn event(&self, dice: &mut Dice<'_>) -> RegistryEvent {
        let deed = self.deed(dice);
        let wrong = dice.roll(16);
        let first = matches!(deed, Deed::EnrollParty { .. } | Deed::EnrollDevice { .. });
        let last = self.registry().last_of(&deed).filter(|_| wrong != 1).unwrap_or_else(|| self.id(dice));
        let expires = (wrong == 2).then(|| self.time(dice));
        let ledger = if wrong == 3 { self.id(dice) } else { LEDGER };
        RegistryEvent { ledger, prev: (!first).then_some(last), expires, names: EventNames::default(), deed }
    }

    fn deed(&self, dice: &mut Dice<'_>) -> Deed {
        let which = dice.roll(12);
        let (device, to) = (self.id(dice), self.id(dice));
        match which {
            0 => Deed::EnrollParty { name: name(dice), key: dice.pick(&KEYS), next: dice.some(next) },
            1 => {
                let (key, via) = (dice.some(|dice| dice.pick(&KEYS)), self.via(dice));
                Deed::EnrollDevice { name: name(dice), key, owner: to, via }
            }
            2 => Deed::Assign { device, via: self.via(dice) },
            3 => {
                let may = TYPES.iter().filter(|kind| **kind != "rotate" && dice.roll(2) == 1);
                let mut may: Vec<String> = may.map(|kind| (*kind).to_owned()).collect();
                may.push("accept".to_owned());
                Deed::Delegate { party: to, key: dice.pick(&KEYS), may, until: self.time(dice) }
            }
            4 => Deed::Dismiss { party: to, key: dice.pick(&KEYS) },
            5 => Deed::Rotate { subject: self.subject(dice), key: dice.pick(&KEYS), next: dice.some(next) },
            6 => {
                let trusted_until = dice.some(|dice| self.time(dice));
                Deed::Revoke { subject: self.subject(dice), trusted_until }
            }
            7 => {
                let leases = (0..dice.roll(3)).map(|_| self.id(dice)).collect();
                Deed::Transfer { device, to, leases, via: self.via(dice) }
            }
            8 => {
                let (from, until) = (self.time(dice), self.time(dice));
                Deed::Lease { device, to, from, until, via: self.via(dice) }
            }
            9 => Deed::Return { device, lease: self.id(dice) },
            11 => Deed::Retire { device },
            _ => Deed::handover(device, to),
        }
    }

    /// The latest come up first.
    fn id(&self, dice: &mut Dice<'_>) -> Hash {
        self.ids[self.ids.len() - 1 - dice.roll(self.ids.len())]
    }

    fn via(&self, dice: &mut Dice<'_>) -> Option<Hash> {
        dice.some(|dice| self.id(dice))
    }

    fn time(&self, dice: &mut Dice<'_>) -> Time {
        let hours = dice.pick(&[100, 0, 1, -1, 10, i64::from(u16::MAX) * 16]);
        self.now.saturating_add(Span::from_millis(hours * 3_600_000))
    }

    fn subject(&self, dice: &mut Dice<'_>) -> Subject {
        match dice.roll(3) {
            0 => Subject::Party(self.id(dice)),
            1 => Subject::Device(self.id(dice)),
            _ => Subject::Admin(dice.pick(&KEYS)),
        }
    }

    fn named(&self, dice: &mut Dice<'_>) -> Option<DeviceRef> {
        match dice.roll(4) {
            0 => Some(DeviceRef::Id(self.id(dice))),
            1 => Some(DeviceRef::Key(dice.pick(&KEYS))),
            2 => Some(DeviceRef::Name(name(dice))),
            _ => None,
        }
    }

    /// The keys of those who are needed.
    fn right_signers(&self, event: &RegistryEvent) -> Vec<Did> {
        let nobody = SignedAt { keys: &[], received: self.now };
        let needs = self.registry().needs(event, &nobody).unwrap_or_default();
        needs.iter().filter_map(|need| self.key_of(need)).collect()
    }

    fn key_of(&self, need: &NeededSigner) -> Option<Did> {
        match need {
            NeededSigner::Party(_, id) => match self.registry().subject(id)? {
                KnownSubject::Party(party) => Some(party.key),
                KnownSubject::Device(device) => device.key,
            },
            NeededSigner::Key(_, key) => Some(*key),
            NeededSigner::Admin | NeededSigner::NextOrAdmin(_) => {
                self.registry().admins().iter().find_map(|admin| admin.active_key()).copied()
            }
        }
    }
}

fn name(dice: &mut Dice<'_>) -> Name {
    Name::parse(dice.pick(&["acme", "bolt", "probe 7", "gate", "блок"])).expect("a name")
}

fn next(dice: &mut Dice<'_>) -> Hash {
    dice.pick(&KEYS).commitment()
}

fn subset(bits: usize) -> Vec<Did> {
    KEYS.iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1).map(|(_, key)| *key).collect()
}
