//! `foil chain cat`: entries out.

mod broken;
mod follow;
mod names;
mod output;
mod table;
mod wide;

use std::{collections::VecDeque, ops::Range};

use crate::{
    audit::{checked_reader::CheckedReader, target::Log},
    cli::{
        Example,
        entries::{read, warn_of_dropped},
        failure::Outcome,
        filter::{EntryFilter, FilterArgs},
        ledger::{self, AnswerArgs, LogArg},
        signals,
        term::Term,
    },
    ledger::files::read::Reader,
};

use names::Names;
use output::EntryOutput;

pub(crate) const EXAMPLES: &[Example] = &[
    Example { does: "the last entry", line: "foil chain cat cold-room --last 1" },
    Example {
        does: "temperatures of a device, for a spreadsheet",
        line: "foil chain cat cold-room --device cold-room --field temperature --as csv",
    },
    Example {
        does: "what was measured today, as a table",
        line: "foil chain cat cold-room --measured-since 1d --human",
    },
    Example {
        does: "check the records of a ledger once more, one by one",
        line: "foil chain cat cold-room --records | foil verify --json",
    },
];

/// Print entries of a ledger, or only their records
///
/// Prints what the checkpoint covers. Each entry is held against the signed root before it is printed, and the first one
/// that does not verify ends the command (4). For people and as CSV, which leave out or hide the proofs of records,
/// these must hold, too; as JSON they come along, for `foil verify`. Without a range and filters it prints all. A device,
/// field or type that no entry of the ledger has is refused (2).
///
/// On a terminal, or with --human, entries are a table: number, local time of arrival, who, what. Who is the device, else
/// the signers by their contacts or their names in the registry. What has no place in a line is counted.
///
/// --as csv has a row for each entry with values, and a column for each field: n, received, device, time, signer, then
/// the fields in the order of their names, or those of --field. Values stand as they are in the record, without units; a
/// field that comes in several units has a column for each, `temperature [Cel]`. A field called as another column is
/// told from it: `values.time`. --as csv-long has a row for each value instead, with name, value and unit behind signer.
/// The ledger is read twice, so every field has its column; with --follow what is new later has none, which is told once.
///
/// What a spreadsheet would compute gets a ' in front, which is told at the end: text that begins with =, @, a tab or a
/// carriage return, or with + or - and has more than digits and ` +-.,/:` behind it. Numbers never do.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    log: LogArg,

    #[command(flatten)]
    answer: AnswerArgs,

    /// One entry, or those from A up to but not including B (A.., ..B)
    #[arg(value_name = "N|A..B", value_parser = parse_range)]
    range: Option<Range<u64>>,

    /// Only the last so many of the entries that are asked for
    #[arg(long, value_name = "N", conflicts_with = "range")]
    last: Option<u64>,

    #[command(flatten)]
    filter: FilterArgs,

    /// Print the records without n and received
    #[arg(long)]
    records: bool,

    /// Print values as a table for programs: csv, a column for each field, or csv-long, a row for each value
    #[arg(long = "as", value_name = "FORM", value_parser = ["csv", "csv-long"], conflicts_with = "records")]
    form: Option<String>,

    /// Go on with new entries as they come, until interrupted
    ///
    /// A server is asked for its checkpoint once in five seconds, or as often as the max-age of its Cache-Control says (a
    /// second to ten minutes); one that answers 429 or 503, not before its Retry-After is over.
    #[arg(long, conflicts_with_all = ["until", "measured_until"])]
    follow: bool,
}

fn parse_range(text: &str) -> Result<Range<u64>, String> {
    let number = |text: &str, absent: u64| if text.is_empty() { Ok(absent) } else { text.parse() };
    let range = match text.split_once("..") {
        Some((from, to)) => number(from, 0).and_then(|from| Ok(from..number(to, u64::MAX)?)),
        None => text.parse().map(|n: u64| n..n.saturating_add(1)),
    };
    let range = range.map_err(|_| "not a number of an entry, or A..B".to_owned())?;
    if range.start > range.end {
        return Err(format!("ends before it begins; {}..{} is the way on", range.end, range.start));
    }
    Ok(range)
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let path = args.log.path()?;
    let reader = args.answer.open(&path)?;
    let checked = args.answer.check(&reader, term)?;
    ledger::warn_of_age(&checked, term);
    let filter = args.filter.filter(term)?;
    let filter = if args.filter.names_devices() { filter.with_devices(&checked) } else { filter };
    let mut range = wanted(args, &reader)?;
    if let Some(last) = args.last.filter(|_| args.filter.chooses()) {
        range.start = start_of_last(&filter, &checked, last)?;
    }
    let mut output = EntryOutput::new(args, reader.size(), term);
    if output.needs_fields() {
        read(&filter, &checked, range.clone(), false, &mut |entry, _| {
            output.note_fields(&entry);
            Ok(())
        })?;
        filter.must_name_what_is_there(&checked, args.follow)?;
    }
    output.begin(term)?;
    let mut next = print(&filter, &checked, range.clone(), &mut output, term)?;
    if args.follow {
        signals::hold_interrupt();
        signals::hold_terminate();
        while next < range.end {
            term.flush()?;
            let reader = follow::wait_for(args, &path, next)?;
            next = print(&filter, &recheck(args, &reader)?, next..range.end, &mut output, term)?;
        }
    }
    filter.must_name_what_is_there(&checked, args.follow)?;
    output.end(term);
    say_left_out(args, &filter, reader.size(), term);
    Ok(Outcome::Yes)
}

/// Says what was asked for and is not there, or cannot be told to be it.
fn say_left_out(args: &Args, filter: &EntryFilter<'_>, size: u64, term: &mut Term) {
    match filter.undated() {
        0 => {}
        1 => term.warn("1 reading does not say when it was measured, and is left out"),
        many => term.warn(format!("{many} readings do not say when they were measured, and are left out")),
    }
    let Some(Range { start, end }) = args.range.clone().filter(|_| !args.follow) else { return };
    if start == end {
        term.say(format!("{start}..{end} has no entry: entry {end} itself does not count"));
    } else if end > size && end != u64::MAX {
        term.warn(format!("the ledger has {size} entries: {size} to {} are not there", end - 1));
    }
}

fn wanted(args: &Args, reader: &Reader<Log>) -> anyhow::Result<Range<u64>> {
    let size = reader.size();
    if let Some(last) = args.last.filter(|_| !args.filter.chooses()) {
        return Ok(size.saturating_sub(last)..u64::MAX);
    }
    let range = args.range.clone().unwrap_or(0..u64::MAX);
    let there = range.start < size || args.follow || args.range.is_none();
    anyhow::ensure!(there, "entry {}: not there, the ledger has {size} entries", range.start);
    Ok(range)
}

/// Prints what is wanted of a range, as far as it is there; answers the number of the next entry.
fn print(
    filter: &EntryFilter<'_>,
    checked: &CheckedReader<'_>,
    range: Range<u64>,
    output: &mut EntryOutput<'_>,
    term: &mut Term,
) -> anyhow::Result<u64> {
    let (reader, names) = (checked.reader(), Names::of(checked));
    let end = range.end.min(reader.size());
    warn_of_dropped(reader, &range, term)?;
    read(filter, checked, range, output.shows_arrival(), &mut |entry, arrival| {
        if output.is_without_proofs() {
            checked.check_proofs(&entry)?;
        }
        output.show(entry, arrival, &names, term)
    })?;
    output.warn(names.warnings(), term);
    Ok(end)
}

/// Where the last so many of the entries that the filters choose begin.
fn start_of_last(filter: &EntryFilter<'_>, checked: &CheckedReader<'_>, last: u64) -> anyhow::Result<u64> {
    let (size, mut chosen) = (checked.reader().size(), VecDeque::new());
    read(filter, checked, 0..size, false, &mut |entry, _| {
        chosen.push_back(entry.n);
        if chosen.len() as u64 > last {
            chosen.pop_front();
        }
        Ok(())
    })?;
    Ok(chosen.front().copied().unwrap_or(size))
}

/// The same ledger after it has grown. Whose word it is was said.
fn recheck<'a>(args: &Args, reader: &'a Reader<Log>) -> anyhow::Result<CheckedReader<'a>> {
    if args.answer.no_verify {
        Ok(CheckedReader::unchecked(reader))
    } else {
        CheckedReader::open(reader, &ledger::seen())
    }
}
