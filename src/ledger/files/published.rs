//! A published log in a folder: the resources are its plain files.

use std::{
    io,
    path::{Path, PathBuf},
};

use super::store;
use crate::tlog::published::{Published, Resources};

/// The folder of a published log.
#[derive(Clone, Debug)]
pub struct Place {
    path: PathBuf,
}

/// The log in a folder, to be read.
pub fn open(path: &Path) -> Published<Place> {
    Published::new(Place { path: path.to_owned() })
}

impl Resources for Place {
    fn get(&self, path: &str, limit: usize) -> io::Result<Option<Vec<u8>>> {
        store::read_whole(&self.path.join(path), limit)
            .map_err(|why| io::Error::new(why.kind(), format!("{path}: {why}")))
    }
}
