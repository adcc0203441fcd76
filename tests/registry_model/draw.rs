//! Events at random: most of them good, the others wrong in one way or another.

use counterfoil::{
    hash::Hash,
    key::Did,
    record::registry::{Deed, EventNames, Name, RegistryEvent, Subject},
    time::Time,
};

use super::{
    past::subject,
    twin::{OTHER, Twin, hours},
};

/// Bytes that decide, one after the other.
pub(super) struct Dice<'a>(std::slice::Iter<'a, u8>);

impl<'a> Dice<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes.iter())
    }

    fn roll(&mut self, sides: usize) -> usize {
        self.0.next().map_or(0, |byte| usize::from(*byte) % sides)
    }

    /// One of several; the first comes up when the dice are through.
    pub(super) fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len())].clone()
    }

    fn once_in(&mut self, times: usize) -> bool {
        self.roll(times) + 1 == times
    }
}

/// Draws what happens next, in one ledger.
pub(super) struct Draw<'t, 'd> {
    pub(super) twin: &'t mut Twin,
    pub(super) dice: Dice<'d>,
}

impl Draw<'_, '_> {
    pub(super) fn wait(&mut self) {
        let wait = self.dice.pick(&[0, 0, 0, 1, 5, 24, 50]);
        self.twin.now = self.twin.now.saturating_add(hours(wait));
    }

    /// An event and who signs it.
    pub(super) fn event(&mut self) -> (RegistryEvent, Vec<Did>) {
        let deed = self.deed();
        let prev = subject(&deed).map(|whom| self.twin.past().last(whom));
        let good = RegistryEvent {
            ledger: *self.twin.judge.registry().ledger(),
            prev,
            expires: None,
            names: EventNames::default(),
            deed,
        };
        let event = self.spoilt(good);
        let signers = self.right_signers(&event);
        (event, self.wrong_signers(signers))
    }

    /// Signers of something said: one key of anybody, or two.
    pub(super) fn speakers(&mut self) -> Vec<Did> {
        let mut keys = vec![self.any_key()];
        if self.dice.once_in(4) {
            keys.push(self.any_key());
        }
        keys
    }

    fn spoilt(&mut self, mut event: RegistryEvent) -> RegistryEvent {
        let now = self.twin.now;
        match self.dice.roll(20) {
            19 => event.ledger = OTHER,
            18 => event.prev = event.prev.map(|_| self.any_id()),
            17 => event.expires = Some(now),
            16 => event.expires = Some(now.saturating_add(hours(1))),
            _ => (),
        }
        event
    }

    fn deed(&mut self) -> Deed {
        let (device, now) = (self.device(), self.twin.now);
        match self.dice.roll(20) {
            0..=1 => Deed::EnrollParty { name: self.name(), key: self.key_to_be(), next: self.next() },
            2..=3 => {
                let key = if self.dice.once_in(4) { None } else { Some(self.key_to_be()) };
                Deed::EnrollDevice { name: self.name(), key, owner: self.party(), via: self.via() }
            }
            4..=5 => Deed::Assign { device, via: self.via() },
            6 => {
                let until = now.saturating_add(hours(self.dice.pick(&[30, 5, 100, 0])));
                Deed::Delegate { party: self.party(), key: self.key_to_be(), may: self.rights(), until }
            }
            7 => Deed::Dismiss { party: self.party(), key: self.any_key() },
            8..=9 => self.rotation(),
            10 => {
                let trusted_until = self.dice.pick(&[None, Some(Time::EPOCH), Some(now)]);
                Deed::Revoke { subject: self.anybody(), trusted_until }
            }
            11..=12 => {
                let leases = self.named_leases(device);
                Deed::Transfer { device, to: self.party(), leases, via: self.via() }
            }
            13..=15 => self.lease(device),
            16..=17 => Deed::Return { device, lease: self.some_lease(device) },
            18 if self.dice.once_in(3) => Deed::Retire { device },
            _ => Deed::handover(device, self.party()),
        }
    }

    fn rotation(&mut self) -> Deed {
        let subject = self.anybody();
        let committed = self.twin.past().next(subject);
        let kept = self.twin.keys.iter().copied().find(|key| Some(key.commitment()) == committed);
        let key = if self.dice.once_in(6) { None } else { kept };
        Deed::Rotate { subject, key: key.unwrap_or_else(|| self.key_to_be()), next: self.next() }
    }

    fn lease(&mut self, device: Hash) -> Deed {
        let from = self.twin.now.saturating_add(hours(self.dice.pick(&[0, -10, 1, 30, 100])));
        let until = from.saturating_add(hours(self.dice.pick(&[60, 20, 200, 5, 0, -1])));
        Deed::Lease { device, to: self.party(), from, until, via: self.via() }
    }

    fn rights(&mut self) -> Vec<String> {
        let rights: &[&[&str]] = &[
            &["event", "handover", "return"],
            &["reading", "transfer", "lease", "assign"],
            &["enroll", "accept"],
            &["event", "rotate"],
        ];
        self.dice.pick(rights).iter().map(|right| (*right).to_owned()).collect()
    }

    fn named_leases(&mut self, device: Hash) -> Vec<Hash> {
        let open = self.twin.past().open(device, self.twin.now);
        let named = if self.dice.once_in(4) { &open[..open.len() / 2] } else { &open[..] };
        named.iter().map(|one| one.id).collect()
    }

    fn some_lease(&mut self, device: Hash) -> Hash {
        let mut ids: Vec<Hash> = self.twin.past().lets(device).iter().rev().map(|one| one.id).collect();
        ids.push(self.any_id());
        let last = self.dice.pick(&[true, true, false]);
        if last { ids[0] } else { self.dice.pick(&ids) }
    }

    fn name(&mut self) -> Name {
        let taken = self.dice.once_in(8);
        let number = if taken { self.dice.roll(6) } else { self.twin.keys.len() + 100 };
        Name::parse(&format!("name {number}")).expect("a name")
    }

    /// Mostly a new key, sometimes one that was held before.
    fn key_to_be(&mut self) -> Did {
        if self.dice.once_in(5) { self.any_key() } else { self.twin.new_key() }
    }

    fn next(&mut self) -> Option<Hash> {
        self.dice.pick(&[false, true]).then(|| self.twin.new_key().commitment())
    }

    fn any_key(&mut self) -> Did {
        let keys = self.twin.keys.clone();
        self.dice.pick(&keys)
    }

    fn any_id(&mut self) -> Hash {
        let past = self.twin.past();
        let mut ids = vec![Hash([7; 32]), past.start.ledger];
        ids.extend(past.facts.iter().map(|fact| fact.id));
        self.dice.pick(&ids)
    }

    fn subjects(&self, keep: impl Fn(Subject) -> Option<Hash>) -> Vec<Hash> {
        self.twin.past().subjects().filter_map(keep).collect()
    }

    fn party(&mut self) -> Hash {
        let ids = self.subjects(|one| if let Subject::Party(id) = one { Some(id) } else { None });
        if self.dice.once_in(30) { self.any_id() } else { self.dice.pick(&ids) }
    }

    /// One that is there: of others nothing can be asked.
    pub(super) fn device(&mut self) -> Hash {
        let ids = self.subjects(|one| if let Subject::Device(id) = one { Some(id) } else { None });
        self.dice.pick(&ids)
    }

    fn anybody(&mut self) -> Subject {
        match self.dice.roll(5) {
            0..=1 => Subject::Party(self.party()),
            2..=3 => Subject::Device(self.device()),
            _ => {
                let mut admins = self.twin.past().start.admins.clone();
                admins.push(Did::from_bytes([0xaa; 32]));
                let first = self.dice.pick(&admins);
                Subject::Admin(first)
            }
        }
    }

    fn via(&mut self) -> Option<Hash> {
        match self.dice.roll(4) {
            0..=1 => Some(self.party()),
            2 => Some(self.device()),
            _ => None,
        }
    }

    /// The key of a party, or that of a clerk.
    fn hand(&mut self, party: Hash) -> Option<Did> {
        let (past, now) = (self.twin.past(), self.twin.now);
        let clerks: Vec<Did> =
            self.twin.keys.iter().filter(|key| !past.rights(party, key, now).is_empty()).copied().collect();
        let own = past.key(Subject::Party(party));
        if clerks.is_empty() || !self.dice.once_in(3) { own } else { Some(self.dice.pick(&clerks)) }
    }

    fn right_signers(&mut self, event: &RegistryEvent) -> Vec<Did> {
        let (past, now) = (self.twin.past(), self.twin.now);
        let (mut keys, parties): (Vec<Did>, Vec<Hash>) = match &event.deed {
            Deed::EnrollParty { key, .. } => (
                past.admins().filter_map(|admin| past.active_key(admin)).take(1).chain([*key]).collect(),
                vec![],
            ),
            Deed::EnrollDevice { key, owner, .. } => (key.iter().copied().collect(), vec![*owner]),
            Deed::Assign { device, .. } => (vec![], vec![past.operator(*device, now)]),
            Deed::Delegate { party, key, .. } => (vec![*key], vec![*party]),
            Deed::Dismiss { party, .. } => (vec![], vec![*party]),
            Deed::Rotate { subject: Subject::Device(id), key, .. } => (vec![*key], vec![past.owner(*id)]),
            Deed::Rotate { subject, key, .. } => {
                let old = past.key(*subject).filter(|_| past.next(*subject).is_none());
                (old.into_iter().chain([*key]).collect(), vec![])
            }
            Deed::Revoke { subject: Subject::Device(id), .. } | Deed::Retire { device: id } => {
                (vec![], vec![past.owner(*id)])
            }
            Deed::Revoke { subject, .. } => {
                let next = past.next(*subject);
                let kept = self.twin.keys.iter().copied().find(|key| next == Some(key.commitment()));
                (vec![kept.unwrap_or(self.twin.admin())], vec![])
            }
            Deed::Transfer { device, to, .. } | Deed::Lease { device, to, .. } => {
                (vec![], vec![past.owner(*device), *to])
            }
            Deed::Return { device, lease } => {
                let lessee = past.lets(*device).iter().find(|one| one.id == *lease).map(|one| one.to);
                let both: Vec<Hash> = lessee.into_iter().chain([past.owner(*device)]).collect();
                let who = self.dice.pick(&[&both[..1], &both[..], &both[both.len() - 1..]]);
                (vec![], who.to_vec())
            }
            Deed::Handover { device, to, .. } => (vec![], vec![past.custodian(*device), *to]),
        };
        keys.extend(parties.into_iter().filter_map(|party| self.hand(party)).collect::<Vec<_>>());
        keys.dedup();
        keys
    }

    fn wrong_signers(&mut self, mut keys: Vec<Did>) -> Vec<Did> {
        match self.dice.roll(16) {
            15 => drop(keys.pop()),
            14 => keys.push(self.any_key()),
            13 => drop(keys.splice(..1.min(keys.len()), [self.any_key()])),
            12 => keys = self.twin.active_keys(),
            _ => (),
        }
        keys
    }
}
