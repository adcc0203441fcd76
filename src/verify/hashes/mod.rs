//! Whether the tree's hashes lead to the signed root, from whatever files they can be had.

pub(in crate::verify) mod against;
pub(in crate::verify) mod folded;
pub(in crate::verify) mod holes;
pub(in crate::verify) mod rebuilt;
pub(in crate::verify) mod rescue;
pub(in crate::verify) mod source;
pub(in crate::verify) mod tree;
pub(in crate::verify) mod truth;
