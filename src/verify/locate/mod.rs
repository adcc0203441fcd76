//! Where a fault is: which line is which entry, once lines and tree are known to disagree.

pub(in crate::verify) mod align;
pub(in crate::verify) mod garbled;
pub(in crate::verify) mod likely;
pub(in crate::verify) mod settled;
pub(in crate::verify) mod strays;
pub(in crate::verify) mod window;
