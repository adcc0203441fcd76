//! `foil chain repair`: brings a ledger back to what was signed.

mod checkpoint;
mod mend;
mod resign;
mod say;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context;
use clap_complete::engine::ArgValueCompleter;

use self::{
    checkpoint::{Chosen, Copy, Known},
    say::Done,
};
use crate::{
    cli::{
        Example,
        failure::{Hint, Outcome},
        keys::{self, PassphraseArgs},
        ledger::{self, DirArg},
        signals,
        term::Term,
    },
    hash::Hash,
    json::{self, Value},
    ledger::{
        files::{folder::Folder, store, tree},
        repair::Repair,
        snapshot::state::LONGEST,
        write::lock::{Busy, Lock},
    },
    record::signed::Verifier,
    time::{Span, Time},
    tlog::{checkpoint::Checkpoint, tile::LEVELS},
    verify::Truth,
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
/// what nobody has any more is named and stays as it is. Then tree/ is made anew if it is not what the entries
/// give, and a state.json that does not fit is set aside. What is replaced is kept under replaced/.
///
/// The checkpoint that counts is the ledger's own, if the log signed it; else the copy's, or the one that was
/// seen here before, whichever covers more; never one older than what was seen. The log's key is the one that
/// --key gives, or that is known from before, or that entry 0 names.
///
/// Without --resign nothing new is ever signed. With it, and only if entries are lost for good, the log's key
/// signs a new checkpoint over what comes before the first lost entry; everything behind it is set aside. That
/// forks the ledger: whoever holds a receipt or has seen the longer one will find the new one forked or rolled
/// back, and is right. It is for an operator whose only copy has lost entries, and who tells all others.
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
    let shown = path.display().to_string();
    let folder = ledger::folder(&path)?;
    let copy = args.from.as_deref().map(ledger::copy).transpose()?;
    anyhow::ensure!(!args.from.as_ref().is_some_and(|from| same(from, &path)), "{shown}: is the copy itself");
    anyhow::ensure!(is_ledger(&folder), "{shown}: no ledger: neither a checkpoint nor entries");
    folder.must_lie_here()?;
    let _lock = turn(args, &folder)?;
    // Only under the lock is the checkpoint the one that the entries and the tree belong to.
    let known = Known::of(args, &folder, copy.as_ref(), term).context(shown.clone())?;
    let chosen = Chosen::of(args, &known, &folder, copy.as_ref(), term)?;
    let (copy, pending, lacking, unread) = (copy.as_ref(), false, Vec::new(), Vec::new());
    let done = Done { tree: Some(false), ..Done::default() };
    let mut job = Job { args, shown, folder: &folder, known, chosen, copy, pending, lacking, unread, done };
    let outcome = job.run(term)?;
    if !term.quiet() && !term.human() {
        term.data(&say::data(&job))?;
    }
    Ok(outcome)
}

/// A rehearsal may do without.
fn turn(args: &Args, folder: &Folder) -> anyhow::Result<Option<Lock>> {
    let shown = || folder.path().display().to_string();
    if args.dry_run {
        return folder.lock_to_look(args.wait, signals::interrupted).with_context(shown);
    }
    let lock = folder.lock_to_write(args.wait, signals::interrupted)?;
    lock.ok_or(Busy).with_context(shown).map(Some)
}

fn same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| fs::canonicalize(path).ok();
    real(one).is_some_and(|one| Some(one) == real(other))
}

fn is_ledger(folder: &Folder) -> bool {
    folder.checkpoint().exists() || folder.entries().exists()
}

/// One repair, under the lock.
struct Job<'a> {
    args: &'a Args,
    shown: String,
    folder: &'a Folder,
    known: Known,
    chosen: Chosen,
    copy: Option<&'a Copy>,
    /// Whether a rehearsal found something to do
    pending: bool,
    /// Entries that nobody has any more
    lacking: Vec<u64>,
    /// Files of the copy that could not be read to their end
    unread: Vec<String>,
    /// What was done, or would be
    done: Done,
}

impl Job<'_> {
    fn run(&mut self, term: &mut Term) -> anyhow::Result<Outcome> {
        let stated = self.chosen.stated.clone();
        let copy = self.copy.map(|(view, _)| (&**view, self.chosen.copy_size.unwrap_or(stated.size)));
        let repair = Repair::new(self.folder, copy.map(|(view, _)| view), self.args.dry_run)?;
        let mut truth = Truth::thorough(self.folder, copy, stated.size, &stated.root);
        self.must_lead(&truth)?;
        self.chosen.must_extend(&self.shown, &self.known, &mut truth)?;
        self.must_have_all(copy.map(|(view, _)| view), &mut truth, &stated, term)?;
        self.entries(&repair, &mut truth, &stated, term)?;
        self.checkpoint(&repair, term)?;
        self.state(&repair, &mut truth, &stated, term)?;
        if let Some(lost) = self.lacking.first().copied() {
            return self.lost(&repair, &mut truth, lost, term);
        }
        self.tree(&repair, &stated, term)?;
        if tree::lost(self.folder).is_ok_and(|lost| !lost.is_empty()) {
            let lost = "hashes of dropped entries are lost: these can no longer be proven";
            term.warn(format!("{}: {lost}", self.shown));
        }
        self.forget(&repair, term)?;
        Ok(if self.pending { Outcome::No } else { Outcome::Yes })
    }

    /// Nothing can be restored where no hash is known.
    fn must_lead(&self, truth: &Truth<'_>) -> anyhow::Result<()> {
        if truth.top() {
            return Ok(());
        }
        let from = if self.copy.is_some() { ", nor what the copy has," } else { "" };
        let (shown, size) = (&self.shown, self.chosen.stated.size);
        let unread = (0..LEVELS).find_map(|level| Some((level, tree::read(self.folder, level, 0, 1).err()?)));
        let why =
            unread.map_or(String::new(), |(level, why)| format!("; tree/{level} cannot be read: {why}"));
        let unled = format!(
            "{shown}: neither tree/ nor the entries{from} lead to the signed root of {size} entries{why}"
        );
        Err(anyhow::anyhow!(unled))
            .hint(format!("foil chain repair {shown} --from COPY, with a copy that is sound"))
    }

    /// After the entries: it is what commits them.
    fn checkpoint(&mut self, repair: &Repair<'_>, term: &mut Term) -> anyhow::Result<()> {
        let Some(why) = self.chosen.why.clone() else { return Ok(()) };
        self.done.checkpoint = true;
        let done = if self.args.dry_run { "would be written anew" } else { "was written anew" };
        if self.args.dry_run {
            self.pending = true;
        } else {
            repair
                .replace(&self.folder.checkpoint(), self.chosen.note.as_bytes())
                .context(self.shown.clone())?;
        }
        term.say(format!("{}: checkpoint {done}: {why}", self.shown));
        Ok(())
    }

    fn state(
        &mut self,
        repair: &Repair<'_>,
        truth: &mut Truth<'_>,
        stated: &Checkpoint,
        term: &mut Term,
    ) -> anyhow::Result<()> {
        let path = self.folder.state();
        if fs::symlink_metadata(&path).is_err() || self.state_fits(truth, stated) {
            return Ok(());
        }
        self.done.state = true;
        let done = if self.args.dry_run { "would be set aside" } else { "was set aside" };
        if self.args.dry_run {
            self.pending = true;
        } else {
            repair.set_aside(&path).context(self.shown.clone())?;
        }
        term.say(format!("{}: state.json {done}: it is not the log's word on these entries", self.shown));
        Ok(())
    }

    /// Whether the log signed it for a size that the ledger has reached, and the root that it had then.
    fn state_fits(&self, truth: &mut Truth<'_>, stated: &Checkpoint) -> bool {
        let bytes = store::read_small(&self.folder.state(), LONGEST).ok().flatten();
        let state = bytes.filter(|bytes| bytes.len() <= LONGEST).and_then(|it| json::parse_object(&it).ok());
        let Some(state) = state else { return false };
        let size = state.get("size").and_then(Value::as_u64).filter(|size| *size <= stated.size);
        let root = state.str("root").and_then(Hash::parse);
        let signers = Verifier::new().signers(&state, Time::EPOCH).unwrap_or_default();
        size.is_some_and(|size| truth.root_at(size) == root && root.is_some())
            && signers.contains(&self.known.key)
    }

    fn tree(&mut self, repair: &Repair<'_>, stated: &Checkpoint, term: &mut Term) -> anyhow::Result<()> {
        let shown = self.shown.clone();
        if self.args.dry_run && self.pending {
            // The entries are not there yet that it would be made from.
            self.done.tree = None;
            term.say(format!("{shown}: tree/ would be made anew if it is not what the entries give then"));
            return Ok(());
        }
        if tree::is_whole(self.folder, stated.size, &stated.root).context(shown.clone())? {
            term.say(format!("{shown}: tree/ is as it should be"));
            return Ok(());
        }
        self.done.tree = Some(true);
        if self.args.dry_run {
            self.pending = true;
            term.say(format!("{shown}: tree/ is not what the entries give; it would be made anew"));
            return Ok(());
        }
        for level in 0..LEVELS {
            repair.keep(&self.folder.level(level), &format!("tree-{level}")).context(shown.clone())?;
        }
        tree::rebuild(self.folder, stated.size, &stated.root).context(shown.clone())?;
        term.say(format!("{shown}: tree/ was made anew from {} entries", stated.size));
        Ok(())
    }

    /// Entries are lost for good: said, and, if somebody demands it, left out by a new checkpoint.
    fn lost(
        &mut self,
        repair: &Repair<'_>,
        truth: &mut Truth<'_>,
        first: u64,
        term: &mut Term,
    ) -> anyhow::Result<Outcome> {
        let which = say::ranges(&self.lacking);
        let why = format!("{}: {which} could not be restored: nowhere to be found", self.shown);
        if self.args.resign {
            term.warn(why);
            return self.resign(repair, truth, first, term);
        }
        term.error(&anyhow::anyhow!(why));
        term.hint(if self.copy.is_some() {
            "try another copy; if there is none, foil chain repair --help tells what --resign would do"
                .to_owned()
        } else {
            format!("foil chain repair {} --from COPY", self.shown)
        });
        Ok(Outcome::No)
    }
}
