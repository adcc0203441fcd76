//! A file of entries that is read ahead: line by line, or into the buffer of a batch without a copy in between.

use std::io::{self, BufRead, ErrorKind, Read};

/// A file of entries, with what of it was read ahead.
pub(super) struct EntrySource<'a> {
    source: Box<dyn Read + Send + 'a>,
    /// What was read and not taken yet, behind what was taken
    ahead: Vec<u8>,
    taken: usize,
    /// How many bytes are read ahead
    room: usize,
}

impl<'a> EntrySource<'a> {
    /// Of which so many bytes are read ahead.
    pub(super) fn new(source: Box<dyn Read + Send + 'a>, room: usize) -> Self {
        Self { source, ahead: Vec::new(), taken: 0, room }
    }

    /// Reads ahead into a buffer, which grows to what is read ahead and never shrinks. Answers how many bytes of it are
    /// read. What cannot be read is said by the next other reading.
    pub(super) fn fill(&mut self, buffer: &mut Vec<u8>) -> usize {
        let ahead = &self.ahead[self.taken..];
        let mut filled = ahead.len();
        buffer.resize(buffer.len().max(self.room).max(filled), 0);
        buffer[..filled].copy_from_slice(ahead);
        self.give_back(&[]);
        while filled < buffer.len() {
            match self.source.read(&mut buffer[filled..]) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => break,
            }
        }
        filled
    }

    /// Takes back what was not used of all that was filled.
    pub(super) fn give_back(&mut self, rest: &[u8]) {
        self.ahead.clear();
        self.ahead.extend_from_slice(rest);
        self.taken = 0;
    }
}

impl Read for EntrySource<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for EntrySource<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.taken == self.ahead.len() {
            self.taken = 0;
            self.ahead.resize(self.room, 0);
            let read = self.source.read(&mut self.ahead);
            self.ahead.truncate(*read.as_ref().unwrap_or(&0));
            read?;
        }
        Ok(&self.ahead[self.taken..])
    }

    fn consume(&mut self, count: usize) {
        self.taken += count;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives little at a time, and fails once where its text has a `!`.
    struct Slow(&'static [u8]);

    impl Read for Slow {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if let Some(rest) = self.0.strip_prefix(b"!") {
                self.0 = rest;
                return Err(io::Error::other("a bad block"));
            }
            let count = self.0.iter().take_while(|byte| **byte != b'!').count().min(3).min(buffer.len());
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    fn source(text: &'static [u8]) -> EntrySource<'static> {
        EntrySource::new(Box::new(Slow(text)), 8)
    }

    fn line(source: &mut EntrySource<'_>) -> io::Result<String> {
        let mut line = String::new();
        source.read_line(&mut line)?;
        Ok(line)
    }

    #[test]
    fn lines_and_fillings_take_turns() {
        let (mut source, mut buffer) = (source(b"one\ntwo\nthree\nfour\n"), Vec::new());
        assert_eq!(line(&mut source).unwrap(), "one\n");
        let filled = source.fill(&mut buffer);
        assert_eq!(&buffer[..filled], b"two\nthre");
        source.give_back(b"thre");
        assert_eq!(line(&mut source).unwrap(), "three\n");
        let filled = source.fill(&mut buffer);
        assert_eq!(&buffer[..filled], b"four\n");
        assert_eq!((source.fill(&mut buffer), line(&mut source).unwrap()), (0, String::new()));
    }

    #[test]
    fn what_cannot_be_read_is_said_by_the_line() {
        let (mut source, mut buffer) = (source(b"one\ntw!o\n"), Vec::new());
        let filled = source.fill(&mut buffer);
        assert_eq!(&buffer[..filled], b"one\ntw");
        let mut failing = EntrySource::new(Box::new(Slow(b"!o\n")), 8);
        assert!(line(&mut failing).is_err());
        source.give_back(b"tw");
        assert_eq!(line(&mut source).unwrap(), "two\n", "it failed once");
    }
}
