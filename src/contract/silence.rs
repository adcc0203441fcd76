//! What it costs to pull the plug: where unknown time does not count, a device that falls silent in an excursion stops
//! what is paid for it. So a payment must ask for the silence, or the parties accept it.

use super::{
    document::{Contract, ContractTerm, GapRule, TermRule},
    expr::AmountLeaf,
    problem::{Problem, ProblemPlace},
};
use crate::toml_file::member;

/// An error for each term whose device can fall silent at no cost. Parties do not sign such a contract unless it says
/// that they know.
pub fn unpaid(contract: &Contract) -> Vec<Problem> {
    let terms = contract.terms.iter().enumerate();
    terms.filter_map(|(at, term)| unpaid_term(contract, term, &format!("terms[{at}]"))).collect()
}

fn unpaid_term(contract: &Contract, term: &ContractTerm, path: &str) -> Option<Problem> {
    let TermRule::Require { device, gap, .. } = term.rule else { return None };
    if gap == GapRule::Hold || contract.time.silence_accepted || is_paid_for(contract, device) {
        return None;
    }
    let name = &contract.devices[device].name;
    let message = format!(
        "unknown time does not count here, and when {name} falls silent nobody pays: gap = \"hold\" counts it, a \
         payment by misses(…) of an `every` term on {name} makes silence dear, or [time] silence = \"accepted\" says \
         that both know"
    );
    Some(Problem::error(ProblemPlace::Value(member(path, "require"), None), message))
}

/// Whether some payment asks how many readings of the device are missing, or whether too many are.
fn is_paid_for(contract: &Contract, device: usize) -> bool {
    // Those that can be silent without a consequence must be so few that the others still agree.
    if let Some(group) = &contract.devices[device].group {
        let paid = group.members.iter().filter(|member| is_paid_for(contract, member.device));
        return paid.count() >= group.agree;
    }
    let is_cadence =
        |term: usize| matches!(contract.terms[term].rule, TermRule::Every { device: on, .. } if on == device);
    let asks = |leaf: &AmountLeaf| matches!(leaf, AmountLeaf::Misses(term) | AmountLeaf::Breached(term) if is_cadence(*term));
    contract.payments.iter().any(|payment| {
        payment.when.iter().chain([&payment.amount]).any(|expression| expression.code.any(&asks))
    })
}
