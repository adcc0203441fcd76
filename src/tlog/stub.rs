//! Stubs: a signed checkpoint in the hands of the other party, who can hold any later copy of the log to it.
//!
//! ```json
//! {"checkpoint":"plant7.example/cold-room\n8424\nnND/nri…\n\n— plant7.example/cold-room M9e0…\n",
//!  "origin":"plant7.example/cold-room","root":"9cd0ff9e…","size":8424}
//! ```
//!
//! Only `checkpoint` counts, the whole signed note; the other members are for people, and must say the same.
//! Other members are passed over, so that a receipt is a stub. The bare note is one, too.

use std::fmt::{self, Write as _};

use super::checkpoint::{BadCheckpoint, Checkpoint, SignedCheckpoint};
use crate::{
    json::{self, Object},
    object,
};

/// Why something is no stub.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadStub {
    /// Not a JSON object
    Json(json::JsonError),
    /// No text `checkpoint` in the object
    NoCheckpoint,
    /// What should be a signed checkpoint is none
    Checkpoint(BadCheckpoint),
    /// This member says something else than the note
    Contradicts(&'static str),
}

impl fmt::Display for BadStub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(why) => write!(f, "no stub and no receipt: {why}"),
            Self::NoCheckpoint => {
                f.write_str("no stub and no receipt: there is no text \"checkpoint\" in it")
            }
            Self::Checkpoint(why) => write!(f, "its checkpoint is none: {why}"),
            Self::Contradicts(name) => write!(f, "its {name} is not the one that its checkpoint states"),
        }
    }
}

impl std::error::Error for BadStub {}

/// Reads a stub or a receipt.
///
/// # Errors
/// If it is neither. That it was parsed does not say that a signature is good.
pub fn parse(text: &[u8]) -> Result<SignedCheckpoint, BadStub> {
    let object = json::parse_object(text).map_err(BadStub::Json)?;
    let note = object.str("checkpoint").ok_or(BadStub::NoCheckpoint)?;
    let signed = SignedCheckpoint::parse(note.as_bytes()).map_err(BadStub::Checkpoint)?;
    let said = to_object(&signed);
    for name in ["origin", "root", "size"] {
        if object.get(name).is_some_and(|value| Some(value) != said.get(name)) {
            return Err(BadStub::Contradicts(name));
        }
    }
    Ok(signed)
}

/// Reads a bare note. One that went through the clipboard may have lost its last line feed, or have line ends
/// of another system: neither is signed.
///
/// # Errors
/// If it is no signed checkpoint.
pub fn parse_note(text: &[u8]) -> Result<SignedCheckpoint, BadCheckpoint> {
    let mut note: Vec<u8> = text.to_vec();
    note.retain(|byte| *byte != b'\r');
    if note.last() != Some(&b'\n') {
        note.push(b'\n');
    }
    SignedCheckpoint::parse(&note)
}

/// A checkpoint as a stub.
pub fn to_object(signed: &SignedCheckpoint) -> Object {
    let Checkpoint { origin, size, root } = signed.checkpoint();
    object! {
        "checkpoint": signed.to_string(),
        "origin": origin.as_str(),
        "root": root.to_string(),
        "size": *size,
    }
}

/// The shortest stub, on one line, in ASCII only: readers of pictures do not agree on what other letters mean.
pub fn to_ascii(signed: &SignedCheckpoint) -> String {
    let canonical = object! { "checkpoint": signed.to_string() }.to_canonical();
    let mut ascii = String::with_capacity(canonical.len() + 16);
    for letter in canonical.chars() {
        if letter.is_ascii() {
            ascii.push(letter);
            continue;
        }
        for unit in letter.encode_utf16(&mut [0; 2]) {
            // Writing to a string does not fail.
            let _ = write!(ascii, "\\u{unit:04x}");
        }
    }
    ascii
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{hash::Hash, key::SecretKey};

    fn signed(origin: &str) -> SignedCheckpoint {
        let checkpoint = Checkpoint { origin: origin.to_owned(), size: 8424, root: Hash::of(b"x") };
        SignedCheckpoint::sign(checkpoint, &SecretKey::from_seed(&[7; 32])).unwrap()
    }

    #[test]
    fn every_form_is_read_back() {
        for origin in ["plant7.example/cold", "løp.example/𝄞", "a\"b\\c"] {
            let signed = signed(origin);
            let ascii = to_ascii(&signed);
            assert!(ascii.is_ascii() && !ascii.contains('\n'), "{ascii}");
            assert_eq!(parse(ascii.as_bytes()).as_ref(), Ok(&signed));
            assert_eq!(parse(to_object(&signed).to_canonical().as_bytes()).as_ref(), Ok(&signed));
            let note = signed.to_string();
            for text in [note.clone(), note.replace('\n', "\r\n"), note.trim_end().to_owned()] {
                assert_eq!(parse_note(text.as_bytes()).as_ref(), Ok(&signed), "{text:?}");
            }
        }
    }

    #[test]
    fn what_is_no_stub_is_told() {
        let stub = to_object(&signed("plant7.example/cold"));
        let with = |name: &str, value: json::Value| {
            let mut changed = stub.clone();
            changed.insert(name, value);
            parse(changed.to_canonical().as_bytes())
        };
        assert_eq!(with("size", 8425u32.into()), Err(BadStub::Contradicts("size")));
        assert_eq!(with("root", "00".into()), Err(BadStub::Contradicts("root")));
        assert_eq!(with("origin", "elsewhere".into()), Err(BadStub::Contradicts("origin")));
        assert_eq!(with("checkpoint", 7u32.into()), Err(BadStub::NoCheckpoint));
        assert!(matches!(with("checkpoint", "x".into()), Err(BadStub::Checkpoint(_))));
        assert!(with("first", 3u32.into()).is_ok(), "a receipt has more members");
        assert!(matches!(parse(b"[1]"), Err(BadStub::Json(_))));
        assert!(parse_note(b"\0\0").is_err());
    }
}
