//! The one cache of keys: each is decoded once, and has a table when it is seen often.
//!
//! ```text
//! KeyCache       of one thread: verificationMethod → key, hash of the proof's constant members, table
//! SharedTables   of a run: the tables, which are large, for all its threads
//! ```

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use super::constant_config;
use crate::{
    hash::Hash,
    key::{BadKey, PublicKey, table::Table},
};

/// How many keys are remembered: more than a ledger has devices, less than a megabyte.
pub(super) const REMEMBERED: usize = 1024;

/// The number of signatures from which on a key is worth a table. Building one takes as long as it saves on forty
/// signatures, the first of a process, with the table of B, on two hundred: a flood of keys causes
/// little work in vain, [`MAX_TABLES`] times at most.
pub(super) const OFTEN: u32 = 128;

/// How many tables one run keeps: with that of B 12 MiB. Later keys are checked without.
pub const MAX_TABLES: usize = 16;

/// Why a `verificationMethod` names no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BadMethod {
    /// It is not exactly `did:key:X#X`
    Form,
    /// X is no key that can be trusted to mean one person
    Key(BadKey),
}

impl fmt::Display for BadMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form => f.write_str("verificationMethod is not did:key:X#X"),
            Self::Key(bad) => bad.fmt(f),
        }
    }
}

impl std::error::Error for BadMethod {}

/// The key that a `verificationMethod` names, which is exactly `did:key:X#X`.
fn key_of_method(method: &str) -> Result<PublicKey, BadMethod> {
    let (did, fragment) = method.split_once('#').ok_or(BadMethod::Form)?;
    if did.strip_prefix("did:key:") != Some(fragment) {
        return Err(BadMethod::Form);
    }
    PublicKey::parse_did(did).map_err(BadMethod::Key)
}

/// Keys by their verification methods. Memory is bounded, however many keys come.
#[derive(Default)]
pub(super) struct KeyCache {
    known: HashMap<String, KnownKey>,
    tables: Arc<SharedTables>,
}

/// The tables of one run, which its threads share. A key that has one keeps it: keys that take turns build
/// nothing twice.
#[derive(Default)]
pub struct SharedTables(Mutex<Vec<Arc<Table>>>);

/// What one `verificationMethod` comes to.
pub(super) struct KnownKey {
    pub(super) key: PublicKey,
    /// Hash of the canonical proof without value, where it has no further members
    pub(super) config: Hash,
    seen: u32,
    table: Option<Arc<Table>>,
}

impl KeyCache {
    /// One that knows no key yet. The tables may be those of other threads too.
    pub(super) fn sharing(tables: Arc<SharedTables>) -> Self {
        Self { known: HashMap::new(), tables }
    }

    /// The key of a method whose signature is to be checked, which counts for its table.
    pub(super) fn look_up(&mut self, method: &str) -> Result<&KnownKey, BadMethod> {
        let tables = Arc::clone(&self.tables);
        let known = self.known(method)?;
        known.seen = known.seen.saturating_add(1);
        if known.seen == OFTEN && known.table.is_none() {
            known.table = tables.of(&known.key);
        }
        Ok(known)
    }

    /// The key of a method of which no signature is to be checked; `None` if it names none.
    pub(super) fn find(&mut self, method: &str) -> Option<&PublicKey> {
        self.known(method).ok().map(|known| &known.key)
    }

    fn known(&mut self, method: &str) -> Result<&mut KnownKey, BadMethod> {
        if !self.known.contains_key(method) {
            self.learn(method)?;
        }
        self.known.get_mut(method).ok_or(BadMethod::Form)
    }

    fn learn(&mut self, method: &str) -> Result<(), BadMethod> {
        let key = key_of_method(method)?;
        let config = Hash::of(constant_config(&key).to_canonical().as_bytes());
        if self.known.len() >= REMEMBERED {
            self.known.clear();
        }
        let table = self.tables.find(&key);
        self.known.insert(method.to_owned(), KnownKey { key, config, seen: 0, table });
        Ok(())
    }
}

impl SharedTables {
    /// The key's table, built now if there is none yet; none at all if there are [`MAX_TABLES`] others.
    fn of(&self, key: &PublicKey) -> Option<Arc<Table>> {
        let mut tables = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(table) = tables.iter().find(|table| table.key() == key) {
            return Some(Arc::clone(table));
        }
        if tables.len() == MAX_TABLES {
            return None;
        }
        let table = Arc::new(Table::new(key));
        tables.push(Arc::clone(&table));
        Some(table)
    }

    /// The key's table; none if it has none yet.
    fn find(&self, key: &PublicKey) -> Option<Arc<Table>> {
        let tables = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tables.iter().find(|table| table.key() == key).map(Arc::clone)
    }

    /// How many there are.
    #[cfg(test)]
    pub(crate) fn count(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
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
    use crate::key::SecretKey;

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
        let tables = Arc::new(SharedTables::default());
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

    #[test]
    fn tables_are_shared_and_bounded() {
        let tables = SharedTables::default();
        let first = tables.of(&secret(0).public()).unwrap();
        assert!(Arc::ptr_eq(&first, &tables.of(&secret(0).public()).unwrap()));
        assert_eq!(
            (1..2 * MAX_TABLES).filter(|seed| tables.of(&secret(*seed).public()).is_some()).count(),
            MAX_TABLES - 1
        );
        assert_eq!(tables.count(), MAX_TABLES);
        assert!(tables.of(&secret(0).public()).is_some(), "who has one keeps it");
    }
}
