//! Key files: a secret key in `NAME.pem`, its `did:key` in `NAME.did`.
//!
//! ```text
//! gateway.pem    PKCS#8, mode 0600: a reader of it can sign in this name
//! gateway.did    did:key:z6Mk…, one line: to give away
//! ```
//!
//! So they are written. Read are those of other programs too: [`text`](super::text) tells them apart. Nothing is ever overwritten. What is read may be anything – a device, a pipe, gigabytes – and is refused
//! before it costs anything.

use std::{
    fmt,
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use rustix::fs::OFlags;
use zeroize::Zeroizing;

use super::{
    PublicKey, SecretKey,
    bad_key_text::BadKeyText,
    text::{self, KeyText, LockedKey},
};
use crate::machine;

/// The largest file that is read as a key: some hundred bytes are usual.
const MAX_FILE: u64 = 64 * 1024;

/// Why a file gives no key.
#[derive(Debug)]
pub enum BadKeyFile {
    /// It cannot be opened or read, or not written
    Io(PathBuf, io::Error),
    /// The folder of a new key is not there
    NoFolder(PathBuf),
    /// A folder, a pipe, a device
    NoFile(PathBuf),
    /// Larger than any key
    Huge(PathBuf),
    /// Others can read or change it; the permission bits
    Exposed(PathBuf, u32),
    /// Not UTF-8, where a passphrase is read
    NoText(PathBuf),
    /// It would be overwritten
    Exists(PathBuf),
    /// The file system keeps no permissions, so all users could read it
    NoModes(PathBuf),
    /// It holds no key that is used here
    Text(PathBuf, BadKeyText),
    /// Only the public half, where the secret is needed
    OnlyPublic(PathBuf),
}

impl fmt::Display for BadKeyFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(path, error) => write!(f, "{}: {error}", path.display()),
            Self::NoFolder(path) => write!(f, "{}: no such folder", path.display()),
            Self::NoFile(path) => write!(f, "{}: not a regular file", path.display()),
            Self::Huge(path) => write!(f, "{}: too large to be a key", path.display()),
            Self::Exposed(path, mode) => {
                write!(f, "{}: a secret that others can read (mode {mode:04o})", path.display())
            }
            Self::NoText(path) => write!(f, "{}: the passphrase in it is not UTF-8", path.display()),
            Self::Exists(path) => write!(f, "{}: exists, and is not overwritten", path.display()),
            Self::NoModes(path) => {
                write!(
                    f,
                    "{}: this file system keeps no permissions: everybody could read the key",
                    path.display()
                )
            }
            Self::Text(path, bad) => write!(f, "{}: {bad}", path.display()),
            Self::OnlyPublic(path) => write!(f, "{}: only a public key, which cannot sign", path.display()),
        }
    }
}

impl std::error::Error for BadKeyFile {}

impl BadKeyFile {
    /// What to do about it; `None`: there is no advice.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Exposed(path, _) => Some(format!("chmod 600 {}", quoted(path))),
            Self::NoFolder(path) => Some(format!("mkdir -p {}", quoted(path))),
            Self::Exists(path) => {
                Some(format!("give another NAME, or look at it: foil key show {}", quoted(path)))
            }
            Self::Text(path, bad) => bad.hint(&quoted(path)),
            Self::OnlyPublic(path) => Some(format!("give {}", quoted(&path.with_extension("pem")))),
            _ => None,
        }
    }
}

/// A path as a word for a shell.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "/._-+@%:,".contains(c);
    if text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

/// What a key file holds.
pub enum KeyFile {
    /// A key that can sign
    Secret(SecretKey),
    /// A key that can sign once its passphrase is known
    Locked(LockedKey),
    /// Only the public half: a `.did` file, a PUBLIC KEY, a line of OpenSSH
    Public(PublicKey),
    /// A line that has the form of a verifier key, `NAME+ID+KEY`
    Verifier(String),
}

/// Reads a key file of either kind, told apart by its content.
///
/// # Errors
/// If it cannot be read, holds no key, or is a secret key that others can read.
pub fn read(path: &Path) -> Result<KeyFile, BadKeyFile> {
    let (file, bytes) = open(path)?;
    let content = match text::parse(&bytes).map_err(|bad| BadKeyFile::Text(path.to_owned(), bad))? {
        KeyText::Public(key) => return Ok(KeyFile::Public(key)),
        KeyText::Verifier(line) => return Ok(KeyFile::Verifier(line)),
        KeyText::Open(key) => KeyFile::Secret(key),
        KeyText::Locked(locked) => KeyFile::Locked(locked),
    };
    refuse_exposed(path, &file)?;
    Ok(content)
}

/// How many keys a file holds; see [`text::count_keys`].
///
/// # Errors
/// If it cannot be read.
pub fn count_keys(path: &Path) -> Result<usize, BadKeyFile> {
    open(path).map(|(_, bytes)| text::count_keys(&bytes))
}

/// Reads the first line of a file that holds a secret: a passphrase.
///
/// # Errors
/// If it cannot be read, is longer than any passphrase, or is a file that others can read.
pub fn read_passphrase(path: &Path) -> Result<Zeroizing<String>, BadKeyFile> {
    // A pipe is fine here, `--passphrase-file <(pass show gateway)`, so opening may wait for its writer.
    let file = File::open(path).map_err(|error| BadKeyFile::Io(path.to_owned(), error))?;
    if file.metadata().is_ok_and(|metadata| metadata.is_file()) {
        refuse_exposed(path, &file)?;
    }
    let bytes = bounded(path, &file)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| BadKeyFile::NoText(path.to_owned()))?;
    let line = text.lines().next().unwrap_or_default();
    Ok(Zeroizing::new(line.to_owned()))
}

pub(super) fn open(path: &Path) -> Result<(File, Zeroizing<Vec<u8>>), BadKeyFile> {
    let at = |error| BadKeyFile::Io(path.to_owned(), error);
    // A pipe without a writer must not hold us up, nor a terminal become ours.
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    let flags = i32::try_from(flags.bits()).unwrap_or(0);
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path).map_err(at)?;
    if !file.metadata().map_err(at)?.is_file() {
        return Err(BadKeyFile::NoFile(path.to_owned()));
    }
    let bytes = bounded(path, &file)?;
    Ok((file, bytes))
}

pub(super) fn bounded(path: &Path, source: impl Read) -> Result<Zeroizing<Vec<u8>>, BadKeyFile> {
    // As large as it can get, so that no copy of a secret is left behind by growing.
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(MAX_FILE).unwrap_or(0) + 1));
    let read = source.take(MAX_FILE + 1).read_to_end(&mut bytes);
    let count = read.map_err(|error| BadKeyFile::Io(path.to_owned(), error))?;
    if count as u64 > MAX_FILE {
        return Err(BadKeyFile::Huge(path.to_owned()));
    }
    Ok(bytes)
}

fn refuse_exposed(path: &Path, file: &File) -> Result<(), BadKeyFile> {
    match exposure(path, file)? {
        None => Ok(()),
        Some(mode) => Err(BadKeyFile::Exposed(path.to_owned(), mode)),
    }
}

/// The permissions of a file, if too many can read it. As OpenSSH: a user's own key must be closed to all others. A key of
/// another user, such as one of root's that systemd hands to a service, may be open to a group, but not to all.
pub(super) fn exposure(path: &Path, file: &File) -> Result<Option<u32>, BadKeyFile> {
    let metadata = file.metadata().map_err(|error| BadKeyFile::Io(path.to_owned(), error))?;
    let own = metadata.uid() == rustix::process::geteuid().as_raw();
    let forbidden = if own { 0o077 } else { 0o007 };
    let mode = metadata.mode();
    Ok((mode & forbidden != 0).then_some(mode & 0o7777))
}

/// The two files of a key: `NAME.pem` and `NAME.did`. A name that ends in `.pem` is taken as meant.
pub fn pair(name: &Path) -> (PathBuf, PathBuf) {
    let base = if name.extension().is_some_and(|end| end == "pem") {
        name.with_extension("")
    } else {
        name.to_owned()
    };
    let with = |end: &str| {
        let mut file = base.clone().into_os_string();
        file.push(end);
        PathBuf::from(file)
    };
    (with(".pem"), with(".did"))
}

/// Writes both files of a new key, durably, or neither. `text` is the PEM.
///
/// # Errors
/// If either exists, or cannot be written.
pub fn create(name: &Path, text: &str, public: &PublicKey) -> Result<(), BadKeyFile> {
    let (secret, did) = pair(name);
    refuse_existing(name)?;
    write_new(&secret, 0o600, text)?;
    let written = write_new(&did, 0o644, &format!("{public}\n")).and_then(|()| {
        let synced = sync_folder(&did).map_err(|error| BadKeyFile::Io(did.clone(), error));
        synced.inspect_err(|_| drop(fs::remove_file(&did)))
    });
    // It was not used yet; half a pair would only stand in the way.
    written.inspect_err(|_| drop(fs::remove_file(&secret)))
}

/// Whether a new key of this name would find its files taken.
///
/// # Errors
/// If either exists.
pub fn refuse_existing(name: &Path) -> Result<(), BadKeyFile> {
    let (secret, did) = pair(name);
    match [secret, did].into_iter().find(|path| path.symlink_metadata().is_ok()) {
        Some(taken) => Err(BadKeyFile::Exists(taken)),
        None => Ok(()),
    }
}

fn write_new(path: &Path, mode: u32, text: &str) -> Result<(), BadKeyFile> {
    let at = |error: io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => BadKeyFile::Exists(path.to_owned()),
        io::ErrorKind::NotFound => BadKeyFile::NoFolder(folder_of(path).to_owned()),
        _ => BadKeyFile::Io(path.to_owned(), error),
    };
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path).map_err(at)?;
    let written = if file.metadata().map_err(at)?.mode() & 0o077 & !mode != 0 {
        Err(BadKeyFile::NoModes(path.to_owned()))
    } else {
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(at)
    };
    written.inspect_err(|_| {
        let _ = fs::remove_file(path);
    })
}

fn sync_folder(path: &Path) -> io::Result<()> {
    machine::sync_folder(folder_of(path))
}

pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::key::pem;

    fn new(folder: &Path) -> PathBuf {
        let key = SecretKey::from_seed(&[7; 32]);
        let name = folder.join("gateway");
        create(&name, &pem::write(&key).unwrap(), &key.public()).unwrap();
        name
    }

    #[test]
    fn a_pair_is_closed_to_others_and_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let (secret, did) = pair(&new(folder.path()));
        assert_eq!(secret.metadata().unwrap().mode() & 0o7777, 0o600);
        assert!(matches!(read(&secret), Ok(KeyFile::Secret(_))));
        let Ok(KeyFile::Public(public)) = read(&did) else { panic!("no public key") };
        let before = fs::read(&secret).unwrap();
        for taken in [&secret, &did] {
            fs::rename(taken, folder.path().join("aside")).unwrap();
            let again = create(&folder.path().join("gateway.pem"), "x", &public);
            assert!(matches!(again, Err(BadKeyFile::Exists(_))), "{again:?}");
            fs::rename(folder.path().join("aside"), taken).unwrap();
        }
        assert_eq!(fs::read(&secret).unwrap(), before);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing is left behind");
    }

    #[test]
    fn a_key_that_others_can_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let (secret, _) = pair(&new(folder.path()));
        for mode in [0o640, 0o604, 0o660, 0o620, 0o601] {
            fs::set_permissions(&secret, fs::Permissions::from_mode(mode)).unwrap();
            let Err(bad) = read(&secret) else { panic!("{mode:o} was taken") };
            assert!(matches!(bad, BadKeyFile::Exposed(_, shown) if shown == mode));
            assert_eq!(bad.hint().unwrap(), format!("chmod 600 {}", secret.display()));
        }
        fs::set_permissions(&secret, fs::Permissions::from_mode(0o400)).unwrap();
        assert!(read(&secret).is_ok());
    }

    #[test]
    fn what_is_no_key_file_is_refused_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        assert!(matches!(read(Path::new("/dev/zero")), Err(BadKeyFile::NoFile(_))));
        assert!(matches!(read(folder.path()), Err(BadKeyFile::NoFile(_))));
        assert!(matches!(read_passphrase(Path::new("/dev/zero")), Err(BadKeyFile::Huge(_))));
        rustix::fs::mkfifoat(rustix::fs::CWD, &path, rustix::fs::Mode::RUSR).unwrap();
        assert!(matches!(read(&path), Err(BadKeyFile::NoFile(_))));
        fs::remove_file(&path).unwrap();
        File::create(&path).unwrap().set_len(1 << 40).unwrap();
        assert!(matches!(read(&path), Err(BadKeyFile::Huge(_))));
        for no_key in [&b""[..], b"\xff\xfe", b"\0\0", b"did:key:z6Mk", b"did:key:z6Mk\ndid:key:z6Mk\n"] {
            fs::write(&path, no_key).unwrap();
            assert!(matches!(read(&path), Err(BadKeyFile::Text(..))));
        }
    }

    #[test]
    fn a_passphrase_is_the_first_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x");
        fs::write(&path, " correct horse \r\nlogin: me\n").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(*read_passphrase(&path).unwrap(), " correct horse ");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(read_passphrase(&path), Err(BadKeyFile::Exposed(..))));
    }
}
