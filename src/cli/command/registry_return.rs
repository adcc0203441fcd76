//! `foil registry return`: a lease ends early.

use crate::{
    cli::{
        Example,
        failure::{Hint, Outcome},
        paste,
        registry::draft::{DraftArgs, DraftBase, LedgerArgs},
        term::Term,
    },
    hash::Hash,
    record::registry::Deed,
    rules::registry::Device,
};

pub(crate) const EXAMPLES: &[Example] = &[
    Example {
        does: "both end the lease at once",
        line: "foil registry return fleet logger -k carrier -k shipper | foil chain append fleet -k gateway",
    },
    Example {
        does: "the lessee gives notice; the owner confirms it, or it ends in two days",
        line: "foil registry return fleet logger -k carrier | foil chain append fleet -k gateway && foil registry return fleet logger -k shipper > confirmed.json",
    },
];

/// End a lease before its time
///
/// Prints the record, to be signed and appended. Signed by owner and lessee it ends the lease at once; signed by the
/// lessee alone it is a notice, which the owner closes with a return of its own, and which else ends the lease after
/// 48 hours. It is the lease that runs, or else the first that is booked.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    ledger: LedgerArgs,

    /// The device: a name, an id or a key
    #[arg(add = clap_complete::engine::ArgValueCompleter::new(crate::cli::complete::enrolled_devices))]
    device: String,

    #[command(flatten)]
    draft: DraftArgs,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let base = args.ledger.open(term)?;
    let device = base.book().device(&args.device, term)?;
    let lease = lease(&base, device)?;
    args.draft.finish(&base, Deed::Return { device: device.id, lease }, term)
}

fn lease(base: &DraftBase, device: &Device) -> anyhow::Result<Hash> {
    let lease = device.lease(base.now).or_else(|| device.open_leases(base.now).next());
    let lease = lease.ok_or_else(|| anyhow::anyhow!("{}: {:?} is not let", base.shown(), device.name));
    Ok(lease.hint(format!("foil registry show {} {}", paste::word(&base.shown()), device.id))?.id)
}
