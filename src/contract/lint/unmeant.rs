//! Terms and payments that nobody can have meant: whoever signs them owes from the first reading on, or is never paid.

use super::reach;
use crate::{
    contract::{
        document::{Contract, Payee, Payment, TermRule},
        expr::{Amount, AmountLeaf, ExpressionValue, LeafValues, evaluate},
        problem::{Problem, ProblemPlace},
    },
    decimal::Decimal,
};

/// An error for each of them.
pub(super) fn problems(contract: &Contract) -> Vec<Problem> {
    let error = |place: String, message: String| Problem::error(ProblemPlace::Value(place, None), message);
    let mut problems = Vec::new();
    for (at, term) in contract.terms.iter().enumerate() {
        let TermRule::Require { device, condition, .. } = &term.rule else { continue };
        let (code, fields) = (condition.code(), contract.devices[*device].names());
        if reach::is_never(code, &fields) {
            let messages = reach::findings(code, &fields).into_iter();
            problems.extend(messages.map(|message| error(format!("terms[{at}].require"), message)));
        }
    }
    for (at, payment) in contract.payments.iter().enumerate() {
        let faults = faults(payment).into_iter();
        problems.extend(faults.map(|(name, why)| error(format!("payments[{at}].{name}"), why.to_owned())));
    }
    problems
}

/// The members of a payment that cannot be meant, and why.
fn faults(payment: &Payment) -> Vec<(&'static str, &'static str)> {
    let mut faults = Vec::new();
    if matches!((payment.from, payment.to), (Payee::Party(from), Payee::Party(to)) if from == to) {
        faults.push(("to", "who pays is paid: nobody owes anything"));
    }
    if !payment.signed && is_below_zero(&payment.amount) {
        faults.push(("amount", "below zero it pays nothing: signed = true pays it the other way"));
    }
    if payment.when.as_ref().is_some_and(is_never) {
        faults.push(("when", "this can never hold, at no time of any day: nothing is paid"));
    }
    faults
}

/// Whether an amount is the same whatever happens, and less than nothing.
fn is_below_zero(amount: &Amount) -> bool {
    let value = evaluate(&amount.code, &BucketStart::default(), &mut false);
    matches!(value, Some(ExpressionValue::Number(number)) if number < Decimal::ZERO)
}

/// Whether a condition is false at each minute of each day of a week, whatever else there is.
fn is_never(when: &Amount) -> bool {
    let asks = |leaf: &AmountLeaf| when.code.any(&|other| other == leaf);
    let minutes = if asks(&AmountLeaf::LocalTime) { 0..24 * 60 } else { 0..1 };
    let days = if asks(&AmountLeaf::Weekday) { 1..8 } else { 1..2 };
    let is_false =
        |start: &BucketStart| evaluate(&when.code, start, &mut false) == Some(ExpressionValue::Bool(false));
    let starts = |minute: u32| {
        let local_time = Some(format!("{:02}:{:02}", minute / 60, minute % 60));
        days.clone().map(move |day| BucketStart { local_time: local_time.clone(), weekday: Some(day) })
    };
    minutes.flat_map(starts).all(|start| is_false(&start))
}

/// When a bucket begins, and nothing else that is known of it.
#[derive(Default)]
struct BucketStart {
    local_time: Option<String>,
    weekday: Option<i64>,
}

impl LeafValues<AmountLeaf> for BucketStart {
    fn value(&self, leaf: &AmountLeaf) -> Option<ExpressionValue> {
        match leaf {
            AmountLeaf::LocalTime => Some(ExpressionValue::Text(self.local_time.as_deref()?.into())),
            AmountLeaf::Weekday => Decimal::new(self.weekday?.into(), 0).map(ExpressionValue::Number),
            _ => None,
        }
    }
}
