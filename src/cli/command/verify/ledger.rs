//! A ledger, in its folder or published, measured with the key that is known and with what was seen before.

use std::path::Path;

use anyhow::Context as _;

use crate::{
    chain::seen::{Seen, Sight},
    cli::{ledger, target, term::Term},
    hash::Hash,
    verify::{self, GivenKey, Options, Remembered, Report, Trust},
};

/// Verifies a ledger, and remembers what was seen if it is sound and vouched for.
pub(crate) fn ledger(path: &Path, key: Option<&GivenKey>, term: &mut Term) -> anyhow::Result<Report> {
    let named = || target::shown(path);
    let view = target::log(path)?.with_context(|| format!("{}: no ledger, and no published log", named()))?;
    ledger::warn_of_keys(path, term);
    let seen = ledger::seen();
    // What was seen is read before the checkpoint: a live writer is no rollback.
    let identity = verify::identity(&*view).with_context(named)?;
    let remembered = identity.as_ref().and_then(|(origin, id)| recall(&seen, origin, id, term));
    let trust = Trust { given: key.cloned(), remembered };
    let options = Options { threads: ledger::threads().try_into()?, explain: term.verbose() };
    let report = verify::ledger(&*view, &trust, &options).with_context(named)?;
    if report.sound() && !report.vouched.is_empty() {
        remember(&seen, &report, term);
    }
    Ok(report)
}

fn recall(seen: &Seen, origin: &str, id: &Hash, term: &mut Term) -> Option<Remembered> {
    for other in seen.namesakes(origin, id) {
        term.warn(format!("{origin}: was seen before as another ledger, {other}; this one is {id}"));
    }
    match seen.recall(origin, id) {
        Ok(sight) => sight.map(|Sight { key, checkpoint }| {
            let stated = checkpoint.checkpoint();
            Remembered { key, size: stated.size, root: stated.root }
        }),
        Err(error) => {
            term.warn(format!("what was seen of this ledger before cannot be read: {error:#}"));
            None
        }
    }
}

fn remember(seen: &Seen, report: &Report, term: &mut Term) {
    let (Some(id), Some((checkpoint, key))) = (report.id, report.checkpoint.clone()) else { return };
    if let Err(error) = seen.remember(&id, &Sight { key, checkpoint }) {
        term.warn(format!("what was seen cannot be remembered: {error:#}"));
    }
}
