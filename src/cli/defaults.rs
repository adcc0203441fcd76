//! What a command means when it is not told: the ledger `@` and the key. The prompt's `use` says it, else the
//! environment.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

static CHOSEN: Mutex<Chosen> = Mutex::new(Chosen { ledger: None, key: None });

/// What `use` said.
struct Chosen {
    ledger: Option<PathBuf>,
    key: Option<String>,
}

/// The ledger that `@` stands for.
pub(crate) fn ledger() -> Option<PathBuf> {
    chosen().ledger.clone().or_else(|| of_environment("FOIL_LEDGER").map(PathBuf::from))
}

/// The place that a word on the line means: `@` is the chosen ledger; `None`: none is.
pub(crate) fn meant(place: &Path) -> Option<PathBuf> {
    if place.as_os_str() == "@" { ledger() } else { Some(place.to_owned()) }
}

/// The key where `-k` is absent.
pub(crate) fn key() -> Option<String> {
    chosen().key.clone().or_else(|| of_environment("FOIL_KEY")?.into_string().ok())
}

/// What the operator calls this machine, where `--machine` is absent.
pub(crate) fn machine() -> Option<String> {
    of_environment("FOIL_MACHINE").map(|name| name.to_string_lossy().into_owned())
}

/// From here on these are meant. What is not named stays as it is.
pub(crate) fn choose(ledger: Option<PathBuf>, key: Option<String>) {
    let mut chosen = chosen();
    chosen.ledger = ledger.or(chosen.ledger.take());
    chosen.key = key.or(chosen.key.take());
}

/// What was chosen, as the environment of a child says it.
pub(crate) fn for_children() -> Vec<(&'static str, OsString)> {
    let chosen = chosen();
    let ledger = chosen.ledger.clone().map(|ledger| ("FOIL_LEDGER", ledger.into_os_string()));
    let key = chosen.key.clone().map(|key| ("FOIL_KEY", key.into()));
    ledger.into_iter().chain(key).collect()
}

fn chosen() -> MutexGuard<'static, Chosen> {
    CHOSEN.lock().unwrap_or_else(PoisonError::into_inner)
}

#[allow(clippy::disallowed_methods)] // the environment is read here
fn of_environment(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}
