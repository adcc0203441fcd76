//! Signed readings to measure with: `dataset COUNT [KEYS] [SEED]` prints so many records, one a line, signed by
//! so many keys in turn, a second apart. The same arguments give the same bytes.
//!
//! ```sh
//! cargo run --release --example dataset 1000000 4 > signed.jsonl
//! ```

use std::{
    io::{self, Write},
    thread,
};

use anyhow::Context;
use counterfoil::{
    json::{Number, Object, Value},
    key::SecretKey,
    object,
    record::signed::{RecordSigner, SignOptions},
    time::{Span, Time},
};

/// Records that one thread makes at a time.
const PIECE: u64 = 5_000;

fn main() -> anyhow::Result<()> {
    #[allow(clippy::disallowed_methods)] // arguments are read here
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, absent: u64| words.get(at).map_or(Ok(absent), |word| word.parse());
    let count = number(0, 1_000).context("COUNT")?;
    let keys = number(1, 1).context("KEYS")?.clamp(1, 255);
    let seed = number(2, 1).context("SEED")?;
    let keys: Vec<SecretKey> = (1..=keys).map(|key| secret(seed, key)).collect();
    let mut out = io::stdout().lock();
    let threads = thread::available_parallelism().map_or(1, |threads| threads.get() as u64);
    for first in (0..count).step_by(usize::try_from(PIECE * threads)?) {
        let pieces = (0..threads).map(|piece| first + piece * PIECE..count.min(first + (piece + 1) * PIECE));
        let made = thread::scope(|scope| {
            let running: Vec<_> = pieces
                .map(|range| scope.spawn(|| range.map(|n| line(&keys, seed, n)).collect::<String>()))
                .collect();
            running.into_iter().map(thread::ScopedJoinHandle::join).collect::<Vec<_>>()
        });
        for piece in made {
            let piece = piece.map_err(|_| anyhow::anyhow!("a thread died"))?;
            out.write_all(piece.as_bytes()).context("standard output")?;
        }
    }
    Ok(())
}

/// A key that everybody knows.
fn secret(seed: u64, key: u64) -> SecretKey {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    bytes[8..16].copy_from_slice(&key.to_le_bytes());
    SecretKey::from_seed(&bytes)
}

fn line(keys: &[SecretKey], seed: u64, n: u64) -> String {
    let device = n % keys.len() as u64;
    let mut record = reading(seed, device, n);
    let signer = RecordSigner::new(&keys[usize::try_from(device).unwrap_or(0)], &SignOptions::default());
    // A record without proof can always be signed.
    let _ = signer.sign(&mut record);
    record.to_canonical() + "\n"
}

/// A cold room whose temperature wanders between 2 and 8 degrees, in tenths, and is too warm now and then.
fn reading(seed: u64, device: u64, n: u64) -> Object {
    let noise = scramble(seed ^ n);
    let wave = i64::try_from(n / 60 % 60).unwrap_or(0) - 30;
    let tenths = 50 + wave.abs() - 15 + i64::try_from(noise % 10).unwrap_or(0);
    #[allow(clippy::cast_precision_loss)] // a few tenths
    let temperature = Number::new(tenths as f64 / 10.0).map_or(Value::Null, Value::Number);
    let start = Time::parse("2026-03-01T06:00:00.000Z").unwrap_or(Time::EPOCH);
    let since = Span::from_millis(i64::try_from(n).unwrap_or(0).saturating_mul(1_000));
    object! {
        "type": "reading",
        "device": format!("cold-room-{device}"),
        "time": start.saturating_add(since).to_string(),
        "stream": format!("{:016x}", scramble(seed ^ device)),
        "seq": n,
        "values": object! { "temperature": temperature, "humidity": noise % 60 + 20 },
        "units": object! { "temperature": "Cel", "humidity": "%RH" },
        "integrity": "none",
        "clock": "synced",
    }
}

/// `SplitMix64`: as good as random for our purpose, and the same everywhere.
fn scramble(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
