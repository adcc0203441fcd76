//! `foil contact add`: a name for the key of another party.

use clap_complete::engine::ArgValueCompleter;

use crate::{
    cli::{Example, failure::Outcome, keys, term::Term},
    key::{
        Did, PublicKey,
        contact::{AddedContact, Contacts, ends_as_key_file},
    },
    record::registry::Name,
    rules::registry::lookalike,
};

pub(crate) const EXAMPLES: &[Example] =
    &[Example { does: "name the key that the carrier sent", line: "foil contact add carrier carrier.did" }];

/// Give another party's key a name
///
/// From then on NAME can stand wherever a DID can, also as a key in the TOML of a contract. Compare the short form with
/// its owner by another way than the one on which the key came, such as reading it out on the telephone: foil key show
/// prints the same there. It is the first 80 bits of the SHA-256 of the key's 32 bytes.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Letters, digits and . _ - @
    name: String,

    /// The key: did:key:…, a file with it, or a line of OpenSSH or a verifier key
    #[arg(add = ArgValueCompleter::new(keys::complete_public))]
    did: String,

    /// Say what would be done, and do nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let (contacts, key) = (keys::contacts()?, keys::who(&args.did)?);
    let short = Did::from(&key).short();
    for warning in warnings(&args.name, &key, &contacts) {
        term.warn(warning);
    }
    if args.dry_run {
        term.say(format!("would name {key} {}", args.name));
        return Ok(Outcome::Yes);
    }
    match contacts.add(&args.name, &key).map_err(keys::contact_hint)? {
        AddedContact::New => {
            term.say(format!("{} is {key} (short form {short}: is it the same at its owner's?)", args.name));
        }
        AddedContact::Known => term.say(format!("{} is {key} (short form {short}), as before", args.name)),
    }
    Ok(Outcome::Yes)
}

/// What may be mistaken about a name: it looks like another contact's, or is that of another key's file.
fn warnings(name: &str, key: &PublicKey, contacts: &Contacts) -> Vec<String> {
    let others = contacts.names().unwrap_or_default();
    let others: Vec<Name> = others.iter().filter_map(|other| Name::parse(other).ok()).collect();
    let mut warnings =
        Name::parse(name).map_or_else(|_| Vec::new(), |name| lookalike::warnings(&name, others.iter()));
    if let Some((path, other)) = keys::namesake(name, key).filter(|_| !ends_as_key_file(name)) {
        let path = path.display();
        warnings.push(format!(
            "{name:?}: {path} is the file of another key, {other}: the name alone will be refused here"
        ));
    }
    warnings
}
