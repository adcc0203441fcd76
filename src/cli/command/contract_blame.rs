//! `foil contract blame`: a contract and ledgers in, every excursion out: in whose hands it happened.

use super::contract_check;
use crate::{
    cli::{Example, failure::Outcome, term::Term},
    contract::standing::Standing,
    report::{self, VerdictPage},
};

pub(crate) const EXAMPLES: &[Example] = &[Example {
    does: "who had the goods in hand while they were too warm",
    line: "foil contract blame shipment.json cold-room",
}];

/// Say of every excursion when, how far, how long, and in whose hands
///
/// Verifies and evaluates as `foil contract check` does, and prints one line for each excursion of each term:
/// JSON into a pipe. Hands and roles are what the ledger's registry says of devices known by a registry id. The
/// answer is that no excursion breaches a term and none will (0), that one does (1), could not check (2), that one
/// still could or that is unknown, or nobody outside vouches for a ledger (3), or: a ledger is not sound (4). Of each
/// term the first fifty are listed.
#[derive(clap::Args)]
#[group(skip)]
pub(crate) struct Args {
    #[command(flatten)]
    asked: contract_check::Args,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let (file, contract) = contract_check::load(&args.asked)?;
    let Some(answer) = contract_check::ask(&args.asked, &file, &contract, term)? else {
        return Ok(Outcome::Unsound);
    };
    let page = VerdictPage::new(&contract, &file.record, &answer.evaluated, term.zone());
    contract_check::tell_doubts(&page, term);
    let excursions = answer.excursions();
    if let (true, Some(worst)) = (excursions.is_empty(), answer.worst_condition()) {
        term.say(format!("no excursion, as far as readings go; the terms with a condition are: {worst}"));
    }
    for excursion in excursions {
        if term.human() {
            term.text(&report::excursion(&page, &excursion))?;
        } else {
            term.data(&excursion)?;
        }
    }
    let outcome = match answer.worst_condition() {
        None => Outcome::Yes,
        Some(Standing::Kept) if answer.verdict.is_final => Outcome::Yes,
        Some(Standing::Breached) => Outcome::No,
        Some(Standing::Kept | Standing::Pending | Standing::Undetermined) => Outcome::Undecided,
    };
    Ok(contract_check::if_vouched(&answer, outcome, term))
}
