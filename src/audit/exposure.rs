//! Private keys beside a ledger: a copy of the folder gives them away.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The files in a ledger's folder that look like private keys.
pub fn secret_keys_in(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let files = fs::read_dir(folder).into_iter().flatten().filter_map(|file| Some(file.ok()?.path()));
    files.filter(|path| path.extension().is_some_and(|extension| extension == "pem"))
}
