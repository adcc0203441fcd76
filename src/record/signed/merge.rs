//! Proofs that were made in parallel over one record, joined.
//!
//! ```text
//! draft + proof of A     ┐
//! draft + proof of B     ┴→ draft + [proof of A, proof of B]
//! ```
//!
//! The answer does not depend on the order of the copies: each copy's own order of signing is kept, and where several
//! proofs may come next, the one whose canonical form is least does.

use std::fmt;

use super::{PROOF, UnknownFeature, unknown};
use crate::json::{Difference, Object, Value, difference};

/// Why copies cannot be joined. Copies count from 0, in the order in which they were given.
#[derive(Clone, Debug, PartialEq)]
pub enum MergeError {
    /// A copy is another record than the first one
    Differs(usize, Difference),
    /// One key signed two copies in different ways, with another `created` or `expires`: its verification method
    Twice(String),
    /// `proof` of a copy is no proof
    Shape(usize),
}

impl fmt::Display for MergeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Differs(_, difference) => write!(f, "not the same record: {difference}"),
            Self::Twice(method) => {
                let did = method.split('#').next().unwrap_or_default();
                write!(f, "{did} signed it twice, in different ways: a key signs a record once")
            }
            Self::Shape(_) => f.write_str("the member \"proof\" is no proof, so none can be joined"),
        }
    }
}

impl std::error::Error for MergeError {}

/// Joins the proofs of copies of one record. They are not checked; equal ones become one.
///
/// # Errors
/// If the copies are not of one record, or one key signed two of them in different ways.
///
/// # Panics
/// If there is no copy.
pub fn merge(copies: &[Object]) -> Result<Object, MergeError> {
    let mut bare: Vec<Object> = copies.to_vec();
    let mut queues = Vec::with_capacity(copies.len());
    for (at, copy) in copies.iter().enumerate() {
        let proofs = proofs_of(copy).ok_or(MergeError::Shape(at))?;
        bare[at].remove(PROOF);
        queues.push(proofs);
    }
    if let Some((at, difference)) =
        bare.iter().enumerate().find_map(|(at, copy)| Some((at, difference(&bare[0], copy)?)))
    {
        return Err(MergeError::Differs(at, difference));
    }
    let mut proofs = in_order(queues);
    refuse_twice(&proofs)?;
    let mut record = bare.swap_remove(0);
    match proofs.len() {
        0 => {}
        1 => drop(record.insert(PROOF, proofs.swap_remove(0))),
        _ => drop(record.insert(PROOF, proofs)),
    }
    Ok(record)
}

fn proofs_of(copy: &Object) -> Option<Vec<Value>> {
    match copy.get(PROOF) {
        None => Some(Vec::new()),
        Some(Value::Array(proofs)) if proofs.is_empty() => None,
        Some(_) => {
            let proofs = unknown::proofs(copy)?;
            proofs.iter().all(|proof| proof.as_object().is_some()).then(|| proofs.to_vec())
        }
    }
}

/// All proofs once: the least of those that no copy has behind another one that is still to come.
fn in_order(mut queues: Vec<Vec<Value>>) -> Vec<Value> {
    let mut merged = Vec::new();
    loop {
        let heads = queues.iter().filter_map(|queue| queue.first());
        let waits = |head: &Value| queues.iter().any(|queue| queue.iter().skip(1).any(|proof| proof == head));
        let free = heads.clone().filter(|head| !waits(head)).min_by_key(|head| head.to_canonical());
        // Copies that were signed in contrary orders have none that is free.
        let next = free.or_else(|| heads.min_by_key(|head| head.to_canonical()));
        let Some(next) = next.cloned() else { return merged };
        for queue in &mut queues {
            queue.retain(|proof| *proof != next);
        }
        merged.push(next);
    }
}

fn refuse_twice(proofs: &[Value]) -> Result<(), MergeError> {
    let known =
        proofs.iter().filter_map(Value::as_object).filter(|proof| UnknownFeature::of(proof).is_none());
    let mut methods: Vec<&str> = known.filter_map(|proof| proof.str("verificationMethod")).collect();
    methods.sort_unstable();
    match methods.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(MergeError::Twice(pair[0].to_owned())),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        key::SecretKey,
        record::signed::{SignOptions, Verifier, sign},
        time::Time,
    };

    fn now() -> Time {
        Time::parse("2026-03-01T06:00:00.000Z").unwrap()
    }

    fn signed(seeds: &[u8]) -> Object {
        let mut record = crate::object! { "type": "contract", "title": "x" };
        for seed in seeds {
            sign(&mut record, &SecretKey::from_seed(&[*seed; 32]), &SignOptions::default()).unwrap();
        }
        record
    }

    fn seeds(record: &Object) -> Vec<u8> {
        let signers = Verifier::new().signers(record, now()).unwrap();
        let seed = |key| (1..9).find(|seed| SecretKey::from_seed(&[*seed; 32]).public() == key).unwrap();
        signers.into_iter().map(seed).collect()
    }

    #[test]
    fn proofs_of_all_copies_are_joined_once_whatever_the_order_of_the_copies() {
        let joined = merge(&[signed(&[1]), signed(&[2]), signed(&[3]), signed(&[])]).unwrap();
        let again = merge(&[signed(&[]), signed(&[3]), signed(&[2]), signed(&[1]), signed(&[2])]).unwrap();
        assert_eq!(joined, again);
        let mut all = seeds(&joined);
        all.sort_unstable();
        assert_eq!(all, [1, 2, 3]);
        assert_eq!(merge(&[joined.clone(), signed(&[2]), again]), Ok(joined));
        assert_eq!(merge(&[signed(&[4]), signed(&[4])]), Ok(signed(&[4])), "one proof stays an object");
        assert_eq!(merge(&[signed(&[]), signed(&[])]), Ok(signed(&[])));
    }

    #[test]
    fn each_copys_order_of_signing_is_kept() {
        for (one, other) in [
            (&[1, 2, 3][..], &[1, 4][..]),
            (&[4, 2], &[2, 1]),
            (&[2, 4], &[4]),
            (&[4, 2], &[2]),
            (&[3], &[2, 3, 1]),
        ] {
            let joined = seeds(&merge(&[signed(one), signed(other)]).unwrap());
            assert_eq!(joined, seeds(&merge(&[signed(other), signed(one)]).unwrap()));
            for order in [one, other] {
                let kept: Vec<u8> = joined.iter().copied().filter(|seed| order.contains(seed)).collect();
                assert_eq!(kept, order, "{joined:?}");
            }
        }
        let contrary = merge(&[signed(&[1, 2]), signed(&[2, 1])]).unwrap();
        assert_eq!(contrary, merge(&[signed(&[2, 1]), signed(&[1, 2])]).unwrap());
        assert_eq!(seeds(&contrary).len(), 2);
    }

    #[test]
    fn what_is_not_one_record_is_refused_with_the_place() {
        let mut other = signed(&[2]);
        other.insert("title", "y");
        let refused = merge(&[signed(&[1]), signed(&[3]), other]).unwrap_err();
        assert!(matches!(refused, MergeError::Differs(2, _)));
        assert_eq!(refused.to_string(), "not the same record: title is \"x\" and \"y\"");
        let mut dated = signed(&[]);
        let options = SignOptions { created: Some(now()), expires: None };
        sign(&mut dated, &SecretKey::from_seed(&[1; 32]), &options).unwrap();
        assert!(matches!(merge(&[signed(&[1]), dated]), Err(MergeError::Twice(_))));
        for shape in [Value::Null, Value::Array(vec![])] {
            let mut odd = signed(&[]);
            odd.insert(PROOF, shape);
            assert_eq!(merge(&[signed(&[1]), odd]), Err(MergeError::Shape(1)));
        }
    }
}
