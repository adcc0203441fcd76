//! Problems of a contract that says what its authors can hardly have meant.
//!
//! A warning does not keep a contract from being one: conditions that can never hold or never break, limits
//! that no period can exceed, money without bound, values that are silent most of the time.

mod counters;
mod reach;
mod units;
mod unmeant;

use super::{
    document::{Contract, ContractDevice, ContractTerm, Payee, TermLimit, TermRule},
    expr::ValueType,
    problem::{Problem, ProblemPlace},
    silence,
};
use crate::{decimal::Decimal, time::Span, toml_file::member};

/// All warnings about a contract, and errors about what it cannot be signed with.
pub fn lint(contract: &Contract) -> Vec<Problem> {
    let mut problems = unsignable(contract);
    for (at, term) in contract.terms.iter().enumerate() {
        lint_term(contract, term, &format!("terms[{at}]"), &mut problems);
    }
    lint_hold(contract, &mut problems);
    lint_money(contract, &mut problems);
    lint_devices(contract, &mut problems);
    counters::lint(contract, &mut problems);
    if contract.ledgers.is_empty() {
        let message = "no ledger is named (ledgers = [\"…\"]): somebody outside must then vouch for the one that is shown";
        problems.push(Problem::warning(ProblemPlace::Bytes(0..0), message));
    }
    if contract.terms.is_empty() {
        problems.push(Problem::warning(
            ProblemPlace::Bytes(0..0),
            "no term ([[terms]]): the contract demands nothing",
        ));
    }
    lint_parties(contract, &mut problems);
    problems
}

/// Errors of contracts that could be judged, and are not to be signed.
pub fn unsignable(contract: &Contract) -> Vec<Problem> {
    let mut problems = silence::unpaid(contract);
    problems.extend(shared_keys(contract));
    problems.extend(unmeant::problems(contract));
    problems
}

/// A party whose signature is that of another one, too, is no second party.
fn shared_keys(contract: &Contract) -> impl Iterator<Item = Problem> {
    contract.parties.iter().enumerate().filter_map(|(at, party)| {
        let other = contract.parties[..at].iter().find(|other| other.key == party.key)?;
        let message =
            format!("{} has the key of {}: one signature would accept for both", party.id, other.id);
        Some(Problem::error(ProblemPlace::Value(format!("parties.{}.key", party.id), None), message))
    })
}

fn lint_term(contract: &Contract, term: &ContractTerm, path: &str, problems: &mut Vec<Problem>) {
    let warn = |name: &str, message: String| {
        Problem::warning(ProblemPlace::Value(member(path, name), None), message)
    };
    let period = contract.to - contract.from;
    match &term.rule {
        TermRule::Require { device, condition, limit, inclusive, .. } => {
            let (code, fields) = (condition.code(), contract.devices[*device].names());
            let findings =
                if reach::is_never(code, &fields) { Vec::new() } else { reach::findings(code, &fields) };
            problems.extend(findings.into_iter().map(|message| warn("require", message)));
            let longest = match limit {
                TermLimit::LongerThan(most) => Some(("tolerate.longer_than", *most)),
                TermLimit::Total(most) | TermLimit::Within(most, _) => Some(("tolerate.total", *most)),
                // A window is clipped to the period, however long it is.
                TermLimit::None | TermLimit::Count(_) | TermLimit::Percent(..) => None,
            };
            let is_out_of_reach = |most: Span| if *inclusive { most > period } else { most >= period };
            if let TermLimit::Within(most, window) = limit
                && (most > window || most == window && !inclusive)
            {
                let message =
                    format!("{most} is not shorter than the window of {window}: this can never breach");
                problems.push(warn("tolerate.within", message));
            }
            if let TermLimit::Percent(percent, _) = limit
                && Decimal::new(100, 0) == Some(*percent)
            {
                problems
                    .push(warn("tolerate.percent", "all of each window: this can never breach".to_owned()));
            }
            if let Some((name, most)) = longest.filter(|(_, most)| is_out_of_reach(*most)) {
                problems.push(warn(
                    name,
                    format!("{most} is not shorter than the period of {period}: this can never breach"),
                ));
            }
        }
        TermRule::Every { every, grace, misses, .. } => {
            let possible = (period.millis() - grace.millis() - 1).max(0) / every.millis().max(1);
            if possible.unsigned_abs() <= *misses {
                let message = format!(
                    "at most {possible} readings can be missing in the period of {period}: this can never breach"
                );
                problems.push(warn("every", message));
            }
        }
        TermRule::Event { before: Some(before), .. } if *before <= contract.from => {
            problems.push(warn("before", "before the period begins".to_owned()));
        }
        TermRule::Measure { .. } | TermRule::Event { .. } => {}
    }
    if term.during_work && contract.calendar.is_some() && contract.working_time().is_empty() {
        problems.push(warn("during", "no time of the period is worked: the term demands nothing".to_owned()));
    }
}

/// Between two readings on time the value must not fall silent, nor when one reading is lost.
fn lint_hold(contract: &Contract, problems: &mut Vec<Problem>) {
    let Some(hold) = contract.time.hold else { return };
    let required = |device: usize| {
        contract
            .terms
            .iter()
            .any(|term| matches!(&term.rule, TermRule::Require { device: on, .. } if *on == device))
    };
    for term in &contract.terms {
        if let TermRule::Every { device, every, .. } = &term.rule
            && required(*device)
            && hold.millis() < every.millis().saturating_mul(2)
        {
            let message = format!(
                "{hold} is under twice the cadence of {} ({every}): one lost reading makes the state unknown",
                contract.devices[*device].name
            );
            problems.push(Problem::warning(ProblemPlace::Value("time.hold".to_owned(), None), message));
        }
    }
}

fn lint_money(contract: &Contract, problems: &mut Vec<Problem>) {
    let capped = |from: &Payee, to: &Payee| {
        contract.caps.iter().any(|cap| (Payee::Party(cap.from), Payee::Party(cap.to)) == (*from, *to))
    };
    for (at, payment) in contract.payments.iter().enumerate() {
        // What is the same whatever happens, and paid once, is its own bound.
        let is_fixed = payment.each.is_none() && !payment.amount.code.any(&|_| true);
        if payment.cap.is_none() && !is_fixed && !capped(&payment.from, &payment.to) {
            let message = format!("{} has no cap: what could it come to?", payment.id);
            problems
                .push(Problem::warning(ProblemPlace::Value(format!("payments[{at}].amount"), None), message));
        }
    }
}

fn lint_devices(contract: &Contract, problems: &mut Vec<Problem>) {
    for (at, device) in contract.devices.iter().enumerate() {
        let spoken_of = contract.terms.iter().any(|term| match &term.rule {
            TermRule::Require { device, .. } | TermRule::Every { device, .. } => *device == at,
            TermRule::Measure { condition, .. } => {
                condition.measures.iter().any(|measure| measure.device == at)
            }
            TermRule::Event { .. } => false,
        });
        // A payment may measure it: what a payment reads is not looked up here.
        if !spoken_of && contract.payments.is_empty() {
            let message = format!("no term is on {}", device.name);
            problems.push(Problem::warning(ProblemPlace::Key(format!("devices.{}", device.name)), message));
        }
        lint_units(device, problems);
    }
}

fn lint_units(device: &ContractDevice, problems: &mut Vec<Problem>) {
    for field in device.fields.iter().filter(|field| field.ty == ValueType::Number) {
        let Some(unit) = &field.unit else { continue };
        let message = if units::is_known(unit) {
            units::mistaken(unit).map(|other| format!("{unit:?} is {other}"))
        } else {
            let meant = units::meant(unit).map(|known| format!(" (perhaps {known:?})")).unwrap_or_default();
            Some(format!(
                "{unit:?} is no unit of SenML (RFC 8428){meant}: readings must say exactly the same"
            ))
        };
        if let Some(message) = message {
            let path = format!("devices.{}.fields.{}", device.name, field.name);
            problems.push(Problem::warning(ProblemPlace::Value(path, None), message));
        }
    }
}

fn lint_parties(contract: &Contract, problems: &mut Vec<Problem>) {
    if let [only] = contract.parties.as_slice() {
        let message = format!("{} is the only party: who is it a contract with?", only.id);
        problems.push(Problem::warning(ProblemPlace::Key(format!("parties.{}", only.id)), message));
    }
}
