//! `foil chain status`: what a ledger is, and since when its devices are silent.

use std::fmt::Write;

use clap_complete::engine::ArgValueCandidates;

use crate::{
    audit::status::LedgerStatus,
    cli::{
        Example, complete,
        failure::Outcome,
        ledger::DirArg,
        term::{Term, escape, escape_name},
    },
    machine,
    time::{Span, Time},
};

pub(crate) const EXAMPLES: &[Example] = &[
    Example { does: "what it is and how it fares", line: "foil chain status cold-room" },
    Example {
        does: "from cron: complain when a device is silent",
        line: "foil chain status cold-room --stale 1d -q",
    },
];

/// Show a ledger's name, key, size and last entries
///
/// Reads the whole ledger and verifies nothing: that is `foil verify`. With --stale the answer is no (1) if
/// a device, or the whole ledger, has been silent for longer.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    dir: DirArg,

    /// Answer no if a device has been silent for longer than this
    #[arg(long, value_name = "DURATION", value_parser = super::chain_append::parse_span)]
    stale: Option<Span>,

    /// Only this device
    #[arg(long, value_name = "DEVICE", add = ArgValueCandidates::new(complete::devices))]
    device: Option<String>,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let reader = args.dir.open()?;
    let status = LedgerStatus::of(&reader, args.device.as_deref())?;
    let now = machine::wall();
    let stale: Vec<String> = args.stale.map_or_else(Vec::new, |limit| status.silent(now, limit));
    if term.human() {
        term.text(&table(&status, now))?;
    } else if !term.quiet() {
        let mut object = status.to_object();
        if args.stale.is_some() {
            object.insert("stale", stale.clone());
        }
        term.data(&object)?;
    }
    for name in &stale {
        let last = status.last_of(name);
        term.warn(format!("{name}: silent, last received {last}, {} ago", now - last));
    }
    Ok(if stale.is_empty() { Outcome::Yes } else { Outcome::No })
}

/// The status for people.
fn table(status: &LedgerStatus, now: Time) -> String {
    let mut table = String::new();
    let a_day = status.bytes_a_day().map_or_else(|| "too young to say".to_owned(), |bytes| bytes.to_string());
    for (what, value) in [
        ("origin", &status.origin),
        ("ledger", &status.id),
        ("vkey", &status.vkey),
        ("size", &status.size.to_string()),
        ("root", &status.root),
        ("received", &format!("{}, {} ago", status.last, now - status.last)),
        ("disk", &format!("{} bytes", status.disk_bytes)),
        ("a day", &a_day),
    ] {
        // Writing to a string does not fail.
        let _ = writeln!(table, "{what:10}{}", escape(value));
    }
    if status.packed_files > 0 {
        let _ = writeln!(table, "packed    {} files", status.packed_files);
    }
    for run in &status.dropped {
        let _ = writeln!(table, "dropped   entries {} to {}", run.start, run.end - 1);
    }
    for (name, last) in &status.devices {
        let _ = writeln!(table, "device    {}  {last}, {} ago", escape_name(name), now - *last);
    }
    table
}
