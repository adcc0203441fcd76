//! `foil registry transfer`: a device changes its owner.

use crate::{
    cli::{
        Example,
        failure::{Hint, Outcome},
        registry::draft::{DraftArgs, DraftBase, LedgerArgs},
        term::Term,
    },
    hash::Hash,
    record::registry::Deed,
    rules::registry::Device,
};

pub(crate) const EXAMPLES: &[Example] = &[
    Example {
        does: "sell a device; the buyer signs the offer and appends it",
        line: "foil registry transfer fleet probe --to carrier --expires 7d -k shipper > offer.json && foil sign -k carrier offer.json | foil chain append fleet -k gateway",
    },
    Example {
        does: "sell one that is let, with its lease",
        line: "foil registry transfer fleet logger --to carrier --with-lease -k shipper -k carrier > sale.json",
    },
];

/// Give a device to another owner
///
/// Prints the record, to be signed by the old and the new owner and appended. Open leases go on with the new owner
/// as lessor, who must know of them: --with-lease names them. The device's via speaks for it no longer, unless
/// --via says so. The old owner may know the device's key: until it is rotated, a warning stands.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    ledger: LedgerArgs,

    /// The device: a name, an id or a key
    #[arg(add = clap_complete::engine::ArgValueCompleter::new(crate::cli::complete::enrolled_devices))]
    device: String,

    /// The party that owns it then
    #[arg(long, value_name = "WHO", add = clap_complete::engine::ArgValueCompleter::new(crate::cli::complete::parties))]
    to: String,

    /// Name all open leases: the new owner takes them over
    #[arg(long)]
    with_lease: bool,

    /// The party or device that speaks for it then
    #[arg(long, value_name = "WHO", add = clap_complete::engine::ArgValueCompleter::new(crate::cli::complete::members))]
    via: Option<String>,

    #[command(flatten)]
    draft: DraftArgs,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let base = args.ledger.open(term)?;
    let device = base.book().device(&args.device, term)?;
    let to = base.book().party(&args.to, term)?.id;
    let via = args.via.as_ref().map(|via| base.book().via(via, term)).transpose()?;
    let leases = leases(args, &base, device, term)?;
    args.draft.finish(&base, Deed::Transfer { device: device.id, to, leases, via }, term)
}

fn leases(args: &Args, base: &DraftBase, device: &Device, term: &mut Term) -> anyhow::Result<Vec<Hash>> {
    let open: Vec<_> = device.open_leases(base.now).collect();
    match open.first() {
        None if args.with_lease => term.warn(format!("--with-lease: {:?} is not let", device.name)),
        Some(lease) if !args.with_lease => {
            let (until, name) = (lease.until, &device.name);
            return Err(anyhow::anyhow!("{}: {name:?} is let until {until}", base.shown()))
                .hint("--with-lease lets the new owner take over the lease; foil registry return ends it");
        }
        _ => {}
    }
    Ok(open.iter().map(|lease| lease.id).collect())
}
