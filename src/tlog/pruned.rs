//! The marker of a pruned file: what is left of a file of entries that was dropped.
//!
//! ```text
//! {"bytes":36777503,"count":65536,"first":0,"path":["6e34…",…],"received":["2026-…","2026-…"],"root":"b1c7…"}
//! {"n":0,"received":"2026-…","record":{"type":"ledger",…}}
//! ```
//!
//! `root` is the hash of the file's subtree: all that a tree needs of it. The second line, and `path`, which
//! leads from it to `root`, are those of the first file only: entry 0 says whose ledger it is. `bytes` and
//! `received` – of its first and last entry – are told for people; nothing vouches for them.
//! Parsing is strict: what [`Marker::parse`] takes, `Display` writes back byte for byte.

use std::fmt;

use super::merkle::{leaf_hash, node_hash};
use crate::{
    hash::Hash,
    json::{self, Object, Value},
    object,
    time::Time,
    tlog::layout::{Layout, MAX_LINE},
};

/// The longest marker, in bytes: two lines, of which the first has 16 hashes.
pub const MAX_MARKER: usize = MAX_LINE + 4096;

/// How every marker begins.
pub const BEGIN: &[u8] = b"{\"bytes\":";

/// What is left of a file of entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marker {
    /// The number of its first entry
    pub first: u64,
    /// How many entries it had: those of a full file
    pub count: u64,
    /// The hash of its subtree
    pub root: Hash,
    /// How many bytes its lines had
    pub bytes: u64,
    /// When its first and its last entry were received
    pub received: [Time; 2],
    /// Entry 0, in the first file
    pub declaration: Option<Declaration>,
}

/// Entry 0, and that it belongs to the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// The line, without its line feed
    pub line: String,
    /// The hashes to its right, from the leaf up to the root of its file
    pub path: Vec<Hash>,
}

impl Declaration {
    fn leads_to(&self, root: &Hash, count: u64) -> bool {
        let leaf = leaf_hash(self.line.as_bytes());
        self.path.len() == count.trailing_zeros() as usize
            && self.path.iter().fold(leaf, |left, right| node_hash(&left, right)) == *root
    }
}

impl Marker {
    /// Reads the marker of a file in a ledger of this layout. Its entry 0 leads to its root; whether that is the right one, the tree must say.
    ///
    /// # Errors
    /// Why it is none, in words.
    pub fn parse(layout: Layout, bytes: &[u8]) -> Result<Self, &'static str> {
        let text = std::str::from_utf8(bytes).map_err(|_| "not UTF-8")?;
        let (head, rest) = text.split_once('\n').ok_or("no line")?;
        let head = json::parse_object(head.as_bytes()).map_err(|_| "not JSON")?;
        let line = rest.strip_suffix('\n').filter(|line| !line.is_empty() && !line.contains('\n'));
        let marker = Self::of(layout, &head, line).ok_or("a member is missing or malformed")?;
        let whole = marker.to_string().as_bytes() == bytes;
        if !whole || marker.declaration.is_some() != (marker.first == 0) {
            return Err("not in the form that is written");
        }
        let leads =
            marker.declaration.as_ref().is_none_or(|entry| entry.leads_to(&marker.root, marker.count));
        if leads { Ok(marker) } else { Err("its entry 0 does not lead to its root") }
    }

    fn of(layout: Layout, head: &Object, line: Option<&str>) -> Option<Self> {
        let number = |name| head.get(name).and_then(Value::as_u64);
        let hash = |value: &Value| value.as_str().and_then(Hash::parse);
        let times = head.get("received")?.as_array()?;
        let [from, to] = times else { return None };
        let time = |value: &Value| value.as_str().and_then(Time::parse);
        let path = match head.get("path") {
            Some(path) => Some(path.as_array()?.iter().map(hash).collect::<Option<Vec<Hash>>>()?),
            None => None,
        };
        Some(Self {
            first: number("first").filter(|first| layout.place_in_file(*first) == 0)?,
            count: layout.entries_per_file(),
            root: head.get("root").and_then(hash)?,
            bytes: number("bytes")?,
            received: [time(from)?, time(to)?],
            declaration: line.zip(path).map(|(line, path)| Declaration { line: line.to_owned(), path }),
        })
    }
}

impl fmt::Display for Marker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let received = self.received.map(|time| time.to_string()).to_vec();
        let mut head = object! {
            "first": self.first,
            "count": self.count,
            "root": self.root.to_string(),
            "bytes": self.bytes,
            "received": received,
        };
        let Some(Declaration { line, path }) = &self.declaration else { return writeln!(f, "{head}") };
        head.insert("path", path.iter().map(Hash::to_string).collect::<Vec<_>>());
        writeln!(f, "{head}\n{line}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marker(first: u64) -> Marker {
        let line = r#"{"n":0}"#.to_owned();
        let path: Vec<Hash> = (0..16u32).map(|level| Hash::of(&level.to_be_bytes())).collect();
        let root = path.iter().fold(leaf_hash(line.as_bytes()), |left, right| node_hash(&left, right));
        let declaration = (first == 0).then_some(Declaration { line, path });
        Marker { first, count: 65_536, root, bytes: 7, received: [Time::EPOCH; 2], declaration }
    }

    #[test]
    fn one_form_both_ways() {
        for first in [0, 65_536, 10 * 65_536] {
            let text = marker(first).to_string();
            assert_eq!(Marker::parse(Layout::STANDARD, text.as_bytes()), Ok(marker(first)), "{text}");
        }
    }

    #[test]
    fn no_byte_of_it_can_be_changed_and_pass_for_the_same() {
        for text in [marker(0).to_string(), marker(65_536).to_string()] {
            for at in 0..text.len() {
                let mut bytes = text.clone().into_bytes();
                bytes[at] ^= 1;
                let read = Marker::parse(Layout::STANDARD, &bytes);
                assert!(
                    read.is_err() || read != Marker::parse(Layout::STANDARD, text.as_bytes()),
                    "byte {at}"
                );
                assert!(Marker::parse(Layout::STANDARD, &text.as_bytes()[..at]).is_err(), "cut off at {at}");
            }
            let longer = text + "\n";
            assert!(Marker::parse(Layout::STANDARD, longer.as_bytes()).is_err());
        }
    }

    #[test]
    fn entry_0_stands_in_the_first_file_and_belongs_to_the_root() {
        let (own, other) = (marker(0), marker(65_536));
        let strip = Marker { declaration: None, ..own.clone() };
        let extra = Marker { declaration: own.declaration.clone(), ..other };
        for wrong in [strip, extra, Marker { root: Hash::of(b"other"), ..own }] {
            assert!(Marker::parse(Layout::STANDARD, wrong.to_string().as_bytes()).is_err(), "{wrong}");
        }
    }
}
