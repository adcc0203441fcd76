//! A ledger, in its folder or published, measured with the key that is known, with what was seen before, and
//! with stubs.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::{
    cli::{ledger, stubs::Handed, succession::Family, target, term::Term},
    hash::Hash,
    ledger::pins::{Forgotten, Seen, Sight, Successor},
    record::genesis::{Continued, Genesis},
    verify::{self, Against, Before, Endorser, GivenKey, KeySource, Options, Remembered, Report, Trust},
};

/// What whoever asks knows, and wants.
#[derive(Default)]
pub(crate) struct Asked {
    /// The log's key
    pub(crate) key: Option<GivenKey>,
    /// What was handed over earlier
    pub(crate) handed: Handed,
    /// Who stands for the log key that entry 0 names; `None`: nobody but the ledger itself
    pub(crate) endorser: Option<Endorser>,
    /// Whether what was seen before is to be forgotten
    pub(crate) forget: bool,
    /// Another copy, to name the entries that differ
    pub(crate) against: Option<PathBuf>,
    /// Whether the records' signatures are left unchecked
    pub(crate) no_signatures: bool,
}

/// Verifies a ledger, and remembers what was seen if it is sound, vouched for, and known by an act of the reader.
pub(crate) fn ledger(
    path: &Path,
    asked: &Asked,
    family: &mut Family,
    term: &mut Term,
) -> anyhow::Result<Report> {
    let named = || target::shown(path);
    let view = target::log(path)?.with_context(|| format!("{}: no ledger, and no published log", named()))?;
    ledger::warn_of_keys(path, term);
    let seen = ledger::seen();
    // What was seen is read before the checkpoint: a live writer is no rollback.
    let declared = verify::declaration(&*view).with_context(named)?;
    if let Some((Genesis { origin, .. }, id)) = declared.as_ref().filter(|_| asked.forget) {
        forget(&seen, origin, id, term)?;
    }
    let declared = declared.as_ref();
    let remembered = declared.and_then(|(genesis, id)| recall(&seen, &genesis.origin, id, term));
    let continued = declared.and_then(|(genesis, _)| genesis.continues.as_ref());
    let before = continued.and_then(|continued| before(continued, declared?.1, family, &seen));
    let rival = continued.and_then(|continued| rival(continued, declared?.1, family, &seen));
    let log = declared.map(|(genesis, _)| &genesis.log);
    // One key cannot be that of both: beside its predecessor a successor is measured with what that one says.
    let other = |key: &GivenKey| matches!(before, Some(Before::Given(_))) && Some(key.key()) != log;
    let given = asked.key.clone().filter(|key| !other(key));
    let claims = declared.map(|(_, id)| family.claims(id)).unwrap_or_default();
    let Handed { stubs, more: more_stubs, .. } = asked.handed.clone();
    let endorser = asked.endorser;
    let trust = Trust { given, remembered, stubs, more_stubs, before, endorser, rival, claims };
    let (threads, proofs) = (ledger::threads().try_into()?, !asked.no_signatures);
    let options = Options { threads, proofs, explain: term.verbose() };
    let copy = asked.against.as_deref().map(ledger::copy).transpose()?;
    let against = copy.as_ref().map(|(view, name)| Against { view: &**view, name });
    let report = verify::ledger_against(&*view, against, &trust, &options).with_context(named)?;
    // What is remembered counts as verified here, which records of unknown signers are not.
    let verified = report.sound() && report.signatures_checked && !report.vouched.is_empty();
    if verified && is_known(&report, &seen) {
        remember(&seen, &report, family, term);
    }
    family.verified(&report);
    Ok(report)
}

fn recall(seen: &Seen, origin: &str, id: &Hash, term: &mut Term) -> Option<Remembered> {
    ledger::warn_of_namesakes(seen, origin, id, term);
    match seen.recall(origin, id) {
        Ok(sight) => sight.map(remembered),
        Err(error) => {
            term.warn(format!("what was seen of this ledger before cannot be read: {error:#}"));
            None
        }
    }
}

fn remembered(Sight { key, checkpoint }: Sight) -> Remembered {
    let stated = checkpoint.checkpoint();
    Remembered { key, size: stated.size, root: stated.root }
}

/// What is known of the ledger that this one continues: best that it was verified just now.
fn before(continued: &Continued, id: Hash, family: &Family, seen: &Seen) -> Option<Before> {
    let given = family.predecessor(&continued.ledger, &id).map(Before::Given);
    given.or_else(|| Some(Before::Seen(remembered(seen.find(&continued.ledger)?))))
}

/// Another successor of the same ledger, if one was seen.
fn rival(continued: &Continued, id: Hash, family: &Family, seen: &Seen) -> Option<Hash> {
    let Continued { ledger, .. } = continued;
    let origin = match family.origin(ledger) {
        Some(origin) => origin.to_owned(),
        None => seen.find(ledger)?.checkpoint.checkpoint().origin.clone(),
    };
    let known = seen.successor(&origin, ledger)?.ledger;
    (known != id).then_some(known)
}

/// Whether the reader made the log's key known, or that of the ledger that this one continues. Whoever trusts a
/// ledger beside stubs means one that answers them.
fn is_known(report: &Report, seen: &Seen) -> bool {
    match report.key {
        KeySource::Continued => continued(report).is_some_and(|old| seen.find(&old.ledger).is_some()),
        KeySource::Trusted => report.answers_stubs(),
        key => key.is_readers_act(),
    }
}

fn continued(report: &Report) -> Option<&Continued> {
    report.declared.as_ref()?.0.continues.as_ref()
}

fn remember(seen: &Seen, report: &Report, family: &Family, term: &mut Term) {
    let (Some(id), Some((checkpoint, key))) = (report.id, report.checkpoint.clone()) else { return };
    let sight = Sight { key, checkpoint };
    match seen.remember(&id, &sight) {
        Err(error) => term.warn(format!("what was seen cannot be remembered: {error:#}")),
        Ok(_) if report.key == KeySource::Trusted => {
            let origin = &sight.checkpoint.checkpoint().origin;
            term.say(format!("{origin}: the log's key is known here from now on: {}", sight.key));
        }
        Ok(_) => {}
    }
    remember_successor(seen, report, id, family, term);
}

/// Of a known ledger that was continued properly, by which other one: a second one shows itself by that.
fn remember_successor(seen: &Seen, report: &Report, id: Hash, family: &Family, term: &mut Term) {
    let Some(Continued { ledger, size, .. }) = continued(report) else { return };
    let Some(origin) = family.origin(ledger).filter(|_| !report.has(verify::Kind::Succession)) else {
        return;
    };
    if seen.find(ledger).is_none() {
        return;
    }
    if let Err(error) = seen.continue_with(origin, ledger, &Successor { ledger: id, size: *size }) {
        term.warn(format!("what was seen cannot be remembered: {error:#}"));
    }
}

/// Sets aside what was seen, and says what that was.
fn forget(seen: &Seen, origin: &str, id: &Hash, term: &mut Term) -> anyhow::Result<()> {
    let Forgotten { sight, since, kept } = seen.forget(origin, id)?;
    let Some(kept) = kept.first() else {
        term.say(format!("{origin}: nothing was seen of ledger {id}, so nothing is forgotten"));
        return Ok(());
    };
    let what = sight.map_or("what cannot be read".to_owned(), |sight| {
        let stated = sight.checkpoint.checkpoint();
        format!("{} entries, root {}, log key {}", stated.size, stated.root, sight.key)
    });
    let since = since.map_or(String::new(), |since| format!(", seen at {since}"));
    term.say(format!("{origin}: forgotten of ledger {id}: {what}{since}; kept in {}", kept.display()));
    Ok(())
}
