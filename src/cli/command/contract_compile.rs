//! `foil contract compile`: TOML in, the canonical JSON that parties sign out.

use std::path::PathBuf;

use crate::{
    cli::{
        Example, contract,
        failure::{Hint, Outcome},
        paste,
        term::Term,
    },
    contract::lint,
};

pub(crate) const EXAMPLES: &[Example] = &[Example {
    does: "make the record that all parties sign",
    line: "foil contract compile shipment.toml | foil sign -k shipper | foil sign -k carrier > shipment.json",
}];

/// Compile a contract: TOML in, one line of canonical JSON out
///
/// Adds "type":"contract", brings times to UTC and durations to ISO 8601, and copies all else: no default is
/// written in. A contract with an error is not compiled, nor one under which a device can fall silent at no cost,
/// unless it says that the parties know. Compiled JSON compiles to itself. -v says the
/// contract's hash, which is the id of the record.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The contract; standard input if -
    #[arg(value_hint = clap::ValueHint::FilePath)]
    file: PathBuf,

    /// Write to a file, whole or not at all
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let (source, contract) = contract::load(&args.file)?;
    if let Some(problem) = lint::unsignable(&contract).first() {
        let sentence = contract::sentence(&args.file, problem, source.position(&problem.place).as_ref());
        return Err(anyhow::anyhow!(sentence))
            .hint(format!("foil contract lint {}", paste::path(&args.file)));
    }
    if let Some(output) = &args.output {
        term.redirect(output)?;
    }
    term.detail(format!("the contract's hash is {}", contract.hash));
    term.data(&source.record)?;
    Ok(Outcome::Yes)
}
