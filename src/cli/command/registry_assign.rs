//! `foil registry assign`: who may speak for a device.

use crate::{
    cli::{
        Example,
        failure::Outcome,
        registry::draft::{DraftArgs, LedgerArgs},
        term::Term,
    },
    record::registry::Deed,
};

pub(crate) const EXAMPLES: &[Example] = &[
    Example {
        does: "the carrier's gateway reads the probe",
        line: "foil registry assign fleet probe --via carrier -k shipper | foil chain append fleet -k gateway",
    },
    Example {
        does: "from now on the probe speaks for itself only",
        line: "foil registry assign fleet probe --via none -k shipper > alone.json",
    },
];

/// Say who may speak for a device besides itself
///
/// Prints the record, to be signed by the device's operator – the lessee while it is let, else the owner – and
/// appended.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    ledger: LedgerArgs,

    /// The device: a name, an id or a key
    #[arg(add = clap_complete::engine::ArgValueCompleter::new(crate::cli::complete::enrolled_devices))]
    device: String,

    /// The party or device that speaks for it, or none
    #[arg(long, value_name = "WHO", add = clap_complete::engine::ArgValueCompleter::new(crate::cli::complete::members))]
    via: String,

    #[command(flatten)]
    draft: DraftArgs,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let base = args.ledger.open(term)?;
    let device = base.book().device(&args.device, term)?.id;
    let via = if args.via == "none" { None } else { Some(base.book().via(&args.via, term)?) };
    args.draft.finish(&base, Deed::Assign { device, via }, term)
}
