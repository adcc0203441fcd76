//! Keys that the registry of a ledger has for dead: what they sign behind their revocation is nobody's word, as the registry says
//! of all records.
//!
//! ```text
//! entry 7: revoke carrier        entry 8: accept, signed with the carrier's key        finding unauthorized: not accepted
//! ```

use super::{EntryId, Evaluation, fact::FactBody, findings::ContractFindingKind};
use crate::{hash::Hash, key::Did};

impl Evaluation<'_> {
    /// Leaves of what a record says what those of its signers say whose keys live, and answers whether that is anything. In its
    /// place, since most are readings, of which the sieve asks that, and moving those costs time.
    pub(super) fn keep_living(&mut self, entry: EntryId, body: &mut FactBody) -> bool {
        match body {
            FactBody::Accept(contract, parties) => self.keep_living_parties(entry, *contract, parties),
            FactBody::Contract(stated) => {
                let (contract, signers) = stated.acceptance_mut();
                self.keep_living_parties(entry, contract, signers)
            }
            FactBody::ContractEvent(statement) => {
                self.keep_living_parties(entry, statement.contract, &mut statement.parties)
            }
            FactBody::Statement(statement) => {
                if let Some(signers) = &mut statement.signers {
                    signers.retain(|key| !self.roles.is_dead(entry.ledger, key));
                }
                true
            }
            _ => true,
        }
    }

    /// Leaves of some parties, by place, those that can sign an entry about a contract, and answers whether there are any. Where one
    /// cannot, that is a finding, if the contract is this one.
    fn keep_living_parties(&mut self, entry: EntryId, contract: Hash, parties: &mut Vec<usize>) -> bool {
        let (all, known) = (parties.len(), &self.contract.parties);
        parties.retain(|party| !self.roles.is_dead(entry.ledger, &Did::from(&known[*party].key)));
        if parties.len() < all && contract == self.contract.hash {
            self.find_entry(entry, ContractFindingKind::Unauthorized);
        }
        !parties.is_empty()
    }
}
