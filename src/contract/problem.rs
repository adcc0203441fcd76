//! Problems of a contract: errors and warnings, each with its place.

use std::{fmt, ops::Range};

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProblemSeverity {
    /// The contract is none
    Error,
    /// It is one, but hardly what its authors meant
    Warning,
}

impl fmt::Display for ProblemSeverity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == Self::Error { "error" } else { "warning" })
    }
}

/// A place in a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProblemPlace {
    /// A member, as `terms[0].require`; the bytes of its text that are meant, `None` for the whole value
    Value(String, Option<Range<usize>>),
    /// A member's name
    Key(String),
    /// Bytes of the file
    Bytes(Range<usize>),
}

impl ProblemPlace {
    /// The member that is meant; empty for the whole document.
    pub fn path(&self) -> &str {
        match self {
            Self::Value(path, _) | Self::Key(path) => path,
            Self::Bytes(_) => "",
        }
    }
}

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// How bad it is
    pub severity: ProblemSeverity,
    /// Where it is
    pub place: ProblemPlace,
    /// A sentence
    pub message: String,
}

impl Problem {
    /// A problem that makes the contract none.
    pub fn error(place: ProblemPlace, message: impl Into<String>) -> Self {
        Self { severity: ProblemSeverity::Error, place, message: message.into() }
    }

    /// A problem that is hardly meant.
    pub fn warning(place: ProblemPlace, message: impl Into<String>) -> Self {
        Self { severity: ProblemSeverity::Warning, place, message: message.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place.path() {
            "" => f.write_str(&self.message),
            path => write!(f, "{path}: {}", self.message),
        }
    }
}
