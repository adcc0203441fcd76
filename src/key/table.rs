//! Tables of a key's multiples: the verdict of `verify_strict` for half its time.
//!
//! ```text
//! R' = s·B − k·A           must be the signature's R byte for byte, and not of small order
//! s  = Σ dᵢ·2^(w·i)        with −2^(w−1) < dᵢ ≤ 2^(w−1)
//! s·B = Σ dᵢ·(2^(w·i)·B)   one entry of the table for each digit: additions only, no doubling
//! ```
//!
//! Each signature is computed by itself and exactly; no equation speaks for several of them at once. What
//! [`Pending`] shares among many is the inversion that encoding a point takes, of which each gets its own exact
//! result. `s` must be canonical (RFC 8032 §5.1.7). What equals the canonical encoding of R' is canonical, so R
//! needs no decoding. Which entries are read depends on signatures and messages only, which are public.

use std::sync::LazyLock;

use curve25519_dalek::{
    constants::ED25519_BASEPOINT_POINT,
    edwards::{CompressedEdwardsY, EdwardsPoint},
    scalar::Scalar,
    traits::Identity,
};

use super::PublicKey;
use crate::hash::sha512;

/// Binary digits in one digit of the table of B, of which there is one in a process: 2 MiB, built in 3.4 ms.
const BASE_WIDTH: usize = 10;

/// The same of a key's table: 640 KiB, built in 1 ms. What wider ones save in additions they lose in the cache.
const KEY_WIDTH: usize = 8;

/// Binary digits of a canonical scalar.
const SCALAR_BITS: usize = 253;

/// The most digits that any width gives, the carry of the last one included.
const MAX_DIGITS: usize = digits(KEY_WIDTH);

const fn digits(width: usize) -> usize {
    SCALAR_BITS / width + 1
}

static BASE: LazyLock<Multiples<BASE_WIDTH>> = LazyLock::new(|| Multiples::of(ED25519_BASEPOINT_POINT));

/// Checks many signatures of one key.
pub struct Table {
    key: PublicKey,
    /// Of −A
    multiples: Multiples<KEY_WIDTH>,
}

impl Table {
    /// Builds the table of a key: as much work as some thirty signatures to check.
    pub fn new(key: &PublicKey) -> Self {
        Self { key: key.clone(), multiples: Multiples::of(-key.0.to_edwards()) }
    }

    /// The key whose signatures it checks.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }

    /// Whether the signature is this key's over the message: exactly what [`PublicKey::verifies`] says.
    pub fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        let expected = self.expected(message, signature);
        expected.is_some_and(|point| is_r(&point, &point.compress(), signature))
    }

    /// R'; none if `s` is not canonical.
    fn expected(&self, message: &[u8], signature: &[u8; 64]) -> Option<EdwardsPoint> {
        let (r, s) = signature.split_at(32);
        let s = Scalar::from_canonical_bytes(s.try_into().ok()?).into_option()?;
        let k = Scalar::from_bytes_mod_order_wide(&sha512(&[r, self.key.as_bytes(), message]));
        let mut expected = EdwardsPoint::identity();
        BASE.add(&s, &mut expected);
        self.multiples.add(&k, &mut expected);
        Some(expected)
    }
}

/// Whether R' is the signature's R. The key itself is of no small order, or it would be no [`PublicKey`].
fn is_r(expected: &EdwardsPoint, encoded: &CompressedEdwardsY, signature: &[u8; 64]) -> bool {
    signature.starts_with(encoded.as_bytes()) && !expected.is_small_order()
}

/// Signatures whose verdicts are asked for later, many at once: each is what [`Table::verifies`] says.
#[derive(Default)]
pub struct Pending {
    expected: Vec<EdwardsPoint>,
    of: Vec<(usize, [u8; 64])>,
    refused: Vec<usize>,
}

impl Pending {
    /// Adds a signature, under a number that the caller chooses.
    pub fn push(&mut self, number: usize, table: &Table, message: &[u8], signature: &[u8; 64]) {
        match table.expected(message, signature) {
            Some(expected) => {
                self.expected.push(expected);
                self.of.push((number, *signature));
            }
            None => self.refused.push(number),
        }
    }

    /// The numbers of those that do not hold, in no order. None is pending afterwards.
    pub fn failed(&mut self) -> Vec<usize> {
        let encoded = EdwardsPoint::compress_batch_alloc(&self.expected);
        let points = self.expected.iter().zip(&encoded).zip(&self.of);
        let failed =
            points.filter(|((expected, encoded), (_, signature))| !is_r(expected, encoded, signature));
        let failed = failed.map(|(_, (number, _))| *number).chain(self.refused.iter().copied()).collect();
        self.expected.clear();
        self.of.clear();
        self.refused.clear();
        failed
    }
}

/// For each digit of a scalar the multiples 1 to 2^(w−1) of the point that the digit counts.
struct Multiples<const WIDTH: usize>(Vec<EdwardsPoint>);

impl<const WIDTH: usize> Multiples<WIDTH> {
    const HALF: usize = 1 << (WIDTH - 1);

    fn of(point: EdwardsPoint) -> Self {
        let mut multiples = Vec::with_capacity(digits(WIDTH) * Self::HALF);
        let mut unit = point;
        for _ in 0..digits(WIDTH) {
            let mut multiple = unit;
            for _ in 1..Self::HALF {
                multiples.push(multiple);
                multiple += unit;
            }
            multiples.push(multiple);
            unit = multiple + multiple;
        }
        Self(multiples)
    }

    /// Adds a multiple of the point to a sum.
    fn add(&self, scalar: &Scalar, sum: &mut EdwardsPoint) {
        for (digit, multiples) in signed_digits::<WIDTH>(scalar).into_iter().zip(self.0.chunks(Self::HALF)) {
            match usize::from(digit.unsigned_abs()) {
                0 => {}
                size if digit < 0 => *sum -= &multiples[size - 1],
                size => *sum += &multiples[size - 1],
            }
        }
    }
}

/// The digits of a scalar, lowest first, each between −2^(w−1) and 2^(w−1).
#[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap)] // a digit has few bits
fn signed_digits<const WIDTH: usize>(scalar: &Scalar) -> [i16; MAX_DIGITS] {
    const { assert!(WIDTH >= KEY_WIDTH && WIDTH <= 16) };
    let bytes = scalar.as_bytes();
    let byte = |at: usize| u32::from(bytes.get(at).copied().unwrap_or(0));
    let (full, half) = (1 << WIDTH, 1 << (WIDTH - 1));
    let (mut digits, mut carry) = ([0; MAX_DIGITS], 0);
    for (digit, bit) in digits.iter_mut().zip((0..).step_by(WIDTH)) {
        // Sixteen bits lie in three bytes.
        let window = (byte(bit / 8) | byte(bit / 8 + 1) << 8 | byte(bit / 8 + 2) << 16) >> (bit % 8);
        let unsigned = (window % full) as i16 + carry;
        carry = i16::from(unsigned > half);
        *digit = unsigned - carry * full as i16;
    }
    digits
}

#[cfg(test)]
mod tests;
