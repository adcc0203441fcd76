//! The judge of one ledger: entry by entry, whether each may stand where it stands, and who is who after it.
//!
//! ```text
//! entry 0 ─► Judge ─ admit(entry 1) ─► Judge ─ admit(entry 2) ─► …
//!                      └ refused: why, and nothing changes
//! ```
//!
//! Where only the enrolled may write, `append` asks it of what comes in and `verify` of what is in; elsewhere the rules of
//! the registry are warnings. Every answer to "who is who?" is read from its [`Registry`], whose fold holds the rules.
//! Proofs were looked at before (`admission`). It has no file, clock or thread; what it answers depends on the entries
//! alone.
//!
//! An entry is let in by what is known of arrivals then; when a jump of the clock is undone behind it, what it did is
//! reckoned anew from when it arrived.

use super::registry::{Registry, RegistryRefusal, Revocation};
use crate::{
    hash::Hash,
    record::{claim::RecordClaim, genesis::Genesis},
    time::Time,
    tlog::arrival::{ClockStep, ClockTrail, EntryTimes, JumpStart},
};

/// The rules of a ledger after some entry, and who is who then.
#[derive(Clone, Debug, PartialEq)]
pub struct Judge {
    /// Whether only the enrolled may write
    enrolled_only: bool,
    registry: Registry,
    /// What the entries so far say about the clock
    trail: ClockTrail,
}

impl Judge {
    /// The judge after entry 0, which declares the ledger and has this id. It has not passed entry 0 yet.
    pub fn new(genesis: &Genesis, ledger: Hash) -> Self {
        let (enrolled_only, registry) = (genesis.writers.are_enrolled(), Registry::new(genesis, ledger));
        Self { enrolled_only, registry, trail: ClockTrail::default() }
    }

    /// The judge after later entries, which came to this registry, and the last of which has these times; `None`: none
    /// was passed. No jump of the clock could be undone any more.
    pub fn resuming(genesis: &Genesis, registry: Registry, last: Option<EntryTimes>) -> Self {
        let trail = last.map_or_else(ClockTrail::default, |last| ClockTrail::resuming(last, None));
        Self { enrolled_only: genesis.writers.are_enrolled(), registry, trail }
    }

    /// Whether only the enrolled may write. Elsewhere what breaks the registry's rules may stand in the ledger, and
    /// changes nothing.
    pub fn is_enrolled_only(&self) -> bool {
        self.enrolled_only
    }

    /// Who is who, as of the last entry that was admitted.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// The times of the last entry that it passed; `None`: it passed none.
    pub fn last(&self) -> Option<EntryTimes> {
        self.trail.last()
    }

    /// Whether it is known when all entries arrived: no jump of the clock can be undone any more.
    pub fn is_settled(&self) -> bool {
        self.trail.open_jump().is_none()
    }

    /// Passes an entry, whatever it says: each of them, in order, and before it is admitted. Answers the jump of the
    /// clock that it undoes, if it does.
    pub fn pass(&mut self, n: u64, times: EntryTimes) -> Option<JumpStart> {
        let step = self.trail.take(n, times);
        match (step, times.wall) {
            (Ok(ClockStep::Jumps(_)), _) => self.registry.begin_jump(),
            (Ok(ClockStep::Undoes(_)), Some(wall)) => self.registry.undo_jump(wall),
            _ if self.is_settled() => self.registry.settle_time(),
            _ => {}
        }
        if let Ok(ClockStep::Undoes(jump)) = step { Some(jump) } else { None }
    }

    /// Takes the entry `n`, received at this time, if it keeps the rules of the registry. Its proofs are known to
    /// hold. Answers what it makes suspect, if it revokes keys.
    ///
    /// # Errors
    /// If it breaks the rules: then nothing has changed.
    pub fn admit(
        &mut self,
        n: u64,
        received: Time,
        claim: &RecordClaim,
    ) -> Result<Option<Revocation>, RegistryRefusal> {
        self.registry.admit(n, received, claim)
    }

    /// Passes the next entry and takes it, if it keeps the rules. One that is refused is none: it says nothing about the
    /// clock either.
    ///
    /// # Errors
    /// If it breaks the rules: then nothing has changed.
    pub fn admit_next(
        &mut self,
        n: u64,
        times: EntryTimes,
        claim: &RecordClaim,
    ) -> Result<Option<Revocation>, RegistryRefusal> {
        let trail = self.trail;
        let before = self.is_turn(n, times).then(|| self.clone());
        self.pass(n, times);
        self.admit(n, times.stated_arrival(), claim).inspect_err(|_| match before {
            Some(before) => *self = before,
            None => self.trail = trail,
        })
    }

    /// Whether with an entry of these times a jump begins, or is undone, or cannot be undone any more.
    fn is_turn(&self, n: u64, times: EntryTimes) -> bool {
        let mut after = self.trail;
        let runs = after.take(n, times) == Ok(ClockStep::Runs);
        !runs || after.open_jump().is_some() == self.is_settled()
    }
}
