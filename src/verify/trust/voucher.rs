//! Vouchers: whose word stands for which entries.

use crate::{json::Object, key::PublicKey};

/// A word that stands for a range of entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voucher {
    /// `log`: the log itself; `seen`: what was verified here before; `stub`: stubs that people were handed
    pub by: &'static str,
    /// The log's key, which signed the checkpoints behind it
    pub key: PublicKey,
    /// The first entry, inclusive
    pub first: u64,
    /// The last entry, inclusive
    pub last: u64,
    /// The file of the stubs; `None`: it is no stub
    pub file: Option<String>,
    /// How many of its stubs are extended
    pub stubs: usize,
}

impl Voucher {
    pub(in crate::verify) fn to_object(&self) -> Object {
        let mut object = crate::object! {
            "by": self.by,
            "key": self.key.did(),
            "first": self.first,
            "last": self.last,
        };
        if let Some(file) = &self.file {
            object.insert("file", file.as_str());
            object.insert("stubs", self.stubs as u64);
        }
        object
    }
}
