//! A ledger that is to be continued by a new one: whether it may be, and whose signatures that takes.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use anyhow::{Context, ensure};

use super::{
    ledger::{self, LedgerNotice, LedgerQuestion},
    succession::LedgerFamily,
    target,
};
use crate::{
    hash::Hash,
    key::PublicKey,
    ledger::{
        files::{folder::Folder, read::Reader, tree},
        pins::{Seen, Successor},
    },
    record::{
        genesis::{Continued, Genesis},
        writers::Writers,
    },
    verify::{self, GivenKey},
};

/// A ledger that is to be continued: it is sound, and vouched for.
pub struct LedgerToContinue {
    folder: PathBuf,
    id: Hash,
    genesis: Genesis,
    /// Where it ends
    end: Continued,
}

/// Why a ledger cannot be continued, or not by this one. The sentence names no folder: the error's context does.
#[derive(Debug, PartialEq, Eq)]
pub enum ContinuationRefused {
    /// It is not sound
    Unsound,
    /// No key that is known from outside vouches for it
    Unvouched,
    /// Its log key and enough of its admins did not sign: who is missing
    NoConsent(String),
    /// Another ledger continues it already
    ContinuedBy(Hash),
}

impl fmt::Display for ContinuationRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsound => f.write_str("is not sound, so nothing can go on from it"),
            Self::Unvouched => f.write_str("nobody vouches for it, so nothing can go on from it"),
            Self::NoConsent(missing) => f.write_str(missing),
            Self::ContinuedBy(other) => {
                write!(f, "is continued by ledger {other} already, and can have one successor")
            }
        }
    }
}

impl std::error::Error for ContinuationRefused {}

impl LedgerToContinue {
    /// The ledger in a folder, once it has been verified. `keys` are those at hand: the log's counts as given.
    ///
    /// # Errors
    /// [`ContinuationRefused`] if nothing can go on from it; or it cannot be read.
    pub fn open(
        folder: &Path,
        keys: &[PublicKey],
        question: LedgerQuestion<'_>,
        notice: &mut dyn FnMut(LedgerNotice),
    ) -> anyhow::Result<Self> {
        let shown = || folder.display().to_string();
        let declared = verify::unproven_declaration(&target::ledger_folder(folder)?).with_context(shown)?;
        let declared = declared.with_context(|| format!("{}: entry 0 declares no ledger", shown()))?;
        let (id, genesis) = (declared.id, declared.genesis);
        let key = keys.iter().find(|key| **key == genesis.log).cloned().map(GivenKey::Key);
        let question = LedgerQuestion { key, ..question };
        let report = ledger::verify(folder, &question, &mut LedgerFamily::default(), notice)?;
        if !report.sound() {
            return Err(ContinuationRefused::Unsound).with_context(shown);
        }
        if report.vouched.is_empty() {
            return Err(ContinuationRefused::Unvouched).with_context(shown);
        }
        let stated = report.size.zip(report.root);
        let (size, root) = stated.with_context(|| format!("{}: no checkpoint", shown()))?;
        let end = Continued { ledger: id, size, root };
        Ok(Self { folder: folder.to_owned(), id, genesis, end })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the new ledger goes on.
    pub fn end(&self) -> &Continued {
        &self.end
    }

    /// The old admins, one voice each, with the new log key in the place of the old one: that may be stolen.
    pub fn admins(&self, log: &PublicKey) -> Vec<PublicKey> {
        let mut admins = Vec::with_capacity(self.genesis.admins.len());
        for admin in self.genesis.admins.iter().map(|admin| self.instead(admin, log)) {
            if !admins.contains(admin) {
                admins.push(admin.clone());
            }
        }
        admins
    }

    /// The old writers, with the new log key in the place of the old one: the gateway may be one of them.
    pub fn writers(&self, log: &PublicKey) -> Writers {
        match &self.genesis.writers {
            Writers::Keys(keys) => {
                Writers::Keys(keys.iter().map(|key| self.instead(key, log).clone()).collect())
            }
            other => other.clone(),
        }
    }

    fn instead<'a>(&self, key: &'a PublicKey, log: &'a PublicKey) -> &'a PublicKey {
        if *key == self.genesis.log { log } else { key }
    }

    /// Whether a new ledger so signed may go on from here, and does.
    ///
    /// # Errors
    /// [`ContinuationRefused::NoConsent`] if signatures are missing; or what does not fit.
    pub fn check(&self, new: &Genesis, signers: &[PublicKey]) -> anyhow::Result<()> {
        let shown = self.folder.display();
        let continued = new.continues.as_ref().context("entry 0 continues no ledger")?;
        ensure!(
            continued.ledger == self.id,
            "entry 0 continues ledger {}, and {shown} is {}",
            continued.ledger,
            self.id
        );
        let (size, has) = (continued.size, self.end.size);
        ensure!(size <= has, "entry 0 continues {shown} at {size} entries; it has {has}");
        let same = self.root_at(size)? == Some(continued.root);
        ensure!(same, "entry 0 continues {shown} at {size} entries with another root than it has there");
        let consent = self.genesis.consent(signers);
        consent.map_err(|missing| ContinuationRefused::NoConsent(missing.to_string())).context("entry 0")?;
        Ok(())
    }

    /// The root at a size up to the end; none where `tree/` does not know it.
    fn root_at(&self, size: u64) -> anyhow::Result<Option<Hash>> {
        if size == self.end.size {
            return Ok(Some(self.end.root));
        }
        let frontier = tree::frontier(&Folder::new(&self.folder), size)?;
        Ok(frontier.map(|frontier| frontier.root()))
    }

    /// Refuses a second successor.
    ///
    /// # Errors
    /// [`ContinuationRefused::ContinuedBy`] if another one is known.
    pub fn refuse_second(&self, id: &Hash, seen: &Seen) -> anyhow::Result<()> {
        let known = seen.successor(&self.genesis.origin, &self.id);
        let Some(other) = known.filter(|known| known.ledger != *id) else { return Ok(()) };
        let refused = Err(ContinuationRefused::ContinuedBy(other.ledger));
        refused.with_context(|| self.folder.display().to_string())
    }

    /// Remembers which ledger goes on from here, so that its operator does not go on writing here by mistake.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn remember(&self, id: Hash, size: u64, seen: &Seen) -> anyhow::Result<()> {
        seen.continue_with(&self.genesis.origin, &self.id, &Successor { ledger: id, size })?;
        Ok(())
    }

    /// How many entries it has by now: some may have been written while the new one was made.
    pub fn size_now(&self) -> u64 {
        let reader = target::ledger_folder(&self.folder).and_then(Reader::open);
        reader.map_or(self.end.size, |reader| reader.size())
    }
}
