//! Multibase text: `z` and base58btc, `f` and lowercase hex, of byte strings whose length is known.
//!
//! ```text
//! z2HnFSSPPBzR36zd…    64 bytes: a signature, as `proofValue`
//! f8ac1…               the same in hex, which small devices can print
//! ```
//!
//! Standard: <https://www.w3.org/TR/cid-1.0/#multibase-0>. One byte string has one text.

/// The text of some bytes in base58btc.
pub fn encode(bytes: &[u8]) -> String {
    format!("z{}", bs58::encode(bytes).into_string())
}

/// Reads exactly `N` bytes from base58btc.
pub fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.strip_prefix('z')?;
    // Base58 is quadratic, so length comes first: a digit holds more than five bits.
    if digits.len() > N * 8 / 5 {
        return None;
    }
    let mut bytes = [0; N];
    let length = bs58::decode(digits).onto(&mut bytes).ok()?;
    (length == N).then_some(bytes)
}

/// Reads exactly `N` bytes from base58btc or from lowercase hex, whichever the first letter names.
pub fn decode_any<const N: usize>(text: &str) -> Option<[u8; N]> {
    let Some(digits) = text.strip_prefix('f') else { return decode(text) };
    let mut bytes = [0; N];
    let lowercase = !digits.bytes().any(|byte| byte.is_ascii_uppercase());
    (lowercase && hex::decode_to_slice(digits, &mut bytes).is_ok()).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_text_for_one_byte_string() {
        for bytes in [[0; 64], [255; 64], [7; 64]] {
            let text = encode(&bytes);
            assert_eq!(decode(&text), Some(bytes));
            assert_eq!(decode::<64>(&text.replacen('z', "z1", 1)), None, "a zero byte more");
            assert_eq!(decode::<63>(&text), None);
            assert_eq!(decode::<64>(&text[1..]), None, "no prefix");
            assert_eq!(decode_any(&format!("f{}", hex::encode(bytes))), Some(bytes));
        }
        assert_eq!(decode::<64>(&format!("z{}", "2".repeat(60_000))), None);
        assert_eq!(decode::<64>("z0OIl"), None, "letters that base58 leaves out");
        assert_eq!(decode_any::<1>("fAB"), None);
        assert_eq!(decode_any::<1>("fab"), Some([0xab]));
    }
}
