//! The folders in which keys are found by name.
//!
//! ```text
//! -k gateway      gateway.pem here, in $XDG_CONFIG_HOME/foil/keys, in $CREDENTIALS_DIRECTORY
//! -k ./gateway.pem, -k keys/gateway.pem      that file; -k keys/gateway finds it, too
//! --key carrier   the contact of that name, else carrier.did and carrier.pem in the same places
//! ```

use std::{
    fmt,
    path::{Path, PathBuf},
};

use super::contact::{self, Contacts};

/// The folders of this user, as the environment names them.
#[derive(Clone, Debug, Default)]
pub struct KeyPlaces {
    /// `$XDG_CONFIG_HOME/foil`; `None`: the environment names no home
    pub config: Option<PathBuf>,
    /// `$CREDENTIALS_DIRECTORY`, where a service manager puts the secrets of a service; `None`: it is not set
    pub credentials: Option<PathBuf>,
}

/// There is no key of this name in any of the folders.
#[derive(Debug, PartialEq, Eq)]
pub struct KeyNotFound {
    name: String,
    looked: Vec<PathBuf>,
}

impl fmt::Display for KeyNotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let looked: Vec<_> = self.looked.iter().map(|path| path.display().to_string()).collect();
        write!(f, "no key {:?}: looked for {}", self.name, looked.join(", "))
    }
}

impl std::error::Error for KeyNotFound {}

impl KeyPlaces {
    /// The contacts of this user; `None`: the environment names no home for them.
    pub fn contacts(&self) -> Option<Contacts> {
        Some(Contacts::new(self.config.as_ref()?.join("contacts")))
    }

    /// The file of a secret key.
    ///
    /// # Errors
    /// If there is none of this name.
    pub fn secret(&self, name: &str) -> Result<PathBuf, KeyNotFound> {
        self.look(name, &["pem"])
    }

    /// A file that holds the public half of a key; the secret one only if there is no other.
    ///
    /// # Errors
    /// If there is none of this name.
    pub fn public(&self, name: &str) -> Result<PathBuf, KeyNotFound> {
        self.look(name, &["did", "pem"])
    }

    /// Names of the secret keys that can be found, in order: for completion, and for who mistypes one.
    pub fn names(&self) -> Vec<String> {
        self.names_with(&["pem"])
    }

    /// Names of all keys that can be found, those too of which only the public half is there, in order.
    pub fn public_names(&self) -> Vec<String> {
        self.names_with(&["did", "pem"])
    }

    fn names_with(&self, endings: &[&str]) -> Vec<String> {
        let mut names: Vec<_> = self.folders().iter().flat_map(|folder| keys_in(folder, endings)).collect();
        names.sort();
        names.dedup();
        names
    }

    fn look(&self, name: &str, endings: &[&str]) -> Result<PathBuf, KeyNotFound> {
        let looked = self.candidates(name, endings);
        match looked.iter().find(|path| path.metadata().is_ok_and(|metadata| !metadata.is_dir())) {
            Some(found) => Ok(found.clone()),
            None => Err(KeyNotFound { name: name.to_owned(), looked }),
        }
    }

    fn candidates(&self, name: &str, endings: &[&str]) -> Vec<PathBuf> {
        let meant = endings.iter().find_map(|ending| name.strip_suffix(&format!(".{ending}")));
        let files: Vec<String> = match meant {
            Some(_) => vec![name.to_owned()],
            None => endings.iter().map(|ending| format!("{name}.{ending}")).collect(),
        };
        // A path is a path: a name cannot lead out of the folders.
        if name.contains('/') || name.is_empty() || name.contains('\0') {
            let files = files.into_iter().filter(|file| *file != name && !name.is_empty());
            return std::iter::once(name.to_owned()).chain(files).map(PathBuf::from).collect();
        }
        let folders = self.folders();
        let mut candidates: Vec<_> =
            folders.iter().flat_map(|folder| files.iter().map(|file| folder.join(file))).collect();
        // systemd names credentials as the unit says, often without an ending.
        candidates.extend(self.credentials.iter().map(|folder| folder.join(name)));
        candidates.push(PathBuf::from(name));
        candidates.dedup();
        candidates
    }

    /// The current folder, the user's, the service manager's.
    fn folders(&self) -> Vec<PathBuf> {
        let keys = self.config.as_ref().map(|config| config.join("keys"));
        [Some(PathBuf::new()), keys, self.credentials.clone()].into_iter().flatten().collect()
    }
}

fn keys_in(folder: &Path, endings: &[&str]) -> Vec<String> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let name = |file: std::ffi::OsString| {
        let (name, ending) = file.to_str()?.rsplit_once('.')?;
        endings.contains(&ending).then(|| name.to_owned())
    };
    entries.filter_map(|entry| name(entry.file_name())).filter(|name| contact::is_name(name)).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn places() -> (tempfile::TempDir, KeyPlaces) {
        let folder = tempfile::tempdir().unwrap();
        let (config, credentials) = (folder.path().join("foil"), folder.path().join("credentials"));
        fs::create_dir_all(config.join("keys")).unwrap();
        fs::create_dir_all(&credentials).unwrap();
        (folder, KeyPlaces { config: Some(config), credentials: Some(credentials) })
    }

    #[test]
    fn the_first_place_that_has_the_name_wins() {
        let (folder, places) = places();
        let (user, service) = (folder.path().join("foil/keys/gw.pem"), folder.path().join("credentials/gw"));
        fs::write(&service, "").unwrap();
        assert_eq!(places.secret("gw").unwrap(), service);
        fs::write(&user, "").unwrap();
        assert_eq!(places.secret("gw").unwrap(), user);
        assert_eq!(places.secret("gw.pem").unwrap(), user);
        assert_eq!(places.public("gw").unwrap(), user);
        fs::write(user.with_extension("did"), "").unwrap();
        assert_eq!(places.public("gw").unwrap(), user.with_extension("did"));
        fs::write(folder.path().join("foil/keys/peer.did"), "").unwrap();
        assert_eq!(places.names(), ["gw"]);
        assert_eq!(places.public_names(), ["gw", "peer"]);
    }

    #[test]
    fn a_name_stays_within_the_places_and_a_path_is_itself() {
        let (folder, places) = places();
        fs::write(folder.path().join("foil/out.pem"), "").unwrap();
        let missing = places.secret("../out").unwrap_err();
        assert_eq!(missing.looked, [PathBuf::from("../out"), PathBuf::from("../out.pem")]);
        let path = folder.path().join("foil/out.pem");
        for name in [path.clone(), path.with_extension("")] {
            assert_eq!(places.secret(name.to_str().unwrap()).unwrap(), path);
            assert_eq!(places.public(name.to_str().unwrap()).unwrap(), path);
        }
        assert!(places.secret(path.with_extension("did").to_str().unwrap()).is_err());
        fs::create_dir(folder.path().join("foil/keys/room.pem")).unwrap();
        for no_key in ["", "room", "nobody\n", "a\0b"] {
            assert!(places.secret(no_key).is_err(), "{no_key:?}");
        }
        let message = places.secret("nobody").unwrap_err().to_string();
        assert!(message.starts_with("no key \"nobody\": looked for nobody.pem, /"), "{message}");
    }
}
