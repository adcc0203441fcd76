//! What keys are called here: by contacts, by files of the user's own, and by the document or the registry at hand.
//!
//! ```text
//! did:key:z6Mk… (the party carrier; short form 1f2e-…; contact trans-nord)
//! did:key:z6Mk… (short form 9a0b-…; no contact has it)
//! ```

use std::{cell::OnceCell, collections::BTreeMap, path::PathBuf};

use crate::key::{
    Did, PublicKey,
    file::{self, KeyFile},
    place::KeyPlaces,
};

/// What a DID of a key begins with.
const DID: &str = "did:key:";

/// What follows a key that was named: it is not named twice.
const SHORT_FORM: &str = "short form ";

/// The names of keys, for texts that people read.
#[derive(Debug, Default)]
pub(crate) struct KeyNames {
    /// The contacts, once they were asked for
    contacts: OnceCell<Vec<Contact>>,
    /// What the document or the registry at hand calls keys, by their DIDs
    called: BTreeMap<String, String>,
}

impl KeyNames {
    /// From here on a key is called that, too, such as `the party carrier`.
    pub(crate) fn call(&mut self, did: &str, name: &str) {
        self.called.insert(did.to_owned(), name.to_owned());
    }

    /// A text with each key in it named, but for what is quoted there, and for what is named already.
    pub(crate) fn in_text(&self, text: &str) -> String {
        let mut named = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(DID) {
            let end = rest[at + DID.len()..].find(|c: char| !c.is_ascii_alphanumeric());
            let end = end.map_or(rest.len(), |end| at + DID.len() + end);
            let (before, did, behind) = (&rest[..at], &rest[at..end], &rest[end..]);
            named.extend([before, did, &self.in_words(before, did, behind)]);
            rest = behind;
        }
        named + rest
    }

    /// What is said behind a DID that stands between these; nothing if it is quoted, or no key.
    fn in_words(&self, before: &str, did: &str, behind: &str) -> String {
        let is_named = behind.trim_start_matches([' ', '\n', ',', '(']).starts_with(SHORT_FORM);
        let is_value = before.ends_with(' ') && before.trim_end().rsplit(' ').next().is_some_and(is_option);
        let is_quoted = is_value || before.ends_with(['"', '#']) || behind.starts_with('#');
        let key = if is_named || is_quoted { None } else { PublicKey::parse_did(did).ok() };
        let Some(key) = key else { return String::new() };
        let names = self.names(&key).join("; ");
        if before.ends_with('(') && behind.starts_with(')') {
            format!(", {names}")
        } else {
            format!(" ({names})")
        }
    }

    fn names(&self, key: &PublicKey) -> Vec<String> {
        let called = self.called.get(&key.did()).cloned();
        let contacts = self.contacts.get_or_init(all_contacts).iter();
        let contacts: Vec<&str> =
            contacts.filter(|contact| contact.key == *key).map(|contact| contact.name.as_str()).collect();
        let contact = match &contacts[..] {
            [] if called.is_some() => None,
            [] => Some("no contact has it".to_owned()),
            contacts => Some(format!("contact {}", contacts.join(", "))),
        };
        let short = format!("{SHORT_FORM}{}", Did::from(key).short());
        called.into_iter().chain([short]).chain(contact).collect()
    }
}

/// Whether a word is an option of a command line, so that what follows is to be pasted.
fn is_option(word: &str) -> bool {
    word.len() > 1 && word.starts_with('-')
}

/// A contact of this user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Contact {
    /// What the user calls it
    pub(crate) name: String,
    /// Whom that means
    pub(crate) key: PublicKey,
}

/// All contacts whose files can be read, in the order of their names.
pub(crate) fn all_contacts() -> Vec<Contact> {
    let Some(contacts) = places().contacts() else { return Vec::new() };
    let names = contacts.names().unwrap_or_default().into_iter();
    names.filter_map(|name| contacts.find(&name).ok().map(|key| Contact { name, key })).collect()
}

/// The contacts that mean a key.
pub(crate) fn contacts_of(key: &PublicKey) -> Vec<String> {
    places().contacts().map(|contacts| contacts.names_of(key)).unwrap_or_default()
}

/// What a public key is called here: a contact, or a key of the user's own; `None`: it is not known.
pub(crate) fn known_name(key: &PublicKey) -> Option<String> {
    let contact = || contacts_of(key).into_iter().next();
    let places = places();
    let is_it = |name: &String| {
        let file = places.public(name).ok().and_then(|path| file::read(&path).ok());
        matches!(file, Some(KeyFile::Public(own)) if own == *key)
    };
    contact().or_else(|| places.names().into_iter().find(is_it))
}

/// The user's folders, from the environment. Relative ones are ignored, as the XDG specification says.
#[allow(clippy::disallowed_methods)] // the environment is read here
pub(crate) fn places() -> KeyPlaces {
    let folder = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let config = folder("XDG_CONFIG_HOME").or_else(|| Some(folder("HOME")?.join(".config")));
    KeyPlaces {
        config: config.map(|config| config.join("foil")),
        credentials: folder("CREDENTIALS_DIRECTORY"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::SecretKey;

    #[test]
    fn each_key_of_a_text_is_named_once_and_what_is_quoted_stays() {
        let key = SecretKey::from_seed(&[7; 32]).public();
        let (did, short) = (key.did(), Did::from(&key).short());
        let mut names = KeyNames::default();
        names.contacts.set(vec![Contact { name: "nord".to_owned(), key: key.clone() }]).unwrap();
        let nord = format!("{did} (short form {short}; contact nord)");
        for (text, told) in [
            (format!("signed by {did}: it holds"), format!("signed by {nord}: it holds")),
            (did.clone(), nord.clone()),
            (format!("{did} and {did}"), format!("{nord} and {nord}")),
            (nord.clone(), nord.clone()),
            (format!("\"owner\" ({did})"), format!("\"owner\" ({did}, short form {short}; contact nord)")),
            (format!("{{\"log\":\"{did}\"}}"), format!("{{\"log\":\"{did}\"}}")),
            (format!("{did}#{}", &did[8..]), format!("{did}#{}", &did[8..])),
            ("did:key:z6MkX, did:key:".to_owned(), "did:key:z6MkX, did:key:".to_owned()),
            (format!("foil verify x --key {did}"), format!("foil verify x --key {did}")),
            ("é".to_owned(), "é".to_owned()),
        ] {
            assert_eq!(names.in_text(&text), told);
        }
        names.call(&did, "the party carrier");
        assert_eq!(
            names.in_text(&did),
            format!("{did} (the party carrier; short form {short}; contact nord)")
        );
        let mut names = KeyNames::default();
        names.contacts.set(Vec::new()).unwrap();
        assert_eq!(names.in_text(&did), format!("{did} (short form {short}; no contact has it)"));
        names.call(&did, "the party carrier");
        assert_eq!(names.in_text(&did), format!("{did} (the party carrier; short form {short})"));
    }
}
