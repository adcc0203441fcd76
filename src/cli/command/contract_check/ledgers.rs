//! The ledgers that a contract is checked against: which they are, and whether they are sound.

use std::path::Path;

use anyhow::Context;

use super::Args;
use crate::{
    audit::succession::LedgerFamily,
    cli::{
        command::verify::{self, AskedOfLedgers},
        failure::Hint,
        ledger,
        term::Term,
    },
    contract::document::Contract,
    hash::Hash,
    json::Object,
    ledger::files::read::Reader,
    record::{genesis::Genesis, signed::Verifier, writers::Writers},
    time::Time,
    tlog::declaration::UnprovenDeclaration,
    verify::{Claim, Endorser, GivenKey, KeySource, Kind, Severity},
};

/// How many findings of an unsound ledger are said before `foil verify` must be asked.
const SAID: usize = 5;

/// A ledger whose entries count.
pub(super) struct Ledger {
    pub(super) id: Hash,
    /// What entry 0 declares
    pub(super) genesis: Genesis,
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
    /// What its successor takes over: what was written later has no place in the common history
    pub(super) handed_over: Option<Claim>,
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

/// Opens the ledgers, in the contract's order, successors following; none if one of them is not sound, which has
/// been said.
pub(super) fn open(args: &Args, contract: &Contract, term: &mut Term) -> anyhow::Result<Option<Vec<Ledger>>> {
    let key = args.key.as_deref().map(verify::given).transpose()?;
    let mut family = LedgerFamily::of(&args.ledgers, ledger::named);
    let mut ledgers = Vec::new();
    for path in family.in_order(&args.ledgers) {
        let path = ledger::resolve(path)?;
        let reader = ledger::open(&path)?;
        let named = || path.display().to_string();
        // Whether its proofs hold is found out when it is verified.
        let UnprovenDeclaration { id, genesis, entry } = reader.unproven_declaration()?;
        if ledgers.iter().any(|other: &Ledger| other.id == id) {
            anyhow::bail!("{}: given twice", path.display());
        }
        check_whole(&path, &reader)?;
        check_named(&path, id, &genesis, contract, &family)?;
        check_consent(&entry.record, entry.received, &genesis, &family).with_context(named)?;
        let trusted = args.no_verify;
        let opened = if trusted {
            Some(trust(id, genesis.clone(), reader))
        } else {
            sound(&path, id, &genesis, key.as_ref(), contract, &mut family, term)?
        };
        let Some(mut opened) = opened else { return Ok(None) };
        opened.check_proofs = !trusted && genesis.writers == Writers::Anyone;
        opened.handed_over = handed_over(&path, &opened, &family)?;
        ledgers.push(opened);
    }
    check_all_given(&ledgers, contract)?;
    if args.no_verify {
        term.warn("the ledger is trusted, not verified");
    }
    ledgers.sort_by_key(|ledger| (place(ledger.id, contract, &family), ledger.id));
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

/// Where a ledger stands in the verdict: behind the one that the contract names and it continues.
fn place(id: Hash, contract: &Contract, family: &LedgerFamily) -> (Option<usize>, usize) {
    let line = family.line_of(&id);
    let named = line.iter().enumerate().find_map(|(generation, id)| {
        Some((contract.ledgers.iter().position(|named| named == id)?, generation))
    });
    // Where the contract names none, one line after the other.
    named.map_or((None, line.len()), |(at, generation)| (Some(at), generation))
}

/// A ledger counts if the contract names it, or one that it continues.
fn check_named(
    path: &Path,
    id: Hash,
    genesis: &Genesis,
    contract: &Contract,
    family: &LedgerFamily,
) -> anyhow::Result<()> {
    let line = family.line_of(&id);
    if contract.ledgers.is_empty() || line.iter().any(|id| contract.ledgers.contains(id)) {
        return Ok(());
    }
    let path = path.display();
    let continues = genesis.continues.as_ref().filter(|old| contract.ledgers.contains(&old.ledger));
    if let Some(old) = continues {
        return Err(anyhow::anyhow!("{path}: {id} continues {}, which is not given", old.ledger))
            .hint("give the folders of both");
    }
    let named = contract.ledgers.iter().map(Hash::to_string).collect::<Vec<_>>().join(", ");
    Err(anyhow::anyhow!("{path}: {id} is not the ledger that the contract names ({named})"))
}

/// A successor speaks for the ledger before it only if that one's log key or admins let it.
fn check_consent(record: &Object, at: Time, genesis: &Genesis, family: &LedgerFamily) -> anyhow::Result<()> {
    let old = genesis.continues.as_ref().and_then(|old| family.genesis(&old.ledger));
    let Some(old) = old else { return Ok(()) };
    let signers = Verifier::new().signers(record, at).context("entry 0")?;
    old.consent(&signers).context("entry 0")?;
    Ok(())
}

/// What the successor of a ledger takes over, if it is given: there can be one.
fn handed_over(path: &Path, ledger: &Ledger, family: &LedgerFamily) -> anyhow::Result<Option<Claim>> {
    let claims = family.claims(&ledger.id);
    let path = path.display();
    anyhow::ensure!(
        claims.len() < 2,
        "{path}: {} ledgers continue it; it can have one successor",
        claims.len()
    );
    if let Some(claim) = claims.first() {
        let (size, has) = (claim.size, ledger.size);
        anyhow::ensure!(has >= size, "{path}: its successor takes over {size} entries; here are {has}");
    }
    Ok(claims.first().copied())
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

fn trust(id: Hash, genesis: Genesis, reader: Reader) -> Ledger {
    let checkpoint = reader.checkpoint().checkpoint();
    let (size, root) = (checkpoint.size, checkpoint.root);
    Ledger {
        id,
        genesis,
        reader,
        size,
        root,
        verified: false,
        vouched: true,
        check_proofs: false,
        handed_over: None,
    }
}

/// Verifies a ledger. The contract's own word fixes the id, that fixes entry 0, and that the log's key.
fn sound(
    path: &Path,
    id: Hash,
    genesis: &Genesis,
    key: Option<&GivenKey>,
    contract: &Contract,
    family: &mut LedgerFamily,
    term: &mut Term,
) -> anyhow::Result<Option<Ledger>> {
    let endorser = contract.ledgers.contains(&id).then_some(Endorser::Contract);
    let asked = AskedOfLedgers { key: key.cloned(), endorser, ..AskedOfLedgers::default() };
    let report = verify::ledger(path, &asked, family, term)?;
    if !report.sound() {
        let errors = report.findings().into_iter().filter(|finding| finding.severity == Severity::Error);
        for finding in errors.take(SAID) {
            term.warn(format!("{}/{finding}", path.display()));
        }
        let error = anyhow::anyhow!("{}: the ledger is not sound, so there is no verdict", path.display());
        term.error(&error.hint(format!("foil verify {}", path.display())));
        return Ok(None);
    }
    for odd in report.findings().into_iter().filter(|finding| finding.kind == Kind::Succession) {
        term.warn(format!("{}: {}", path.display(), odd.detail));
    }
    let (Some(size), Some(root)) = (report.size, report.root) else { return Ok(None) };
    anyhow::ensure!(report.id == Some(id), "{}: entry 0 changed while it was read", path.display());
    if report.key == KeySource::Contract {
        let path = path.display();
        term.say(format!(
            "{path}: vouched for by the contract alone, for this verdict only: the log's key is not known here"
        ));
    }
    let vouched = !report.vouched.is_empty();
    Ok(Some(Ledger {
        id,
        genesis: genesis.clone(),
        reader: ledger::open(path)?,
        size,
        root,
        verified: true,
        vouched,
        check_proofs: false,
        handed_over: None,
    }))
}
