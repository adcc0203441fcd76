//! The registry on the command line: members that arguments name, and events that are to be.

pub(crate) mod book;
pub(crate) mod clashes;
pub(crate) mod draft;
pub(crate) mod state;

use std::path::PathBuf;

use super::{
    ledger::{self, AnswerArgs},
    term::Term,
};
use crate::{
    audit::registry::{LedgerInstant, RegistryAt, fold},
    machine,
};

/// The ledger whose registry says who is who in what is shown.
#[derive(clap::Args)]
pub(crate) struct NamesArgs {
    /// The ledger that a record is for, a folder or a URL: names from its registry, and whose signature it lacks; @ stands
    /// for `$FOIL_LEDGER`
    #[arg(long, value_name = "LEDGER", value_hint = clap::ValueHint::DirPath)]
    ledger: Option<PathBuf>,

    /// Take the names from what stands in that ledger, without verifying it
    #[arg(long, requires = "ledger")]
    no_verify: bool,
}

impl NamesArgs {
    /// The state of that ledger; none where none is given.
    pub(crate) fn fold(&self, term: &mut Term) -> anyhow::Result<Option<RegistryAt>> {
        let Some(path) = &self.ledger else { return Ok(None) };
        let answer = AnswerArgs { no_verify: self.no_verify };
        let reader = answer.open(&ledger::resolve(path)?)?;
        let checked = answer.check(&reader, term)?;
        checked.must_be_of_late()?;
        fold(&checked, LedgerInstant::End, machine::wall(), &ledger::machine_name()).map(Some)
    }
}
