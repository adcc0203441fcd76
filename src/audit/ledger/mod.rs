//! One ledger: is it sound, and whose word is it?
//!
//! It is measured with the key that is known, with what was seen of it before, with stubs, and with the ledgers
//! beside it that it continues or that continue it. What is seen is remembered where an act of the reader
//! made the key known (`memory`).

mod memory;
mod trust;

use std::{
    num::NonZeroUsize,
    path::{Path, PathBuf},
};

use anyhow::Context as _;

use super::{exposure::secret_keys_in, stubs::HandedStubs, succession::LedgerFamily, target};
use crate::{
    hash::Hash,
    ledger::pins::{Forgotten, Seen, Sight},
    verify::{self, Endorser, GivenKey, LineListener, NamedCopy, VerifyOptions, VerifyReport},
};

/// What the reader of a ledger knows of it, and wants to know.
#[derive(Clone)]
pub struct LedgerQuestion<'a> {
    /// What was seen before
    pub seen: &'a Seen,
    /// The log's key; none where the reader does not know it
    pub key: Option<GivenKey>,
    /// What was handed over earlier
    pub stubs: HandedStubs,
    /// What vouches for the log key that entry 0 names; none: the ledger alone does
    pub endorser: Option<Endorser>,
    /// Whether what was seen before is to be forgotten
    pub forget: bool,
    /// Another copy, to name the entries that differ; none where there is nothing to compare with
    pub against: Option<NamedCopy<'a>>,
    /// Whether proofs are checked, by how many threads, and whether the bad ones are explained
    pub options: VerifyOptions,
}

impl<'a> LedgerQuestion<'a> {
    /// Asks for all checks, and knows nothing but what was seen before.
    pub fn new(seen: &'a Seen, threads: NonZeroUsize) -> Self {
        Self {
            seen,
            key: None,
            stubs: HandedStubs::default(),
            endorser: None,
            forget: false,
            against: None,
            options: VerifyOptions { threads, proofs: true, all: false, explain: false },
        }
    }
}

/// What is noticed of a ledger besides its findings.
#[derive(Debug)]
pub enum LedgerNotice {
    /// A private key lies in the ledger's folder
    SecretKeyInside(PathBuf),
    /// Another ledger of the same name was seen before
    Namesake {
        /// The name
        origin: String,
        /// The ledger that was seen
        other: Hash,
        /// The ledger that is asked about
        id: Hash,
    },
    /// What was seen of the ledger before cannot be read
    SeenUnreadable(anyhow::Error),
    /// What was seen is set aside, as demanded
    Forgotten {
        /// The ledger's name
        origin: String,
        /// The ledger
        id: Hash,
        /// What was known
        forgotten: Box<Forgotten>,
    },
    /// The log's key is remembered, since the reader trusts it
    KeyTrusted(Box<Sight>),
    /// What was seen cannot be remembered
    Unremembered(anyhow::Error),
    /// How far the proofs were evaluated before cannot be relied on: all are evaluated
    ProvenUnreadable(anyhow::Error),
    /// How far the proofs were evaluated cannot be remembered: the next time all are evaluated again
    ProvenNotKept(anyhow::Error),
    /// Proofs do not hold that were remembered to: what is remembered is corrected
    ProvenWrong,
}

/// Verifies the ledger at a place: a folder, published or not, or a URL. Remembers what was seen if it is sound,
/// vouched for, and known by an act of the reader.
///
/// # Errors
/// If there is no ledger, or it cannot be read.
pub fn verify(
    place: &Path,
    question: &LedgerQuestion<'_>,
    family: &mut LedgerFamily,
    notice: &mut dyn FnMut(LedgerNotice),
) -> anyhow::Result<VerifyReport> {
    verify_with_listener(place, question, family, notice, &mut ())
}

/// The same, while a listener hears every line.
///
/// # Errors
/// As [`verify`].
pub fn verify_with_listener<L: LineListener>(
    place: &Path,
    question: &LedgerQuestion<'_>,
    family: &mut LedgerFamily,
    notice: &mut dyn FnMut(LedgerNotice),
    listener: &mut L,
) -> anyhow::Result<VerifyReport> {
    let named = || target::shown(place);
    let log = target::log(place)?.with_context(|| format!("{}: no ledger, and no published log", named()))?;
    let view = log.as_ref();
    secret_keys_in(place).for_each(|path| notice(LedgerNotice::SecretKeyInside(path)));
    // What was seen is read before the checkpoint: a live writer is no rollback.
    let declared = verify::unproven_declaration(view).with_context(named)?;
    if let Some(declared) = declared.as_ref().filter(|_| question.forget) {
        memory::forget(question.seen, &declared.genesis.origin, &declared.id, notice)?;
    }
    let trust = trust::of(question, declared.as_ref(), family, notice);
    let report = verify::ledger_with_listener(view, question.against, &trust, &question.options, listener);
    let report = report.with_context(named)?;
    memory::remember(question.seen, &report, family, notice);
    memory::remember_proven(question.seen, &report, notice);
    family.verified(&report);
    Ok(report)
}
