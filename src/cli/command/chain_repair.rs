//! `foil chain repair`: brings a ledger back to what was signed.

mod words;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use clap_complete::engine::ArgValueCompleter;

use self::words::RepairTalk;
use crate::{
    audit::repair::{EntryRuns, LedgerRepair, RepairCopy, RepairQuestion, ResignPlan},
    cli::{
        Example,
        failure::Outcome,
        keys::{self, PassphraseArgs},
        ledger::{self, DirArg},
        signals,
        term::Term,
    },
    key::SecretKey,
    time::Span,
};

pub(crate) const EXAMPLES: &[Example] = &[
    Example { does: "make tree/ anew from the entries", line: "foil chain repair cold-room" },
    Example {
        does: "what would be restored from a copy, and then do it",
        line: "cp -r cold-room copy && foil chain repair cold-room --from copy -n && foil chain repair cold-room --from copy",
    },
];

/// Bring a damaged ledger back to what its log signed
///
/// Compares every entry with the signed root. Lines that were changed, lost, added or moved, and lines whose ends
/// were changed in transit, are put right: from the ledger itself where it still has them, from what was set
/// aside under replaced/, and from a copy (--from). Nothing is written that does not lead to the signed root;
/// what is found nowhere is named and stays as it is. Then tree/ is made anew if it is not what the entries
/// give, and a state.json that does not fit is set aside. What is replaced is kept under replaced/.
///
/// The checkpoint that counts is the ledger's own, if the log signed it; else the copy's, or the one that was
/// seen here before, whichever covers more; never one older than what was seen. The log's key is the one that
/// --key gives, or that is known from before, or that entry 0 names.
///
/// Without --resign nothing new is ever signed. With it, and only if entries are lost for good, the log's key
/// signs a new checkpoint over what comes before the first lost entry; everything behind it is set aside. That
/// forks the ledger: a party that holds a receipt or has seen the longer one will find the new one forked or rolled
/// back, and is right. It is for an operator whose only copy has lost entries, and who tells all other parties.
///
/// As data, one line comes at the end: of how many entries which root the checkpoint is, what was done or would
/// be, and the runs of entries that are lost.
///
/// Ends with 0 if the ledger is as it should be or was brought there, with 1 if something is still wrong or, with
/// -n, would be done, with 2 if there is nothing that it can be repaired by.
#[derive(clap::Args)]
#[allow(clippy::struct_excessive_bools)] // each is a flag of its own
pub(crate) struct Args {
    #[command(flatten)]
    dir: DirArg,

    /// Another copy of the ledger to restore entries from
    ///
    /// The copy may be damaged itself: each line is checked before it is taken. A copy that is longer gives no
    /// more than what the ledger's own checkpoint covers, unless that is gone or --extend is given.
    #[arg(long, value_name = "COPY", value_hint = clap::ValueHint::DirPath)]
    from: Option<PathBuf>,

    /// Take over the copy's checkpoint, and all that it covers, where it goes further
    ///
    /// Only if it is shown to go on from what the log signed before, and each entry under it is in the ledger or
    /// in the copy: otherwise the ledger is left as it is.
    #[arg(long, requires = "from")]
    extend: bool,

    /// The log's key: a vkey, a DID, a file, or a contact; with --resign its private key
    #[arg(short, long, value_name = "KEY", add = ArgValueCompleter::new(keys::complete_public))]
    key: Option<String>,

    #[command(flatten)]
    passphrase: PassphraseArgs,

    /// Sign a new checkpoint over what comes before the first entry that is lost for good (see above)
    #[arg(long)]
    resign: bool,

    /// With --resign: sign though a longer ledger was seen here before, and forget that one
    #[arg(long, requires = "resign")]
    forget_seen: bool,

    /// How long to wait for the lock
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = super::chain_append::parse_span)]
    wait: Span,

    /// Say what would be done, and change nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let path = args.dir.path()?;
    let folder = ledger::folder(&path)?;
    let copy = args.from.as_deref().map(ledger::copy).transpose()?;
    let shown = path.display().to_string();
    anyhow::ensure!(!args.from.as_ref().is_some_and(|from| same(from, &path)), "{shown}: is the copy itself");
    let copy = copy.as_ref().map(|(view, name)| RepairCopy { view: &**view, name });
    let question = RepairQuestion {
        folder: &folder,
        copy,
        extend: args.extend,
        key: args.key.as_deref().map(super::verify::given).transpose()?,
        seen: &ledger::seen(),
        forget_seen: args.forget_seen,
        rehearse: args.dry_run,
        wait: args.wait,
        give_up: signals::interrupted,
    };
    let talk = RepairTalk { shown, copy: copy.map(|copy| copy.name), rehearsed: args.dry_run };
    repair(args, &question, &talk, term).map_err(|error| talk.refused(error))
}

fn same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| fs::canonicalize(path).ok();
    real(one).is_some_and(|one| Some(one) == real(other))
}

fn repair(
    args: &Args,
    question: &RepairQuestion<'_>,
    talk: &RepairTalk<'_>,
    term: &mut Term,
) -> anyhow::Result<Outcome> {
    let mut repair = LedgerRepair::begin(question, &mut |notice| talk.tell(&notice, term))?;
    repair.run(&mut |notice| talk.tell(&notice, term))?;
    let outcome = match (repair.lost().is_empty(), repair.is_done()) {
        (true, true) => Outcome::Yes,
        (true, false) => Outcome::No,
        (false, _) => lost(args, &mut repair, talk, term)?,
    };
    if !term.quiet() && !term.human() {
        term.data(&repair.answer().to_object())?;
    }
    Ok(outcome)
}

/// Entries are lost for good: said, and, where --resign demands it, left out by a new checkpoint.
fn lost(
    args: &Args,
    repair: &mut LedgerRepair<'_>,
    talk: &RepairTalk<'_>,
    term: &mut Term,
) -> anyhow::Result<Outcome> {
    let which = EntryRuns(repair.lost());
    let why = format!("{}: {which} could not be restored: nowhere to be found", talk.shown);
    if !args.resign {
        term.error(&anyhow::anyhow!(why));
        talk.hint_of_lost(term);
        return Ok(Outcome::No);
    }
    term.warn(why);
    let plan = repair.resign_plan()?;
    resign(args, plan, repair, talk, term)?;
    Ok(if args.dry_run { Outcome::No } else { Outcome::Yes })
}

fn resign(
    args: &Args,
    plan: ResignPlan,
    repair: &mut LedgerRepair<'_>,
    talk: &RepairTalk<'_>,
    term: &mut Term,
) -> anyhow::Result<()> {
    let (path, key) = secret(args)?;
    repair.must_be_log_key(&key)?;
    term.detail(format!("key {}: {}", path.display(), key.public()));
    repair.resign(plan, &key, &mut |notice| talk.tell(&notice, term))
}

/// The key that is to sign, and its file.
fn secret(args: &Args) -> anyhow::Result<(PathBuf, SecretKey)> {
    let name = args.key.as_ref().context("--resign signs, and needs -k KEY, the log's private key")?;
    let path = keys::find_secret(name)?;
    let key = keys::load(&path, &args.passphrase)?;
    Ok((path, key))
}
