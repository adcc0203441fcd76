//! `foil contact list`: who has a name.

use crate::{
    cli::{
        Example,
        failure::Outcome,
        keys,
        term::{Term, escape},
    },
    object,
};

pub(crate) const EXAMPLES: &[Example] = &[Example { does: "all contacts", line: "foil contact list" }];

/// List the contacts and their keys
#[derive(clap::Args)]
pub(crate) struct Args {}

pub(crate) fn run(_: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let contacts = keys::contacts()?;
    let mut outcome = Outcome::Yes;
    for name in contacts.names()? {
        match contacts.find(&name) {
            Ok(key) if term.human() => term.text(&format!("{name:20}  {key}\n"))?,
            Ok(key) => term.data(&object! { "did": key.did(), "name": name })?,
            Err(bad) => {
                term.warn(format!("{}: {bad}", escape(&name)));
                outcome = Outcome::CouldNot;
            }
        }
    }
    Ok(outcome)
}
