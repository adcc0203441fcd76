//! What is noticed of ledgers, in words.

use crate::{
    audit::ledger::LedgerNotice,
    cli::term::Term,
    hash::Hash,
    key::PublicKey,
    ledger::pins::{Forgotten, KnowingAct, Sight},
    machine,
    report::folded,
    rules::registry::Registry,
    time::Zone,
    verify::{Severity, VerifyReport},
};

/// Tells what was noticed of a ledger besides its findings.
pub(crate) fn of_ledger(notice: &LedgerNotice, term: &mut Term) {
    match notice {
        LedgerNotice::SecretKeyInside(path) => term.warn(format!(
            "{}: a private key inside the ledger's folder; whoever gets a copy can sign",
            path.display()
        )),
        LedgerNotice::Namesake { origin, other, id } => {
            term.warn(format!("{origin}: was seen before as another ledger, {other}; this one is {id}"));
        }
        LedgerNotice::SeenUnreadable(why) => {
            term.warn(format!("what was seen of this ledger before cannot be read: {why:#}"));
        }
        LedgerNotice::Forgotten { origin, id, forgotten } => {
            term.say(of_forgotten(origin, id, forgotten, &term.zone()));
        }
        LedgerNotice::KeyTrusted(sight) => {
            let origin = &sight.checkpoint.checkpoint().origin;
            term.say(format!("{origin}: the log's key is known here from now on: {}", sight.key));
        }
        LedgerNotice::Unremembered(why) => {
            term.warn(format!("what was seen cannot be remembered: {why:#}"));
        }
        LedgerNotice::ProvenUnreadable(why) => {
            term.warn(format!("which proofs were checked before cannot be relied on, so all are checked: {why:#}"));
        }
        LedgerNotice::ProvenNotKept(why) => {
            term.detail(format!("which proofs were checked cannot be remembered: {why:#}"));
        }
        LedgerNotice::ProvenWrong => term.warn(
            "proofs were remembered to hold that do not: whoever can write what is remembered here, or this machine's memory or disk, is not to be trusted",
        ),
    }
}

/// Keys of members of a ledger's registry are called as they are there.
pub(crate) fn call_members(report: &VerifyReport, term: &mut Term) {
    for (key, name) in report.registry.iter().flat_map(Registry::held_keys) {
        term.call(&key.to_string(), &format!("{name:?} of the registry"));
    }
}

/// Tells so many of the errors that a verifier found in a ledger; what repeats is one line.
pub(crate) fn of_errors(place: &str, report: &VerifyReport, most: usize, term: &mut Term) {
    call_members(report, term);
    let is_error = |severity: Severity| severity == Severity::Error;
    let mut errors = report.findings();
    errors.retain(|finding| is_error(finding.severity));
    let mut counts = report.findings.counts().clone();
    counts.retain(|(_, severity), _| is_error(*severity));
    let lines = folded(&errors, &format!("{place}/"), &counts);
    lines.iter().take(most).for_each(|line| term.warn(line));
    if lines.len() > most {
        term.warn(format!("… and {} more such lines", lines.len() - most));
    }
}

/// Which log's key is not known to the reader, and what that means.
pub(crate) fn unknown_log(log: &PublicKey, term: &mut Term) {
    term.warn(format!("not decided (3): this log key is not known here: {log}"));
    term.warn("whoever made the ledger up could have made up the key as well: only somebody outside can say whose it is");
}

/// By which act of the reader a key is known.
pub(crate) fn because(act: KnowingAct) -> &'static str {
    match act {
        KnowingAct::Named => "you named it with --key",
        KnowingAct::Written => "you wrote the ledger with it",
        KnowingAct::Trusted => "you said --trust",
        KnowingAct::Continued => "the ledger that this one continues was known, and agreed to it",
    }
}

/// Tells which folders could not be synced, and what that may cost.
pub(crate) fn of_unsyncable_folders(term: &mut Term) {
    for folder in machine::new_unsyncable_folders() {
        term.warn(format!(
            "{}: this file system cannot sync a folder: a power cut may take away the newest names in it, also what was acknowledged; keep what matters on another one, such as ext4",
            folder.display()
        ));
    }
}

fn of_forgotten(origin: &str, id: &Hash, forgotten: &Forgotten, zone: &Zone) -> String {
    let Forgotten { sight, since, known, kept } = forgotten;
    let Some(kept) = kept.first() else {
        return format!("{origin}: nothing was seen of ledger {id}, so nothing is forgotten");
    };
    let what = |Sight { key, checkpoint }: &Sight| {
        let stated = checkpoint.checkpoint();
        format!("{} entries, root {}, log key {key}", stated.size, stated.root)
    };
    let what = sight.as_ref().map_or("what cannot be read".to_owned(), what);
    let since = match (known, since) {
        (Some(known), _) => {
            format!(", known since {}: {}", zone.show(known.since), because(known.act))
        }
        (None, Some(seen)) => format!(", seen at {}", zone.show(*seen)),
        (None, None) => String::new(),
    };
    format!("{origin}: forgotten of ledger {id}: {what}{since}; kept in {}", kept.display())
}
