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
    /// What is wrong at a byte of a text.
    pub(super) fn at(text: &[u8], at: usize, message: String) -> Self {
        let before = &text[..at];
        let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |lf| lf + 1);
        let line = before.split(|byte| *byte == b'\n').count();
        Self { line, column: at - line_start + 1, message }
    }

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
