//! Two copies of a ledger: the same, one the beginning of the other, a fork, or a damaged copy.
//!
//! ```text
//! both checkpoints signed by the log? ─► all entries hashed, or both trees lead to their roots?
//!                                     ─► from the top of both trees down to entry n
//! ```
//!
//! Everyone can change a copy, and only the log can sign: a fork is said only where the log's key signed both
//! checkpoints and they contradict each other. A copy that does not give its own signed root is damaged, and
//! what it seems to say is no history of the log.

use anyhow::Context as _;

use super::{
    compared_side::ComparedSide,
    copy_pair::{CopyPair, CopyRelation, PairResult, line, origin},
};
use crate::{
    key::PublicKey,
    tlog::{checkpoint::SignedCheckpoint, declaration::UnprovenDeclaration, evidence::Evidence, view::View},
    verify::{
        finding::{Finding, Findings},
        trust::{
            Trust,
            key_source::{GivenKey, KeySource},
            stubs::SortedStubs,
            trust_anchor::{self, TrustAnchor},
        },
    },
};

/// What of a copy was compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComparedPart {
    /// All its entries
    Entries,
    /// The files of its tree, as far as they lead to the signed root
    Tree,
    /// Its checkpoint, and there is no more of it
    Checkpoint,
}

impl ComparedPart {
    /// The name, which scripts rely on.
    pub fn name(self) -> &'static str {
        match self {
            Self::Entries => "entries",
            Self::Tree => "tree",
            Self::Checkpoint => "checkpoint",
        }
    }
}

/// One of the copies.
#[derive(Clone, Debug)]
pub struct ComparedCopy {
    /// Its checkpoint
    pub signed: SignedCheckpoint,
    /// What of it was compared
    pub part: ComparedPart,
    /// The line of the first entry that differs; `None`: it has no such line
    pub line: Option<Vec<u8>>,
    /// What is wrong with it
    pub findings: Vec<Finding>,
}

/// The result of a comparison.
#[derive(Clone, Debug)]
pub struct CopyComparison {
    /// What they are to each other
    pub relation: CopyRelation,
    /// The first entry that they have not in common; `None`: there is none, or it is not known
    pub n: Option<u64>,
    /// How the log's key is known
    pub key: KeySource,
    /// The log's key; `None`: it is not known
    pub log: Option<PublicKey>,
    /// The copies, in their order
    pub copies: [ComparedCopy; 2],
    /// What proves a fork; `None`: there is none, or it cannot be proven
    pub evidence: Option<Evidence>,
}

/// Compares two copies, each by its entries, or, where not so, by its tree.
///
/// # Errors
/// If one cannot be read, or the log's key is not known.
pub fn compare(
    a: &dyn View,
    b: &dyn View,
    trust: &Trust,
    entries: [bool; 2],
) -> anyhow::Result<CopyComparison> {
    let mut sides = [ComparedSide::new(a).context("the first")?, ComparedSide::new(b).context("the second")?];
    let anchor = TrustAnchor::of(trust, None, false, &SortedStubs::default());
    let declared = if anchor.key.is_some() { None } else { Some(declared(&sides)?) };
    let strangers = matches!(declared, Some(Declared::Two)) || origin(&sides[0]) != origin(&sides[1]);
    let log = match declared {
        Some(Declared::One(log)) => Some(log),
        _ => anchor.key,
    };
    let mut found = PairResult::new(CopyRelation::Different);
    if !strangers {
        let log = log.as_ref().context("nobody names the log's key")?;
        found = if signed_by(&mut sides, log, trust) {
            CopyPair { sides: &mut sides, log }.compare(entries)?
        } else {
            PairResult::new(CopyRelation::Damaged)
        };
    }
    let PairResult { relation, n, mut lines, evidence } = found;
    let mut number = 0;
    let copies = sides.map(|side| {
        number += 1;
        let part = match (side.is_alone(), side.is_by_entries()) {
            (true, _) => ComparedPart::Checkpoint,
            (false, true) => ComparedPart::Entries,
            (false, false) => ComparedPart::Tree,
        };
        let ComparedSide { signed, findings, .. } = side;
        ComparedCopy { signed, part, findings, line: lines[number - 1].take() }
    });
    Ok(CopyComparison { relation, n, key: anchor.source, log, copies, evidence })
}

/// Whose ledgers they are, as their own first entries say.
enum Declared {
    One(PublicKey),
    Two,
}

fn declared(sides: &[ComparedSide<'_>; 2]) -> anyhow::Result<Declared> {
    let mut logs = Vec::new();
    for side in sides.iter().filter(|side| !side.is_alone()) {
        let line = line(side.view, 0)?;
        logs.extend(line.and_then(|line| Some(UnprovenDeclaration::parse(&line).ok()?.genesis.log)));
    }
    logs.dedup();
    match &logs[..] {
        [log] => Ok(Declared::One(log.clone())),
        [] => anyhow::bail!("nobody names the log's key: no entry 0 does, and no key was given"),
        _ => Ok(Declared::Two),
    }
}

/// Whether the log's key signed both checkpoints; where not, a finding says so.
fn signed_by(sides: &mut [ComparedSide<'_>; 2], log: &PublicKey, trust: &Trust) -> bool {
    let given = trust.given.clone().unwrap_or_else(|| GivenKey::Key(log.clone()));
    let anchor = TrustAnchor { key: Some(given.key().clone()), source: KeySource::Given };
    let trust = Trust { given: Some(given), ..Trust::default() };
    for side in sides.iter_mut() {
        let mut found = Findings::default();
        trust_anchor::check(Some(&side.signed), None, &trust, &anchor, &mut found);
        side.findings.extend(found.sorted().into_iter().cloned());
    }
    sides.iter().all(|side| side.findings.is_empty())
}
