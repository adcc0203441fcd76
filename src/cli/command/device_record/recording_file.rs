//! The file of a recording: lines are added, and each is handed to the system whole.

use std::{
    fs::{self, File, OpenOptions},
    io::{BufReader, ErrorKind, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use anyhow::Context;

use crate::{
    cli::{failure::Hint, term::Term},
    device::recording::{RECORDED_CHUNK, RecordedLine, RecordingReader},
};

/// Where a recording goes.
pub(super) enum RecordingFile {
    /// Standard output
    Stdout,
    /// A file
    File {
        path: PathBuf,
        file: File,
        /// Whether it was made for this recording, and has no line yet
        is_bare: bool,
    },
}

impl Drop for RecordingFile {
    /// A file that was made for nothing goes again.
    fn drop(&mut self) {
        if let Self::File { path, is_bare: true, .. } = self {
            let _ = fs::remove_file(path);
        }
    }
}

impl RecordingFile {
    /// Opens a file to add to it. A line that a crash cut off there is ended first.
    ///
    /// # Errors
    /// If it cannot be read and written, or holds something else than a recording.
    pub(super) fn open(path: Option<&Path>) -> anyhow::Result<Self> {
        let Some(path) = path else { return Ok(Self::Stdout) };
        if let Some(why) = what_else(path) {
            return Err(anyhow::anyhow!("{}: {why}", path.display()))
                .hint("-o wants a recording to add to, or a new name");
        }
        let open = || {
            let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
            if !ends_in_line_feed(&mut file)? {
                file.write_all(b"\n")?;
            }
            Ok::<_, std::io::Error>(file)
        };
        let is_bare = !path.exists();
        let file = open().with_context(|| path.display().to_string())?;
        Ok(Self::File { path: path.to_owned(), file, is_bare })
    }

    /// Adds bytes, in as many lines as they need.
    pub(super) fn bytes(&mut self, at: u64, bytes: &[u8], term: &mut Term) -> anyhow::Result<()> {
        bytes
            .chunks(RECORDED_CHUNK)
            .try_for_each(|bytes| self.line(&RecordedLine::Bytes { at, bytes: bytes.to_vec() }, term))
    }

    /// Adds a line.
    pub(super) fn line(&mut self, line: &RecordedLine, term: &mut Term) -> anyhow::Result<()> {
        match self {
            Self::Stdout => {
                term.text(&line.to_line())?;
                term.flush()
            }
            Self::File { path, file, is_bare } => {
                *is_bare = false;
                let written = file.write_all(line.to_line().as_bytes());
                let is_full = written.as_ref().is_err_and(|error| error.kind() == ErrorKind::StorageFull);
                let written = written.with_context(|| path.display().to_string());
                if is_full {
                    written.hint("df shows what is full; what was recorded up to here is in the file")
                } else {
                    written
                }
            }
        }
    }
}

/// Why a file that is there is no recording; `None`: it is one, or empty, or no plain file.
fn what_else(path: &Path) -> Option<String> {
    let is_plain = fs::metadata(path).is_ok_and(|file| file.is_file() && file.len() > 0);
    let file = File::open(path).ok().filter(|_| is_plain)?;
    RecordingReader::new(BufReader::new(file)).next()?.err()
}

/// Whether a file is empty, is no plain file, or ends in a line feed.
fn ends_in_line_feed(file: &mut File) -> std::io::Result<bool> {
    let data = file.metadata()?;
    if !data.is_file() || data.len() == 0 {
        return Ok(true);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}
