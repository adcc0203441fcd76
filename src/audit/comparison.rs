//! What two copies of a ledger are to each other.

use std::path::Path;

use anyhow::Context as _;

use super::{checkpoint_file::open_or_checkpoint, target};
use crate::{
    ledger::pins::{Seen, Sight},
    tlog::view::View,
    verify::{self, CopyComparison, GivenKey, RememberedCheckpoint, Trust},
};

/// Of which copies all entries are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntriesToRead {
    /// Of none
    None,
    /// Of those that lie here, and not of a log that is fetched by its URL
    Local,
    /// Of both
    All,
}

impl EntriesToRead {
    fn of(self, place: &Path) -> bool {
        match self {
            Self::None => false,
            Self::Local => place.exists(),
            Self::All => true,
        }
    }
}

/// Two copies that are to be compared.
pub struct ComparisonQuestion<'a> {
    /// A ledger, or a file with a signed checkpoint, and the other one
    pub copies: [&'a Path; 2],
    /// The log's key; none where the reader does not know it: then the one that is remembered counts
    pub key: Option<GivenKey>,
    /// Of which copies all entries are read; of the others `tree/` is believed as far as it leads to the signed root
    pub read: EntriesToRead,
    /// What was seen of ledgers before
    pub seen: &'a Seen,
}

/// Compares two copies of a ledger.
///
/// # Errors
/// [`Unverified`] if a ledger's checkpoint is lost or none; or one of them is no ledger, or cannot be read.
pub fn compare(question: ComparisonQuestion<'_>) -> anyhow::Result<CopyComparison> {
    let ComparisonQuestion { copies: [a, b], key, read, seen } = question;
    let views = [open_or_checkpoint(a)?, open_or_checkpoint(b)?];
    let [one, other] = [&*views[0], &*views[1]];
    for (place, view) in [(a, one), (b, other)] {
        verify::must_have_checkpoint(view).map_err(|why| why.of(target::shown(place)))?;
    }
    let entries = [a, b].map(|place| read.of(place));
    let remembered = if key.is_some() { None } else { remembered(&[one, other], seen) };
    let trust = Trust { given: key, remembered, ..Trust::default() };
    let comparison = verify::compare(one, other, &trust, entries);
    comparison.with_context(|| format!("{} and {}", a.display(), b.display()))
}

/// The log's key as it is remembered, for the first of the two that is.
fn remembered(views: &[&dyn View], seen: &Seen) -> Option<RememberedCheckpoint> {
    views.iter().find_map(|view| {
        let (origin, id) = verify::identity(*view).ok()??;
        let Sight { key, checkpoint } = seen.recall(&origin, &id).ok()??;
        let stated = checkpoint.checkpoint();
        Some(RememberedCheckpoint { key, size: stated.size, root: stated.root })
    })
}
