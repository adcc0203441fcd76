//! `foil registry enroll`: a party or device becomes known.

use crate::{
    cli::{
        Example,
        failure::{Hint, Outcome},
        registry::draft::{self, DraftArgs, DraftBase, LedgerArgs},
        term::Term,
    },
    record::registry::{BadName, Deed, Name},
    rules::registry::lookalike,
};

pub(crate) const EXAMPLES: &[Example] = &[
    Example {
        does: "a party that has committed to its next key, taken in by the admin at once",
        line: "foil keygen acme --next -q && foil registry enroll fleet --party acme --key acme --next acme.next.did -k acme -k gateway | foil chain append fleet -k gateway",
    },
    Example {
        does: "a device that cannot sign, which a party reads",
        line: "foil registry enroll fleet --device 'door 3' --owner shipper --via carrier -k shipper > door.json",
    },
];

/// Make a party or a device known in a ledger
///
/// Prints the record, to be signed and appended: for a party by its new key and an admin, for a
/// device by its owner and, if it has one, its key. Names are never freed, and a key that was ever held here is never
/// new again.
#[derive(clap::Args)]
#[command(group = clap::ArgGroup::new("what").required(true).args(["party", "device"]))]
pub(crate) struct Args {
    #[command(flatten)]
    ledger: LedgerArgs,

    /// The name of a party that is new
    #[arg(long, value_name = "NAME", requires = "key")]
    party: Option<String>,

    /// The name of a device that is new
    #[arg(long, value_name = "NAME", requires = "owner")]
    device: Option<String>,

    /// Its key: a did:key, a .did or .pem file, or a contact
    #[arg(long, value_name = "DID", add = clap_complete::engine::ArgValueCompleter::new(crate::cli::keys::complete_public))]
    key: Option<String>,

    /// The commitment to the party's next key: what foil keygen --next printed, or its NAME.next.did
    #[arg(long, value_name = "HASH", requires = "party")]
    next: Option<String>,

    /// The party that owns the device
    #[arg(long, value_name = "WHO", conflicts_with = "party", add = clap_complete::engine::ArgValueCompleter::new(crate::cli::complete::parties))]
    owner: Option<String>,

    /// The party or device that speaks for the device
    #[arg(long, value_name = "WHO", conflicts_with = "party", add = clap_complete::engine::ArgValueCompleter::new(crate::cli::complete::members))]
    via: Option<String>,

    #[command(flatten)]
    draft: DraftArgs,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let base = args.ledger.open(term)?;
    let deed = match (&args.party, &args.device) {
        (Some(name), _) => party(args, name, &base)?,
        (None, name) => device(args, name.as_deref().unwrap_or_default(), &base, term)?,
    };
    if let Deed::EnrollParty { name, .. } | Deed::EnrollDevice { name, .. } = &deed {
        for warning in lookalike::warnings(name, base.registry().names()) {
            term.warn(warning);
        }
    }
    args.draft.finish(&base, deed, term)
}

fn party(args: &Args, name: &str, base: &DraftBase) -> anyhow::Result<Deed> {
    let key = draft::key(args.key.as_deref().unwrap_or_default())?;
    let next = args.next.as_ref().map(|next| draft::commitment(next, &key, base.registry())).transpose()?;
    Ok(Deed::EnrollParty { name: parse(name)?, key, next })
}

fn device(args: &Args, name: &str, base: &DraftBase, term: &mut Term) -> anyhow::Result<Deed> {
    let key = args.key.as_deref().map(draft::key).transpose()?;
    let owner = base.book().party(args.owner.as_deref().unwrap_or_default(), term)?.id;
    let via = args.via.as_ref().map(|via| base.book().via(via, term)).transpose()?;
    if key.is_none() && via.is_none() {
        term.warn("the device has neither a key nor a via: nobody can speak for it");
    }
    Ok(Deed::EnrollDevice { name: parse(name)?, key, owner, via })
}

fn parse(name: &str) -> anyhow::Result<Name> {
    let parsed = Name::parse(name).map_err(|bad| match bad {
        // A whole file that was given as a name is not repeated.
        BadName::Length => bad.into(),
        bad => anyhow::anyhow!("{name:?}: {bad}"),
    });
    parsed.hint("a short label, such as acme or 'probe 7'")
}
