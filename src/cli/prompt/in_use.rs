//! The ledger and the key in use: what `use` chooses and shows.

use std::path::{Path, PathBuf};

use crate::cli::{
    defaults, keys, ledger,
    term::{Term, escape},
};

/// Makes a ledger, and a key if one is named, the ones in use.
pub(super) fn choose(path: &str, key: Option<&str>) -> anyhow::Result<()> {
    let path = ledger::resolve(path.as_ref())?;
    ledger::read(&path).map_err(ledger::with_hint)?;
    let key = key.map(keys::find_secret).transpose()?;
    keep(Some(&path), key.as_deref());
    Ok(())
}

/// From here on these are meant, whatever folder the process goes to. What is not named stays as it is.
fn keep(ledger: Option<&Path>, key: Option<&Path>) {
    // A URL stays what it is.
    let there = |path: &Path| {
        let folder = if path.exists() { std::path::absolute(path).ok() } else { None };
        folder.unwrap_or_else(|| path.to_owned())
    };
    let key = key.map(|path| there(path).to_string_lossy().into_owned());
    defaults::choose(ledger.map(there), key);
}

/// Keeps what the environment names where it is now.
pub(super) fn keep_defaults() {
    let ledger = defaults::ledger().filter(|path| path.exists());
    let key = defaults::key().and_then(|name| keys::find_secret(&name).ok());
    keep(ledger.as_deref(), key.as_deref());
}

/// Shows them.
pub(super) fn show() -> anyhow::Result<()> {
    let ledger = defaults::ledger().map_or_else(
        || "none, see: use LEDGER [KEY]".to_owned(),
        |path: PathBuf| escape(&path.display().to_string()),
    );
    let key = defaults::key().map_or_else(|| "none".to_owned(), |key| escape(&key));
    let mut term = Term::new();
    term.text(&format!("@    {ledger}\nkey  {key}\n"))?;
    term.finish(true)
}
