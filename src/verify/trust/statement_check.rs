//! The ledger compared with statements from outside: what was seen of it before, stubs, and claims of successors.
//!
//! ```text
//! extends       the entries give the root that was stated at that size: who holds it vouches for them
//! rolled-back   the checkpoint states fewer entries
//! forked        the log's key signed both, and they part: two histories
//! ```
//!
//! Two histories are claimed only where the log signed both: everyone can change a copy's entries, or make up a
//! stub, and then it is the copy, or the stub, that is at fault.

use std::convert::Infallible;

use super::{
    Trust,
    statement::{OutsideStatement, StatementSource},
    stubs::{SortedStubs, StubTally},
    trust_anchor::TrustAnchor,
    voucher::Voucher,
};
use crate::{
    key::PublicKey,
    tlog::{
        checkpoint::{Checkpoint, SignedCheckpoint},
        consistency::{Consistency, EarlierTree, Inconsistent, KnownBy, TreeHead},
    },
    verify::finding::{Finding, FindingKind, Findings},
};

/// How the ledger stands to what others state. `rooted`: whether the entries that were read are those under the present
/// root.
pub(in crate::verify) fn compare(
    statement: &OutsideStatement,
    stated: &Checkpoint,
    rooted: bool,
) -> Consistency {
    let head = TreeHead { size: statement.size, root: statement.root };
    let then = statement.then.filter(|_| rooted);
    let Ok(compared) = EarlierTree::new(head, KnownBy::Seen).compare(stated, |_| Ok::<_, Infallible>(then));
    compared
}

/// Everything outside that was compared, smallest size first.
pub(in crate::verify) struct StatementCheck<'a> {
    pub(in crate::verify) stubs: &'a SortedStubs<'a>,
    pub(in crate::verify) stated: &'a SignedCheckpoint,
    /// The log's name
    pub(in crate::verify) origin: &'a str,
    pub(in crate::verify) compared: Vec<(OutsideStatement, Consistency)>,
}

impl StatementCheck<'_> {
    /// Says where the ledger parts from what others know; answers whether it does.
    pub(in crate::verify) fn compare(&self, anchor: &TrustAnchor, findings: &mut Findings) -> bool {
        let which = |by: fn(StatementSource) -> bool, stand| {
            let fits =
                move |(statement, s): &&(OutsideStatement, Consistency)| by(statement.by) && *s == stand;
            self.compared.iter().filter(fits).map(|(statement, _)| *statement).collect::<Vec<_>>()
        };
        let seen = |by| by == StatementSource::Seen;
        let stub = |by| matches!(by, StatementSource::Stub(_));
        let beyond = [which(seen, Consistency::Smaller), which(stub, Consistency::Smaller)];
        let parting = [which(seen, Consistency::Parts), which(stub, Consistency::Parts)];
        for beyond in beyond.iter().filter(|beyond| !beyond.is_empty()) {
            findings.push(self.rolled_back(beyond));
        }
        // Where the checkpoint is not signed that was said; what it states is no history of the log.
        for parting in
            parting.iter().filter(|parting| !parting.is_empty() && anchor.signed(self.stated, self.origin))
        {
            findings.push(self.forked(parting));
        }
        [beyond, parting].iter().flatten().any(|statements| !statements.is_empty())
    }

    /// Whether what was seen before ends among hashes that are lost, so that there is no comparing.
    pub(in crate::verify) fn is_blind(&self) -> bool {
        self.compared
            .iter()
            .any(|(statement, stand)| statement.by == StatementSource::Seen && *stand == Consistency::Unknown)
    }

    fn rolled_back(&self, beyond: &[OutsideStatement]) -> Finding {
        let size = self.stated.checkpoint().size;
        let highest = beyond.iter().max_by_key(|statement| statement.size);
        let Some(highest) = highest else { return Finding::new(FindingKind::RolledBack, "fewer entries") };
        let detail = self.inconsistent(Consistency::Smaller, highest).detail();
        let detail = match beyond {
            [_, _, ..] => format!("{detail}; {} stubs are of more than {size}", beyond.len()),
            _ => detail,
        };
        Finding::new(FindingKind::RolledBack, detail).in_file("checkpoint")
    }

    /// Two histories: where they part, as closely as the statements tell.
    fn forked(&self, parting: &[OutsideStatement]) -> Finding {
        let Some(first) = parting.first() else { return Finding::new(FindingKind::Forked, "two histories") };
        let detail = self.inconsistent(Consistency::Parts, first).detail();
        let detail = match first.by {
            StatementSource::Stub(_) => {
                format!("{detail}, which the log signed too: two histories{}", self.place(first.size))
            }
            StatementSource::Seen | StatementSource::Claim(_) => format!("{detail}: two histories"),
        };
        let more = parting.len() - 1;
        let more = if more > 0 { format!(" ({more} more stubs say so)") } else { String::new() };
        Finding::new(FindingKind::Forked, detail + &more).in_file("checkpoint")
    }

    /// Between the last statement that agrees and the first that does not.
    fn place(&self, parts: u64) -> String {
        let agrees = |(statement, stand): &&(OutsideStatement, Consistency)| {
            *stand == Consistency::Follows
                && statement.size < parts
                && !matches!(statement.by, StatementSource::Claim(_))
        };
        let last = self.compared.iter().rfind(agrees);
        match last.map(|(last, _)| last.size) {
            Some(size) if size + 1 == parts => format!(", which part at entry {size}"),
            Some(size) => format!(", which part between the entries {size} and {}", parts - 1),
            None => String::new(),
        }
    }

    fn inconsistent(&self, compared: Consistency, statement: &OutsideStatement) -> Inconsistent {
        let known = match statement.by {
            StatementSource::Stub(at) => {
                let stub = self.stubs.stub(at);
                KnownBy::Stub(format!("the stub {}:{}", stub.file, stub.line))
            }
            StatementSource::Seen | StatementSource::Claim(_) => KnownBy::Seen,
        };
        Inconsistent::new(compared, statement.size, self.stated.checkpoint().size, known)
    }

    /// Statements that the ledger extends, as vouchers: what was seen, and each file of stubs, for as far as its
    /// highest stub reaches.
    pub(in crate::verify) fn vouchers(&self, key: &PublicKey) -> Vec<Voucher> {
        let mut vouchers: Vec<Voucher> = Vec::new();
        for (statement, _) in self.compared.iter().filter(|(_, stand)| *stand == Consistency::Follows) {
            let Some(last) = statement.size.checked_sub(1) else { continue };
            let (by, file) = match statement.by {
                StatementSource::Seen => ("seen", None),
                StatementSource::Stub(at) => ("stub", Some(self.stubs.stub(at).file.clone())),
                StatementSource::Claim(_) => continue,
            };
            match vouchers.iter_mut().find(|voucher| (voucher.by, &voucher.file) == (by, &file)) {
                Some(voucher) => (voucher.last, voucher.stubs) = (last, voucher.stubs + 1),
                None => vouchers.push(Voucher { by, key: key.clone(), first: 0, last, file, stubs: 1 }),
            }
        }
        vouchers.sort_by_key(|voucher| voucher.by);
        vouchers
    }

    /// How the stubs fared, if there are any.
    pub(in crate::verify) fn tally(&self, trust: &Trust) -> Option<StubTally> {
        let extended = self.compared.iter().filter(|(statement, stand)| {
            matches!(statement.by, StatementSource::Stub(_)) && *stand == Consistency::Follows
        });
        self.stubs.tally(extended.count(), !trust.more_stubs)
    }

    /// What became of the claims of successors, in their order.
    pub(in crate::verify) fn claims(&self, count: usize) -> Vec<Consistency> {
        let mut claims = vec![Consistency::Unknown; count];
        for (statement, stand) in &self.compared {
            if let StatementSource::Claim(at) = statement.by {
                claims[at] = *stand;
            }
        }
        claims
    }
}
