//! Who is who in the ledger whose entries are shown.
//!
//! ```text
//! mueller                              a contact
//! bauer                                a party or device of the registry
//! mueller (ab12-…)                     one of the registry that is not the contact of this name
//! bauer (delegate 77aa-…)              who signs for a party; (former key 77aa-…): with a key that it has no more
//! 3b1e-…                               nobody who is known
//! ```

use std::cell::{OnceCell, RefCell};

use crate::{
    audit::{
        checked_reader::CheckedReader,
        registry::{LedgerInstant, RegistryAt, fold, holder_of},
    },
    cli::{
        key_names, ledger,
        registry::clashes::{NameClash, NameClashes},
        term::escape_name,
    },
    json::Object,
    key::{Did, PublicKey},
    machine,
    record::{genesis, signed},
    rules::registry::{KnownSubject, Registry},
};

/// Who is who in the ledger whose entries are shown.
pub(super) struct Names<'a, 'r> {
    checked: &'a CheckedReader<'r>,
    /// The registry, once it was asked for; `None`: what there is cannot be answered from
    registry: OnceCell<Option<RegistryAt>>,
    /// What its names are held against, once it was asked for
    clashes: OnceCell<NameClashes>,
    /// Of which names that were shown a reader should know, each once
    warnings: RefCell<Vec<String>>,
}

impl<'a, 'r> Names<'a, 'r> {
    pub(super) fn of(checked: &'a CheckedReader<'r>) -> Self {
        let (registry, clashes) = (OnceCell::new(), OnceCell::new());
        Self { checked, registry, clashes, warnings: RefCell::default() }
    }

    /// The ledger.
    pub(super) fn checked(&self) -> &'a CheckedReader<'r> {
        self.checked
    }

    /// Of which names that were shown so far a reader should know, in the order in which they came.
    pub(super) fn warnings(&self) -> Vec<String> {
        self.warnings.borrow().clone()
    }

    /// Whose record it is: the device that it names, else the keys in whose names its proofs stand.
    pub(super) fn who(&self, record: &Object) -> String {
        if let Some(device) =
            record.str("device").filter(|_| matches!(record.str("type"), Some("reading" | "status")))
        {
            return escape_name(device);
        }
        if record.str("type") == Some(genesis::TYPE) {
            return "log".to_owned();
        }
        let signers = signed::claimants(record).unwrap_or_default();
        let names: Vec<String> = signers.iter().map(|key| self.name(key)).collect();
        if names.is_empty() { "(nobody)".to_owned() } else { names.join(", ") }
    }

    /// A key by its contacts, else by the party or device that has or had it, else by its short form.
    fn name(&self, key: &Did) -> String {
        let contacts = PublicKey::parse_did(&key.to_string())
            .map(|key| key_names::contacts_of(&key))
            .unwrap_or_default();
        if let Some(contact) = contacts.first() {
            return escape_name(contact);
        }
        let holder = self.registry().and_then(|registry| Some((registry, holder_of(registry, key)?)));
        holder.map_or_else(|| key.short(), |(registry, known)| self.registered(key, &known, registry))
    }

    /// A key by who has it in the registry, so that nobody takes it for that of another.
    fn registered(&self, key: &Did, known: &KnownSubject<'_>, registry: &Registry) -> String {
        let name = in_list(known.name().as_str());
        let clash = self.clashes.get_or_init(NameClashes::with_contacts).of(known, registry);
        if let Some(clash) = &clash {
            self.warn(clash.warning(known));
        }
        let KnownSubject::Party(party) = known else { return plain_or(clash.as_ref(), name, key) };
        if party.delegates.iter().any(|delegate| delegate.key == *key) {
            return format!("{name} (delegate {})", key.short());
        }
        if party.key != *key {
            return format!("{name} (former key {})", key.short());
        }
        plain_or(clash.as_ref(), name, key)
    }

    fn warn(&self, warning: String) {
        let mut warnings = self.warnings.borrow_mut();
        if !warnings.contains(&warning) {
            warnings.push(warning);
        }
    }

    pub(super) fn registry(&self) -> Option<&Registry> {
        let state = self.registry.get_or_init(|| {
            // Names are a help: where there is no registry that can be believed, keys stand there.
            fold(self.checked, LedgerInstant::End, machine::wall(), &ledger::machine_name()).ok()
        });
        state.as_ref().map(RegistryAt::registry)
    }
}

/// A name by itself, unless it may be taken for another's.
fn plain_or(clash: Option<&NameClash>, name: String, key: &Did) -> String {
    if clash.is_some() { format!("{name} ({})", key.short()) } else { name }
}

/// A name among others: in quotes where it could be taken for two, or for one with a key behind it.
fn in_list(name: &str) -> String {
    let name = escape_name(name);
    if name.contains([',', '(', '"']) { format!("{name:?}") } else { name }
}
