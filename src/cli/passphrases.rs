//! Passphrases that were typed at the prompt: each is asked for once, as long as the prompt lasts, by the commands in its
//! process and by the stages of its pipes.
//!
//! ```text
//! foil repl ── file in memory ──┬── commands in its process
//!                               └── commands of foil that its lines start: FOIL_PASSPHRASES=PROCESS/DESCRIPTOR
//!
//! SHA-256 of the key file's path, a space, the passphrase that opened it, a line feed
//! ```
//!
//! A passphrase is written down once it has opened its key, and never where others could read it: no argument, no
//! message, no variable has it, and other programs are not told where the file is. When the prompt ends, all of it is
//! overwritten.

use std::{
    fs::{File, read_link},
    os::{fd::AsRawFd, unix::ffi::OsStrExt, unix::fs::FileExt},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use rustix::fs::{FlockOperation, MemfdFlags, flock, memfd_create};
use zeroize::Zeroizing;

use crate::hash::Hash;

/// The variable that says which descriptor of which process it is.
const VARIABLE: &str = "FOIL_PASSPHRASES";

/// What the kernel calls the file.
const NAME: &str = "foil-passphrases";

/// More than this is not kept.
const MOST: usize = 64 << 10;

/// The file of the prompt that runs in this process; `None`: none does.
static SESSION: Mutex<Option<Arc<File>>> = Mutex::new(None);

/// The time in which passphrases are kept. Its end overwrites them.
pub(crate) struct PassphraseSession(Option<Arc<File>>);

impl PassphraseSession {
    /// Begins to keep passphrases. Where the kernel gives no file in memory, each is asked for whenever it is needed.
    pub(crate) fn begin() -> Self {
        let file = memfd_create(NAME, MemfdFlags::CLOEXEC).ok().map(|file| Arc::new(File::from(file)));
        session().clone_from(&file);
        Self(file)
    }
}

impl Drop for PassphraseSession {
    fn drop(&mut self) {
        let Some(file) = self.0.take() else { return };
        if let Some(mut kept) = KeptPassphrases::lock(&file) {
            kept.write(&[]);
        }
        // Another one may have begun meanwhile.
        session().take_if(|current| Arc::ptr_eq(current, &file));
    }
}

/// Opens a key with the passphrase that opened it before, else with one that is asked for, which is kept if it is right.
/// Another process that needs the same one meanwhile waits for it.
pub(crate) fn open_with<K>(
    path: &Path,
    ask: impl FnOnce() -> anyhow::Result<Zeroizing<String>>,
    open: impl Fn(&str) -> anyhow::Result<K>,
) -> anyhow::Result<K> {
    let file = session().clone().or_else(inherited);
    let Some(mut kept) = file.as_deref().and_then(KeptPassphrases::lock) else { return open(&ask()?) };
    let id = id_of(path);
    if let Some(passphrase) = kept.find(&id) {
        match open(&passphrase) {
            Ok(key) => return Ok(key),
            // The file holds another key by now.
            Err(_) => kept.forget(&id),
        }
    }
    let passphrase = ask()?;
    let key = open(&passphrase)?;
    kept.keep(&id, &passphrase);
    Ok(key)
}

/// The variable that tells a command of foil where they are, which other programs are not to have; `None`: nowhere.
pub(crate) fn variable() -> Option<(&'static str, String)> {
    let file = session().clone()?;
    Some((VARIABLE, format!("{}/{}", std::process::id(), file.as_raw_fd())))
}

fn session() -> std::sync::MutexGuard<'static, Option<Arc<File>>> {
    SESSION.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The file of the prompt that started this process; `None`: none did.
#[allow(clippy::disallowed_methods)] // the environment is read here
fn inherited() -> Option<Arc<File>> {
    open_at(&std::env::var(VARIABLE).ok()?)
}

fn open_at(place: &str) -> Option<Arc<File>> {
    let (process, number) = place.split_once('/')?;
    let (process, number): (u32, u32) = (process.parse().ok()?, number.parse().ok()?);
    let path = PathBuf::from(format!("/proc/{process}/fd/{number}"));
    // Whatever else the number stands for is no business of ours.
    let is_it = read_link(&path).ok()?.as_os_str() == format!("/memfd:{NAME} (deleted)").as_str();
    let file = is_it.then(|| File::options().read(true).write(true).open(path).ok())?;
    file.map(Arc::new)
}

/// Which key file a passphrase is for, however it was named.
fn id_of(path: &Path) -> String {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    Hash::of(path.as_os_str().as_bytes()).to_string()
}

/// The passphrases that are kept, as long as no other process has them.
struct KeptPassphrases<'f> {
    file: &'f File,
    text: Zeroizing<Vec<u8>>,
}

impl<'f> KeptPassphrases<'f> {
    fn lock(file: &'f File) -> Option<Self> {
        flock(file, FlockOperation::LockExclusive).ok()?;
        let length = usize::try_from(file.metadata().ok()?.len()).ok()?.min(MOST);
        let mut text = Zeroizing::new(vec![0; length]);
        file.read_exact_at(&mut text, 0).ok()?;
        Some(Self { file, text })
    }

    fn find(&self, id: &str) -> Option<Zeroizing<String>> {
        let found = self.lines().find_map(|line| line.strip_prefix(id.as_bytes())?.strip_prefix(b" "))?;
        str::from_utf8(found).ok().map(|found| Zeroizing::new(found.to_owned()))
    }

    fn forget(&mut self, id: &str) {
        let others = self.others(id);
        self.write(&others);
    }

    /// Keeps a passphrase in the place of an earlier one.
    fn keep(&mut self, id: &str, passphrase: &str) {
        let mut text = self.others(id);
        text.extend_from_slice(id.as_bytes());
        text.push(b' ');
        text.extend_from_slice(passphrase.as_bytes());
        text.push(b'\n');
        if text.len() <= MOST && !passphrase.contains('\n') {
            self.write(&text);
        }
    }

    fn others(&self, id: &str) -> Zeroizing<Vec<u8>> {
        // As large as it can get, so that no copy is left behind by growing.
        let mut others = Zeroizing::new(Vec::with_capacity(2 * MOST));
        for line in self.lines().filter(|line| !line.starts_with(id.as_bytes())) {
            others.extend_from_slice(line);
            others.push(b'\n');
        }
        others
    }

    fn lines(&self) -> impl Iterator<Item = &[u8]> {
        self.text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty())
    }

    /// Overwrites what is there. What cannot be kept is asked for again.
    fn write(&mut self, text: &[u8]) {
        let zeros = vec![0; self.text.len()];
        let _ = self.file.write_all_at(&zeros, 0).and_then(|()| self.file.set_len(0));
        let _ = self.file.write_all_at(text, 0);
        self.text = Zeroizing::new(text.to_vec());
    }
}

impl Drop for KeptPassphrases<'_> {
    fn drop(&mut self) {
        let _ = flock(self.file, FlockOperation::Unlock);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> File {
        File::from(memfd_create(NAME, MemfdFlags::CLOEXEC).unwrap())
    }

    fn content(file: &File) -> Vec<u8> {
        KeptPassphrases::lock(file).unwrap().text.to_vec()
    }

    #[test]
    fn each_key_has_its_own_and_the_newest_counts() {
        let file = file();
        let (one, other) = (id_of(Path::new("/a")), id_of(Path::new("/b")));
        let mut kept = KeptPassphrases::lock(&file).unwrap();
        assert!(kept.find(&one).is_none());
        for (id, passphrase) in [(&one, "old"), (&other, "correct horse "), (&one, "new")] {
            kept.keep(id, passphrase);
        }
        drop(kept);
        let mut kept = KeptPassphrases::lock(&file).unwrap();
        assert_eq!(kept.find(&one).unwrap().as_str(), "new");
        assert_eq!(kept.find(&other).unwrap().as_str(), "correct horse ");
        kept.forget(&one);
        assert!(kept.find(&one).is_none() && kept.find(&other).is_some());
        // What cannot be told from the next one, and what is endless, is not kept.
        kept.keep(&one, "a\nb");
        kept.keep(&one, &"x".repeat(MOST));
        assert!(kept.find(&one).is_none() && kept.find(&other).is_some());
    }

    #[test]
    fn the_end_of_the_session_overwrites_them() {
        let session = PassphraseSession::begin();
        let file = Arc::clone(session.0.as_ref().unwrap());
        KeptPassphrases::lock(&file).unwrap().keep(&id_of(Path::new("/a")), "secret");
        assert!(!content(&file).is_empty());
        drop(session);
        assert_eq!(content(&file), b"");
    }

    #[test]
    fn the_variable_leads_to_nothing_else() {
        let (kept, other) = (file(), File::open("/dev/null").unwrap());
        let at = |file: &File| format!("{}/{}", std::process::id(), file.as_raw_fd());
        KeptPassphrases::lock(&kept).unwrap().keep(&id_of(Path::new("/a")), "secret");
        assert_eq!(content(&open_at(&at(&kept)).unwrap()), content(&kept));
        for none in [at(&other).as_str(), "", "1", "self/1", "1/../../etc/passwd"] {
            assert!(open_at(none).is_none(), "{none}");
        }
    }
}
