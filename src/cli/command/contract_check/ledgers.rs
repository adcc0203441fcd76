//! The ledgers that a contract is checked against: which they are, and whether they are sound.

use std::path::Path;

use anyhow::Context;

use super::Args;
use crate::{
    chain::read::Reader,
    cli::{command::verify, failure::Hint, ledger, term::Term},
    contract::document::Contract,
    hash::Hash,
    key::PublicKey,
    record::{genesis::Genesis, signed, writers::Writers},
    time::Time,
    verify::{GivenKey, Severity},
};

/// How many findings of an unsound ledger are said before `foil verify` must be asked.
const SAID: usize = 5;

/// A ledger whose entries count.
pub(super) struct Ledger {
    pub(super) id: Hash,
    pub(super) reader: Reader,
    /// How many entries there are: what was verified, not what a writer adds since
    pub(super) size: u64,
    /// The root over them
    pub(super) root: Hash,
    /// Whether size and root are what was verified, not what the ledger says of itself
    pub(super) verified: bool,
    /// Whether somebody outside stands for it
    pub(super) vouched: bool,
    /// Whether a proof in it may be bad
    pub(super) check_proofs: bool,
}

impl Ledger {
    /// When the last of the first so many entries was received.
    pub(super) fn received(&self, size: u64) -> anyhow::Result<Time> {
        anyhow::ensure!(size <= self.size, "--at {size}: the ledger has {} entries", self.size);
        let last = size.checked_sub(1).context("--at 0: that is before the first entry")?;
        let entry = self.reader.entries(last..size).next().context("the entry is missing")??;
        Ok(entry.received)
    }
}

/// Opens the ledgers, in the contract's order; none if one of them is not sound, which has been said.
pub(super) fn open(args: &Args, contract: &Contract, term: &mut Term) -> anyhow::Result<Option<Vec<Ledger>>> {
    let key = args.key.as_deref().map(verify::given).transpose()?;
    let mut ledgers = Vec::new();
    for path in &args.ledgers {
        let path = ledger::resolve(path)?;
        let reader = ledger::open(&path)?;
        let named = || path.display().to_string();
        let declaration = reader.declaration().with_context(named)?.record;
        let genesis = Genesis::parse(&declaration).with_context(named)?;
        let id = signed::id(&declaration);
        check_whole(&path, &reader)?;
        check_named(&path, id, &genesis, contract)?;
        let trusted = args.no_verify;
        let opened = if trusted {
            Some(trust(id, reader))
        } else {
            sound(&path, id, &genesis, key.as_ref(), contract, term)?
        };
        let Some(mut opened) = opened else { return Ok(None) };
        opened.check_proofs = !trusted && genesis.writers == Writers::Anyone;
        if ledgers.iter().any(|other: &Ledger| other.id == id) {
            anyhow::bail!("{}: given twice", path.display());
        }
        ledgers.push(opened);
    }
    check_all_given(&ledgers, contract)?;
    if args.no_verify {
        term.warn("the ledger is trusted, not verified");
    }
    let place = |ledger: &Ledger| contract.ledgers.iter().position(|id| *id == ledger.id);
    ledgers.sort_by_key(|ledger| (place(ledger), ledger.id));
    Ok(Some(ledgers))
}

/// Nobody can say what a contract would have found in entries that were dropped: a reading, an acceptance, a
/// clock that went wrong. That they were received before its period is no more than their word.
fn check_whole(path: &Path, reader: &Reader) -> anyhow::Result<()> {
    let dropped = reader.dropped()?;
    let Some(run) = dropped.first() else { return Ok(()) };
    let (first, last) = (run.start, run.end - 1);
    let path = path.display();
    Err(anyhow::anyhow!(
        "{path}: entries {first} to {last} were dropped by foil chain prune, so there is no verdict"
    ))
    .hint("check against a copy that was made before")
}

/// A ledger that the contract does not name says nothing about it.
fn check_named(path: &Path, id: Hash, genesis: &Genesis, contract: &Contract) -> anyhow::Result<()> {
    if contract.ledgers.is_empty() || contract.ledgers.contains(&id) {
        return Ok(());
    }
    let named = contract.ledgers.iter().map(Hash::to_string).collect::<Vec<_>>().join(", ");
    let continues = genesis.continues.as_ref().filter(|old| contract.ledgers.contains(&old.ledger));
    let why = match continues {
        Some(old) => {
            format!("continues {}, and successors are not followed by this version of foil", old.ledger)
        }
        None => format!("is not the ledger that the contract names ({named})"),
    };
    Err(anyhow::anyhow!("{}: {id} {why}", path.display()))
}

/// With one of several ledgers missing, what it says would be missing from the verdict.
fn check_all_given(ledgers: &[Ledger], contract: &Contract) -> anyhow::Result<()> {
    let missing = contract.ledgers.iter().find(|id| ledgers.iter().all(|ledger| ledger.id != **id));
    match missing {
        None => Ok(()),
        Some(id) => Err(anyhow::anyhow!("the contract names ledger {id}, which is not given"))
            .hint("give the folders of all its ledgers"),
    }
}

fn trust(id: Hash, reader: Reader) -> Ledger {
    let checkpoint = reader.checkpoint().checkpoint();
    let (size, root) = (checkpoint.size, checkpoint.root);
    Ledger { id, reader, size, root, verified: false, vouched: true, check_proofs: false }
}

/// Verifies a ledger. The contract's own word fixes the id, that fixes entry 0, and that the log's key.
fn sound(
    path: &Path,
    id: Hash,
    genesis: &Genesis,
    key: Option<&GivenKey>,
    contract: &Contract,
    term: &mut Term,
) -> anyhow::Result<Option<Ledger>> {
    let by_contract =
        || contract.ledgers.contains(&id).then(|| GivenKey::Key(PublicKey::clone(&genesis.log)));
    let key = key.cloned().or_else(by_contract);
    let report = verify::ledger(path, key.as_ref(), term)?;
    if !report.sound() {
        let errors = report.findings().into_iter().filter(|finding| finding.severity == Severity::Error);
        for finding in errors.take(SAID) {
            term.warn(format!("{}/{finding}", path.display()));
        }
        let error = anyhow::anyhow!("{}: the ledger is not sound, so there is no verdict", path.display());
        term.error(&error.hint(format!("foil verify {}", path.display())));
        return Ok(None);
    }
    let (Some(size), Some(root)) = (report.size, report.root) else { return Ok(None) };
    anyhow::ensure!(report.id == Some(id), "{}: entry 0 changed while it was read", path.display());
    let vouched = !report.vouched.is_empty();
    Ok(Some(Ledger {
        id,
        reader: ledger::open(path)?,
        size,
        root,
        verified: true,
        vouched,
        check_proofs: false,
    }))
}
