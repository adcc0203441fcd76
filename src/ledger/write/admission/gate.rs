//! The gate of one ledger: proofs, and where only the enrolled may write, what the registry says.

use super::Rules;
use crate::{
    hash::Hash,
    json::{self, scan::Scan},
    key::SecretKey,
    ledger::{
        files::folder::Folder,
        snapshot::{gone, replay, state},
        write::batch::{Admission, Incoming},
    },
    record::{claim::RecordClaim, genesis::Genesis, glance::Glance},
    rules::registry::Registry,
    tlog::{checkpoint::Checkpoint, merkle::Frontier},
};

/// How many entries `state.json` lags behind before it is written again: to read so many takes less than it.
const LAG: u64 = 4_096;

/// Asked of every record under the lock.
pub struct Gate {
    rules: Rules,
    /// Where only the enrolled may write
    roll: Option<Roll>,
}

/// The registry as of some entries.
struct Roll {
    genesis: Genesis,
    ledger: Hash,
    registry: Registry,
    /// How many entries it knows; 0: it has not looked yet, or what it saw was wrong
    size: u64,
    /// The size of which one is kept; none: what is kept is wrong
    kept: Option<u64>,
}

impl Gate {
    /// The gate of the ledger of this id that entry 0 declares, whose rules these are.
    pub fn new(genesis: &Genesis, ledger: Hash, rules: Rules) -> Self {
        let roll = genesis.writers.are_enrolled().then(|| {
            let registry = Registry::new(genesis, ledger);
            Roll { genesis: genesis.clone(), ledger, registry, size: 0, kept: Some(0) }
        });
        Self { rules, roll }
    }
}

impl Admission for Gate {
    fn catch_up(
        &mut self,
        folder: &Folder,
        size: u64,
        tree: Option<&Frontier>,
    ) -> anyhow::Result<Option<String>> {
        self.roll.as_mut().map_or(Ok(None), |roll| roll.catch_up(folder, size, tree))
    }

    fn written(&mut self, folder: &Folder, stated: &Checkpoint, key: &SecretKey) -> anyhow::Result<()> {
        self.roll.as_mut().map_or(Ok(()), |roll| roll.keep(folder, stated, key))
    }

    fn refusals(&mut self, records: &[Incoming], barred: &[usize], all: bool) -> Vec<(usize, String)> {
        let mut refusals = self.rules.refusals(records);
        if let Some(roll) = &mut self.roll {
            let out = refusals.iter().map(|(at, _)| *at).chain(barred.iter().copied()).collect();
            refusals.extend(roll.judge(records, out, all));
            refusals.sort_by_key(|(at, _)| *at);
        }
        refusals
    }
}

impl Roll {
    fn catch_up(
        &mut self,
        folder: &Folder,
        size: u64,
        tree: Option<&Frontier>,
    ) -> anyhow::Result<Option<String>> {
        // What was let in and then not written never was.
        let begins = self.size == 0 || self.size > size;
        let unfit = if begins { self.begin(folder, tree) } else { None };
        let range = std::mem::take(&mut self.size)..size;
        if let Err(why) = replay::entries(&mut self.registry, folder, range.clone(), tree) {
            if begins {
                return Err(gone::explained(folder, range.start, unfit, why));
            }
            // Others wrote entries and dropped them since: then what is kept knows them.
            return self.catch_up(folder, size, tree);
        }
        self.size = size;
        Ok(unfit.map(|why| format!("state.json counts for nothing and is made anew: {why}")))
    }

    /// Begins with what is kept, or with entry 0. Answers why what is kept counts for nothing, if so.
    fn begin(&mut self, folder: &Folder, tree: Option<&Frontier>) -> Option<String> {
        let kept = tree.map_or(Ok(None), |tree| state::load(folder, &self.genesis, self.ledger, tree));
        let (kept, unfit) = match kept {
            Ok(kept) => (kept, None),
            Err(why) => (None, Some(format!("{why:#}"))),
        };
        self.kept = unfit.is_none().then(|| kept.as_ref().map_or(0, |(_, size)| *size));
        (self.registry, self.size) = kept.unwrap_or_else(|| (Registry::new(&self.genesis, self.ledger), 1));
        unfit
    }

    /// Keeps the registry, unless the one that is kept is of late.
    fn keep(&mut self, folder: &Folder, stated: &Checkpoint, key: &SecretKey) -> anyhow::Result<()> {
        let lag = LAG.max(self.registry.weight() as u64 / 64);
        let late = self.kept.is_none_or(|kept| stated.size >= kept + lag);
        if !late || stated.size != self.size {
            return Ok(());
        }
        state::keep(folder, &self.registry, stated, key)?;
        self.kept = Some(stated.size);
        Ok(())
    }

    /// Judges records in their order, but for those that are out already.
    fn judge(&mut self, records: &[Incoming], mut out: Vec<usize>, all: bool) -> Vec<(usize, String)> {
        out.sort_unstable();
        let mut refusals = Vec::new();
        for (at, incoming) in records.iter().enumerate() {
            let refusal = if out.binary_search(&at).is_ok() { Err(None) } else { self.take(incoming) };
            match refusal {
                Ok(()) => {}
                Err(why) => {
                    refusals.extend(why.map(|why| (at, why)));
                    if !all {
                        break;
                    }
                }
            }
        }
        refusals
    }

    fn take(&mut self, incoming: &Incoming) -> Result<(), Option<String>> {
        let claim = claim(incoming).ok_or_else(|| Some("its proofs name no keys".to_owned()))?;
        let judged = self.registry.judge(self.size, incoming.received, &claim);
        judged.map_err(|refusal| Some(refusal.to_string()))?;
        self.size += 1;
        Ok(())
    }
}

/// What a record claims whose proofs hold.
fn claim(incoming: &Incoming) -> Option<RecordClaim> {
    let text = incoming.record.as_str();
    let glance = Glance::of(&mut Scan::of(text)).and_then(|record| RecordClaim::glance(&record));
    glance.or_else(|| {
        let record = json::parse_object(text.as_bytes()).ok()?;
        RecordClaim::of(&record)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        json::{Canonical, Object},
        key::{Did, SecretKey},
        object,
        record::{
            registry::{Deed, Event, Name},
            signed::{SignOptions, sign},
            writers::Writers,
        },
        time::Time,
    };

    fn key(seed: u8) -> SecretKey {
        SecretKey::from_seed(&[seed; 32])
    }

    fn incoming(mut record: Object, seeds: &[u8]) -> Incoming {
        for seed in seeds {
            sign(&mut record, &key(*seed), &SignOptions::default()).unwrap();
        }
        Incoming { received: Time::EPOCH, record: Canonical::from(&record), admitted: false }
    }

    #[test]
    fn what_stands_behind_a_refusal_happens_only_where_the_writer_keeps_going() {
        let log = key(1).public();
        let (admins, writers) = (vec![log.clone()], Writers::Enrolled);
        let genesis =
            Genesis { origin: "x".to_owned(), log, admins, writers, created: Time::EPOCH, continues: None };
        let ledger = Hash::of(b"ledger");
        let name = Name::parse("acme").unwrap();
        let deed = Deed::EnrollParty { name, key: Did::from(&key(2).public()), next: None };
        let event = Event { ledger, prev: None, expires: None, deed }.to_record();
        let enroll = incoming(event, &[2, 1]);
        let stranger = incoming(object! { "type": "event" }, &[9]);
        for (all, again) in [(false, 0), (true, 1)] {
            let rules = Rules::new(Writers::Enrolled, || 1);
            let mut gate = Gate::new(&genesis, ledger, rules);
            let refused = gate.refusals(&[stranger.clone(), enroll.clone()], &[], all);
            assert_eq!(refused.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [0]);
            assert_eq!(
                gate.refusals(std::slice::from_ref(&enroll), &[0], all),
                [],
                "what is barred does not happen"
            );
            assert_eq!(gate.refusals(std::slice::from_ref(&enroll), &[], all).len(), again);
        }
    }
}
