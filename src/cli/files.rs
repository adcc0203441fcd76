//! Files that a command makes beside its output: new ones, whole, and all of them or none.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use rustix::{
    fs::{CWD, RenameFlags, renameat_with},
    io::Errno,
};

use crate::ledger::files::store;

/// Makes files that must not be there yet. They get their names in this order when all are written; if one
/// cannot, none is left. Then they are durable.
pub(crate) fn create(files: &[(&Path, &[u8])]) -> anyhow::Result<()> {
    for (path, _) in files {
        anyhow::ensure!(fs::symlink_metadata(path).is_err(), "{}: is there already", path.display());
    }
    let mut made = Made::default();
    for (path, content) in files {
        made.write(path, content).map_err(|why| anyhow::anyhow!("{}: {why}", path.display()))?;
    }
    for (at, (path, _)) in files.iter().enumerate() {
        let temporary = std::mem::replace(&mut made.paths[at], (*path).to_owned());
        if let Err(why) = rename(&temporary, path) {
            made.paths[at] = temporary;
            let why = if why.kind() == io::ErrorKind::AlreadyExists {
                "is there already".into()
            } else {
                why.to_string()
            };
            anyhow::bail!("{}: {why}", path.display());
        }
    }
    let folders: BTreeSet<&Path> = files.iter().map(|(path, _)| store::folder_of(path)).collect();
    folders.into_iter().try_for_each(store::sync_folder)?;
    made.paths.clear();
    Ok(())
}

/// Files that go away again unless all went well.
#[derive(Default)]
struct Made {
    paths: Vec<PathBuf>,
}

impl Made {
    fn write(&mut self, path: &Path, content: &[u8]) -> io::Result<()> {
        let mut name = path.file_name().ok_or(io::ErrorKind::InvalidFilename)?.to_owned();
        name.push(format!(".{}.tmp", std::process::id()));
        let temporary = path.with_file_name(name);
        let mut file = File::create_new(&temporary)?;
        self.paths.push(temporary);
        file.write_all(content)?;
        file.sync_all()
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        for path in &self.paths {
            let _ = fs::remove_file(path);
        }
    }
}

/// Gives a file its name unless another one has it, also one that came just now.
fn rename(from: &Path, to: &Path) -> io::Result<()> {
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        // Some file systems cannot; that the name was free was seen a moment ago.
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => fs::rename(from, to),
        done => Ok(done?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_files_appear_or_none_and_nothing_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name| folder.path().join(name);
        let names = || fs::read_dir(folder.path()).unwrap().count();
        let (a, b) = (path("a"), path("b"));
        create(&[(&a, b"1"), (&b, b"2")]).unwrap();
        assert_eq!((fs::read(&a).unwrap(), fs::read(&b).unwrap()), (b"1".to_vec(), b"2".to_vec()));
        let (c, nowhere) = (path("c"), path("no/such/folder"));
        let refused = create(&[(&c, b"3"), (&b, b"4")]).unwrap_err();
        assert_eq!(refused.to_string(), format!("{}: is there already", b.display()));
        assert!(create(&[(&c, b"3"), (&nowhere, b"4")]).is_err());
        assert_eq!((names(), fs::read(&b).unwrap()), (2, b"2".to_vec()));
        // One that comes while the others are written.
        assert_eq!(rename(&a, &b).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
    }
}
