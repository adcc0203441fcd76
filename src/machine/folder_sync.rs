//! Syncing folders, where a file system can do that.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use rustix::io::Errno;

/// Folders that their file systems cannot sync; of each, whether [`new_unsyncable_folders`] has named it.
static UNSYNCABLE: Mutex<Vec<(PathBuf, bool)>> = Mutex::new(Vec::new());

/// How many of them are told apart: a publisher makes thousands of folders on one disk.
const UNSYNCABLE_NAMED: usize = 3;

/// Makes a folder's names durable. Some file systems can sync files and no folders; they are used all the same, and
/// [`new_unsyncable_folders`] names them, so that the operator can be told.
///
/// # Errors
/// If the folder cannot be opened, or is not synced though its file system can do that.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    match File::open(path)?.sync_all() {
        Err(error) if is_no_such_call(&error) => {
            let mut folders = UNSYNCABLE.lock().unwrap_or_else(PoisonError::into_inner);
            if folders.len() < UNSYNCABLE_NAMED && folders.iter().all(|(known, _)| known != path) {
                folders.push((path.to_owned(), false));
            }
            Ok(())
        }
        done => done,
    }
}

/// Whether an error says that a file system has no such call, and not that the disk failed.
fn is_no_such_call(error: &io::Error) -> bool {
    let none = [Errno::INVAL, Errno::OPNOTSUPP, Errno::NOSYS].map(|errno| Some(errno.raw_os_error()));
    none.contains(&error.raw_os_error())
}

/// The folders that could not be synced, each once in the life of the process.
pub fn new_unsyncable_folders() -> Vec<PathBuf> {
    let mut folders = UNSYNCABLE.lock().unwrap_or_else(PoisonError::into_inner);
    let new = folders.iter_mut().filter(|(_, told)| !told);
    new.map(|(path, told)| (*told = true, path.clone()).1).collect()
}
