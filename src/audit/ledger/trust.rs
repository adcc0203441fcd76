//! By what a ledger is measured: the key that is known, what was seen before, and the ledgers that it continues.

use super::{LedgerNotice, LedgerQuestion, memory};
use crate::{
    audit::succession::LedgerFamily,
    hash::Hash,
    ledger::pins::{Seen, Sight},
    record::genesis::Continued,
    tlog::declaration::UnprovenDeclaration,
    verify::{GivenKey, KnownPredecessor, RememberedCheckpoint, Trust},
};

/// What a verifier is to know of a ledger of which entry 0 declares this; none where it declares nothing.
pub(super) fn of(
    question: &LedgerQuestion<'_>,
    declared: Option<&UnprovenDeclaration>,
    family: &LedgerFamily,
    notice: &mut dyn FnMut(LedgerNotice),
) -> Trust {
    let seen = question.seen;
    let remembered = declared.and_then(|of| memory::recall(seen, &of.genesis.origin, &of.id, notice));
    let proven = declared.filter(|_| question.options.proofs);
    let proven = proven.and_then(|of| memory::recall_proven(seen, &of.genesis.origin, &of.id, notice));
    let continued = declared.and_then(|of| Some((of.genesis.continues.as_ref()?, of.id)));
    let before = continued.and_then(|(continued, id)| before(continued, id, family, seen));
    let rival = continued.and_then(|(continued, id)| rival(continued, id, family, seen));
    let log = declared.map(|of| &of.genesis.log);
    // One key cannot be that of both: beside its predecessor a successor is measured with what that one says.
    let other = |key: &GivenKey| matches!(before, Some(KnownPredecessor::Given(_))) && Some(key.key()) != log;
    Trust {
        given: question.key.clone().filter(|key| !other(key)),
        remembered: remembered.map(as_remembered),
        proven,
        stubs: question.stubs.stubs().to_vec(),
        more_stubs: question.stubs.more(),
        endorser: question.endorser,
        claims: declared.map(|of| family.claims(&of.id)).unwrap_or_default(),
        before,
        rival,
    }
}

/// What was seen, as a verifier takes it.
pub(super) fn as_remembered(Sight { key, checkpoint }: Sight) -> RememberedCheckpoint {
    let stated = checkpoint.checkpoint();
    RememberedCheckpoint { key, size: stated.size, root: stated.root }
}

/// What is known of the ledger that this one continues: best that it was verified just now.
fn before(continued: &Continued, id: Hash, family: &LedgerFamily, seen: &Seen) -> Option<KnownPredecessor> {
    let given = family.predecessor(&continued.ledger, &id).map(KnownPredecessor::Given);
    given.or_else(|| Some(KnownPredecessor::Seen(as_remembered(seen.find(&continued.ledger)?))))
}

/// Another successor of the same ledger, if one was seen.
fn rival(continued: &Continued, id: Hash, family: &LedgerFamily, seen: &Seen) -> Option<Hash> {
    let Continued { ledger, .. } = continued;
    let origin = match family.origin(ledger) {
        Some(origin) => origin.to_owned(),
        None => seen.find(ledger)?.checkpoint.checkpoint().origin.clone(),
    };
    let known = seen.successor(&origin, ledger)?.ledger;
    (known != id).then_some(known)
}
