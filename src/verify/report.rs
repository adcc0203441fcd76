//! What a verifier says in the end.

use super::finding::{Finding, Findings, Kind};
use crate::{
    hash::Hash,
    json::{Object, Value},
    key::PublicKey,
    record::genesis::Genesis,
    tlog::{checkpoint::SignedCheckpoint, consistency::Consistency},
};

/// Where the key came from that the log was measured with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// Whoever asked named it
    Given,
    /// It was remembered from an earlier time
    Pinned,
    /// It signed a stub that somebody was handed
    Stub,
    /// The ledger that was continued let it go on
    Continued,
    /// A contract names the ledger by its id, which fixes entry 0 and the key in it
    Contract,
    /// The reader trusts the key that entry 0 names
    Trusted,
    /// Nobody outside the log named it
    None,
}

impl KeySource {
    /// `given`, `pinned`, `stub`, `continued`, `contract`, `trusted` or `none`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Pinned => "pinned",
            Self::Stub => "stub",
            Self::Continued => "continued",
            Self::Contract => "contract",
            Self::Trusted => "trusted",
            Self::None => "none",
        }
    }

    /// Whether the reader made the key known by an act of their own, now or earlier. A stub and a contract may have
    /// come with the ledger, so they vouch in one verdict only; a successor's key is known if its predecessor's is.
    pub fn is_readers_act(self) -> bool {
        matches!(self, Self::Given | Self::Pinned | Self::Trusted)
    }
}

/// Somebody who stands for a range of entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voucher {
    /// `log`: its own word; `seen`: whoever verified it here before; `stub`: whoever was handed one
    pub by: &'static str,
    /// The log's key, which signed what each of them goes by
    pub key: PublicKey,
    /// The first entry, inclusive
    pub first: u64,
    /// The last entry, inclusive
    pub last: u64,
    /// The file of the stubs
    pub file: Option<String>,
    /// How many of its stubs are extended
    pub stubs: usize,
}

/// How the stubs fared that a ledger was held against.
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

/// The verdict on one target.
#[derive(Clone, Debug)]
pub struct Report {
    /// `ledger`, `records`, `proof` or `evidence`
    pub kind: &'static str,
    /// Where the key came from
    pub key: KeySource,
    /// The log's name, as its checkpoint says
    pub origin: Option<String>,
    /// The checkpoint's size
    pub size: Option<u64>,
    /// The checkpoint's root
    pub root: Option<Hash>,
    /// Who stands for what
    pub vouched: Vec<Voucher>,
    /// Entries that were dropped, and so not looked at: first and last of each run, inclusive
    pub unseen: Vec<(u64, u64)>,
    /// How many entries, or loose records, were looked at
    pub entries_checked: u64,
    /// How many proofs hold
    pub proofs_checked: u64,
    /// Whether the proofs of records were looked at: without, nothing is known of who said what
    pub signatures_checked: bool,
    /// What is odd
    pub findings: Findings,
    /// The ledger's id, if entry 0 declares it well
    pub id: Option<Hash>,
    /// What entry 0 declares, and who signed it
    pub declared: Option<(Genesis, Vec<PublicKey>)>,
    /// How the stubs fared, if there were any
    pub stubs: Option<StubTally>,
    /// How what successors claim stands to the ledger, in the order of [`super::Trust::claims`]
    pub claims: Vec<Consistency>,
    /// The checkpoint and the key that it was measured with, to be remembered
    pub checkpoint: Option<(SignedCheckpoint, PublicKey)>,
}

impl Report {
    pub(super) fn new(kind: &'static str) -> Self {
        Self {
            kind,
            key: KeySource::None,
            origin: None,
            size: None,
            root: None,
            vouched: Vec::new(),
            unseen: Vec::new(),
            entries_checked: 0,
            proofs_checked: 0,
            signatures_checked: true,
            findings: Findings::default(),
            id: None,
            declared: None,
            stubs: None,
            claims: Vec::new(),
            checkpoint: None,
        }
    }

    /// Whether there is no error.
    pub fn sound(&self) -> bool {
        !self.findings.has_error()
    }

    /// Whether every stub of this ledger could be held against it, and at least one. A stub that is nobody's
    /// word, of another ledger, or not read leaves the question open.
    pub fn answers_stubs(&self) -> bool {
        self.stubs.is_none_or(|stubs| stubs.extended > 0 && stubs.unsigned == 0 && stubs.all_read)
    }

    /// Whether the checkpoint is the word of the key that it was measured with.
    pub(super) fn origin_vouched(&self) -> bool {
        let denied = self.findings().iter().any(|finding| finding.kind.denies_trust());
        self.key != KeySource::None && !denied
    }

    /// Nobody is said to stand for what was not seen.
    pub(super) fn leave_out_unseen(&mut self) {
        let unseen = std::mem::take(&mut self.unseen);
        let split = |voucher: &Voucher| {
            let ranges = seen(voucher.first, voucher.last, &unseen);
            ranges.map(|(first, last)| Voucher { first, last, ..voucher.clone() }).collect::<Vec<_>>()
        };
        self.vouched = self.vouched.iter().flat_map(split).collect();
        self.unseen = unseen;
    }

    /// What was found, in the order of the places.
    pub fn findings(&self) -> Vec<&Finding> {
        self.findings.sorted()
    }

    /// Whether something of this kind is among the findings that were kept.
    pub fn has(&self, kind: Kind) -> bool {
        self.findings().iter().any(|finding| finding.kind == kind)
    }

    /// The line of `verify --json`, without `target`.
    pub fn to_object(&self) -> Object {
        let vouched = self.vouched.iter().map(|voucher| voucher.to_object().into());
        let findings = self.findings().into_iter().map(|finding| finding.to_object().into());
        let mut object = crate::object! {
            "kind": self.kind,
            // Without errors it is still not known to be sound.
            "sound": (self.signatures_checked || !self.sound()).then(|| self.sound()),
            "key": self.key.name(),
            "vouched": Value::Array(vouched.collect()),
            "origin": self.origin.clone(),
            "size": self.size,
            "root": self.root.map(|root| root.to_string()),
            "entries_checked": self.entries_checked,
            "proofs_checked": self.proofs_checked,
            "findings": Value::Array(findings.collect()),
            "findings_total": self.findings.total(),
        };
        if !self.unseen.is_empty() {
            let runs = self
                .unseen
                .iter()
                .map(|(first, last)| crate::object! { "first": *first, "last": *last }.into());
            object.insert("not_seen", Value::Array(runs.collect()));
        }
        if let Some(stubs) = self.stubs {
            object.insert("stubs", stubs.to_object());
        }
        if !self.signatures_checked {
            object.insert("signatures_checked", false);
        }
        object
    }
}

impl Voucher {
    fn to_object(&self) -> Object {
        let mut object = crate::object! {
            "by": self.by,
            "key": self.key.did(),
            "first": self.first,
            "last": self.last,
        };
        if let Some(file) = &self.file {
            object.insert("file", file.as_str());
            object.insert("stubs", self.stubs as u64);
        }
        object
    }
}

impl StubTally {
    fn to_object(self) -> Object {
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

/// What is left of a range without some ascending runs, all first and last, inclusive.
fn seen(first: u64, last: u64, unseen: &[(u64, u64)]) -> impl Iterator<Item = (u64, u64)> {
    let begins = std::iter::once(first).chain(unseen.iter().map(|run| run.1 + 1));
    let ends = unseen.iter().map(|run| run.0.checked_sub(1)).chain([Some(last)]);
    let between = begins.zip(ends).filter_map(|(from, to)| Some((from, to?)));
    let clipped = between.map(move |(from, to)| (from.max(first), to.min(last)));
    clipped.filter(|(from, to)| from <= to).collect::<Vec<_>>().into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_seen_is_the_rest() {
        let seen = |unseen: &[(u64, u64)]| seen(0, 99, unseen).collect::<Vec<_>>();
        assert_eq!(seen(&[]), [(0, 99)]);
        assert_eq!(seen(&[(1, 9)]), [(0, 0), (10, 99)]);
        assert_eq!(seen(&[(0, 9), (20, 29)]), [(10, 19), (30, 99)]);
        assert_eq!(seen(&[(90, 200)]), [(0, 89)]);
        assert_eq!(seen(&[(0, 99)]), []);
    }
}
