//! New keys that belong together: the files of all are written, or of none.

use std::{fs, path::PathBuf};

use zeroize::Zeroizing;

use super::{
    PublicKey,
    file::{self, BadKeyFile},
};

/// A key that is not on the disk yet.
pub struct NewKey {
    /// Its files' name
    pub name: PathBuf,
    /// The PEM
    pub text: Zeroizing<String>,
    /// What goes into its `.did` file
    pub public: PublicKey,
}

/// Writes the files of all keys, durably, or of none.
///
/// # Errors
/// If any of them exists, or cannot be written.
pub fn create(keys: &[NewKey]) -> Result<(), BadKeyFile> {
    for key in keys {
        file::refuse_existing(&key.name)?;
    }
    for (at, key) in keys.iter().enumerate() {
        file::create(&key.name, &key.text, &key.public).inspect_err(|_| forget(&keys[..at]))?;
    }
    Ok(())
}

/// Removes key files that were just written, and so were not used yet.
fn forget(keys: &[NewKey]) {
    for key in keys {
        let (secret, did) = file::pair(&key.name);
        let _ = (fs::remove_file(secret), fs::remove_file(did));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::{SecretKey, pem};

    fn new(seed: u8, name: PathBuf) -> NewKey {
        let key = SecretKey::from_seed(&[seed; 32]);
        NewKey { name, text: pem::write(&key).unwrap(), public: key.public() }
    }

    #[test]
    fn where_one_key_cannot_be_written_none_is() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let bad = create(&[new(1, at("key")), new(2, at("nowhere/key"))]);
        assert!(matches!(bad, Err(BadKeyFile::NoFolder(_))), "{bad:?}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left behind");
        fs::write(at("key.next.did"), "x").unwrap();
        let bad = create(&[new(1, at("key")), new(2, at("key.next"))]);
        assert!(matches!(bad, Err(BadKeyFile::Exists(_))), "{bad:?}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left behind");
        create(&[new(1, at("key")), new(2, at("other"))]).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 5);
    }
}
