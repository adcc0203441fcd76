//! How far the proofs of a ledger are known to hold, since they were evaluated here.
//!
//! ```text
//! foil proofs 0.1.0/1     by which rules
//! 3ab7c9…                 the ledger's id
//! 65536                   how many entries
//! e8b836…                 their root
//! 1c0de2…                 SHA-256 of the lines above, for what a failing disk makes of them
//! ```
//!
//! It makes no key known, and nobody's word good: only that certain bytes were looked at once. What other rules say, another
//! user wrote, or cannot be read is as if it were not there.

use std::os::unix::fs::MetadataExt;

use anyhow::{Context, ensure};

use super::{LONGEST, Seen, store};
use crate::{hash::Hash, record::signed::CHECKER, tlog::proven::ProvenPrefix};

impl Seen {
    /// How far the proofs of a ledger are known to hold; `None`: of no entry, or by other rules than those of today.
    ///
    /// # Errors
    /// If it is there and cannot be relied on: damaged, of another ledger, or written by somebody else.
    pub fn recall_proven(&self, origin: &str, id: &Hash) -> anyhow::Result<Option<ProvenPrefix>> {
        let path = self.proven(origin, id);
        let read = || {
            let Some(bytes) = store::read_small(&path, LONGEST)? else { return Ok(None) };
            refuse_others_word(&path)?;
            parse(std::str::from_utf8(&bytes)?, id)
        };
        read().with_context(|| path.display().to_string())
    }

    /// Remembers how far the proofs of a ledger are known to hold, unless that is known of at least as many entries
    /// already. What is `corrected` turned out to be wrong, and gives way; `None` in its place leaves nothing.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn remember_proven(
        &self,
        origin: &str,
        id: &Hash,
        proven: Option<&ProvenPrefix>,
        corrected: bool,
    ) -> anyhow::Result<()> {
        let path = self.proven(origin, id);
        // Two that remember at once must not lower it.
        let _turn = self.turn(origin)?;
        let known = if corrected { None } else { self.recall_proven(origin, id).ok().flatten() };
        match proven {
            Some(proven) if known.is_none_or(|known| known.size < proven.size) => {
                store::replace_unsynced(&path, text(proven, id).as_bytes())
            }
            None if corrected => store::remove(&path),
            _ => Ok(()),
        }
    }
}

/// What another user can write says nothing about what was evaluated here; root can write anything.
fn refuse_others_word(path: &std::path::Path) -> anyhow::Result<()> {
    let data = path.symlink_metadata()?;
    let (owner, me) = (data.uid(), rustix::process::geteuid().as_raw());
    ensure!(data.is_file(), "not a plain file");
    ensure!(owner == me || owner == 0, "written by another user");
    ensure!(data.mode() & 0o002 == 0, "anybody can write it");
    Ok(())
}

fn text(proven: &ProvenPrefix, id: &Hash) -> String {
    let said = format!("foil proofs {CHECKER}\n{id}\n{}\n{}\n", proven.size, proven.root);
    let digest = Hash::of(said.as_bytes());
    format!("{said}{digest}\n")
}

/// Reads what [`text`] writes.
fn parse(text: &str, of: &Hash) -> anyhow::Result<Option<ProvenPrefix>> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let head = lines.first().and_then(|head| head.strip_suffix('\n'));
    let rules = head.and_then(|head| head.strip_prefix("foil proofs ")).context("it is something else")?;
    if rules != CHECKER {
        // In which form other programs write theirs is not known.
        return Ok(None);
    }
    let [_, id, size, root, digest] = lines[..] else { anyhow::bail!("not five lines") };
    let said = &text[..text.len() - digest.len()];
    ensure!(digest == format!("{}\n", Hash::of(said.as_bytes())), "damaged: its own hash is another");
    ensure!(id == format!("{of}\n"), "of another ledger");
    let root = Hash::parse(root.trim_end()).context("no root")?;
    let proven = ProvenPrefix { size: size.trim_end().parse()?, root };
    ensure!(proven.size > 0 && text == self::text(&proven, of), "not in the form in which it is written");
    Ok(Some(proven))
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt};

    use super::*;

    fn prefix(size: u64) -> ProvenPrefix {
        ProvenPrefix { size, root: Hash::of(&size.to_be_bytes()) }
    }

    #[test]
    fn it_is_never_lowered_but_where_it_was_wrong() {
        let folder = tempfile::tempdir().unwrap();
        let (seen, id) = (Seen::new(folder.path().join("seen")), Hash::of(b"ledger"));
        let recall = || seen.recall_proven("b", &id).unwrap();
        let remember = |proven: Option<&ProvenPrefix>, corrected| {
            seen.remember_proven("b", &id, proven, corrected).unwrap();
        };
        assert_eq!(recall(), None);
        remember(None, false);
        for (size, then) in [(5, 5), (3, 5), (5, 5), (9, 9)] {
            remember(Some(&prefix(size)), false);
            assert_eq!(recall(), Some(prefix(then)));
        }
        let other = ProvenPrefix { root: Hash::of(b"other"), ..prefix(9) };
        remember(Some(&other), false);
        assert_eq!(recall(), Some(prefix(9)), "what is known stands");
        remember(Some(&prefix(2)), true);
        assert_eq!(recall(), Some(prefix(2)));
        remember(None, true);
        assert_eq!(recall(), None);
        assert_eq!(seen.recall_proven("c", &id).unwrap(), None);
    }

    #[test]
    fn of_many_who_remember_at_once_the_one_who_knows_most_is_believed() {
        let folder = tempfile::tempdir().unwrap();
        let (seen, id) = (Seen::new(folder.path()), Hash::of(b"ledger"));
        let remember = |size| seen.remember_proven("b", &id, Some(&prefix(size)), false).unwrap();
        remember(1);
        std::thread::scope(|scope| {
            let writers: Vec<_> = (1..5)
                .map(|first| scope.spawn(move || (0..50).for_each(|n| remember(first + 4 * n))))
                .collect();
            let mut known = 1;
            while !writers.iter().all(std::thread::ScopedJoinHandle::is_finished) {
                let now = seen.recall_proven("b", &id).unwrap().unwrap().size;
                assert!(now >= known, "{now} after {known}");
                known = now;
            }
        });
        assert_eq!(seen.recall_proven("b", &id).unwrap(), Some(prefix(200)));
    }

    #[test]
    fn one_flipped_bit_or_lost_byte_and_nothing_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let (seen, id) = (Seen::new(folder.path()), Hash::of(b"ledger"));
        seen.remember_proven("b", &id, Some(&prefix(7)), false).unwrap();
        let path = seen.proven("b", &id);
        let good = fs::read(&path).unwrap();
        for at in 0..good.len() {
            for bit in 0..8 {
                let mut bad = good.clone();
                bad[at] ^= 1 << bit;
                fs::write(&path, &bad).unwrap();
                assert!(!matches!(seen.recall_proven("b", &id), Ok(Some(_))), "bit {bit} of byte {at}");
            }
            fs::write(&path, &good[..at]).unwrap();
            assert!(seen.recall_proven("b", &id).is_err(), "cut off at {at}");
        }
        fs::write(&path, [&good[..], b"\n"].concat()).unwrap();
        assert!(seen.recall_proven("b", &id).is_err());
        seen.remember_proven("b", &id, Some(&prefix(3)), false).unwrap();
        assert_eq!(seen.recall_proven("b", &id).unwrap(), Some(prefix(3)), "what cannot be read gives way");
    }

    #[test]
    fn what_others_wrote_or_other_rules_say_is_not_believed() {
        let folder = tempfile::tempdir().unwrap();
        let (seen, id) = (Seen::new(folder.path()), Hash::of(b"ledger"));
        seen.remember_proven("b", &id, Some(&prefix(7)), false).unwrap();
        let path = seen.proven("b", &id);
        let written = |head: &str, size: &str| {
            let said = format!("{head}\n{id}\n{size}\n{}\n", prefix(7).root);
            fs::write(&path, format!("{said}{}\n", Hash::of(said.as_bytes()))).unwrap();
            seen.recall_proven("b", &id)
        };
        let head = format!("foil proofs {CHECKER}");
        assert_eq!(written(&head, "7").unwrap(), Some(prefix(7)));
        for other in ["foil proofs 0.0.9/1", "foil proofs 99.0.0/7", "foil proofs ", &format!("{head}0")] {
            assert_eq!(written(other, "7").unwrap(), None, "{other}");
        }
        for (head, size) in [("proofs", "7"), (&head, "07"), (&head, "+7"), (&head, "0"), (&head, "-1")] {
            assert!(written(head, size).is_err(), "{head} {size}");
        }
        written(&head, "7").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
        assert!(seen.recall_proven("b", &id).unwrap_err().to_string().contains(&id.to_string()));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let (copy, other) = (fs::read(&path).unwrap(), Hash::of(b"other"));
        fs::write(seen.proven("b", &other), copy).unwrap();
        assert!(seen.recall_proven("b", &other).is_err(), "of another ledger");
        let link = seen.proven("b", &Hash::of(b"link"));
        std::os::unix::fs::symlink(&path, &link).unwrap();
        assert!(seen.recall_proven("b", &Hash::of(b"link")).is_err(), "a link to it");
    }
}
