//! What a command is pointed at: a ledger's folder, a published log's folder, or a URL.

use std::path::Path;

use crate::{
    chain::{folder::Folder, published},
    tlog::view::View,
};

/// The log at a place, or none if there is something else, or nothing.
///
/// # Errors
/// If it is a URL that cannot be asked.
pub(crate) fn log(target: &Path) -> anyhow::Result<Option<Box<dyn View>>> {
    if !target.is_dir() {
        return Ok(None);
    }
    if is_published(target) {
        return Ok(Some(Box::new(published::open(target))));
    }
    Ok(Some(Box::new(Folder::new(target))))
}

/// A published log has tiles, and no files of entries.
fn is_published(folder: &Path) -> bool {
    folder.join("tile").is_dir() && !folder.join("entries").exists()
}
