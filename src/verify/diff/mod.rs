//! Two copies of one log: where they part, and whose fault that is.

pub(in crate::verify) mod compared_side;
pub(in crate::verify) mod comparison;
pub(in crate::verify) mod copy_pair;
