//! `foil contract blame`: a contract and ledgers in, every excursion out: in whose hands it happened.

use clap_complete::engine::ArgValueCompleter;

use super::contract_check;
use crate::{
    audit::contract::ContractAnswer,
    cli::{
        Example, complete,
        failure::{Hint, Outcome},
        paste,
        term::Term,
    },
    contract::{document::Contract, standing::Standing},
    json::{Object, Value},
    report::{self, VerdictPage},
};

pub(crate) const EXAMPLES: &[Example] = &[
    Example {
        does: "who had the goods in hand while they were too warm",
        line: "foil contract blame shipment.json cold-room",
    },
    Example { does: "the same of one term", line: "foil contract blame shipment.json cold-room --term cold" },
];

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

    /// Only the excursions of this term, and the answer as far as it goes; repeatable
    #[arg(long = "term", value_name = "TERM", add = ArgValueCompleter::new(complete::terms))]
    terms: Vec<String>,
}

impl Args {
    fn asks_for(&self, term: &str) -> bool {
        self.terms.is_empty() || self.terms.iter().any(|asked| asked == term)
    }

    /// Refuses a term that the contract does not have: it would never be breached.
    fn refuse_unknown_terms(&self, contract: &Contract) -> anyhow::Result<()> {
        let ids = || contract.terms.iter().map(|term| term.id.as_str());
        let Some(unknown) = self.terms.iter().find(|asked| ids().all(|id| id != *asked)) else {
            return Ok(());
        };
        let all = format!("there are {}", ids().collect::<Vec<_>>().join(", "));
        Err(anyhow::anyhow!("--term {unknown}: the contract has no such term"))
            .hint(paste::did_you_mean(unknown, ids()).unwrap_or(all))
    }
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let (file, contract) = contract_check::load(&args.asked)?;
    args.refuse_unknown_terms(&contract)?;
    contract_check::call_parties(&contract, term);
    let Some(answer) = contract_check::ask(&args.asked, &file, &contract, term)? else {
        return Ok(Outcome::Unsound);
    };
    let page = VerdictPage::new(&contract, &file.record, &answer.evaluated, term.zone());
    contract_check::tell_doubts(&page, term);
    let mut excursions = answer.excursions();
    excursions.retain(|excursion| excursion.str("term").is_some_and(|term| args.asks_for(term)));
    let worst = answer.worst_condition(|term| args.asks_for(term));
    if let (true, Some(worst)) = (excursions.is_empty(), worst) {
        term.say(format!("no excursion, as far as readings go; the terms with a condition are: {worst}"));
    }
    say_unlisted(args, &answer, &excursions, term);
    for excursion in excursions {
        if term.human() {
            term.tell(&report::excursion(&page, &excursion))?;
        } else {
            term.data(&excursion)?;
        }
    }
    let outcome = match worst {
        None => Outcome::Yes,
        Some(Standing::Kept) if answer.verdict.is_final => Outcome::Yes,
        Some(Standing::Breached) => Outcome::No,
        Some(Standing::Kept | Standing::Pending | Standing::Undetermined) => Outcome::Undecided,
    };
    Ok(contract_check::if_vouched(&answer, outcome, term))
}

/// Says how many excursions of each term are not listed.
fn say_unlisted(args: &Args, answer: &ContractAnswer<'_>, listed: &[Object], term: &mut Term) {
    let terms = answer.verdict.record.get("terms").and_then(Value::as_array).unwrap_or_default();
    for of in terms.iter().filter_map(Value::as_object) {
        let (id, total) = (of.str("id").unwrap_or_default(), of.get("excursions_total"));
        let listed = listed.iter().filter(|excursion| excursion.str("term") == Some(id)).count() as u64;
        let more = total.and_then(Value::as_u64).unwrap_or(0).saturating_sub(listed);
        if more > 0 && args.asks_for(id) {
            term.say(format!("{id}: {more} more excursions are not listed"));
        }
    }
}
