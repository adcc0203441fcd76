//! One pass over the lines of a log: each is hashed, read, and asked whether it keeps the rules. Whether lines and tree
//! agree shows here; where they do not is asked of a locator.

pub(in crate::verify) mod examine;
pub(in crate::verify) mod file;
pub(in crate::verify) mod listener;
pub(in crate::verify) mod locator;
pub(in crate::verify) mod merge;
pub(in crate::verify) mod order;
pub(in crate::verify) mod pool;
pub(in crate::verify) mod roll;
pub(in crate::verify) mod signer_index;
pub(in crate::verify) mod streams;
pub(in crate::verify) mod suspects;
