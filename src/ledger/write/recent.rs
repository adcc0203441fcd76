//! The number that a source had reached near the end of a ledger, so that whoever appends the same input twice is told.
//!
//! Only the last bytes of the last file are looked at: what was appended twice by mistake was appended just before. A
//! verifier finds all that came again, wherever it is.

use std::{fs::File, io, os::unix::fs::FileExt};

use crate::{
    json::Object,
    ledger::files::{folder::Folder, store},
    tlog::entry::Entry,
};

/// How many bytes of the end are looked at.
const LOOK: u64 = 1 << 16;

/// A record that numbers itself: its source's `stream`, and its `seq` in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamNumber {
    /// The stream
    pub stream: String,
    /// The number in it
    pub seq: u64,
}

impl StreamNumber {
    /// The number of a record; `None`: it does not number itself.
    pub fn of(record: &Object) -> Option<Self> {
        Some(Self { stream: record.str("stream")?.to_owned(), seq: record.get("seq")?.as_u64()? })
    }
}

/// The last number that a stream has near the end of a ledger of this size; `None`: there is none there, or it cannot be
/// read.
pub fn last_number(folder: &Folder, size: u64, stream: &str) -> Option<u64> {
    let file = store::open_plain(&folder.entry_file(size.checked_sub(1)?)).ok()?;
    let bytes = end_of(&file).ok()?;
    let lines = bytes.rsplit(|byte| *byte == b'\n');
    let numbers = lines.filter_map(|line| StreamNumber::of(&Entry::parse_lenient(line).ok()?.record));
    { numbers }.find(|number| number.stream == stream).map(|number| number.seq)
}

fn end_of(file: &File) -> io::Result<Vec<u8>> {
    let length = file.metadata()?.len();
    let count = length.min(LOOK);
    let mut bytes = vec![0; usize::try_from(count).unwrap_or_default()];
    file.read_exact_at(&mut bytes, length - count)?;
    Ok(bytes)
}
