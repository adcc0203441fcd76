//! What a published log is made of, by paths: tiles of hashes, and bundles of entries.
//!
//! ```text
//! tile/0/x001/x234/067         leaf hashes 1,234,067 · 256 and the 255 after it: 256 · 32 bytes
//! tile/1/004.p/17              the last 17 hashes of level 1: a tile that is not full yet
//! tile/entries/x001/x234/067   the entries under the first of these tiles
//! ```
//!
//! Format: <https://c2sp.org/tlog-tiles>. Parsing is strict: what [`Resource::parse`] takes, `Display` writes
//! back byte for byte. No path is ever made from a stranger's text.

use std::fmt;

use super::layout::{Layout, MAX_LINE};

/// Hashes in a full tile, entries in a full bundle.
pub const FULL: u16 = 1 << Layout::STANDARD.height();

/// The path of the signed statement of size and root.
pub const CHECKPOINT: &str = "checkpoint";

/// What a resource holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResourceContent {
    /// Hashes of this level of the tree: each is the root of 256^level entries
    Hashes(u32),
    /// Entries, each with its length before it
    Entries,
}

/// A tile or a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resource {
    /// What it holds
    pub content: ResourceContent,
    /// How many full ones stand before it
    pub index: u64,
    /// How many hashes or entries it has: 1 to [`FULL`]
    pub width: u16,
}

impl Resource {
    /// The tile or bundle of this index in a log where so many hashes or entries are there; none if it would
    /// be empty.
    pub fn of(content: ResourceContent, index: u64, length: u64) -> Option<Self> {
        let left = length.checked_sub(index.checked_mul(FULL.into())?)?.min(FULL.into());
        let width = u16::try_from(left).ok().filter(|width| *width > 0)?;
        Some(Self { content, index, width })
    }

    /// Whether the published form of a log of so many entries has it.
    pub fn belongs_to(self, size: u64) -> bool {
        let level = if let ResourceContent::Hashes(level) = self.content { level } else { 0 };
        let length = Layout::STANDARD.level_length(level, size);
        Self::of(self.content, self.index, length) == Some(self)
    }

    /// The same one when it is full.
    #[must_use]
    pub fn full(self) -> Self {
        Self { width: FULL, ..self }
    }

    /// Whether it cannot grow any more.
    pub fn is_full(self) -> bool {
        self.width == FULL
    }

    /// The most bytes that it can have.
    pub fn limit(self) -> usize {
        let one = match self.content {
            ResourceContent::Hashes(_) => 32,
            ResourceContent::Entries => 2 + MAX_LINE,
        };
        usize::from(self.width) * one
    }

    /// Reads a path.
    ///
    /// # Errors
    /// None if it is not exactly what `Display` writes for some resource.
    pub fn parse(path: &str) -> Option<Self> {
        let (content, rest) = path.strip_prefix("tile/")?.split_once('/')?;
        let content = match content {
            "entries" => ResourceContent::Entries,
            level => ResourceContent::Hashes(level.parse().ok().filter(|level| *level < 64)?),
        };
        let (index, width) = match rest.split_once(".p/") {
            Some((index, width)) => (index, width.parse().ok().filter(|width| (1..FULL).contains(width))?),
            None => (rest, FULL),
        };
        let digits: String = index.split(['/', 'x']).collect();
        let resource = Self { content, index: digits.parse().ok()?, width };
        // `+5`, `00` and groups too many are numbers too, but not the ones that are written.
        (resource.to_string() == path).then_some(resource)
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.content {
            ResourceContent::Hashes(level) => write!(f, "tile/{level}/")?,
            ResourceContent::Entries => f.write_str("tile/entries/")?,
        }
        let mut above = self.index / 1_000;
        let mut groups = Vec::new();
        while above > 0 {
            groups.push(above % 1_000);
            above /= 1_000;
        }
        groups.iter().rev().try_for_each(|group| write!(f, "x{group:03}/"))?;
        write!(f, "{:03}", self.index % 1_000)?;
        if self.is_full() { Ok(()) } else { write!(f, ".p/{}", self.width) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_back_byte_for_byte() {
        let entries = |index, width| Resource { content: ResourceContent::Entries, index, width };
        let hashes = |level, index, width| Resource { content: ResourceContent::Hashes(level), index, width };
        for (resource, path) in [
            (hashes(0, 0, 256), "tile/0/000"),
            (hashes(63, 999, 1), "tile/63/999.p/1"),
            (hashes(1, 1_000, 255), "tile/1/x001/000.p/255"),
            (hashes(0, 1_234_067, 256), "tile/0/x001/x234/067"),
            (entries(1_234_067, 8), "tile/entries/x001/x234/067.p/8"),
            (entries(u64::MAX, 256), "tile/entries/x018/x446/x744/x073/x709/x551/615"),
        ] {
            assert_eq!(resource.to_string(), path);
            assert_eq!(Resource::parse(path), Some(resource));
        }
    }

    #[test]
    fn other_spellings_are_refused() {
        for path in [
            "tile/00/000",
            "tile/64/000",
            "tile/-1/000",
            "tile/+0/000",
            "tile/0/0",
            "tile/0/0000",
            "tile/0/x000/000",
            "tile/0/x01/000",
            "tile/0/001/000",
            "tile/0/x001/x000",
            "tile/0/000/",
            "tile/0//000",
            "tile/0/000.p/0",
            "tile/0/000.p/256",
            "tile/0/000.p/08",
            "tile/0/000.p/+8",
            "tile/0/000.p/",
            "tile/0/000.p/1/../../../x",
            "tile/0/../000",
            "tile/entries/x018/x446/x744/x073/x709/x551/616",
            "tile/Entries/000",
            "/tile/0/000",
            "checkpoint",
            "",
        ] {
            assert_eq!(Resource::parse(path), None, "{path}");
        }
    }

    #[test]
    fn a_log_of_a_size_has_these() {
        // The example of the specification: 70,000 entries.
        let last = |level, index, length| Resource::of(ResourceContent::Hashes(level), index, length);
        assert_eq!(last(0, 273, 70_000).unwrap().to_string(), "tile/0/273.p/112");
        assert_eq!(last(0, 272, 70_000).unwrap().to_string(), "tile/0/272");
        assert_eq!(last(1, 1, 273).unwrap().to_string(), "tile/1/001.p/17");
        assert_eq!((last(0, 274, 70_000), last(0, 1, 256), last(0, u64::MAX, u64::MAX)), (None, None, None));
        let belongs = |path: &str| Resource::parse(path).unwrap().belongs_to(70_000);
        for path in ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1", "tile/entries/272"] {
            assert!(belongs(path), "{path}");
        }
        for path in ["tile/0/273.p/111", "tile/0/273", "tile/1/000.p/17", "tile/2/001", "tile/3/000.p/1"] {
            assert!(!belongs(path), "{path}");
        }
    }
}
