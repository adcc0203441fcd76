//! What the members of an event that are ids mean, in words: labels for those who read it without its ledger.
//!
//! ```json
//! {"device":"excavator 07","lessor":"Acme Rental","to":"Bauer GmbH"}
//! ```
//!
//! Who gives a device away is in no member of the event, since the ledger knows it: that label stands under the role.
//!
//! They prove nothing: whoever drafts an event writes them. A ledger that takes the event holds them against its own.

use std::collections::BTreeMap;

use super::{Deed, Name, Subject};
use crate::{hash::Hash, json::Object};

/// The labels of those whom an event names by id, by the member that holds the id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventNames(BTreeMap<&'static str, Name>);

impl EventNames {
    /// The labels that someone knows of those whom a deed names; none of those whom nobody knows.
    pub fn of<'a>(deed: &Deed, label: impl Fn(&Hash) -> Option<&'a Name>) -> Self {
        let labels = deed.named_ids().into_iter();
        Self(labels.filter_map(|(member, id)| Some((member, label(&id)?.clone()))).collect())
    }

    /// The same, with the label of who gives the device away.
    #[must_use]
    pub fn with_giver(mut self, deed: &Deed, label: Option<&Name>) -> Self {
        self.0.extend(deed.giver().zip(label.cloned()));
        self
    }

    /// The label of who gives the device away; `None`: nobody does, or nobody said it.
    pub fn giver(&self, deed: &Deed) -> Option<&Name> {
        self.0.get(deed.giver()?)
    }

    /// Reads members and labels; `None`: one is no label, or of a member that holds no id in such an event.
    pub(super) fn read(deed: &Deed, members: &[(&str, &str)]) -> Option<Self> {
        let ids = deed.named_ids();
        let read = members.iter().map(|(member, label)| {
            let known = ids.iter().map(|(holds_id, _)| *holds_id).chain(deed.giver());
            let member = { known }.find(|known| known == member)?;
            Some((member, Name::parse(label).ok()?))
        });
        read.collect::<Option<_>>().map(Self).filter(|names| !names.is_empty())
    }

    /// Whether nobody is called anything.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The labels of a deed's ids, with the member that holds each.
    pub fn labels<'a>(&'a self, deed: &Deed) -> impl Iterator<Item = (&'static str, Hash, &'a Name)> {
        let ids = deed.named_ids().into_iter();
        ids.filter_map(|(member, id)| Some((member, id, self.0.get(member)?)))
    }

    pub(super) fn to_object(&self) -> Object {
        let mut object = Object::new();
        for (member, name) in &self.0 {
            object.insert(*member, name.as_str());
        }
        object
    }
}

impl Deed {
    /// A handover of which nothing is written down but that it happened.
    pub fn handover(device: Hash, to: Hash) -> Self {
        Self::Handover { device, to, note: None, documents: Vec::new() }
    }

    /// The role of who gives the device away; `None`: nobody does.
    pub fn giver(&self) -> Option<&'static str> {
        match self {
            Self::Lease { .. } => Some("lessor"),
            Self::Transfer { .. } => Some("owner"),
            Self::Handover { .. } => Some("custodian"),
            _ => None,
        }
    }

    /// The members that are ids of parties and devices, and the ids. Admins are named by keys, and leases have no labels.
    pub fn named_ids(&self) -> Vec<(&'static str, Hash)> {
        let (device, to, owner, party) = ("device", "to", "owner", "party");
        let (mut ids, via) = match self {
            Self::EnrollParty { .. } => (Vec::new(), None),
            Self::EnrollDevice { owner: id, via, .. } => (vec![(owner, *id)], *via),
            Self::Assign { device: id, via } => (vec![(device, *id)], *via),
            Self::Delegate { party: id, .. } | Self::Dismiss { party: id, .. } => (vec![(party, *id)], None),
            Self::Rotate { subject, .. } | Self::Revoke { subject, .. } => match subject {
                Subject::Party(id) => (vec![(party, *id)], None),
                Subject::Device(id) => (vec![(device, *id)], None),
                Subject::Admin(_) => (Vec::new(), None),
            },
            Self::Transfer { device: id, to: taker, via, .. }
            | Self::Lease { device: id, to: taker, via, .. } => (vec![(device, *id), (to, *taker)], *via),
            Self::Handover { device: id, to: taker, .. } => (vec![(device, *id), (to, *taker)], None),
            Self::Return { device: id, .. } | Self::Retire { device: id } => (vec![(device, *id)], None),
        };
        ids.extend(via.map(|via| ("via", via)));
        ids
    }
}
