//! `foil registry revoke`: a key is dead.

use crate::{
    cli::{
        Example,
        failure::Outcome,
        moment::{self, MeantBy, PastMoment},
        registry::draft::{DraftArgs, LedgerArgs},
        term::Term,
    },
    record::registry::{Deed, Subject},
    rules::registry::Registry,
};

pub(crate) const EXAMPLES: &[Example] = &[
    Example {
        does: "the probe was stolen: nothing that its key signs counts any more",
        line: "foil registry revoke fleet probe -k shipper | foil chain append fleet -k gateway",
    },
    Example {
        does: "a party lost its key at noon: what was received later is suspect",
        line: "foil registry revoke fleet carrier --trusted-until 2026-03-01T12:00:00Z -k gateway > revoke.json",
    },
];

/// Declare the key of a party, a device or an admin dead
///
/// Prints the record, to be signed and appended: for a device by its owner, for a party or admin by the key that it
/// committed to as next, or by an admin. Clerks of a party lose their keys with it. Nothing is rewritten; entries
/// received after --trusted-until are called suspect by foil verify.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    ledger: LedgerArgs,

    /// Whose key: a name, an id or a key
    #[arg(add = clap_complete::engine::ArgValueCompleter::new(crate::cli::complete::members))]
    who: String,

    /// What was received later than this is suspect: a time, a date (its last instant), or a duration ago such as 2h; when
    /// the event is received where absent
    #[arg(long, value_name = "TIME", value_parser = moment::past)]
    trusted_until: Option<PastMoment>,

    #[command(flatten)]
    draft: DraftArgs,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let base = args.ledger.open(term)?;
    let subject = base.book().find(&args.who, term)?.subject();
    let by = MeantBy::at(base.now, term);
    let trusted_until = args.trusted_until.map(|until| until.last(&by)).transpose()?;
    if trusted_until.is_some_and(|until| until > base.now) {
        term.warn("--trusted-until is in the future: the key is dead from the record's arrival all the same, and nothing before that becomes suspect");
    }
    let outcome = args.draft.finish(&base, Deed::Revoke { subject, trusted_until }, term)?;
    if is_last_admin(base.registry(), &subject) {
        term.warn("it is the only admin that is left: nobody could enroll a party any more");
        term.hint("foil registry rotate gives an admin another key");
    }
    Ok(outcome)
}

/// Whether all admins that still are some are this one.
fn is_last_admin(registry: &Registry, subject: &Subject) -> bool {
    let mut left = registry.admins().iter().filter(|admin| admin.revoked.is_none()).peekable();
    left.peek().is_some()
        && left.all(|admin| match subject {
            Subject::Party(id) => admin.party == Some(*id),
            Subject::Admin(first) => admin.first == *first,
            Subject::Device(_) => false,
        })
}
