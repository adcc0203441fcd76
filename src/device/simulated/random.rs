//! Random numbers that are the same everywhere.

/// `SplitMix64` (Steele, Lea, Flood 2014): small, and the same everywhere. Not for secrets.
#[derive(Clone, Debug)]
pub struct SplitMix(pub u64);

impl SplitMix {
    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from −limit to limit.
    pub fn within(&mut self, limit: u64) -> i64 {
        let span = 2 * limit + 1;
        i64::try_from(self.bits() % span).unwrap_or(0) - i64::try_from(limit).unwrap_or(0)
    }

    /// Whether something happens that has so many chances in a million.
    pub fn happens(&mut self, millionths: u64) -> bool {
        self.bits() % 1_000_000 < millionths
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splitmix_as_published() {
        let mut random = SplitMix(1_234_567);
        assert_eq!(random.bits(), 6_457_827_717_110_365_317);
        assert_eq!(random.bits(), 3_203_168_211_198_807_973);
    }
}
