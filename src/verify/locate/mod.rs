//! Where a fault is: which line is which entry, once lines and tree are known to disagree.

mod align;
mod fates;
mod garbled;
mod likely;
pub(in crate::verify) mod locator;
pub(in crate::verify) mod mismatch;
mod strays;
mod window;
