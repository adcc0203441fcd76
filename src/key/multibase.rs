//! Multibase text: `z` and base58btc, `f` and lowercase hex, of byte strings whose length is known.
//!
//! ```text
//! z2HnFSSPPBzR36zd…    64 bytes: a signature, as `proofValue`
//! f8ac1…               the same in hex, which small devices can print
//! ```
//!
//! Standard: <https://www.w3.org/TR/cid-1.0/#multibase-0>. One byte string has one text.

/// The digits of base58btc.
const DIGITS: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// The value of each byte as a digit; 58 for bytes that are none.
const DIGIT_VALUES: [u8; 256] = {
    let mut worth = [58; 256];
    let mut digit = 0;
    while digit < 58 {
        worth[DIGITS[digit as usize] as usize] = digit;
        digit += 1;
    }
    worth
};

/// The longest byte string that is converted: a signature.
pub const MAX: usize = 64;

/// 58⁵, the largest power of 58 in 32 bits. Digits are made and read in groups, since digit by digit base58
/// costs a third of the signature that it spells.
const GROUP: u64 = 58 * 58 * 58 * 58 * 58;

/// How many groups of five digits [`MAX`] bytes have at most.
const GROUPS: usize = 18;

/// 2^(32·i) in groups of digits, lowest first: with them a number is converted by products that do not wait for each
/// other, where division would wait for each rest.
const POWERS: [[u32; GROUPS]; MAX / 4] = {
    let mut powers = [[0; GROUPS]; MAX / 4];
    powers[0][0] = 1;
    let mut power = 1;
    while power < MAX / 4 {
        let (mut group, mut carry) = (0, 0);
        while group < GROUPS {
            let wide = ((powers[power - 1][group] as u64) << 32) + carry;
            powers[power][group] = (wide % GROUP) as u32;
            carry = wide / GROUP;
            group += 1;
        }
        power += 1;
    }
    powers
};

/// So many products of a limb and a group, below 2³² and 58⁵, fit in 64 bits together with a group.
const PRODUCTS: usize = 6;

/// The text of some bytes in base58btc; of more than [`MAX`] only the last.
pub fn encode(bytes: &[u8]) -> String {
    let bytes = &bytes[bytes.len().saturating_sub(MAX)..];
    let mut digits = [b'1'; GROUPS * 5];
    for (five, mut group) in digits.rchunks_exact_mut(5).zip(groups(bytes)) {
        for digit in five.iter_mut().rev() {
            *digit = DIGITS[(group % 58) as usize];
            group /= 58;
        }
    }
    // The groups are padded with zeros, which are the digit 1; each zero byte in front is one, too.
    let padding = digits.iter().take_while(|digit| **digit == b'1').count();
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let mut text = String::with_capacity(1 + zeros + digits.len());
    text.push('z');
    text.extend(std::iter::repeat_n('1', zeros));
    text.extend(digits[padding..].iter().copied().map(char::from));
    text
}

/// A number of at most [`MAX`] bytes in groups of digits, lowest first.
#[allow(clippy::cast_possible_truncation)] // a rest is below 58⁵ < 2³²
fn groups(bytes: &[u8]) -> [u32; GROUPS] {
    let mut padded = [0; MAX];
    padded[MAX - bytes.len()..].copy_from_slice(bytes);
    let mut groups = [0; GROUPS];
    let limbs = padded.rchunks_exact(4).zip(&POWERS);
    for (at, (four, power)) in limbs.enumerate() {
        let limb = four.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        for (group, part) in groups.iter_mut().zip(power) {
            *group += limb * u64::from(*part);
        }
        if at % PRODUCTS == PRODUCTS - 1 {
            carry(&mut groups);
        }
    }
    carry(&mut groups);
    groups.map(|group| group as u32)
}

/// Takes from each group what is above 58⁵ to the next one.
fn carry(groups: &mut [u64; GROUPS]) {
    let mut carry = 0;
    for group in groups {
        let sum = *group + carry;
        (*group, carry) = (sum % GROUP, sum / GROUP);
    }
}

/// Whether a text is `z` and digits of base58btc.
pub fn is_base58(text: &str) -> bool {
    text.strip_prefix('z')
        .is_some_and(|digits| digits.bytes().all(|digit| DIGIT_VALUES[usize::from(digit)] < 58))
}

/// Reads exactly `N` bytes, at most [`MAX`], from base58btc.
pub fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    const { assert!(N <= MAX) };
    let digits = text.strip_prefix('z')?.as_bytes();
    // A digit holds more than five bits: what is longer holds more than N bytes.
    if digits.len() > N * 8 / 5 {
        return None;
    }
    let mut number = [0; MAX / 8];
    for group in digits.chunks(10) {
        add_digits(&mut number, group)?;
    }
    let mut bytes = [0; MAX];
    for (eight, limb) in bytes.chunks_exact_mut(8).zip(number.iter().rev()) {
        eight.copy_from_slice(&limb.to_be_bytes());
    }
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let ones = digits.iter().take_while(|digit| **digit == b'1').count();
    (MAX - zeros + ones == N).then(|| bytes.last_chunk().copied())?
}

/// Appends up to ten digits to a number, whose lowest limb is first.
#[allow(clippy::cast_possible_truncation)] // the low half of a wide number is meant
fn add_digits(number: &mut [u64; MAX / 8], digits: &[u8]) -> Option<()> {
    let (mut sum, mut scale) = (0, 1u64);
    for digit in digits {
        let worth = DIGIT_VALUES[usize::from(*digit)];
        sum = sum * 58 + u64::from(worth);
        scale *= 58;
        if worth == 58 {
            return None;
        }
    }
    let mut carry = u128::from(sum);
    for limb in number {
        let wide = u128::from(*limb) * u128::from(scale) + carry;
        *limb = wide as u64;
        carry = wide >> 64;
    }
    (carry == 0).then_some(())
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
        }
        assert_eq!(decode::<64>(&format!("z{}", "2".repeat(60_000))), None);
        assert_eq!(decode::<64>("z0OIl"), None, "letters that base58 leaves out");
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn another_codec_agrees(zeros in 0..8usize, rest in proptest::collection::vec(0..=255u8, 34)) {
            let mut bytes = vec![0; zeros];
            bytes.extend(rest);
            let bytes = &bytes[..34];
            let text = format!("z{}", bs58::encode(bytes).into_string());
            assert_eq!(encode(bytes), text);
            assert_eq!(decode::<34>(&text).as_ref().map(<[u8; 34]>::as_slice), Some(bytes));
        }

        #[test]
        fn another_codec_agrees_on_any_text(text in "[1-9A-HJ-NP-Za-km-z]{80,90}|[1z]{0,90}|.{0,9}") {
            let theirs = bs58::decode(&text).into_vec().ok().and_then(|bytes| bytes.try_into().ok());
            assert_eq!(decode::<64>(&format!("z{text}")), theirs);
        }
    }
}
