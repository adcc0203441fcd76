//! Whether a ledger goes on from what was seen of it before.

use anyhow::Context;

use crate::{
    ledger::{
        files::{read::Reader, tree},
        pins::Seen,
    },
    tlog::consistency::{Consistency, EarlierTree, KnownBy},
};

/// Refuses a ledger that is older than, or another than, what was seen before: it is evidence, and nothing to tidy
/// up or to show around.
///
/// # Errors
/// [`Inconsistent`](crate::tlog::consistency::Inconsistent) if so; or the ledger cannot be read.
pub fn must_follow_what_was_seen(reader: &Reader, seen: &Seen) -> anyhow::Result<()> {
    let id = reader.declaration()?.id;
    let origin = &reader.checkpoint().checkpoint().origin;
    let Ok(Some(sight)) = seen.recall(origin, &id) else { return Ok(()) };
    // A writer may have gone on since the ledger was opened, and what it wrote is remembered after it stands there.
    let now = Reader::open(reader.folder().clone())?;
    let stated = now.checkpoint().checkpoint();
    let seen = EarlierTree::new(sight.checkpoint.checkpoint(), KnownBy::Seen);
    let tree = tree::stated(reader.folder(), stated)?;
    let root_at = |size| tree.as_ref().map_or(Ok(None), |tree| tree::root_at(reader.folder(), size, tree));
    let compared = seen.compare(stated, root_at)?;
    // That a tree does not lead to the root, each command says that needs the tree.
    if compared == Consistency::Unknown && tree.is_none() {
        return Ok(());
    }
    let followed = seen.must_be_followed(compared, stated.size);
    followed.with_context(|| reader.folder().path().display().to_string())
}
