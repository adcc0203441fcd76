//! Files of a key that are to be: their name, and the passphrase over them.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::keys::{self, PassphraseArgs};
use crate::{
    key::{SecretKey, new_keys::NewKey, pem},
    machine,
};

/// Refuses a name that cannot be typed again, or that hides: a slip.
pub(crate) fn refuse_odd(name: &Path) -> anyhow::Result<()> {
    let last = name.file_name().and_then(|last| last.to_str()).unwrap_or_default();
    anyhow::ensure!(
        !last.is_empty() && !last.starts_with(['.', '-']) && !last.contains(char::is_control),
        "{:?} is no name for a key",
        name.display().to_string()
    );
    Ok(())
}

/// The passphrase that a new file is to have. On the terminal it is asked twice.
pub(crate) fn passphrase(from: &PassphraseArgs, secret: &Path) -> anyhow::Result<Zeroizing<String>> {
    let passphrase = from.get(secret)?;
    anyhow::ensure!(!passphrase.is_empty(), "the passphrase is empty");
    if !from.is_given() {
        anyhow::ensure!(passphrase == keys::ask("The same again: ")?, "the two passphrases differ");
    }
    Ok(passphrase)
}

/// A key as it is to be written. Without a passphrase whoever reads the file can sign.
pub(crate) fn sealed(
    name: PathBuf,
    key: &SecretKey,
    passphrase: Option<&Zeroizing<String>>,
) -> anyhow::Result<NewKey> {
    let text = match passphrase {
        None => pem::write(key),
        Some(passphrase) => {
            let [salt, iv] = halves(machine::random()?);
            pem::write_locked(key, passphrase.as_bytes(), &salt, iv)
        }
    };
    let text = text.map_err(|error| anyhow::anyhow!("the key cannot be written: {error}"))?;
    Ok(NewKey { name, text, public: key.public() })
}

fn halves(random: [u8; 32]) -> [[u8; 16]; 2] {
    let (mut first, mut second) = ([0; 16], [0; 16]);
    first.copy_from_slice(&random[..16]);
    second.copy_from_slice(&random[16..]);
    [first, second]
}
