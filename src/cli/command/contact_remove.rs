//! `foil contact remove`: a name is free again.

use clap_complete::engine::ArgValueCandidates;

use crate::cli::{Example, failure::Outcome, keys, term::Term};

pub(crate) const EXAMPLES: &[Example] = &[];

/// Forget a contact
///
/// The DID that the name meant is told, so that it can be added again.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The name
    #[arg(add = ArgValueCandidates::new(keys::contact_names))]
    name: String,

    /// Say what would be done, and do nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let contacts = keys::contacts()?;
    if args.dry_run {
        let key = contacts.find(&args.name).map_err(keys::contact_hint)?;
        term.say(format!("would forget {}, which is {key}", args.name));
        return Ok(Outcome::Yes);
    }
    match contacts.remove(&args.name).map_err(keys::contact_hint)? {
        Some(key) => term.say(format!("forgot {}, which was {key}", args.name)),
        None => term.say(format!("forgot {}, whose file held no key", args.name)),
    }
    Ok(Outcome::Yes)
}
