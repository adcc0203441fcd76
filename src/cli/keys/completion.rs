//! Names of keys and contacts that are offered where one is typed.

use std::ffi::OsStr;

use clap_complete::engine::{CompletionCandidate, PathCompleter, ValueCompleter};

use super::{super::key_names::places, contact_list};

/// Secret keys that [`find_secret`](super::find_secret) would find, and files.
pub(crate) fn complete_secret(current: &OsStr) -> Vec<CompletionCandidate> {
    complete(current, places().names())
}

/// Names that [`who`](super::who) would understand, and files.
pub(crate) fn complete_public(current: &OsStr) -> Vec<CompletionCandidate> {
    complete(current, contact_list().into_iter().chain(places().public_names()).collect())
}

/// The contacts.
pub(crate) fn contact_names() -> Vec<CompletionCandidate> {
    contact_list().into_iter().map(CompletionCandidate::new).collect()
}

fn complete(current: &OsStr, names: Vec<String>) -> Vec<CompletionCandidate> {
    let begun = current.to_string_lossy();
    let names = names.into_iter().filter(|name| name.starts_with(&*begun)).map(CompletionCandidate::new);
    names.chain(PathCompleter::file().complete(current)).collect()
}
