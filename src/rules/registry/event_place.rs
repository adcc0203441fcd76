//! Where an event stands: its entry, and when that arrived.

use crate::{hash::Hash, time::Time};

/// Where an event stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct EventPlace {
    /// Its entry
    pub(super) n: u64,
    /// When that arrived, as far as is known
    pub(super) received: Time,
    /// The record's id
    pub(super) id: Hash,
}
