//! Bundles: up to 256 entries as a published log holds them.
//!
//! ```text
//! 00 03 'o' 'n' 'e'  00 05 't' 'h' 'r' 'e' 'e'     each entry behind its length, 16 bits, big-endian
//! ```
//!
//! Format: <https://c2sp.org/tlog-tiles>, "Log entries". An entry of a ledger is its line without line feed.

use std::fmt;

/// Why some bytes are not a bundle of so many entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadBundle {
    /// It ends inside an entry, or before its last one
    Short {
        /// How many whole entries there are
        has: usize,
        /// How many there should be
        wants: usize,
    },
    /// So many bytes follow the last entry
    Trailing(usize),
}

impl fmt::Display for BadBundle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Short { has, wants } => write!(f, "the bundle ends after {has} of {wants} entries"),
            Self::Trailing(bytes) => write!(f, "{bytes} bytes too many in the bundle"),
        }
    }
}

impl std::error::Error for BadBundle {}

/// The entries of a bundle that should have so many, as far as they go, and what is wrong with it.
pub fn read(bytes: &[u8], wants: usize) -> (Vec<&[u8]>, Result<(), BadBundle>) {
    let (mut entries, mut rest) = (Vec::with_capacity(wants.min(bytes.len())), bytes);
    while entries.len() < wants {
        let Some((entry, behind)) = first(rest) else {
            let has = entries.len();
            return (entries, Err(BadBundle::Short { has, wants }));
        };
        entries.push(entry);
        rest = behind;
    }
    let fault = if rest.is_empty() { Ok(()) } else { Err(BadBundle::Trailing(rest.len())) };
    (entries, fault)
}

fn first(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    rest.split_at_checked(u16::from_be_bytes(*length).into())
}

/// Adds an entry. None, and nothing added, if it has more than 65,535 bytes.
#[must_use]
pub fn push(bundle: &mut Vec<u8>, entry: &[u8]) -> Option<()> {
    let length = u16::try_from(entry.len()).ok()?;
    bundle.extend(length.to_be_bytes());
    bundle.extend(entry);
    Some(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bundle(entries: &[&[u8]]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for entry in entries {
            push(&mut bytes, entry).unwrap();
        }
        bytes
    }

    #[test]
    fn too_few_too_many_and_torn_ones_show() {
        let bytes = bundle(&[b"one", b"", b"three"]);
        assert_eq!(bytes, b"\0\x03one\0\0\0\x05three");
        let all: Vec<&[u8]> = vec![b"one", b"", b"three"];
        assert_eq!(read(&bytes, 3), (all.clone(), Ok(())));
        assert_eq!(read(&bytes, 2), (all[..2].to_vec(), Err(BadBundle::Trailing(7))));
        assert_eq!(read(&bytes, 4), (all.clone(), Err(BadBundle::Short { has: 3, wants: 4 })));
        let torn = read(&bytes[..bytes.len() - 1], 3);
        assert_eq!(torn, (all[..2].to_vec(), Err(BadBundle::Short { has: 2, wants: 3 })));
        assert_eq!(read(b"", 0), (vec![], Ok(())));
        assert_eq!(read(b"\0", 1), (vec![], Err(BadBundle::Short { has: 0, wants: 1 })));
        assert_eq!(push(&mut Vec::new(), &vec![0; 65_536]), None);
        let longest = vec![7; 65_535];
        assert_eq!(read(&bundle(&[&longest]), 1).0, [longest]);
    }

    proptest! {
        #[test]
        fn what_is_read_is_what_was_written(bytes: Vec<u8>, wants in 0usize..300) {
            if let (entries, Ok(())) = read(&bytes, wants) {
                prop_assert_eq!(bundle(&entries), bytes);
            }
        }
    }
}
