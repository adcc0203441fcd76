//! What entry 0 declares: which ledger this is.

use std::io;

use super::{
    finding::{Finding, FindingKind},
    places,
    report::VerifyReport,
};
use crate::{
    file_kind::FileKind,
    hash::Hash,
    tlog::{
        declaration::{LedgerDeclaration, UnprovenDeclaration},
        entry::plain_line,
        layout::FIRST_ENTRY_FILE,
        view::View,
    },
};

/// The ledger's name and id, as entry 0 declares them: enough to look up what was seen of it before.
///
/// # Errors
/// If entry 0 cannot be read.
pub fn identity(view: &dyn View) -> anyhow::Result<Option<(String, Hash)>> {
    Ok(unproven_declaration(view)?.map(|declared| (declared.genesis.origin, declared.id)))
}

/// What entry 0 says, whether or not its proofs hold; None if it declares no ledger. It tells which ledger is meant
/// before that is verified.
///
/// # Errors
/// If entry 0 cannot be read.
pub fn unproven_declaration(view: &dyn View) -> anyhow::Result<Option<UnprovenDeclaration>> {
    Ok(first_entry(view)?.and_then(|line| UnprovenDeclaration::parse(&line).ok()))
}

/// Entry 0, if it declares a ledger as it should.
pub(super) fn declared(view: &dyn View, report: &mut VerifyReport) -> anyhow::Result<()> {
    let line = first_entry(view)?;
    let bad = |why: String| {
        Finding::new(FindingKind::BadGenesis, why).in_file(FIRST_ENTRY_FILE).at_line(1).about(0)
    };
    let Some(line) = line else {
        // Where the checkpoint states entries, that this one is missing is said with the others.
        if report.size.is_none_or(|size| size == 0) {
            report.findings.push(bad("there is no entry 0, which declares the ledger".to_owned()));
        }
        return Ok(());
    };
    match LedgerDeclaration::parse(&line) {
        Ok(LedgerDeclaration { id, genesis, signers, .. }) => {
            (report.id, report.declared) = (Some(id), Some((genesis, signers)));
        }
        Err(why) => report.findings.push(bad(format!("entry 0 does not declare the ledger: {why}"))),
    }
    Ok(())
}

/// The ledger that entry 0 declares; None if it declares none, or cannot be read.
pub(super) fn declaration(view: &dyn View) -> Option<LedgerDeclaration> {
    LedgerDeclaration::parse(&first_entry(view).ok()??).ok()
}

/// The first line, as it would be without the line ends of another system.
fn first_entry(view: &dyn View) -> anyhow::Result<Option<Vec<u8>>> {
    let line = match places::line(view, 0) {
        // What is wrong with its file is said when the lines are read.
        Err(why) if why.kind() == io::ErrorKind::InvalidData => None,
        line => line?,
    };
    // So is what its file is, if that is something else as a whole.
    let line = line.filter(|line| !FileKind::of(line).is_some_and(FileKind::is_certain));
    Ok(line.map(|line| plain_line(&line, true).to_vec()))
}
