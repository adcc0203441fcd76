//! `foil contract check`: a contract and ledgers in, the verdict out.

mod feed;
mod input;
mod ledgers;
mod show;

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap_complete::engine::ArgValueCompleter;

use crate::{
    cli::{
        Example, contract as file,
        failure::{Hint, Outcome},
        keys, ledger, moment,
        term::Term,
    },
    contract::{
        document::{Contract, ContractDevice},
        eval::{Doubts, Evaluated, Evaluation, EvaluationScope, Sieve},
        settle::{Bill, Settlement},
        standing::Standing,
        verdict::{ContractVerdict, LedgerBasis},
    },
    json::Object,
    key::Did,
    record::signed::Verifier,
    rules::judge::Judge,
    time::Time,
};

use feed::{Cut, Feed};
use ledgers::Ledger;

pub(crate) const EXAMPLES: &[Example] = &[
    Example { does: "the verdict on a signed contract", line: "foil contract check shipment.json cold-room" },
    Example {
        does: "what a draft would say about last week",
        line: "foil contract check shipment.toml cold-room --draft",
    },
    Example {
        does: "readings that are in no ledger yet",
        line: "foil device read sim:cold-room --count 3 | foil contract check shipment.toml - --draft",
    },
];

/// Check a contract against ledgers: kept, breached, pending or undetermined
///
/// Verifies the ledgers, evaluates every term, and prints the verdict: one line, the same for every party
/// that has the same contract and the same entries. The answer is kept and final (0), breached (1),
/// could not check (2: also when a party has not accepted, or the contract says what this version does not
/// evaluate), pending or undetermined (3), or: a ledger is not sound (4). A ledger that the contract names
/// is vouched for by it, in this verdict only; one that nobody outside vouches for ends with 3.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The contract, as TOML or as signed JSON
    #[arg(value_hint = clap::ValueHint::FilePath)]
    file: PathBuf,

    /// Ledgers' folders (@ stands for `$FOIL_LEDGER`), or - for records or entries on standard input
    #[arg(value_name = "LEDGER", required = true, value_hint = clap::ValueHint::DirPath)]
    ledgers: Vec<PathBuf>,

    /// Evaluate also what not all parties have accepted
    #[arg(long)]
    draft: bool,

    /// Judge as of this time; entries received later do not exist
    #[arg(long, value_name = "TIME", value_parser = moment::parse_time)]
    as_of: Option<Time>,

    /// Judge by the entries before this one, of one ledger: by the first N, as `foil chain cat` counts 0..N
    #[arg(long, value_name = "N", conflicts_with = "as_of")]
    at: Option<u64>,

    /// Trust the ledgers instead of verifying them
    #[arg(long)]
    no_verify: bool,

    /// The log's key, where the contract names no ledger: a vkey, a DID, a file, or a contact
    #[arg(long, value_name = "KEY", conflicts_with = "no_verify", add = ArgValueCompleter::new(keys::complete_public))]
    key: Option<String>,
}

/// A contract, and what the entries come to under it.
pub(super) struct Judged {
    pub(super) contract: Contract,
    pub(super) evaluated: Evaluated,
    pub(super) verdict: ContractVerdict,
    /// Whether somebody outside stands for the ledgers
    vouched: bool,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let Some(judged) = judge(args, term)? else { return Ok(Outcome::Unsound) };
    let Judged { contract, verdict, .. } = &judged;
    term.detail(format!("the contract's hash is {}", contract.hash));
    if term.human() {
        term.text(&show::verdict(contract, verdict, &judged.evaluated.roles))?;
    } else {
        term.data(&verdict.record)?;
    }
    Ok(judged.answer(
        term,
        match verdict.standing {
            Standing::Breached => Outcome::No,
            Standing::Kept if verdict.is_final => Outcome::Yes,
            Standing::Kept | Standing::Pending | Standing::Undetermined => Outcome::Undecided,
        },
    ))
}

impl Judged {
    /// An answer is one only if somebody vouches for the ledgers.
    pub(super) fn answer(&self, term: &mut Term, answer: Outcome) -> Outcome {
        if self.vouched {
            return answer;
        }
        term.warn("the ledger is consistent in itself, but nobody outside vouches for it");
        term.hint("name its id in the contract's ledgers, or give the log's key with --key");
        Outcome::Undecided
    }
}

/// Reads, verifies and evaluates; none if a ledger is not sound, which has been said.
pub(super) fn judge(args: &Args, term: &mut Term) -> anyhow::Result<Option<Judged>> {
    let input = args.ledgers.iter().any(|path| path.as_os_str() == "-");
    anyhow::ensure!(
        !input || args.file.as_os_str() != "-",
        "the contract and the records both want standard input"
    );
    anyhow::ensure!(
        !input || args.ledgers.len() == 1,
        "- stands alone: records from standard input belong to no ledger"
    );
    anyhow::ensure!(
        args.at.is_none() || (args.ledgers.len() == 1 && !input),
        "--at counts the entries of one ledger"
    );
    let (source, contract) = file::load(&args.file)?;
    refuse_unevaluated(&args.file, &contract)?;
    if input {
        refuse_registry(&args.file, &contract)?;
        term.warn("what comes from standard input is trusted, not verified");
        return check(args, contract, &source.record, &[], true, term).map(Some);
    }
    let ledgers = ledgers::open(args, &contract, term)?;
    let Some(ledgers) = ledgers else { return Ok(None) };
    let vouched = args.no_verify || ledgers.iter().all(|ledger| ledger.vouched);
    check(args, contract, &source.record, &ledgers, vouched, term).map(Some)
}

/// What the contract says and this version does not evaluate is named, never passed over.
fn refuse_unevaluated(path: &Path, contract: &Contract) -> anyhow::Result<()> {
    contract.refused().map_or(Ok(()), |refused| Err(anyhow::anyhow!("{}: {refused}", path.display())))
}

/// A registry is a ledger's: records from a pipe have none that says who speaks for whom.
fn refuse_registry(path: &Path, contract: &Contract) -> anyhow::Result<()> {
    let Some(device) = contract.needs_registry() else { return Ok(()) };
    let (path, name) = (path.display(), &device.name);
    Err(anyhow::anyhow!("{path}: devices.{name}: records from standard input come with no registry"))
        .hint("give the ledger, or name keys with signed_by, and a party as responsible")
}

/// A device that nobody enrolled never speaks: an id that was mistyped looks like silence.
fn warn_of_unknown(contract: &Contract, evaluated: &Evaluated, term: &mut Term) {
    for at in evaluated.roles.unknown() {
        let ContractDevice { name, id, .. } = &contract.devices[at];
        term.warn(format!("devices.{name}: no ledger given has a device {id} in its registry"));
    }
}

fn check(
    args: &Args,
    contract: Contract,
    record: &Object,
    ledgers: &[Ledger],
    vouched: bool,
    term: &mut Term,
) -> anyhow::Result<Judged> {
    let (evaluated, settled, bases) = evaluate(args, &contract, ledgers)?;
    warn_of_unknown(&contract, &evaluated, term);
    let accepted = acceptance(args, &contract, record, &evaluated, term)?;
    let verdict = ContractVerdict::new(&contract, &evaluated, &settled, &bases, &accepted);
    Ok(Judged { contract, evaluated, verdict, vouched })
}

/// Evaluates in one pass where that is enough: only what arrives very late makes it read everything again.
fn evaluate(
    args: &Args,
    contract: &Contract,
    ledgers: &[Ledger],
) -> anyhow::Result<(Evaluated, Settlement, Vec<LedgerBasis>)> {
    let cut = match (args.as_of, args.at) {
        (Some(as_of), _) => Cut::AsOf(as_of),
        (_, Some(size)) => Cut::At(size),
        _ => Cut::None,
    };
    let as_of = match (args.at, ledgers) {
        (Some(size), [ledger]) => Some(ledger.received(size)?),
        _ => args.as_of,
    };
    let sieve = Sieve::new(contract, ledgers.is_empty());
    if ledgers.is_empty() {
        let mut evaluation = Evaluation::new(contract, 0, EvaluationScope { as_of, patient: true });
        let otherwise = as_of.unwrap_or(contract.from);
        input::read(&sieve, otherwise, |entry, received, fact| evaluation.push(entry, received, fact))?;
        let evaluated = evaluation.finish()?;
        let settled = Bill::new(contract).settle(&evaluated);
        return Ok((evaluated, settled, Vec::new()));
    }
    // A revocation that casts doubt on readings stands behind them.
    let judged = in_order(contract, ledgers, &sieve, cut, as_of, &Doubts::default())?;
    if judged.0.doubts.is_empty() {
        return Ok(judged);
    }
    in_order(contract, ledgers, &sieve, cut, as_of, &judged.0.doubts)
}

/// Evaluates as the entries come; where something comes too late for that, with all of them at hand.
fn in_order(
    contract: &Contract,
    ledgers: &[Ledger],
    sieve: &Sieve<'_>,
    cut: Cut,
    as_of: Option<Time>,
    doubts: &Doubts,
) -> anyhow::Result<(Evaluated, Settlement, Vec<LedgerBasis>)> {
    for patient in [false, true] {
        let mut evaluation = Evaluation::new(contract, ledgers.len(), EvaluationScope { as_of, patient })
            .with_judges(judges(contract, ledgers))
            .with_doubts(doubts.clone());
        let feed = Feed { ledgers, sieve, cut, threads: ledger::threads() };
        let mut bill = Bill::new(contract);
        let roots = feed.run(|entry, received, fact| {
            evaluation.push(entry, received, fact);
            bill.follow(&mut evaluation);
        })?;
        if let Ok(evaluated) = evaluation.finish() {
            let bases = ledgers.iter().zip(&evaluated.sizes).zip(roots);
            let bases = bases.map(|((ledger, size), root)| LedgerBasis { id: ledger.id, size: *size, root });
            let bases = bases.collect();
            let settled = bill.settle(&evaluated);
            return Ok((evaluated, settled, bases));
        }
    }
    anyhow::bail!("the readings could not be put in order")
}

/// The ledgers' judges before anything happened, if the contract asks who is who.
fn judges(contract: &Contract, ledgers: &[Ledger]) -> Vec<Judge> {
    let asked = ledgers.iter().filter(|_| contract.follows_registry());
    asked.map(|ledger| Judge::new(&ledger.genesis, ledger.id)).collect()
}

/// Who has accepted: by a proof on the contract, or by an `accept` record in a ledger.
fn acceptance(
    args: &Args,
    contract: &Contract,
    record: &Object,
    evaluated: &Evaluated,
    term: &mut Term,
) -> anyhow::Result<Vec<bool>> {
    let signers = Verifier::new().signers(record, evaluated.as_of);
    let signers = signers.with_context(|| args.file.display().to_string())?;
    let mut accepted = evaluated.accepted.clone();
    let signers: Vec<Did> = signers.iter().map(Did::from).collect();
    for party in contract.parties_of(&signers) {
        accepted[party] = true;
    }
    let missing: Vec<_> = contract
        .parties
        .iter()
        .zip(&accepted)
        .filter(|(_, yes)| !**yes)
        .map(|(party, _)| party.id.as_str())
        .collect();
    if missing.is_empty() {
        return Ok(accepted);
    }
    let sentence = format!("not accepted by {}", missing.join(", "));
    if args.draft {
        term.warn(format!("a draft: {sentence}"));
        return Ok(accepted);
    }
    let file = args.file.display();
    Err(anyhow::anyhow!("{file}: {sentence}")).hint(format!(
        "foil contract compile {file} | foil sign -k KEY for each party; --draft evaluates it anyway"
    ))
}
