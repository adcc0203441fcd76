//! One file of entries under repair: which line goes where, and from which file it is taken.

use std::{
    collections::HashMap,
    fs::File,
    io::{self, BufWriter, Seek, SeekFrom, Write},
    os::unix::fs::FileExt,
};

use anyhow::Context;

use super::{
    Mended,
    lines::{self, FileLine},
};
use crate::{hash::Hash, tlog::layout::Layout};

/// The file and the bytes from which a line can be read.
#[derive(Clone, Copy)]
pub(super) struct LineSource {
    /// The place of the file in [`FileRepair::files`]; `None`: the line is a copy's, in a rehearsal
    pub(super) file: Option<usize>,
    pub(super) from: u64,
    pub(super) to: u64,
}

/// A file of entries under repair.
pub(super) struct FileRepair {
    pub(super) first: u64,
    /// The place of each hash
    pub(super) wanted: HashMap<Hash, usize>,
    pub(super) spots: Vec<Option<LineSource>>,
    /// The file itself, if it is there, and others that lines were found in
    pub(super) files: Vec<Option<File>>,
    pub(super) mended: Mended,
}

impl FileRepair {
    pub(super) fn new(first: u64, leaves: &[Option<Hash>]) -> Self {
        let numbered = leaves.iter().enumerate();
        let wanted = numbered.filter_map(|(place, leaf)| Some(((*leaf)?, place))).collect();
        let spots = vec![None; leaves.len()];
        Self { first, wanted, spots, files: vec![None], mended: Mended::default() }
    }

    pub(super) fn lacks(&self) -> bool {
        self.spots.iter().any(Option::is_none)
    }

    /// The place that a line is to take; `None`: it has none, or that is taken.
    pub(super) fn free(&self, hash: &Hash) -> Option<usize> {
        self.wanted.get(hash).copied().filter(|place| self.spots[*place].is_none())
    }
}

/// Takes missing lines out of another file of the ledger, as far as it can be read.
pub(super) fn look_into(work: &mut FileRepair, file: File) {
    let at = work.files.len();
    let _ = lines::read(&file, |line, _| {
        if let Some(place) = work.free(&line.hash) {
            work.spots[place] = Some(LineSource { file: Some(at), from: line.text.start, to: line.text.end });
            work.mended.found.push(work.first + place as u64);
        }
        Ok(())
    });
    work.mended.found.sort_unstable();
    work.files.push(Some(file));
}

/// Lines that stay without confirmation, since no file has a better one: by place.
pub(super) fn stays(work: &FileRepair, own: &[FileLine]) -> HashMap<usize, usize> {
    let mut stays = HashMap::new();
    for (at, line) in own.iter().enumerate().filter(|(_, line)| !work.wanted.contains_key(&line.hash)) {
        let said = line.n.map_or(Some(at), |n| usize::try_from(n.checked_sub(work.first)?).ok());
        if let Some(place) = said.filter(|place| work.spots.get(*place).is_some_and(Option::is_none)) {
            stays.entry(place).or_insert(at);
        }
    }
    stays
}

/// The first of the lines that a writer left unfinished: none of them was ever signed.
pub(super) fn tail(layout: Layout, work: &FileRepair, own: &[FileLine], size: u64) -> usize {
    let end = work.first + work.spots.len() as u64;
    if end != size || work.spots.len() == layout.file_length() {
        return own.len();
    }
    let known = own.iter().rposition(|line| work.wanted.contains_key(&line.hash)).map_or(0, |last| last + 1);
    let beyond = |line: &FileLine| line.n.is_some_and(|n| n >= size);
    let whole = known > 0 && own[known - 1].hash == last_wanted(work);
    match own[known..].iter().position(beyond) {
        Some(at) => known + at,
        // A torn line right behind the last entry.
        None if whole && known + 1 == own.len() && !own[known].ended => known,
        None => own.len(),
    }
}

fn last_wanted(work: &FileRepair) -> Hash {
    let last = work.spots.len().wrapping_sub(1);
    let found = work.wanted.iter().find(|(_, place)| **place == last).map(|(hash, _)| *hash);
    found.unwrap_or(Hash([0; 32]))
}

/// Whether the lines of the file itself stand in the order of their places.
pub(super) fn in_order(work: &FileRepair) -> bool {
    let own = work.spots.iter().flatten().filter(|spot| spot.file == Some(0));
    own.map(|spot| spot.from).is_sorted()
}

/// Whether the file is already as it is to be.
pub(super) fn is_same(
    work: &FileRepair,
    own: &[FileLine],
    tail: usize,
    stays: &HashMap<usize, usize>,
) -> bool {
    if work.spots.iter().all(Option::is_none) {
        // Nothing is known to be better.
        return true;
    }
    let mut at = 0;
    for (place, spot) in work.spots.iter().enumerate() {
        let Some(line) = own.get(at).filter(|_| at < tail) else {
            // Nothing stands here, and nothing could.
            if spot.is_none() && !stays.contains_key(&place) {
                continue;
            }
            return false;
        };
        let stands = match spot {
            Some(spot) => {
                spot.file == Some(0) && spot.from == line.text.start && !line.respelled() && line.ended
            }
            None => match stays.get(&place) {
                Some(stay) => *stay == at,
                None => continue,
            },
        };
        if !stands {
            return false;
        }
        at += 1;
    }
    at == tail
}

pub(super) fn write(
    work: &FileRepair,
    own: &[FileLine],
    tail: usize,
    stays: &HashMap<usize, usize>,
    file: &File,
) -> anyhow::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 18, file);
    let mut bytes = Vec::new();
    for (place, spot) in work.spots.iter().enumerate() {
        let (from, to, at) = match (spot, stays.get(&place)) {
            (Some(LineSource { file: Some(at), from, to }), _) => (*from, *to, *at),
            (_, Some(line)) => {
                let line = &own[*line];
                (line.offset, line.offset + line.length - u64::from(line.ended), 0)
            }
            _ => continue,
        };
        bytes.resize(usize::try_from(to - from)?, 0);
        work.files[at].as_ref().context("an open file")?.read_exact_at(&mut bytes, from)?;
        out.write_all(&bytes)?;
        out.write_all(b"\n")?;
    }
    if let (Some(line), Some(own)) = (own.get(tail), &work.files[0]) {
        let mut rest = own;
        rest.seek(SeekFrom::Start(line.offset))?;
        io::copy(&mut rest, &mut out)?;
    }
    out.flush()?;
    Ok(())
}
