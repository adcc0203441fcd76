//! What came to a disk, and what it may show after a cut: everything up to the last flush, and of what came since
//! any sectors.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::{
    Dice,
    fuse::Event::{self, Flush, Write},
};

/// What disks write whole.
const SECTOR: usize = 512;

/// A disk before, what came to it, and what had been said when so much had come.
pub struct Recorded {
    pub image: Vec<u8>,
    pub events: Vec<Event>,
    pub said: Vec<(usize, String)>,
}

/// After how many events, and which of the sectors that were not flushed are there all the same.
pub struct Cut {
    pub at: usize,
    kept: Vec<bool>,
}

impl Recorded {
    pub fn cuts(&self, limit: usize, dice: &mut Dice) -> Vec<Cut> {
        let cuts = (0..=self.events.len()).flat_map(|at| {
            let open = self.sectors(self.flushed(at), at).count();
            dice.subsets(open, limit).into_iter().map(move |kept| Cut { at, kept })
        });
        cuts.collect()
    }

    /// How many of the first `at` events are safe: those before the last flush.
    fn flushed(&self, at: usize) -> usize {
        self.events[..at].iter().rposition(|event| matches!(event, Flush)).unwrap_or(0)
    }

    /// The sectors that came by some events.
    fn sectors(&self, from: usize, to: usize) -> impl Iterator<Item = (usize, &[u8])> {
        self.events[from..to].iter().flat_map(|event| {
            let (offset, bytes) = match event {
                Write { offset, bytes } => (*offset, bytes.as_slice()),
                Flush => (0, &[][..]),
            };
            bytes.chunks(SECTOR).enumerate().map(move |(n, sector)| (offset + n * SECTOR, sector))
        })
    }

    fn kept<'a>(&'a self, cut: &'a Cut) -> impl Iterator<Item = (usize, &'a [u8])> {
        let open = self.sectors(self.flushed(cut.at), cut.at).zip(&cut.kept);
        open.filter(|(_, kept)| **kept).map(|(sector, _)| sector)
    }

    /// What the disk has after a cut.
    pub fn disk(&self, cut: &Cut) -> Vec<u8> {
        let mut disk = self.image.clone();
        for (offset, sector) in self.sectors(0, self.flushed(cut.at)).chain(self.kept(cut)) {
            disk[offset..offset + sector.len()].copy_from_slice(sector);
        }
        disk
    }

    /// A number that tells it from others.
    pub fn digest(&self, cut: &Cut) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.flushed(cut.at), self.said(cut.at).len()).hash(&mut hasher);
        self.kept(cut).for_each(|sector| sector.hash(&mut hasher));
        hasher.finish()
    }

    /// What had been said then.
    pub fn said(&self, at: usize) -> Vec<String> {
        self.said.iter().filter(|(then, _)| *then <= at).map(|(_, line)| line.clone()).collect()
    }
}
