//! Where a fault is: which line is which entry, once lines and tree are known to disagree.

mod alignment;
mod entry_window;
mod fate_report;
mod garbled;
pub(in crate::verify) mod incomplete;
mod likely_entry;
pub(in crate::verify) mod line_locator;
pub(in crate::verify) mod mismatch;
mod stray_entries;
