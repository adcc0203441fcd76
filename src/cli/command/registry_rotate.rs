//! `foil registry rotate`: a key changes, and whose it is stays.

use anyhow::ensure;

use crate::{
    audit::registry::RegistryMember,
    cli::{
        Example,
        failure::Outcome,
        paste,
        registry::draft::{self, DraftArgs, DraftBase, LedgerArgs},
        term::Term,
    },
    record::registry::Deed,
    rules::registry::Party,
};

pub(crate) const EXAMPLES: &[Example] = &[
    Example {
        does: "a device gets a new key from its owner",
        line: "foil keygen probe-2 -q && foil registry rotate fleet probe --key probe-2 -k probe-2 -k shipper | foil chain append fleet -k gateway",
    },
    Example {
        does: "a party changes to the key that it committed to, and commits to another",
        line: "foil keygen later -q && foil registry rotate fleet safe --key safe.next --next later -k safe.next > rotate.json",
    },
];

/// Change the key of a party, a device or an admin
///
/// Prints the record, to be signed by the new key and appended. A party or admin that has committed to its next key
/// can change to none but that, and needs no other signature; without, the old key signs too; for a device its owner
/// does. The id stays, and so does all that is owned.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    ledger: LedgerArgs,

    /// Whose key: a name, an id or a key
    #[arg(add = clap_complete::engine::ArgValueCompleter::new(crate::cli::complete::members))]
    who: String,

    /// The new key: a did:key, a .did or .pem file, or a contact
    #[arg(long, value_name = "DID", add = clap_complete::engine::ArgValueCompleter::new(crate::cli::keys::complete_public))]
    key: String,

    /// The commitment to the key after that: its hash, or the key
    #[arg(long, value_name = "HASH")]
    next: Option<String>,

    #[command(flatten)]
    draft: DraftArgs,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let base = args.ledger.open(term)?;
    let who = base.book().find(&args.who, term)?;
    let key = draft::key(&args.key)?;
    let is_device = matches!(who, RegistryMember::Device(_));
    ensure!(!is_device || args.next.is_none(), "--next: of a device the owner decides, not a next key");
    let next = args.next.as_ref().map(|next| draft::commitment(next, &key, base.registry())).transpose()?;
    let outcome = args.draft.finish(&base, Deed::Rotate { subject: who.subject(), key, next }, term)?;
    if next.is_none() && committed(&who) {
        term.warn("without --next whoever gets the new key can change it: foil keygen NAME --next");
    }
    if let RegistryMember::Party(party) = &who {
        warn_of_clerks(party, &base, term);
    }
    Ok(outcome)
}

/// A thief of the old key could make clerks, and they stay.
fn warn_of_clerks(party: &Party, base: &DraftBase, term: &mut Term) {
    let (ledger, name) = (paste::word(&base.shown()), &party.name);
    let word = paste::word(name.as_str());
    for clerk in party.delegates.iter().filter(|clerk| base.now < clerk.until) {
        let may: Vec<String> = clerk.may.iter().map(|right| right.escape_default().to_string()).collect();
        let (key, n, may) = (clerk.key, clerk.n, may.join(", "));
        term.warn(format!("{key}, of entry {n}, still signs {may} for {name:?} until {}", clerk.until));
        term.hint(format!("foil registry delegate {ledger} {word} --key {key} --until none ends that"));
    }
}

/// Whether the subject has committed to a next key so far.
fn committed(who: &RegistryMember<'_>) -> bool {
    match who {
        RegistryMember::Party(party) => party.next.is_some(),
        RegistryMember::Admin(admin) => admin.next.is_some(),
        RegistryMember::Device(_) => false,
    }
}
