//! The registry of a ledger at an instant: entry by entry, or from what is kept beside the entries.

use anyhow::Context;

use crate::{
    audit::declared::declared,
    hash::Hash,
    ledger::{
        files::{read::Reader, tree},
        snapshot::{
            dropped,
            replay::{entries, event_in},
            state,
        },
        write::lock::LastWriter,
    },
    machine,
    record::{
        claim::{ClaimContent, ClaimedEvent, RecordClaim, SignerKeys},
        registry::RegistryEvent,
        signed::Verifier,
    },
    rules::{judge::Judge, registry::Registry},
    time::Time,
    tlog::entry::Entry,
};

/// The instant of a ledger that is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LedgerInstant {
    /// All of it
    End,
    /// This entry, and no later one
    Entry(u64),
    /// What was received at this time or before
    Time(Time),
}

/// The registry of a ledger at an instant.
#[derive(Debug)]
pub struct RegistryAt {
    /// The rules as of that entry
    pub judge: Judge,
    /// The last entry that was looked at
    pub n: u64,
    /// When that was received
    pub received: Time,
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
    /// When that was received
    pub received: Time,
    /// The record's id
    pub id: &'a Hash,
    /// What it says
    pub event: &'a RegistryEvent,
    /// Who signed it
    pub signers: &'a SignerKeys,
}

/// The registry of a ledger at an instant. Of the whole ledger it is, on the machine that wrote it, read from what is
/// kept beside the entries, as far as that goes. `now` is the clock's time, which decides what time it is after the
/// last entry.
///
/// # Errors
/// If there is no such instant, or an entry cannot be read.
pub fn fold(reader: &Reader, instant: LedgerInstant, now: Time) -> anyhow::Result<RegistryAt> {
    let fold = Fold::begin(reader, instant, now)?;
    if instant != LedgerInstant::End {
        return Ok(fold.finish(|_| None::<()>)?.0);
    }
    // One that does not fit is made anew by the next writer.
    let kept = kept(reader);
    let unfit = kept.as_ref().err().map(|why| format!("{why:#}"));
    if let Ok(Some(judge)) = kept {
        let last = reader.entries(fold.end - 1..fold.end).next().context("the entry is missing")??;
        return Ok(RegistryAt { judge, n: last.n, ..fold.state.received_at(last.received, instant, now) });
    }
    let folded = fold.finish(|_| None::<()>);
    folded.map(|(state, _)| state).map_err(|why| dropped::explained(reader.folder(), 1, unfit, why))
}

/// The registry of a ledger at an instant, and what `tell` makes of the events that led to it. Events that break the
/// rules are left out, also where their proofs do not hold: a verifier reports them.
///
/// # Errors
/// As [`fold`].
pub fn replay<T>(
    reader: &Reader,
    instant: LedgerInstant,
    now: Time,
    tell: impl FnMut(&UpcomingEvent<'_>) -> Option<T>,
) -> anyhow::Result<(RegistryAt, Vec<T>)> {
    Fold::begin(reader, instant, now)?.finish(tell)
}

/// The state that is kept beside the entries, with what came since, or why it counts for nothing. Elsewhere it is not
/// believed: a thief of the log key could have signed anything.
fn kept(reader: &Reader) -> anyhow::Result<Option<Judge>> {
    let folder = reader.folder();
    anyhow::ensure!(
        LastWriter::read(&folder.lock()).machine == machine::id(),
        "only the machine that wrote here last believes it"
    );
    let (declared, stated) = (declared(reader)?, reader.checkpoint().checkpoint());
    let tree = tree::stated(folder, stated)?.context("tree/ does not give the signed root")?;
    let Some((mut judge, size)) = state::load(folder, &declared.genesis, declared.id, &tree)? else {
        return Ok(None);
    };
    entries(&mut judge, folder, size..stated.size, Some(&tree))?;
    Ok(Some(judge))
}

/// Entries on their way into a registry.
struct Fold<'a> {
    reader: &'a Reader,
    instant: LedgerInstant,
    now: Time,
    /// The end of the entries that may be looked at
    end: u64,
    state: RegistryAt,
}

impl<'a> Fold<'a> {
    /// The state after entry 0.
    fn begin(reader: &'a Reader, instant: LedgerInstant, now: Time) -> anyhow::Result<Self> {
        let declared = declared(reader)?;
        let received = declared.entry.received;
        let end = end(reader, instant, received)?;
        let judge = Judge::new(&declared.genesis, declared.id);
        let state = RegistryAt { judge, n: 0, received, at: received, refused: 0 };
        let state = state.received_at(received, instant, now);
        Ok(Self { reader, instant, now, end, state })
    }

    /// Takes the entries behind entry 0.
    fn finish<T>(
        mut self,
        mut tell: impl FnMut(&UpcomingEvent<'_>) -> Option<T>,
    ) -> anyhow::Result<(RegistryAt, Vec<T>)> {
        let (mut verifier, mut told) = (Verifier::new(), Vec::new());
        for line in self.reader.lines(1..self.end) {
            let (n, line) = line?;
            let (received, entry) = event_in(n, &line)?;
            if matches!(self.instant, LedgerInstant::Time(time) if received > time) {
                break;
            }
            (self.state.n, self.state.received) = (n, received);
            if let Some(entry) = entry {
                told.extend(self.state.take(&entry, &mut verifier, &mut tell));
            }
        }
        let received = self.state.received;
        Ok((self.state.received_at(received, self.instant, self.now), told))
    }
}

/// The end of the entries that may be looked at.
fn end(reader: &Reader, instant: LedgerInstant, first: Time) -> anyhow::Result<u64> {
    let (path, size) = (reader.folder().path().display(), reader.size());
    match instant {
        LedgerInstant::Entry(n) if n >= size => {
            anyhow::bail!("{path}: entry {n} is not there, it has {size} entries")
        }
        LedgerInstant::Entry(n) => Ok(n + 1),
        LedgerInstant::Time(time) if time < first => {
            anyhow::bail!("{path}: nothing was received until {time}, the first entry at {first}")
        }
        LedgerInstant::Time(_) | LedgerInstant::End => Ok(size),
    }
}

impl RegistryAt {
    /// Who is who.
    pub fn registry(&self) -> &Registry {
        self.judge.registry()
    }

    /// The state as of an entry that was received then.
    fn received_at(self, received: Time, instant: LedgerInstant, now: Time) -> Self {
        let at = match instant {
            LedgerInstant::Entry(_) => received,
            LedgerInstant::Time(time) => time,
            LedgerInstant::End => now.max(received),
        };
        Self { received, at, ..self }
    }

    /// Takes an event, or counts it as one that breaks the rules.
    fn take<T>(
        &mut self,
        entry: &Entry,
        verifier: &mut Verifier,
        tell: impl FnOnce(&UpcomingEvent<'_>) -> Option<T>,
    ) -> Option<T> {
        let (n, received) = (entry.n, entry.received);
        let Ok(signers) = verifier.signers(&entry.record, received) else {
            self.refused += 1;
            return None;
        };
        let claim = RecordClaim::signed_by(&entry.record, signers.iter().collect());
        let told = match &claim.content {
            ClaimContent::Event(claimed) => match &**claimed {
                ClaimedEvent { id, event: Ok(event) } => {
                    let (registry, signers) = (self.judge.registry(), &claim.signers);
                    tell(&UpcomingEvent { registry, n, received, id, event, signers })
                }
                ClaimedEvent { .. } => None,
            },
            ClaimContent::Reading(_) | ClaimContent::Other(_) => None,
        };
        if self.judge.admit(n, received, &claim).is_err() {
            self.refused += 1;
            return None;
        }
        told
    }
}
