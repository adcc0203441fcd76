//! The kinds of findings: their names, which scripts rely on, and how much they weigh.

/// What kind of fault it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The checkpoint is missing or is no signed note of origin, size and root
    CheckpointMalformed,
    /// The log's signature is missing or wrong
    CheckpointSignature,
    /// Another key than the one that is trusted
    WrongKey,
    /// Entry 0 does not declare this ledger
    BadGenesis,
    /// Fewer entries than were seen before
    RolledBack,
    /// The log signed another history than the one that was seen before
    Forked,
    /// Evidence that does not prove a fork
    NoFork,
    /// An entry's line has another content
    Modified,
    /// An entry's line is gone
    Missing,
    /// A line that is no entry of the tree
    Inserted,
    /// An entry stands elsewhere
    Moved,
    /// Fewer entries than the checkpoint says
    Truncated,
    /// A line that is no entry
    Malformed,
    /// Received before the entry that precedes it
    ReceivedBackwards,
    /// The entries do not give the signed root
    RootMismatch,
    /// Not in the one form that is written
    NotCanonical,
    /// A proof does not hold
    BadProof,
    /// No proof where one is needed
    Unsigned,
    /// Signed by nobody who may write here
    Unauthorized,
    /// Signed with a key that was revoked before
    RevokedKey,
    /// Signed with a key that was revoked later, and trusted only until before that
    Suspect,
    /// Entries were dropped on purpose, and nobody can see them here
    Pruned,
    /// Entry 0 goes on from another ledger, and may not, or not so
    BadSuccession,
    /// Lines beyond what the checkpoint states
    Trailing,
    /// Entry 0 goes on from another ledger, and something of that could not be checked
    Succession,
    /// A stub that says nothing about this ledger
    OtherStub,
    /// A stub that the log's key has not signed
    UnsignedStub,
    /// The derived files in `tree/` are wrong or missing
    TreeDamaged,
    /// Numbers are missing in a source's own sequence
    Gap,
    /// A number of a source's own sequence comes a second time
    Replayed,
    /// A source's own clock goes backwards
    TimeBackwards,
    /// Lines end with CR LF
    LineEndings,
}

/// Whether a finding makes its target unsound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

impl Kind {
    /// The kind's name, which scripts rely on.
    pub fn name(self) -> &'static str {
        match self {
            Self::CheckpointMalformed => "checkpoint-malformed",
            Self::CheckpointSignature => "checkpoint-signature",
            Self::WrongKey => "wrong-key",
            Self::BadGenesis => "bad-genesis",
            Self::RolledBack => "rolled-back",
            Self::Forked => "forked",
            Self::NoFork => "no-fork",
            Self::Modified => "modified",
            Self::Missing => "missing",
            Self::Inserted => "inserted",
            Self::Moved => "moved",
            Self::Truncated => "truncated",
            Self::Malformed => "malformed",
            Self::ReceivedBackwards => "received-backwards",
            Self::RootMismatch => "root-mismatch",
            Self::NotCanonical => "not-canonical",
            Self::BadProof => "bad-proof",
            Self::Unsigned => "unsigned",
            Self::Unauthorized => "unauthorized",
            Self::RevokedKey => "revoked-key",
            Self::Suspect => "suspect",
            Self::Pruned => "pruned",
            Self::BadSuccession => "bad-succession",
            Self::Trailing => "trailing",
            Self::Succession => "succession",
            Self::OtherStub => "other-stub",
            Self::UnsignedStub => "unsigned-stub",
            Self::TreeDamaged => "tree-damaged",
            Self::Gap => "gap",
            Self::Replayed => "replayed",
            Self::TimeBackwards => "time-backwards",
            Self::LineEndings => "line-endings",
        }
    }

    /// How much it weighs, unless the place says otherwise.
    pub fn severity(self) -> Severity {
        match self {
            Self::Suspect
            | Self::Pruned
            | Self::Trailing
            | Self::Succession
            | Self::OtherStub
            | Self::UnsignedStub
            | Self::TreeDamaged
            | Self::Gap
            | Self::Replayed
            | Self::TimeBackwards
            | Self::LineEndings => Severity::Warning,
            _ => Severity::Error,
        }
    }
}
