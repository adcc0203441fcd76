//! `foil sign --merge`: proofs that parties made side by side, on one record.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::{LineReading, hinted};
use crate::{
    cli::{
        failure::{Hint, Outcome},
        io::InputLines,
        term::Term,
    },
    json::Object,
    machine,
    record::signed::{self, MergeError, PROOF, Verifier},
};

/// One file, and its records.
struct Copy<'a> {
    path: &'a Path,
    lines: InputLines,
}

/// Joins the files line by line: each line of all of them must be the same record.
pub(super) fn run(files: &[PathBuf], read: LineReading, term: &mut Term) -> anyhow::Result<Outcome> {
    let stdins = files.iter().filter(|file| file.as_os_str() == "-").count();
    anyhow::ensure!(stdins <= 1, "--merge - and --merge - both want standard input");
    let copies = files.iter().map(|path| Ok(Copy { path, lines: InputLines::open(Some(path))? }));
    let mut copies: Vec<Copy<'_>> = copies.collect::<anyhow::Result<_>>()?;
    let mut verifier = Verifier::new();
    let mut count = 0;
    loop {
        let lines = copies.iter_mut().map(|copy| copy.next(read, &mut verifier));
        let lines: Vec<Option<(u64, Object)>> = lines.collect::<anyhow::Result<_>>()?;
        if let (Some(ended), Some(longer)) =
            (lines.iter().position(Option::is_none), lines.iter().position(Option::is_some))
        {
            let (ended, longer) = (files[ended].display(), files[longer].display());
            anyhow::bail!(
                "{ended} ends after record {count}, and {longer} has more: nothing to join these with"
            );
        }
        let (numbers, records): (Vec<u64>, Vec<Object>) = lines.into_iter().flatten().unzip();
        if records.is_empty() {
            anyhow::ensure!(count > 0, "no records in {}", files[0].display());
            return Ok(Outcome::Yes);
        }
        term.data(&joined(files, &numbers, &records)?)?;
        count += 1;
    }
}

impl Copy<'_> {
    /// The next record, whose proofs hold, and the number of its line; `None` at the end.
    fn next(&mut self, read: LineReading, verifier: &mut Verifier) -> anyhow::Result<Option<(u64, Object)>> {
        let shown = shown(self.path);
        let Some(line) = self.lines.next().with_context(|| shown.clone())? else { return Ok(None) };
        let record = read(&line).map_err(|bad| hinted(bad.into())).with_context(|| shown.clone())?;
        let at = line.number;
        verifier.signers(&record, machine::wall()).with_context(|| format!("{shown}: line {at}"))?;
        Ok(Some((at, record)))
    }
}

fn shown(file: &Path) -> String {
    if file.as_os_str() == "-" { "standard input".to_owned() } else { file.display().to_string() }
}

fn joined(files: &[PathBuf], numbers: &[u64], records: &[Object]) -> anyhow::Result<Object> {
    let place = |at: usize| format!("{}: line {}", shown(&files[at]), numbers[at]);
    let record = signed::merge(records).map_err(|why| match &why {
        MergeError::Differs(at, _) => {
            let first = shown(&files[0]);
            anyhow::Error::from(why.clone()).context(format!("{} and {first}", place(*at))).hint(format!(
                "foil show FILE says what each of them is; the proofs of {first} are not of the other"
            ))
        }
        MergeError::Shape(at) => anyhow::Error::from(why.clone()).context(place(*at)),
        MergeError::Twice(_) => why.clone().into(),
    })?;
    anyhow::ensure!(record.get(PROOF).is_some(), "{}: no proof in any of the files", place(0));
    Ok(record)
}
