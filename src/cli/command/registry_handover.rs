//! `foil registry handover`: a device passes from hand to hand.

use crate::cli::{
    Example,
    failure::Outcome,
    registry::{
        draft::{DraftArgs, LedgerArgs},
        state::StateArgs,
    },
    term::Term,
};

pub(crate) const EXAMPLES: &[Example] = &[
    Example {
        does: "the carrier takes the probe on the ramp, both sign",
        line: "foil registry handover fleet probe --to carrier -k shipper -k carrier | foil chain append fleet -k gateway",
    },
    Example {
        does: "the same, with what it looked like",
        line: "foil registry handover fleet probe --to carrier --note '1204 h, half full' --document gateway.did -k shipper > ramp.json",
    },
];

/// Say that a device has a new custodian
///
/// Prints the record, to be signed by the custodian and the party that takes the device, and appended: the moment at which it
/// is received counts. Each handover is a leg of the device's way. It changes neither the owner nor the operator, and neither
/// a lease nor a transfer changes the custodian. What state the device is in may be written down: hours, fuel, a photo's hash.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    ledger: LedgerArgs,

    /// The device: a name, an id or a key
    #[arg(add = clap_complete::engine::ArgValueCompleter::new(crate::cli::complete::enrolled_devices))]
    device: String,

    /// The party that takes it
    #[arg(long, value_name = "WHO", add = clap_complete::engine::ArgValueCompleter::new(crate::cli::complete::parties))]
    to: String,

    #[command(flatten)]
    state: StateArgs,

    #[command(flatten)]
    draft: DraftArgs,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let base = args.ledger.open(term)?;
    let device = base.book().device(&args.device, term)?.id;
    let to = base.book().party(&args.to, term)?.id;
    let deed = args.state.handover(device, to, term)?;
    args.draft.finish(&base, deed, term)
}
