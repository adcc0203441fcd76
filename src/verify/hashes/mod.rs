//! Whether the hashes of tree and entries lead to the signed root.

pub(in crate::verify) mod confirmed_tree;
pub(in crate::verify) mod entry_tree;
pub(in crate::verify) mod file_tree;
pub(in crate::verify) mod folded_tree;
pub(in crate::verify) mod hash_source;
pub(in crate::verify) mod right_edge;
pub(in crate::verify) mod signed_copy;
pub(in crate::verify) mod tree_check;
pub(in crate::verify) mod unseen_entries;
