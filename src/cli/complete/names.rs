//! What stands in ledgers and contracts, on offer for the arguments that take it.

use std::{collections::BTreeSet, ffi::OsStr};

use clap_complete::engine::{CompletionCandidate, PathCompleter, ValueCompleter};

use super::line;
use crate::{
    audit::{
        ledger_names::LedgerNames,
        target::{self, Log},
    },
    cli::{contract, defaults, left_out},
};

/// What readings call their devices.
pub(crate) fn devices(current: &OsStr) -> Vec<CompletionCandidate> {
    offered(current, |names| vec![names.devices])
}

/// Devices of readings, and of the registry.
pub(crate) fn all_devices(current: &OsStr) -> Vec<CompletionCandidate> {
    offered(current, |names| vec![names.devices, names.enrolled_devices])
}

/// The fields of readings.
pub(crate) fn fields(current: &OsStr) -> Vec<CompletionCandidate> {
    offered(current, |names| vec![names.fields])
}

/// The types of records.
pub(crate) fn types(current: &OsStr) -> Vec<CompletionCandidate> {
    offered(current, |names| vec![names.types])
}

/// Devices of the registry.
pub(crate) fn enrolled_devices(current: &OsStr) -> Vec<CompletionCandidate> {
    offered(current, |names| vec![names.enrolled_devices])
}

/// Parties of the registry.
pub(crate) fn parties(current: &OsStr) -> Vec<CompletionCandidate> {
    offered(current, |names| vec![names.parties])
}

/// Parties and devices of the registry.
pub(crate) fn members(current: &OsStr) -> Vec<CompletionCandidate> {
    offered(current, |names| vec![names.parties, names.enrolled_devices])
}

/// Folders, `@` where it stands for a ledger, and what may stand in the place of a ledger that is left out.
pub(crate) fn ledgers(current: &OsStr) -> Vec<CompletionCandidate> {
    let at = defaults::ledger().filter(|_| current.is_empty()).map(|_| CompletionCandidate::new("@"));
    let behind = at.as_ref().and_then(|_| left_out::stands_in_its_place(&line::words()));
    let instead = match behind.as_deref() {
        Some("device") => enrolled_devices(current),
        Some("party") => parties(current),
        Some("who") => members(current),
        _ => Vec::new(),
    };
    at.into_iter().chain(instead).chain(PathCompleter::dir().complete(current)).collect()
}

/// The terms of the contracts on the line.
pub(crate) fn terms(current: &OsStr) -> Vec<CompletionCandidate> {
    let contracts = line::contracts();
    let terms: BTreeSet<String> = contracts.iter().flat_map(|path| contract::term_names(path)).collect();
    line::offered(&terms, current)
}

fn offered(
    current: &OsStr,
    kinds: impl Fn(LedgerNames) -> Vec<BTreeSet<String>>,
) -> Vec<CompletionCandidate> {
    let ledgers = line::ledgers();
    // What cannot be read offers nothing, and says nothing.
    let readers = ledgers.iter().filter_map(|path| target::open(path).and_then(Log::read).ok());
    let names: BTreeSet<String> =
        readers.flat_map(|reader| kinds(LedgerNames::of(&reader))).flatten().collect();
    line::offered(&names, current)
}
