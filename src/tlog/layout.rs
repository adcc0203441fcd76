//! The numbers of a log's layout: how entries and hashes are cut into files. They are part of the format, and stand
//! here only.
//!
//! ```text
//! tree/2     ■                    one hash for each file of entries
//! tree/1     ■ ■ ■ … ■            256, one for each tile below
//! tree/0     ■■■■ ■■■■ … ■■■■     256 hashes in a tile
//! entries/   65,536 lines         in one file: a complete subtree
//! ```
//!
//! Every ledger has the [standard](Layout::STANDARD) layout. Another one, with small files, is for tests of what
//! happens at their borders.

/// How entries and hashes are cut into files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    height: u32,
}

/// The level of `tree/` that has one hash for each file of entries.
pub const FILE_LEVEL: u32 = 2;

/// Hashes in a full tile, or entries in a full bundle, of a published log (C2SP tlog-tiles).
pub const TILE_WIDTH: u64 = Layout::STANDARD.hashes_per_tile();

/// Entries in one file of a ledger's `entries/`.
pub const ENTRIES_PER_FILE: u64 = Layout::STANDARD.entries_per_file();

/// Levels that a ledger's `tree/` can have.
pub const LEVELS: u32 = Layout::STANDARD.levels();

/// The longest line of an entry, in bytes, its line feed not counted: what two bytes can count in a bundle.
pub const MAX_LINE: usize = 65_535;

/// The path, inside a ledger, of the file that holds entry 0.
pub const FIRST_ENTRY_FILE: &str = "entries/000000000000.jsonl";

impl Layout {
    /// 256 hashes in a tile, and 65,536 entries in a file.
    pub const STANDARD: Self = Self { height: 8 };

    /// 4 hashes in a tile, and 16 entries in a file.
    pub const SMALL: Self = Self { height: 2 };

    /// Binary levels of the Merkle tree in one level of `tree/`.
    pub const fn height(self) -> u32 {
        self.height
    }

    /// Hashes in a full tile: a block of a level of `tree/` that one hash of the level above covers.
    pub const fn hashes_per_tile(self) -> u64 {
        1 << self.height
    }

    /// Hashes in a full tile, as a length.
    pub const fn tile_length(self) -> usize {
        1 << self.height
    }

    /// Entries in one file of `entries/`: the square of the hashes in a tile, so that a file is one complete subtree.
    pub const fn entries_per_file(self) -> u64 {
        1 << (FILE_LEVEL * self.height)
    }

    /// Entries in one file, as a length.
    pub const fn file_length(self) -> usize {
        1 << (FILE_LEVEL * self.height)
    }

    /// Levels that `tree/` can have for a tree of 64 bits.
    pub const fn levels(self) -> u32 {
        u64::BITS / self.height
    }

    /// How many hashes a level of `tree/` holds when the tree has `size` entries.
    pub fn level_length(self, level: u32, size: u64) -> u64 {
        size.checked_shr(level * self.height).unwrap_or(0)
    }

    /// The number of the first entry in the file that holds an entry.
    pub const fn first_in_file(self, n: u64) -> u64 {
        n - self.place_in_file(n)
    }

    /// How many entries stand before an entry in its file.
    pub const fn place_in_file(self, n: u64) -> u64 {
        n % self.entries_per_file()
    }

    /// How many entries its file holds from an entry on, that one included, once it is full.
    #[must_use]
    pub const fn left_in_file(self, n: u64) -> u64 {
        self.entries_per_file() - self.place_in_file(n)
    }

    /// The path, inside a ledger, of the file that holds an entry.
    pub fn entry_file_name(self, n: u64) -> String {
        format!("entries/{}", self.entry_file(n))
    }

    /// The name, inside `entries/`, of the file that holds an entry.
    pub fn entry_file(self, n: u64) -> String {
        entry_file(self.first_in_file(n))
    }
}

impl Default for Layout {
    fn default() -> Self {
        Self::STANDARD
    }
}

/// The name, inside `entries/`, of the file that begins with an entry.
pub fn entry_file(first: u64) -> String {
    format!("{first:012}.jsonl")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_one_complete_subtree() {
        assert_eq!((TILE_WIDTH, ENTRIES_PER_FILE, LEVELS), (256, 65_536, 8), "the format says so");
        let (standard, small) = (Layout::STANDARD, Layout::SMALL);
        assert_eq!((standard.first_in_file(70_000), standard.place_in_file(70_000)), (65_536, 4_464));
        assert_eq!(standard.entry_file_name(65_536 + 4711), "entries/000000065536.jsonl");
        assert_eq!(standard.entry_file_name(0), FIRST_ENTRY_FILE);
        assert_eq!((small.hashes_per_tile(), small.entries_per_file(), small.levels()), (4, 16, 32));
        assert_eq!((small.first_in_file(39), small.entry_file(39)), (32, "000000000032.jsonl".to_owned()));
        for layout in [standard, small] {
            assert_eq!(layout.level_length(FILE_LEVEL, 3 * layout.entries_per_file() - 1), 2);
        }
    }
}
