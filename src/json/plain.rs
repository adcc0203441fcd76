//! The part of a string that stands for itself: what is looked for is its end, and most strings are nothing else.

/// How many bytes stand before the first that is not ASCII, a control character, `"` or `\`.
pub(super) fn plain(bytes: &[u8]) -> usize {
    // Signatures are long: of a block it is only asked whether all of it is plain, which takes a few instructions.
    let (blocks, _) = bytes.as_chunks::<32>();
    let is_plain = |block: &&[u8; 32]| block.iter().fold(true, |all, byte| all & is_plain(*byte));
    let begin = 32 * blocks.iter().take_while(is_plain).count();
    begin + plain_by_words(&bytes[begin..])
}

fn is_plain(byte: u8) -> bool {
    (0x20..0x80).contains(&byte) && byte != b'"' && byte != b'\\'
}

/// The same, eight at a time.
fn plain_by_words(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::MAX / 255;
    // The highest bit of each byte that is zero; bytes above the first such one may be wrong.
    let zero = |word: u64| word.wrapping_sub(ONES) & !word & (ONES << 7);
    let special = |word: &[u8; 8]| {
        let word = u64::from_le_bytes(*word);
        let control = word.wrapping_sub(ONES * 0x20) & !word & (ONES << 7);
        control
            | (word & (ONES << 7))
            | zero(word ^ (ONES * u64::from(b'"')))
            | zero(word ^ (ONES * u64::from(b'\\')))
    };
    let (words, rest) = bytes.as_chunks::<8>();
    for (at, word) in words.iter().enumerate() {
        let special = special(word);
        if special != 0 {
            return at * 8 + special.trailing_zeros() as usize / 8;
        }
    }
    // The rest together with bytes that were seen already.
    if last_word(bytes).is_some_and(|last| special(&last) == 0) {
        return bytes.len();
    }
    bytes.len() - rest.len() + rest.iter().take_while(|byte| is_plain(**byte)).count()
}

/// The last eight bytes, or of fewer the first four and the last four; `None`: there are not so many.
fn last_word(bytes: &[u8]) -> Option<[u8; 8]> {
    let short = || {
        let mut word = [0; 8];
        word[..4].copy_from_slice(bytes.first_chunk::<4>()?);
        word[4..].copy_from_slice(bytes.last_chunk::<4>()?);
        Some(word)
    };
    bytes.last_chunk().copied().or_else(short)
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn it_ends_at_the_first_byte_that_is_not_plain() {
        for length in 0..100 {
            assert_eq!(plain(&vec![0x7f; length]), length);
            for (at, other) in
                (0..length).flat_map(|at| [0, 0x1f, b'"', b'\\', 0x80, 0xff].map(|other| (at, other)))
            {
                let mut bytes = vec![b' '; length];
                bytes[at] = other;
                assert_eq!(plain(&bytes), at, "{other} in {length}");
            }
        }
    }
}
