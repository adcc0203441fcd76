//! The file of a recording: lines are added, and each is handed to the system whole.

use std::{
    fs::{self, File, OpenOptions},
    io::{Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use anyhow::Context;

use crate::{
    cli::term::Term,
    device::recording::{RECORDED_CHUNK, RecordedLine},
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
    pub(super) fn open(path: Option<&Path>) -> anyhow::Result<Self> {
        let Some(path) = path else { return Ok(Self::Stdout) };
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
                file.write_all(line.to_line().as_bytes()).with_context(|| path.display().to_string())
            }
        }
    }
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
