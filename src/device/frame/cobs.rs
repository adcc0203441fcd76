//! Consistent overhead byte stuffing: zero-free blocks, each after a byte that counts it.
//!
//! ```text
//! 03 11 22 | 02 33     →  11 22 00 33      a count of n: n−1 bytes, then a zero that was left out
//! FF …254 bytes… | 01                      a count of FF: no zero was left out
//! ```

/// The bytes that were encoded, without the closing zero; `None` if a count leads beyond the end.
pub(super) fn decode(mut coded: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(coded.len());
    while let Some((count, rest)) = coded.split_first() {
        let length = usize::from(*count).checked_sub(1)?;
        bytes.extend_from_slice(rest.get(..length)?);
        coded = &rest[length..];
        if *count != 0xff && !coded.is_empty() {
            bytes.push(0);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_of_the_paper() {
        assert_eq!(decode(&[1, 1]), Some(vec![0]));
        assert_eq!(decode(&[3, 0x11, 0x22, 2, 0x33]), Some(vec![0x11, 0x22, 0, 0x33]));
        assert_eq!(decode(&[2, 0x11, 1, 1, 1]), Some(vec![0x11, 0, 0, 0]));
        assert_eq!(decode(&[5, 1, 2]), None);
        let long: Vec<u8> = std::iter::once(255).chain(1..=254).collect();
        assert_eq!(decode(&long), Some((1..=254).collect()));
    }
}
