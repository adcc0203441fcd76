//! Finding a line by its number without reading what stands before it.
//!
//! ```text
//! {"n":4711,"received":…      every line begins so, and numbers only rise: a file can be bisected
//! ```
//!
//! Nothing here is to be trusted: a caller that needs the line itself compares its hash or reads its number.

use std::{fs::File, io, os::unix::fs::FileExt};

use crate::tlog::layout::MAX_LINE;

/// What every line begins with, before its number.
const BEGIN: &[u8] = b"{\"n\":";

/// Bytes that are read at once: most lines have fewer.
const PIECE: usize = 1 << 10;

/// Where the line begins that says it is entry `n`. None if there is no such line, or the file is not as it
/// should be; then the lines have to be counted.
///
/// # Errors
/// If the file cannot be read.
pub fn line_start(file: &File, n: u64) -> io::Result<Option<u64>> {
    bisect(n, file.metadata()?.len(), |bytes, at| file.read_at(bytes, at))
}

fn bisect(
    n: u64,
    length: u64,
    mut read_at: impl FnMut(&mut [u8], u64) -> io::Result<usize>,
) -> io::Result<Option<u64>> {
    // The line begins at `low` or behind it, and before `high`.
    let (mut low, mut high) = (0, length);
    while low < high {
        let middle = low + (high - low) / 2;
        let Some(start) = next_start(middle, &mut read_at)?.filter(|start| *start < high) else {
            high = middle;
            continue;
        };
        match number_at(start, &mut read_at)? {
            None => return Ok(None),
            Some(number) if number == n => return Ok(Some(start)),
            Some(number) if number < n => low = start + 1,
            Some(_) => high = middle,
        }
    }
    Ok(None)
}

/// Where the first line begins that does not begin before `at`. None if the file ends before, or the line in
/// which `at` lies is too long to be one.
fn next_start(
    at: u64,
    mut read_at: impl FnMut(&mut [u8], u64) -> io::Result<usize>,
) -> io::Result<Option<u64>> {
    let Some(mut from) = at.checked_sub(1) else { return Ok(Some(0)) };
    let mut piece = [0; PIECE];
    while from - (at - 1) <= MAX_LINE as u64 + 1 {
        let count = read_at(&mut piece, from)?;
        if let Some(feed) = piece[..count].iter().position(|byte| *byte == b'\n') {
            return Ok(Some(from + feed as u64 + 1));
        }
        if count == 0 {
            break;
        }
        from += count as u64;
    }
    Ok(None)
}

/// The number that a line begins with.
fn number_at(
    start: u64,
    mut read_at: impl FnMut(&mut [u8], u64) -> io::Result<usize>,
) -> io::Result<Option<u64>> {
    // Twenty digits and what follows them.
    let mut piece = [0; BEGIN.len() + 21];
    let count = read_at(&mut piece, start)?;
    let digits = || {
        let rest = piece[..count].strip_prefix(BEGIN)?;
        let end = rest.iter().position(|byte| *byte == b',')?;
        str::from_utf8(&rest[..end]).ok()?.parse().ok()
    };
    Ok(digits())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn file(content: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(content).unwrap();
        file
    }

    fn line(n: u64) -> String {
        format!("{{\"n\":{n},\"record\":\"{}\"}}\n", "x".repeat(usize::try_from(n * n % 3_001).unwrap()))
    }

    #[test]
    fn every_line_is_found_and_no_other() {
        for first in [0, 65_536, 999_990] {
            let lines: Vec<String> = (first..first + 300).map(line).collect();
            let file = file(lines.concat().as_bytes());
            let mut start = 0;
            for (n, line) in (first..).zip(&lines) {
                assert_eq!(line_start(&file, n).unwrap(), Some(start), "{n}");
                start += line.len() as u64;
            }
            assert_eq!(line_start(&file, first + 300).unwrap(), None);
            assert_eq!(first.checked_sub(1).and_then(|n| line_start(&file, n).unwrap()), None);
        }
    }

    #[test]
    fn what_is_no_file_of_entries_is_given_up() {
        assert_eq!(line_start(&file(b""), 0).unwrap(), None);
        assert_eq!(line_start(&file(b"\n\n\n\n"), 1).unwrap(), None);
        assert_eq!(line_start(&file(&vec![b'x'; 3 * MAX_LINE]), 1).unwrap(), None);
        let nonsense = format!("{{\"n\":1,}}\n{}{{\"n\":300,}}\n", "nonsense\n".repeat(100));
        assert_eq!(line_start(&file(nonsense.as_bytes()), 300).unwrap(), None);
        // Longest line, and one that is not ended.
        let long = format!("{{\"n\":1,{}}}\n{{\"n\":2,", "y".repeat(MAX_LINE - 8));
        assert_eq!(line_start(&file(long.as_bytes()), 2).unwrap(), Some(MAX_LINE as u64 + 1));
    }

    #[test]
    fn of_a_full_file_little_is_read() {
        let lines: Vec<String> =
            (0..65_536).map(|n| format!("{{\"n\":{n},\"{}\"}}\n", "x".repeat(550))).collect();
        let content = lines.concat().into_bytes();
        for n in [1, 32_768, 65_535] {
            let mut bytes = 0;
            let found = bisect(n, content.len() as u64, |piece, at| {
                let rest = &content[usize::try_from(at).unwrap()..];
                let count = rest.len().min(piece.len());
                piece[..count].copy_from_slice(&rest[..count]);
                bytes += count;
                Ok(count)
            });
            assert!(found.unwrap().is_some());
            assert!(bytes < 64 * 1024, "{n}: {bytes} bytes of {}", content.len());
        }
    }
}
