//! What a question is about: a ledger's folder, a published log's folder, or a URL.

use std::path::Path;

use anyhow::Context as _;

use crate::{
    ledger::files::{folder::Folder, published},
    peer::client,
    tlog::view::View,
};

/// The log at a place, or none if there is something else, or nothing.
///
/// # Errors
/// If it is a URL that cannot be asked.
pub fn log(target: &Path) -> anyhow::Result<Option<Box<dyn View>>> {
    if let Some(url) = url(target) {
        let log = client::open(url).with_context(|| shown(target))?;
        return Ok(Some(Box::new(log)));
    }
    if !target.is_dir() {
        return Ok(None);
    }
    if is_published(target) {
        return Ok(Some(Box::new(published::open(target))));
    }
    Ok(Some(Box::new(Folder::new(target))))
}

/// Whether a target is a log, or should be one: a folder or a URL.
pub fn is_log(target: &Path) -> bool {
    url(target).is_some() || target.is_dir()
}

/// A published log has tiles, and no files of entries.
pub fn is_published(folder: &Path) -> bool {
    folder.join("tile").is_dir() && !folder.join("entries").exists()
}

/// The target as the URL that it is.
fn url(target: &Path) -> Option<&str> {
    target.to_str().filter(|text| client::is_url(text))
}

/// What a target is called in messages and in verdicts: as it was named, but without a name or password in a URL.
pub fn shown(target: &Path) -> String {
    let text = target.display().to_string();
    let Some((scheme, rest)) = url(target).and_then(|url| url.split_once("://")) else { return text };
    let host = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    match host.rfind('@') {
        Some(at) => format!("{scheme}://…{}", &rest[at..]),
        None => text,
    }
}
