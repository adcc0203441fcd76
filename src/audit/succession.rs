//! Ledgers that are asked about together and continue one another.

use std::path::{Path, PathBuf};

use super::target;
use crate::{
    hash::Hash,
    record::genesis::Genesis,
    tlog::consistency::Consistency,
    verify::{self, SuccessorClaim, VerifiedPredecessor, VerifyReport},
};

/// The ledgers among some targets, by what their entries 0 declare.
#[derive(Default)]
pub struct LedgerFamily {
    members: Vec<Member>,
}

struct Member {
    /// The target, as it was named
    path: PathBuf,
    id: Hash,
    genesis: Genesis,
    /// What came out when it was verified: size, whether it is vouched for, and how its successors' claims stand;
    /// none until then
    verified: Option<(u64, bool, Vec<Consistency>)>,
}

impl LedgerFamily {
    /// Looks at the targets that are ledgers, in the places that they stand for. What cannot be read has no
    /// relatives here, and shows its faults when it is verified.
    pub fn of(targets: &[PathBuf], place_of: impl Fn(&Path) -> Option<PathBuf>) -> Self {
        let mut family = Self::default();
        let member = |target: &PathBuf| {
            // One alone has no relatives, and its server is not asked for what it says of them.
            let place = place_of(target).filter(|place| targets.len() > 1 || place.is_dir())?;
            let log = target::log(&place).ok()??;
            let declared = verify::unproven_declaration(log.as_ref()).ok()??;
            let (id, genesis) = (declared.id, declared.genesis);
            Some(Member { path: target.clone(), id, genesis, verified: None })
        };
        for member in targets.iter().filter_map(member) {
            // Of two copies of one ledger the first counts.
            if family.member(&member.id).is_none() {
                family.members.push(member);
            }
        }
        family
    }

    /// The targets, a ledger before those that continue it, and otherwise as they are.
    pub fn in_order<'t>(&self, targets: &'t [PathBuf]) -> Vec<&'t PathBuf> {
        let mut ordered: Vec<&PathBuf> = targets.iter().collect();
        // Sorting is stable: what has no predecessor here keeps its place among its like.
        ordered.sort_by_key(|target| self.generation(target));
        ordered
    }

    /// How many of these ledgers come before one.
    fn generation(&self, target: &Path) -> usize {
        let member = self.members.iter().find(|member| member.path == target);
        member.map_or(0, |member| self.line_of(&member.id).len() - 1)
    }

    fn before(&self, member: &Member) -> Option<&Member> {
        self.member(&member.genesis.continues.as_ref()?.ledger)
    }

    fn member(&self, id: &Hash) -> Option<&Member> {
        self.members.iter().find(|member| member.id == *id)
    }

    fn successors(&self, id: &Hash) -> impl Iterator<Item = (&Member, SuccessorClaim)> {
        self.members.iter().filter_map(move |member| {
            let continued = member.genesis.continues.as_ref().filter(|before| before.ledger == *id)?;
            Some((member, SuccessorClaim { size: continued.size, root: continued.root }))
        })
    }

    /// What successors say of a ledger.
    pub fn claims(&self, id: &Hash) -> Vec<SuccessorClaim> {
        self.successors(id).map(|(_, claim)| claim).collect()
    }

    /// A ledger and those of these that come before it, the youngest first.
    pub fn line_of(&self, id: &Hash) -> Vec<Hash> {
        let mut line = vec![*id];
        let mut member = self.member(id);
        while let Some(before) = member.and_then(|member| self.before(member)) {
            if line.contains(&before.id) {
                break;
            }
            line.push(before.id);
            member = Some(before);
        }
        line
    }

    /// What entry 0 of one of these ledgers declares; none where it is not among them.
    pub fn genesis(&self, id: &Hash) -> Option<&Genesis> {
        self.member(id).map(|member| &member.genesis)
    }

    /// The name of one of these ledgers; none where it is not among them.
    pub fn origin(&self, id: &Hash) -> Option<&str> {
        self.member(id).map(|member| member.genesis.origin.as_str())
    }

    /// Takes what was found of a ledger.
    pub fn verified(&mut self, report: &VerifyReport) {
        let (Some(id), Some(size)) = (report.id, report.size) else { return };
        let vouched = report.sound() && !report.vouched.is_empty();
        if let Some(member) = self.members.iter_mut().find(|member| member.id == id) {
            // Of two copies the first counts.
            member.verified.get_or_insert((size, vouched, report.claims.clone()));
        }
    }

    /// A ledger that was verified, as the one of this id that continues it needs to know it; none where it is not
    /// among these, or was not verified yet.
    pub fn predecessor(&self, id: &Hash, successor: &Hash) -> Option<VerifiedPredecessor> {
        let member = self.member(id)?;
        let (size, vouched, claims) = member.verified.as_ref()?;
        let at = self.successors(id).position(|(member, _)| member.id == *successor)?;
        Some(VerifiedPredecessor {
            name: member.path.display().to_string(),
            genesis: member.genesis.clone(),
            size: *size,
            vouched: *vouched,
            claim: claims.get(at).copied().unwrap_or(Consistency::Unknown),
        })
    }
}
