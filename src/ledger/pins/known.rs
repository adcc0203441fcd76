//! Whose log keys are known, since when, and by which act of the reader.

use std::{fs, io::ErrorKind};

use anyhow::Context;

use super::{LONGEST, Seen, Sight, Successor, store};
use crate::{hash::Hash, time::Time};

/// The act of a reader by which a log's key became known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnowingAct {
    /// They named the key
    Named,
    /// They wrote the ledger, so they hold the key
    Written,
    /// They trusted the key that entry 0 names
    Trusted,
    /// They know the ledger that this one continues, which agreed to the key
    Continued,
}

impl KnowingAct {
    const ALL: [Self; 4] = [Self::Named, Self::Written, Self::Trusted, Self::Continued];

    /// `named`, `written`, `trusted` or `continued`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Named => "named",
            Self::Written => "written",
            Self::Trusted => "trusted",
            Self::Continued => "continued",
        }
    }
}

/// Since when a log's key is known, and by which act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownSince {
    /// The act
    pub act: KnowingAct,
    /// When
    pub since: Time,
}

/// A ledger whose log key is known.
#[derive(Debug)]
pub struct KnownLedger {
    /// Its id
    pub id: Hash,
    /// The log's key, and the highest checkpoint that was verified
    pub sight: Sight,
    /// Since when the key is known; `None`: that was not noted
    pub known: Option<KnownSince>,
    /// The ledger that goes on from it; `None`: none is known
    pub successor: Option<Successor>,
}

impl Seen {
    /// Notes by which act the key became known, and when, unless that was noted before.
    pub(super) fn note_since(&self, origin: &str, id: &Hash, act: Option<KnowingAct>) -> anyhow::Result<()> {
        let path = self.since(origin, id);
        let (Some(act), Some(since), false) = (act, self.now, path.exists()) else { return Ok(()) };
        store::replace_unsynced(&path, KnownSince { act, since }.to_string().as_bytes())
    }

    /// Since when the key of a ledger is known; `None`: that was not noted.
    pub fn known_since(&self, origin: &str, id: &Hash) -> Option<KnownSince> {
        let bytes = store::read_small(&self.since(origin, id), LONGEST).ok()??;
        KnownSince::parse(std::str::from_utf8(&bytes).ok()?)
    }

    /// All ledgers whose keys are known, by origin, and the files that hold one and cannot be read.
    ///
    /// # Errors
    /// If the memory is there and cannot be read.
    pub fn all(&self) -> anyhow::Result<(Vec<KnownLedger>, Vec<anyhow::Error>)> {
        let (mut known, mut unreadable) = (Vec::new(), Vec::new());
        let shown = || self.path.display().to_string();
        let folders = match fs::read_dir(&self.path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok((known, unreadable)),
            folders => folders.with_context(shown)?,
        };
        for folder in folders {
            for file in fs::read_dir(folder.with_context(shown)?.path()).into_iter().flatten() {
                let path = file.with_context(shown)?.path();
                let Some(id) = path.file_name().and_then(|name| Hash::parse(name.to_str()?)) else {
                    continue;
                };
                let bytes = store::read_small(&path, LONGEST).map_err(anyhow::Error::from);
                let read = bytes.and_then(|bytes| Sight::parse(&bytes.unwrap_or_default()));
                match read.with_context(|| path.display().to_string()) {
                    Ok(sight) => known.push(self.known_ledger(id, sight)),
                    Err(error) => unreadable.push(error),
                }
            }
        }
        known.sort_by_key(|known| (known.sight.checkpoint.checkpoint().origin.clone(), known.id));
        Ok((known, unreadable))
    }

    fn known_ledger(&self, id: Hash, sight: Sight) -> KnownLedger {
        let origin = &sight.checkpoint.checkpoint().origin;
        let (known, successor) = (self.known_since(origin, &id), self.successor(origin, &id));
        KnownLedger { id, sight, known, successor }
    }
}

impl KnownSince {
    /// Reads what `Display` writes; `None`: it is something else.
    fn parse(text: &str) -> Option<Self> {
        let (name, time) = text.strip_suffix('\n')?.split_once('\n')?;
        let act = KnowingAct::ALL.into_iter().find(|act| act.name() == name)?;
        Some(Self { act, since: Time::parse(time)? })
    }
}

impl std::fmt::Display for KnownSince {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{}\n{}", self.act.name(), self.since)
    }
}
