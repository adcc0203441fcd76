//! The verdict on a contract, from its file and a ledger's folder: `verdict shipment.json cold-room` prints the line
//! that `foil contract check` prints.

use std::{env, fs, path::Path, thread};

use anyhow::{Context, bail, ensure};
use counterfoil::{
    audit::contract::{ContractOutcome, ContractQuestion, LedgersAsked, check},
    contract::{document::Contract, file::ContractFile},
    ledger::pins::Seen,
    machine,
};

#[allow(clippy::print_stdout, clippy::disallowed_methods)] // a program reads its arguments and prints
fn main() -> anyhow::Result<()> {
    let mut arguments = env::args_os().skip(1);
    let mut argument = || arguments.next().context("verdict CONTRACT LEDGER");
    println!("{}", verdict(argument()?.as_ref(), argument()?.as_ref())?);
    Ok(())
}

pub(crate) fn verdict(contract: &Path, ledger: &Path) -> anyhow::Result<String> {
    let file = ContractFile::parse(&fs::read(contract)?).ok().context("neither TOML nor JSON")?;
    let contract = Contract::read(&file.record).ok().context("not a contract")?;
    let question =
        ContractQuestion::new(&contract, &file.record, machine::wall(), thread::available_parallelism()?);
    // Who remembers nothing relies on the contract, which names its ledgers.
    let (folders, seen) = ([ledger.to_owned()], Seen::new("/nonexistent"));
    let asked = LedgersAsked::new(&folders, &seen);
    match check(&question, &asked, &mut |_| ())? {
        ContractOutcome::Unsound(ledger) => bail!("{}: not sound", ledger.folder.display()),
        ContractOutcome::Answered(answer) => {
            ensure!(answer.missing.is_empty(), "not accepted by {:?}", answer.missing);
            ensure!(answer.unknown_logs.is_empty(), "nobody outside vouches for the ledger");
            Ok(answer.verdict.record.to_canonical())
        }
    }
}
