//! The evaluation of records that are in no ledger, which can be read only once: they are kept where one can say something
//! about those before it.

use super::{records::RecordArrival, refused::ContractRefused};
use crate::{
    contract::{
        document::Contract,
        eval::{Evaluated, Evaluation, EvaluationScope, Fact, Hindsight},
    },
    time::Time,
};

/// Evaluates records as they come, and once more where one says something about earlier ones.
pub(super) struct RecordEvaluation<'a> {
    contract: &'a Contract,
    as_of: Option<Time>,
    evaluation: Evaluation<'a>,
    /// What was taken; nothing where no record can say something about earlier ones
    kept: Vec<(RecordArrival, Option<Fact>)>,
}

impl<'a> RecordEvaluation<'a> {
    /// Nothing taken yet. `as_of`: `None` where the latest record says it.
    pub(super) fn new(contract: &'a Contract, as_of: Option<Time>) -> Self {
        Self { contract, as_of, evaluation: evaluation(contract, as_of), kept: Vec::new() }
    }

    /// Takes the next record.
    pub(super) fn take(&mut self, record: RecordArrival, mut fact: Option<Fact>) {
        if keeps(self.contract) {
            self.kept.push((record, fact.clone()));
        }
        push(&mut self.evaluation, record, &mut fact);
    }

    /// What the records came to.
    ///
    /// # Errors
    /// [`ContractRefused`] if they say more about earlier ones than is looked at.
    pub(super) fn finish(self) -> anyhow::Result<Evaluated> {
        let Self { contract, as_of, evaluation: first, kept } = self;
        let first = first.finish()?;
        ContractRefused::beyond(&first.hindsight)?;
        if first.hindsight.is_empty() {
            return Ok(first);
        }
        Ok(again(evaluation(contract, as_of), kept, first.hindsight).finish()?)
    }
}

/// Whether a record can say something about those before it. One that names its ledgers can be amended in them.
fn keeps(contract: &Contract) -> bool {
    contract.looks_back() || !contract.ledgers.is_empty()
}

fn evaluation(contract: &Contract, as_of: Option<Time>) -> Evaluation<'_> {
    Evaluation::new(contract, 0, EvaluationScope { as_of, patient: true })
}

fn again(
    second: Evaluation<'_>,
    kept: Vec<(RecordArrival, Option<Fact>)>,
    known: Hindsight,
) -> Evaluation<'_> {
    let mut second = second.with_hindsight(known);
    for (record, mut fact) in kept {
        push(&mut second, record, &mut fact);
    }
    second
}

fn push(evaluation: &mut Evaluation<'_>, record: RecordArrival, fact: &mut Option<Fact>) {
    let RecordArrival { entry, arrival, undone } = record;
    if undone {
        evaluation.undo(entry, arrival);
    }
    evaluation.push(entry, arrival, fact);
}
