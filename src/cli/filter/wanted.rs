//! Names that entries must have, what else was seen where they were looked for, and the one that was probably meant.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeSet,
    path::Path,
};

use crate::{
    cli::{failure::Hint, keys, paste},
    hash::Hash,
    json::{Object, Value},
    key::Did,
    likeness,
    record::claim::DeviceRef,
    rules::registry::Registry,
};

/// Names are remembered to find the one that was meant; more would be a flood.
const MAX_NAMES: usize = 1_000;

/// A name that an entry must have.
pub(super) struct Wanted<'a> {
    pub(super) what: NameKind,
    pub(super) name: &'a str,
    /// What else the same is called
    pub(super) aliases: BTreeSet<String>,
    /// Whether an entry with it was seen, whatever else was asked of it
    pub(super) seen: Cell<bool>,
    /// The others that were seen
    pub(super) others: RefCell<BTreeSet<String>>,
}

/// What a name is that of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameKind {
    /// Of the device that a record names
    Device,
    /// Of a value
    Field,
    /// Of a record's type
    Type,
}

impl Wanted<'_> {
    pub(super) fn is_in(&self, record: &Object) -> bool {
        let found = match self.what {
            NameKind::Device => record
                .str("device")
                .is_some_and(|device| device == self.name || self.aliases.contains(device)),
            NameKind::Type => record.str("type") == Some(self.name),
            NameKind::Field => values(record).any(|name| name == self.name),
        };
        if found {
            self.seen.set(true);
        } else if !self.seen.get() {
            self.note_others(record);
        }
        found
    }

    fn note_others(&self, record: &Object) {
        let mut others = self.others.borrow_mut();
        let mut note = |name: &str| {
            if others.len() < MAX_NAMES && !others.contains(name) {
                others.insert(name.to_owned());
            }
        };
        match self.what {
            // Nobody types the ids by which events speak of devices.
            NameKind::Device => {
                record
                    .str("device")
                    .filter(|name| Hash::parse(name).is_none())
                    .into_iter()
                    .for_each(&mut note);
            }
            NameKind::Type => record.str("type").into_iter().for_each(&mut note),
            NameKind::Field => values(record).for_each(&mut note),
        }
    }

    pub(super) fn refused(&self) -> anyhow::Result<()> {
        let (flag, what) = match self.what {
            NameKind::Device => ("device", "no entry of it"),
            NameKind::Field => ("field", "no reading has it"),
            NameKind::Type => ("type", "no record is of it"),
        };
        let others = self.others.borrow();
        let hint = match likeness::nearest(self.name, others.iter().map(|other| &**other)) {
            Some(other) => format!("did you mean --{flag} {}?", paste::word(other)),
            None if others.is_empty() => format!("the ledger has no {flag} at all"),
            None => {
                let some: Vec<String> = others.iter().take(5).map(|other| paste::word(other)).collect();
                let more = others.len().saturating_sub(5);
                let more = if more == 0 { String::new() } else { format!(", and {more} more") };
                format!("there is {}{more}", some.join(", "))
            }
        };
        Err(anyhow::anyhow!("{flag} {:?}: {what}", self.name)).hint(hint)
    }
}

/// What a device is called in records that an argument means by one of its names, or by a file with its key.
pub(super) fn aliases(registry: &Registry, text: &str) -> BTreeSet<String> {
    let is_file = Path::new(text).extension().is_some_and(|extension| extension == "did");
    let meant = if is_file {
        keys::who(text).ok().map(|key| DeviceRef::Key(Did::from(&key)))
    } else {
        DeviceRef::parse(text)
    };
    let Some(device) = meant.and_then(|meant| registry.spoken_of(&meant)) else { return BTreeSet::new() };
    let keys = registry.held_keys().filter(|(_, name)| **name == device.name);
    let names = [device.id.to_string(), device.name.as_str().to_owned()].into_iter();
    names.chain(keys.map(|(key, _)| key.to_string())).collect()
}

fn values(record: &Object) -> impl Iterator<Item = &str> {
    record.get("values").and_then(Value::as_object).into_iter().flat_map(Object::iter).map(|(name, _)| name)
}
