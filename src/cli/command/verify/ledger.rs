//! A ledger, in its folder or published: the question as the command line puts it.

use std::path::{Path, PathBuf};

use crate::{
    audit::{
        ledger::{self, LedgerQuestion},
        stubs::HandedStubs,
        succession::LedgerFamily,
    },
    cli::{ledger as place, notice, term::Term},
    verify::{Endorser, GivenKey, NamedCopy, VerifyReport},
};

/// What the command line says about all its ledgers.
#[derive(Default)]
pub(crate) struct AskedOfLedgers {
    /// The log's key; none where it is not given
    pub(crate) key: Option<GivenKey>,
    /// What was handed over earlier
    pub(crate) stubs: HandedStubs,
    /// Who stands for the log key that entry 0 names; `None`: only the ledger itself
    pub(crate) endorser: Option<Endorser>,
    /// Whether what was seen before is to be forgotten
    pub(crate) forget: bool,
    /// Another copy, to name the entries that differ; none where there is nothing to compare with
    pub(crate) against: Option<PathBuf>,
    /// Whether the records' signatures are left unchecked
    pub(crate) no_signatures: bool,
    /// Whether signatures are checked that were checked here before
    pub(crate) all: bool,
}

/// Verifies a ledger, and tells what is noticed besides its findings.
pub(crate) fn ledger(
    path: &Path,
    asked: &AskedOfLedgers,
    family: &mut LedgerFamily,
    term: &mut Term,
) -> anyhow::Result<VerifyReport> {
    let seen = place::seen();
    let copy = asked.against.as_deref().map(place::copy).transpose()?;
    let mut question = LedgerQuestion {
        key: asked.key.clone(),
        stubs: asked.stubs.clone(),
        endorser: asked.endorser,
        forget: asked.forget,
        against: copy.as_ref().map(|(view, name)| NamedCopy { view: &**view, name }),
        ..LedgerQuestion::new(&seen, place::threads().try_into()?)
    };
    (question.options.proofs, question.options.explain) = (!asked.no_signatures, term.verbose());
    question.options.all = asked.all;
    ledger::verify(path, &question, family, &mut |noticed| notice::of_ledger(&noticed, term))
}
