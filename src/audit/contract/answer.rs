//! The verdict, and what stands beside it.

use std::path::PathBuf;

use super::{
    ContractQuestion,
    evaluations::Evaluations,
    ledgers::{ContractLedger, UnsoundLedger},
    refused::ContractRefused,
};
use crate::{
    contract::{
        document::{Contract, ContractDevice},
        eval::Evaluated,
        excursion_writer,
        finality::LedgerEnd,
        standing::{self, Standing},
        verdict::ContractVerdict,
    },
    hash::Hash,
    json::Object,
    key::{Did, PublicKey},
    record::signed::{UnknownProof, Verifier},
};

/// What came of a question about a contract and ledgers.
#[derive(Debug)]
pub enum ContractOutcome<'a> {
    /// There is a verdict
    Answered(Box<ContractAnswer<'a>>),
    /// A ledger is not sound, so there is none
    Unsound(Box<UnsoundLedger>),
}

/// A contract, and what the entries come to under it.
#[derive(Debug)]
pub struct ContractAnswer<'a> {
    /// The contract
    pub contract: &'a Contract,
    /// The verdict. It binds only if no acceptance is missing, and the ledgers are vouched for
    pub verdict: ContractVerdict,
    /// What the verdict was made from
    pub evaluated: Evaluated,
    /// The parties that have not accepted, by the names that the contract gives them
    pub missing: Vec<&'a str>,
    /// Proofs on the contract that this version cannot check: no party has accepted by one of these
    pub unknown_proofs: Vec<UnknownProof>,
    /// Whether a key from outside, or the contract, vouches for the ledgers
    pub vouched: bool,
    /// The log keys that the reader does not know and no contract or stub vouches for, in the order of the ledgers
    pub unknown_logs: Vec<PublicKey>,
    /// The ledgers that the verdict waits for, in the contract's order
    pub open: Vec<AwaitedLedger>,
}

/// A ledger without which a verdict is not final.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwaitedLedger {
    /// The ledger
    pub id: Hash,
    /// Its folder; `None`: it was not given
    pub folder: Option<PathBuf>,
}

impl<'a> ContractAnswer<'a> {
    /// # Errors
    /// If the contract's signatures cannot be read.
    pub(super) fn new(
        question: &ContractQuestion<'a>,
        evaluations: Evaluations,
        vouched: bool,
    ) -> anyhow::Result<Self> {
        let contract = question.contract;
        let Evaluations { evaluated, settlement, bases } = evaluations;
        let (accepted, unknown_proofs) = accepted(question, &evaluated)?;
        let verdict = ContractVerdict::new(contract, &evaluated, &settlement, &bases, &accepted);
        let missing = contract.parties.iter().zip(&accepted).filter(|(_, accepted)| !**accepted);
        let missing = missing.map(|(party, _)| party.id.as_str()).collect();
        Ok(Self {
            contract,
            verdict,
            evaluated,
            missing,
            unknown_proofs,
            vouched,
            unknown_logs: Vec::new(),
            open: Vec::new(),
        })
    }

    /// Says where the ledgers are that the verdict waits for, and which keys the reader does not know.
    pub(super) fn with_ledgers(mut self, ledgers: &[ContractLedger], ends: &[LedgerEnd]) -> Self {
        let folder = |id| {
            let ledger = ledgers.iter().find(|ledger| ledger.id == id)?;
            Some(ledger.reader.folder().path().to_owned())
        };
        let ends = ends.iter().filter(|end| self.evaluated.finality.why_open.contains(&end.id));
        self.open = ends.map(|end| AwaitedLedger { id: end.id, folder: folder(end.id) }).collect();
        let unknown = ledgers.iter().filter(|ledger| !ledger.vouched);
        self.unknown_logs = unknown.map(|ledger| ledger.genesis.log.clone()).collect();
        self
    }

    /// The devices of the contract that no ledger enrolled. Such a device never speaks: an id that was mistyped
    /// looks like silence.
    pub fn unknown_devices(&self) -> impl Iterator<Item = &'a ContractDevice> {
        let contract = self.contract;
        self.evaluated.roles.unknown().into_iter().map(|at| &contract.devices[at])
    }

    /// Every excursion of every term, the first fifty of each: when, how far, and in whose hands.
    pub fn excursions(&self) -> Vec<Object> {
        excursion_writer::excursions(self.contract, &self.evaluated)
    }

    /// How the condition stands that stands worst; none where the contract has no conditions.
    pub fn worst_condition(&self) -> Option<Standing> {
        standing::of_conditions(self.contract, &self.evaluated).max()
    }
}

/// Whether each party has accepted: by a proof on the contract, or by an `accept` record in a ledger. With the proofs
/// of which that cannot be said.
fn accepted(
    question: &ContractQuestion<'_>,
    evaluated: &Evaluated,
) -> Result<(Vec<bool>, Vec<UnknownProof>), ContractRefused> {
    let checked = Verifier::new().proofs(question.record, evaluated.as_of);
    let checked = checked.map_err(|why| ContractRefused::BadSignatures(format!("{why:#}")))?;
    let signers: Vec<Did> = checked.signers.iter().map(Did::from).collect();
    let mut accepted = evaluated.accepted.clone();
    for party in question.contract.parties_of(&signers) {
        accepted[party] = true;
    }
    Ok((accepted, checked.unknown))
}
