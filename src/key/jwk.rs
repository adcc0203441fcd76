//! JSON Web Keys.
//!
//! ```text
//! {"kty":"OKP","crv":"Ed25519","x":"6kpsY-KcUgq-…","d":"BwcHBwcH…"}     without d only the public half
//! ```
//!
//! Standard: RFC 7517, RFC 8037 §2 (`OKP`); base64url without padding.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use zeroize::{Zeroize as _, Zeroizing};

use super::{PublicKey, SecretKey, algorithm, bad_key_text::BadKeyText};
use crate::json::{self, Object, Value};

/// What a JSON Web Key holds.
pub(super) enum JsonWebKey {
    /// A key that can sign
    Secret(SecretKey),
    /// Only the public half
    Public(PublicKey),
}

/// Reads the text of a key, or of a set that holds one.
pub(super) fn parse(text: &[u8]) -> Result<JsonWebKey, BadKeyText> {
    let object = json::parse_object(text).map_err(|_| BadKeyText::Damaged)?;
    match object.get("keys").and_then(Value::as_array) {
        None => key(object),
        Some([Value::Object(one)]) => key(one.clone()),
        Some(keys) => Err(BadKeyText::Other(format!("a set of {} JSON Web Keys", keys.len()))),
    }
}

fn key(mut object: Object) -> Result<JsonWebKey, BadKeyText> {
    let secret = match object.remove("d") {
        // A text as long as a secret hands its buffer over, so that no copy of it stays behind.
        Some(Value::String(text)) => Some(Zeroizing::new(text.into_string())),
        Some(_) => return Err(BadKeyText::Damaged),
        None => None,
    };
    let Some(kind) = object.str("kty") else { return Err(BadKeyText::NoKey) };
    let curve = object.str("crv").unwrap_or_default();
    match (kind, curve) {
        ("OKP", "Ed25519") => {}
        ("RSA", _) => return Err(BadKeyText::Other("an RSA key".to_owned())),
        ("oct", _) => return Err(BadKeyText::Other("a secret that two share, which cannot sign".to_owned())),
        ("EC", curve) => return Err(BadKeyText::Other(format!("an EC key on {}", word(curve)))),
        ("OKP", curve) => return Err(BadKeyText::Other(format!("a key on {}", word(curve)))),
        (kind, _) => return Err(BadKeyText::Other(format!("a key of type {}", algorithm::quoted(kind)))),
    }
    // What is not there is not guessed from the other half: the standard demands it.
    let public = bytes(object.str("x").ok_or(BadKeyText::Damaged)?)?;
    let Some(secret) = secret else {
        return PublicKey::from_bytes(&public).map(JsonWebKey::Public).map_err(BadKeyText::Key);
    };
    let seed = bytes(&secret)?;
    let key = SecretKey::from_seed(&seed);
    if key.public().as_bytes() == &*public { Ok(JsonWebKey::Secret(key)) } else { Err(BadKeyText::Mismatch) }
}

/// The name of a curve as it is, unless it is odd.
fn word(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if !name.is_empty() && name.len() <= 20 && name.chars().all(is_plain) {
        name.to_owned()
    } else {
        algorithm::quoted(name)
    }
}

fn bytes(text: &str) -> Result<Zeroizing<[u8; 32]>, BadKeyText> {
    let mut decoded = Zeroizing::new([0; 34]);
    let length = URL_SAFE_NO_PAD.decode_slice(text.trim_end_matches('='), &mut *decoded);
    let bytes = decoded.first_chunk::<32>().filter(|_| length == Ok(32)).copied();
    let bytes = bytes.map(Zeroizing::new).ok_or(BadKeyText::Damaged);
    decoded.zeroize();
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of RFC 8037, appendix A.
    const RFC_8037: &str = r#"{"kty":"OKP","crv":"Ed25519",
        "d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
        "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;

    fn refusal(text: &str) -> String {
        match parse(text.as_bytes()) {
            Ok(_) => panic!("taken: {text}"),
            Err(bad) => bad.to_string(),
        }
    }

    #[test]
    fn the_key_of_the_standard_is_read_with_and_without_its_secret() {
        let Ok(JsonWebKey::Secret(key)) = parse(RFC_8037.as_bytes()) else { panic!("no secret key") };
        let public =
            r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kid":"a"}"#;
        for text in [public.to_owned(), format!("{{\"keys\":[{public}]}}")] {
            let Ok(JsonWebKey::Public(read)) = parse(text.as_bytes()) else { panic!("no public key") };
            assert_eq!(read, key.public());
        }
        let other = RFC_8037.replace("11qY", "12qY");
        assert_eq!(refusal(&other), BadKeyText::Mismatch.to_string());
    }

    #[test]
    fn other_keys_are_called_what_they_are() {
        for (text, what) in [
            (r#"{"kty":"RSA","n":"AQ","e":"AQAB"}"#, "an RSA key"),
            (r#"{"kty":"EC","crv":"P-256","x":"AQ","y":"AQ"}"#, "an EC key on P-256"),
            (r#"{"kty":"OKP","crv":"X25519","x":"AQ"}"#, "a key on X25519"),
            (r#"{"kty":"OKP","crv":"Ed448","d":"AQ","x":"AQ"}"#, "a key on Ed448"),
            (r#"{"kty":"oct","k":"AQ"}"#, "a secret that two share"),
            (r#"{"keys":[]}"#, "a set of 0 JSON Web Keys"),
        ] {
            assert!(refusal(text).contains(what), "{text}: {}", refusal(text));
        }
        assert_eq!(refusal("{}"), BadKeyText::NoKey.to_string());
        let ed25519 = r#"{"kty":"OKP","crv":"Ed25519""#;
        for damaged in [
            "",
            r#","x":"AQ""#,
            r#","x":4"#,
            r#","d":"AQ","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo""#,
        ] {
            assert_eq!(refusal(&format!("{ed25519}{damaged}}}")), BadKeyText::Damaged.to_string());
        }
    }
}
