//! The registry of a ledger, where the members that arguments name are looked up.

use super::clashes::NameClashes;
use crate::{
    audit::registry::{MemberNotFound, RegistryMember, find_member},
    cli::{failure::Hint, keys, paste, term::Term},
    hash::Hash,
    record::registry::Name,
    rules::registry::{Device, Party, Registry},
};

/// The registry of a ledger, where members are looked up.
#[derive(Clone, Copy)]
pub(crate) struct RegistryBook<'a> {
    /// Who is known
    pub(crate) registry: &'a Registry,
    /// Where the ledger is, for hints
    pub(crate) place: &'a str,
}

impl<'a> RegistryBook<'a> {
    /// The member that a text means. What the ledger says comes before what this user calls it.
    pub(crate) fn find(&self, text: &str, term: &mut Term) -> anyhow::Result<RegistryMember<'a>> {
        let found = find_member(self.registry, text, keys::who).map_err(|why| self.refused(why))?;
        if let Some(known) = Name::parse(text).ok().and_then(|name| self.registry.named(&name))
            && let Some(clash) = NameClashes::with_contacts().of(&known, self.registry)
        {
            term.warn(clash.warning(&known));
        }
        Ok(found)
    }

    /// The party that a text means.
    pub(crate) fn party(&self, text: &str, term: &mut Term) -> anyhow::Result<&'a Party> {
        self.find(text, term)?.party().map_err(|why| self.refused(why))
    }

    /// The device that a text means.
    pub(crate) fn device(&self, text: &str, term: &mut Term) -> anyhow::Result<&'a Device> {
        self.find(text, term)?.device().map_err(|why| self.refused(why))
    }

    /// The party or device that is to speak for a device.
    pub(crate) fn via(&self, text: &str, term: &mut Term) -> anyhow::Result<Hash> {
        self.find(text, term)?.speaker().map_err(|why| self.refused(why))
    }

    fn refused(&self, why: MemberNotFound) -> anyhow::Error {
        if matches!(why, MemberNotFound::Did(..)) {
            return why.into();
        }
        let place = self.place;
        let all = format!("foil registry show {}", paste::word(place));
        let near = match &why {
            MemberNotFound::Name(text, _) => {
                paste::did_you_mean(text, self.registry.names().map(Name::as_str))
            }
            _ => None,
        };
        anyhow::anyhow!("{place}: {why}")
            .hint(near.map_or_else(|| all.clone(), |near| format!("{near} {all} lists all")))
    }
}
