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
}

impl<R: BufRead> RecordingReader<R> {
    /// A reader of a recording, from its beginning.
    pub fn new(input: R) -> Self {
        Self { input, number: 0, ended: false }
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
        if line.last() == Some(&b'\n') {
            line.pop();
        }
        Ok(Some(line))
    }

    fn read(&mut self) -> Result<Option<RecordedLine>, String> {
        let Some(line) = self.line()? else { return Ok(None) };
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

    /// What follows a line that cannot be read: a head, or nothing, if it was only cut off.
    fn behind_torn(&mut self, why: &str) -> Result<Option<RecordedLine>, String> {
        let Some(line) = self.line()? else { return Ok(None) };
        match RecordedLine::parse(&line) {
            Ok(head @ RecordedLine::Head { .. }) => Ok(Some(head)),
            _ => Err(why.to_owned()),
        }
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
        assert_eq!(read(""), (String::new(), None));
        assert_eq!(read(&format!("{BYTES}\n")).1.unwrap(), "line 1: is no head of a recording");
        assert!(read("$GPGLL,1\n").1.unwrap().starts_with("is no recording: line 1: "));
        let long = format!("{HEAD}\n{}", "x".repeat(LONGEST_LINE + 1));
        assert_eq!(read(&long).1.unwrap(), "line 2: is longer than 65536 bytes");
    }
}
