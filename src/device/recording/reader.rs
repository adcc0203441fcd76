//! Reading a recording, line by line.

use std::io::{BufRead, Read};

use super::{LONGEST_LINE, RecordedLine};

/// The lines of a recording, in order. Ends with the first error.
#[derive(Debug)]
pub struct RecordingReader<R> {
    input: R,
    /// The number of the line that was read last, from 1
    number: u64,
    ended: bool,
    /// Why lines were passed over that a crash cut off
    torn: Vec<String>,
    /// Whether the line that was read last has its line feed
    is_whole: bool,
}

impl<R: BufRead> RecordingReader<R> {
    /// A reader of a recording, from its beginning.
    pub fn new(input: R) -> Self {
        Self { input, number: 0, ended: false, torn: Vec::new(), is_whole: true }
    }

    /// What was passed over up to here, since a crash cut it off: the line, and what is wrong with it.
    pub fn torn(&self) -> &[String] {
        &self.torn
    }

    /// The next line's bytes without its line feed; `None`: the input is at its end.
    fn line(&mut self) -> Result<Option<Vec<u8>>, String> {
        let mut line = Vec::new();
        let longest = LONGEST_LINE as u64 + 1;
        let read = self.input.by_ref().take(longest).read_until(b'\n', &mut line);
        if read.map_err(|error| error.to_string())? == 0 {
            return Ok(None);
        }
        self.number += 1;
        if line.len() > LONGEST_LINE {
            return Err(format!("line {}: is longer than {LONGEST_LINE} bytes", self.number));
        }
        self.is_whole = line.pop_if(|last| *last == b'\n').is_some();
        Ok(Some(line))
    }

    fn read(&mut self) -> Result<Option<RecordedLine>, String> {
        let Some(line) = self.line()? else {
            return if self.number == 0 { Err("is no recording: it is empty".to_owned()) } else { Ok(None) };
        };
        let number = self.number;
        match RecordedLine::parse(&line) {
            Ok(RecordedLine::Bytes { .. } | RecordedLine::Event { .. }) if number == 1 => {
                Err("line 1: is no head of a recording".to_owned())
            }
            Ok(line) => Ok(Some(line)),
            Err(why) if number == 1 => Err(format!("is no recording: line 1: {why}")),
            Err(why) => self.behind_torn(&format!("line {number}: {why}")),
        }
    }

    /// What follows a line that cannot be read: a head, or nothing and no line feed either, if it was only cut off.
    fn behind_torn(&mut self, why: &str) -> Result<Option<RecordedLine>, String> {
        let is_cut = !self.is_whole;
        let next = match self.line()? {
            None if is_cut => None,
            Some(line) => match RecordedLine::parse(&line) {
                Ok(head @ RecordedLine::Head { .. }) => Some(head),
                _ => return Err(why.to_owned()),
            },
            None => return Err(why.to_owned()),
        };
        self.torn.push(why.to_owned());
        Ok(next)
    }
}

impl<R: BufRead> Iterator for RecordingReader<R> {
    type Item = Result<RecordedLine, String>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let line = self.read().transpose();
        self.ended = !matches!(line, Some(Ok(_)));
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = r#"{"port":"p","recording":1,"settings":null,"started":null}"#;
    const BYTES: &str = r#"{"bytes":"YQ==","t_ms":5}"#;

    /// What the lines are, in one letter each, and the error that ended them.
    fn read(text: &str) -> (String, Option<String>) {
        let (mut seen, mut error) = (String::new(), None);
        for line in RecordingReader::new(text.as_bytes()) {
            match line {
                Ok(RecordedLine::Head { .. }) => seen.push('h'),
                Ok(RecordedLine::Bytes { .. }) => seen.push('b'),
                Ok(RecordedLine::Event { .. }) => seen.push('e'),
                Err(why) => error = Some(why),
            }
        }
        (seen, error)
    }

    #[test]
    fn what_was_passed_over_is_known_and_a_damaged_last_line_is_an_error() {
        let torn = |text: &str| {
            let mut lines = RecordingReader::new(text.as_bytes());
            let error = lines.by_ref().find_map(Result::err);
            (lines.torn().iter().map(|why| why[..7].to_owned()).collect::<Vec<_>>(), error)
        };
        assert_eq!(torn(&format!("{HEAD}\n{BYTES}")), (vec![], None));
        assert_eq!(torn(&format!("{HEAD}\n{BYTES}\n{}", &BYTES[..9])), (vec!["line 3:".to_owned()], None));
        let (two, error) = torn(&format!("{HEAD}\n{{\n{HEAD}\n{BYTES}\n{{"));
        assert_eq!((two, error), (vec!["line 2:".to_owned(), "line 5:".to_owned()], None));
        let (none, error) = torn(&format!("{HEAD}\n{BYTES}\n{}\n", &BYTES[..9]));
        assert!(none.is_empty() && error.is_some_and(|why| why.starts_with("line 3: ")));
    }

    #[test]
    fn a_line_that_a_crash_cut_off_is_passed_over_at_the_end_of_a_recording_only() {
        assert_eq!(read(&format!("{HEAD}\n{BYTES}\n{BYTES}")), ("hbb".to_owned(), None));
        assert_eq!(read(&format!("{HEAD}\n{BYTES}\n{}", &BYTES[..9])), ("hb".to_owned(), None));
        assert_eq!(read(&format!("{HEAD}\n{}\n{HEAD}\n{BYTES}\n", &BYTES[..9])), ("hhb".to_owned(), None));
        let (seen, error) = read(&format!("{HEAD}\n{}\n{BYTES}\n", &BYTES[..9]));
        assert_eq!(seen, "h");
        assert!(error.unwrap().starts_with("line 2: "));
    }

    #[test]
    fn what_is_no_recording_is_said_at_once() {
        assert_eq!(read("").1.unwrap(), "is no recording: it is empty");
        assert_eq!(read(&format!("{BYTES}\n")).1.unwrap(), "line 1: is no head of a recording");
        assert!(read("$GPGLL,1\n").1.unwrap().starts_with("is no recording: line 1: "));
        let long = format!("{HEAD}\n{}", "x".repeat(LONGEST_LINE + 1));
        assert_eq!(read(&long).1.unwrap(), "line 2: is longer than 65536 bytes");
    }
}
