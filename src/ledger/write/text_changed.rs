//! What an appender says of a ledger that went through something that changes texts: a mail, a checkout, an editor.

use std::fmt;

/// A file of the ledger has other line ends, or a byte-order mark. Nothing is lost, but nothing is written behind it either.
#[derive(Debug)]
pub struct TextChanged {
    /// The path of the file
    pub(super) file: String,
}

impl fmt::Display for TextChanged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let went = "went through something that changes texts (line ends, a byte-order mark)";
        write!(f, "{}: {went}; its content is as it was", self.file)
    }
}

impl std::error::Error for TextChanged {}
