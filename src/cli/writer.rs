//! What is said of whoever writes a ledger for long: chain append, gateway run.

use super::{ledger::MachineArg, term::Term};
use crate::{
    ledger::write::{append::AppendOptions, machine_id::MachineId},
    time::Span,
};

/// Who writes, and what the operator answers for.
#[derive(clap::Args)]
pub(crate) struct WriterArgs {
    #[command(flatten)]
    machine: MachineArg,

    /// The ledger came from another machine, which will never write to it again
    #[arg(long)]
    moved: bool,

    /// Trust the locks of a network file system
    #[arg(long)]
    shared_lock: bool,

    /// Believe the clock, whatever it shows; and if it is right again after a jump, undo that
    #[arg(long)]
    accept_clock: bool,
}

impl WriterArgs {
    /// The machine that is meant.
    pub(crate) fn machine(&self, term: &mut Term) -> anyhow::Result<MachineId> {
        self.machine.id(term)
    }

    /// The options of a writer that waits so long for the lock, and says when its producer was told.
    pub(crate) fn options(&self, wait: Span) -> AppendOptions {
        AppendOptions {
            wait,
            moved: self.moved,
            shared_lock: self.shared_lock,
            accept_clock: self.accept_clock,
            acknowledges: true,
            ..AppendOptions::default()
        }
    }
}
