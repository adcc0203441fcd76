//! Loose records: a file of them, or what comes in.

use std::path::{Path, PathBuf};

use crate::{
    cli::{
        io::{BadLine, InputLines},
        term::Term,
    },
    machine,
    verify::{GivenKey, LooseRecords, VerifyReport},
};

/// Verifies the records of a file, or of standard input.
pub(super) fn records(
    file: Option<&PathBuf>,
    key: Option<&GivenKey>,
    term: &Term,
) -> anyhow::Result<VerifyReport> {
    let key = key.map(GivenKey::key);
    let name = file.map(|path| path.display().to_string());
    let mut records = LooseRecords::new(key, machine::wall(), term.verbose(), name);
    let mut lines = InputLines::open(file)?;
    loop {
        match lines.next() {
            Ok(Some(line)) => records.line(line.number, &line.text),
            Ok(None) => break,
            Err(error) => {
                let bad = error.downcast::<BadLine>()?;
                records.unreadable(bad.line(), bad.why());
            }
        }
    }
    let report = records.finish();
    let any = report.entries_checked > 0 || report.findings.total() > 0;
    anyhow::ensure!(any, "{}: no record came, so nothing was verified", shown(file.map(PathBuf::as_path)));
    Ok(report)
}

fn shown(file: Option<&Path>) -> String {
    file.map_or("standard input".to_owned(), |path| path.display().to_string())
}
