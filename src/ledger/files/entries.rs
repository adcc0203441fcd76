//! Files of entries in all their forms: the one place that opens them.
//!
//! ```text
//! 000000000000.jsonl       plain: a line for each entry
//! 000000000000.jsonl.gz    packed: the same lines
//! 000000000000.pruned      dropped: the file's hash, and entry 0
//! ```
//!
//! Where several stand side by side, since a pack or prune was interrupted, the upper one counts.

use std::{
    fs::{self, File},
    io::{self, Read, Seek, SeekFrom},
    path::PathBuf,
};

use super::{
    find,
    folder::{Folder, entry_file_first},
    gzip::{self, Unpacked},
    store,
};
use crate::tlog::{
    layout::Layout,
    pruned::{MAX_MARKER, Marker},
};

/// How the entries of a file are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// One a line
    Plain,
    /// One a line, compressed
    Packed,
    /// Not at all, but for entry 0
    Pruned,
}

/// The files of entries, in the order of their numbers, each once. Other names are passed over.
///
/// # Errors
/// If the folder cannot be listed.
pub fn list(folder: &Folder) -> io::Result<Vec<(u64, Form)>> {
    let files = list_once(folder)?;
    let per_file = folder.layout().entries_per_file();
    let firsts = (0..).map(|file: u64| file.saturating_mul(per_file));
    let whole = firsts.zip(&files).all(|(first, file)| first == file.0);
    // A file whose form changes while the folder is listed may show in neither.
    if whole { Ok(files) } else { list_once(folder) }
}

fn list_once(folder: &Folder) -> io::Result<Vec<(u64, Form)>> {
    let names =
        fs::read_dir(folder.entries())?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut files: Vec<(u64, Form)> = names.filter_map(|name| of_name(folder.layout(), &name)).collect();
    files.sort_unstable();
    files.dedup_by_key(|(first, _)| *first);
    Ok(files)
}

fn of_name(layout: Layout, name: &str) -> Option<(u64, Form)> {
    if let Some(stem) = name.strip_suffix(".pruned") {
        return Some((entry_file_first(layout, &format!("{stem}.jsonl"))?, Form::Pruned));
    }
    match name.strip_suffix(".gz") {
        Some(plain) => Some((entry_file_first(layout, plain)?, Form::Packed)),
        None => Some((entry_file_first(layout, name)?, Form::Plain)),
    }
}

/// The lines of the file that holds an entry, whatever its form: of a dropped one those that are left.
///
/// # Errors
/// If there is none, it cannot be read, or is no plain file of the disk.
pub fn open(folder: &Folder, n: u64) -> io::Result<Box<dyn Read + Send>> {
    if let Some(file) = there(store::open_plain(&folder.entry_file(n)))? {
        return Ok(Box::new(file));
    }
    if let Some(file) = there(store::open_plain(&folder.packed_file(n)))? {
        return Ok(Box::new(Unpacked::new(file)));
    }
    if let Some(marker) = marker(folder, n)? {
        let line = marker.declaration.map(|entry| entry.line + "\n");
        return Ok(Box::new(io::Cursor::new(line.unwrap_or_default())));
    }
    // Another process may have unpacked it meanwhile.
    Ok(Box::new(store::open_plain(&folder.entry_file(n))?))
}

/// The lines from that of an entry on, as far as it can be found without reading what stands before it; and
/// how many lines must still be passed over.
///
/// # Errors
/// As [`open`].
pub fn open_at(folder: &Folder, n: u64) -> io::Result<(Box<dyn Read + Send>, u64)> {
    let skip = folder.layout().place_in_file(n);
    let plain = if skip == 0 { None } else { there(store::open_plain(&folder.entry_file(n)))? };
    let Some(mut file) = plain else { return Ok((open(folder, n)?, skip)) };
    let start = find::line_start(&file, n)?;
    file.seek(SeekFrom::Start(start.unwrap_or(0)))?;
    Ok((Box::new(file), if start.is_some() { 0 } else { skip }))
}

fn there(file: io::Result<File>) -> io::Result<Option<File>> {
    match file {
        Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(None),
        file => file.map(Some),
    }
}

/// What stands for the file that holds an entry, if it was dropped.
///
/// # Errors
/// If it cannot be read, or is none of that file.
pub fn marker(folder: &Folder, n: u64) -> io::Result<Option<Marker>> {
    let Some(bytes) = store::read_small(&folder.marker(n), MAX_MARKER)? else { return Ok(None) };
    let bad =
        |why: &str| io::Error::new(io::ErrorKind::InvalidData, format!("no marker of a dropped file: {why}"));
    let marker = Marker::parse(folder.layout(), &bytes).map_err(bad)?;
    if marker.first == folder.layout().first_in_file(n) {
        Ok(Some(marker))
    } else {
        Err(bad("it is another file's"))
    }
}

/// The form of the file that holds an entry; none if there is no such file.
pub fn form(folder: &Folder, n: u64) -> Option<Form> {
    let forms = [Form::Plain, Form::Packed, Form::Pruned];
    forms.into_iter().find(|form| path_as(folder, n, *form).exists())
}

/// Where the entries of a file are, or would be.
pub fn path(folder: &Folder, n: u64) -> PathBuf {
    path_as(folder, n, form(folder, n).unwrap_or(Form::Plain))
}

fn path_as(folder: &Folder, n: u64, form: Form) -> PathBuf {
    match form {
        Form::Plain => folder.entry_file(n),
        Form::Packed => folder.packed_file(n),
        Form::Pruned => folder.marker(n),
    }
}

/// How long the lines of a file are, or were, as its form says; 0 where that cannot be known.
pub fn bytes(folder: &Folder, n: u64) -> u64 {
    let length = |path: PathBuf| fs::metadata(path).map_or(0, |data| data.len());
    match form(folder, n) {
        Some(Form::Plain) => length(folder.entry_file(n)),
        Some(Form::Packed) => {
            store::open_plain(&folder.packed_file(n)).and_then(|file| gzip::length(&file)).unwrap_or(0)
        }
        Some(Form::Pruned) => marker(folder, n).ok().flatten().map_or(0, |marker| marker.bytes),
        None => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_their_forms() {
        assert_eq!(of_name(Layout::STANDARD, "000000065536.jsonl"), Some((65_536, Form::Plain)));
        assert_eq!(of_name(Layout::STANDARD, "000000065536.jsonl.gz"), Some((65_536, Form::Packed)));
        assert_eq!(of_name(Layout::STANDARD, "000000065536.pruned"), Some((65_536, Form::Pruned)));
        for other in
            ["000000065536.jsonl.zst", "000000065536.jsonl.gz.tmp", "000000065537.pruned", "x.gz", ".gz"]
        {
            assert_eq!(of_name(Layout::STANDARD, other), None, "{other}");
        }
    }

    #[test]
    fn of_several_forms_the_plain_one_counts_then_the_packed_one() {
        let temporary = tempfile::tempdir().unwrap();
        let folder = Folder::new(temporary.path());
        fs::create_dir(folder.entries()).unwrap();
        let put = |first, form| fs::write(path_as(&folder, first, form), "").unwrap();
        for (first, form) in [
            (0, Form::Pruned),
            (65_536, Form::Pruned),
            (131_072, Form::Pruned),
            (131_072, Form::Packed),
            (196_608, Form::Pruned),
            (196_608, Form::Plain),
            (262_144, Form::Pruned),
        ] {
            put(first, form);
        }
        let forms: Vec<Form> = list(&folder).unwrap().into_iter().map(|(_, form)| form).collect();
        assert_eq!(forms, [Form::Pruned, Form::Pruned, Form::Packed, Form::Plain, Form::Pruned]);
        assert_eq!(form(&folder, 196_609), Some(Form::Plain));
    }
}
