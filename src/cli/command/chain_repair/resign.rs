//! `--resign`: when entries are lost for good, a new checkpoint over what comes before them.
//!
//! What it may do is little: shorten the ledger to its longest beginning of which every entry is under a root
//! that the log signed. It signs no entry that was not signed before.

use anyhow::{Context, ensure};

use super::Job;
use crate::{
    cli::{
        failure::{Hint, Outcome},
        keys,
        term::Term,
    },
    key::SecretKey,
    ledger::{
        files::{entries, tree},
        pins::Sight,
        repair::Repair,
    },
    tlog::{
        checkpoint::{Checkpoint, SignedCheckpoint},
        tile::LEVELS,
        view::ENTRIES_PER_FILE,
    },
    verify::Truth,
};

impl Job<'_> {
    /// Signs the entries before the first lost one, and sets aside what stands behind them.
    pub(super) fn resign(
        &mut self,
        repair: &Repair<'_>,
        truth: &mut Truth<'_>,
        lost: u64,
        term: &mut Term,
    ) -> anyhow::Result<Outcome> {
        let shown = self.shown.clone();
        ensure!(lost > 0, "{shown}: entry 0 is lost, and without it this is no ledger: begin a new one");
        ensure!(
            self.unread.is_empty(),
            "{shown}: not all of the copy could be read, and what is lost may be in it: nothing is signed; \
             restore without --resign what it has, and say --resign without --from then"
        );
        let root =
            truth.root_at(lost).with_context(|| format!("{shown}: no root of {lost} entries is known"))?;
        let stated = Checkpoint { origin: self.chosen.stated.origin.clone(), size: lost, root };
        self.must_not_contradict(&stated)?;
        let key = self.secret(term)?;
        let (before, gone) = (self.chosen.stated.size, self.chosen.stated.size - lost);
        self.done.checkpoint = true;
        if self.args.dry_run {
            (self.chosen.stated, self.done.tree) = (stated, None);
            term.say(format!(
                "{shown}: a checkpoint of {lost} entries would be signed in the place of one of {before}: \
                 {gone} entries, {lost} to {}, would no longer be part of the ledger",
                before - 1
            ));
            return Ok(Outcome::No);
        }
        self.cut(repair, truth, lost)?;
        let signed =
            SignedCheckpoint::sign(stated.clone(), &key).context("an origin that can be no key's name")?;
        // What was seen goes before what contradicts it comes: otherwise nobody could go on after a power cut.
        self.forget(repair, term)?;
        repair.replace(&self.folder.checkpoint(), signed.to_string().as_bytes()).context(shown.clone())?;
        self.chosen.stated = stated;
        if !tree::is_whole(self.folder, lost, &root).context(shown.clone())? {
            self.done.tree = Some(true);
            for level in 0..LEVELS {
                repair.keep(&self.folder.level(level), &format!("tree-{level}")).context(shown.clone())?;
            }
            tree::rebuild(self.folder, lost, &root).context(shown.clone())?;
        }
        self.remember(signed, term);
        term.say(format!(
            "{shown}: a checkpoint of {lost} entries was signed in the place of one of {before}: {gone} entries, \
             {lost} to {}, are no longer part of the ledger; what there is of them is in replaced/",
            before - 1
        ));
        term.warn(format!(
            "{shown}: whoever has seen more than {lost} entries will find it rolled back or forked: tell them"
        ));
        Ok(Outcome::Yes)
    }

    fn must_not_contradict(&self, stated: &Checkpoint) -> anyhow::Result<()> {
        let Some(sight) = self.known.sight.as_ref().filter(|_| !self.args.forget_seen) else { return Ok(()) };
        let seen = sight.checkpoint.checkpoint();
        let fits = anyhow::Ok(()).and_then(|()| {
            ensure!(
                seen.size <= stated.size,
                "{}: a checkpoint of {} entries would contradict what was seen here before, {} entries",
                self.shown,
                stated.size,
                seen.size
            );
            Ok(())
        });
        fits.hint("look for another copy first; if there is none: --resign --forget-seen")
    }

    fn secret(&self, term: &mut Term) -> anyhow::Result<SecretKey> {
        let name =
            self.args.key.as_ref().context("--resign signs, and needs -k KEY, the log's private key")?;
        let path = keys::find_secret(name)?;
        let key = keys::load(&path, &self.args.passphrase)?;
        ensure!(
            key.public() == self.known.key,
            "{}: the key that signs this ledger is {}",
            self.shown,
            self.known.key
        );
        term.detail(format!("key {}: {}", path.display(), key.public()));
        Ok(key)
    }

    /// Takes away all files and lines from an entry on; they are kept.
    fn cut(&self, repair: &Repair<'_>, truth: &mut Truth<'_>, size: u64) -> anyhow::Result<()> {
        let named = || self.shown.clone();
        for (first, _) in entries::list(self.folder).with_context(named)?.into_iter().rev() {
            if first >= size {
                repair.set_aside(&entries::path(self.folder, first)).with_context(named)?;
            } else if first + ENTRIES_PER_FILE > size {
                let leaves = truth.leaves(first, usize::try_from(size - first)?);
                repair.cut(first, &leaves).with_context(named)?;
            }
        }
        Ok(())
    }

    /// Forgets what was seen, if that was demanded and contradicts; what is forgotten is kept beside the ledger.
    pub(super) fn forget(&self, repair: &Repair<'_>, term: &mut Term) -> anyhow::Result<()> {
        let (Some(sight), Some((origin, id))) = (&self.known.sight, &self.known.named) else { return Ok(()) };
        let seen = sight.checkpoint.checkpoint();
        let contradicts = !self.lacking.is_empty() || seen.size > self.chosen.stated.size;
        if !self.args.forget_seen || self.args.dry_run || !contradicts {
            return Ok(());
        }
        repair.keep_bytes("seen", sight.to_string().as_bytes()).context(self.shown.clone())?;
        self.known.seen.forget(origin, id)?;
        term.say(format!(
            "{}: that {} entries were seen here is forgotten; the checkpoint is kept under replaced/",
            self.shown, seen.size
        ));
        Ok(())
    }

    fn remember(&self, checkpoint: SignedCheckpoint, term: &mut Term) {
        let Some((_, id)) = &self.known.named else { return };
        let sight = Sight { key: self.known.key.clone(), checkpoint };
        if let Err(error) = self.known.seen.remember(id, &sight) {
            term.warn(format!("what was seen cannot be remembered: {error:#}"));
        }
    }
}
