//! Receipts: what a producer is told once the disk has its records.

use std::ops::RangeInclusive;

use super::{batch::Batch, tip::LedgerTip};
use crate::{json::Object, object, tlog::checkpoint::Checkpoint};

/// The acknowledgement of a batch. Its checkpoint is evidence in the hands of its receiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The ledger after the batch
    pub checkpoint: Checkpoint,
    /// The signed note
    pub note: String,
    /// The new entries; `None` if there are none
    pub entries: Option<RangeInclusive<u64>>,
    /// The entries taken up from a writer that died; `None` if there are none
    pub recovered: Option<RangeInclusive<u64>>,
    /// How many records of the batch were sent again: they were among those, or among entries that were not acknowledged
    pub skipped: u64,
}

impl Receipt {
    /// The receipt as data.
    pub fn to_object(&self) -> Object {
        let mut object = object! {
            "size": self.checkpoint.size,
            "root": self.checkpoint.root.to_string(),
            "first": self.entries.as_ref().map(|entries| *entries.start()),
            "last": self.entries.as_ref().map(|entries| *entries.end()),
            "checkpoint": self.note.as_str(),
        };
        if let Some(recovered) = &self.recovered {
            object.insert("recovered", vec![*recovered.start(), *recovered.end()]);
        }
        if self.recovered.is_some() || self.skipped > 0 {
            object.insert("skipped", self.skipped);
        }
        object
    }
}

/// The receipt for a batch that is on the disk, all but so many records of which were there before.
pub(super) fn receipt(batch: &Batch, tip: &LedgerTip, skipped: u64) -> anyhow::Result<Receipt> {
    let note = String::from_utf8(tip.checkpoint.clone())?;
    let (entries, recovered) = (batch.fresh_span(), batch.recovered_span());
    Ok(Receipt { checkpoint: tip.stated(), note, entries, recovered, skipped })
}
