//! One pass over the lines of a log: each is hashed, read, and asked whether it keeps the rules. Whether lines and tree
//! agree shows here; where they do not is asked of a locator.

pub(in crate::verify) mod fault_locator;
pub(in crate::verify) mod file_clocks;
pub(in crate::verify) mod known_lines;
pub(in crate::verify) mod line_examiner;
pub(in crate::verify) mod line_listener;
pub(in crate::verify) mod line_source;
pub(in crate::verify) mod log_scan;
pub(in crate::verify) mod order_check;
pub(in crate::verify) mod pool;
pub(in crate::verify) mod proven_lines;
pub(in crate::verify) mod registry_check;
pub(in crate::verify) mod scanned_file;
pub(in crate::verify) mod scanned_line;
pub(in crate::verify) mod signer_index;
pub(in crate::verify) mod stream_check;
pub(in crate::verify) mod suspects;
