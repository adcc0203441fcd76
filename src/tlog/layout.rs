//! The numbers of a log's layout: how entries and hashes are cut into files. They are part of the format, and stand
//! here only.
//!
//! ```text
//! tree/2     ■                    one hash for each file of entries
//! tree/1     ■ ■ ■ … ■            256, one for each tile below
//! tree/0     ■■■■ ■■■■ … ■■■■     256 hashes in a tile
//! entries/   65,536 lines         in one file: a complete subtree
//! ```

/// Binary levels of the Merkle tree in one level of `tree/`: a tile there has 2^8 = 256 hashes (C2SP tlog-tiles).
pub const HEIGHT: u32 = 8;

/// Hashes in a full tile, or entries in a full bundle.
pub const TILE_WIDTH: u64 = 1 << HEIGHT;

/// The level of `tree/` that has one hash for each file of entries.
pub const FILE_LEVEL: u32 = 2;

/// Entries in one file of `entries/`: 256², so that a file is one complete subtree.
pub const ENTRIES_PER_FILE: u64 = 1 << (FILE_LEVEL * HEIGHT);

/// Levels that `tree/` can have for a tree of 64 bits.
pub const LEVELS: u32 = 64 / HEIGHT;

/// The longest line of an entry, in bytes, its line feed not counted: what two bytes can count in a bundle.
pub const MAX_LINE: usize = 65_535;

/// The number of the first entry in the file that holds an entry.
pub const fn first_in_file(n: u64) -> u64 {
    n - place_in_file(n)
}

/// How many entries stand before an entry in its file.
pub const fn place_in_file(n: u64) -> u64 {
    n % ENTRIES_PER_FILE
}

/// The name, inside `entries/`, of the file that holds an entry.
pub fn entry_file(n: u64) -> String {
    format!("{:012}.jsonl", first_in_file(n))
}

/// The path, inside a ledger, of the file that holds an entry.
pub fn entry_file_name(n: u64) -> String {
    format!("entries/{}", entry_file(n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_one_complete_subtree() {
        assert_eq!((TILE_WIDTH, ENTRIES_PER_FILE, LEVELS), (256, 65_536, 8), "the format says so");
        assert_eq!((first_in_file(70_000), place_in_file(70_000)), (65_536, 4_464));
        assert_eq!(entry_file_name(65_536 + 4711), "entries/000000065536.jsonl");
    }
}
