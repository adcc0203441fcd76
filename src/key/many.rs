//! Many messages signed at once: the signatures of RFC 8032 §5.1.6, byte for byte, for three quarters of the time.
//!
//! ```text
//! r = SHA-512(prefix ‖ M)      of each message by itself
//! R = r·B                      encoded together: one inversion serves them all
//! S = r + SHA-512(R ‖ A ‖ M)·s
//! ```
//!
//! Every operation on secrets is one of curve25519-dalek that takes constant time, as in a signature alone.

use curve25519_dalek::{
    edwards::{CompressedEdwardsY, EdwardsPoint},
    scalar::Scalar,
};
use ed25519_dalek::hazmat::ExpandedSecretKey;
use zeroize::Zeroizing;

use super::SecretKey;
use crate::hash::sha512;

/// How many messages share an inversion: of so many, it costs each a hundredth of what it costs one.
const TOGETHER: usize = 64;

impl SecretKey {
    /// What [`SecretKey::sign`] gives for each of these messages, in their order.
    pub fn sign_many(&self, messages: &[[u8; 64]]) -> Vec<[u8; 64]> {
        let key = ExpandedSecretKey::from(self.seed());
        messages.chunks(TOGETHER).flat_map(|messages| self.sign_together(&key, messages)).collect()
    }

    fn sign_together(&self, key: &ExpandedSecretKey, messages: &[[u8; 64]]) -> Vec<[u8; 64]> {
        let nonce = |message: &[u8; 64]| scalar(&[&key.hash_prefix, message]);
        let nonces: Zeroizing<Vec<Scalar>> = Zeroizing::new(messages.iter().map(nonce).collect());
        let points: Vec<EdwardsPoint> = nonces.iter().map(EdwardsPoint::mul_base).collect();
        let encoded = EdwardsPoint::compress_batch_alloc(&points);
        let public = self.0.verifying_key();
        let signature = |((message, nonce), point): ((&[u8; 64], &Scalar), &[u8; 32])| {
            let challenge = scalar(&[point, public.as_bytes(), message]);
            let mut signature = [0; 64];
            signature[..32].copy_from_slice(point);
            signature[32..].copy_from_slice((nonce + challenge * key.scalar).as_bytes());
            signature
        };
        let encoded = encoded.iter().map(CompressedEdwardsY::as_bytes);
        messages.iter().zip(nonces.iter()).zip(encoded).map(signature).collect()
    }
}

/// The SHA-512 of some pieces, as a number modulo the order of B.
fn scalar(pieces: &[&[u8]]) -> Scalar {
    Scalar::from_bytes_mod_order_wide(&Zeroizing::new(sha512(pieces)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::Hash;

    #[test]
    fn many_at_once_are_signed_as_each_alone() {
        for seed in [[0; 32], [1; 32], [0xff; 32], Hash::of(b"seed").0] {
            let key = SecretKey::from_seed(&seed);
            let message = |n: usize| -> [u8; 64] { sha512(&[&seed, &n.to_le_bytes()]) };
            for count in [0, 1, 2, TOGETHER - 1, TOGETHER, TOGETHER + 1, 3 * TOGETHER + 7] {
                let messages: Vec<[u8; 64]> = (0..count).map(message).collect();
                let alone: Vec<[u8; 64]> = messages.iter().map(|message| key.sign(message)).collect();
                assert_eq!(key.sign_many(&messages), alone, "{count}");
                assert!(alone.iter().zip(&messages).all(|(it, message)| key.public().verifies(message, it)));
            }
        }
    }
}
