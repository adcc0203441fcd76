//! Packing closed files of entries, and the way back.
//!
//! ```text
//! check the lines against the signed root   write X.tmp   fsync   read it back, compare, check again
//! rename X.tmp to X   fsync of entries/     only then: remove the other form   fsync of entries/
//! ```
//!
//! A kill on the way leaves both forms at most. Then the plain one counts, and the next run finishes the work.

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, BufWriter, Read, Seek, Write},
    path::Path,
};

use anyhow::{Context, ensure};

use crate::ledger::files::{
    closed::{Closed, length},
    gzip::{self, Unpacked},
    store,
};

/// The lengths of a file before and after.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PackedSizes {
    /// Bytes of the old form
    pub before: u64,
    /// Bytes of the new form
    pub after: u64,
}

/// Packs a closed file that is plain.
///
/// # Errors
/// If its lines are not what the signed root says, or a step failed: then the plain file is still there.
pub fn pack(closed: &Closed, first: u64) -> anyhow::Result<PackedSizes> {
    let (plain, packed) = (closed.folder().entry_file(first), closed.folder().packed_file(first));
    let shown = plain.display().to_string();
    let mut lines = store::open_plain(&plain).with_context(|| shown.clone())?;
    closed.check(first, &lines).with_context(|| shown.clone())?;
    let made = store::temporary(&packed)?;
    let write = |target: &mut File| {
        lines.rewind()?;
        gzip::pack(&lines, BufWriter::with_capacity(1 << 18, target))
    };
    write_new(&made, write)?;
    let again = || store::open_plain(&made).map(Unpacked::new);
    // What is kept from now on is what the root says; that it is the same bytes follows, and is seen all the same.
    closed.check(first, again()?).with_context(|| made.display().to_string())?;
    lines.rewind()?;
    ensure!(same(again()?, &lines)?, "{}: does not give back what was packed", made.display());
    exchange(closed, &made, &packed, &plain)
}

/// Makes a closed file that is packed plain again.
///
/// # Errors
/// As [`pack`]: then the packed file is still there.
pub fn unpack(closed: &Closed, first: u64) -> anyhow::Result<PackedSizes> {
    let (plain, packed) = (closed.folder().entry_file(first), closed.folder().packed_file(first));
    let lines =
        || store::open_plain(&packed).map(Unpacked::new).with_context(|| packed.display().to_string());
    closed.check(first, lines()?).with_context(|| packed.display().to_string())?;
    let made = store::temporary(&plain)?;
    let mut source = lines()?;
    write_new(&made, |target| io::copy(&mut source, target).map(drop))?;
    closed.check(first, store::open_plain(&made)?).with_context(|| made.display().to_string())?;
    exchange(closed, &made, &plain, &packed)
}

/// Removes the packed form beside a plain one, which an interrupted run has left.
///
/// # Errors
/// If the plain one is not what the signed root says, or the other cannot be removed.
pub fn remove_leftover(closed: &Closed, first: u64) -> anyhow::Result<()> {
    let (plain, packed) = (closed.folder().entry_file(first), closed.folder().packed_file(first));
    if !packed.exists() {
        return Ok(());
    }
    closed.check(first, store::open_plain(&plain)?).with_context(|| plain.display().to_string())?;
    let _lock = closed.lock()?;
    store::remove(&packed)?;
    store::sync_folder(&closed.folder().entries())
}

fn write_new(path: &Path, write: impl FnOnce(&mut File) -> io::Result<()>) -> anyhow::Result<()> {
    let made = store::make_file(path).and_then(|mut file| {
        write(&mut file)?;
        file.flush()?;
        file.sync_all()
    });
    // On a full disk half of it would stay in the way.
    let made = made.inspect_err(|_| drop(fs::remove_file(path)));
    made.with_context(|| path.display().to_string())
}

fn exchange(closed: &Closed, made: &Path, new: &Path, old: &Path) -> anyhow::Result<PackedSizes> {
    let sizes = PackedSizes { before: length(old)?, after: length(made)? };
    let _lock = closed.lock()?;
    fs::rename(made, new).with_context(|| new.display().to_string())?;
    store::sync_folder(&closed.folder().entries())?;
    store::remove(old)?;
    store::sync_folder(&closed.folder().entries())?;
    Ok(sizes)
}

/// Whether two sources hold the same bytes.
fn same(one: impl Read, other: impl Read) -> io::Result<bool> {
    let (mut one, mut other) = (BufReader::new(one), BufReader::new(other));
    loop {
        let (left, right) = (one.fill_buf()?, other.fill_buf()?);
        let count = left.len().min(right.len());
        if count == 0 || left[..count] != right[..count] {
            return Ok(left.is_empty() && right.is_empty());
        }
        one.consume(count);
        other.consume(count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_bytes_in_other_pieces() {
        let long = vec![b'x'; 100_000];
        let pieces = || io::Read::chain(&long[..7], io::Read::chain(&long[7..50_000], &long[50_000..]));
        assert!(same(&long[..], pieces()).unwrap() && same(io::empty(), io::empty()).unwrap());
        assert!(!same(&long[1..], pieces()).unwrap() && !same(&long[..], io::empty()).unwrap());
        let mut other = long.clone();
        other[99_999] = b'y';
        assert!(!same(&other[..], pieces()).unwrap());
    }
}
