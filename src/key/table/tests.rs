use curve25519_dalek::constants::EIGHT_TORSION;

use super::*;
use crate::{hash::Hash, key::SecretKey};

/// The order of B, lowest byte first.
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// Numbers from a seed, the same every time.
struct Dice(u64);

impl Dice {
    fn bytes(&mut self) -> [u8; 32] {
        self.0 += 1;
        Hash::of(&self.0.to_le_bytes()).0
    }

    fn scalar(&mut self) -> Scalar {
        Scalar::from_bytes_mod_order(self.bytes())
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::from(u16::from_le_bytes([self.bytes()[0], self.bytes()[1]])) % bound
    }

    fn torsion(&mut self) -> EdwardsPoint {
        EIGHT_TORSION[self.below(8)]
    }
}

/// A key of which the secret is known, perhaps with a part of small order.
struct Signer {
    secret: Scalar,
    key: PublicKey,
    torsion: EdwardsPoint,
    table: Table,
}

impl Signer {
    fn new(dice: &mut Dice, torsion: EdwardsPoint) -> Self {
        let secret = dice.scalar();
        let key = PublicKey::from_bytes(&(EdwardsPoint::mul_base(&secret) + torsion).compress().0).unwrap();
        let table = Table::new(&key);
        Self { secret, key, torsion, table }
    }

    /// The signature that begins with these bytes, whatever point R they are.
    fn complete(&self, r: [u8; 32], nonce: Scalar, message: &[u8]) -> [u8; 64] {
        let k = Scalar::from_bytes_mod_order_wide(&sha512(&[&r, self.key.as_bytes(), message]));
        joined(r, (nonce + k * self.secret).to_bytes())
    }

    /// What `verify_strict` and the table both say.
    fn verdict(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        let (strict, table) =
            (self.key.verifies(message, signature), self.table.verifies(message, signature));
        let case = || format!("{} {} {}", self.key, hex::encode(message), hex::encode(signature));
        assert_eq!(strict, table, "{}", case());
        strict
    }
}

fn joined(r: [u8; 32], s: [u8; 32]) -> [u8; 64] {
    let mut signature = [0; 64];
    signature[..32].copy_from_slice(&r);
    signature[32..].copy_from_slice(&s);
    signature
}

/// The sum of two numbers of 256 bits, if it has no more.
fn sum(a: [u8; 32], b: [u8; 32]) -> Option<[u8; 32]> {
    let (mut out, mut carry) = ([0; 32], 0);
    for (at, byte) in out.iter_mut().enumerate() {
        let wide = u16::from(a[at]) + u16::from(b[at]) + carry;
        (*byte, carry) = (wide.to_le_bytes()[0], wide >> 8);
    }
    (carry == 0).then_some(out)
}

/// 2^255 − 19 + y, with or without the sign: another spelling of a small y, or no point at all.
fn spelt_otherwise(y: u8, sign: bool) -> [u8; 32] {
    let mut bytes = [0xff; 32];
    (bytes[0], bytes[31]) = (0xed + y, if sign { 0xff } else { 0x7f });
    bytes
}

/// The ways to make a signature; all but the first few are meant to go wrong, most of the time.
const WAYS: usize = 10;

fn forge(way: usize, signer: &Signer, message: &mut [u8; 32], dice: &mut Dice) -> [u8; 64] {
    let nonce = dice.scalar();
    let point = EdwardsPoint::mul_base(&nonce);
    let honest = signer.complete(point.compress().0, nonce, message);
    let (r, s) = (*honest.first_chunk().unwrap(), *honest.last_chunk().unwrap());
    match way {
        0 => honest,
        // R with a part of small order, which a key of mixed order can make good
        1 => signer.complete((point + dice.torsion()).compress().0, nonce, message),
        2 => signer.complete((point + signer.torsion).compress().0, nonce, message),
        // R of small order and nothing else: the cofactorless equation may hold, strictness refuses it
        3 => signer.complete(dice.torsion().compress().0, Scalar::ZERO, message),
        4 => {
            signer.complete(spelt_otherwise(dice.bytes()[0] % 19, dice.below(2) == 0), Scalar::ZERO, message)
        }
        5 => joined(r, (0..=dice.below(15)).fold(s, |s, _| sum(s, ORDER).unwrap_or(s))),
        6 => flipped(honest, dice.below(512)),
        7 => {
            message[dice.below(32)] ^= 1 << dice.below(8);
            honest
        }
        // scalars whose digits are all at their limits
        8 => joined(r, [[0x80, 0x7f, 0xff, 0x20][dice.below(4)]; 32].map(|byte: u8| byte & dice.bytes()[1])),
        _ => joined(dice.bytes(), s),
    }
}

fn flipped(mut signature: [u8; 64], bit: usize) -> [u8; 64] {
    signature[bit / 8] ^= 1 << (bit % 8);
    signature
}

/// Compares verdicts on so many signatures; answers how many of each way are good.
fn compare(count: usize) -> [usize; WAYS] {
    let (mut dice, mut good) = (Dice(0), [0; WAYS]);
    for round in 0..count.div_ceil(500) {
        let signer = Signer::new(&mut dice, EIGHT_TORSION[round % 8]);
        let (mut pending, mut refused) = (Pending::default(), Vec::new());
        for (number, way) in (0..WAYS).cycle().take(500).enumerate() {
            let mut message = dice.bytes();
            let signature = forge(way, &signer, &mut message, &mut dice);
            let verdict = signer.verdict(&message, &signature);
            good[way] += usize::from(verdict);
            pending.push(number, &signer.table, &message, &signature);
            refused.extend((!verdict).then_some(number));
        }
        let mut failed = pending.failed();
        failed.sort_unstable();
        assert_eq!(failed, refused, "many at once are judged as each by itself");
        assert!(pending.failed().is_empty());
    }
    good
}

/// What must come out of enough cases: none of the ways is empty talk.
fn plausible(good: [usize; WAYS]) {
    assert!(good[0] > 0 && good[1] > 0 && good[2] > 0, "{good:?}");
    assert!(good[1] < good[0], "a torsion part alone is refused: {good:?}");
    assert_eq!(good[3..], [0; WAYS - 3], "{good:?}");
}

#[test]
fn the_verdict_is_that_of_verify_strict() {
    plausible(compare(4_000));
}

/// `cargo test --lib a_million -- --ignored`: two minutes, since dalek is optimised in tests as well.
#[test]
#[ignore = "takes minutes"]
fn a_million_verdicts_are_those_of_verify_strict() {
    plausible(compare(1_000_000));
}

#[test]
fn every_scalar_is_the_sum_of_its_digits() {
    let mut dice = Dice(7);
    let powers = (0..253).map(|bit| (0..bit).fold(Scalar::ONE, |power, _| power + power));
    let some = (0..100).map(|_| dice.scalar());
    for scalar in powers.clone().chain(powers.map(|power| -power)).chain(some).chain([Scalar::ZERO]) {
        assert_eq!(value::<KEY_WIDTH>(&scalar), scalar);
        assert_eq!(value::<BASE_WIDTH>(&scalar), scalar);
    }
}

fn value<const WIDTH: usize>(scalar: &Scalar) -> Scalar {
    let digits = signed_digits::<WIDTH>(scalar);
    let (used, rest) = digits.split_at(super::digits(WIDTH));
    assert!(rest.iter().all(|digit| *digit == 0));
    used.iter().rev().fold(Scalar::ZERO, |sum, digit| {
        assert!(digit.unsigned_abs() <= 1 << (WIDTH - 1));
        let size = Scalar::from(u64::from(digit.unsigned_abs()));
        sum * Scalar::from(1u64 << WIDTH) + if *digit < 0 { -size } else { size }
    })
}

#[test]
fn tables_take_as_much_memory_as_is_said() {
    let table = Table::new(&SecretKey::from_seed(&[7; 32]).public());
    let bytes = table.multiples.0.len() * size_of::<EdwardsPoint>();
    assert_eq!((bytes, BASE.0.len() * size_of::<EdwardsPoint>()), (655_360, 2_129_920));
}
