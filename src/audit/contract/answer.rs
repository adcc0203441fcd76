//! The verdict, and what stands beside it.

use std::path::PathBuf;

use super::{ContractQuestion, evaluations::Evaluations, ledgers::UnsoundLedger, refused::ContractRefused};
use crate::{
    contract::{
        document::{Contract, ContractDevice},
        eval::Evaluated,
        excursion_writer,
        finality::Finality,
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
    /// The log keys that the reader does not know and no contract or stub vouches for, in the order of the ledgers. If
    /// there is one, nobody outside vouches for the verdict
    pub unknown_logs: Vec<PublicKey>,
    /// Whether the verdict can still change
    pub finality: Finality,
    /// What keeps the verdict open, in the contract's order; nothing if it is final
    pub awaited: Vec<VerdictAwaits>,
}

/// Something without which a verdict is not final.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VerdictAwaits {
    /// An entry, or a record, that arrives when the contract is closed: in the ledger of this folder; `None`: the records
    /// were in none
    Entry(Option<PathBuf>),
    /// The ledger with this id, which was not given
    Ledger(Hash),
    /// A later time: such an entry or record is there, in the ledger of this folder or in none, and the question cut it
    /// off
    LaterTime(Option<PathBuf>),
}

impl<'a> ContractAnswer<'a> {
    /// # Errors
    /// If the contract's signatures cannot be read.
    pub(super) fn new(
        question: &ContractQuestion<'a>,
        evaluations: Evaluations,
        finality: Finality,
        awaited: Vec<VerdictAwaits>,
    ) -> anyhow::Result<Self> {
        let contract = question.contract;
        let Evaluations { evaluated, settlement, bases } = evaluations;
        let (accepted, unknown_proofs) = accepted(question, &evaluated)?;
        let verdict = ContractVerdict::new(contract, &evaluated, &finality, &settlement, &bases, &accepted);
        let missing = contract.parties.iter().zip(&accepted).filter(|(_, accepted)| !**accepted);
        let missing = missing.map(|(party, _)| party.id.as_str()).collect();
        Ok(Self {
            contract,
            verdict,
            evaluated,
            missing,
            unknown_proofs,
            unknown_logs: Vec::new(),
            finality,
            awaited,
        })
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

    /// How the condition stands that stands worst, of the terms that are asked for by their ids; none where there are no
    /// conditions among them.
    pub fn worst_condition(&self, asked: impl Fn(&str) -> bool) -> Option<Standing> {
        let conditions = standing::of_conditions(self.contract, &self.evaluated);
        conditions.filter(|(term, _)| asked(&term.id)).map(|(_, standing)| standing).max()
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
