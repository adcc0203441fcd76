//! Loose records: a file of them, or what comes in.

use std::path::{Path, PathBuf};

use crate::{
    cli::{
        defaults,
        failure::Hint as _,
        foreign,
        io::{BadLine, InputLines},
        term::Term,
    },
    machine,
    verify::{GivenKey, LooseRecords, VerifyReport},
};

/// What is read where no ledger is named.
pub(super) const READ: &str =
    "foil verify reads ledgers, published logs, proofs, and records, one JSON object a line";

/// Verifies the records of a file, or of standard input.
pub(super) fn records(
    file: Option<&PathBuf>,
    key: Option<&GivenKey>,
    term: &Term,
) -> anyhow::Result<VerifyReport> {
    let key = key.map(GivenKey::key);
    let name = file.map(|path| path.display().to_string());
    let mut records = LooseRecords::new(key, machine::wall(), term.verbose(), name);
    if let Some(path) = file {
        refuse_foreign(file, &foreign::head(path))?;
    }
    let mut lines = InputLines::open(file)?;
    let mut is_first = true;
    loop {
        match lines.next() {
            Ok(Some(line)) => {
                if file.is_none() && std::mem::take(&mut is_first) {
                    refuse_foreign(file, &line.text)?;
                }
                records.line(line.number, &line.text);
            }
            Ok(None) => break,
            Err(error) => {
                let bad = error.downcast::<BadLine>()?;
                records.unreadable(bad.line(), bad.why());
            }
        }
    }
    let report = records.finish();
    if report.entries_checked > 0 {
        return Ok(report);
    }
    let name = shown(file.map(PathBuf::as_path));
    if let Some(first) = report.findings().first() {
        let (line, why) = (first.line.unwrap_or(1), &first.detail);
        return Err(anyhow::anyhow!("{name}: not one record in it: line {line}: {why}")).hint(READ);
    }
    let error = anyhow::anyhow!("{name}: no record came, so nothing was verified");
    let has_default = file.is_none() && defaults::ledger().is_some();
    Err(if has_default { error.hint("foil verify @ verifies the ledger of $FOIL_LEDGER") } else { error })
}

fn refuse_foreign(file: Option<&PathBuf>, head: &[u8]) -> anyhow::Result<()> {
    foreign::refuse(&shown(file.map(PathBuf::as_path)), head, READ)
}

fn shown(file: Option<&Path>) -> String {
    file.map_or("standard input".to_owned(), |path| path.display().to_string())
}
