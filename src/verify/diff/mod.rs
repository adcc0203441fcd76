//! Two copies of one log: where they part, and whose fault that is.

pub(in crate::verify) mod compare;
pub(in crate::verify) mod pair;
pub(in crate::verify) mod side;
