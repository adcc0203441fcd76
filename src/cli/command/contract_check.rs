//! `foil contract check`: a contract and ledgers in, the verdict out.

mod words;

use std::path::PathBuf;

use clap_complete::engine::ArgValueCompleter;

use crate::{
    audit::{
        contract as audit,
        contract::{
            ContractAnswer, ContractCut, ContractOutcome, ContractQuestion, LedgersAsked, RecordLine,
        },
    },
    cli::{
        Example, contract,
        failure::{Hint, Outcome},
        io::{InputLines, Line},
        keys, ledger,
        moment::{self, MeantBy, PastMoment},
        notice, paste,
        term::Term,
    },
    contract::{
        document::{Contract, ContractDevice},
        file::ContractFile,
        standing::Standing,
    },
    machine,
    report::{self, VerdictPage},
};

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
/// could not check (2: also when a party has not accepted, or an amendment is not in force), pending or undetermined (3), or: a ledger is not sound (4). A ledger that the contract names
/// is vouched for by it, in this verdict only; one that nobody outside vouches for ends with 3.
///
/// The verdict is as of the earliest of the ledgers' last arrivals, so an old copy decides nothing; it is final once each of
/// them has an entry from after the period and its late readings, and says which one it waits for. What would rest on an
/// entry from this machine's future is refused (2).
///
/// For people the verdict begins with what was not used, and why: what repeats is one line, with how often and the
/// first entry. Then come the parties, each term in words with how far it is from breaking, what is paid, and when the
/// verdict becomes final. Times are local: in the contract's zone, or in the reader's where it names none.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The contract, as TOML or as signed JSON
    #[arg(value_hint = clap::ValueHint::FilePath)]
    file: PathBuf,

    /// Ledgers: folders, published folders or URLs (@, or none, stands for `$FOIL_LEDGER`); or - for records or entries on
    /// standard input
    #[arg(value_name = "LEDGER", required = true, value_hint = clap::ValueHint::DirPath)]
    ledgers: Vec<PathBuf>,

    /// Evaluate also what not all parties have accepted
    #[arg(long)]
    draft: bool,

    /// Judge as of this time, also one behind the last entry; entries that arrived later do not exist. A date is its first
    /// instant, 1h is an hour ago, and now is now
    #[arg(long, value_name = "TIME", value_parser = moment::past)]
    as_of: Option<PastMoment>,

    /// Judge by the entries before this one, of one ledger: by the first N, as `foil chain cat` counts 0..N
    #[arg(long, value_name = "N", conflicts_with = "as_of")]
    at: Option<u64>,

    /// Trust the ledgers instead of verifying them
    #[arg(long)]
    no_verify: bool,

    /// Check all signatures of the ledgers' records, those too that were checked here before
    #[arg(long, conflicts_with = "no_verify")]
    all: bool,

    /// The log's key, where the contract names no ledger: a vkey, a DID, a file, or a contact
    #[arg(long, value_name = "KEY", conflicts_with = "no_verify", add = ArgValueCompleter::new(keys::complete_public))]
    key: Option<String>,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let (file, contract) = load(args)?;
    call_parties(&contract, term);
    let Some(answer) = ask(args, &file, &contract, term)? else { return Ok(Outcome::Unsound) };
    let verdict = &answer.verdict;
    term.detail(format!("the contract's hash is {}", contract.hash));
    let page = VerdictPage::new(&contract, &file.record, &answer.evaluated, term.zone());
    if term.human() {
        let page = page.open_until(words::open_until(&answer)).unaccepted_by(answer.missing.clone());
        let page = page.trusting(unverified(args, &answer));
        term.tell(&report::verdict(&page, verdict))?;
    } else {
        tell_doubts(&page, term);
        term.data(&verdict.record)?;
    }
    let outcome = match verdict.standing {
        Standing::Breached => Outcome::No,
        Standing::Kept if verdict.is_final => Outcome::Yes,
        Standing::Kept | Standing::Pending | Standing::Undetermined => Outcome::Undecided,
    };
    Ok(if_vouched(&answer, outcome, term))
}

/// Whose key is a party's is told wherever it stands.
pub(super) fn call_parties(contract: &Contract, term: &mut Term) {
    for party in &contract.parties {
        term.call(&party.key.did(), &format!("the party {}", party.id));
    }
}

/// What a page must say of itself once it is on paper, without the warnings of the terminal.
fn unverified(args: &Args, answer: &ContractAnswer<'_>) -> Vec<String> {
    let log = |log| format!("not vouched for: nobody outside stands for the log key {log}");
    let mut lines: Vec<String> = answer.unknown_logs.iter().map(log).collect();
    if reads_input(args) {
        lines.push("not verified: the records came from standard input, and were trusted".to_owned());
    } else if args.no_verify {
        lines.push("not verified: the ledgers were trusted, as --no-verify asked".to_owned());
    }
    lines
}

/// Tells what was not used, where the data says it to programs only.
pub(super) fn tell_doubts(page: &VerdictPage<'_>, term: &mut Term) {
    for line in report::doubts(page) {
        term.say(line);
    }
}

/// An answer is one only if the ledgers are vouched for.
pub(super) fn if_vouched(answer: &ContractAnswer<'_>, outcome: Outcome, term: &mut Term) -> Outcome {
    if answer.unknown_logs.is_empty() {
        return outcome;
    }
    term.warn("the ledger is consistent in itself, but nobody outside vouches for it");
    for log in &answer.unknown_logs {
        notice::unknown_log(log, term);
    }
    term.hint("name its id in the contract's ledgers, or give the log's key with --key");
    Outcome::Undecided
}

/// Reads the contract.
pub(super) fn load(args: &Args) -> anyhow::Result<(ContractFile, Contract)> {
    let input = reads_input(args);
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
    refuse_swapped(args)?;
    contract::load(&args.file)
}

/// The contract comes first, and then the ledgers: a folder in its place was meant as one of those.
fn refuse_swapped(args: &Args) -> anyhow::Result<()> {
    let (file, first) = (args.file.display(), args.ledgers.first().filter(|path| path.is_file()));
    if let Some(path) = first.filter(|_| args.file.is_dir()) {
        let contract = path.display();
        return Err(anyhow::anyhow!("{file}: is a folder, and {contract} a file: the contract comes first"))
            .hint(format!("foil contract check {} {}", paste::path(path), paste::path(&args.file)));
    }
    Ok(())
}

fn reads_input(args: &Args) -> bool {
    args.ledgers.iter().any(|path| path.as_os_str() == "-")
}

/// Verifies and evaluates; none if a ledger is not sound, which has been said.
pub(super) fn ask<'a>(
    args: &Args,
    file: &'a ContractFile,
    contract: &'a Contract,
    term: &mut Term,
) -> anyhow::Result<Option<ContractAnswer<'a>>> {
    let cut = match (args.as_of, args.at) {
        (Some(as_of), _) => ContractCut::AsOf(as_of.start(&MeantBy::here(term))?),
        (_, Some(size)) => ContractCut::At(size),
        _ => ContractCut::None,
    };
    let threads = ledger::threads().try_into()?;
    let question = ContractQuestion { contract, record: &file.record, cut, now: machine::wall(), threads };
    let answer = if reads_input(args) {
        let mut lines = InputLines::open(None)?;
        let lines = std::iter::from_fn(move || lines.next().transpose());
        let mut lines = lines.map(|line| line.map(|Line { number, text }| RecordLine { number, text }));
        let answer = audit::check_records(&question, &mut lines, &mut |noticed| words::tell(&noticed, term));
        answer.map_err(|why| words::refused(args, why))?
    } else {
        match ask_ledgers(args, &question, term).map_err(|why| words::refused(args, why))? {
            ContractOutcome::Answered(answer) => *answer,
            ContractOutcome::Unsound(ledger) => {
                words::unsound(&ledger, term);
                return Ok(None);
            }
        }
    };
    for ContractDevice { name, id, .. } in answer.unknown_devices() {
        term.warn(format!("devices.{name}: no ledger given has a device {id} in its registry"));
    }
    for unknown in &answer.unknown_proofs {
        term.warn(format!("{}: {unknown}, and counts as nobody's", args.file.display()));
    }
    must_be_accepted(args, &answer, term)?;
    Ok(Some(answer))
}

fn ask_ledgers<'a>(
    args: &Args,
    question: &ContractQuestion<'a>,
    term: &mut Term,
) -> anyhow::Result<ContractOutcome<'a>> {
    let folders =
        args.ledgers.iter().map(|path| ledger::resolve(path)).collect::<anyhow::Result<Vec<_>>>()?;
    let asked = LedgersAsked {
        folders: &folders,
        key: args.key.as_deref().map(super::verify::given).transpose()?,
        trusted: args.no_verify,
        all: args.all,
        seen: &ledger::seen(),
    };
    audit::check(question, &asked, &mut |noticed| words::tell(&noticed, term))
}

/// What not all parties have accepted, or is not in force, is evaluated as a draft only.
fn must_be_accepted(args: &Args, answer: &ContractAnswer<'_>, term: &mut Term) -> anyhow::Result<()> {
    let compile =
        format!("foil contract compile {} | foil sign -k KEY for each party", paste::path(&args.file));
    let (sentence, hint) = match &answer.evaluated.not_in_force {
        _ if !answer.missing.is_empty() => {
            (format!("not accepted by {}", answer.missing.join(", ")), compile)
        }
        Some(fault) => {
            let hint = "foil chain append both contracts, signed by all, to the ledgers that they name";
            (format!("an amendment that is not in force: {fault}"), hint.to_owned())
        }
        None => return Ok(()),
    };
    if args.draft {
        term.warn(format!("a draft: {sentence}"));
        return Ok(());
    }
    let error = anyhow::anyhow!("{}: {sentence}", args.file.display());
    Err(error).hint(format!("{hint}; --draft evaluates it anyway"))
}
