//! Stubs: checkpoints that people were handed, sorted by what their signatures are worth.

use super::{
    RememberedCheckpoint, Trust,
    statement::{OutsideStatement, StatementSource},
};
use crate::{
    json::Object,
    key::PublicKey,
    tlog::checkpoint::{Checkpoint, SignedCheckpoint},
    verify::finding::{Finding, FindingKind, Findings},
};

/// A checkpoint that a person was handed, and where it was found.
#[derive(Clone, Debug)]
pub struct Stub {
    /// What was handed over
    pub checkpoint: SignedCheckpoint,
    /// The file that it is kept in
    pub file: String,
    /// The line in it, from 1
    pub line: u64,
}

/// How many stubs a ledger was held against, and how many it extends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StubTally {
    /// How many were read
    pub given: usize,
    /// Whether these were all
    pub all_read: bool,
    /// How many the ledger extends
    pub extended: usize,
    /// How many are of another ledger
    pub elsewhere: usize,
    /// How many the log's key has not signed
    pub unsigned: usize,
}

/// Stubs, by what their signatures make of them.
#[derive(Debug, Default)]
pub(in crate::verify) struct SortedStubs<'a> {
    all: &'a [Stub],
    /// Those that the log's key signed
    good: Vec<usize>,
    /// Those of another origin
    elsewhere: Vec<usize>,
    /// Those that the log's key has not signed
    unsigned: Vec<usize>,
}

impl<'a> SortedStubs<'a> {
    /// Sorts stubs by the origin and the key of the ledger that they are held against.
    pub(in crate::verify) fn weigh(all: &'a [Stub], origin: Option<&str>, key: Option<&PublicKey>) -> Self {
        let mut stubs = Self { all, ..Self::default() };
        for (at, stub) in all.iter().enumerate() {
            let of = &stub.checkpoint.checkpoint().origin;
            let signed = |key| stub.checkpoint.verified_by(origin.unwrap_or(of), key).is_ok();
            match (origin, key) {
                (Some(origin), _) if origin != of => stubs.elsewhere.push(at),
                (_, Some(key)) if signed(key) => stubs.good.push(at),
                _ => stubs.unsigned.push(at),
            }
        }
        stubs
    }

    /// The stub of a number.
    pub(super) fn stub(&self, at: usize) -> &Stub {
        &self.all[at]
    }

    /// How they fared, if there are any: so many are extended.
    pub(super) fn tally(&self, extended: usize, all_read: bool) -> Option<StubTally> {
        let Self { all, elsewhere, unsigned, .. } = self;
        let (given, elsewhere, unsigned) = (all.len(), elsewhere.len(), unsigned.len());
        (given > 0).then_some(StubTally { given, all_read, extended, elsewhere, unsigned })
    }

    /// How many the log's key signed.
    pub(in crate::verify) fn count(&self) -> usize {
        self.good.len()
    }

    /// Says which stubs are of no use, the first of each kind by name.
    pub(in crate::verify) fn say(&self, findings: &mut Findings) {
        let named = |at: &usize| {
            let stub = &self.all[*at];
            format!("{}:{}, of {:?}", stub.file, stub.line, stub.checkpoint.checkpoint().origin)
        };
        let given = self.all.len();
        let which = |count| match (count, given) {
            (1, 1) => "the stub is".to_owned(),
            (1, _) => format!("1 of {given} stubs is"),
            (count, _) => format!("{count} of {given} stubs are"),
        };
        if let Some(first) = self.elsewhere.first() {
            let detail = format!("{} of another ledger ({})", which(self.elsewhere.len()), named(first));
            findings.push(Finding::new(FindingKind::OtherStub, detail));
        }
        if let Some(first) = self.unsigned.first() {
            let detail = format!(
                "{} not signed by the log's key, and so nobody's word ({})",
                which(self.unsigned.len()),
                named(first)
            );
            findings.push(Finding::new(FindingKind::UnsignedStub, detail));
        }
    }

    /// What is to be compared with the tree: stubs that count, what was seen, what successors claim.
    pub(in crate::verify) fn statements(&self, trust: &Trust) -> Vec<OutsideStatement> {
        let stub = |at: &usize| {
            let Checkpoint { size, root, .. } = self.all[*at].checkpoint.checkpoint();
            OutsideStatement::new(*size, *root, StatementSource::Stub(*at))
        };
        let seen = trust.remembered.as_ref();
        let seen = seen.map(|RememberedCheckpoint { size, root, .. }| {
            OutsideStatement::new(*size, *root, StatementSource::Seen)
        });
        let claims = trust.claims.iter().enumerate();
        let claims = claims
            .map(|(at, claim)| OutsideStatement::new(claim.size, claim.root, StatementSource::Claim(at)));
        self.good.iter().map(stub).chain(seen).chain(claims).collect()
    }
}

impl StubTally {
    pub(in crate::verify) fn to_object(self) -> Object {
        let mut object = crate::object! {
            "given": self.given as u64,
            "extended": self.extended as u64,
            "elsewhere": self.elsewhere as u64,
            "unsigned": self.unsigned as u64,
        };
        if !self.all_read {
            object.insert("all_read", false);
        }
        object
    }
}
