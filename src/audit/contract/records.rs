//! Records or entries that are in no ledger, trusted.
//!
//! An entry says when it was received; a bare record is received when it was measured, and one that knows no
//! time with what came before it, or else with what comes first after it.

use anyhow::Context;

use super::refused::ContractRefused;
use crate::{
    contract::eval::{EntryId, Fact, FactReader, Sieve},
    json::{self, Object},
    time::Time,
    tlog::entry,
};

/// A line that holds a record or an entry.
pub struct RecordLine {
    /// Its number, counted from 1
    pub number: u64,
    /// The line, without its end
    pub text: Vec<u8>,
}

/// Hands every record over, in the order of the lines. `otherwise` is when they were received if none says.
pub(super) fn read(
    lines: &mut dyn Iterator<Item = anyhow::Result<RecordLine>>,
    sieve: &Sieve,
    otherwise: Time,
    mut take: impl FnMut(EntryId, Time, Option<Fact>),
) -> anyhow::Result<()> {
    let mut facts = FactReader::new(sieve, false);
    let mut take = |n, received, record: &Object| {
        take(EntryId { ledger: 0, n }, received, facts.record(record, received));
    };
    let (mut latest, mut before, mut any) = (None, None, false);
    let mut waiting: Vec<(u64, Object)> = Vec::new();
    for line in lines {
        let RecordLine { number, text } = line?;
        any = true;
        let (n, time, record) =
            parse(number, &text, &mut before).with_context(|| format!("line {number}"))?;
        latest = latest.max(time);
        let Some(received) = time.or(latest) else {
            waiting.push((n, record));
            continue;
        };
        for (n, record) in std::mem::take(&mut waiting) {
            take(n, received, &record);
        }
        take(n, received, &record);
    }
    for (n, record) in waiting {
        take(n, otherwise, &record);
    }
    if any { Ok(()) } else { Err(ContractRefused::NoRecord.into()) }
}

/// An entry, which comes after the one before; or a record, with its time if it knows it.
fn parse(
    number: u64,
    text: &[u8],
    before: &mut Option<(u64, Time)>,
) -> anyhow::Result<(u64, Option<Time>, Object)> {
    let object = json::parse_object(text)?;
    if object.str("type").is_some() {
        let time = object.str("time").and_then(Time::parse_rfc3339);
        return Ok((number - 1, time, object));
    }
    anyhow::ensure!(
        ["n", "received", "record"].iter().any(|name| object.get(name).is_some()),
        "neither a record, which has a type, nor an entry, which has n, received and record"
    );
    let entry = entry::Entry::parse_lenient(text)?;
    if let Some((n, received)) = before.replace((entry.n, entry.received)) {
        anyhow::ensure!(entry.n > n, "entry {} after entry {n}", entry.n);
        anyhow::ensure!(
            entry.received >= received,
            "received at {}, before the entry above it at {received}",
            entry.received
        );
    }
    Ok((entry.n, Some(entry.received), entry.record))
}
