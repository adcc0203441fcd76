//! `foil chain repair`: makes derived files anew.

use anyhow::Context;

use crate::{
    chain::{append::Busy, store::Lock, tree},
    cli::{
        Example,
        failure::{Hint, Outcome},
        ledger::DirArg,
        term::Term,
    },
    record::genesis::Genesis,
    time::Span,
    tlog::vkey::{Algorithm, VerifierKey},
};

pub(crate) const EXAMPLES: &[Example] =
    &[Example { does: "make tree/ anew from the entries", line: "foil chain repair cold-room" }];

/// Make the derived files of a ledger anew
///
/// Reads all entries, checks that they give the signed root, and puts new files in the place of `tree/`.
/// Entries and checkpoint are never touched: if they do not fit together, nothing is repaired.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    dir: DirArg,

    /// How long to wait for the lock
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = super::chain_append::parse_span)]
    wait: Span,

    /// Say what is wrong, and change nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let path = args.dir.path()?;
    let shown = path.display().to_string();
    let reader = crate::cli::ledger::open(&path)?;
    let lock = Lock::take(&reader.folder().lock(), args.wait, || false)?;
    let _lock = lock.ok_or(Busy).with_context(|| shown.clone())?;
    // Only under the lock is the checkpoint the one that the entries and the tree belong to.
    let reader = args.dir.open()?;
    let genesis =
        Genesis::parse(&reader.declaration()?.record).with_context(|| format!("{shown}: entry 0"))?;
    let stated = reader.checkpoint().checkpoint();
    let log = VerifierKey::new(&stated.origin, Algorithm::Ed25519, genesis.log)?;
    anyhow::ensure!(
        reader.checkpoint().verdict(&log).is_good(),
        "{shown}/checkpoint: not signed by the key that entry 0 names"
    );
    if !tree::lost(reader.folder())?.is_empty() {
        term.warn(format!("{shown}: hashes of dropped entries are lost: these can no longer be proven"));
    }
    if tree::is_whole(reader.folder(), stated.size, &stated.root)? {
        term.say(format!("{shown}: tree/ is as it should be"));
        return Ok(Outcome::Yes);
    }
    if args.dry_run {
        term.say(format!("{shown}: tree/ is not what the entries give; it would be made anew"));
        return Ok(Outcome::No);
    }
    tree::rebuild(reader.folder(), stated.size, &stated.root)
        .context(shown.clone())
        .hint(format!("foil verify {shown} shows where"))?;
    term.say(format!("{shown}: tree/ was made anew from {} entries", stated.size));
    Ok(Outcome::Yes)
}
