//! What is noticed while a contract is checked, and why there is no verdict, in words.

use std::path::Path;

use super::Args;
use crate::{
    audit::contract::{ContractAnswer, ContractNotice, ContractRefused, UnsoundLedger, VerdictAwaits},
    cli::{
        failure::{Ended, Hint, Outcome},
        ledger, notice, paste,
        term::Term,
    },
    report::OpenUntil,
    verify::KnownProofs,
};

/// How many findings of an unsound ledger are said before `foil verify` must be asked.
const SAID: usize = 5;

pub(super) fn tell(noticed: &ContractNotice, term: &mut Term) {
    match noticed {
        ContractNotice::Ledger(noticed) => notice::of_ledger(noticed, term),
        ContractNotice::OddSuccession { folder, detail } => {
            term.warn(format!("{}: {detail}", folder.display()));
        }
        ContractNotice::CheckedBefore { folder, known, proofs } => {
            let (folder, KnownProofs { entries, proofs: before }) = (folder.display(), known);
            term.detail(format!(
                "{folder}: {before} of {proofs} signatures, those of the first {entries} entries, were checked here before"
            ));
        }
        ContractNotice::VouchedByContract(folder) => term.say(format!(
            "{}: vouched for by the contract alone, for this verdict only: the log's key is not known here",
            folder.display()
        )),
        ContractNotice::LedgerMissing(id) => {
            term.warn(format!(
                "the contract names ledger {id}, which is not given: the verdict waits for it"
            ));
            term.hint("give the folders of all its ledgers");
        }
        ContractNotice::BehindLastEntry { folder, latest } => {
            let name = name(folder.as_deref());
            term.say(format!(
                "{name}: its last entry arrived at {latest}; --as-of takes it that no other did"
            ));
        }
        ContractNotice::BeforeFirstEntry { folder, first } => term.warn(format!(
            "{}: had no entry as of then: the first came at {first}",
            folder.display()
        )),
        ContractNotice::EntryAhead { folder, n, arrival } => term.warn(format!(
            "{}: entry {n} arrived at {arrival}, which is in the future; --as-of takes it that it and what comes behind it had not arrived",
            name(folder.as_deref())
        )),
        ContractNotice::LedgersTrusted => term.warn("the ledger is trusted, not verified"),
        ContractNotice::RecordsTrusted => {
            term.warn("what comes from standard input is trusted, not verified");
        }
    }
}

/// What a verdict waits for, in the words of who asked.
pub(super) fn open_until(answer: &ContractAnswer<'_>) -> Vec<OpenUntil> {
    let until = |awaits: &VerdictAwaits| match awaits {
        VerdictAwaits::Entry(Some(folder)) => {
            let ledger = folder.display().to_string();
            OpenUntil::Entry { command: format!("foil chain tick {}", paste::word(&ledger)), ledger }
        }
        VerdictAwaits::Entry(None) => OpenUntil::Record,
        VerdictAwaits::Ledger(id) => OpenUntil::LedgerGiven(*id),
        VerdictAwaits::LaterTime(folder) => OpenUntil::LaterTime(name(folder.as_deref())),
    };
    answer.awaited.iter().map(until).collect()
}

/// What was given, as it was named.
fn name(folder: Option<&Path>) -> String {
    folder.map_or_else(|| "standard input".to_owned(), |folder| folder.display().to_string())
}

/// Says what is wrong with a ledger.
pub(super) fn unsound(ledger: &UnsoundLedger, term: &mut Term) {
    let folder = ledger.folder.display();
    notice::of_errors(&folder.to_string(), &ledger.report, SAID, term);
    let error = anyhow::anyhow!("{folder}: the ledger is not sound, so there is no verdict");
    term.error(&error.hint(format!("foil verify {}", paste::path(&ledger.folder))));
}

/// An error, with what to do about it where that is known.
pub(super) fn refused(args: &Args, error: anyhow::Error) -> anyhow::Error {
    let Some(refused) = error.downcast_ref::<ContractRefused>() else { return ledger::with_hint(error) };
    let file = args.file.display();
    match refused {
        ContractRefused::BadSignatures(_) | ContractRefused::TooMany(_) => {
            anyhow::anyhow!("{file}: {refused}")
        }
        ContractRefused::NoRegistry(device) => {
            anyhow::anyhow!("{file}: devices.{device}: records from standard input come with no registry")
                .hint("give the ledger, or name keys with signed_by, and a party as responsible")
        }
        ContractRefused::NoRecord => anyhow::anyhow!("{refused} on standard input"),
        ContractRefused::EntriesDropped { folder, first, last } => {
            let dropped = format!("entries {first} to {last} were dropped by foil chain prune");
            anyhow::anyhow!("{}: {dropped}, so there is no verdict", folder.display())
                .hint("check against a copy that was made before")
        }
        ContractRefused::PredecessorMissing { .. } => error.hint("give the folders of both"),
        ContractRefused::EntryAhead { .. } => error
            .hint("--as-of TIME judges by what arrived until then; if this machine's clock is wrong, set it"),
        ContractRefused::AsOfAhead { .. } => {
            anyhow::anyhow!("--as-of {refused}").hint("if this machine's clock is wrong, set it")
        }
        ContractRefused::CutBeyondEnd { size, has } => {
            anyhow::anyhow!("--at {size}: the ledger has {has} entries")
        }
        ContractRefused::CutBeforeFirst => anyhow::anyhow!("--at 0: that is before the first entry"),
        ContractRefused::Misnumbered { .. } => anyhow::anyhow!("{error:#}; run foil verify"),
        ContractRefused::OtherHistory(_) => {
            Ended::error(Outcome::Unsound, refused.to_string()).hint("foil verify OLD NEW")
        }
        ContractRefused::Changed => {
            Ended::error(Outcome::Unsound, refused.to_string()).hint("foil verify, and ask again")
        }
    }
}
