//! What a verifier's report comes to.

use crate::verify::{FindingKind, VerifyReport};

/// The answer to "is it sound?".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Soundness {
    /// Yes, and a key from outside vouches for it, where that takes one
    Sound,
    /// No
    NotSound,
    /// Not all was checked, no key from outside vouches for it, or it answers none of the stubs
    NotDecided,
    /// Some of the records are none
    NotReadable,
}

impl Soundness {
    /// The answer that a report gives.
    pub fn of(report: &VerifyReport) -> Self {
        match report.kind {
            "records" if report.has(FindingKind::Malformed) => Self::NotReadable,
            _ if !report.sound() => Self::NotSound,
            _ if !report.all_checked() => Self::NotDecided,
            "ledger" | "published" if report.vouched.is_empty() || !report.answers_stubs() => {
                Self::NotDecided
            }
            _ => Self::Sound,
        }
    }
}
