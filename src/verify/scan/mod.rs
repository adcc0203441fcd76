//! One pass over the lines of a log: each is hashed, read, and asked whether it keeps the rules.

pub(in crate::verify) mod examine;
pub(in crate::verify) mod merge;
pub(in crate::verify) mod pool;
pub(in crate::verify) mod records;
pub(in crate::verify) mod roll;
pub(in crate::verify) mod streams;
pub(in crate::verify) mod suspect;
