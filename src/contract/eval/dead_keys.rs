//! Keys that the registry of a ledger has for dead: what they sign behind their revocation is nobody's word, as the registry says
//! of all records.
//!
//! ```text
//! entry 7: revoke carrier        entry 8: accept, signed with the carrier's key        finding unauthorized: not accepted
//! ```

use super::{EntryId, Evaluation, fact::FactBody, findings::ContractFindingKind};
use crate::{hash::Hash, key::Did};

impl Evaluation<'_> {
    /// What a record says by those of its signers whose keys live; `None`: nothing.
    pub(super) fn of_living_keys(&mut self, entry: EntryId, body: FactBody) -> Option<FactBody> {
        match body {
            FactBody::Accept(contract, parties) => {
                let parties = self.living_parties(entry, contract, parties);
                (!parties.is_empty()).then_some(FactBody::Accept(contract, parties))
            }
            FactBody::Contract(stated) => {
                let (contract, signers) = stated.acceptance();
                let living = self.living_parties(entry, contract, signers.to_vec());
                stated
                    .signed_by(|party| living.contains(&party))
                    .map(|stated| FactBody::Contract(Box::new(stated)))
            }
            FactBody::ContractEvent(mut statement) => {
                let parties = std::mem::take(&mut statement.parties);
                statement.parties = self.living_parties(entry, statement.contract, parties);
                (!statement.parties.is_empty()).then_some(FactBody::ContractEvent(statement))
            }
            FactBody::Statement(mut statement) => {
                if let Some(signers) = &mut statement.signers {
                    signers.retain(|key| !self.roles.is_dead(entry.ledger, key));
                }
                Some(FactBody::Statement(statement))
            }
            other => Some(other),
        }
    }

    /// The parties, by place, that can sign an entry about a contract. Where one cannot, that is a finding, if the contract is
    /// this one.
    fn living_parties(&mut self, entry: EntryId, contract: Hash, mut parties: Vec<usize>) -> Vec<usize> {
        let (all, known) = (parties.len(), &self.contract.parties);
        parties.retain(|party| !self.roles.is_dead(entry.ledger, &Did::from(&known[*party].key)));
        if parties.len() < all && contract == self.contract.hash {
            self.find_entry(entry, ContractFindingKind::Unauthorized);
        }
        parties
    }
}
