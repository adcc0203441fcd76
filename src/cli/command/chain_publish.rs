//! `foil chain publish`: the ledger as static files for everybody.

use std::path::PathBuf;

use anyhow::Context;

use crate::{
    chain::{
        publish::{Done, Log, Options, publish},
        read::Reader,
    },
    cli::{Example, failure::Outcome, ledger::{self, DirArg}, signals, term::Term},
    record::{genesis::Genesis, signed::Verifier},
    time::Span,
    tlog::vkey::{Algorithm, VerifierKey},
};

pub(crate) const EXAMPLES: &[Example] = &[
    Example {
        does: "publish a ledger, or what it has got since",
        line: "foil chain publish cold-room public",
    },
    Example {
        does: "read what was published as everybody does",
        line: "foil chain publish cold-room public && foil verify public",
    },
];

/// Publish a ledger as static files that any web server can serve
///
/// Writes a tiled log as C2SP specifies it (tlog-tiles) into DEST, or adds to the one there what the ledger
/// has got since: new tiles and bundles of entries first, the checkpoint last, and then partial ones go that a
/// full one has replaced. Whoever reads along always finds a whole log. What was interrupted is taken up by the
/// next run. Nothing goes out that does not lead to the signed root, and nothing goes into a folder where
/// something else is, or another history. Monitors, witnesses and verifiers of others read it; so does foil
/// verify, from the folder or by its URL.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    dir: DirArg,

    /// The folder that is served; made if it is not there
    #[arg(value_name = "DEST", value_hint = clap::ValueHint::DirPath)]
    dest: PathBuf,

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
    let key = log_key(&reader).with_context(|| format!("{shown}: entry 0"))?;
    ledger::refuse_what_was_otherwise(&reader)?;
    let options = Options { dry_run: args.dry_run, wait: args.wait, give_up: signals::interrupted };
    let log = Log { view: reader.folder(), key: &key, shown: &shown };
    let done = publish(log, &args.dest, options)?;
    term.say(format!("{}: {}", args.dest.display(), said(done, args.dry_run)));
    Ok(Outcome::Yes)
}

/// The key that signs the log, as its entry 0 declares it.
fn log_key(reader: &Reader) -> anyhow::Result<VerifierKey> {
    let declared = reader.declaration()?;
    let genesis = Genesis::verified(&declared.record, &mut Verifier::new(), declared.received)?;
    Ok(VerifierKey::new(&genesis.origin, Algorithm::Ed25519, genesis.log)?)
}

fn said(done: Done, dry_run: bool) -> String {
    let Done { before, after, written } = done;
    let would = if dry_run { "would be " } else { "" };
    let files = if written == 1 { "1 file".to_owned() } else { format!("{written} files") };
    match after - before {
        0 if written == 0 => format!("up to date, {after} entries"),
        0 => format!("{files} {would}written anew, {after} entries"),
        1 => format!("entry {before} {would}published, {files} {would}written"),
        _ => format!("entries {before} to {} {would}published, {files} {would}written", after - 1),
    }
}
