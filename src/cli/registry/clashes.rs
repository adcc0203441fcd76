//! Names of a ledger that may be taken for those that this user has given.
//!
//! ```text
//! contact mueller = z6MkA…    party "mueller" = z6MkB…    clash: another key
//! contact mueller = z6MkA…    party "mueller" = z6MkA…    none: the same
//! ```

use crate::{
    cli::key_names::{self, Contact},
    hash::Hash,
    key::Did,
    record::registry::Name,
    rules::registry::{KnownSubject, Registry, lookalike},
};

/// What entry 0 is by, where entries are listed.
const LOG: &str = "log";

/// A name of a ledger that this user may take for another's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NameClash {
    /// A contact, who has another key, has the name
    Contact,
    /// A contact, who has another key, has a name that looks like it
    LikeContact(String),
    /// It looks like the word for the ledger itself
    Log,
}

/// The contacts of this user, which the names of a ledger are held against.
pub(crate) struct NameClashes(Vec<Contact>);

impl NameClashes {
    /// Against the contacts as they are now.
    pub(crate) fn with_contacts() -> Self {
        Self(key_names::all_contacts())
    }

    /// For what a party or device may be taken by its name; `None`: for nothing.
    pub(crate) fn of(&self, known: &KnownSubject<'_>, registry: &Registry) -> Option<NameClash> {
        let others = self.0.iter().filter(|contact| !is_its(&Did::from(&contact.key), known.id(), registry));
        let alike: Vec<&str> =
            others.map(|contact| contact.name.as_str()).filter(|name| looks(known.name(), name)).collect();
        if alike.contains(&known.name().as_str()) {
            return Some(NameClash::Contact);
        }
        let like = alike.first().map(|name| NameClash::LikeContact((*name).to_owned()));
        like.or_else(|| looks(known.name(), LOG).then_some(NameClash::Log))
    }
}

impl NameClash {
    /// What to warn of.
    pub(crate) fn warning(&self, known: &KnownSubject<'_>) -> String {
        let kind = match known {
            KnownSubject::Party(_) => "party",
            KnownSubject::Device(_) => "device",
        };
        let name = known.name();
        match self {
            Self::Contact => {
                format!("{kind} {name:?} of this ledger has another key than your contact of this name")
            }
            Self::LikeContact(contact) => {
                format!(
                    "{kind} {name:?} of this ledger has another key than your contact {contact:?}, which it looks like"
                )
            }
            Self::Log => format!("{kind} {name:?} of this ledger is not its log"),
        }
    }
}

/// Whether a key is or was that of a party or device itself.
fn is_its(key: &Did, id: &Hash, registry: &Registry) -> bool {
    registry.holder(key).is_some_and(|holder| holder.subject == *id)
}

fn looks(name: &Name, other: &str) -> bool {
    name.as_str() == other || Name::parse(other).is_ok_and(|other| lookalike::alike(name, &other))
}
