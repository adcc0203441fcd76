//! A disk that writes down what comes in which order: one file of a file system of our own, which the kernel's
//! loop driver takes for a disk.
//!
//! ```text
//! ext4 → /dev/loopN → FUSE → here     a write: bytes at an offset;  fsync: the disk's cache was flushed
//! ```
//!
//! Protocol: linux/fuse.h, version 7.31, spoken over `/dev/fuse` without a library. The root is node 1, the file
//! `disk` node 2.

use std::{
    fs::File,
    io::{Read, Write},
    sync::{Arc, Mutex},
};

const FILE: u64 = 2;
const MAX_WRITE: u32 = 1 << 17;
const ENOENT: i32 = -2;
const ENOSYS: i32 = -38;

/// What came to the disk.
pub enum Event {
    Write { offset: usize, bytes: Vec<u8> },
    Flush,
}

/// The disk as it is, and what came since recording began.
pub struct Tape {
    pub image: Vec<u8>,
    pub events: Vec<Event>,
}

/// Serves the disk until it is unmounted.
pub fn serve(mut fuse: &File, tape: &Arc<Mutex<Tape>>) {
    let mut buffer = vec![0; MAX_WRITE as usize + 8_192];
    // Reading ends with an error when the file system is unmounted.
    while let Ok(length) = fuse.read(&mut buffer) {
        let request = Request(&buffer[..length]);
        let Some(answer) = request.answer(tape) else { continue };
        let (error, body) = answer.map_or_else(|error| (error, Vec::new()), |body| (0, body));
        let length = u32::try_from(16 + body.len()).unwrap();
        let head = [&length.to_le_bytes()[..], &error.to_le_bytes(), &request.0[8..16]].concat();
        if fuse.write(&[head, body].concat()).is_err() {
            return;
        }
    }
}

/// `length: u32, opcode: u32, unique: u64, node: u64, …` up to byte 40, then what the opcode says.
struct Request<'a>(&'a [u8]);

impl Request<'_> {
    fn u32(&self, at: usize) -> u32 {
        u32::from_le_bytes(self.0[at..at + 4].try_into().unwrap())
    }

    fn u64(&self, at: usize) -> u64 {
        u64::from_le_bytes(self.0[at..at + 8].try_into().unwrap())
    }

    /// None where no answer is waited for.
    fn answer(&self, tape: &Mutex<Tape>) -> Option<Result<Vec<u8>, i32>> {
        let mut tape = tape.lock().unwrap();
        let (offset, size) = if self.0.len() >= 60 { (self.u64(48), self.u32(56)) } else { (0, 0) };
        let (offset, size) = (usize::try_from(offset).unwrap_or(0), size as usize);
        Some(match self.u32(4) {
            // lookup
            1 if self.0[40..].starts_with(b"disk\0") => {
                Ok([words(&[FILE, 0, 3_600, 3_600, 0]), attributes(FILE, tape.image.len())].concat())
            }
            1 => Err(ENOENT),
            // forget, interrupt, forget many
            2 | 36 | 42 => return None,
            // getattr, setattr
            3 | 4 => Ok([words(&[3_600, 0]), attributes(self.u64(16), tape.image.len())].concat()),
            // open, opendir
            14 | 27 => Ok(words(&[1, 0])),
            // read
            15 => Ok(tape.image[offset..tape.image.len().min(offset + size)].to_vec()),
            // write
            16 => {
                let bytes = self.0[80..80 + size].to_vec();
                tape.image[offset..offset + size].copy_from_slice(&bytes);
                tape.events.push(Event::Write { offset, bytes });
                Ok(words(&[size as u64]))
            }
            // fsync
            20 => {
                tape.events.push(Event::Flush);
                Ok(Vec::new())
            }
            // release, flush, releasedir
            18 | 25 | 29 => Ok(Vec::new()),
            // init
            26 => Ok(init()),
            _ => Err(ENOSYS),
        })
    }
}

fn words(words: &[u64]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// `struct fuse_init_out`: version, read-ahead, flags, requests in flight, the largest write.
fn init() -> Vec<u8> {
    let numbers = [7u32, 31, 65_536, 0, 12 << 16 | 16, MAX_WRITE, 1];
    let mut bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
    bytes.resize(64, 0);
    bytes
}

/// `struct fuse_attr`: number, size, blocks, three times, their nanoseconds, mode, links, owner, …
fn attributes(node: u64, size: usize) -> Vec<u8> {
    let (size, mode) = if node == FILE { (size as u64, 0o100_600) } else { (0, 0o40_755) };
    let numbers = [0u32, 0, 0, mode, 1, 0, 0, 0, 4_096, 0];
    let numbers = numbers.iter().flat_map(|number| number.to_le_bytes());
    words(&[node, size, size / 512, 0, 0, 0]).into_iter().chain(numbers).collect()
}
