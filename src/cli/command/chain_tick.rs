//! `foil chain tick`: a ledger says that it is still there.

use super::chain_append::acknowledge;
use crate::{
    cli::{
        Example,
        failure::{Hint, Outcome},
        keys::KeyArgs,
        ledger::{self, DirArg, MachineArg},
        signals,
        term::Term,
    },
    json::Canonical,
    ledger::write::{
        admission::Admission,
        append::{AppendOptions, Appender},
        batch::Arrival,
    },
    object,
    record::signed::{SignOptions, sign},
    rules::TICK,
};

pub(crate) const EXAMPLES: &[Example] = &[Example {
    does: "a quiet ledger says that it is still there",
    line: "foil chain tick cold-room -k gateway",
}];

/// Say that a quiet ledger is still there
///
/// Appends a signed record of type tick, which says nothing but that the ledger went on until then. A contract waits for
/// each of its ledgers: one that has nothing more to tell holds up the verdict until it says at least that. Run it from a
/// timer, or once when a period is over.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    dir: DirArg,

    #[command(flatten)]
    key: KeyArgs,

    /// Who signs the record, where only listed keys may write and the log key is none of them
    #[arg(long, value_name = "KEY", add = clap_complete::engine::ArgValueCompleter::new(crate::cli::keys::complete_secret))]
    signer: Option<String>,

    /// Believe the clock, whatever it shows; and if it is right again after a jump, undo that
    #[arg(long)]
    accept_clock: bool,

    #[command(flatten)]
    machine: MachineArg,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let path = args.dir.path()?;
    let reader = ledger::open(&path)?;
    let key = args.key.load(term)?;
    let declared = reader.declaration()?;
    ledger::ensure_log_key(&path, &declared.genesis.log, &key)?;
    let mut record = object! { "type": TICK };
    match &args.signer {
        Some(signer) => sign(&mut record, &args.key.load_other(signer, term)?, &SignOptions::default())?,
        None => sign(&mut record, &key, &SignOptions::default())?,
    }
    let admission = Admission::new(&declared.genesis, declared.id, ledger::threads);
    let options = AppendOptions {
        accept_clock: args.accept_clock,
        give_up: signals::interrupted,
        ..AppendOptions::default()
    };
    let folder = reader.folder().clone();
    let mut appender = Appender::new(folder, key, &declared, ledger::seen(), admission, options)?;
    let here = ledger::here(&args.machine.id(term)?);
    let arrival = Arrival { record: Canonical::from(&record), clock: here.clock, admitted: false };
    let committed = appender.commit(vec![arrival], &here)?;
    for warning in committed.warnings.into_iter().chain(committed.clock.warning()) {
        term.warn(warning);
    }
    if let Some((_, why)) = committed.refused.into_iter().next() {
        return Err(anyhow::anyhow!("{}: {why}", path.display()))
            .hint("--signer KEY, of one who may write here");
    }
    if let Some(receipt) = committed.receipt.filter(|_| !term.quiet()) {
        acknowledge(&receipt, &path, term)?;
    }
    Ok(Outcome::Yes)
}
