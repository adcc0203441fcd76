//! Stubs on the command line: `--stub FILE`, whatever form they were kept in.

use std::{
    io::{Cursor, Read},
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};

use super::{
    io::{self, BadLine, InputLines},
    qr,
    term::Term,
};
use crate::{audit::stubs::HandedStubs, ledger::files::folder::MAX_CHECKPOINT, tlog::stub};

/// Reads files of stubs: lines of stubs or receipts, one object laid out over several lines, or a bare note.
///
/// # Errors
/// If a file cannot be read, or holds something else.
pub(crate) fn read(files: &[PathBuf], term: &mut Term) -> anyhow::Result<HandedStubs> {
    let mut handed = HandedStubs::default();
    for path in files {
        let taken = handed.stubs().len();
        let source = io::source_at_hand(path)?;
        read_file(path, source, &mut handed).with_context(|| name(path))?;
        let here = handed.stubs().len() - taken;
        if handed.more() {
            let rest = "the rest is not read, so nothing is decided";
            term.warn(format!("{}: only the first {here} stubs are taken; {rest}", name(path)));
            term.hint("the rest can be held against the ledger by itself");
            break;
        }
        ensure!(here > 0, "{}: no stub in it", name(path));
        term.detail(format!("{}: {here} stubs", name(path)));
    }
    Ok(handed)
}

fn name(path: &Path) -> String {
    if path.as_os_str() == "-" { "standard input".to_owned() } else { path.display().to_string() }
}

/// Adds the stubs of a file, as far as there is room.
fn read_file(path: &Path, mut source: Box<dyn Read + Send>, handed: &mut HandedStubs) -> anyhow::Result<()> {
    // What a checkpoint can be, and one byte that shows that there is more.
    let mut start = Vec::new();
    source.by_ref().take(MAX_CHECKPOINT as u64 + 1).read_to_end(&mut start)?;
    let whole = start.len() <= MAX_CHECKPOINT;
    let lines = start.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
    let single = match () {
        () if !lines && start.is_empty() => return Ok(()),
        () if !lines => {
            ensure!(whole, "neither lines of stubs nor a checkpoint: longer than {MAX_CHECKPOINT} bytes");
            Some(stub::parse_note(&start).context("neither lines of stubs nor a checkpoint")?)
        }
        () => stub::parse(&start).ok().filter(|_| whole),
    };
    let Some(checkpoint) = single else { return read_lines(path, Cursor::new(start).chain(source), handed) };
    handed.push(checkpoint, name(path), 1);
    Ok(())
}

fn read_lines(
    path: &Path,
    source: impl Read + Send + 'static,
    handed: &mut HandedStubs,
) -> anyhow::Result<()> {
    let mut lines = InputLines::read(source);
    while let Some(line) = lines.next()?.filter(|_| !handed.more()) {
        // The picture below the line that it shows.
        if std::str::from_utf8(&line.text).is_ok_and(qr::is_drawn) {
            continue;
        }
        let checkpoint = stub::parse(&line.text).map_err(|why| BadLine::new(line.number, &why))?;
        handed.push(checkpoint, name(path), line.number);
    }
    Ok(())
}
