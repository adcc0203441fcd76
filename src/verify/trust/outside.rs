//! What others were told of the ledger, held against what it says now: what was seen here before, and stubs.
//!
//! ```text
//! extends       the entries give the root that was stated at that size: whoever has it vouches for them
//! rolled-back   the checkpoint states fewer entries
//! forked        the log's key signed both, and they part: two histories
//! ```
//!
//! Two histories are claimed only where the log signed both: anybody can change a copy's entries, or make up a
//! stub, and then it is the copy, or the stub, that is at fault.

use std::convert::Infallible;

use super::{
    anchor::{Anchor, Remembered, Trust},
    statement::{By, Statement, Stub},
};
use crate::{
    key::PublicKey,
    tlog::{
        checkpoint::{Checkpoint, SignedCheckpoint},
        consistency::{Consistency, EarlierTree, Inconsistent, KnownBy, TreeHead},
    },
    verify::{
        finding::{Finding, Kind},
        report::{Report, StubTally, Voucher},
    },
};

/// Stubs, by what their signatures make of them.
#[derive(Debug, Default)]
pub(in crate::verify) struct Stubs<'a> {
    all: &'a [Stub],
    /// Those that the log's key signed
    good: Vec<usize>,
    /// Those of another origin
    elsewhere: Vec<usize>,
    /// Those that the log's key has not signed: nobody's word
    unsigned: Vec<usize>,
}

impl<'a> Stubs<'a> {
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

    /// How many the log's key signed.
    pub(in crate::verify) fn count(&self) -> usize {
        self.good.len()
    }

    /// Says which stubs are of no use, the first of each kind by name.
    pub(in crate::verify) fn say(&self, report: &mut Report) {
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
            report.findings.push(Finding::new(Kind::OtherStub, detail));
        }
        if let Some(first) = self.unsigned.first() {
            let detail = format!(
                "{} not signed by the log's key, and so nobody's word ({})",
                which(self.unsigned.len()),
                named(first)
            );
            report.findings.push(Finding::new(Kind::UnsignedStub, detail));
        }
    }

    /// What is to be compared with the tree: stubs that count, what was seen, what successors claim.
    pub(in crate::verify) fn statements(&self, trust: &Trust) -> Vec<Statement> {
        let stub = |at: &usize| {
            let Checkpoint { size, root, .. } = self.all[*at].checkpoint.checkpoint();
            Statement::new(*size, *root, By::Stub(*at))
        };
        let seen = trust.remembered.as_ref();
        let seen = seen.map(|Remembered { size, root, .. }| Statement::new(*size, *root, By::Seen));
        let claims = trust.claims.iter().enumerate();
        let claims = claims.map(|(at, claim)| Statement::new(claim.size, claim.root, By::Claim(at)));
        self.good.iter().map(stub).chain(seen).chain(claims).collect()
    }
}

/// How the ledger stands to what others state. `rooted`: whether the entries that were read are those under the present
/// root.
pub(in crate::verify) fn compare(statement: &Statement, stated: &Checkpoint, rooted: bool) -> Consistency {
    let head = TreeHead { size: statement.size, root: statement.root };
    let then = statement.then.filter(|_| rooted);
    let Ok(compared) = EarlierTree::new(head, KnownBy::Seen).compare(stated, |_| Ok::<_, Infallible>(then));
    compared
}

/// Everything outside that was compared, smallest size first.
pub(in crate::verify) struct Outside<'a> {
    pub(in crate::verify) stubs: &'a Stubs<'a>,
    pub(in crate::verify) stated: &'a SignedCheckpoint,
    /// The log's name
    pub(in crate::verify) origin: &'a str,
    pub(in crate::verify) compared: Vec<(Statement, Consistency)>,
}

impl Outside<'_> {
    /// Says where the ledger parts from what others know; answers whether it does.
    pub(in crate::verify) fn compare(&self, anchor: &Anchor, report: &mut Report) -> bool {
        let which = |by: fn(By) -> bool, stand| {
            let fits = move |(statement, s): &&(Statement, Consistency)| by(statement.by) && *s == stand;
            self.compared.iter().filter(fits).map(|(statement, _)| *statement).collect::<Vec<_>>()
        };
        let seen = |by| by == By::Seen;
        let stub = |by| matches!(by, By::Stub(_));
        let beyond = [which(seen, Consistency::Smaller), which(stub, Consistency::Smaller)];
        let parting = [which(seen, Consistency::Parts), which(stub, Consistency::Parts)];
        for beyond in beyond.iter().filter(|beyond| !beyond.is_empty()) {
            report.findings.push(self.rolled_back(beyond));
        }
        // Where the checkpoint is not signed that was said; what it states is nobody's history.
        for parting in
            parting.iter().filter(|parting| !parting.is_empty() && anchor.signed(self.stated, self.origin))
        {
            report.findings.push(self.forked(parting));
        }
        [beyond, parting].iter().flatten().any(|statements| !statements.is_empty())
    }

    /// Whether what was seen before ends among hashes that are lost, so that there is no comparing.
    pub(in crate::verify) fn is_blind(&self) -> bool {
        self.compared
            .iter()
            .any(|(statement, stand)| statement.by == By::Seen && *stand == Consistency::Unknown)
    }

    fn rolled_back(&self, beyond: &[Statement]) -> Finding {
        let size = self.stated.checkpoint().size;
        let highest = beyond.iter().max_by_key(|statement| statement.size);
        let Some(highest) = highest else { return Finding::new(Kind::RolledBack, "fewer entries") };
        let detail = self.inconsistent(Consistency::Smaller, highest).detail();
        let detail = match beyond {
            [_, _, ..] => format!("{detail}; {} stubs are of more than {size}", beyond.len()),
            _ => detail,
        };
        Finding::new(Kind::RolledBack, detail).in_file("checkpoint")
    }

    /// Two histories: where they part, as closely as the statements tell.
    fn forked(&self, parting: &[Statement]) -> Finding {
        let Some(first) = parting.first() else { return Finding::new(Kind::Forked, "two histories") };
        let detail = self.inconsistent(Consistency::Parts, first).detail();
        let detail = match first.by {
            By::Stub(_) => {
                format!("{detail}, which the log signed too: two histories{}", self.place(first.size))
            }
            By::Seen | By::Claim(_) => format!("{detail}: two histories"),
        };
        let more = parting.len() - 1;
        let more = if more > 0 { format!(" ({more} more stubs say so)") } else { String::new() };
        Finding::new(Kind::Forked, detail + &more).in_file("checkpoint")
    }

    /// Between the last statement that agrees and the first that does not.
    fn place(&self, parts: u64) -> String {
        let agrees = |(statement, stand): &&(Statement, Consistency)| {
            *stand == Consistency::Follows && statement.size < parts && !matches!(statement.by, By::Claim(_))
        };
        let last = self.compared.iter().rfind(agrees);
        match last.map(|(last, _)| last.size) {
            Some(size) if size + 1 == parts => format!(", which part at entry {size}"),
            Some(size) => format!(", which part between the entries {size} and {}", parts - 1),
            None => String::new(),
        }
    }

    fn inconsistent(&self, compared: Consistency, statement: &Statement) -> Inconsistent {
        let known = match statement.by {
            By::Stub(at) => {
                let stub = &self.stubs.all[at];
                KnownBy::Stub(format!("the stub {}:{}", stub.file, stub.line))
            }
            By::Seen | By::Claim(_) => KnownBy::Seen,
        };
        Inconsistent::new(compared, statement.size, self.stated.checkpoint().size, known)
    }

    /// Whoever knew the ledger before and finds it again in what it is now: what was seen, and each file of
    /// stubs, for as far as its highest stub reaches.
    pub(in crate::verify) fn vouchers(&self, key: &PublicKey) -> Vec<Voucher> {
        let mut vouchers: Vec<Voucher> = Vec::new();
        for (statement, _) in self.compared.iter().filter(|(_, stand)| *stand == Consistency::Follows) {
            let Some(last) = statement.size.checked_sub(1) else { continue };
            let (by, file) = match statement.by {
                By::Seen => ("seen", None),
                By::Stub(at) => ("stub", Some(self.stubs.all[at].file.clone())),
                By::Claim(_) => continue,
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
            matches!(statement.by, By::Stub(_)) && *stand == Consistency::Follows
        });
        let Stubs { all, elsewhere, unsigned, .. } = self.stubs;
        let (elsewhere, unsigned) = (elsewhere.len(), unsigned.len());
        (!all.is_empty()).then(|| StubTally {
            given: all.len(),
            all_read: !trust.more_stubs,
            extended: extended.count(),
            elsewhere,
            unsigned,
        })
    }

    /// What became of the claims of successors, in their order.
    pub(in crate::verify) fn claims(&self, count: usize) -> Vec<Consistency> {
        let mut claims = vec![Consistency::Unknown; count];
        for (statement, stand) in &self.compared {
            if let By::Claim(at) = statement.by {
                claims[at] = *stand;
            }
        }
        claims
    }
}
