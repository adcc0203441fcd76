//! `foil contact list`: who has a name.

use crate::{
    cli::{
        Example,
        failure::Outcome,
        keys,
        term::{Term, escape},
    },
    key::Did,
    object,
};

pub(crate) const EXAMPLES: &[Example] = &[Example { does: "all contacts", line: "foil contact list" }];

/// List the contacts and their keys, with the short form to read out
#[derive(clap::Args)]
pub(crate) struct Args {}

pub(crate) fn run(_: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let contacts = keys::contacts()?;
    let mut outcome = Outcome::Yes;
    for name in contacts.names()? {
        match contacts.find(&name) {
            Ok(key) if term.human() => {
                term.text(&format!("{name:20}  {key}  {}\n", Did::from(&key).short()))?;
            }
            Ok(key) => {
                let short = Did::from(&key).short();
                term.data(&object! { "did": key.did(), "name": name, "short": short })?;
            }
            Err(bad) => {
                term.warn(format!("{}: {bad}", escape(&name)));
                outcome = Outcome::CouldNot;
            }
        }
    }
    Ok(outcome)
}
