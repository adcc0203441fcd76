//! Keys on the command line: `-k KEY` for those who sign, and a DID in any of its forms for those who are
//! meant.

mod completion;

use std::path::{Path, PathBuf};

use clap_complete::engine::ArgValueCompleter;
use zeroize::Zeroizing;

pub(crate) use completion::{complete_public, complete_secret, contact_names};

use super::{
    defaults,
    failure::{Ended, Hint, Outcome},
    key_names::places,
    passphrases, paste, signals,
    term::{Term, Tty},
};
use crate::key::{
    Did, PublicKey, SecretKey,
    bad_key_text::BadKeyText,
    contact::{self, BadContact, Contacts},
    file::{self, BadKeyFile, KeyFile},
    text::{self, KeyText, LockedKey},
};
use crate::tlog::vkey::VerifierKey;

/// Who signs: `-k KEY`, for any command that does.
#[derive(clap::Args)]
pub(crate) struct KeyArgs {
    /// The key that signs: a file, or a name that `foil keygen` gave; `$FOIL_KEY` where absent
    ///
    /// A NAME is looked for as NAME.pem here, in `$XDG_CONFIG_HOME/foil/keys` and in
    /// `$CREDENTIALS_DIRECTORY`.
    #[arg(short, long, value_name = "KEY", add = ArgValueCompleter::new(complete_secret))]
    key: Option<String>,

    #[command(flatten)]
    passphrase: PassphraseArgs,
}

/// Where a passphrase comes from, if not from the terminal.
#[derive(clap::Args)]
pub(crate) struct PassphraseArgs {
    /// Read the key's passphrase from the first line of a file instead of asking
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    passphrase_file: Option<PathBuf>,
}

impl KeyArgs {
    /// Loads the key, asking for its passphrase if it has one.
    pub(crate) fn load(&self, term: &mut Term) -> anyhow::Result<SecretKey> {
        let name = match &self.key {
            Some(name) => name.clone(),
            None => default_key()?,
        };
        self.load_other(&name, term)
    }

    /// Whether a key is named here.
    pub(crate) fn is_given(&self) -> bool {
        self.key.is_some()
    }

    /// Loads one more key; the file with the passphrase is that of all.
    pub(crate) fn load_other(&self, name: &str, term: &mut Term) -> anyhow::Result<SecretKey> {
        self.load_file(&find_secret(name)?, term)
    }

    /// Loads the key of a file.
    pub(crate) fn load_file(&self, path: &Path, term: &mut Term) -> anyhow::Result<SecretKey> {
        let key = load(path, &self.passphrase)?;
        term.detail(format!("key {}: {}", path.display(), key.public()));
        Ok(key)
    }
}

impl PassphraseArgs {
    /// Whether a passphrase was offered.
    pub(crate) fn is_given(&self) -> bool {
        self.passphrase_file.is_some()
    }

    /// The passphrase of a file, from where the arguments say, or from the terminal.
    pub(crate) fn get(&self, path: &Path) -> anyhow::Result<Zeroizing<String>> {
        match &self.passphrase_file {
            Some(file) => file::read_passphrase(file).map_err(with_hint),
            None => ask(&format!("Passphrase of {}: ", super::term::escape(&path.display().to_string()))),
        }
    }
}

/// Asks on the terminal, whatever the standard streams are.
pub(crate) fn ask(prompt: &str) -> anyhow::Result<Zeroizing<String>> {
    if let Some(why) = Tty::of_process().and_then(|terminal| terminal.must_be_ours().err()) {
        return Err(why.context("cannot ask for the passphrase")).hint("--passphrase-file FILE");
    }
    let asked = rpassword::prompt_password(prompt).map(Zeroizing::new);
    if asked.is_err() && signals::interrupted() {
        return Err(Ended::error(Outcome::Interrupted, ""));
    }
    asked
        .map_err(|error| anyhow::anyhow!("cannot ask for the passphrase: {error}"))
        .hint("--passphrase-file FILE")
}

/// The file of a secret key.
pub(crate) fn find_secret(name: &str) -> anyhow::Result<PathBuf> {
    if name.starts_with("did:") {
        return Err(anyhow::anyhow!("{name} is the public name of a key, which cannot sign"))
            .hint("give the key's file, NAME.pem");
    }
    let found = places().secret(name);
    if found.is_err() && text::may_be_secret(name) {
        return Err(secret_as_argument("what is given as the key"));
    }
    if name.contains('/') || name.is_empty() {
        return found.map_err(Into::into);
    }
    let make = if contact::is_name(name) { name } else { "NAME" };
    let make = format!("foil keygen {} makes a key", make.trim_end_matches(".pem"));
    found.map_err(|why| anyhow::Error::from(why).hint(near_or(name, &places().names(), &make)))
}

/// What to say instead of a text that may be a secret key, where the name of one is expected.
pub(crate) fn secret_as_argument(what: &str) -> anyhow::Error {
    anyhow::anyhow!("{what} looks like a secret key itself, which does not belong in arguments").hint(
        "give the name of its file; all users of this machine can see arguments, so it may be known now",
    )
}

/// Loads a secret key from its file.
pub(crate) fn load(path: &Path, passphrase: &PassphraseArgs) -> anyhow::Result<SecretKey> {
    match file::read(path).map_err(with_hint)? {
        KeyFile::Secret(key) => Ok(key),
        KeyFile::Locked(locked) => unlock(path, &locked, passphrase),
        KeyFile::Public(_) | KeyFile::Verifier(_) => Err(with_hint(BadKeyFile::OnlyPublic(path.to_owned()))),
    }
}

/// Opens a key that has a passphrase. At the prompt the one that opened it before does so again.
pub(crate) fn unlock(path: &Path, locked: &LockedKey, from: &PassphraseArgs) -> anyhow::Result<SecretKey> {
    let open = |passphrase: &str| {
        let opened = locked.open(passphrase.as_bytes());
        opened.map_err(|bad| with_hint(BadKeyFile::Text(path.to_owned(), bad)))
    };
    if from.is_given() {
        return open(&from.get(path)?);
    }
    passphrases::open_with(path, || from.get(path), open)
}

/// Whom a text means: `did:key:…`, a contact, a `.did` or `.pem` file, or a key of one's own.
pub(crate) fn who(text: &str) -> anyhow::Result<PublicKey> {
    match content(text)? {
        (_, KeyContent::Public(key)) => Ok(key),
        (_, KeyContent::Verifier(named)) => Ok(named.key().clone()),
        (_, KeyContent::Secret(key)) => Ok(key.public()),
        (path, KeyContent::Locked(_)) => {
            let did = path.with_extension("did");
            Err(anyhow::anyhow!("{}: has a passphrase, and only its public half is needed", path.display()))
                .hint(format!("give {}", paste::path(&did)))
        }
    }
}

/// What a text or the file that it names holds.
pub(crate) enum KeyContent {
    /// A key that can sign
    Secret(SecretKey),
    /// A key that can sign once its passphrase is known
    Locked(LockedKey),
    /// Only the public half
    Public(PublicKey),
    /// A public key under the name of a log
    Verifier(VerifierKey),
}

/// What [`who`] finds, and in which file: the path is empty where none was read.
pub(crate) fn content(text: &str) -> anyhow::Result<(PathBuf, KeyContent)> {
    if is_key_itself(text) {
        let content = match text::parse(text.as_bytes()) {
            Ok(KeyText::Public(key)) => KeyContent::Public(key),
            Ok(KeyText::Open(_) | KeyText::Locked(_)) => anyhow::bail!("a secret is no argument"),
            Err(bad) if text.starts_with("did:") || text.contains(' ') => anyhow::bail!("{text}: {bad}"),
            _ => verifier(text, text)?,
        };
        return Ok((PathBuf::new(), content));
    }
    let places = places();
    if let Some(contacts) = places.contacts().filter(|_| contact::is_name(text) && !is_key_file(text)) {
        match contacts.find(text) {
            Err(BadContact::Unknown(_)) => {}
            found => {
                let key = found.map_err(contact_hint)?;
                refuse_ambiguous(text, &key)?;
                return Ok((PathBuf::new(), KeyContent::Public(key)));
            }
        }
    }
    let forms = "a DID (did:key:…), a .did or .pem file, or a contact: foil contact list";
    let path = places.public(text).map_err(|why| {
        if text::may_be_secret(text) {
            return secret_as_argument("what is given as the key").hint(PUBLIC_FORMS);
        }
        let known: Vec<String> = contact_list().into_iter().chain(places.public_names()).collect();
        anyhow::Error::from(why).hint(near_or(text, &known, forms))
    })?;
    let content = match file::read(&path).map_err(hint_of_public)? {
        KeyFile::Secret(key) => KeyContent::Secret(key),
        KeyFile::Locked(locked) => KeyContent::Locked(locked),
        KeyFile::Public(key) => KeyContent::Public(key),
        KeyFile::Verifier(line) => verifier(&line, &path.display().to_string())?,
    };
    Ok((path, content))
}

/// Whether a text is the whole name of a key file that is here, which no contact is called.
fn is_key_file(text: &str) -> bool {
    let path = Path::new(text);
    contact::ends_as_key_file(text) && path.is_file()
}

/// The file of another key that has a contact's name; `None`: there is none, or the key of it cannot be told.
pub(crate) fn namesake(name: &str, contact: &PublicKey) -> Option<(PathBuf, PublicKey)> {
    let path =
        places().public(name).ok().filter(|path| contact::ends_as_key_file(&path.to_string_lossy()))?;
    let key = match file::read(&path).ok()? {
        KeyFile::Public(key) => key,
        KeyFile::Secret(key) => key.public(),
        KeyFile::Verifier(line) => VerifierKey::parse(&line).ok()?.key().clone(),
        KeyFile::Locked(_) => return None,
    };
    (key != *contact).then_some((path, key))
}

/// Refuses a name that means one key as a contact and another one as a file.
fn refuse_ambiguous(name: &str, contact: &PublicKey) -> anyhow::Result<()> {
    let Some((path, key)) = namesake(name, contact) else { return Ok(()) };
    let shown = path.display();
    Err(anyhow::anyhow!("{name:?} is two keys: that of your contact, {contact}, and that of {shown}, {key}"))
        .hint(format!(
            "say which: {contact}, or {}; foil contact remove {name} frees the name",
            paste::path(&path)
        ))
}

/// Whether a text is a public key itself, and names no file or contact: a DID, a line of OpenSSH, a verifier key.
fn is_key_itself(text: &str) -> bool {
    let is_line = text.contains(' ') && (text.starts_with("ssh-") || text.starts_with("ecdsa-"));
    text.starts_with("did:") || ((is_line || text.contains('+')) && !Path::new(text).exists())
}

fn verifier(line: &str, shown: &str) -> anyhow::Result<KeyContent> {
    let key = VerifierKey::parse(line).map_err(|bad| anyhow::anyhow!("{shown}: {bad}"))?;
    Ok(KeyContent::Verifier(key))
}

/// An error of a key file, with what to do about it.
pub(crate) fn with_hint(bad: BadKeyFile) -> anyhow::Error {
    match bad.hint() {
        Some(hint) => anyhow::Error::from(bad).hint(hint),
        None => bad.into(),
    }
}

/// What to ask for where hex was given as a public key: to take it for a seed would make a key of another party's.
const PUBLIC_FORMS: &str = "hex does not tell whether it is a seed or a public key: ask for the .did file, or for what foil key export --as vkey prints";

/// An error of a file that is to have a public key, with what to do about it.
fn hint_of_public(bad: BadKeyFile) -> anyhow::Error {
    match bad {
        BadKeyFile::Text(_, BadKeyText::Bare) => anyhow::Error::from(bad).hint(PUBLIC_FORMS),
        bad => with_hint(bad),
    }
}

/// An error of a contact, with what to do about it.
pub(crate) fn contact_hint(bad: BadContact) -> anyhow::Error {
    let hint = match &bad {
        BadContact::Unknown(name) => bad.hint().map(|all| near_or(name, &contact_list(), &all)),
        _ => bad.hint(),
    };
    match hint {
        Some(hint) => anyhow::Error::from(bad).hint(hint),
        None => bad.into(),
    }
}

/// What to do about a name that is not known: the one that may have been meant, then all else.
fn near_or(name: &str, known: &[String], otherwise: &str) -> String {
    let near = paste::did_you_mean(name, known.iter().map(String::as_str));
    near.map_or_else(|| otherwise.to_owned(), |near| format!("{near} {otherwise}"))
}

/// What to say of a text that stands for a key in a contract and is no contact; `None`: no contact can be called so.
pub(crate) fn no_contact(text: &str) -> Option<String> {
    if text.starts_with("did:") {
        return None;
    }
    if contact::ends_as_key_file(text) {
        // Contracts come by mail: what they name is not looked for among the reader's files.
        let shows = format!("foil key show {} tells the key in it", paste::word(text));
        return Some(format!("{text:?} is a file, and a contract holds keys or contacts: {shows}"));
    }
    if !contact::is_name(text) {
        return None;
    }
    let add = format!("foil contact add {} DID makes it one", paste::word(text));
    Some(format!(
        "{text:?} is no key (did:key:z6Mk…) and no contact: {}",
        near_or(text, &contact_list(), &add)
    ))
}

/// The key of a contact, or of a DID as it stands in a proof; `None`: the text is neither.
pub(crate) fn of_contact(text: &str) -> Option<PublicKey> {
    if text.starts_with("did:") {
        return Did::parse_method(text).ok().and_then(|did| PublicKey::from_bytes(did.as_bytes()).ok());
    }
    places().contacts()?.find(text).ok()
}

/// The contacts of this user.
pub(crate) fn contacts() -> anyhow::Result<Contacts> {
    places()
        .contacts()
        .ok_or_else(|| anyhow::anyhow!("no place for contacts"))
        .hint("set HOME or XDG_CONFIG_HOME")
}

fn default_key() -> anyhow::Result<String> {
    defaults::key()
        .ok_or_else(|| anyhow::anyhow!("no key to sign with"))
        .hint("-k KEY, or set FOIL_KEY; foil keygen NAME makes one")
}

fn contact_list() -> Vec<String> {
    places().contacts().and_then(|contacts| contacts.names().ok()).unwrap_or_default()
}
