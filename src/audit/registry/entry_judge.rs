//! Whether entries keep the registry's rules, each as of where it stands: a ledger that not only the enrolled may write
//! lets in what breaks them, and it changes nothing.

use crate::{
    audit::checked_reader::CheckedReader,
    ledger::snapshot::replay::event_in,
    record::{claim::RecordClaim, registry::is_event, signed::Verifier},
    rules::{judge::Judge, registry::RegistryRefusal},
    tlog::entry::Entry,
};

/// How many entries are read at most before the one that is asked about: more take longer than whoever looks at one
/// would wait.
const FARTHEST: u64 = 1 << 17;

/// The rules of a ledger as of an entry, on the way through it.
pub struct EntryJudge {
    judge: Judge,
    /// The next entry that it has not passed
    next: u64,
    verifier: Verifier,
}

impl EntryJudge {
    /// As of entry 0.
    ///
    /// # Errors
    /// If that declares no ledger.
    pub fn begin(reader: &CheckedReader<'_>) -> anyhow::Result<Self> {
        let declared = reader.declaration()?;
        let mut judge = Judge::new(&declared.genesis, declared.id);
        judge.pass(0, declared.entry.times());
        Ok(Self { judge, next: 1, verifier: Verifier::new() })
    }

    /// Whether so few entries are before this one that it can be asked about.
    pub fn reaches(&self, n: u64) -> bool {
        n.saturating_sub(self.next) <= FARTHEST
    }

    /// Passes all entries up to this one, and says which rule it breaks; `None`: it keeps them, or was passed before.
    ///
    /// # Errors
    /// If an entry before it cannot be read.
    pub fn broken_by(
        &mut self,
        entry: &Entry,
        reader: &CheckedReader<'_>,
    ) -> anyhow::Result<Option<RegistryRefusal>> {
        if entry.n < self.next {
            return Ok(None);
        }
        for line in reader.lines(self.next..entry.n) {
            let (n, line) = line?;
            let (times, event) = event_in(n, &line)?;
            self.judge.pass(n, times);
            if let Some(event) = event {
                // What breaks the rules changes nothing.
                let _ = self.admit(&event);
            }
        }
        self.judge.pass(entry.n, entry.times());
        self.next = entry.n + 1;
        Ok(self.admit(entry).err())
    }

    /// Takes the next entry. The proofs of what is no event are the caller's affair.
    fn admit(&mut self, entry: &Entry) -> Result<(), RegistryRefusal> {
        let (record, arrival) = (&entry.record, entry.times().stated_arrival());
        let claim = if record.str("type").is_some_and(is_event) {
            let signers = self.verifier.signers(record, arrival);
            signers.ok().map(|signers| RecordClaim::signed_by(record, signers.iter().collect()))
        } else {
            RecordClaim::of(record)
        };
        let claim =
            claim.ok_or_else(|| RegistryRefusal::Unauthorized("a proof of it does not hold".to_owned()))?;
        self.judge.admit(entry.n, arrival, &claim).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        hash::Hash,
        key::SecretKey,
        record::{genesis::Genesis, writers::Writers},
        time::Time,
    };

    #[test]
    fn what_is_far_from_the_first_entry_is_not_asked_about() {
        let log = SecretKey::from_seed(&[1; 32]).public();
        let (admins, writers, origin) = (vec![log.clone()], Writers::Anyone, "x".to_owned());
        let genesis = Genesis { origin, log, admins, writers, created: Time::EPOCH, continues: None };
        let judge = Judge::new(&genesis, Hash::of(b"ledger"));
        let judge = EntryJudge { judge, next: 10, verifier: Verifier::new() };
        assert!(judge.reaches(3) && judge.reaches(10 + FARTHEST));
        assert!(!judge.reaches(11 + FARTHEST));
    }
}
