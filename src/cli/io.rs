//! What comes in: lines of JSON from a file or standard input, bounded, numbered, and never waited for
//! longer than the command can afford.

mod open;
mod pump;

use std::{
    io::{self, BufRead, Read},
    path::PathBuf,
    sync::mpsc::{Receiver, RecvTimeoutError, channel, sync_channel},
    thread,
    time::{Duration, Instant},
};

use anyhow::Context;

use super::{
    failure::{Ended, Outcome},
    signals,
};
use crate::{
    file_kind::FileKind,
    json::{self, JsonError, Object},
};

use pump::{Block, MAX_PASSED, pump};

pub(crate) use open::{source, source_at_hand, take_stdin};

/// The longest input line. A ledger's entries are at most 65,535 bytes; the rest is room for other forms of
/// the same record.
pub(crate) const MAX_LINE: usize = 1 << 20;

/// How long a filter that was asked to terminate goes on reading what its source still sends.
const DRAIN: Duration = Duration::from_secs(5);

/// How often a waiting command looks whether it was signalled.
const LOOK: Duration = Duration::from_millis(50);

/// One line that is not blank, without its line feed.
pub(crate) struct Line {
    /// Its number in the input, from 1
    pub(crate) number: u64,
    /// Its bytes
    pub(crate) text: Vec<u8>,
}

impl Line {
    /// What the whole input is, by its first line; `None`: it may be what is read here, or this is another line.
    pub(crate) fn kind(&self) -> Option<FileKind> {
        FileKind::of(&self.text).filter(|_| self.number == 1)
    }
}

/// What waiting for a line brought.
pub(crate) enum Next {
    /// A line
    Line(Line),
    /// Nothing until the deadline
    Idle,
    /// The end of the input
    End,
}

/// A line that is not what the command reads: it names the line, and `--keep-going` passes over it.
#[derive(Debug)]
pub(crate) struct BadLine {
    line: u64,
    why: String,
}

impl BadLine {
    /// What is wrong with the line of this number.
    pub(crate) fn new(line: u64, why: &impl ToString) -> Self {
        Self { line, why: why.to_string() }
    }

    /// A line that is no record, since the input is something else as a whole, or by itself.
    pub(crate) fn no_record(line: u64, kind: Option<FileKind>, why: &JsonError) -> Self {
        match kind {
            Some(kind) => Self::new(line, &format!("{why}: the input is {kind}")),
            None => Self::new(line, why),
        }
    }

    /// The number of the line, from 1.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// What is wrong with it.
    pub(crate) fn why(&self) -> &str {
        &self.why
    }
}

impl std::fmt::Display for BadLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}", self.line, self.why)
    }
}

impl std::error::Error for BadLine {}

/// The lines of an input, read by a thread of their own.
pub(crate) struct InputLines {
    blocks: Receiver<io::Result<Block>>,
    block: Vec<u8>,
    at: usize,
    number: u64,
    drain_until: Option<Instant>,
}

impl InputLines {
    /// Opens a file, or standard input, as [`source`] does.
    pub(crate) fn open(file: Option<&PathBuf>) -> anyhow::Result<Self> {
        let source = source(file)?;
        if open::is_written_by_others(file) {
            signals::hear_last_words();
        }
        Ok(if file.is_some_and(|path| open::is_short(path)) {
            Self::read_at_once(source)
        } else {
            Self::read(source)
        })
    }

    /// Reads any source of bytes.
    pub(crate) fn read(source: impl Read + Send + 'static) -> Self {
        signals::hold_terminate();
        signals::hold_interrupt();
        let (sender, blocks) = sync_channel(4);
        thread::spawn(move || pump(source, |block| sender.send(block).is_ok()));
        Self::of(blocks)
    }

    /// Reads what is not worth a thread: it is there, and not much.
    fn read_at_once(source: impl Read) -> Self {
        signals::hold_terminate();
        signals::hold_interrupt();
        let (sender, blocks) = channel();
        pump(source, |block| sender.send(block).is_ok());
        Self::of(blocks)
    }

    fn of(blocks: Receiver<io::Result<Block>>) -> Self {
        Self { blocks, block: Vec::new(), at: 0, number: 0, drain_until: None }
    }

    /// The next line, however long it takes.
    pub(crate) fn next(&mut self) -> anyhow::Result<Option<Line>> {
        loop {
            match self.next_before(None)? {
                Next::Line(line) => return Ok(Some(line)),
                Next::Idle => {}
                Next::End => return Ok(None),
            }
        }
    }

    /// The next line, if it comes before a deadline. Input that is already here is handed over at once.
    pub(crate) fn next_before(&mut self, deadline: Option<Instant>) -> anyhow::Result<Next> {
        // A source that never pauses, and lines that take long, must not keep us from hearing a signal.
        self.look_at_signals()?;
        loop {
            while let Some(line) = self.line_of_block() {
                if !line.text.iter().all(u8::is_ascii_whitespace) {
                    return Ok(Next::Line(line));
                }
            }
            match self.wait(deadline)? {
                Some(Ok(Block::Lines(block))) => (self.block, self.at) = (block, 0),
                Some(Ok(Block::TooLong)) => {
                    self.number += 1;
                    let why = format!("longer than {MAX_LINE} bytes");
                    return Err(BadLine::new(self.number, &why).into());
                }
                Some(Ok(Block::Endless)) => anyhow::bail!(
                    "line {}: longer than {MAX_PASSED} bytes, so these are no lines; nothing more is read",
                    self.number
                ),
                Some(Err(error)) => return Err(error).context("input"),
                None if deadline.is_some_and(|deadline| now() >= deadline) => return Ok(Next::Idle),
                // The operator who pressed Ctrl-C is told that it was seen, though nothing is lost.
                None if signals::interrupted() => return Err(Ended::error(Outcome::Interrupted, "")),
                None => return Ok(Next::End),
            }
        }
    }

    /// Waits for a block: `None` at the deadline and at the end.
    fn wait(&mut self, deadline: Option<Instant>) -> anyhow::Result<Option<io::Result<Block>>> {
        loop {
            let until_deadline = deadline.map(|deadline| deadline.saturating_duration_since(now()));
            match self.blocks.recv_timeout(until_deadline.unwrap_or(LOOK).min(LOOK)) {
                // A long file never lets us wait, and Ctrl-C counts all the same.
                Ok(_) if signals::interrupted_for_good() => {
                    return Err(Ended::error(Outcome::Interrupted, ""));
                }
                Ok(block) => return Ok(Some(block)),
                Err(RecvTimeoutError::Disconnected) => return Ok(None),
                Err(RecvTimeoutError::Timeout) => self.look_at_signals()?,
            }
            if until_deadline.is_some_and(|left| left.is_zero()) {
                return Ok(None);
            }
        }
    }

    fn look_at_signals(&mut self) -> anyhow::Result<()> {
        if signals::interrupted_for_good() {
            return Err(Ended::error(Outcome::Interrupted, ""));
        }
        if signals::terminated() && now() >= *self.drain_until.get_or_insert_with(|| now() + DRAIN) {
            return Err(Ended::error(Outcome::Terminated, "terminated before the input ended"));
        }
        Ok(())
    }

    fn line_of_block(&mut self) -> Option<Line> {
        let mut text = Vec::new();
        // Reading from memory does not fail.
        let length =
            (&self.block[self.at..]).read_until(b'\n', &mut text).ok().filter(|length| *length > 0)?;
        text.pop_if(|byte| *byte == b'\n');
        self.at += length;
        self.number += 1;
        Some(Line { number: self.number, text })
    }
}

/// The clock that deadlines are measured with.
#[allow(clippy::disallowed_methods)] // deadlines of this process, of no result
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// The records of an input, one JSON object a line.
pub(crate) struct Records(InputLines);

/// Opens the records of a file, or of standard input.
pub(crate) fn records(file: Option<&PathBuf>) -> anyhow::Result<Records> {
    Ok(Records(InputLines::open(file)?))
}

impl Iterator for Records {
    type Item = anyhow::Result<(u64, Object)>;

    /// The next record and the number of its line. After a [`BadLine`] the next call goes on behind it.
    fn next(&mut self) -> Option<Self::Item> {
        match self.0.next() {
            Ok(Some(line)) => Some(parse(&line).map(|record| (line.number, record)).map_err(Into::into)),
            Ok(None) => None,
            Err(error) => Some(Err(error)),
        }
    }
}

/// Reads a line as a record.
pub(crate) fn parse(line: &Line) -> Result<Object, BadLine> {
    json::parse_object(&line.text).map_err(|error| BadLine::no_record(line.number, line.kind(), &error))
}

/// Reads a line as a record that is to be signed as it is written: a number that would be written back with another
/// value is refused.
pub(crate) fn parse_exact(line: &Line) -> Result<Object, BadLine> {
    let record = parse(line)?;
    json::refuse_rounding(&line.text).map_err(|why| BadLine::new(line.number, &why))?;
    Ok(record)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines_of(source: impl Read + Send + 'static) -> Vec<Result<(u64, String), String>> {
        all(InputLines::read(source))
    }

    fn all(mut lines: InputLines) -> Vec<Result<(u64, String), String>> {
        std::iter::from_fn(|| match lines.next() {
            Ok(Some(line)) => Some(Ok((line.number, String::from_utf8(line.text).unwrap()))),
            Ok(None) => None,
            Err(error) => Some(Err(error.to_string())),
        })
        .collect()
    }

    /// Hands out a few bytes at a time, as pipes do.
    struct Drip(Vec<u8>, usize);

    impl Read for Drip {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.1.min(self.0.len()).min(buffer.len());
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0.drain(..count);
            Ok(count)
        }
    }

    #[test]
    fn lines_are_the_same_however_they_arrive() {
        let text = b"one\n\n  \ntwo\nlast".to_vec();
        let expected = vec![Ok((1, "one".to_owned())), Ok((4, "two".to_owned())), Ok((5, "last".to_owned()))];
        for size in [1, 2, 3, 5, 100] {
            assert_eq!(lines_of(Drip(text.clone(), size)), expected, "in pieces of {size}");
            assert_eq!(
                all(InputLines::read_at_once(Drip(text.clone(), size))),
                expected,
                "in pieces of {size}"
            );
        }
    }

    #[test]
    fn an_endless_line_is_passed_over_and_named() {
        let mut text = b"one\n".to_vec();
        text.extend(vec![b'x'; 3 * MAX_LINE]);
        text.extend(b"\nthree\n");
        let lines = lines_of(Drip(text, 100_000));
        assert_eq!(lines[0], Ok((1, "one".to_owned())));
        assert!(lines[1].as_ref().unwrap_err().starts_with("line 2: longer than"));
        assert_eq!(lines[2], Ok((3, "three".to_owned())));
    }
}
