//! Two copies of one log: where they part, and which of them is damaged, or whether the log forked.

use std::io;

use super::compared_side::{ComparedSide, UnbelievedTree, first_difference};
use crate::{
    key::PublicKey,
    tlog::{
        checkpoint::Checkpoint,
        declaration::UnprovenDeclaration,
        evidence::Evidence,
        layout::Layout,
        merkle::leaf_hash,
        proof,
        view::View,
        vkey::{Algorithm, VerifierKey},
    },
    verify::{
        finding::{Finding, FindingKind},
        places,
    },
};

/// What two copies are to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyRelation {
    /// The same entries
    Same,
    /// The shorter one – the first or the second – is the beginning of the other
    Prefix(usize),
    /// The log's key signed both, and they contradict each other
    Fork,
    /// A copy does not give what its checkpoint states, or the log did not sign it; its findings say which
    Damaged,
    /// Copies of two ledgers
    Different,
    /// Nothing can be said: the larger one is a checkpoint without a history
    Undecided,
}

impl CopyRelation {
    /// The name, which scripts rely on.
    pub fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Prefix(_) => "prefix",
            Self::Fork => "fork",
            Self::Damaged => "damaged",
            Self::Different => "different",
            Self::Undecided => "undecided",
        }
    }
}

/// What was found out about a pair.
pub(in crate::verify) struct PairResult {
    pub(in crate::verify) relation: CopyRelation,
    pub(in crate::verify) n: Option<u64>,
    pub(in crate::verify) lines: [Option<Vec<u8>>; 2],
    pub(in crate::verify) evidence: Option<Evidence>,
}

impl PairResult {
    pub(in crate::verify) fn new(relation: CopyRelation) -> Self {
        Self { relation, n: None, lines: [None, None], evidence: None }
    }
}

/// Two copies whose checkpoints one key signed under one name.
pub(in crate::verify) struct CopyPair<'s, 'a> {
    pub(in crate::verify) sides: &'s mut [ComparedSide<'a>; 2],
    pub(in crate::verify) log: &'s PublicKey,
}

impl CopyPair<'_, '_> {
    /// Compares them, each by what its entries say, or by what its tree says.
    pub(in crate::verify) fn compare(mut self, entries: [bool; 2]) -> anyhow::Result<PairResult> {
        for (side, entries) in self.sides.iter_mut().zip(entries) {
            side.read(entries)?;
        }
        let n = self.walk()?;
        let [shorter, longer] = self.by_size();
        let consistent = self.consistent(n)?;
        let damaged = self.report_damage(n, consistent)?;
        let relation = match consistent {
            Some(false) => CopyRelation::Fork,
            None if self.sides[longer].is_alone() => CopyRelation::Undecided,
            None => CopyRelation::Damaged,
            Some(true) if damaged => CopyRelation::Damaged,
            Some(true) if self.size(0) == self.size(1) => CopyRelation::Same,
            Some(true) => CopyRelation::Prefix(shorter),
        };
        let mut found = PairResult { n, ..PairResult::new(relation) };
        if relation == CopyRelation::Fork {
            self.fork(&mut found)?;
        } else if let Some(n) = n {
            found.lines = self.lines(n)?;
        }
        Ok(found)
    }

    fn size(&self, side: usize) -> u64 {
        self.sides[side].stated().size
    }

    /// The shorter copy and the longer one; of equal ones the first is the shorter.
    fn by_size(&self) -> [usize; 2] {
        if self.size(0) <= self.size(1) { [0, 1] } else { [1, 0] }
    }

    /// Where they part, among the entries that both should have.
    fn walk(&mut self) -> anyhow::Result<Option<u64>> {
        let size = self.size(0).min(self.size(1));
        if self.sides.iter().any(ComparedSide::is_alone) {
            return Ok(None);
        }
        loop {
            match first_difference(self.sides, size)? {
                Ok(n) => return Ok(n),
                // Below the top the files are wrong; each side gives them up once.
                Err(UnbelievedTree(which)) => self.sides[which].give_up_tree()?,
            }
        }
    }

    /// Whether the two signed roots can both be of one history; none if that cannot be known.
    fn consistent(&mut self, n: Option<u64>) -> anyhow::Result<Option<bool>> {
        let [shorter, longer] = self.by_size();
        let Checkpoint { size, root, .. } = self.sides[shorter].stated().clone();
        if size == self.size(longer) {
            return Ok(Some(root == self.sides[longer].stated().root));
        }
        if self.sides.iter().all(ComparedSide::is_rooted) {
            return Ok(Some(n.is_none()));
        }
        // What a damaged shorter copy holds is worth nothing, but what its log signed is.
        let layout = self.sides[longer].view.layout();
        let then = self.sides[longer].make(|hash| proof::root_at(layout, size, hash))?;
        Ok(then.map(|then| then == root))
    }

    /// Says of each copy where it does not give its own signed root.
    fn report_damage(&mut self, n: Option<u64>, consistent: Option<bool>) -> anyhow::Result<bool> {
        let rooted = [0, 1].map(|side| self.sides[side].is_rooted());
        let sizes = [0, 1].map(|side| self.size(side));
        let mut damaged = false;
        for (side, other) in [(0, 1), (1, 0)] {
            let Self { sides, .. } = self;
            if rooted[side] || sides[side].is_alone() {
                continue;
            }
            damaged = true;
            // What another copy has under a root that this one's checkpoint agrees with is the truth.
            let finding = match n.filter(|_| consistent == Some(true) && rooted[other]) {
                Some(n) => changed(sides[side].view.layout(), n, sides[side].hash(0, n)?.is_some()),
                None => doubt(n, sizes[side], sizes[other]),
            };
            // That entries are missing was said as they were read.
            let was_said = sides[side].findings.iter().any(|said| said.kind == finding.kind && said.n == n);
            if !was_said {
                sides[side].findings.push(finding);
            }
        }
        Ok(damaged)
    }

    fn fork(&mut self, found: &mut PairResult) -> anyhow::Result<()> {
        let [shorter, longer] = self.by_size();
        if !self.sides.iter().all(ComparedSide::is_rooted) {
            // Where a damaged copy parts from the other says nothing about where the histories do.
            found.n = None;
        }
        if let Some(n) = found.n {
            found.lines = self.lines(n)?;
            let ids =
                [0, 1].map(|side| Some(UnprovenDeclaration::parse(found.lines[side].as_ref()?).ok()?.id));
            if n == 0 && (ids[0].is_none() || ids[0] != ids[1]) {
                found.relation = CopyRelation::Different;
                return Ok(());
            }
        }
        let (old, size) = (self.size(shorter), self.size(longer));
        let layout = self.sides[longer].view.layout();
        let subtrees = if old == size {
            Some(Vec::new())
        } else {
            self.sides[longer].make(|hash| proof::subtrees(layout, old, size, hash))?
        };
        let log = VerifierKey::new(origin(&self.sides[0]), Algorithm::Ed25519, self.log.clone())?;
        let checkpoints = [&self.sides[0].signed, &self.sides[1].signed];
        found.evidence = subtrees.and_then(|subtrees| Evidence::new(log, checkpoints, subtrees).ok());
        Ok(())
    }

    /// The lines of an entry; one that is not under its own root is said to be changed.
    fn lines(&mut self, n: u64) -> anyhow::Result<[Option<Vec<u8>>; 2]> {
        let mut lines = [None, None];
        for (number, side) in self.sides.iter_mut().enumerate().filter(|(_, side)| n < side.stated().size) {
            let line = line(side.view, n)?;
            let line = line.map(|line| line.strip_suffix(b"\r").map(<[u8]>::to_vec).unwrap_or(line));
            let expected = side.hash(0, n)?.filter(|_| side.is_rooted());
            if expected.is_some() && line.as_ref().map(|line| leaf_hash(line)) != expected {
                side.findings.push(changed(side.view.layout(), n, line.is_some()));
            }
            lines[number] = line;
        }
        Ok(lines)
    }
}

/// The line of an entry; none where its file is not what it should be, which shows in its hashes.
pub(in crate::verify) fn line(view: &dyn View, n: u64) -> io::Result<Option<Vec<u8>>> {
    match places::line(view, n) {
        Err(why) if why.kind() == io::ErrorKind::InvalidData => Ok(None),
        line => line,
    }
}

/// The name of a copy's log.
pub(in crate::verify) fn origin<'a>(side: &'a ComparedSide<'_>) -> &'a str {
    &side.stated().origin
}

/// An entry that is not what the signed root says.
fn changed(layout: Layout, n: u64, is_there: bool) -> Finding {
    let (kind, what) = if is_there {
        (FindingKind::Modified, "is not the one that the signed root covers")
    } else {
        (FindingKind::Missing, "is missing")
    };
    let finding = Finding::new(kind, format!("entry {n} {what}")).in_file(layout.entry_file_name(n));
    finding.at_line(layout.place_in_file(n) + 1).about(n)
}

/// Entries that do not give their signed root, without knowing which of them are right.
fn doubt(n: Option<u64>, size: u64, other: u64) -> Finding {
    let detail = "the entries do not give the signed root";
    match n {
        Some(n) => {
            let detail = format!("{detail}; they part from the other copy's at entry {n}");
            Finding::new(FindingKind::RootMismatch, detail).about(n)
        }
        None if other < size => {
            let detail = format!("{detail}; up to entry {other} they are those of the other copy");
            Finding::new(FindingKind::RootMismatch, detail).about(other)
        }
        None => Finding::new(FindingKind::RootMismatch, detail),
    }
}
