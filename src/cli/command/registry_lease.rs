//! `foil registry lease`: a device is let for a time.

use anyhow::ensure;

use crate::{
    cli::{
        Example,
        failure::Outcome,
        moment::{self, AnyMoment, FutureMoment, MeantBy},
        registry::{
            draft::{DraftArgs, LedgerArgs},
            state::StateArgs,
        },
        term::Term,
    },
    record::registry::Deed,
};

pub(crate) const EXAMPLES: &[Example] = &[
    Example {
        does: "let a device for thirty days from now on",
        line: "foil registry lease fleet probe --to carrier --until 30d -k shipper -k carrier | foil chain append fleet -k gateway",
    },
    Example {
        does: "book it for a time to come, read by the lessee",
        line: "foil registry lease fleet probe --to carrier --from 2099-03-01T06:00:00Z --until 2099-04-01T06:00:00Z --via carrier -k shipper > lease.json",
    },
    Example {
        does: "let it and hand it over in one go, with the state that it is in",
        line: "foil registry lease fleet probe --to carrier --until 30d --handover --note '1204 h, half full' -k shipper -k carrier > both.jsonl",
    },
];

/// Let a device to a party for a time
///
/// Prints the record, to be signed by the owner and the lessee and appended. The lessee operates the device from
/// --from, or from when the event is received if that is later, until --until; then the lease ends by itself. No two
/// leases overlap. It moves the right to operate, not what stands in the yard: that moves when it is handed over, and
/// --handover drafts that record, too, signed like this one.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    ledger: LedgerArgs,

    /// The device: a name, an id or a key
    #[arg(add = clap_complete::engine::ArgValueCompleter::new(crate::cli::complete::enrolled_devices))]
    device: String,

    /// The lessee
    #[arg(long, value_name = "WHO", add = clap_complete::engine::ArgValueCompleter::new(crate::cli::complete::parties))]
    to: String,

    /// When it begins: a time, a date (its first instant), or a duration from now such as +2d; now where absent
    #[arg(long, value_name = "TIME", value_parser = moment::any)]
    from: Option<AnyMoment>,

    /// When it ends: a time, a date (behind its last instant), or a duration from its beginning such as 30d
    #[arg(long, value_name = "TIME", value_parser = moment::future)]
    until: FutureMoment,

    /// The party or device that speaks for it meanwhile
    #[arg(long, value_name = "WHO", add = clap_complete::engine::ArgValueCompleter::new(crate::cli::complete::members))]
    via: Option<String>,

    /// Draft the handover to the lessee, too, as the next record: to be appended when the device changes hands
    #[arg(long)]
    handover: bool,

    #[command(flatten)]
    state: StateArgs,

    #[command(flatten)]
    draft: DraftArgs,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let base = args.ledger.open(term)?;
    let device = base.book().device(&args.device, term)?.id;
    let to = base.book().party(&args.to, term)?.id;
    let via = args.via.as_ref().map(|via| base.book().via(via, term)).transpose()?;
    let by = MeantBy::at(base.now, term);
    let from = args.from.map_or(Ok(base.now), |from| from.start(&by))?;
    let until = args.until.end(&by, from)?;
    if from < base.now {
        term.warn("--from is past: the lease begins when its record is received, and no earlier");
    }
    let lease = Deed::Lease { device, to, from, until, via };
    let handover = args.state.handover(device, to, term)?;
    if !args.handover {
        ensure!(
            !args.state.says_something(),
            "--note and --document are of a handover: --handover drafts one, too"
        );
        return args.draft.finish(&base, lease, term);
    }
    args.draft.finish_all(&base, vec![lease, handover], term)
}
