//! The ledgers that count for a contract: which they are, and whether they are sound.

use std::path::{Path, PathBuf};

use anyhow::Context;

use super::{
    ContractQuestion, LedgersAsked, notice::ContractNotice, one_pass::OnePassEvaluation,
    refused::ContractRefused,
};
use crate::{
    audit::{
        checked_reader,
        ledger::{self, LedgerQuestion},
        succession::LedgerFamily,
        target::Log,
    },
    contract::{document::Contract, eval::Sieve},
    hash::Hash,
    ledger::files::read::Reader,
    record::{genesis::Genesis, signed::Verifier, writers::Writers},
    rules::judge::Judge,
    time::Time,
    tlog::{declaration::UnprovenDeclaration, undone::UndoneJumps},
    verify::{Endorser, FindingKind, KeySource, SuccessorClaim, VerifyReport},
};

/// A ledger whose entries count.
pub(super) struct ContractLedger {
    pub(super) id: Hash,
    /// What entry 0 declares
    pub(super) genesis: Genesis,
    pub(super) reader: Reader<Log>,
    /// How many entries there are: what was verified, not what a writer adds since
    pub(super) size: u64,
    /// The root over them
    pub(super) root: Hash,
    /// Whether size and root are what was verified, not what the ledger says of itself
    pub(super) verified: bool,
    /// Whether a key from outside, or the contract, vouches for it
    pub(super) vouched: bool,
    /// Whether a proof in it may be bad
    pub(super) check_proofs: bool,
    /// What its successor takes over: what was written later has no place in the common history. None where no
    /// successor is given
    pub(super) handed_over: Option<SuccessorClaim>,
    /// Where it stands in the verdict: by the ledger that the contract names and it continues, and how many there are
    /// in between. `None`: the contract names none
    pub(super) place: (Option<usize>, usize),
}

impl ContractLedger {
    pub(super) fn folder(&self) -> PathBuf {
        self.reader.log().place().to_owned()
    }

    /// When the last of the first so many entries arrived.
    pub(super) fn arrival(&self, size: u64) -> anyhow::Result<Time> {
        if size > self.size {
            return Err(ContractRefused::CutBeyondEnd { size, has: self.size }.into());
        }
        let last = size.checked_sub(1).ok_or(ContractRefused::CutBeforeFirst)?;
        // What undoes a jump of the clock behind these entries does not count.
        self.arrival_of(last, &self.reader.undone_jumps(size)?)
    }

    fn arrival_of(&self, n: u64, undone: &UndoneJumps) -> anyhow::Result<Time> {
        let entry = self.reader.entries(n..n + 1).next().context("the entry is missing")??;
        Ok(undone.arrival(n, entry.times()))
    }

    /// How many of its first so many entries had arrived by an instant, and when the last of these did: never, and so at
    /// the beginning of time, if none had.
    pub(super) fn arrived_by(&self, instant: Time, size: u64) -> anyhow::Result<(u64, Time)> {
        let undone = self.reader.undone_jumps(size)?;
        let (mut low, mut high) = (0, size);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.arrival_of(middle, &undone)? > instant { high = middle } else { low = middle + 1 }
        }
        let last = low.checked_sub(1).map(|last| self.arrival_of(last, &undone)).transpose()?;
        Ok((low, last.unwrap_or(Time::EPOCH)))
    }

    /// When one of the first so many entries arrived.
    pub(super) fn arrival_among(&self, n: u64, size: u64) -> anyhow::Result<Time> {
        self.arrival_of(n, &self.reader.undone_jumps(size)?)
    }
}

/// A ledger that is not sound, so that there is no verdict.
#[derive(Debug)]
pub struct UnsoundLedger {
    /// Its folder, or its URL
    pub folder: PathBuf,
    /// What is wrong with it
    pub report: VerifyReport,
}

/// What came of opening all ledgers.
pub(super) enum OpenedLedgers<'a> {
    /// All count. `None`: what they come to is not known yet
    All(Vec<ContractLedger>, Option<Box<OnePassEvaluation<'a>>>),
    /// One of them is not sound
    Unsound(Box<UnsoundLedger>),
}

/// A ledger that is about to be opened.
struct Candidate<'a> {
    folder: &'a Path,
    reader: Reader<Log>,
    declaration: UnprovenDeclaration,
}

/// Opens the ledgers, in the contract's order, successors following. Where there is only one, the contract is evaluated
/// while that is verified.
pub(super) fn open<'a>(
    question: &ContractQuestion<'a>,
    asked: &LedgersAsked<'_>,
    sieve: &'a Sieve<'a>,
    notice: &mut dyn FnMut(ContractNotice),
) -> anyhow::Result<OpenedLedgers<'a>> {
    let contract = question.contract;
    let mut family = LedgerFamily::of(asked.folders, |folder| Some(folder.to_owned()));
    let mut ledgers: Vec<ContractLedger> = Vec::new();
    let mut one_pass = None;
    for folder in family.in_order(asked.folders) {
        let candidate = Candidate::open(folder)?;
        anyhow::ensure!(
            ledgers.iter().all(|other| other.id != candidate.declaration.id),
            "{}: given twice",
            folder.display()
        );
        candidate.check(contract, &family)?;
        let mut ledger = if asked.trusted {
            candidate.trust()
        } else {
            if asked.folders.len() == 1 && contract.ledgers.len() <= 1 {
                one_pass = Some(Box::new(candidate.evaluate(question, sieve)));
            }
            match candidate.verify(question, asked, one_pass.as_deref_mut(), &mut family, notice)? {
                Ok(ledger) => ledger,
                Err(report) => {
                    let folder = folder.clone();
                    return Ok(OpenedLedgers::Unsound(Box::new(UnsoundLedger { folder, report: *report })));
                }
            }
        };
        ledger.handed_over = handed_over(folder, &ledger, &family)?;
        ledger.place = place(ledger.id, contract, &family);
        ledgers.push(ledger);
    }
    if asked.trusted {
        notice(ContractNotice::LedgersTrusted);
    }
    ledgers.sort_by_key(|ledger| (ledger.place, ledger.id));
    Ok(OpenedLedgers::All(ledgers, one_pass))
}

impl<'a> Candidate<'a> {
    fn open(folder: &'a Path) -> anyhow::Result<Self> {
        let reader = checked_reader::open(folder)?;
        // Whether its proofs hold is found out when it is verified.
        let declaration = reader.unproven_declaration()?;
        Ok(Self { folder, reader, declaration })
    }

    fn check(&self, contract: &Contract, family: &LedgerFamily) -> anyhow::Result<()> {
        self.check_whole()?;
        self.check_named(contract, family)?;
        self.check_consent(family).with_context(|| self.folder.display().to_string())
    }

    /// Dropped entries may have held what a contract looks for: a reading, an acceptance, a clock that went wrong. That
    /// they arrived before its period is no more than their word.
    fn check_whole(&self) -> anyhow::Result<()> {
        let dropped = self.reader.dropped()?;
        let Some(run) = dropped.first() else { return Ok(()) };
        let (folder, first, last) = (self.folder.to_owned(), run.start, run.end - 1);
        Err(ContractRefused::EntriesDropped { folder, first, last }.into())
    }

    /// A ledger counts if the contract names it, or one that it continues.
    fn check_named(&self, contract: &Contract, family: &LedgerFamily) -> anyhow::Result<()> {
        let UnprovenDeclaration { id, genesis, .. } = &self.declaration;
        let line = family.line_of(id);
        if contract.ledgers.is_empty() || line.iter().any(|id| contract.ledgers.contains(id)) {
            return Ok(());
        }
        let folder = self.folder;
        let old = genesis.continues.as_ref().filter(|old| contract.ledgers.contains(&old.ledger));
        if let Some(old) = old {
            let (folder, id, continued) = (folder.to_owned(), *id, old.ledger);
            return Err(ContractRefused::PredecessorMissing { folder, id, continued }.into());
        }
        let named = contract.ledgers.iter().map(Hash::to_string).collect::<Vec<_>>().join(", ");
        let folder = folder.display();
        anyhow::bail!("{folder}: {id} is not the ledger that the contract names ({named})")
    }

    /// A successor speaks for the ledger before it only if that one's log key or admins let it.
    fn check_consent(&self, family: &LedgerFamily) -> anyhow::Result<()> {
        let UnprovenDeclaration { genesis, entry, .. } = &self.declaration;
        let old = genesis.continues.as_ref().and_then(|old| family.genesis(&old.ledger));
        let Some(old) = old else { return Ok(()) };
        let signers =
            Verifier::new().signers(&entry.record, entry.times().stated_arrival()).context("entry 0")?;
        old.consent(&signers).context("entry 0")?;
        Ok(())
    }

    fn trust(self) -> ContractLedger {
        let checkpoint = self.reader.checkpoint().checkpoint();
        let (size, root) = (checkpoint.size, checkpoint.root);
        ContractLedger {
            id: self.declaration.id,
            genesis: self.declaration.genesis,
            reader: self.reader,
            size,
            root,
            verified: false,
            vouched: true,
            check_proofs: false,
            handed_over: None,
            place: (None, 0),
        }
    }

    /// An evaluation of the contract over this ledger alone.
    fn evaluate<'q>(&self, question: &ContractQuestion<'q>, sieve: &'q Sieve<'q>) -> OnePassEvaluation<'q> {
        OnePassEvaluation::new(question, sieve, Judge::new(&self.declaration.genesis, self.declaration.id))
    }

    /// Verifies the ledger, while the evaluation listens if there is one; the report if it is not sound. The contract's
    /// own word fixes the id, that fixes entry 0, and that the log's key.
    fn verify(
        self,
        question: &ContractQuestion<'_>,
        asked: &LedgersAsked<'_>,
        mut one_pass: Option<&mut OnePassEvaluation<'_>>,
        family: &mut LedgerFamily,
        notice: &mut dyn FnMut(ContractNotice),
    ) -> anyhow::Result<Result<ContractLedger, Box<VerifyReport>>> {
        let Self { folder, declaration: UnprovenDeclaration { id, genesis, .. }, .. } = self;
        let mut of_ledger = LedgerQuestion {
            key: asked.key.clone(),
            endorser: question.contract.ledgers.contains(&id).then_some(Endorser::Contract),
            ..LedgerQuestion::new(asked.seen, question.threads)
        };
        of_ledger.options.all = asked.all;
        let report = ledger::verify_with_listener(
            folder,
            &of_ledger,
            family,
            &mut |noticed| notice(ContractNotice::Ledger(noticed)),
            &mut one_pass,
        )?;
        if !report.sound() {
            return Ok(Err(Box::new(report)));
        }
        tell_oddities(folder, &report, notice);
        if let Some(known) = report.known_proofs {
            let (folder, proofs) = (folder.to_owned(), report.proofs_checked);
            notice(ContractNotice::CheckedBefore { folder, known, proofs });
        }
        let stated = report.size.zip(report.root);
        let (size, root) = stated.with_context(|| format!("{}: no checkpoint", folder.display()))?;
        anyhow::ensure!(report.id == Some(id), "{}: entry 0 changed while it was read", folder.display());
        if report.key == KeySource::Contract {
            notice(ContractNotice::VouchedByContract(folder.to_owned()));
        }
        Ok(Ok(ContractLedger {
            id,
            reader: checked_reader::open(folder)?,
            size,
            root,
            verified: true,
            vouched: !report.vouched.is_empty(),
            check_proofs: genesis.writers == Writers::Anyone,
            handed_over: None,
            place: (None, 0),
            genesis,
        }))
    }
}

fn tell_oddities(folder: &Path, report: &VerifyReport, notice: &mut dyn FnMut(ContractNotice)) {
    for odd in report.findings().into_iter().filter(|finding| finding.kind == FindingKind::Succession) {
        let (folder, detail) = (folder.to_owned(), odd.detail.clone());
        notice(ContractNotice::OddSuccession { folder, detail });
    }
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

/// What the successor of a ledger takes over, if it is given: there can be one.
fn handed_over(
    folder: &Path,
    ledger: &ContractLedger,
    family: &LedgerFamily,
) -> anyhow::Result<Option<SuccessorClaim>> {
    let claims = family.claims(&ledger.id);
    let folder = folder.display();
    anyhow::ensure!(
        claims.len() < 2,
        "{folder}: {} ledgers continue it; it can have one successor",
        claims.len()
    );
    if let Some(claim) = claims.first() {
        let (size, has) = (claim.size, ledger.size);
        anyhow::ensure!(has >= size, "{folder}: its successor takes over {size} entries; here are {has}");
    }
    Ok(claims.first().copied())
}

/// The ledgers that the contract names, and that are not among these. What they say is missing from the verdict.
pub(super) fn missing(ledgers: &[ContractLedger], contract: &Contract) -> Vec<Hash> {
    let mut missing: Vec<Hash> = Vec::new();
    for id in &contract.ledgers {
        if ledgers.iter().all(|ledger| ledger.id != *id) && !missing.contains(id) {
            missing.push(*id);
        }
    }
    missing
}
