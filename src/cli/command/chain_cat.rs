//! `foil chain cat`: entries out.

mod filter;

use std::{collections::VecDeque, ops::Range, path::Path, thread, time::Duration};

use clap_complete::engine::ArgValueCandidates;

use crate::{
    audit::{checked_reader::CheckedReader, target::Log},
    cli::{
        Example, complete, csv,
        failure::{Ended, Outcome},
        ledger::{self, AnswerArgs, LogArg},
        moment::{self, PastMoment},
        signals,
        term::{Term, escape},
    },
    ledger::files::read::Reader,
    time::Time,
    tlog::{
        consistency::{Consistency, Inconsistent, KnownBy},
        entry::Entry,
        undone::UndoneJumps,
    },
};

use filter::EntryFilter;

pub(crate) const EXAMPLES: &[Example] = &[
    Example { does: "the last entry", line: "foil chain cat cold-room --last 1" },
    Example {
        does: "temperatures of a device, for a spreadsheet",
        line: "foil chain cat cold-room --device cold-room --as csv",
    },
    Example {
        does: "check the records of a ledger once more, one by one",
        line: "foil chain cat cold-room --records | foil verify --json",
    },
];

/// How often a follower looks for new entries.
const LOOK: Duration = Duration::from_millis(200);

/// Print entries of a ledger, or only their records
///
/// Prints what the checkpoint covers. Each entry is held against the signed root before it is printed, and the first one
/// that does not verify ends the command (4). For people and as CSV, which leave out or hide the proofs of records,
/// these must hold, too; as JSON they come along, for `foil verify`. Without a range and filters it prints all.
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

    /// Only entries that arrived at or after this time: a date is its first instant, 1h an hour ago
    #[arg(long, value_name = "TIME", value_parser = moment::past)]
    since: Option<PastMoment>,

    /// Only entries that arrived before this time: of a date all that arrived on it, 1h is an hour ago
    #[arg(long, value_name = "TIME", value_parser = moment::past)]
    until: Option<PastMoment>,

    /// Only records of this device
    #[arg(long, value_name = "DEVICE", add = ArgValueCandidates::new(complete::devices))]
    device: Option<String>,

    /// Only records of this type, such as reading
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<String>,

    /// Print the records without n and received
    #[arg(long)]
    records: bool,

    /// Print values in another form: one row for each value
    #[arg(long = "as", value_name = "FORM", value_parser = ["csv"], conflicts_with = "records")]
    form: Option<String>,

    /// Go on with new entries as they come, until interrupted
    #[arg(long, conflicts_with = "until")]
    follow: bool,
}

fn parse_range(text: &str) -> Result<Range<u64>, String> {
    let number = |text: &str, absent: u64| if text.is_empty() { Ok(absent) } else { text.parse() };
    let range = match text.split_once("..") {
        Some((from, to)) => number(from, 0).and_then(|from| Ok(from..number(to, u64::MAX)?)),
        None => text.parse().map(|n: u64| n..n.saturating_add(1)),
    };
    range.map_err(|_| "not a number of an entry, or A..B".to_owned())
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let path = args.log.path()?;
    let reader = args.answer.open(&path)?;
    let checked = args.answer.check(&reader, term)?;
    ledger::warn_of_age(&checked, term);
    let filter = EntryFilter::of(args, term)?;
    let mut range = wanted(args, &reader)?;
    if let Some(last) = args.last.filter(|_| args.chooses()) {
        range.start = start_of_last(args, &filter, &checked, last)?;
    }
    if args.form.is_some() {
        term.text(csv::HEADER)?;
    }
    let mut next = print(args, &filter, &checked, range.clone(), term)?;
    if args.follow {
        signals::hold_interrupt();
        signals::hold_terminate();
        while next < range.end {
            term.flush()?;
            let reader = wait_for(args, &path, next)?;
            next = print(args, &filter, &recheck(args, &reader)?, next..range.end, term)?;
        }
    }
    Ok(Outcome::Yes)
}

fn wanted(args: &Args, reader: &Reader<Log>) -> anyhow::Result<Range<u64>> {
    let size = reader.size();
    if let Some(last) = args.last.filter(|_| !args.chooses()) {
        return Ok(size.saturating_sub(last)..u64::MAX);
    }
    let range = args.range.clone().unwrap_or(0..u64::MAX);
    let there = range.start < size || args.follow || args.range.is_none();
    anyhow::ensure!(there, "entry {}: not there, the ledger has {size} entries", range.start);
    Ok(range)
}

/// Prints what is wanted of a range, as far as it is there; answers the number of the next entry.
fn print(
    args: &Args,
    filter: &EntryFilter<'_>,
    checked: &CheckedReader<'_>,
    range: Range<u64>,
    term: &mut Term,
) -> anyhow::Result<u64> {
    let reader = checked.reader();
    let end = range.end.min(reader.size());
    let undone = args.undone_jumps(checked)?;
    for entry in present(reader, range, term)?.into_iter().flat_map(|part| checked.entries(part)) {
        // Held only at the prompt and by --follow; else SIGINT ends the process.
        if signals::interrupted() {
            return Err(Ended::error(Outcome::Interrupted, ""));
        }
        let entry = entry?;
        let arrival = undone.arrival(entry.n, entry.times());
        if filter.wants(&entry, arrival) {
            if term.human() || args.form.is_some() {
                checked.check_proofs(&entry)?;
            }
            args.show(entry, arrival, term)?;
        }
    }
    Ok(end)
}

/// What of a range is there. Of one entry that was dropped the reader says so; of many the rest is printed.
fn present(reader: &Reader<Log>, range: Range<u64>, term: &mut Term) -> anyhow::Result<Vec<Range<u64>>> {
    if range.end - range.start.min(range.end) == 1 {
        return Ok(vec![range]);
    }
    for dropped in reader.dropped()? {
        if dropped.start < range.end && dropped.end > range.start {
            let (first, last) = (dropped.start, dropped.end - 1);
            term.warn(format!(
                "entries {first} to {last} were dropped by foil chain prune, and are left out"
            ));
        }
    }
    reader.present(range)
}

/// Where the last so many of the entries that the filters choose begin.
fn start_of_last(
    args: &Args,
    filter: &EntryFilter<'_>,
    checked: &CheckedReader<'_>,
    last: u64,
) -> anyhow::Result<u64> {
    let (reader, mut chosen) = (checked.reader(), VecDeque::new());
    let parts = reader.present(0..reader.size())?;
    let undone = args.undone_jumps(checked)?;
    for entry in parts.into_iter().flat_map(|part| checked.entries(part)) {
        let entry = entry?;
        if filter.wants(&entry, undone.arrival(entry.n, entry.times())) {
            chosen.push_back(entry.n);
        }
        if chosen.len() as u64 > last {
            chosen.pop_front();
        }
    }
    Ok(chosen.front().copied().unwrap_or(reader.size()))
}

impl Args {
    /// Whether there are filters, so that not every entry counts.
    fn chooses(&self) -> bool {
        self.since.is_some() || self.until.is_some() || self.device.is_some() || self.kind.is_some()
    }

    /// The jumps of the clock that were undone, where it matters when an entry arrived.
    fn undone_jumps(&self, checked: &CheckedReader<'_>) -> anyhow::Result<UndoneJumps> {
        let asked = self.since.is_some() || self.until.is_some() || self.form.is_some();
        if asked { checked.undone_jumps(checked.reader().size()) } else { Ok(UndoneJumps::default()) }
    }

    fn show(&self, entry: Entry, arrival: Time, term: &mut Term) -> anyhow::Result<()> {
        if self.form.is_some() {
            term.text(&csv::rows(&entry, arrival, term.human()))
        } else if term.human() {
            // Canonical JSON leaves C1 and direction marks as they are; a terminal would obey them.
            let object = if self.records { entry.record } else { entry.into_object() };
            term.text(&(escape(&object.to_canonical()) + "\n"))
        } else {
            term.data(&if self.records { entry.record } else { entry.into_object() })
        }
    }
}

/// The same ledger after it has grown. Whose word it is was said.
fn recheck<'a>(args: &Args, reader: &'a Reader<Log>) -> anyhow::Result<CheckedReader<'a>> {
    if args.answer.no_verify {
        Ok(CheckedReader::unchecked(reader))
    } else {
        CheckedReader::open(reader, &ledger::seen())
    }
}

/// Waits until there is an entry of this number.
fn wait_for(args: &Args, path: &Path, next: u64) -> anyhow::Result<Reader<Log>> {
    loop {
        if signals::interrupted() {
            return Err(Ended::error(Outcome::Interrupted, ""));
        }
        if signals::terminated() {
            return Err(Ended::error(Outcome::Terminated, ""));
        }
        let reader = args.answer.open(path)?;
        if reader.size() > next {
            return Ok(reader);
        }
        if reader.size() < next {
            return Err(Inconsistent::new(Consistency::Smaller, next, reader.size(), KnownBy::Seen).into());
        }
        thread::sleep(LOOK);
    }
}
