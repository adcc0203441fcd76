//! `foil chain append`: records in, receipts out.

mod feed;
mod repeats;
mod void;

use std::{
    mem::discriminant,
    ops::RangeInclusive,
    path::{Path, PathBuf},
};

use anyhow::Context;

use crate::{
    audit::target,
    cli::{
        Example,
        failure::{Ended, Hint, Outcome},
        io::{BadLine, InputLines},
        keys::KeyArgs,
        ledger::{self, DirArg},
        notice, paste, signals,
        term::Term,
        writer::WriterArgs,
    },
    ledger::write::{
        admission::Admission,
        append::{AppendOptions, Appender, Committed},
        batch::Arrival,
        lock::LedgerBusy,
        machine_id::{MachineId, WrittenElsewhere},
        receipt::Receipt,
        text_changed::TextChanged,
    },
    rules::received::ClockState,
    time::Span,
};
use feed::{Feed, Gathered};
use repeats::Repeats;

pub(crate) const EXAMPLES: &[Example] = &[
    Example {
        does: "keep what a device says",
        line: "foil device read sim:cold-room --count 3 | foil sign -k gateway | foil chain append cold-room -k gateway",
    },
    Example {
        does: "from cron: quiet when all is well, in turn with others for a minute at most",
        line: "foil chain append cold-room -k gateway --wait 1m -q signed.jsonl",
    },
];

/// Append records to a ledger, one JSON object a line
///
/// Writes records in batches and acknowledges each batch with a receipt, once the disk has it. A batch ends
/// at 10,000 records, at --delay after its first record, or at the end of the input. Many processes may
/// append to one ledger; each takes the lock for the time of a batch. What a process that died left
/// unacknowledged is taken up by the next one, and records that its producer sends again are not doubled.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    dir: DirArg,

    /// Records; standard input where absent or -
    file: Option<PathBuf>,

    #[command(flatten)]
    key: KeyArgs,

    /// How long a batch waits for more records; longer spares flash
    #[arg(long, value_name = "DURATION", default_value = "100ms", value_parser = parse_span)]
    delay: Span,

    /// How long to wait for the lock
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = parse_span)]
    wait: Span,

    /// Report each bad line, append the good ones, and end with 1
    #[arg(long)]
    keep_going: bool,

    /// No record at all is no failure
    #[arg(long)]
    allow_empty: bool,

    #[command(flatten)]
    writer: WriterArgs,

    /// Check the records against the ledger's rules, and write nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

/// Reads a duration as people type it.
pub(crate) fn parse_span(text: &str) -> Result<Span, String> {
    Span::parse(text).ok_or_else(|| "not a duration such as 100ms, 30s, 1h30m".to_owned())
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let path = args.dir.path()?;
    let reader = match ledger::open(&path) {
        // Where there is a folder, a ledger may have lost its checkpoint: then a new one is no help.
        Err(error) if target::is_url(&path) => return Err(error),
        Err(error) if !path.exists() => return Err(error).hint("foil chain init DIR -k KEY makes a ledger"),
        Err(error) if !path.is_dir() => return Err(ledger::hint_of_default(&path, error)),
        reader => reader?,
    };
    let key = args.key.load(term)?;
    let declared = reader.declaration()?;
    ledger::ensure_log_key(&path, &declared.genesis.log, &key)?;
    let admission = Admission::new(&declared.genesis, declared.id, ledger::threads);
    let proofs = admission.proofs().clone();
    let options = AppendOptions {
        keep_going: args.keep_going,
        give_up: signals::interrupted_for_good,
        ..args.writer.options(args.wait)
    };
    let folder = reader.folder().clone();
    let appender = Appender::new(folder, key, &declared, ledger::seen(), admission, options)
        .hint("if its locks do work, say --shared-lock")?;
    ledger::warn_of_keys(&path, term);
    let lines = InputLines::open(args.file.as_ref())?;
    let feed = Feed { lines, proofs, delay: args.delay, keep_going: args.keep_going };
    let machine = args.writer.machine(term)?;
    let (warned, clock) = (Vec::new(), ClockState::Fine);
    let repeats = Repeats::new(reader.folder().clone(), reader.size());
    let (is_enrolled_only, records, bad) = (declared.genesis.writers.are_enrolled(), 0, false);
    let mut run = Run {
        args,
        path: &path,
        machine,
        appender,
        term,
        warned,
        clock,
        repeats,
        is_enrolled_only,
        records,
        bad,
    };
    let drained = run.drain(feed);
    // Without receipts the exit status is the acknowledgement: of nothing, unless it is 0.
    if drained.is_ok() && !(run.bad && run.term.quiet()) {
        run.appender.acknowledged();
    }
    drained?;
    Ok(run.finish())
}

/// How many different warnings an appender keeps in mind.
const WARNINGS_REMEMBERED: usize = 100;

/// One run of the command.
struct Run<'a> {
    args: &'a Args,
    path: &'a Path,
    machine: MachineId,
    appender: Appender,
    term: &'a mut Term,
    warned: Vec<String>,
    clock: ClockState,
    repeats: Repeats,
    /// Whether what breaks the registry's rules is refused
    is_enrolled_only: bool,
    records: u64,
    bad: bool,
}

impl Run<'_> {
    fn drain(&mut self, mut feed: Feed) -> anyhow::Result<()> {
        let first = feed.gather();
        // What is short is not worth a thread.
        if first.is_last() {
            return self.take(first);
        }
        let batches = feed.ahead();
        self.take(first)?;
        loop {
            let gathered = batches.recv().context("the reading of the input broke off")?;
            let last = gathered.is_last();
            self.take(gathered)?;
            if last {
                return Ok(());
            }
        }
    }

    /// Says what there is to say of all that came, and how the command ends.
    fn finish(self) -> Outcome {
        if let Some(warning) = self.repeats.warning(self.path) {
            self.term.warn(warning);
        }
        let empty = self.records == 0 && !self.args.allow_empty;
        if self.args.dry_run && !self.bad && !empty {
            self.term.say(format!("{} records would be appended", self.records));
        }
        if empty && !self.bad {
            self.term.say("no record came");
        }
        if self.bad || empty { Outcome::No } else { Outcome::Yes }
    }

    /// Writes what was gathered. What was read before a fault is kept and acknowledged before the fault is told.
    fn take(&mut self, gathered: Gathered) -> anyhow::Result<()> {
        let nothing_came = gathered.is_last() && self.records == 0 && self.args.allow_empty;
        self.records += gathered.arrivals.len() as u64;
        gathered.bad.iter().for_each(|bad| self.report(bad));
        if !gathered.arrivals.is_empty() || nothing_came {
            self.append(gathered.arrivals, &gathered.numbers)?;
        }
        gathered.error.map_or(Ok(()), Err)
    }

    /// Writes a batch, and says what was refused of it.
    fn append(&mut self, arrivals: Vec<Arrival>, numbers: &[u64]) -> anyhow::Result<()> {
        let committed = self.commit(arrivals)?;
        for (at, why) in committed.refused {
            let bad = BadLine::new(numbers[at], &why).into();
            if !self.args.keep_going {
                return Err(bad);
            }
            self.report(&bad);
        }
        Ok(())
    }

    fn commit(&mut self, arrivals: Vec<Arrival>) -> anyhow::Result<Committed> {
        self.repeats.note(&arrivals);
        if self.args.dry_run {
            return self
                .appender
                .check(arrivals, &ledger::here(&self.machine))
                .map_err(|why| explained(self.path, why));
        }
        let has_events = !self.is_enrolled_only && void::has_events(&arrivals);
        let committed = self
            .appender
            .commit(arrivals, &ledger::here(&self.machine))
            .map_err(|why| explained(self.path, why))?;
        self.repeats.skip(committed.receipt.as_ref().map_or(0, |receipt| receipt.skipped));
        self.warn(&committed);
        let written = committed.receipt.as_ref().and_then(|receipt| receipt.entries.clone());
        if let Some(written) = written.filter(|_| has_events) {
            // A warning that cannot be made out is no failure: the entries are written.
            void::warnings(self.path, written)
                .unwrap_or_default()
                .iter()
                .for_each(|void| self.term.warn(void));
        }
        notice::of_unsyncable_folders(self.term);
        if let Some(receipt) = committed.receipt.as_ref().filter(|_| !self.term.quiet()) {
            acknowledge(receipt, self.path, self.term)?;
            self.appender.acknowledged();
        }
        Ok(committed)
    }

    /// Says what the operator should know; an appender that runs for years says the same thing once.
    fn warn(&mut self, committed: &Committed) {
        for warning in &committed.warnings {
            if !self.warned.contains(warning) {
                self.term.warn(warning);
                self.warned.truncate(WARNINGS_REMEMBERED);
                self.warned.insert(0, warning.clone());
            }
        }
        // How far a clock is off changes with every batch; that it is off is said once.
        if let Some(warning) = committed.clock.warning()
            && discriminant(&committed.clock) != discriminant(&self.clock)
        {
            self.term.warn(warning);
        }
        self.clock = committed.clock;
    }

    fn report(&mut self, bad: &anyhow::Error) {
        self.term.error(bad);
        self.bad = true;
    }
}

/// What an error of a batch means to the operator.
pub(crate) fn explained(path: &Path, error: anyhow::Error) -> anyhow::Error {
    if error.is::<LedgerBusy>() && signals::interrupted() {
        return Ended::error(Outcome::Interrupted, "");
    }
    if error.is::<WrittenElsewhere>() {
        let path = paste::path(path);
        return error.hint(format!(
            "if it will never write here again: foil chain append {path} --moved; in containers, FOIL_MACHINE=NAME makes this one known"
        ));
    }
    if error.is::<TextChanged>() {
        return error.hint(format!("foil chain repair {} puts it right", paste::path(path)));
    }
    error
}

/// Hands out a receipt.
pub(crate) fn acknowledge(receipt: &Receipt, path: &Path, term: &mut Term) -> anyhow::Result<()> {
    if term.human() {
        term.text(&(sentence(receipt, path) + "\n"))?;
    } else {
        term.data(&receipt.to_object())?;
    }
    term.flush()
}

fn sentence(receipt: &Receipt, path: &Path) -> String {
    let said = |entries: &RangeInclusive<u64>| match (entries.start(), entries.end()) {
        (first, last) if first == last => format!("entry {first}"),
        (first, last) => format!("entries {first} to {last}"),
    };
    let recovered = receipt.recovered.as_ref().map(|entries| {
        format!(
            "{} taken up from a writer that did not finish, {} sent again",
            said(entries),
            receipt.skipped
        )
    });
    let again = (receipt.recovered.is_none() && receipt.skipped > 0)
        .then(|| format!("{} sent again, which were here already", receipt.skipped));
    let entries = receipt.entries.as_ref().map(said);
    let parts: Vec<String> = entries.into_iter().chain(recovered).chain(again).collect();
    let stated = &receipt.checkpoint;
    format!("{}: {}; size {}, root {}", path.display(), parts.join("; "), stated.size, stated.root)
}
