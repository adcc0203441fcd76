//! Room on small disks: closed files of entries are packed, or dropped while their hashes stay.

pub mod pack;
pub mod prune;
