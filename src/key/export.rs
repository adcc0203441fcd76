//! Public keys in the forms of other programs.
//!
//! ```text
//! ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI… gateway      authorized_keys (RFC 4253 §6.6, RFC 8709)
//! #define FOIL_VERIFICATION_METHOD "did:key:…#…"      a header for firmware that signs
//! ```

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::PublicKey;
use crate::hash::Hash;

/// A line for `authorized_keys`, with a comment unless that is empty.
pub fn ssh(key: &PublicKey, comment: &str) -> String {
    let mut blob = Vec::new();
    for part in [b"ssh-ed25519".as_slice(), key.as_bytes()] {
        blob.extend([0, 0, 0, u8::try_from(part.len()).unwrap_or(u8::MAX)]);
        blob.extend(part);
    }
    format!("ssh-ed25519 {} {comment}", STANDARD.encode(blob)).trim_end().to_owned()
}

/// A C header for a device that signs its records itself. `config` is the canonical proof without value,
/// which is the same for all records of a key: its hash is the first half of what the device signs.
pub fn c_header(key: &PublicKey, config: &str) -> String {
    let hash = Hash::of(config.as_bytes());
    format!(
        "\
/* Constants for a device that signs its records (eddsa-jcs-2022) with the key
 * {did}
 *
 * It prints {{\"p\":RECORD,\"sig\":\"f…\"}}: RECORD in canonical form (RFC 8785: members sorted, no spaces),
 * and in hex the Ed25519 signature over 64 bytes: FOIL_PROOF_SHA256, then the SHA-256 of RECORD.
 */
#ifndef FOIL_KEY_H
#define FOIL_KEY_H

#define FOIL_DID \"{did}\"
#define FOIL_VERIFICATION_METHOD \"{did}#{multibase}\"

/* The proof without its value, whose SHA-256 is below. */
#define FOIL_PROOF \"{config}\"

static const unsigned char FOIL_PROOF_SHA256[32] = {{
{hash}}};

static const unsigned char FOIL_PUBLIC_KEY[32] = {{
{bytes}}};

#endif
",
        did = key.did(),
        multibase = key.multibase(),
        config = config.replace('\\', "\\\\").replace('"', "\\\""),
        hash = rows(hash.as_bytes()),
        bytes = rows(key.as_bytes()),
    )
}

fn rows(bytes: &[u8]) -> String {
    let row = |row: &[u8]| row.iter().map(|byte| format!("0x{byte:02x},")).collect::<Vec<_>>().join(" ");
    let rows: Vec<_> = bytes.chunks(8).map(row).collect();
    format!("    {}\n", rows.join("\n    "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::SecretKey;

    #[test]
    fn the_wire_form_of_ssh() {
        let key = SecretKey::from_seed(&[7; 32]).public();
        let line = ssh(&key, "gateway");
        let encoded = line.strip_prefix("ssh-ed25519 ").unwrap().strip_suffix(" gateway").unwrap();
        let blob = STANDARD.decode(encoded).unwrap();
        assert_eq!(blob[..19], *b"\0\0\0\x0bssh-ed25519\0\0\0\x20");
        assert_eq!(blob[19..], *key.as_bytes());
        assert_eq!(ssh(&key, ""), format!("ssh-ed25519 {encoded}"));
    }

    #[test]
    fn a_header_has_32_bytes_of_each() {
        let key = SecretKey::from_seed(&[7; 32]).public();
        let header = c_header(&key, "{\"a\":1}");
        assert!(header.contains(r#"#define FOIL_PROOF "{\"a\":1}""#), "{header}");
        assert_eq!(header.matches("0x").count(), 64);
    }
}
