//! An input that was appended before, as far as the end of the ledger shows it.

use std::path::Path;

use crate::{
    json,
    ledger::{
        files::folder::Folder,
        write::{
            batch::Arrival,
            recent::{StreamNumber, last_number},
        },
    },
};

/// What of an input came before.
pub(super) struct Repeats {
    folder: Folder,
    size: u64,
    /// Up to where the ledger has the stream that the input begins with; `None`: it is new there
    known: Option<StreamNumber>,
    is_first: bool,
    /// How many records came again
    count: u64,
}

impl Repeats {
    /// Of a ledger of this size.
    pub(super) fn new(folder: Folder, size: u64) -> Self {
        Self { folder, size, known: None, is_first: true, count: 0 }
    }

    /// Takes records that are about to be written. Only the first one of an input is looked up.
    pub(super) fn note(&mut self, arrivals: &[Arrival]) {
        if let Some(first) = arrivals.first().filter(|_| std::mem::take(&mut self.is_first)) {
            self.known = number(first).and_then(|number| {
                let seq = last_number(&self.folder, self.size, &number.stream)?;
                (number.seq <= seq).then_some(StreamNumber { seq, ..number })
            });
        }
        let Some(known) = &self.known else { return };
        let again = arrivals.iter().filter_map(number);
        let again = again.filter(|number| number.stream == known.stream && number.seq <= known.seq);
        self.count += again.count() as u64;
    }

    /// So many of them were not written: their producer was never told that they are kept.
    pub(super) fn skip(&mut self, skipped: u64) {
        self.count = self.count.saturating_sub(skipped);
    }

    /// What the operator should know; `None`: nothing came again.
    pub(super) fn warning(&self, path: &Path) -> Option<String> {
        let StreamNumber { stream, seq } = self.known.as_ref().filter(|_| self.count > 0)?;
        let (path, count) = (path.display(), self.count);
        let came = if count == 1 { "1 record came".to_owned() } else { format!("{count} records came") };
        Some(format!(
            "{came} whose numbers {path} had already, up to {seq} of stream {stream}: if this input was appended before, its records now count twice, and foil verify calls them replayed"
        ))
    }
}

fn number(arrival: &Arrival) -> Option<StreamNumber> {
    StreamNumber::of(&json::parse_object(arrival.record.as_str().as_bytes()).ok()?)
}
