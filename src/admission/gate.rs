//! The gate of one ledger: proofs, and where only the enrolled may write, what the registry says.

use super::{Rules, replay};
use crate::{
    chain::{
        batch::{Admission, Incoming},
        folder::Folder,
    },
    hash::Hash,
    json::{self, scan::Scan},
    record::{genesis::Genesis, glance::Glance, signed},
    registry::{Act, Registry},
};

/// Asked of every record under the lock.
pub struct Gate {
    rules: Rules,
    /// Where only the enrolled may write
    roll: Option<Roll>,
}

/// The registry as of some entries.
struct Roll {
    /// As entry 0 declares it, to begin again with
    declared: Registry,
    registry: Registry,
    /// How many entries it knows
    size: u64,
}

impl Gate {
    /// The gate of the ledger of this id that entry 0 declares, whose rules these are.
    pub fn new(genesis: &Genesis, ledger: Hash, rules: Rules) -> Self {
        let roll = genesis.writers.are_enrolled().then(|| {
            let declared = Registry::new(genesis, ledger);
            Roll { registry: declared.clone(), declared, size: 1 }
        });
        Self { rules, roll }
    }
}

impl Admission for Gate {
    fn catch_up(&mut self, folder: &Folder, size: u64) -> anyhow::Result<()> {
        self.roll.as_mut().map_or(Ok(()), |roll| roll.catch_up(folder, size))
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
    fn catch_up(&mut self, folder: &Folder, size: u64) -> anyhow::Result<()> {
        // What was let in and then not written never was.
        if self.size > size {
            (self.registry, self.size) = (self.declared.clone(), 1);
        }
        replay::entries(&mut self.registry, folder, self.size..size)?;
        self.size = size;
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
        let act = act(incoming).ok_or_else(|| Some("its proofs name no keys".to_owned()))?;
        let judged = self.registry.judge(self.size, incoming.received, &act);
        judged.map_err(|refusal| Some(refusal.to_string()))?;
        self.size += 1;
        Ok(())
    }
}

/// What a record does whose proofs hold.
fn act(incoming: &Incoming) -> Option<Act> {
    let text = incoming.record.as_str();
    let glance = Glance::of(&mut Scan::of(text)).and_then(|record| Act::glance(&record));
    glance.or_else(|| {
        let record = json::parse_object(text.as_bytes()).ok()?;
        let signers = signed::claimants(&record)?;
        Some(Act::of(&record, signers.into_iter().collect()))
    })
}
