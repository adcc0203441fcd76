//! Evidence of a fork: whether it proves one.

use std::path::Path;

use anyhow::Context as _;

use crate::{
    cli::{failure::Outcome, term::Term},
    json::Object,
    object, report,
    tlog::{checkpoint::SignedCheckpoint, evidence::Evidence},
    verify::{self, GivenKey},
};

/// Says whether evidence proves that its key signed two histories.
pub(super) fn evidence(
    target: &Path,
    bytes: &[u8],
    key: Option<&GivenKey>,
    several: bool,
    term: &mut Term,
) -> anyhow::Result<Outcome> {
    let evidence = Evidence::parse(bytes).with_context(|| format!("{}: no evidence", target.display()))?;
    let found = verify::evidence(&evidence, key);
    let outcome = if found.sound() { Outcome::Yes } else { Outcome::No };
    if term.human() && !(term.quiet() && outcome == Outcome::Yes) {
        term.tell(&report::evidence(&target.display().to_string(), &evidence, &found, several))?;
    } else if !term.quiet() || outcome == Outcome::No {
        let mut object = found.to_object();
        object.insert("target", target.display().to_string());
        object.insert("proven", found.sound());
        object.insert("log", evidence.log.to_string());
        object.insert("histories", vec![history(&evidence.older), history(&evidence.newer)]);
        term.data(&object)?;
    }
    term.flush()?;
    Ok(outcome)
}

fn history(signed: &SignedCheckpoint) -> Object {
    let stated = signed.checkpoint();
    object! { "size": stated.size, "root": stated.root.to_string() }
}
