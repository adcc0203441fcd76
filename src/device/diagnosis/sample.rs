//! A sample of a stream of bytes: its first and its count, in bounded memory.

/// How many bytes are kept.
const KEPT: usize = 4_096;

/// The first bytes of a stream, and how many there were.
#[derive(Clone, Debug, Default)]
pub struct ByteSample {
    first: Vec<u8>,
    total: u64,
    ends_lines: bool,
}

impl ByteSample {
    /// Counts bytes, and keeps them while there is room.
    pub fn add(&mut self, bytes: &[u8]) {
        let room = KEPT - self.first.len();
        self.first.extend_from_slice(&bytes[..bytes.len().min(room)]);
        self.total += bytes.len() as u64;
        self.ends_lines |= bytes.iter().any(|byte| b"\r\n".contains(byte));
    }

    /// The bytes that were kept.
    pub fn bytes(&self) -> &[u8] {
        &self.first
    }

    /// Whether a line end was among all of them.
    pub fn ends_lines(&self) -> bool {
        self.ends_lines
    }

    /// How many bytes there were.
    pub fn total(&self) -> u64 {
        self.total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_are_kept_and_all_are_counted() {
        let mut sample = ByteSample::default();
        sample.add(b"ab");
        sample.add(&[b'c'; 5_000]);
        assert!(!sample.ends_lines());
        sample.add(b"d\n");
        assert!(sample.ends_lines(), "also behind those that are kept");
        assert_eq!((sample.bytes().len(), sample.total()), (4_096, 5_004));
        assert_eq!(&sample.bytes()[..3], b"abc");
    }
}
