//! The registry of a ledger at an instant: entry by entry, or, where entries were dropped, from what is kept beside them.

use anyhow::Context;

use crate::{
    audit::{checked_reader::CheckedReader, declared::declared, target::Log},
    hash::Hash,
    ledger::{
        files::{read::Reader, tree},
        snapshot::{dropped, replay::event_in, state},
        write::lock::LastWriter,
    },
    record::{
        claim::{ClaimContent, ClaimedEvent, RecordClaim, SignerKeys},
        registry::RegistryEvent,
        signed::Verifier,
    },
    rules::{
        judge::Judge,
        registry::{Registry, RegistryRefusal},
    },
    time::Time,
    tlog::{arrival::EntryTimes, entry::Entry, undone::UndoneJumps},
    verify::{FindingKind, Unverified},
};

/// The instant of a ledger that is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LedgerInstant {
    /// All of it
    End,
    /// This entry, and no later one
    Entry(u64),
    /// What arrived at this time or before
    Time(Time),
}

/// The registry of a ledger at an instant.
#[derive(Debug)]
pub struct RegistryAt {
    /// The rules as of that entry
    pub judge: Judge,
    /// The last entry that was looked at
    pub n: u64,
    /// When that arrived
    pub arrival: Time,
    /// When it is: by this leases run
    pub at: Time,
    /// How many events break the rules, and so change nothing
    pub refused: u64,
}

/// An event that is about to change the state.
pub struct UpcomingEvent<'a> {
    /// The state before it
    pub registry: &'a Registry,
    /// Its entry
    pub n: u64,
    /// When that arrived
    pub arrival: Time,
    /// The record's id
    pub id: &'a Hash,
    /// What it says
    pub event: &'a RegistryEvent,
    /// Who signed it
    pub signers: &'a SignerKeys,
}

/// The registry of a ledger at an instant. `now` is the clock's time, which decides what time it is after the last entry,
/// and `machine` the name of the one that asks.
///
/// It comes from the entries, of which the events are proven; only where some were dropped from what is kept beside
/// them, on the machine that wrote it.
///
/// # Errors
/// If there is no such instant, an entry cannot be read, or the ledger is not checked to be what its log signed.
pub fn fold(
    reader: &CheckedReader<'_>,
    instant: LedgerInstant,
    now: Time,
    machine: &str,
) -> anyhow::Result<RegistryAt> {
    let fold = Fold::begin(reader, instant, now)?;
    if instant != LedgerInstant::End || reader.reader().dropped()?.is_empty() {
        return Ok(fold.finish(|_| None::<()>)?.0);
    }
    let (kept, unfit) = match kept(reader.reader(), machine) {
        Ok(kept) => (kept, None),
        Err(why) => (None, Some(format!("{why:#}"))),
    };
    let folded = match kept {
        Some((judge, size)) => fold.resume(judge, size),
        None => fold.finish(|_| None::<()>).map(|(state, _)| state),
    };
    // What does not verify is another matter than what is gone.
    folded.map_err(|why| match reader.reader().log().folder() {
        Some(ledger) if !why.is::<Unverified>() => dropped::explained(ledger, 1, unfit, why),
        _ => why,
    })
}

/// The registry of a ledger at an instant, and what `tell` makes of the events that led to it. Events that break the
/// rules are left out, where they could be let in.
///
/// # Errors
/// As [`fold`].
pub fn replay<T>(
    reader: &CheckedReader<'_>,
    instant: LedgerInstant,
    now: Time,
    tell: impl FnMut(&UpcomingEvent<'_>) -> Option<T>,
) -> anyhow::Result<(RegistryAt, Vec<T>)> {
    Fold::begin(reader, instant, now)?.finish(tell)
}

/// The state that is kept beside the entries, and of how many, or why it counts for nothing. Elsewhere it is not
/// believed: a thief of the log key could have signed anything.
fn kept(reader: &Reader<Log>, machine: &str) -> anyhow::Result<Option<(Judge, u64)>> {
    let Some(folder) = reader.log().folder() else { return Ok(None) };
    anyhow::ensure!(
        LastWriter::read(&folder.lock()).machine == machine,
        "only the machine that wrote here last believes it"
    );
    let (declared, stated) = (declared(reader)?, reader.checkpoint().checkpoint());
    let tree = tree::stated(folder, stated)?.context("tree/ does not give the signed root")?;
    state::load(folder, &declared.genesis, declared.id, &tree)
}

/// Entries on their way into a registry.
struct Fold<'a, 'r> {
    reader: &'a CheckedReader<'r>,
    instant: LedgerInstant,
    now: Time,
    /// The end of the entries that may be looked at
    end: u64,
    /// The jumps of the clock that were undone
    undone: UndoneJumps,
    state: RegistryAt,
    verifier: Verifier,
}

impl<'a, 'r> Fold<'a, 'r> {
    /// The state after entry 0.
    fn begin(reader: &'a CheckedReader<'r>, instant: LedgerInstant, now: Time) -> anyhow::Result<Self> {
        let declared = reader.declaration()?;
        let arrival = declared.entry.times().stated_arrival();
        let end = end(reader.reader(), instant, arrival)?;
        let mut judge = Judge::new(&declared.genesis, declared.id);
        judge.pass(0, declared.entry.times());
        let state = RegistryAt { judge, n: 0, arrival, at: arrival, refused: 0 };
        let state = state.at_arrival(arrival, instant, now);
        let undone = reader.undone_jumps(end)?;
        Ok(Self { reader, instant, now, end, undone, state, verifier: Verifier::new() })
    }

    /// Takes the entries behind entry 0.
    fn finish<T>(
        mut self,
        mut tell: impl FnMut(&UpcomingEvent<'_>) -> Option<T>,
    ) -> anyhow::Result<(RegistryAt, Vec<T>)> {
        let mut told = Vec::new();
        for line in self.reader.lines(1..self.end) {
            let (n, line) = line?;
            let (times, entry) = self.event_in(n, &line)?;
            let arrival = self.undone.arrival(n, times);
            if matches!(self.instant, LedgerInstant::Time(time) if arrival > time) {
                break;
            }
            (self.state.n, self.state.arrival) = (n, arrival);
            self.state.judge.pass(n, times);
            if let Some(entry) = entry {
                told.extend(self.take(&entry, &mut tell)?);
            }
        }
        Ok((self.end_state(), told))
    }

    /// Goes on from what the first `size` entries come to. Those of them that are there are looked at all the same.
    fn resume(mut self, judge: Judge, size: u64) -> anyhow::Result<RegistryAt> {
        self.state.judge = judge;
        let reader = self.reader;
        let parts = reader.reader().present(1..self.end)?;
        for line in parts.into_iter().flat_map(|part| reader.lines(part)) {
            let (n, line) = line?;
            let (times, entry) = self.event_in(n, &line)?;
            (self.state.n, self.state.arrival) = (n, self.undone.arrival(n, times));
            if n >= size {
                self.state.judge.pass(n, times);
            }
            if let Some(entry) = entry.filter(|_| n >= size) {
                self.take(&entry, |_| None::<()>)?;
            }
        }
        Ok(self.end_state())
    }

    fn end_state(self) -> RegistryAt {
        let arrival = self.state.arrival;
        self.state.at_arrival(arrival, self.instant, self.now)
    }

    /// The times of a line, and its entry if there is an event in it.
    fn event_in(&self, n: u64, line: &[u8]) -> anyhow::Result<(EntryTimes, Option<Entry>)> {
        event_in(n, line).map_err(|why| {
            if !self.reader.is_checked() {
                return why;
            }
            let why = format!("no entry: {}", why.root_cause());
            self.reader.refused(n, FindingKind::Malformed, &why).into()
        })
    }

    /// Takes an event, or counts it as one that breaks the rules, where such can be let in.
    fn take<T>(
        &mut self,
        entry: &Entry,
        tell: impl FnOnce(&UpcomingEvent<'_>) -> Option<T>,
    ) -> anyhow::Result<Option<T>> {
        self.reader.check_proofs(entry)?;
        let refused = match self.state.take(entry, &mut self.verifier, tell) {
            Ok(told) => return Ok(told),
            Err(refused) => refused,
        };
        self.state.refused += 1;
        match refused {
            Some(refused) if self.reader.is_checked() && self.state.judge.is_enrolled_only() => {
                Err(self.reader.refused(entry.n, (&refused).into(), &refused.to_string()).into())
            }
            _ => Ok(None),
        }
    }
}

/// The end of the entries that may be looked at.
fn end(reader: &Reader<Log>, instant: LedgerInstant, first: Time) -> anyhow::Result<u64> {
    let (path, size) = (reader.shown(), reader.size());
    match instant {
        LedgerInstant::Entry(n) if n >= size => {
            anyhow::bail!("{path}: entry {n} is not there, it has {size} entries")
        }
        LedgerInstant::Entry(n) => Ok(n + 1),
        LedgerInstant::Time(time) if time < first => {
            anyhow::bail!("{path}: nothing had arrived until {time}, the first entry came at {first}")
        }
        LedgerInstant::Time(_) | LedgerInstant::End => Ok(size),
    }
}

impl RegistryAt {
    /// Who is who.
    pub fn registry(&self) -> &Registry {
        self.judge.registry()
    }

    /// The state as of an entry that arrived then.
    fn at_arrival(self, arrival: Time, instant: LedgerInstant, now: Time) -> Self {
        let at = match instant {
            LedgerInstant::Entry(_) => arrival,
            LedgerInstant::Time(time) => time,
            LedgerInstant::End => now.max(arrival),
        };
        Self { arrival, at, ..self }
    }

    /// Takes an event.
    ///
    /// # Errors
    /// If it breaks the rules; `None`: a proof of it does not hold.
    fn take<T>(
        &mut self,
        entry: &Entry,
        verifier: &mut Verifier,
        tell: impl FnOnce(&UpcomingEvent<'_>) -> Option<T>,
    ) -> Result<Option<T>, Option<RegistryRefusal>> {
        // It was let in by what was known of its arrival then.
        let (n, stated, arrival) = (entry.n, entry.times().stated_arrival(), self.arrival);
        let signers = verifier.signers(&entry.record, stated).map_err(|_| None)?;
        let claim = RecordClaim::signed_by(&entry.record, signers.iter().collect());
        let told = match &claim.content {
            ClaimContent::Event(claimed) => match &**claimed {
                ClaimedEvent { id, event: Ok(event) } => {
                    let (registry, signers) = (self.judge.registry(), &claim.signers);
                    tell(&UpcomingEvent { registry, n, arrival, id, event, signers })
                }
                ClaimedEvent { .. } => None,
            },
            ClaimContent::Reading(_) | ClaimContent::Other(_) => None,
        };
        self.judge.admit(n, stated, &claim).map_err(Some)?;
        Ok(told)
    }
}
