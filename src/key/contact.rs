//! Contacts: names for the keys of others, outside any ledger.
//!
//! ```text
//! $XDG_CONFIG_HOME/foil/contacts/carrier.did    did:key:z6Mk…, one line
//! ```
//!
//! One file a name, so that adding one is atomic, and a `.did` file that was received can simply be put there.

use std::{
    fmt,
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::{
    BadKey, PublicKey,
    bad_key_text::BadKeyText,
    file::{self, BadKeyFile, KeyFile},
};
use crate::machine;

/// A folder of contacts. It need not exist.
pub struct Contacts(PathBuf);

/// What adding a contact did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddedContact {
    /// The name is new
    New,
    /// The name already meant this key
    Known,
}

/// Why there is no such contact.
#[derive(Debug)]
pub enum BadContact {
    /// Not a name that a contact can have
    Name(String),
    /// A name that would be taken for something else: a file of a key, or a word of our own
    Ambiguous(String),
    /// The name means another key
    Taken(String, Box<PublicKey>),
    /// There is no contact of this name
    Unknown(String),
    /// The contact's file
    File(BadKeyFile),
}

impl fmt::Display for BadContact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => {
                write!(
                    f,
                    "{name:?} is no name for a contact: letters, digits and . _ - @, 64 at most, no dot first"
                )
            }
            Self::Ambiguous(name) => write!(
                f,
                "{name:?} is no name for a contact: it would be taken for a key's file, or for a word that foil uses itself"
            ),
            Self::Taken(name, key) => write!(f, "{name:?} is {key} already"),
            Self::Unknown(name) => write!(f, "no contact {name:?}"),
            Self::File(bad) => bad.fmt(f),
        }
    }
}

impl std::error::Error for BadContact {}

impl BadContact {
    /// What to do about it; `None`: there is no advice.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Taken(name, _) => Some(format!("foil contact remove {name}")),
            Self::Unknown(_) => Some("foil contact list shows all".to_owned()),
            Self::File(bad) => bad.hint(),
            Self::Name(_) | Self::Ambiguous(_) => None,
        }
    }
}

/// Whether a contact may be called so: a name that is harmless as a file's, and no DID.
pub fn is_name(text: &str) -> bool {
    let allowed = |c: char| c.is_alphanumeric() || "._-@".contains(c);
    !text.is_empty() && text.len() <= 64 && !text.starts_with(['.', '-']) && text.chars().all(allowed)
}

/// Whether a text ends as the files of keys do.
pub fn ends_as_key_file(text: &str) -> bool {
    let end = text.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
    matches!(end.as_deref(), Some("did" | "pem"))
}

/// Words that stand for somebody in answers, or for something in arguments.
const WORDS: [&str; 6] = ["log", "unknown", "party", "me", "none", "@"];

/// Whether a name that a contact could have would be taken for something else.
fn is_ambiguous(name: &str) -> bool {
    ends_as_key_file(name) || name.starts_with('@') || WORDS.contains(&&*name.to_lowercase())
}

impl Contacts {
    /// The contacts in this folder.
    pub fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// The key that a name means.
    ///
    /// # Errors
    /// If there is no contact of this name, or its file holds no key.
    pub fn find(&self, name: &str) -> Result<PublicKey, BadContact> {
        let path = self.path(name)?;
        match file::read(&path) {
            Ok(KeyFile::Public(key)) => Ok(key),
            Ok(_) => Err(BadContact::File(BadKeyFile::Text(path, BadKeyText::Key(BadKey::Form)))),
            Err(BadKeyFile::Io(_, error)) if error.kind() == io::ErrorKind::NotFound => {
                Err(BadContact::Unknown(name.to_owned()))
            }
            Err(bad) => Err(BadContact::File(bad)),
        }
    }

    /// Gives a key a name.
    ///
    /// # Errors
    /// If the name means another key, or cannot be written.
    pub fn add(&self, name: &str, key: &PublicKey) -> Result<AddedContact, BadContact> {
        let path = self.path(name)?;
        if is_ambiguous(name) {
            return Err(BadContact::Ambiguous(name.to_owned()));
        }
        match self.find(name) {
            Ok(known) if known == *key => return Ok(AddedContact::Known),
            Ok(known) => return Err(BadContact::Taken(name.to_owned(), Box::new(known))),
            Err(BadContact::Unknown(_)) => {}
            Err(bad) => return Err(bad),
        }
        self.write(&path, key).map_err(|error| BadContact::File(BadKeyFile::Io(path, error)))?;
        Ok(AddedContact::New)
    }

    /// Writes under another name first, so that half a contact is never read; linking, other than renaming, does not
    /// replace a file that another process wrote meanwhile.
    fn write(&self, path: &Path, key: &PublicKey) -> io::Result<()> {
        make_folders(&self.0)?;
        let temporary = self.0.join(format!(".{}.tmp", std::process::id()));
        let _ = fs::remove_file(&temporary);
        let mut file = File::create_new(&temporary)?;
        let written = writeln!(file, "{key}").and_then(|()| file.sync_all());
        let linked = written.and_then(|()| fs::hard_link(&temporary, path));
        fs::remove_file(&temporary)?;
        linked?;
        machine::sync_folder(&self.0)
    }

    /// Removes a name; answers the key that it meant, `None` if its file held none.
    ///
    /// # Errors
    /// If there is no contact of this name, or its file cannot be removed.
    pub fn remove(&self, name: &str) -> Result<Option<PublicKey>, BadContact> {
        let path = self.path(name)?;
        let meant = match self.find(name) {
            Err(bad @ (BadContact::Unknown(_) | BadContact::Name(_))) => return Err(bad),
            found => found.ok(),
        };
        fs::remove_file(&path).map_err(|error| BadContact::File(BadKeyFile::Io(path, error)))?;
        Ok(meant)
    }

    /// The names, sorted. Files that no contact can have are passed over.
    ///
    /// # Errors
    /// If the folder is there and cannot be read.
    pub fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        let entries = match fs::read_dir(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(names),
            entries => entries?,
        };
        for entry in entries {
            let file = entry?.file_name();
            let name = file.to_str().and_then(|name| name.strip_suffix(".did"));
            names.extend(name.filter(|name| is_name(name)).map(str::to_owned));
        }
        names.sort();
        Ok(names)
    }

    /// The names that mean this key, sorted. What cannot be read means none.
    pub fn names_of(&self, key: &PublicKey) -> Vec<String> {
        let mut names = self.names().unwrap_or_default();
        names.retain(|name| self.find(name).is_ok_and(|known| known == *key));
        names
    }

    fn path(&self, name: &str) -> Result<PathBuf, BadContact> {
        if is_name(name) {
            Ok(self.0.join(format!("{name}.did")))
        } else {
            Err(BadContact::Name(name.to_owned()))
        }
    }
}

/// Makes a folder and those above it that are not there, durably.
fn make_folders(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let above = file::folder_of(path);
    make_folders(above)?;
    match fs::create_dir(path) {
        // Another process was quicker.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made.and_then(|()| machine::sync_folder(above)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::SecretKey;

    fn key(seed: u8) -> PublicKey {
        SecretKey::from_seed(&[seed; 32]).public()
    }

    #[test]
    fn a_name_means_one_key_until_it_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let contacts = Contacts::new(folder.path().join("foil/contacts"));
        assert_eq!(contacts.names().unwrap(), [""; 0]);
        assert_eq!(contacts.add("carrier", &key(1)).unwrap(), AddedContact::New);
        assert_eq!(contacts.add("carrier", &key(1)).unwrap(), AddedContact::Known);
        let taken = contacts.add("carrier", &key(2)).unwrap_err();
        assert_eq!(taken.hint().unwrap(), "foil contact remove carrier");
        assert_eq!(contacts.find("carrier").unwrap(), key(1));
        contacts.add("Ålesund.2", &key(2)).unwrap();
        assert_eq!(contacts.names().unwrap(), ["carrier", "Ålesund.2"]);
        assert_eq!(
            (contacts.names_of(&key(1)), contacts.names_of(&key(3))),
            (vec!["carrier".to_owned()], vec![])
        );
        assert_eq!(contacts.remove("carrier").unwrap(), Some(key(1)));
        assert!(matches!(contacts.remove("carrier"), Err(BadContact::Unknown(_))));
        assert_eq!(fs::read_dir(&contacts.0).unwrap().count(), 1, "nothing else is left behind");
    }

    #[test]
    fn a_new_contact_is_not_called_as_what_stands_for_something_else() {
        let folder = tempfile::tempdir().unwrap();
        let contacts = Contacts::new(folder.path().to_owned());
        for name in ["acme.did", "acme.PEM", "log", "Unknown", "party", "me", "@", "@acme"] {
            assert!(matches!(contacts.add(name, &key(1)), Err(BadContact::Ambiguous(_))), "{name:?}");
        }
        // One that is there from before can be found, and removed.
        fs::write(folder.path().join("acme.did.did"), format!("{}\n", key(1))).unwrap();
        assert_eq!(contacts.find("acme.did").unwrap(), key(1));
        assert_eq!(contacts.remove("acme.did").unwrap(), Some(key(1)));
    }

    #[test]
    fn a_name_cannot_leave_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let contacts = Contacts::new(folder.path().join("contacts"));
        for name in [
            "",
            "..",
            "../x",
            "a/b",
            ".hidden",
            "-f",
            "a\nb",
            "a b",
            "did:key:z6Mk",
            "a\u{202e}b",
            &"x".repeat(65),
        ] {
            assert!(matches!(contacts.add(name, &key(1)), Err(BadContact::Name(_))), "{name:?}");
            assert!(matches!(contacts.find(name), Err(BadContact::Name(_))), "{name:?}");
            assert!(matches!(contacts.remove(name), Err(BadContact::Name(_))), "{name:?}");
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_broken_contact_is_named_and_can_be_removed() {
        let folder = tempfile::tempdir().unwrap();
        let contacts = Contacts::new(folder.path().to_owned());
        fs::write(folder.path().join("x.did"), "did:web:example.com\n").unwrap();
        assert!(matches!(contacts.find("x"), Err(BadContact::File(BadKeyFile::Text(..)))));
        assert!(contacts.add("x", &key(1)).is_err());
        assert_eq!(contacts.remove("x").unwrap(), None);
    }
}
