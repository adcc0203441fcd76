//! A contract and ledgers: what is the verdict?
//!
//! ```text
//! folders ─ which count, are they sound ─► ledgers ─ feed: merged by arrival ─► facts ─► evaluation ─► ContractAnswer
//!                                                    (or records that are in no ledger)
//! ```

mod answer;
mod cut;
mod evaluations;
mod feed;
mod horizon;
mod ledgers;
mod notice;
mod one_pass;
mod record_evaluation;
mod records;
mod refused;

use std::{num::NonZeroUsize, path::PathBuf};

pub use answer::{ContractAnswer, ContractOutcome, VerdictAwaits};
pub use cut::ContractCut;
pub use ledgers::UnsoundLedger;
pub use notice::ContractNotice;
pub use records::RecordLine;
pub use refused::ContractRefused;

use evaluations::Evaluations;
use feed::{EntryFeed, FedEntry};
use horizon::{ContractHorizon, RecordClock};
use ledgers::{ContractLedger, OpenedLedgers};
use one_pass::OnePassEvaluation;
use record_evaluation::RecordEvaluation;

use crate::{
    contract::{
        document::Contract,
        eval::{Evaluation, EvaluationScope, Hindsight, Sieve},
        finality::Finality,
        settle::Bill,
        verdict::LedgerBasis,
    },
    hash::Hash,
    json::Object,
    ledger::pins::Seen,
    rules::judge::Judge,
    time::Time,
    verify::GivenKey,
};

/// A contract that is to be checked.
#[derive(Clone, Copy)]
pub struct ContractQuestion<'a> {
    /// What it says
    pub contract: &'a Contract,
    /// The record that says it, with its signatures
    pub record: &'a Object,
    /// Up to where the ledgers count
    pub cut: ContractCut,
    /// The machine's clock, by which what is from the future is refused. It decides nothing else
    pub now: Time,
    /// How many threads share the work
    pub threads: NonZeroUsize,
}

impl<'a> ContractQuestion<'a> {
    /// Asks for the verdict on all that the ledgers hold.
    pub fn new(contract: &'a Contract, record: &'a Object, now: Time, threads: NonZeroUsize) -> Self {
        Self { contract, record, cut: ContractCut::None, now, threads }
    }
}

/// The ledgers that a contract is checked against.
#[derive(Clone)]
pub struct LedgersAsked<'a> {
    /// Their folders, published or not, or their URLs
    pub folders: &'a [PathBuf],
    /// The log's key; none where the reader does not know it
    pub key: Option<GivenKey>,
    /// Whether they are trusted instead of verified
    pub trusted: bool,
    /// Whether the proofs are evaluated that were evaluated here before
    pub all: bool,
    /// What was seen of ledgers before
    pub seen: &'a Seen,
}

impl<'a> LedgersAsked<'a> {
    /// Ledgers that are verified, by what was seen before and by the contract's own word.
    pub fn new(folders: &'a [PathBuf], seen: &'a Seen) -> Self {
        Self { folders, key: None, trusted: false, all: false, seen }
    }
}

/// Checks a contract against ledgers: verifies them, and evaluates what they hold.
///
/// # Errors
/// [`ContractRefused`] if there can be no verdict; or a ledger cannot be read or does not belong to the contract.
pub fn check<'a>(
    question: &ContractQuestion<'a>,
    asked: &LedgersAsked<'_>,
    notice: &mut dyn FnMut(ContractNotice),
) -> anyhow::Result<ContractOutcome<'a>> {
    let sieve = Sieve::new(question.contract, false);
    let (ledgers, one_pass) = match ledgers::open(question, asked, &sieve, notice)? {
        OpenedLedgers::All(ledgers, one_pass) => (ledgers, one_pass),
        OpenedLedgers::Unsound(ledger) => return Ok(ContractOutcome::Unsound(ledger)),
    };
    let missing = ledgers::missing(&ledgers, question.contract);
    for id in &missing {
        notice(ContractNotice::LedgerMissing(*id));
    }
    let horizon = ContractHorizon::new(question, &ledgers, &missing)?;
    tell_cut(question, &horizon, notice)?;
    let evaluations = evaluate(question, &ledgers, &sieve, (&horizon, one_pass))?;
    let finality = Finality::of(question.contract, horizon.as_of, &horizon.ends);
    let awaited = awaited(question, &finality, &horizon)?;
    let mut answer = ContractAnswer::new(question, evaluations, finality, awaited)?;
    let unknown = ledgers.iter().filter(|ledger| !ledger.vouched);
    answer.unknown_logs = unknown.map(|ledger| ledger.genesis.log.clone()).collect();
    Ok(ContractOutcome::Answered(Box::new(answer)))
}

/// A verdict as of a time behind the last entry says nothing about what a longer copy may have, and one as of a time
/// before an entry from the future nothing about what that really is.
fn tell_cut(
    question: &ContractQuestion<'_>,
    horizon: &ContractHorizon<'_>,
    notice: &mut dyn FnMut(ContractNotice),
) -> anyhow::Result<()> {
    let ContractCut::AsOf(as_of) = question.cut else { return Ok(()) };
    for open in &horizon.open {
        let (folder, latest) = (open.ledger.folder(), open.latest);
        let first = open.ledger.arrival_among(0, open.ledger.size)?;
        if as_of < first {
            notice(ContractNotice::BeforeFirstEntry { folder: folder.clone(), first });
        }
        if latest < as_of {
            notice(ContractNotice::BehindLastEntry { folder: Some(folder), latest });
        } else if let Some((n, arrival)) = open.first_ahead(question.now)? {
            notice(ContractNotice::EntryAhead { folder: Some(folder), n, arrival });
        }
    }
    Ok(())
}

/// What keeps a verdict on ledgers open, in the contract's order.
fn awaited(
    question: &ContractQuestion<'_>,
    finality: &Finality,
    horizon: &ContractHorizon<'_>,
) -> anyhow::Result<Vec<VerdictAwaits>> {
    let awaits = |id: &Hash| {
        let open = horizon.open.iter().find(|open| open.ledger.id == *id);
        let Some(open) = open else { return Ok(VerdictAwaits::Ledger(*id)) };
        let folder = Some(open.ledger.folder());
        let goes_on = open.latest_until(question.now)? >= question.contract.closed();
        Ok(if goes_on { VerdictAwaits::LaterTime(folder) } else { VerdictAwaits::Entry(folder) })
    };
    finality.why_open.iter().map(awaits).collect()
}

/// Checks a contract against records or entries that are in no ledger. They are trusted.
///
/// # Errors
/// [`ContractRefused`] if there can be no verdict; or a line is neither a record nor an entry.
pub fn check_records<'a>(
    question: &ContractQuestion<'a>,
    lines: &mut dyn Iterator<Item = anyhow::Result<RecordLine>>,
    notice: &mut dyn FnMut(ContractNotice),
) -> anyhow::Result<ContractAnswer<'a>> {
    let contract = question.contract;
    if let Some(device) = contract.needs_registry() {
        return Err(ContractRefused::NoRegistry(device.name.clone()).into());
    }
    notice(ContractNotice::RecordsTrusted);
    let as_of = horizon::asked_of_records(question)?;
    let sieve = Sieve::new(contract, true).keeping_correctable();
    let mut evaluation = RecordEvaluation::new(contract, as_of);
    let otherwise = as_of.unwrap_or(contract.from);
    let mut clock = RecordClock::new(question);
    records::read(lines, &sieve, otherwise, |record, fact| {
        clock.look(record.entry.n, record.arrival);
        evaluation.take(record, fact);
    })?;
    clock.check()?;
    if let Some((n, arrival)) = clock.ahead {
        notice(ContractNotice::EntryAhead { folder: None, n, arrival });
    } else if let Some(latest) = clock.latest.filter(|latest| as_of > Some(*latest)) {
        notice(ContractNotice::BehindLastEntry { folder: None, latest });
    }
    let evaluated = evaluation.finish()?;
    let settlement = Bill::new(contract).settle(&evaluated);
    let finality = Finality::of_records(contract, evaluated.as_of);
    let goes_on = clock.latest >= Some(contract.closed());
    let awaits = if goes_on { VerdictAwaits::LaterTime(None) } else { VerdictAwaits::Entry(None) };
    let awaited = if finality.is_final { Vec::new() } else { vec![awaits] };
    let evaluations = Evaluations { evaluated, settlement, bases: Vec::new() };
    ContractAnswer::new(question, evaluations, finality, awaited)
}

/// Evaluates by what was heard while the only ledger was verified, or by reading the ledgers. Only what arrives very
/// late makes it read everything again.
fn evaluate(
    question: &ContractQuestion<'_>,
    ledgers: &[ContractLedger],
    sieve: &Sieve<'_>,
    (horizon, one_pass): (&ContractHorizon, Option<Box<OnePassEvaluation<'_>>>),
) -> anyhow::Result<Evaluations> {
    let heard =
        one_pass.zip(ledgers.first()).and_then(|(one_pass, ledger)| one_pass.finish(ledger.id, ledger.root));
    let first = match heard {
        Some(heard) => heard,
        None => in_order(question, ledgers, sieve, horizon, &Hindsight::default())?,
    };
    ContractRefused::beyond(&first.evaluated.hindsight)?;
    if first.evaluated.hindsight.is_empty() {
        return Ok(first);
    }
    // What is said about readings stands behind them.
    let sieve = Sieve::new(question.contract, false).with_hindsight(&first.evaluated.hindsight);
    in_order(question, ledgers, &sieve, horizon, &first.evaluated.hindsight)
}

/// Evaluates as the entries come; where something comes too late for that, with all of them at hand.
fn in_order(
    question: &ContractQuestion<'_>,
    ledgers: &[ContractLedger],
    sieve: &Sieve<'_>,
    horizon: &ContractHorizon,
    known: &Hindsight,
) -> anyhow::Result<Evaluations> {
    let ContractQuestion { contract, threads, .. } = *question;
    let (as_of, cut) = (Some(horizon.as_of), horizon.cut);
    for patient in [false, true] {
        let mut evaluation = Evaluation::new(contract, ledgers.len(), EvaluationScope { as_of, patient })
            .with_judges(judges(ledgers))
            .with_ledgers(ledgers.iter().map(|ledger| ledger.id).collect())
            .with_hindsight(known.clone());
        // Where no --as-of or --at cuts the ledgers off, a short copy does: what the others have of acceptances is there all the same.
        let beyond = question.cut == ContractCut::None;
        let feed = EntryFeed { ledgers, sieve, cut, beyond, threads };
        let mut bill = Bill::new(contract);
        let roots = feed.run(|FedEntry { entry, arrival, times, undone, beyond, fact }| {
            if beyond {
                return evaluation.take_acceptance(entry, fact.take());
            }
            evaluation.pass(entry, arrival, times);
            if undone {
                evaluation.undo(entry, arrival);
            }
            evaluation.push(entry, arrival, fact);
            bill.follow(&mut evaluation);
        })?;
        if let Ok(evaluated) = evaluation.finish() {
            let bases = ledgers.iter().zip(&evaluated.sizes).zip(roots);
            let bases = bases.map(|((ledger, size), root)| LedgerBasis { id: ledger.id, size: *size, root });
            let bases = bases.collect();
            let settlement = bill.settle(&evaluated);
            return Ok(Evaluations { evaluated, settlement, bases });
        }
    }
    anyhow::bail!("the readings could not be put in order")
}

/// The ledgers' judges before anything happened.
fn judges(ledgers: &[ContractLedger]) -> Vec<Judge> {
    ledgers.iter().map(|ledger| Judge::new(&ledger.genesis, ledger.id)).collect()
}
