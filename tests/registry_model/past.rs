//! The rules told again: a list of what happened, and questions that are answered by reading it from the beginning.

use counterfoil::{
    hash::Hash,
    key::Did,
    record::registry::{Deed, Subject},
    time::{Span, Time},
};

/// What entry 0 says.
#[derive(Clone, Debug)]
pub(super) struct Start {
    pub(super) ledger: Hash,
    pub(super) log: Did,
    pub(super) admins: Vec<Did>,
}

/// An event that was let in.
#[derive(Clone, Debug)]
pub(super) struct Fact {
    pub(super) id: Hash,
    pub(super) at: Time,
    pub(super) deed: Deed,
    pub(super) signers: Vec<Did>,
}

/// What has happened so far: nothing is kept of it but the list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Past<'a> {
    pub(super) start: &'a Start,
    pub(super) facts: &'a [Fact],
}

/// A lease, as what happened since has left it.
#[derive(Clone, Debug)]
pub(super) struct Let {
    pub(super) id: Hash,
    pub(super) to: Hash,
    pub(super) from: Time,
    pub(super) until: Time,
    pub(super) notice: Option<Hash>,
    via: Option<Hash>,
    index: usize,
}

impl Fact {
    fn subject(&self) -> Subject {
        subject(&self.deed).unwrap_or(match self.deed {
            Deed::EnrollParty { .. } => Subject::Party(self.id),
            _ => Subject::Device(self.id),
        })
    }
}

/// The subject of a deed; `None`: it makes a new one.
pub(super) fn subject(deed: &Deed) -> Option<Subject> {
    match deed {
        Deed::EnrollParty { .. } | Deed::EnrollDevice { .. } => None,
        Deed::Delegate { party, .. } | Deed::Dismiss { party, .. } => Some(Subject::Party(*party)),
        Deed::Rotate { subject, .. } | Deed::Revoke { subject, .. } => Some(*subject),
        Deed::Assign { device, .. }
        | Deed::Transfer { device, .. }
        | Deed::Lease { device, .. }
        | Deed::Return { device, .. }
        | Deed::Handover { device, .. }
        | Deed::Retire { device } => Some(Subject::Device(*device)),
    }
}

impl<'a> Past<'a> {
    fn before(self, index: usize) -> Self {
        Self { facts: &self.facts[..index], ..self }
    }

    fn about(self, subject: Subject) -> impl DoubleEndedIterator<Item = &'a Fact> {
        self.facts.iter().filter(move |fact| fact.subject() == subject)
    }

    /// The parties or devices, or both, as they enrolled.
    pub(super) fn subjects(self) -> impl Iterator<Item = Subject> {
        self.facts.iter().filter(|fact| subject(&fact.deed).is_none()).map(Fact::subject)
    }

    pub(super) fn is_party(self, id: &Hash) -> bool {
        self.subjects().any(|one| one == Subject::Party(*id))
    }

    /// Whether it is there, by this way of naming it.
    pub(super) fn knows(self, whom: Subject) -> bool {
        match whom {
            Subject::Admin(first) => {
                self.start.admins.contains(&first) && self.admin(first) == Subject::Admin(first)
            }
            other => self.subjects().any(|one| one == other),
        }
    }

    /// The id of the latest event about it.
    pub(super) fn last(self, whom: Subject) -> Hash {
        self.about(whom).last().map_or(self.start.ledger, |fact| fact.id)
    }

    /// Its latest key, and the commitment to the one after that.
    fn keys(self, whom: Subject) -> (Option<Did>, Option<Hash>) {
        let first = if let Subject::Admin(first) = whom { Some(first) } else { None };
        let mut rounds = self.about(whom).rev().filter_map(|fact| match fact.deed {
            Deed::Rotate { subject: Subject::Device(_), key, .. } => Some((Some(key), None)),
            Deed::EnrollParty { key, next, .. } | Deed::Rotate { key, next, .. } => Some((Some(key), next)),
            Deed::EnrollDevice { key, .. } => Some((key, None)),
            _ => None,
        });
        rounds.next().unwrap_or((first, None))
    }

    pub(super) fn key(self, whom: Subject) -> Option<Did> {
        self.keys(whom).0
    }

    pub(super) fn next(self, whom: Subject) -> Option<Hash> {
        self.keys(whom).1
    }

    /// Whether its key is dead: it was revoked, and there has been no new one.
    pub(super) fn is_dead(self, whom: Subject) -> bool {
        let mut turns = self.about(whom).rev();
        let turn = turns.find(|fact| matches!(fact.deed, Deed::Rotate { .. } | Deed::Revoke { .. }));
        turn.is_some_and(|fact| matches!(fact.deed, Deed::Revoke { .. }))
    }

    /// Whether a device was given up.
    pub(super) fn is_retired(self, whom: Subject) -> bool {
        self.about(whom).any(|fact| matches!(fact.deed, Deed::Retire { .. }))
    }

    /// Its key, as long as it was not revoked.
    pub(super) fn living_key(self, whom: Subject) -> Option<Did> {
        self.key(whom).filter(|_| !self.is_dead(whom))
    }

    /// Its key, if that may sign.
    pub(super) fn active_key(self, whom: Subject) -> Option<Did> {
        self.living_key(whom).filter(|_| !self.is_retired(whom))
    }

    /// An admin of entry 0: itself, or the party that enrolled with its key of that time.
    fn admin(self, first: Did) -> Subject {
        let mut now = first;
        for fact in self.facts {
            match fact.deed {
                Deed::Rotate { subject: Subject::Admin(admin), key, .. } if admin == first => now = key,
                Deed::EnrollParty { key, .. } if key == now => return Subject::Party(fact.id),
                _ => (),
            }
        }
        Subject::Admin(first)
    }

    pub(super) fn admins(self) -> impl Iterator<Item = Subject> {
        self.start.admins.iter().map(move |first| self.admin(*first))
    }

    pub(super) fn is_admin(self, key: &Did) -> bool {
        self.admins().any(|admin| self.active_key(admin) == Some(*key))
    }

    /// The first holder of a key, who alone ever holds it.
    pub(super) fn holder(self, key: &Did) -> Option<Subject> {
        let brings = |fact: &&Fact| match &fact.deed {
            Deed::Rotate { subject: Subject::Admin(_), .. } => false,
            Deed::EnrollParty { key: new, .. }
            | Deed::Delegate { key: new, .. }
            | Deed::Rotate { key: new, .. } => new == key,
            Deed::EnrollDevice { key: new, .. } => new.as_ref() == Some(key),
            _ => false,
        };
        self.facts.iter().find(brings).map(Fact::subject)
    }

    /// What a clerk may sign for a party now; nothing if it is none.
    pub(super) fn rights(self, party: Hash, clerk: &Did, now: Time) -> &'a [String] {
        let mut rights: &[String] = &[];
        for fact in self.about(Subject::Party(party)) {
            match &fact.deed {
                Deed::Delegate { key, may, until, .. } if key == clerk && now < *until => rights = may,
                Deed::Dismiss { key, .. } if key == clerk => rights = &[],
                Deed::Revoke { .. } => rights = &[],
                _ => (),
            }
        }
        rights
    }

    /// Whether a party, or its clerk with this right, is among the signers.
    pub(super) fn signs(self, party: Hash, signers: &[Did], kind: &str, now: Time) -> bool {
        let own = self.active_key(Subject::Party(party));
        signers
            .iter()
            .any(|key| own == Some(*key) || self.rights(party, key, now).iter().any(|right| right == kind))
    }

    /// Whether a key signs anything at all now.
    pub(super) fn is_active(self, key: &Did, now: Time) -> bool {
        let held = self.holder(key).is_some_and(|holder| match holder {
            Subject::Party(id) if !self.rights(id, key, now).is_empty() => true,
            _ => self.active_key(holder) == Some(*key),
        });
        held || *key == self.start.log || self.is_admin(key)
    }
}

/// Devices.
impl Past<'_> {
    pub(super) fn owner(self, device: Hash) -> Hash {
        let mut owners = self.about(Subject::Device(device)).rev().filter_map(|fact| match fact.deed {
            Deed::Transfer { to, .. } => Some(to),
            Deed::EnrollDevice { owner, .. } => Some(owner),
            _ => None,
        });
        owners.next().expect("a device has an owner")
    }

    /// Its leases that were not called off before they began, ended ones too.
    pub(super) fn lets(self, device: Hash) -> Vec<Let> {
        let mut lets: Vec<Let> = Vec::new();
        for (index, fact) in self.facts.iter().enumerate() {
            match fact.deed {
                Deed::Lease { device: of, to, from, until, via } if of == device => {
                    let (id, from) = (fact.id, from.max(fact.at));
                    lets.push(Let { id, to, from, until, notice: None, via, index });
                }
                Deed::Return { device: of, lease } if of == device => {
                    let past = self.before(index);
                    let one = lets.iter_mut().find(|one| one.id == lease).expect("it was open");
                    one.give_back(fact, past.signs(past.owner(device), &fact.signers, "return", fact.at));
                    lets.retain(|one| one.from < one.until || one.from <= fact.at);
                }
                _ => (),
            }
        }
        lets
    }

    pub(super) fn open(self, device: Hash, now: Time) -> Vec<Let> {
        let mut lets = self.lets(device);
        lets.retain(|one| now < one.until);
        lets
    }

    fn running(self, device: Hash, now: Time) -> Option<Let> {
        self.open(device, now).into_iter().find(|one| one.from <= now)
    }

    pub(super) fn operator(self, device: Hash, now: Time) -> Hash {
        self.running(device, now).map_or_else(|| self.owner(device), |one| one.to)
    }

    /// Who took it last; before that who owned it first.
    pub(super) fn custodian(self, device: Hash) -> Hash {
        let mut hands = self.about(Subject::Device(device)).rev().filter_map(|fact| match fact.deed {
            Deed::Handover { to, .. } => Some(to),
            Deed::EnrollDevice { owner, .. } => Some(owner),
            _ => None,
        });
        hands.next().expect("somebody enrolled it")
    }

    /// Whether a former owner had its key in hands.
    pub(super) fn is_exposed(self, device: Hash) -> bool {
        let mut turns = self.about(Subject::Device(device)).rev();
        let turn = turns.find(|fact| matches!(fact.deed, Deed::Rotate { .. } | Deed::Transfer { .. }));
        turn.is_some_and(|fact| matches!(fact.deed, Deed::Transfer { .. }))
            && self.key(Subject::Device(device)).is_some()
    }

    /// Who speaks for it: while it is let what the lessee said last, else what the owner said since.
    pub(super) fn via(self, device: Hash, now: Time) -> Option<Hash> {
        let running = self.running(device, now);
        let lease = running.as_ref().map(|one| one.id);
        let (mut said, mut via) = running.map_or((None, None), |one| (Some((one.from, one.index)), one.via));
        for (index, fact) in self.facts.iter().enumerate() {
            let past = self.before(index);
            let meanwhile = || past.running(device, fact.at).map(|one| one.id);
            let word = match fact.deed {
                Deed::EnrollDevice { via, .. } if fact.id == device && lease.is_none() => via,
                Deed::Transfer { device: of, via, .. } if of == device && lease.is_none() => via,
                Deed::Assign { device: of, via } if of == device && meanwhile() == lease => via,
                _ => continue,
            };
            (said, via) = (Some((fact.at, index)), word);
        }
        if self.is_retired(Subject::Device(device)) {
            return None;
        }
        let ended = lease.is_none() && self.lets(device).iter().any(|one| one.cuts(said, now));
        via.filter(|_| !ended)
    }
}

impl Let {
    /// Both, or the lessor after a notice, end it at once, the lessee alone in two days.
    fn give_back(&mut self, fact: &Fact, with_lessor: bool) {
        let notice = Span::from_millis(if with_lessor { 0 } else { 48 * 3_600_000 });
        self.until = self.until.min(fact.at.saturating_add(notice));
        self.notice = (!with_lessor).then_some(fact.id).or(self.notice);
    }

    /// Whether it has begun since something was said: then that holds no more.
    fn cuts(&self, said: Option<(Time, usize)>, now: Time) -> bool {
        let begun = said.is_some_and(|(at, index)| self.from > at || (self.from == at && self.index > index));
        begun && self.from <= now
    }
}
