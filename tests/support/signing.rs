//! What `foil sign` signs in tests, and with which key.

use counterfoil::{json, key::SecretKey, record::signed::Verifier, time::Time};

use super::run::Folder;

pub fn folder() -> Folder {
    let folder = Folder::new();
    folder.fixed_key("gateway", 7);
    folder
}

pub fn signed_by_us(line: &str) -> bool {
    let record = json::parse_object(line.as_bytes()).unwrap();
    let now = Time::parse("2026-03-01T06:00:00.000Z").unwrap();
    Verifier::new().signers(&record, now) == Ok(vec![SecretKey::from_seed(&[7; 32]).public()])
}
