//! The memory of ledgers: the highest checkpoint of each one that was verified here, and the key that it was verified
//! with. By it a user who saw a ledger before notices that it was rewritten or rolled back.
//!
//! ```text
//! STATE/foil/seen/<SHA-256 of the origin>/<ledger id>     line 1: did:key of the log; then the signed note
//!                                         <ledger id>.known          by which act the key became known, and when
//!                                         <ledger id>.proven         how far its proofs were evaluated, and hold
//!                                         <ledger id>.continued      the id of its successor, and the size taken over
//!                                         <ledger id>.forgotten-1    what was to be forgotten, set aside
//!                                         <ledger id>.unreadable-1   what could not be read, set aside
//! ```

mod known;
mod proven;

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use anyhow::Context;
use rustix::fs::{FlockOperation, flock};

pub use self::known::{KnowingAct, KnownLedger, KnownSince};
use super::files::{folder::MAX_CHECKPOINT, store};
use crate::{hash::Hash, key::PublicKey, time::Time, tlog::checkpoint::SignedCheckpoint};

/// The longest file that is read: a checkpoint and a key.
const LONGEST: usize = MAX_CHECKPOINT + 100;

/// The memory of one user on one machine.
#[derive(Clone, Debug)]
pub struct Seen {
    path: PathBuf,
    /// When what becomes known does so; `None`: it is not noted since when it is known
    now: Option<Time>,
}

/// One ledger as it was seen.
#[derive(Clone, Debug)]
pub struct Sight {
    /// The log's key
    pub key: PublicKey,
    /// The highest checkpoint
    pub checkpoint: SignedCheckpoint,
}

/// The ledger that goes on from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Successor {
    /// Its id
    pub ledger: Hash,
    /// How many entries of the other it takes over
    pub size: u64,
}

/// What was set aside.
#[derive(Debug, Default)]
pub struct Forgotten {
    /// What was known, if it could be read
    pub sight: Option<Sight>,
    /// When it was seen last
    pub since: Option<Time>,
    /// Since when the key was known; `None`: that was not noted
    pub known: Option<KnownSince>,
    /// Where it is kept; nowhere if nothing was known
    pub kept: Vec<PathBuf>,
}

impl Seen {
    /// The memory under this folder, which need not be there yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), now: None }
    }

    /// The same, which notes that what becomes known does so now.
    #[must_use]
    pub fn at(self, now: Time) -> Self {
        Self { now: Some(now), ..self }
    }

    /// What was seen of a ledger.
    ///
    /// # Errors
    /// If it is there and cannot be read: then nothing can be said about rewriting.
    pub fn recall(&self, origin: &str, id: &Hash) -> anyhow::Result<Option<Sight>> {
        let path = self.file(origin, id);
        let bytes = store::read_small(&path, LONGEST).with_context(|| path.display().to_string())?;
        bytes.map(|bytes| Sight::parse(&bytes).with_context(|| path.display().to_string())).transpose()
    }

    /// Remembers a checkpoint, unless one of at least its size is remembered already: that one is answered. What
    /// cannot be read may be of a larger one, and is set aside. `act` is by what the key is known now; the first act
    /// stands, and `None` means that it was known before.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn remember(
        &self,
        id: &Hash,
        sight: &Sight,
        act: Option<KnowingAct>,
    ) -> anyhow::Result<Option<Sight>> {
        let stated = sight.checkpoint.checkpoint();
        let path = self.file(&stated.origin, id);
        // Two that remember at once must not lower it.
        let _turn = self.turn(&stated.origin)?;
        let known = self.recall(&stated.origin, id);
        if known.is_err() && !is_empty(&path) {
            set_aside(&path, "unreadable")?;
        }
        let known = known.ok().flatten();
        let known = known.filter(|known| known.checkpoint.checkpoint().size >= stated.size);
        if known.is_none() {
            store::replace_unsynced(&path, sight.to_string().as_bytes())?;
        }
        self.note_since(&stated.origin, id, act)?;
        Ok(known)
    }

    /// What was seen of a ledger whose origin is not known.
    pub fn find(&self, id: &Hash) -> Option<Sight> {
        let folders = fs::read_dir(&self.path).into_iter().flatten().filter_map(Result::ok);
        let mut sights = folders.filter_map(|folder| {
            let bytes = store::read_small(&folder.path().join(id.to_string()), LONGEST).ok()??;
            Sight::parse(&bytes).ok()
        });
        sights.next()
    }

    /// Remembers by which ledger one is continued, unless that is remembered already; answers the other one
    /// if it is another.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn continue_with(
        &self,
        origin: &str,
        id: &Hash,
        successor: &Successor,
    ) -> anyhow::Result<Option<Successor>> {
        let _turn = self.turn(origin)?;
        if let Some(known) = self.successor(origin, id) {
            return Ok(Some(known).filter(|known| known != successor));
        }
        let text = format!("{}\n{}\n", successor.ledger, successor.size);
        store::replace_unsynced(&self.continued(origin, id), text.as_bytes())?;
        Ok(None)
    }

    /// The ledger that goes on from this one, as far as is known here.
    pub fn successor(&self, origin: &str, id: &Hash) -> Option<Successor> {
        let bytes = store::read_small(&self.continued(origin, id), LONGEST).ok()??;
        let (ledger, size) = std::str::from_utf8(&bytes).ok()?.split_once('\n')?;
        Some(Successor { ledger: Hash::parse(ledger)?, size: size.trim_end().parse().ok()? })
    }

    /// Sets aside what is known of a ledger, durably: from here on it is as if it had never been seen.
    ///
    /// # Errors
    /// If it is there and cannot be set aside.
    pub fn forget(&self, origin: &str, id: &Hash) -> anyhow::Result<Forgotten> {
        let mut forgotten = Forgotten::default();
        if !self.folder(origin).is_dir() {
            return Ok(forgotten);
        }
        let turn = self.turn(origin)?;
        forgotten.sight = self.recall(origin, id).ok().flatten();
        forgotten.known = self.known_since(origin, id);
        // That proofs were evaluated can be found out again.
        store::remove(&self.proven(origin, id))?;
        for path in [self.file(origin, id), self.since(origin, id), self.continued(origin, id)] {
            let Ok(data) = path.symlink_metadata() else { continue };
            let since = data.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
            let since = since.and_then(|at| Time::from_millis(at.as_millis().try_into().ok()?));
            forgotten.since = forgotten.since.or(since);
            forgotten.kept.push(set_aside(&path, "forgotten")?);
        }
        // What comes back after a power cut would call rolled back what is signed next.
        store::sync_folder(&self.folder(origin))?;
        drop(turn);
        Ok(forgotten)
    }

    /// Holds the folder of an origin, so that two that remember at once do not mix; made if it is not there.
    fn turn(&self, origin: &str) -> anyhow::Result<File> {
        let folder = self.folder(origin);
        store::make_folders(&folder).with_context(|| folder.display().to_string())?;
        let turn = File::open(&folder).with_context(|| folder.display().to_string())?;
        flock(&turn, FlockOperation::LockExclusive)?;
        Ok(turn)
    }

    /// Ids of other ledgers that were seen under the same origin.
    pub fn namesakes(&self, origin: &str, id: &Hash) -> Vec<Hash> {
        let files = fs::read_dir(self.folder(origin)).into_iter().flatten();
        let ids = files.filter_map(|file| Hash::parse(file.ok()?.file_name().to_str()?));
        let mut others: Vec<Hash> = ids.filter(|other| other != id).collect();
        others.sort_unstable();
        others
    }

    fn folder(&self, origin: &str) -> PathBuf {
        // The origin is a stranger's text and makes no path.
        self.path.join(Hash::of(origin.as_bytes()).to_string())
    }

    /// The file that holds what was seen of a ledger.
    pub fn file(&self, origin: &str, id: &Hash) -> PathBuf {
        self.folder(origin).join(id.to_string())
    }

    fn since(&self, origin: &str, id: &Hash) -> PathBuf {
        self.folder(origin).join(format!("{id}.known"))
    }

    fn proven(&self, origin: &str, id: &Hash) -> PathBuf {
        self.folder(origin).join(format!("{id}.proven"))
    }

    fn continued(&self, origin: &str, id: &Hash) -> PathBuf {
        self.folder(origin).join(format!("{id}.continued"))
    }
}

/// Whether there is nothing in a file, as a power cut may leave it.
fn is_empty(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|data| data.is_file() && data.len() == 0)
}

/// Gives a file another name, and answers it.
fn set_aside(path: &Path, why: &str) -> anyhow::Result<PathBuf> {
    let kept = beside(path, why);
    fs::rename(path, &kept).with_context(|| path.display().to_string())?;
    Ok(kept)
}

/// A free name for what is set aside.
fn beside(path: &Path, why: &str) -> PathBuf {
    let name = |number: u64| {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{why}-{number}"));
        path.with_file_name(name)
    };
    let free = |path: &PathBuf| path.symlink_metadata().is_err();
    (1..u64::MAX).map(name).find(free).unwrap_or_else(|| name(0))
}

impl Sight {
    /// Reads the file of a sight.
    ///
    /// # Errors
    /// If it is none.
    pub fn parse(bytes: &[u8]) -> anyhow::Result<Self> {
        let end = bytes.iter().position(|byte| *byte == b'\n').context("no key in the first line")?;
        let did = std::str::from_utf8(&bytes[..end])?;
        let checkpoint = SignedCheckpoint::parse(&bytes[end + 1..])?;
        Ok(Self { key: PublicKey::parse_did(did)?, checkpoint })
    }
}

impl std::fmt::Display for Sight {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}\n{}", self.key, self.checkpoint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{key::SecretKey, tlog::checkpoint::Checkpoint};

    fn sight(origin: &str, size: u64) -> Sight {
        let key = SecretKey::from_seed(&[7; 32]);
        let stated = Checkpoint { origin: origin.to_owned(), size, root: Hash::of(b"root") };
        Sight { checkpoint: SignedCheckpoint::sign(stated, &key).unwrap(), key: key.public() }
    }

    fn at(hour: i64) -> Time {
        Time::from_millis(hour * 3_600_000).unwrap()
    }

    #[test]
    fn the_first_act_stands_until_it_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let seen = |hour| Seen::new(folder.path()).at(at(hour));
        let id = Hash::of(b"ledger");
        seen(1).remember(&id, &sight("b", 1), Some(KnowingAct::Named)).unwrap();
        seen(2).remember(&id, &sight("b", 2), Some(KnowingAct::Trusted)).unwrap();
        seen(3).remember(&Hash::of(b"x"), &sight("a", 2), None).unwrap();
        let (known, unreadable) = seen(4).all().unwrap();
        assert!(unreadable.is_empty());
        let named = Some(KnownSince { act: KnowingAct::Named, since: at(1) });
        let listed: Vec<_> =
            known.iter().map(|known| (&*known.sight.checkpoint.checkpoint().origin, known.known)).collect();
        assert_eq!(listed, [("a", None), ("b", named)]);
        assert_eq!(seen(5).forget("b", &id).unwrap().known, named);
        seen(6).remember(&id, &sight("b", 2), Some(KnowingAct::Trusted)).unwrap();
        assert_eq!(seen(7).known_since("b", &id).unwrap().since, at(6));
    }

    #[test]
    fn what_cannot_be_read_is_named_and_hides_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let seen = Seen::new(folder.path().join("seen"));
        assert_eq!(seen.all().unwrap().0.len(), 0, "nothing is known yet");
        let id = Hash::of(b"ledger");
        seen.remember(&id, &sight("b", 1), Some(KnowingAct::Named)).unwrap();
        fs::write(seen.file("b", &Hash::of(b"broken")), "did:key:nonsense\n").unwrap();
        let (known, unreadable) = seen.all().unwrap();
        assert_eq!((known.len(), known[0].known, unreadable.len()), (1, None, 1));
        assert!(unreadable[0].to_string().contains(&Hash::of(b"broken").to_string()));
    }
}
