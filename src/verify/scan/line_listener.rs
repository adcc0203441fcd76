//! Listeners, which hear the lines of a log while it is verified, so that no line is read twice.
//!
//! ```text
//! chunk ─► reader of one thread     ─► notes ─┐
//! chunk ─► reader of another thread ─► notes ─┴► in the order of the lines ─► listener
//! ```
//!
//! A listener hears lines as they stand. Whether they are the entries that the log signed shows only in the end: what
//! it makes of a ledger that is not sound is to be thrown away.

use crate::{
    hash::Hash,
    record::{claim::RecordClaim, view::RecordView},
    tlog::arrival::EntryTimes,
};

/// A line that is an entry, after its proofs were checked.
#[derive(Clone, Copy)]
pub struct CheckedLine<'a> {
    /// The file that it stands in, counted from 0
    pub file: usize,
    /// Which entry it says that it is
    pub n: u64,
    /// Its times
    pub times: EntryTimes,
    /// Its hash in the tree
    pub leaf: Hash,
    /// What was said
    pub record: &'a RecordView<'a>,
    /// What the record claims; `None` if that was not needed yet
    pub claim: Option<&'a RecordClaim>,
    /// Whether its proofs hold, as far as they were to be checked
    pub proofs_hold: bool,
}

/// Makes notes of lines, on one of several threads.
pub trait LineReader {
    /// What is to be kept of the lines of a chunk
    type Notes;

    /// Takes the next line.
    fn line(&mut self, line: &CheckedLine<'_>, notes: &mut Self::Notes);
}

/// Listens to a log while it is verified.
pub trait LineListener: Send {
    /// What its readers make of a chunk
    type Notes: Default + Send;
    /// Reads lines for it
    type Reader: LineReader<Notes = Self::Notes> + Send;

    /// Takes how many entries there should be; `None` without a checkpoint.
    fn begin(&mut self, _size: Option<u64>) {}

    /// Forgets what was heard: all lines come once more, from the first on.
    fn start_over(&mut self);

    /// A reader for one more thread.
    fn reader(&self) -> Self::Reader;

    /// Takes the notes of the next chunk, in the order of the lines.
    fn take_notes(&mut self, notes: Self::Notes);
}

impl LineReader for () {
    type Notes = ();

    fn line(&mut self, _line: &CheckedLine<'_>, _notes: &mut ()) {}
}

/// No listener.
impl LineListener for () {
    type Notes = ();
    type Reader = ();

    fn start_over(&mut self) {}

    fn reader(&self) {}

    fn take_notes(&mut self, _notes: ()) {}
}

impl<R: LineReader<Notes: Default>> LineReader for Option<R> {
    type Notes = R::Notes;

    fn line(&mut self, line: &CheckedLine<'_>, notes: &mut Self::Notes) {
        if let Some(reader) = self {
            reader.line(line, notes);
        }
    }
}

/// A listener, or none.
impl<L: LineListener> LineListener for Option<&mut L> {
    type Notes = L::Notes;
    type Reader = Option<L::Reader>;

    fn begin(&mut self, size: Option<u64>) {
        if let Some(listener) = self {
            listener.begin(size);
        }
    }

    fn start_over(&mut self) {
        if let Some(listener) = self {
            listener.start_over();
        }
    }

    fn reader(&self) -> Self::Reader {
        self.as_ref().map(|listener| listener.reader())
    }

    fn take_notes(&mut self, notes: Self::Notes) {
        if let Some(listener) = self {
            listener.take_notes(notes);
        }
    }
}

impl<A: LineReader, B: LineReader> LineReader for (A, B) {
    type Notes = (A::Notes, B::Notes);

    fn line(&mut self, line: &CheckedLine<'_>, notes: &mut Self::Notes) {
        self.0.line(line, &mut notes.0);
        self.1.line(line, &mut notes.1);
    }
}

/// Two listeners.
impl<A: LineListener, B: LineListener> LineListener for (&mut A, &mut B) {
    type Notes = (A::Notes, B::Notes);
    type Reader = (A::Reader, B::Reader);

    fn begin(&mut self, size: Option<u64>) {
        self.0.begin(size);
        self.1.begin(size);
    }

    fn start_over(&mut self) {
        self.0.start_over();
        self.1.start_over();
    }

    fn reader(&self) -> Self::Reader {
        (self.0.reader(), self.1.reader())
    }

    fn take_notes(&mut self, notes: Self::Notes) {
        self.0.take_notes(notes.0);
        self.1.take_notes(notes.1);
    }
}
