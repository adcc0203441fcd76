//! Names of parties and devices: labels that people choose, and that others choose to mislead them.
//!
//! ```text
//! acme        shown as it is
//! аcme        shown as \u{430}cme: the first letter is Cyrillic
//! Müller      shown as it is
//! ```
//!
//! Names are compared by their bytes. Where one is shown, letters that may be taken for those of ASCII are escaped.

use std::fmt;

use crate::{escape::escape_name, hash::Hash, json::noncharacter};

/// The longest name, in bytes.
pub const MAX_NAME: usize = 100;

/// A label of a party or device, which looks like no id and no key.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Box<str>);

/// Why a text is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadName {
    /// Empty, or too long
    Length,
    /// Control characters, or spaces at an end
    Characters,
    /// It could be taken for an id, a key, a time, an option or a file
    Ambiguous,
}

impl fmt::Display for BadName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length => write!(f, "a name has 1 to {MAX_NAME} bytes"),
            Self::Characters => f.write_str("a name has no control characters, and no space at its ends"),
            Self::Ambiguous => {
                f.write_str(
                    "a name is not an id, a did:key or none, has no /, does not begin with - or @ and does not end with .did or .pem",
                )
            }
        }
    }
}

impl std::error::Error for BadName {}

impl Name {
    /// Takes a text that can be a name.
    ///
    /// # Errors
    /// Why it cannot.
    pub fn parse(text: &str) -> Result<Self, BadName> {
        if text.is_empty() || text.len() > MAX_NAME {
            return Err(BadName::Length);
        }
        if text.trim() != text || text.contains(char::is_control) || noncharacter(text).is_some() {
            return Err(BadName::Characters);
        }
        let is_option = text.starts_with(['-', '@']) || text == "none";
        let ends_as_file = text.rsplit_once('.').is_some_and(|(_, end)| matches!(end, "did" | "pem"));
        let is_file = text.contains('/') || ends_as_file;
        if is_option || is_file || text.starts_with("did:") || is_id(text) {
            return Err(BadName::Ambiguous);
        }
        Ok(Self(text.into()))
    }

    /// The name as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it has none but printable characters of ASCII, which nobody takes for others.
    pub fn is_plain(&self) -> bool {
        self.0.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ')
    }
}

fn is_id(text: &str) -> bool {
    Hash::parse(&text.to_ascii_lowercase()).is_some()
}

impl fmt::Display for Name {
    /// For people, fit to stand in quotes: what may mislead is escaped.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&escape_name(&self.0.replace('\\', r"\\").replace('"', r#"\""#)))
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_cannot_be_taken_for_something_else() {
        for good in [
            "acme",
            "none of these",
            "did",
            "acme.pem 7",
            "Pharma SA",
            "probe-7",
            "блок",
            "x".repeat(MAX_NAME).as_str(),
        ] {
            assert_eq!(Name::parse(good).unwrap().as_str(), good);
        }
        let id = Hash::of(b"x").to_string();
        let upper = id.to_ascii_uppercase();
        let long = "x".repeat(MAX_NAME + 1);
        let bad = [
            ("", BadName::Length),
            (&long, BadName::Length),
            (" acme", BadName::Characters),
            ("ac\u{1b}[2Jme", BadName::Characters),
            ("acme\u{ffff}", BadName::Characters),
            ("-acme", BadName::Ambiguous),
            ("@", BadName::Ambiguous),
            ("keys/acme", BadName::Ambiguous),
            ("did:key:z6Mk", BadName::Ambiguous),
            ("none", BadName::Ambiguous),
            ("acme.did", BadName::Ambiguous),
            ("acme.pem", BadName::Ambiguous),
            (&id, BadName::Ambiguous),
            (&upper, BadName::Ambiguous),
        ];
        for (text, why) in bad {
            assert_eq!(Name::parse(text), Err(why), "{text}");
        }
    }

    #[test]
    fn what_may_mislead_is_shown_escaped() {
        let name = Name::parse("аcme\u{202e}").unwrap();
        assert_eq!((name.to_string().as_str(), name.is_plain()), (r"\u{430}cme\u{202e}", false));
        assert!(Name::parse("acme & co").unwrap().is_plain());
    }
}
