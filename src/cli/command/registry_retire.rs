//! `foil registry retire`: a device is given up.

use crate::{
    cli::{
        Example,
        failure::{Hint, Outcome},
        paste,
        registry::draft::{DraftArgs, DraftBase, LedgerArgs},
        term::Term,
    },
    hash::Hash,
    record::registry::{Deed, Name},
    rules::registry::{Device, Registry},
    time::{Time, Zone},
};

pub(crate) const EXAMPLES: &[Example] = &[Example {
    does: "the logger was scrapped: no watch misses it any more",
    line: "foil registry retire fleet probe -k shipper | foil chain append fleet -k gateway",
}];

/// Give up a device: it speaks no more, and no watch misses it
///
/// Prints the record, to be signed by the owner and appended. From then on nothing that its key signs counts, and nothing
/// happens to it any more but that its key is revoked; `foil chain status --stale` leaves it out. What came before stays as
/// it is. A lease that has not ended must be returned first. To use the device again, enroll it as a new one, under
/// another name and with another key.
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
    refuse_let(&base, device, &term.zone())?;
    let outcome = args.draft.finish(&base, Deed::Retire { device: device.id }, term)?;
    for name in spoken_for(base.registry(), &device.id, base.now) {
        term.warn(format!("{:?} speaks for {name:?}, which nobody else does then", device.name));
        let (ledger, name) = (paste::word(&base.shown()), paste::word(name.as_str()));
        term.hint(format!("foil registry assign {ledger} {name} --via WHO"));
    }
    Ok(outcome)
}

/// The registry's own refusal knows a lease by its id; its owner knows who rents.
fn refuse_let(base: &DraftBase, device: &Device, zone: &Zone) -> anyhow::Result<()> {
    let Some(lease) = device.open_leases(base.now).next().filter(|_| device.retired.is_none()) else {
        return Ok(());
    };
    let (ledger, name) = (base.shown(), &device.name);
    let lessee = base
        .registry()
        .party(&lease.to)
        .map_or_else(|| lease.to.to_string(), |party| format!("{:?}", party.name));
    let until = zone.show(lease.until);
    let (place, word) = (paste::word(&ledger), paste::word(name.as_str()));
    Err(anyhow::anyhow!(
        "{ledger}: retire: {name:?} is let to {lessee} until {until}, so it has to be returned first"
    ))
    .hint(format!("foil registry return {place} {word} -k LESSEE -k OWNER"))
}

/// The other devices that a device speaks for.
fn spoken_for<'a>(registry: &'a Registry, via: &Hash, now: Time) -> Vec<&'a Name> {
    let devices = registry.devices().into_iter();
    let through = devices.filter(|device| device.retired.is_none() && device.via(now).is == Some(*via));
    through.map(|device| &device.name).collect()
}
