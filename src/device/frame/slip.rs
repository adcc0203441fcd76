//! SLIP (RFC 1055): two bytes are escaped, so that C0 can end a frame.
//!
//! ```text
//! DB DC → C0      DB DD → DB
//! ```

/// The byte that ends a frame.
pub(super) const END: u8 = 0xc0;

/// The bytes that were encoded, without the end; `None` if an escape is neither of the two.
pub(super) fn decode(coded: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(coded.len());
    let mut rest = coded.iter();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            0xdb => match rest.next()? {
                0xdc => END,
                0xdd => 0xdb,
                _ => return None,
            },
            byte => *byte,
        });
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone_or_refused() {
        assert_eq!(decode(&[1, 0xdb, 0xdc, 0xdb, 0xdd, 2]), Some(vec![1, 0xc0, 0xdb, 2]));
        assert_eq!(decode(&[0xdb]), None);
        assert_eq!(decode(&[0xdb, 1]), None);
    }
}
