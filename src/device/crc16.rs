//! Cyclic redundancy checks of 16 bits over reflected polynomials, as meters and Modbus have them.
//!
//! ```text
//! 8005 reflected: A001     P1 telegrams from 0000, Modbus from FFFF
//! 1021 reflected: 8408     SML from FFFF, inverted; from 0000 with some meters
//! ```
//!
//! Four bytes at a time: the CRC of a telegram would take as long as all else that is done with it.

/// The remainders of a polynomial.
pub struct Crc16([[u16; 256]; 4]);

/// The polynomial 8005.
pub static CRC_8005: Crc16 = Crc16::new(0xa001);

/// The polynomial 1021.
pub static CRC_1021: Crc16 = Crc16::new(0x8408);

impl Crc16 {
    /// Of a polynomial, its bits reversed.
    const fn new(reflected: u16) -> Self {
        let mut tables = [[0; 256]; 4];
        let mut at = 0;
        while at < 1024 {
            // Of one byte alone, then of the same with one, two and three zeros behind it.
            let (zeros, byte) = (at / 256, at % 256);
            tables[zeros][byte] = match zeros {
                #[expect(clippy::cast_possible_truncation, reason = "below 256")]
                0 => shifted(byte as u16, reflected),
                _ => shifted(tables[zeros - 1][byte], reflected),
            };
            at += 1;
        }
        Self(tables)
    }

    /// The remainder of some bytes, from a first one on.
    pub fn remainder(&self, first: u16, bytes: &[u8]) -> u16 {
        let [last, third, second, head] = &self.0;
        let (fours, rest) = bytes.as_chunks::<4>();
        let crc = fours.iter().fold(first, |crc, [a, b, c, d]| {
            let [low, high] = (crc ^ u16::from_le_bytes([*a, *b])).to_le_bytes();
            head[usize::from(low)]
                ^ second[usize::from(high)]
                ^ third[usize::from(*c)]
                ^ last[usize::from(*d)]
        });
        rest.iter().fold(crc, |crc, byte| {
            let [low, high] = crc.to_le_bytes();
            u16::from(high) ^ last[usize::from(low ^ byte)]
        })
    }
}

/// Eight bits on.
const fn shifted(mut crc: u16, reflected: u16) -> u16 {
    let mut bit = 0;
    while bit < 8 {
        crc = if crc & 1 == 1 { (crc >> 1) ^ reflected } else { crc >> 1 };
        bit += 1;
    }
    crc
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_bytes_at_a_time_are_as_one_bit_after_the_other() {
        let bytes: Vec<u8> = (0..=255).chain(0..=255).collect();
        for (crc, reflected) in [(&CRC_8005, 0xa001), (&CRC_1021, 0x8408)] {
            for length in (0..40).chain([511, 512]) {
                let bitwise = |crc, byte: &u8| shifted(crc ^ u16::from(*byte), reflected);
                let one_by_one = bytes[..length].iter().fold(0xffff, bitwise);
                assert_eq!(crc.remainder(0xffff, &bytes[..length]), one_by_one, "{length} bytes");
            }
        }
    }
}
