//! The keys that a verifier has seen: decoded once, and with a table when they are seen often.

use std::{collections::HashMap, sync::Arc};

use super::{ProofFault, constant_config};
use crate::{
    hash::Hash,
    key::{
        PublicKey,
        table::{Table, Tables},
    },
};

/// How many keys are remembered: more than a ledger has devices, less than a megabyte.
pub(super) const REMEMBERED: usize = 1024;

/// The number of signatures from which on a key is worth a table. Building one takes as long as it saves on forty
/// signatures, the first of a process, with the table of B, on two hundred: a flood of keys causes
/// little work in vain, [`crate::key::table::MAX_TABLES`] times at most.
pub(super) const OFTEN: u32 = 128;

/// Keys by their verification methods. Memory is bounded, however many keys come.
#[derive(Default)]
pub(super) struct KeyCache {
    known: HashMap<String, KnownKey>,
    tables: Arc<Tables>,
}

/// What one `verificationMethod` comes to.
pub(super) struct KnownKey {
    pub(super) key: PublicKey,
    /// Hash of the canonical proof without value, where it has no further members
    pub(super) config: Hash,
    seen: u32,
    table: Option<Arc<Table>>,
}

impl KeyCache {
    /// None yet. The tables may be those of other threads too.
    pub(super) fn sharing(tables: Arc<Tables>) -> Self {
        Self { known: HashMap::new(), tables }
    }

    /// The key of a method, which is exactly `did:key:X#X`.
    pub(super) fn look_up(&mut self, method: &str) -> Result<&KnownKey, ProofFault> {
        if !self.known.contains_key(method) {
            self.learn(method)?;
        }
        let known = self.known.get_mut(method).ok_or(ProofFault::Method)?;
        known.seen = known.seen.saturating_add(1);
        if known.seen == OFTEN && known.table.is_none() {
            known.table = self.tables.of(&known.key);
        }
        Ok(known)
    }

    fn learn(&mut self, method: &str) -> Result<(), ProofFault> {
        let (did, fragment) = method.split_once('#').ok_or(ProofFault::Method)?;
        if did.strip_prefix("did:key:") != Some(fragment) {
            return Err(ProofFault::Method);
        }
        let key = PublicKey::parse_did(did).map_err(ProofFault::Key)?;
        let config = Hash::of(constant_config(&key).to_canonical().as_bytes());
        if self.known.len() >= REMEMBERED {
            self.known.clear();
        }
        let table = self.tables.find(&key);
        self.known.insert(method.to_owned(), KnownKey { key, config, seen: 0, table });
        Ok(())
    }
}

impl KnownKey {
    /// Whether the signature is this key's over the message; by the table where there is one, which says the same.
    pub(super) fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        match &self.table {
            Some(table) => table.verifies(message, signature),
            None => self.key.verifies(message, signature),
        }
    }

    /// The key's table, if it is seen often.
    pub(super) fn table(&self) -> Option<&Table> {
        self.table.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::{super::verification_method, *};
    use crate::key::{SecretKey, table::MAX_TABLES};

    fn secret(seed: usize) -> SecretKey {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        SecretKey::from_seed(&bytes)
    }

    fn method(seed: usize) -> String {
        verification_method(&secret(seed).public())
    }

    #[test]
    fn the_memory_for_keys_is_bounded() {
        let mut keys = KeyCache::default();
        for seed in 0..=REMEMBERED {
            keys.look_up(&method(seed)).unwrap();
        }
        assert_eq!((keys.known.len(), keys.tables.count()), (1, 0), "keys seen once get no table");
    }

    #[test]
    fn tables_are_for_keys_seen_often_and_no_more_than_so_many() {
        let tables = Arc::new(Tables::default());
        let mut keys = KeyCache::sharing(Arc::clone(&tables));
        let frequent = method(0);
        for _ in 1..OFTEN {
            assert!(keys.look_up(&frequent).unwrap().table.is_none());
        }
        assert_eq!(tables.count(), 0);
        assert!(keys.look_up(&frequent).unwrap().table.is_some());
        for seed in 1..MAX_TABLES + 20 {
            let flood = method(seed);
            (0..2 * OFTEN).for_each(|_| assert!(keys.look_up(&flood).is_ok()));
        }
        assert_eq!(tables.count(), MAX_TABLES);
        let held = keys.known.values().filter(|known| known.table.is_some()).count();
        assert_eq!((held, keys.known.len()), (MAX_TABLES, MAX_TABLES + 20));
        assert!(keys.look_up(&frequent).unwrap().table.is_some());
        let mut others = KeyCache::sharing(tables);
        assert!(others.look_up(&frequent).unwrap().table.is_some(), "what there is is used at once");
    }

    #[test]
    fn the_answer_is_the_same_with_a_table_and_without() {
        let (secret, method) = (secret(1), method(1));
        let (good, mut bad) = (secret.sign(b"4.2"), secret.sign(b"4.2"));
        bad[40] ^= 1;
        let mut keys = KeyCache::default();
        for _ in 0..2 * OFTEN {
            let known = keys.look_up(&method).unwrap();
            assert!(known.verifies(b"4.2", &good) && !known.verifies(b"4.2", &bad));
        }
        assert!(keys.look_up(&method).unwrap().table.is_some());
    }
}
