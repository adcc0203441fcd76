//! The ledger as a folder of plain files: writing it so that nothing acknowledged is lost, reading it, and
//! remembering what was seen. What records mean is decided elsewhere.

pub mod append;
pub mod batch;
pub mod closed;
mod end;
pub mod entries;
pub mod entry;
pub mod find;
pub mod folder;
pub mod gzip;
pub mod init;
pub mod lock;
pub mod pack;
pub mod prune;
pub mod publish;
pub mod published;
pub mod read;
pub mod received;
mod recover;
pub mod repair;
pub mod seen;
pub mod store;
mod tip;
pub mod tree;
mod view;
