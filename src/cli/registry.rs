//! The registry on the command line: the state of a ledger, and what `foil registry` says about it.
//!
//! ```text
//! ledger ─ fold ─► Folded { judge, at } ─ who ─► party, device or admin ─ draft ─► the record, and who is to sign it
//! ```

pub(crate) mod draft;
pub(crate) mod who;
pub(crate) mod words;

use std::path::PathBuf;

use anyhow::Context;

use super::ledger;
use crate::{
    ledger::{
        files::{read::Reader, tree},
        snapshot::{
            gone,
            replay::{entries, event_in},
            state,
        },
        write::lock::LastWriter,
    },
    machine,
    record::{
        claim::{ClaimContent, ClaimedEvent, RecordClaim, SignerKeys},
        registry::Event,
        signed::{self, Verifier},
    },
    rules::{judge::Judge, registry::Registry},
    time::Time,
    tlog::entry::Entry,
};

/// The ledger whose registry says who is who in what is shown.
#[derive(clap::Args)]
pub(crate) struct NamesArgs {
    /// The folder of the ledger that a record is for: names from its registry, and whose signature it lacks; @ stands
    /// for `$FOIL_LEDGER`
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    ledger: Option<PathBuf>,
}

impl NamesArgs {
    /// The state of that ledger, if one is given.
    pub(crate) fn fold(&self) -> anyhow::Result<Option<Folded>> {
        let Some(path) = &self.ledger else { return Ok(None) };
        fold(&ledger::open(&ledger::resolve(path)?)?, Until::End).map(Some)
    }
}

/// Up to where a ledger is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Until {
    /// All of it
    End,
    /// This entry, and no later one
    Entry(u64),
    /// What was received at this time or before
    Time(Time),
}

/// The state of a ledger after some entry.
#[derive(Debug)]
pub(crate) struct Folded {
    /// The rules as of that entry
    pub(crate) judge: Judge,
    /// The last entry that was looked at
    pub(crate) n: u64,
    /// When that was received
    pub(crate) received: Time,
    /// How many events break the rules, and so change nothing
    pub(crate) refused: u64,
}

/// An event that is about to change the state.
pub(crate) struct Coming<'a> {
    /// The state before it
    pub(crate) registry: &'a Registry,
    /// Its entry
    pub(crate) n: u64,
    /// When that was received
    pub(crate) received: Time,
    /// The record's id
    pub(crate) id: &'a crate::hash::Hash,
    /// What it says
    pub(crate) event: &'a Event,
    /// Who signed it
    pub(crate) signers: &'a SignerKeys,
}

/// The state of a ledger: on the machine that wrote it from what is kept beside the entries, as far as that goes.
pub(crate) fn fold(reader: &Reader, until: Until) -> anyhow::Result<Folded> {
    let (mut folded, end) = begin(reader, until)?;
    if until != Until::End {
        go_on(&mut folded, reader, end, until, |_| None::<()>)?;
        return Ok(folded);
    }
    // One that does not fit is made anew by the next writer.
    let kept = kept(reader);
    let unfit = kept.as_ref().err().map(|why| format!("{why:#}"));
    if let Ok(Some(judge)) = kept {
        let last = reader.entries(end - 1..end).next().context("the entry is missing")??;
        return Ok(Folded { judge, n: last.n, received: last.received, refused: 0 });
    }
    let told = go_on(&mut folded, reader, end, until, |_| None::<()>);
    told.map(|_| folded).map_err(|why| gone::explained(reader.folder(), 1, unfit, why))
}

/// The state that is kept beside the entries, with what came since, or why it counts for nothing. Elsewhere it is not
/// believed: whoever has the log key could have signed anything.
fn kept(reader: &Reader) -> anyhow::Result<Option<Judge>> {
    let folder = reader.folder();
    anyhow::ensure!(
        LastWriter::read(&folder.lock()).machine == machine::id(),
        "only the machine that wrote here last believes it"
    );
    let (genesis, stated) = (ledger::declared(reader)?, reader.checkpoint().checkpoint());
    let id = signed::id(&reader.declaration()?.record);
    let tree = tree::stated(folder, stated)?.context("tree/ does not give the signed root")?;
    let Some((mut judge, size)) = state::load(folder, &genesis, id, &tree)? else { return Ok(None) };
    entries(&mut judge, folder, size..stated.size, Some(&tree))?;
    Ok(Some(judge))
}

/// The state of a ledger, and what is told of the events that led to it. Events that break the rules are told by
/// `foil verify`, not here.
pub(crate) fn replay<T>(
    reader: &Reader,
    until: Until,
    mut tell: impl FnMut(&Coming<'_>) -> Option<T>,
) -> anyhow::Result<(Folded, Vec<T>)> {
    let (mut folded, end) = begin(reader, until)?;
    let told = go_on(&mut folded, reader, end, until, &mut tell)?;
    Ok((folded, told))
}

/// Folds the entries behind the last one that was looked at.
fn go_on<T>(
    folded: &mut Folded,
    reader: &Reader,
    end: u64,
    until: Until,
    mut tell: impl FnMut(&Coming<'_>) -> Option<T>,
) -> anyhow::Result<Vec<T>> {
    let (mut verifier, mut told) = (Verifier::new(), Vec::new());
    for line in reader.lines(folded.n + 1..end) {
        let (n, line) = line?;
        let (received, entry) = event_in(n, &line)?;
        if matches!(until, Until::Time(time) if received > time) {
            break;
        }
        (folded.n, folded.received) = (n, received);
        if let Some(entry) = entry {
            told.extend(folded.take(&entry, &mut verifier, &mut tell));
        }
    }
    Ok(told)
}

/// The state after entry 0, and the end of the entries that may be looked at.
fn begin(reader: &Reader, until: Until) -> anyhow::Result<(Folded, u64)> {
    let path = reader.folder().path().display();
    let (size, genesis, entry) = (reader.size(), ledger::declared(reader)?, reader.declaration()?);
    let end = match until {
        Until::Entry(n) if n >= size => {
            anyhow::bail!("{path}: entry {n} is not there, it has {size} entries")
        }
        Until::Entry(n) => n + 1,
        Until::Time(time) if time < entry.received => {
            anyhow::bail!("{path}: nothing was received until {time}, the first entry at {}", entry.received)
        }
        Until::Time(_) | Until::End => size,
    };
    let judge = Judge::new(&genesis, signed::id(&entry.record));
    Ok((Folded { judge, n: 0, received: entry.received, refused: 0 }, end))
}

impl Folded {
    /// Who is who.
    pub(crate) fn registry(&self) -> &Registry {
        self.judge.registry()
    }

    /// When what comes next is received, at the earliest.
    pub(crate) fn now(&self) -> Time {
        machine::wall().max(self.received)
    }

    /// Takes an event, or counts it as one that breaks the rules.
    fn take<T>(
        &mut self,
        entry: &Entry,
        verifier: &mut Verifier,
        tell: impl FnOnce(&Coming<'_>) -> Option<T>,
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
                    tell(&Coming { registry, n, received, id, event, signers })
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
