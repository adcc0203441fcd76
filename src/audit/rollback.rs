//! Whether a ledger goes on from what was seen of it before.

use anyhow::Context;

use crate::{
    hash::Hash,
    ledger::{files::read::Reader, pins::Seen},
    tlog::{
        checkpoint::Checkpoint,
        consistency::{Consistency, EarlierTree, Inconsistent, KnownBy},
    },
    verify::ConfirmedTree,
};

/// Refuses a ledger that is older than, or another than, what was seen before: it is evidence, and nothing to tidy
/// up or to show around.
///
/// # Errors
/// [`Inconsistent`] if so; or the ledger cannot be read.
pub fn must_follow_what_was_seen(reader: &Reader, seen: &Seen) -> anyhow::Result<()> {
    let id = reader.declaration()?.id;
    let Checkpoint { size, root, .. } = reader.checkpoint().checkpoint();
    let mut leads = true;
    let now = || Ok(Reader::open(reader.folder().clone())?.size());
    let differs = against_what_was_seen(reader.checkpoint().checkpoint(), id, seen, now, |then| {
        let mut tree = ConfirmedTree::thorough(reader.folder(), None, *size, root);
        leads = tree.top();
        Ok(tree.root_at(then))
    })?;
    match differs {
        // That a tree does not lead to the root, each command says that needs the tree.
        Some(differs) if differs.compared != Consistency::Unknown || leads => {
            Err(differs).with_context(|| reader.folder().path().display().to_string())
        }
        _ => Ok(()),
    }
}

/// In what way a ledger does not go on from what was seen of it before; `None`: it does, or nothing was seen. `now` says
/// how many entries it has by now, and `root_at` the root that it had at a smaller size; they are asked only where that
/// is needed.
///
/// # Errors
/// Those of the two.
pub(super) fn against_what_was_seen(
    stated: &Checkpoint,
    id: Hash,
    seen: &Seen,
    now: impl FnOnce() -> anyhow::Result<u64>,
    root_at: impl FnOnce(u64) -> anyhow::Result<Option<Hash>>,
) -> anyhow::Result<Option<Inconsistent>> {
    let Ok(Some(sight)) = seen.recall(&stated.origin, &id) else { return Ok(None) };
    let earlier = EarlierTree::new(sight.checkpoint.checkpoint(), KnownBy::Seen);
    let mut compared = earlier.compare(stated, root_at)?;
    // A writer may have gone on since the ledger was opened, and what it wrote is remembered after it stands there.
    if compared == Consistency::Smaller && now()? >= earlier.head.size {
        compared = Consistency::Follows;
    }
    Ok(earlier.must_be_followed(compared, stated.size).err())
}
