//! `foil chain prune`: old entries go, their hashes stay.

use anyhow::Context;

use crate::{
    audit::declared::declared,
    cli::{
        Example,
        failure::{Ended, Hint, Outcome},
        keys::KeyArgs,
        ledger::{self, DirArg},
        signals,
        term::Term,
    },
    json::{Object, Value},
    ledger::{
        files::closed::Closed,
        snapshot::prunable_ledger::PrunableLedger,
        space::prune::{self, DroppableFile, PruneBefore},
    },
    object,
    time::{Span, Time},
};

pub(crate) const EXAMPLES: &[Example] = &[Example {
    does: "say what would go",
    line: "foil chain prune cold-room --before 2026-01-01T00:00:00Z -n",
}];

/// Drop the oldest closed files of a ledger, for ever, and keep their hashes
///
/// Drops the files whose entries all stand before N, or were all received before TIME; the file of the last
/// entry always stays. Each is checked against the signed root before it goes. What remains still verifies,
/// proofs of what remains still hold, and `foil verify` says what it could not see. Contracts are no longer
/// checked against this folder: copy the ledger first, in case a party has to show what was in it. What was not
/// published by then can never be published from it.
///
/// Where only the enrolled may write, state.json has to know what the dropped entries say of who is who: it is then
/// the only copy, and without it no record can be written any more. If it does not know enough of them, it is made anew
/// first, which takes the log key (-k).
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    dir: DirArg,

    /// Up to where entries may go: the number of an entry, or a time
    #[arg(long, value_name = "N|TIME", value_parser = parse_before)]
    before: PruneBefore,

    #[command(flatten)]
    key: KeyArgs,

    /// Yes, there are copies of what is dropped, or it will never be wanted
    #[arg(long)]
    yes: bool,

    /// How long to wait for others who pack, drop or write
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = super::chain_append::parse_span)]
    wait: Span,

    /// Say what would go, and change nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

fn parse_before(text: &str) -> Result<PruneBefore, String> {
    let entry = text.parse().ok().map(PruneBefore::Entry);
    let before = entry.or_else(|| Time::parse_rfc3339(text).map(PruneBefore::Time));
    before.ok_or_else(|| "neither the number of an entry nor a time such as 2026-03-01T06:00:00Z".to_owned())
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let reader = args.dir.open()?;
    let shown = reader.folder().path().display().to_string();
    ledger::refuse_what_was_otherwise(&reader)?;
    let closed = super::chain_pack::closed(&reader, args.wait)?;
    let files = prune::candidates(&closed, args.before)?;
    let bytes: u64 = files.iter().map(|file| file.bytes).sum();
    let declared = declared(&reader)?;
    let leaving = PrunableLedger { closed: &closed, genesis: &declared.genesis, ledger: declared.id };
    let leaving = Some(leaving).filter(|_| declared.genesis.writers.are_enrolled());
    let Some(what) = range(&files) else {
        term.say(format!("{shown}: no closed file lies before that, so nothing is dropped"));
        if !args.dry_run && !term.human() && !term.quiet() {
            term.data(&dropped(&files))?;
        }
        return Ok(Outcome::Yes);
    };
    let lacks = leaving.as_ref().map_or(Ok(None), |leaving| leaving.lacks(end(&files)))?;
    if args.dry_run {
        term.say(format!("{shown}: {what} would be dropped, {bytes} bytes in {} files", files.len()));
        if let Some(why) = lacks {
            term.say(format!("{shown}: {why}; it would be made anew first, which takes -k KEY, the log key"));
        }
        return Ok(Outcome::Yes);
    }
    if !args.yes {
        return Err(anyhow::anyhow!("{shown}: {what} would be dropped for ever, {bytes} bytes"))
            .hint(format!("cp -a {shown} ELSEWHERE, then say --yes"));
    }
    if let Some(leaving) = leaving {
        keep_registry(args, &leaving, lacks, &shown, term)?;
    }
    drop_files(&closed, &files, term)?;
    report(&shown, &what, &files, bytes, term)?;
    Ok(Outcome::Yes)
}

/// Before anything goes: what the entries say of who may write is on disk, whatever happens.
fn keep_registry(
    args: &Args,
    leaving: &PrunableLedger<'_>,
    lacks: Option<String>,
    shown: &str,
    term: &mut Term,
) -> anyhow::Result<()> {
    if let Some(why) = lacks {
        let needs = || format!("{shown}: {why}; to make it anew before entries go takes the log key");
        let key = args.key.load(term).with_context(needs)?;
        let log = &leaving.genesis.log;
        anyhow::ensure!(key.public() == *log, "{shown}: the key that signs this ledger is {log}");
        leaving.keep(&key)?;
        term.say(format!("{shown}: {why}; it was made anew"));
    }
    leaving.make_durable()
}

fn drop_files(closed: &Closed, files: &[DroppableFile], term: &mut Term) -> anyhow::Result<()> {
    closed.sweep()?;
    for DroppableFile { first, .. } in files {
        if signals::interrupted() {
            return Err(Ended::error(Outcome::Interrupted, ""));
        }
        let marker = prune::prune(closed, *first)?;
        term.detail(format!("file of entry {first}: dropped, root {}", marker.root));
    }
    Ok(())
}

/// The first entry that stays.
fn end(files: &[DroppableFile]) -> u64 {
    files.last().map_or(0, |last| last.entries().end() + 1)
}

/// The entries that go, in words; `None`: none does.
fn range(files: &[DroppableFile]) -> Option<String> {
    let (first, last) = (files.first()?.entries(), files.last()?.entries());
    Some(format!("entries {} to {}", first.start(), last.end()))
}

fn report(
    shown: &str,
    what: &str,
    files: &[DroppableFile],
    bytes: u64,
    term: &mut Term,
) -> anyhow::Result<()> {
    if term.quiet() {
        return Ok(());
    }
    if term.human() {
        return term.text(&format!("{shown}: {what} dropped, {bytes} bytes; their hashes are kept\n"));
    }
    term.data(&dropped(files))
}

/// What was dropped, as data; of nothing there is no first and no last entry.
fn dropped(files: &[DroppableFile]) -> Object {
    let number = |n: Option<u64>| n.map_or(Value::Null, Value::from);
    object! {
        "dropped": files.len() as u64,
        "first": number(files.first().map(|file| *file.entries().start())),
        "last": number(files.last().map(|file| *file.entries().end())),
        "bytes": files.iter().map(|file| file.bytes).sum::<u64>(),
    }
}
