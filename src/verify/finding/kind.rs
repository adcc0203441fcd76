//! The kinds of findings: a line each, with the name, which scripts rely on, how much it weighs, and whether it denies
//! trust.

/// Whether a finding makes its target unsound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It does
    Error,
    /// It should be looked at
    Warning,
}

impl Severity {
    /// `error` or `warning`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// The checkpoint is not the word of the key that it was measured with.
const DENIES_TRUST: bool = true;
/// Whose word the checkpoint is does not depend on it.
const KEEPS_TRUST: bool = false;

/// Makes the table of kinds an enum and the columns its methods.
macro_rules! finding_kinds {
    ($($(#[$doc:meta])* $kind:ident: $name:literal, $severity:ident, $denial:ident;)*) => {
        /// What kind of fault it is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum FindingKind {
            $($(#[$doc])* $kind,)*
        }

        /// The columns, in the order of the kinds.
        const ROWS: &[(&str, Severity, bool)] = &[$(($name, Severity::$severity, $denial)),*];
    };
}

finding_kinds! {
    /// The checkpoint is missing or is no signed note of origin, size and root
    CheckpointMalformed: "checkpoint-malformed", Error, DENIES_TRUST;
    /// The log's signature is missing or wrong
    CheckpointSignature: "checkpoint-signature", Error, DENIES_TRUST;
    /// Another key than the one that is trusted
    WrongKey: "wrong-key", Error, DENIES_TRUST;
    /// Entry 0 does not declare this ledger
    BadGenesis: "bad-genesis", Error, DENIES_TRUST;
    /// Fewer entries than were seen before
    RolledBack: "rolled-back", Error, KEEPS_TRUST;
    /// The log signed another history than the one that was seen before
    Forked: "forked", Error, KEEPS_TRUST;
    /// Evidence that does not prove a fork
    NoFork: "no-fork", Error, KEEPS_TRUST;
    /// An entry's line has another content
    Modified: "modified", Error, KEEPS_TRUST;
    /// An entry's line is gone
    Missing: "missing", Error, KEEPS_TRUST;
    /// A line that is no entry of the tree
    Inserted: "inserted", Error, KEEPS_TRUST;
    /// An entry stands elsewhere
    Moved: "moved", Error, KEEPS_TRUST;
    /// Fewer entries than the checkpoint says
    Truncated: "truncated", Error, KEEPS_TRUST;
    /// Fewer entries than the checkpoint says, and nothing that is there contradicts it
    Incomplete: "incomplete", Error, KEEPS_TRUST;
    /// A line that is no entry
    Malformed: "malformed", Error, KEEPS_TRUST;
    /// Received before the entry that precedes it
    ReceivedBackwards: "received-backwards", Error, KEEPS_TRUST;
    /// A time of arrival that does not undo a jump of the clock as it may
    BadWall: "bad-wall", Error, KEEPS_TRUST;
    /// The entries do not give the signed root
    RootMismatch: "root-mismatch", Error, KEEPS_TRUST;
    /// Not in the one form that is written
    NotCanonical: "not-canonical", Error, KEEPS_TRUST;
    /// A proof does not hold
    BadProof: "bad-proof", Error, KEEPS_TRUST;
    /// No proof where one is needed
    Unsigned: "unsigned", Error, KEEPS_TRUST;
    /// No signer of it may write here
    Unauthorized: "unauthorized", Error, KEEPS_TRUST;
    /// Signed with a key that was revoked before
    RevokedKey: "revoked-key", Error, KEEPS_TRUST;
    /// Signed with a key that was revoked later, and trusted only until before that
    Suspect: "suspect", Warning, KEEPS_TRUST;
    /// Entries were dropped on purpose, and cannot be seen here
    Pruned: "pruned", Warning, KEEPS_TRUST;
    /// Entry 0 goes on from another ledger, and may not, or not so
    BadSuccession: "bad-succession", Error, DENIES_TRUST;
    /// Lines beyond what the checkpoint states
    Trailing: "trailing", Warning, KEEPS_TRUST;
    /// Entry 0 goes on from another ledger, and something of that could not be checked
    Succession: "succession", Warning, KEEPS_TRUST;
    /// A stub that says nothing about this ledger
    OtherStub: "other-stub", Warning, KEEPS_TRUST;
    /// A stub that the log's key has not signed
    UnsignedStub: "unsigned-stub", Warning, KEEPS_TRUST;
    /// The derived files in `tree/` are wrong or missing
    TreeDamaged: "tree-damaged", Warning, KEEPS_TRUST;
    /// Numbers are missing in a source's own sequence
    Gap: "gap", Warning, KEEPS_TRUST;
    /// A number of a source's own sequence comes a second time
    Replayed: "replayed", Warning, KEEPS_TRUST;
    /// A source's own clock goes backwards
    TimeBackwards: "time-backwards", Warning, KEEPS_TRUST;
    /// A proof of a suite, or of a key, that this version does not know: nothing is said for it, or against it
    UnknownProof: "unknown-proof", Warning, KEEPS_TRUST;
    /// Lines end with CR LF
    LineEndings: "line-endings", Warning, KEEPS_TRUST;
}

impl FindingKind {
    /// The kind's name, which scripts rely on.
    pub fn name(self) -> &'static str {
        ROWS[self as usize].0
    }

    /// How much it weighs, unless the place says otherwise.
    pub fn severity(self) -> Severity {
        ROWS[self as usize].1
    }

    /// Whether it denies that the checkpoint is the word of the key that it was measured with.
    pub fn denies_trust(self) -> bool {
        ROWS[self as usize].2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_own_row() {
        for (kind, name, severity, denies) in [
            (FindingKind::CheckpointMalformed, "checkpoint-malformed", Severity::Error, true),
            (FindingKind::RolledBack, "rolled-back", Severity::Error, false),
            (FindingKind::BadSuccession, "bad-succession", Severity::Error, true),
            (FindingKind::LineEndings, "line-endings", Severity::Warning, false),
        ] {
            assert_eq!((kind.name(), kind.severity(), kind.denies_trust()), (name, severity, denies));
        }
    }
}
