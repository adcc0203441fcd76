//! `foil contract blame`: a contract and ledgers in, every excursion out: in whose hands it happened.

use std::fmt::Write;

use super::contract_check::{self, Judged};
use crate::{
    cli::{
        Example,
        contract::who,
        failure::Outcome,
        term::{Term, escape},
    },
    contract::{
        eval::DeviceRoles,
        excursion_writer,
        standing::{self, Standing},
    },
    json::{Object, Value},
    time::Span,
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
    let Some(judged) = contract_check::judge(&args.asked, term)? else { return Ok(Outcome::Unsound) };
    for excursion in excursion_writer::excursions(&judged.contract, &judged.evaluated) {
        if term.human() {
            term.text(&sentence(&excursion, &judged.evaluated.roles))?;
        } else {
            term.data(&excursion)?;
        }
    }
    let answer = answer(&judged);
    Ok(judged.answer(term, answer))
}

fn answer(judged: &Judged) -> Outcome {
    match standing::of_conditions(&judged.contract, &judged.evaluated).max() {
        None | Some(Standing::Kept) => Outcome::Yes,
        Some(Standing::Breached) => Outcome::No,
        Some(Standing::Pending | Standing::Undetermined) => Outcome::Undecided,
    }
}

/// `cold: … to …: 40m, worst 9.5, breached at …; carrier since …; carrier is responsible`
fn sentence(excursion: &Object, roles: &DeviceRoles) -> String {
    let text = |name| excursion.str(name).map(escape);
    let millis = excursion.get("milliseconds").and_then(Value::as_u64).unwrap_or(0);
    let length = Span::from_millis(i64::try_from(millis).unwrap_or(i64::MAX));
    let start = text("start").unwrap_or_default();
    let end = text("end").unwrap_or_else(|| "now".into());
    let mut out = format!("{}: {start} to {end}: {length}", text("term").unwrap_or_default());
    out.extend(text("extreme").map(|extreme| format!(", worst {extreme}")));
    out += &text("breached_at").map_or(", tolerated".to_owned(), |at| format!(", breached at {at}"));
    for held in excursion.get("custodians").and_then(Value::as_array).unwrap_or_default() {
        let Some(held) = held.as_object() else { continue };
        let (party, from) = (held.str("party").unwrap_or_default(), held.str("from").unwrap_or_default());
        let _ = write!(out, "; {} since {}", who(party, roles), escape(from));
    }
    out.extend(excursion.str("responsible").map(|party| format!("; {} is responsible", who(party, roles))));
    out.push('\n');
    out
}
