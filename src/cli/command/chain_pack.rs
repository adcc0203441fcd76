//! `foil chain pack`: closed files of entries become smaller.

use crate::{
    audit::prune::closed_files,
    cli::{
        Example,
        failure::{Ended, Outcome},
        ledger::DirArg,
        signals, size,
        term::Term,
    },
    ledger::{
        files::{
            closed::Closed,
            entries::{self, Form},
            read::Reader,
        },
        space::pack::{self, PackedSizes},
    },
    object,
    time::Span,
};

pub(crate) const EXAMPLES: &[Example] = &[
    Example {
        does: "from cron: what is full takes a seventh of the room",
        line: "foil chain pack cold-room -q",
    },
    Example { does: "say what would be packed", line: "foil chain pack cold-room -n" },
];

/// Compress the closed files of a ledger
///
/// A file of entries is closed when it holds its 65,536 entries and others follow. Each is checked against the
/// signed root, compressed with gzip, read back, compared and checked once more before the plain file goes.
/// Every command reads packed files as it reads plain ones, and so does `zcat`. Writers go on meanwhile.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    dir: DirArg,

    /// Make packed files plain again
    #[arg(long)]
    unpack: bool,

    /// How long to wait for others who pack, drop or write
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = super::chain_append::parse_span)]
    wait: Span,

    /// Say what would be done, and change nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let reader = args.dir.open()?;
    let closed = closed_files(&reader, args.wait)?;
    let shown = reader.folder().path().display().to_string();
    let from = if args.unpack { Form::Packed } else { Form::Plain };
    let files: Vec<u64> =
        closed.files()?.into_iter().filter(|(_, form)| *form == from).map(|(first, _)| first).collect();
    if args.dry_run {
        let bytes: u64 = files.iter().map(|first| length(&reader, *first)).sum();
        let what = if args.unpack { "unpacked" } else { "packed" };
        term.say(format!("{shown}: {} files of {} would be {what}", files.len(), size::bytes(bytes)));
        return Ok(Outcome::Yes);
    }
    closed.sweep()?;
    let mut sizes = PackedSizes::default();
    for first in &files {
        if signals::interrupted() {
            return Err(Ended::error(Outcome::Interrupted, ""));
        }
        let done = if args.unpack { pack::unpack(&closed, *first) } else { pack::pack(&closed, *first) }?;
        term.detail(format!(
            "file of entry {first}: {} are now {}",
            size::bytes(done.before),
            size::bytes(done.after)
        ));
        (sizes.before, sizes.after) = (sizes.before + done.before, sizes.after + done.after);
    }
    if args.unpack {
        remove_leftovers(&closed)?;
    }
    report(args, &shown, files.len(), sizes, term)?;
    Ok(Outcome::Yes)
}

fn length(reader: &Reader, first: u64) -> u64 {
    std::fs::metadata(entries::path(reader.folder(), first)).map_or(0, |data| data.len())
}

/// Beside a plain file an interrupted run may have left the packed one.
fn remove_leftovers(closed: &Closed) -> anyhow::Result<()> {
    let plain = closed.files()?.into_iter().filter(|(_, form)| *form == Form::Plain);
    plain.into_iter().try_for_each(|(first, _)| pack::remove_leftover(closed, first))
}

fn report(args: &Args, shown: &str, files: usize, sizes: PackedSizes, term: &mut Term) -> anyhow::Result<()> {
    let what = if args.unpack { "unpacked" } else { "packed" };
    let PackedSizes { before, after } = sizes;
    if term.quiet() {
        return Ok(());
    }
    if !term.human() {
        let form = if args.unpack { "plain" } else { "packed" };
        let files = files as u64;
        return term
            .data(&object! { "form": form, "files": files, "bytes_before": before, "bytes_after": after });
    }
    let files = if files == 1 { "1 file".to_owned() } else { format!("{files} files") };
    let (before, after) = (size::bytes(before), size::bytes(after));
    term.text(&format!("{shown}: {files} {what}: {before} are now {after}\n"))
}
