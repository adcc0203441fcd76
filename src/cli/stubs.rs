//! Stubs on the command line: `--stub FILE`, whatever form they were kept in.

use std::{
    io::{Cursor, Read},
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};

use super::{
    io::{self, BadLine, Lines},
    qr,
    term::Term,
};
use crate::{chain::folder::MAX_CHECKPOINT, tlog::stub, verify::Stub};

/// How many stubs are taken: each costs a signature to check.
const MAX_STUBS: usize = 10_000;

/// Reads files of stubs: lines of stubs or receipts, one object laid out over several lines, or a bare note.
///
/// # Errors
/// If a file cannot be read, or holds something else.
pub(crate) fn read(files: &[PathBuf], term: &mut Term) -> anyhow::Result<Vec<Stub>> {
    let mut stubs = Vec::new();
    for path in files {
        let taken = stubs.len();
        let source = io::source_at_hand(path)?;
        let whole = read_file(path, source, &mut stubs).with_context(|| name(path))?;
        if !whole {
            term.warn(format!(
                "{}: only the first {MAX_STUBS} stubs are taken; the rest is not read",
                name(path)
            ));
            break;
        }
        ensure!(stubs.len() > taken, "{}: no stub in it", name(path));
        term.detail(format!("{}: {} stubs", name(path), stubs.len() - taken));
    }
    Ok(stubs)
}

fn name(path: &Path) -> String {
    if path.as_os_str() == "-" { "standard input".to_owned() } else { path.display().to_string() }
}

/// Adds the stubs of a file; answers whether there was room for all.
fn read_file(path: &Path, mut source: Box<dyn Read + Send>, stubs: &mut Vec<Stub>) -> anyhow::Result<bool> {
    // What a checkpoint can be, and one byte that shows that there is more.
    let mut start = Vec::new();
    source.by_ref().take(MAX_CHECKPOINT as u64 + 1).read_to_end(&mut start)?;
    let whole = start.len() <= MAX_CHECKPOINT;
    let lines = start.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
    let single = match () {
        () if !lines && start.is_empty() => return Ok(true),
        () if !lines => {
            ensure!(whole, "neither lines of stubs nor a checkpoint: longer than {MAX_CHECKPOINT} bytes");
            Some(stub::parse_note(&start).context("neither lines of stubs nor a checkpoint")?)
        }
        () => stub::parse(&start).ok().filter(|_| whole),
    };
    let Some(checkpoint) = single else { return read_lines(path, Cursor::new(start).chain(source), stubs) };
    stubs.push(Stub { checkpoint, file: name(path), line: 1 });
    Ok(stubs.len() <= MAX_STUBS)
}

fn read_lines(
    path: &Path,
    source: impl Read + Send + 'static,
    stubs: &mut Vec<Stub>,
) -> anyhow::Result<bool> {
    let mut lines = Lines::read(source);
    while let Some(line) = lines.next()? {
        // The picture below the line that it shows.
        if std::str::from_utf8(&line.text).is_ok_and(qr::is_drawn) {
            continue;
        }
        if stubs.len() == MAX_STUBS {
            return Ok(false);
        }
        let checkpoint = stub::parse(&line.text).map_err(|why| BadLine::new(line.number, &why))?;
        stubs.push(Stub { checkpoint, file: name(path), line: line.number });
    }
    Ok(true)
}
