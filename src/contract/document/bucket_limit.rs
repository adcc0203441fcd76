//! How much a contract measures at most: one of milliseconds could never be judged.

use super::{ContractTerm, Payment, TermRule, table::DocumentTable};
use crate::{contract::bucket::MOST_MEASURED, time::Span};

/// Refuses a contract of too many buckets, by how many measures each.
pub(super) fn check(root: &DocumentTable, period: Span, terms: &[ContractTerm], payments: &[Payment]) {
    let of_term = |(at, term): (usize, &ContractTerm)| match &term.rule {
        TermRule::Measure { condition, each, .. } => {
            Some((format!("terms[{at}].each"), each.most(period), condition.measures.len()))
        }
        _ => None,
    };
    let of_payment = |(at, payment): (usize, &Payment)| {
        let buckets = payment.each.as_ref().filter(|each| each.is_stretch())?.most(period);
        let measures = payment.expressions().map(|asks| asks.measures.len()).sum();
        Some((format!("payments[{at}].each"), buckets, measures))
    };
    let terms = terms.iter().enumerate().filter_map(of_term);
    let mut values = 0u64;
    for (path, buckets, measures) in terms.chain(payments.iter().enumerate().filter_map(of_payment)) {
        values = values.saturating_add(buckets.saturating_mul(measures.max(1) as u64));
        if values > MOST_MEASURED {
            let message = format!(
                "{buckets} buckets in the period: with all others that comes to {values} values, and at most \
                 {MOST_MEASURED} are measured"
            );
            return root.problems.error(path, message);
        }
    }
}
