//! The files of a ledger: entries in all their forms, the tree's hashes, the checkpoint.

pub mod closed;
pub mod entries;
mod entry_source;
pub mod find;
pub mod folder;
pub mod gzip;
pub mod lines;
pub mod published;
pub mod read;
pub mod store;
pub mod tree;
mod view;
