//! `foil chain publish`: the ledger as static files for everybody.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    audit::exposure::secret_keys_in,
    cli::{
        Example,
        failure::{Hint, Outcome},
        ledger::{self, DirArg},
        signals,
        term::Term,
    },
    ledger::{
        files::{read::Reader, store},
        publish::{DroppedEntries, LogToPublish, PublishOptions, PublishResult, publish},
    },
    object,
    time::Span,
    tlog::vkey::{Algorithm, VerifierKey},
};

/// So many files are named; how many more there are is said.
const NAMED: usize = 5;

pub(crate) const EXAMPLES: &[Example] = &[
    Example {
        does: "publish a ledger, or what it has got since",
        line: "foil chain publish cold-room public",
    },
    Example {
        does: "on a disk that is not trusted: compare all that is there, and mend it",
        line: "foil chain publish cold-room public && foil chain publish cold-room public --again",
    },
    Example {
        does: "read what was published, as any reader does",
        line: "foil chain publish cold-room public && foil verify public",
    },
];

/// Publish a ledger as static files that any web server can serve
///
/// Writes a tiled log as C2SP specifies it (tlog-tiles) into DEST, or adds to the one there what the ledger
/// has got since: new tiles and bundles of entries first, the checkpoint last, and then partial ones go that a
/// full one has replaced. A reader finds a whole log at any time. The next run takes up what was interrupted.
/// Nothing is published that does not lead to the signed root, and nothing of a ledger that is older or another
/// than it was seen here before. Other things in DEST (.git, CNAME, lost+found, pages) stay as they are; nothing goes
/// into a ledger, or over tiles of another log or history. Where the same size was published before, the cosignatures
/// that witnesses have put under it stay.
/// Other projects' monitors and verifiers read it; so does foil verify, from the folder or by its URL.
///
/// Each run looks whether all files are there that were published before, and as long as they should be. It writes
/// anew what is not, and names it. With --again it compares their content with the ledger as well. Publish
/// before foil chain prune: entries that were dropped and not published can only be published from a copy of the
/// ledger that still has them.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    dir: DirArg,

    /// The folder that is served; made if it is not there
    #[arg(value_name = "DEST", value_hint = clap::ValueHint::DirPath)]
    dest: PathBuf,

    /// Compare the content of all that is published with the ledger, and write anew what differs
    #[arg(long)]
    again: bool,

    /// How long to wait for another publisher
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = super::chain_append::parse_span)]
    wait: Span,

    /// Check everything, say what would be published, and write nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let path = args.dir.path()?;
    let shown = path.display().to_string();
    let reader = args.dir.open()?;
    let key = log_key(&reader)?;
    refuse_inside(&path, &args.dest)?;
    ledger::refuse_what_was_otherwise(&reader)?;
    let Args { dry_run, again, wait, .. } = *args;
    let options = PublishOptions { dry_run, again, wait, give_up: signals::interrupted };
    let log = LogToPublish { view: reader.folder(), key: &key, shown: &shown };
    let done = publish(log, &args.dest, options).map_err(|why| {
        let dropped = why.is::<DroppedEntries>();
        if dropped { why.hint("foil chain publish COPY DEST, with a copy that still has them") } else { why }
    })?;
    if let Some(mended) = mended(&done, dry_run) {
        term.warn(format!("{}: {mended}", args.dest.display()));
    }
    for key in secret_keys_in(&args.dest) {
        term.warn(format!(
            "{}: a private key among what is published; whoever reads it can sign",
            key.display()
        ));
    }
    report(args, &done, term)?;
    Ok(Outcome::Yes)
}

/// A copy of the ledger's folder would hold what is published of it as a part of the ledger.
fn refuse_inside(ledger: &Path, dest: &Path) -> anyhow::Result<()> {
    let real = |path: &Path| fs::canonicalize(path).ok();
    let (inside, ledger) = (real(dest).or_else(|| real(store::folder_of(dest))), real(ledger));
    let inside = inside.zip(ledger).is_some_and(|(inside, ledger)| inside.starts_with(ledger));
    anyhow::ensure!(
        !inside,
        "{}: is the ledger or lies in it; a published log has a folder of its own",
        dest.display()
    );
    Ok(())
}

/// The key that signs the log, as its entry 0 declares it.
fn log_key(reader: &Reader) -> anyhow::Result<VerifierKey> {
    let genesis = reader.declaration()?.genesis;
    Ok(VerifierKey::new(&genesis.origin, Algorithm::Ed25519, genesis.log)?)
}

fn report(args: &Args, done: &PublishResult, term: &mut Term) -> anyhow::Result<()> {
    let said = format!("{}: {}", args.dest.display(), said(done, args.dry_run));
    if args.dry_run {
        term.say(said);
        return Ok(());
    }
    if term.quiet() {
        return Ok(());
    }
    if term.human() {
        return term.text(&(said + "\n"));
    }
    term.data(&object! {
        "origin": done.now.origin.as_str(),
        "size": done.now.size,
        "root": done.now.root.to_string(),
        "before": done.before,
        "files": done.written,
        "mended": done.mended.len() as u64,
    })
}

fn said(done: &PublishResult, dry_run: bool) -> String {
    let (before, after, written) = (done.before, done.now.size, done.written);
    let would = if dry_run { "would be " } else { "" };
    let files = files(written);
    match after - before {
        0 if written == 0 => format!("up to date, {after} entries"),
        0 => format!("{files} {would}written anew, {after} entries"),
        1 => format!("entry {before} {would}published, {files} {would}written"),
        _ => format!("entries {before} to {} {would}published, {files} {would}written", after - 1),
    }
}

/// What was not as it had been published; the first files by name.
fn mended(done: &PublishResult, dry_run: bool) -> Option<String> {
    let [first, ..] = &done.mended[..] else { return None };
    let named = done.mended.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    Some(match (done.mended.len(), dry_run) {
        (1, false) => format!("{first}: was missing or changed, and is written anew"),
        (1, true) => format!("{first}: is missing or changed, and would be written anew"),
        (count, false) => {
            format!("{count} files were missing or changed, and are written anew: {named}{}", more(count))
        }
        (count, true) => {
            format!("{count} files are missing or changed, and would be written anew: {named}{}", more(count))
        }
    })
}

fn more(count: usize) -> String {
    if count > NAMED { format!(", and {} more", count - NAMED) } else { String::new() }
}

fn files(count: u64) -> String {
    if count == 1 { "1 file".to_owned() } else { format!("{count} files") }
}
