//! Packed files of entries: gzip (RFC 1952) with one header, one member, nothing behind it.
//!
//! ```text
//! 1f 8b 08 00  00 00 00 00  00 ff       always these bytes: no name, no time
//! …                                     deflate (RFC 1951): a window of 32 KiB, so little memory to read it
//! crc32 of the lines    their length    4 bytes each, little-endian
//! ```
//!
//! `zcat` reads it. Other headers, more members and anything behind the last byte are refused here: there is
//! one form of a packed file, and what was done to it shows.

use std::{
    fs::File,
    io::{self, BufReader, Read, Write},
    os::unix::fs::FileExt,
};

use flate2::{Compression, Crc, bufread::DeflateDecoder, write::DeflateEncoder};

const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// zlib's own middle: the levels above it save some thousandths and cost a fifth more time.
const LEVEL: u32 = 6;

/// Packs everything that comes. The same bytes give the same bytes.
///
/// # Errors
/// If one side cannot be read or written.
pub fn pack(mut source: impl Read, mut target: impl Write) -> io::Result<()> {
    target.write_all(&HEADER)?;
    let (mut sum, mut piece) = (Crc::new(), vec![0; 1 << 16]);
    let mut deflate = DeflateEncoder::new(&mut target, Compression::new(LEVEL));
    loop {
        let count = source.read(&mut piece)?;
        if count == 0 {
            break;
        }
        sum.update(&piece[..count]);
        deflate.write_all(&piece[..count])?;
    }
    deflate.finish()?;
    target.write_all(&trailer(&sum))?;
    target.flush()
}

fn trailer(sum: &Crc) -> [u8; 8] {
    let both = u64::from(sum.amount()) << 32 | u64::from(sum.sum());
    both.to_le_bytes()
}

/// How long the lines of a packed file are, by its own word: the rest of the division by 2^32.
///
/// # Errors
/// If it is too short, or cannot be read.
pub fn length(packed: &File) -> io::Result<u64> {
    let mut said = [0; 4];
    let end = packed.metadata()?.len();
    packed.read_exact_at(&mut said, end.saturating_sub(4))?;
    Ok(u32::from_le_bytes(said).into())
}

/// What is packed, as it streams by. What is no packed file ends with an error of the kind `InvalidData`.
pub struct Unpacked<R> {
    deflate: DeflateDecoder<BufReader<R>>,
    sum: Crc,
    stage: Stage,
}

enum Stage {
    Begin,
    Within,
    Over,
}

impl<R: Read> Unpacked<R> {
    /// Reads nothing yet.
    pub fn new(packed: R) -> Self {
        let deflate = DeflateDecoder::new(BufReader::with_capacity(1 << 15, packed));
        Self { deflate, sum: Crc::new(), stage: Stage::Begin }
    }

    fn header(&mut self) -> io::Result<()> {
        let mut header = [0; 10];
        self.deflate.get_mut().read_exact(&mut header).map_err(fault)?;
        if header == HEADER {
            Ok(())
        } else {
            Err(bad("not as foil chain pack does it (gunzip gives back its lines)"))
        }
    }

    fn trailer(&mut self) -> io::Result<()> {
        let packed = self.deflate.get_mut();
        let mut said = [0; 8];
        packed.read_exact(&mut said).map_err(fault)?;
        if said != trailer(&self.sum) {
            return Err(bad("its checksum is another one"));
        }
        if packed.read(&mut [0])? == 0 { Ok(()) } else { Err(bad("something stands behind its end")) }
    }
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, piece: &mut [u8]) -> io::Result<usize> {
        if let Stage::Begin = self.stage {
            self.header()?;
            self.stage = Stage::Within;
        }
        if let Stage::Over = self.stage {
            return Ok(0);
        }
        let count = self.deflate.read(piece).map_err(fault)?;
        self.sum.update(&piece[..count]);
        if count == 0 && !piece.is_empty() {
            self.trailer()?;
            self.stage = Stage::Over;
        }
        Ok(count)
    }
}

/// Tells what is wrong with the bytes from what is wrong with the disk.
fn fault(why: io::Error) -> io::Error {
    match why.kind() {
        io::ErrorKind::UnexpectedEof => bad("cut off"),
        io::ErrorKind::InvalidInput => bad("damaged from here on"),
        _ => why,
    }
}

fn bad(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("packed, and {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        pack(text, &mut bytes).unwrap();
        bytes
    }

    fn unpacked(bytes: &[u8]) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        Unpacked::new(bytes).read_to_end(&mut text).map(|_| text)
    }

    fn lines() -> Vec<u8> {
        let line = |n: u64| format!("{{\"n\":{n},\"record\":{{\"value\":{}}}}}\n", n * n * 7_919);
        (0..200).flat_map(|n| line(n).into_bytes()).collect()
    }

    #[test]
    fn what_goes_in_comes_out_and_the_bytes_are_always_the_same() {
        for text in [&b""[..], b"a", &lines(), &vec![0; 1 << 20]] {
            assert_eq!(unpacked(&packed(text)).unwrap(), text);
            assert_eq!(packed(text), packed(text));
        }
    }

    #[test]
    fn every_flipped_bit_is_noticed_but_those_that_stand_for_nothing() {
        let text = lines();
        let whole = packed(&text);
        let mut idle = Vec::new();
        for bit in 0..8 * whole.len() {
            let mut bent = whole.clone();
            bent[bit / 8] ^= 1 << (bit % 8);
            match unpacked(&bent) {
                Ok(lines) => {
                    assert_eq!(lines, text, "bit {bit}");
                    idle.push(bit / 8);
                }
                Err(why) => assert_eq!(why.kind(), io::ErrorKind::InvalidData, "bit {bit}: {why}"),
            }
        }
        // Deflate ends in the middle of a byte; the rest of that byte is not read.
        let last = whole.len() - 9;
        assert!(idle.len() < 8 && idle.iter().all(|byte| *byte == last), "{idle:?} of {last}");
    }

    #[test]
    fn cut_off_doubled_and_followed_by_something() {
        let whole = packed(&lines());
        for end in 0..whole.len() {
            assert!(unpacked(&whole[..end]).is_err(), "cut off at {end}");
        }
        for more in [&b"\0"[..], b"more", &whole] {
            let why = unpacked(&[&whole[..], more].concat()).unwrap_err().to_string();
            assert!(why.ends_with("behind its end"), "{why}");
        }
        let named = [&[0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3][..], b"x\0", &whole[10..]].concat();
        assert!(unpacked(&named).is_err(), "another header");
    }

    #[test]
    fn a_bomb_comes_piece_by_piece() {
        let bomb = packed(&vec![0; 64 << 20]);
        assert!(bomb.len() < 100_000);
        let mut reader = Unpacked::new(&bomb[..]);
        let mut piece = [0; 4096];
        assert_eq!(reader.read(&mut piece).unwrap(), 4096);
        assert!(reader.sum.amount() == 4096, "no more was unpacked than was asked for");
    }
}
