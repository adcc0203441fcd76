//! Why a text is not I-JSON, and where.

use std::fmt;

/// Why a text is not I-JSON, and where. `line` and `column` count from 1; a column counts bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError {
    /// The line within the text
    pub line: usize,
    /// The byte within the line
    pub column: usize,
    /// What is wrong, without the place
    pub message: String,
}

impl JsonError {
    /// Whether the text ends too early: more of it might be JSON.
    pub fn is_cut_off(&self) -> bool {
        self.message.starts_with("ends within")
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 1 {
            write!(f, "{} at line {} column {}", self.message, self.line, self.column)
        } else {
            write!(f, "{} at column {}", self.message, self.column)
        }
    }
}

impl std::error::Error for JsonError {}
