//! Parties of a contract, as people are shown them.

use super::escape::escape;
use crate::{contract::eval::DeviceRoles, hash::Hash};

/// A party as the contract calls it; one that is no party of it as its registry does.
pub(super) fn party(id: &str, roles: &DeviceRoles) -> String {
    let label = Hash::parse(id).and_then(|id| roles.label(&id));
    label.map_or_else(|| escape(id), |label| format!("{label:?} ({id}, no party of the contract)"))
}
