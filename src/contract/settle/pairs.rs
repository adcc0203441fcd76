//! Sums between pairs of parties: bounded, and set off against each other.
//!
//! ```text
//! lines → sum of a payment → minimum → cap → all payments of a pair → [[caps]] → one way of each pair
//! ```

use std::collections::BTreeMap;

use crate::contract::document::{Contract, Payment};

/// The party that pays and the party that is paid, by id.
pub type PartyPair = (String, String);

/// The sum that each pair pays, in the currency's smallest unit.
pub type Sums = BTreeMap<PartyPair, i128>;

/// What a payment can come to between a pair: a hundred of them fit 128 bits, and so does every minimum.
const MOST: i128 = 1 << 110;

/// The sum with one more amount; `None`: it would not fit.
pub(super) fn added(sum: i128, amount: i128) -> Option<i128> {
    sum.checked_add(amount).filter(|sum| sum.abs() <= MOST)
}

/// What a payment comes to between each pair that has a line of it: not under its minimum, not over its cap.
pub(super) fn bounded(payment: &Payment, sums: Sums) -> Sums {
    let bound = |sum: i128| {
        let sum = payment.minimum.map_or(sum, |minimum| sum.max(minimum));
        payment.cap.map_or(sum, |cap| sum.min(cap))
    };
    sums.into_iter().map(|(pair, sum)| (pair, bound(sum))).collect()
}

/// What is owed in the end: all payments of a pair added and capped, the two ways of a pair set off, zeros left
/// out.
pub(super) fn net<'a>(contract: &Contract, payments: impl Iterator<Item = &'a Sums>) -> Sums {
    let mut owed = Sums::new();
    for ((from, to), sum) in payments.flatten() {
        // What is below zero is paid the other way.
        let pair = if *sum < 0 { (to.clone(), from.clone()) } else { (from.clone(), to.clone()) };
        *owed.entry(pair).or_default() += sum.abs();
    }
    for cap in &contract.caps {
        let id = |party: usize| contract.parties[party].id.clone();
        if let Some(sum) = owed.get_mut(&(id(cap.from), id(cap.to))) {
            *sum = cap.amount.min(*sum);
        }
    }
    let back = |(from, to): &PartyPair| owed.get(&(to.clone(), from.clone())).copied().unwrap_or(0);
    let net = owed.iter().map(|(pair, sum)| (pair.clone(), sum - back(pair)));
    net.filter(|(_, sum)| *sum > 0).collect()
}
