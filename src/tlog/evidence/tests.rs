use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::{
    key::SecretKey,
    tlog::merkle::{Frontier, leaf_hash},
};

const ORIGIN: &str = "plant7.example/cold-room";

fn secret() -> SecretKey {
    SecretKey::from_seed(&[7; 32])
}

fn log() -> VerifierKey {
    VerifierKey::new(ORIGIN, Algorithm::Ed25519, secret().public()).unwrap()
}

/// A history of small leaves; from `from` on it is another one.
fn leaves(size: u64, from: u64) -> Vec<Hash> {
    (0..size).map(|n| leaf_hash(&[n.to_be_bytes(), u64::from(n >= from).to_be_bytes()].concat())).collect()
}

fn tree(leaves: &[Hash]) -> Frontier {
    let mut tree = Frontier::default();
    for leaf in leaves {
        tree.push(*leaf);
    }
    tree
}

fn signed(leaves: &[Hash]) -> SignedCheckpoint {
    let tree = tree(leaves);
    let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), size: tree.size(), root: tree.root() };
    SignedCheckpoint::sign(checkpoint, &secret()).unwrap()
}

/// The subtrees of the larger of two histories, as a reader of its leaves has them.
fn subtrees(old: usize, leaves: &[Hash]) -> Vec<Hash> {
    if old == leaves.len() {
        return Vec::new();
    }
    // Files hold only every eighth level, of which these small trees have two.
    let read = |level: u32, index: u64| {
        let width = 1usize << (8 * level);
        let part = leaves.get(usize::try_from(index).unwrap() * width..)?.get(..width)?;
        Some(tree(part).root())
    };
    proof::subtrees(crate::tlog::layout::Layout::STANDARD, old as u64, leaves.len() as u64, read).unwrap()
}

fn evidence(old: &[Hash], new: &[Hash]) -> Result<Evidence, ProvesNothing> {
    Evidence::new(log(), [&signed(new), &signed(old)], subtrees(old.len(), new))
}

#[test]
fn two_histories_are_evidence_at_every_pair_of_sizes() {
    for new in [1, 2, 3, 4, 5, 8, 13, 16] {
        for old in 1..=new {
            for fork in BTreeSet::from([0, old / 2, old - 1]) {
                let (ours, theirs) = (leaves(old, fork), leaves(new, u64::MAX));
                let evidence = evidence(&ours, &theirs).unwrap();
                assert_eq!(Evidence::parse(evidence.to_string().as_bytes()), Ok(evidence));
            }
        }
    }
}

#[test]
fn one_history_is_never_evidence() {
    for new in [2, 3, 4, 7, 8, 255, 256, 257, 300] {
        for old in [1, 2, 3.min(new), new / 2, new - 1, new] {
            let (ours, theirs) = (leaves(old, u64::MAX), leaves(new, u64::MAX));
            let refused = evidence(&ours, &theirs).unwrap_err();
            let why =
                if ours.len() == theirs.len() { ProvesNothing::Same } else { ProvesNothing::Consistent };
            assert_eq!(refused, why, "{old} of {new}");
        }
    }
}

#[test]
fn every_flipped_bit_and_every_cut_proves_nothing() {
    for evidence in [
        evidence(&leaves(4, 2), &leaves(7, u64::MAX)).unwrap(),
        evidence(&leaves(5, 2), &leaves(5, u64::MAX)).unwrap(),
    ] {
        let bytes = evidence.to_string().into_bytes();
        let holds = |bytes: &[u8]| Evidence::parse(bytes).is_ok_and(|evidence| evidence.holds().is_ok());
        assert!(holds(&bytes));
        for at in 0..bytes.len() {
            assert!(!holds(&bytes[..at]), "cut at {at}");
            for bit in 0..8 {
                let mut flipped = bytes.clone();
                flipped[at] ^= 1 << bit;
                assert!(!holds(&flipped), "byte {at} bit {bit}");
            }
        }
        assert!(!holds(&[&bytes[..], b"\n"].concat()));
        let by_another_system = evidence.to_string().replace('\n', "\r\n");
        assert_eq!(Evidence::parse(by_another_system.as_bytes()), Err(BadEvidence::LineEnds));
    }
}

#[test]
fn what_is_put_together_wrongly_says_why() {
    let good = evidence(&leaves(4, 2), &leaves(7, u64::MAX)).unwrap();
    let why = |change: fn(&mut Evidence)| {
        let mut evidence = good.clone();
        change(&mut evidence);
        evidence.holds().unwrap_err()
    };
    assert_eq!(why(|it| std::mem::swap(&mut it.older, &mut it.newer)), ProvesNothing::Order);
    assert_eq!(why(|it| it.newer = it.older.clone()), ProvesNothing::Same);
    assert_eq!(why(|it| it.subtrees.clear()), ProvesNothing::Subtrees);
    assert_eq!(why(|it| it.subtrees.push(Hash([0; 32]))), ProvesNothing::Subtrees);
    assert_eq!(why(|it| it.subtrees.swap(0, 1)), ProvesNothing::Subtrees);
    assert_eq!(why(|it| it.older = signed(&leaves(4, u64::MAX))), ProvesNothing::Consistent);
    let other = |name, seed| {
        VerifierKey::new(name, Algorithm::Ed25519, SecretKey::from_seed(&[seed; 32]).public()).unwrap()
    };
    let by = |log| Evidence { log, ..good.clone() }.holds().unwrap_err();
    assert_eq!(by(other(ORIGIN, 8)), ProvesNothing::Signature);
    assert_eq!(by(other("plant8.example/cold-room", 7)), ProvesNothing::Origin);
}

#[test]
fn signatures_of_others_are_left_out() {
    let both = |leaves: &[Hash]| {
        let note = signed(leaves).to_string() + "— witness.example AAAAAAAAAAAA\n";
        SignedCheckpoint::parse(note.as_bytes()).unwrap()
    };
    let (old, new) = (leaves(5, 2), leaves(5, u64::MAX));
    let with_witness = Evidence::new(log(), [&both(&old), &both(&new)], Vec::new()).unwrap();
    assert_eq!(with_witness, evidence(&old, &new).unwrap());
    let kept = Evidence { older: both(&old), newer: both(&new), ..with_witness };
    assert!(matches!(kept.holds(), Err(ProvesNothing::Signature | ProvesNothing::Order)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_changed_about_good_evidence_it_no_longer_holds(
        old in 1usize..20, more in 0u64..300, edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..3), 1..4),
    ) {
        let (ours, theirs) = (leaves(old as u64, old as u64 - 1), leaves(old as u64 + more, u64::MAX));
        let bytes = evidence(&ours, &theirs).unwrap().to_string().into_bytes();
        let mut mutant = bytes.clone();
        for (at, byte, how) in &edits {
            let at = at.index(mutant.len());
            match how {
                0 => mutant[at] = *byte,
                1 => drop(mutant.remove(at)),
                _ => mutant.insert(at, *byte),
            }
        }
        let holds = Evidence::parse(&mutant).is_ok_and(|evidence| evidence.holds().is_ok());
        prop_assert_eq!(holds, mutant == bytes);
    }

    #[test]
    fn arbitrary_hashes_make_no_evidence_of_one_history(
        old in 1u64..40, more in 1u64..40, noise in prop::collection::vec(any::<[u8; 32]>(), 0..12),
    ) {
        let all = leaves(old + more, u64::MAX);
        let (ours, theirs) = (signed(&all[..usize::try_from(old).unwrap()]), signed(&all));
        let mut tried: BTreeSet<Vec<Hash>> = BTreeSet::new();
        let real = subtrees(usize::try_from(old).unwrap(), &all);
        let noise: Vec<Hash> = noise.into_iter().map(Hash).collect();
        tried.insert(noise.clone());
        for (at, hash) in noise.iter().enumerate().filter(|(at, _)| *at < real.len()) {
            let mut forged = real.clone();
            forged[at] = *hash;
            tried.insert(forged);
        }
        for subtrees in tried {
            prop_assert!(Evidence::new(log(), [&ours, &theirs], subtrees).is_err());
        }
    }
}
