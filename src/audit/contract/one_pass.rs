//! The evaluation of a contract with one ledger, while that is verified: each line is read once.
//!
//! ```text
//! verify ─ lines ─► facts (on any thread) ─ in order ─► evaluation     sound? the verdict : nothing
//! ```
//!
//! Entries of several ledgers are merged by arrival, and one of them is verified after the other: these are read a
//! second time, by [`super::feed`].

use super::{
    ContractQuestion,
    cut::{ContractCut, CutTree},
    evaluations::Evaluations,
};
use crate::{
    contract::{
        eval::{EntryId, Evaluation, EvaluationScope, Fact, FactReader, Sieve},
        settle::Bill,
        verdict::LedgerBasis,
    },
    hash::Hash,
    rules::judge::Judge,
    time::Time,
    tlog::arrival::EntryTimes,
    verify::{CheckedLine, LineListener, LineReader},
};

/// A contract that is evaluated while its only ledger is verified.
pub(super) struct OnePassEvaluation<'a> {
    sieve: &'a Sieve<'a>,
    cut: ContractCut,
    evaluation: Evaluation<'a>,
    bill: Bill<'a>,
    tree: CutTree,
    /// How many entries the checkpoint states: what stands behind them does not count
    size: u64,
    /// The entry that comes next, and when the last one arrived; `None`: an entry was out of order, so the ledger
    /// is not sound, or undoes a jump of the clock, so that what stands before it arrived at another time
    next: Option<(u64, Time)>,
}

impl<'a> OnePassEvaluation<'a> {
    /// Nothing read yet. `judge` is the ledger's after entry 0.
    pub(super) fn new(question: &ContractQuestion<'a>, sieve: &'a Sieve<'a>, judge: Judge) -> Self {
        let ContractQuestion { contract, cut, .. } = *question;
        let as_of = match cut {
            ContractCut::AsOf(as_of) => Some(as_of),
            // The last entry that counts says it.
            ContractCut::None | ContractCut::At(_) => None,
        };
        let evaluation = Evaluation::new(contract, 1, EvaluationScope { as_of, patient: false });
        Self {
            sieve,
            cut,
            evaluation: evaluation.with_judges(vec![judge]),
            bill: Bill::new(contract),
            tree: CutTree::default(),
            size: 0,
            next: Some((0, Time::EPOCH)),
        }
    }

    /// What the entries came to of the ledger with this id and root, which is sound; `None` if they must be read again,
    /// since one came too late for that.
    pub(super) fn finish(self, id: Hash, root: Hash) -> Option<Evaluations> {
        self.next?;
        let evaluated = self.evaluation.finish().ok()?;
        let settlement = self.bill.settle(&evaluated);
        let root = if self.cut == ContractCut::None { root } else { self.tree.root_within() };
        let size = evaluated.sizes.first().copied().unwrap_or(0);
        let bases = vec![LedgerBasis { id, size, root }];
        Some(Evaluations { evaluated, settlement, bases })
    }
}

impl OnePassEvaluation<'_> {
    /// Takes the next entry, as long as all are in order: the result of others would be thrown away.
    fn entry(&mut self, noted: &mut NotedEntry) {
        let NotedEntry { n, times, leaf, ref mut fact } = *noted;
        if n >= self.size || self.next.is_none() {
            return;
        }
        let arrival = times.received;
        let follows =
            |(next, before): &(u64, Time)| n == *next && times.wall.is_none() && times.received >= *before;
        self.next = self.next.filter(follows).map(|(next, _)| (next + 1, arrival));
        let leaf = (self.cut != ContractCut::None).then_some(leaf);
        if self.next.is_some() && self.tree.push(self.cut.excludes(n, arrival), leaf) {
            let entry = EntryId { ledger: 0, n };
            self.evaluation.pass(entry, arrival, times);
            self.evaluation.push(entry, arrival, fact);
            self.bill.follow(&mut self.evaluation);
        }
    }
}

/// An entry, as far as a contract wants to know.
pub(super) struct NotedEntry {
    n: u64,
    times: EntryTimes,
    leaf: Hash,
    /// What it says; `None`: nothing that the contract wants to know
    fact: Option<Fact>,
}

/// Makes facts of the lines of one thread.
pub(super) struct NotedFacts<'a>(FactReader<'a>);

impl LineReader for NotedFacts<'_> {
    type Notes = Vec<NotedEntry>;

    fn line(&mut self, line: &CheckedLine<'_>, entries: &mut Self::Notes) {
        let CheckedLine { n, times, leaf, record, proofs_hold, .. } = *line;
        let fact = self.0.checked(record, proofs_hold);
        entries.push(NotedEntry { n, times, leaf, fact });
    }
}

impl<'a> LineListener for OnePassEvaluation<'a> {
    type Notes = Vec<NotedEntry>;
    type Reader = NotedFacts<'a>;

    fn begin(&mut self, size: Option<u64>) {
        self.size = size.unwrap_or(0);
    }

    fn start_over(&mut self) {
        // What was evaluated cannot be taken back: the entries are read again when the ledger is known to be sound.
        self.next = None;
    }

    fn reader(&self) -> NotedFacts<'a> {
        NotedFacts(FactReader::new(self.sieve, false))
    }

    fn take_notes(&mut self, mut entries: Vec<NotedEntry>) {
        for entry in &mut entries {
            self.entry(entry);
        }
    }
}
