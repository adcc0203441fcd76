//! `foil registry handover`: a device passes from hand to hand.

use crate::{
    cli::{
        Example,
        failure::Outcome,
        registry::draft::{DraftArgs, LedgerArgs},
        term::Term,
    },
    record::registry::Deed,
};

pub(crate) const EXAMPLES: &[Example] = &[Example {
    does: "the carrier takes the probe on the ramp, both sign",
    line: "foil registry handover fleet probe --to carrier -k shipper -k carrier | foil chain append fleet -k gateway",
}];

/// Say that a device has a new custodian
///
/// Prints the record, to be signed by the custodian and the party that takes the device, and appended. Each handover
/// is a leg of the device's way. It changes neither the owner nor the operator.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    ledger: LedgerArgs,

    /// The device: a name, an id or a key
    device: String,

    /// The party that takes it
    #[arg(long, value_name = "WHO")]
    to: String,

    #[command(flatten)]
    draft: DraftArgs,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let base = args.ledger.open(term)?;
    let device = base.book().device(&args.device, term)?.id;
    let to = base.book().party(&args.to, term)?.id;
    args.draft.finish(&base, Deed::Handover { device, to }, term)
}
