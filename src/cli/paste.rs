//! Words in hints, as a shell takes them when they are pasted.

use std::{fs, path::Path};

pub(crate) use super::shell_word::{path, word};
use super::{failure::Hint, term::escape_name};
use crate::{hash::Hash, likeness};

/// How many names beside a path are compared with it.
const MOST_BESIDE: usize = 10_000;

/// What somebody meant who typed a name that is not known; `None`: nothing that is known is like it.
pub(crate) fn did_you_mean<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<String> {
    likeness::nearest(name, known).map(|near| format!("did you mean {}?", word(near)))
}

/// What somebody meant who typed a path at which nothing is; `None`: something is, or nothing beside it is like it.
pub(crate) fn near_path(path: &Path) -> Option<String> {
    if path.exists() {
        return None;
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let beside = fs::read_dir(folder).ok()?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let beside: Vec<String> = beside.take(MOST_BESIDE).collect();
    let near = likeness::nearest(path.file_name()?.to_str()?, beside.iter().map(String::as_str))?;
    Some(format!("did you mean {}?", word(&path.with_file_name(near).display().to_string())))
}

/// One word of a few: what it may be, and which one was meant.
pub(crate) fn not_one_of(typed: &str, words: &[&str]) -> String {
    let near = did_you_mean(typed, words.iter().copied()).map(|near| format!("; {near}"));
    format!("not one of {}{}", words.join(", "), near.unwrap_or_default())
}

/// That no entry is of a device, with the one that was meant, or all that there are.
pub(crate) fn no_entry_of<'n>(device: &str, known: impl Iterator<Item = &'n str>) -> anyhow::Error {
    // Registry events name devices by ids, which nobody types.
    let known: Vec<&str> = known.filter(|name| Hash::parse(name).is_none()).collect();
    let error = anyhow::anyhow!("device {:?}: no entry of it", escape_name(device));
    let near = did_you_mean(device, known.iter().copied());
    let some: Vec<String> = known.iter().take(10).map(|name| word(name)).collect();
    let more = match known.len() - some.len() {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    let all = (!known.is_empty()).then(|| format!("there are {}{more}", some.join(", ")));
    match near.or(all) {
        Some(hint) => error.hint(hint),
        None => error,
    }
}
