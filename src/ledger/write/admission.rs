//! Which records of a batch may enter, asked under the lock: proofs first, then, where only the enrolled may write,
//! the judge, record by record.

use crate::{
    hash::Hash,
    ledger::{
        snapshot::folder_judge::FolderJudge,
        write::{batch::IncomingRecord, proofs::ProofPool},
    },
    record::{claim::RecordClaim, genesis::Genesis, view::RecordView},
    rules::admission::AdmissionRule,
};

/// Everything that is asked of records on their way into one ledger.
pub struct Admission {
    proofs: ProofPool,
    judge: FolderJudge,
}

impl Admission {
    /// The admission to the ledger of this id that entry 0 declares. `threads` is asked where there is work for more
    /// than one.
    pub fn new(genesis: &Genesis, ledger: Hash, threads: fn() -> usize) -> Self {
        let judge = FolderJudge::new(genesis, ledger);
        Self { proofs: ProofPool::new(AdmissionRule::of(&genesis.writers), threads), judge }
    }

    /// What checks proofs ahead of the lock.
    pub fn proofs(&self) -> &ProofPool {
        &self.proofs
    }

    /// What is kept level with the folder.
    pub fn judge(&mut self) -> &mut FolderJudge {
        &mut self.judge
    }

    /// Of some records, the first of which would be the next entry, those that may not enter, by their places among
    /// them in ascending order, and why. The proofs of those that are admitted already are not checked again; those
    /// at the barred places do not enter anyway. What enters is taken note of: with `all`, everything that is
    /// not refused, else what stands before the first that is.
    pub fn refusals(
        &mut self,
        records: &[IncomingRecord],
        barred: &[usize],
        all: bool,
    ) -> Vec<(usize, String)> {
        let mut refusals = self.proofs.refusals(records);
        if self.judge.judge().is_enrolled_only() {
            let out = refusals.iter().map(|(at, _)| *at).chain(barred.iter().copied()).collect();
            refusals.extend(self.judged(records, out, all));
            refusals.sort_by_key(|(at, _)| *at);
        }
        refusals
    }

    /// Asks the judge about records in their order, but for those that are out already.
    fn judged(&mut self, records: &[IncomingRecord], mut out: Vec<usize>, all: bool) -> Vec<(usize, String)> {
        out.sort_unstable();
        let mut refusals = Vec::new();
        for (at, incoming) in records.iter().enumerate() {
            let refusal = if out.binary_search(&at).is_ok() { Err(None) } else { self.admit(incoming) };
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

    fn admit(&mut self, incoming: &IncomingRecord) -> Result<(), Option<String>> {
        let claim = claim(incoming).ok_or_else(|| Some("its proofs name no keys".to_owned()))?;
        self.judge.admit(incoming.times, &claim).map_err(|refusal| Some(refusal.to_string()))
    }
}

/// What a record claims whose proofs hold.
fn claim(incoming: &IncomingRecord) -> Option<RecordClaim> {
    RecordView::of(incoming.record.as_str()).ok()?.claim()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        json::{Canonical, Object},
        key::{Did, SecretKey},
        object,
        record::{
            registry::{Deed, EventNames, Name, RegistryEvent},
            signed::{SignOptions, sign},
            writers::Writers,
        },
        time::Time,
        tlog::arrival::EntryTimes,
    };

    fn key(seed: u8) -> SecretKey {
        SecretKey::from_seed(&[seed; 32])
    }

    fn incoming(mut record: Object, seeds: &[u8]) -> IncomingRecord {
        for seed in seeds {
            sign(&mut record, &key(*seed), &SignOptions::default()).unwrap();
        }
        IncomingRecord {
            times: EntryTimes::plain(Time::EPOCH),
            record: Canonical::from(&record),
            admitted: false,
        }
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
        let event = RegistryEvent { ledger, prev: None, expires: None, names: EventNames::default(), deed }
            .to_record();
        let enroll = incoming(event, &[2, 1]);
        let stranger = incoming(object! { "type": "event" }, &[9]);
        for (all, again) in [(false, 0), (true, 1)] {
            let mut admission = Admission::new(&genesis, ledger, || 1);
            let refused = admission.refusals(&[stranger.clone(), enroll.clone()], &[], all);
            assert_eq!(refused.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [0]);
            assert_eq!(
                admission.refusals(std::slice::from_ref(&enroll), &[0], all),
                [],
                "what is barred does not happen"
            );
            assert_eq!(admission.refusals(std::slice::from_ref(&enroll), &[], all).len(), again);
        }
    }
}
