//! The floors that `compare.sh` measures the commands against, as a program of its own.
//!
//! ```text
//! floor readings N [T S]  N readings of a cold room, the same every time, one a line: from a time on, one each S seconds
//! floor verify FILE       strict verification of the first proof of each record, nothing else
//! floor ledger DIR KEY    the records of standard input as a ledger, received when they were measured
//! floor events DIR KEY D E   D devices and E handovers of them, as registry events of the ledger in DIR
//! floor sign FILE         a SHA-256 and a signature for each line, nothing else
//! floor syncs DIR N       the file operations of N commits: append, sync, rename, sync the folder
//! floor hello             a line of text
//! ```
//!
//! `verify` and `sign` print the nanoseconds of processor time an operation, reading and preparing not
//! counted: a busy machine changes it little.

mod events;
mod ledger;

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufRead, BufReader, Write},
    path::Path,
};

use anyhow::Context;
use counterfoil::{
    hash::Hash,
    json::{self, Number},
    key::{PublicKey, SecretKey, multibase},
    object,
    record::signed::ProofExplanation,
    time::{Span, Time},
};
use rustix::time::{ClockId, clock_gettime};

fn main() -> anyhow::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["readings", count] => readings(count.parse()?, "2026-03-01T06:00:00.000Z", 1),
        ["readings", count, begin, seconds] => readings(count.parse()?, begin, seconds.parse()?),
        ["ledger", dir, key] => ledger::make(Path::new(dir), Path::new(key), io::stdin().lock()),
        ["events", dir, key, devices, count] => {
            events::print(Path::new(dir), &ledger::open(Path::new(key))?, devices.parse()?, count.parse()?)
        }
        ["verify", file] => verify(Path::new(file)),
        ["sign", file] => sign(Path::new(file)),
        ["syncs", dir, count] => syncs(Path::new(dir), count.parse()?),
        ["hello"] => Ok(writeln!(io::stdout(), "hello")?),
        // `cargo bench` runs every benchmark without words; this one has nothing to say then.
        [] => Ok(()),
        _ => {
            anyhow::bail!(
                "floor readings N [T S] | ledger DIR KEY | events DIR KEY D E | verify FILE | sign FILE | syncs DIR N | hello"
            )
        }
    }
}

/// A cold room that wavers around 5 °C, and now and then is too warm for a while.
fn readings(count: u32, begin: &str, seconds: i64) -> anyhow::Result<()> {
    let mut out = io::BufWriter::new(io::stdout());
    let begin = Time::parse(begin).context("a time in the one form")?;
    let mut state = 1u32;
    for seq in 0..count {
        // A linear congruential generator: the same readings on every machine.
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let warm = if seq % 5_000 > 4_960 { 40 } else { 0 };
        let tenths = 40 + state % 21 + warm;
        let record = object! {
            "type": "reading",
            "device": "cold-room-3",
            "time": begin.saturating_add(Span::from_millis(i64::from(seq) * seconds * 1_000)).to_string(),
            "stream": "b1e4a2c8",
            "seq": seq,
            "values": object! { "temperature": Number::new(f64::from(tenths) / 10.0) },
            "units": object! { "temperature": "Cel" },
        };
        writeln!(out, "{record}")?;
    }
    Ok(out.flush()?)
}

fn verify(file: &Path) -> anyhow::Result<()> {
    let claims = lines(file)?.map(|line| claim(&line?)).collect::<anyhow::Result<Vec<_>>>()?;
    // Keys are decoded once, as a verifier would remember them.
    let mut keys: Vec<PublicKey> = Vec::new();
    let mut known = Vec::new();
    for (did, ..) in &claims {
        let key = PublicKey::parse_did(did)?;
        let at = keys.iter().position(|other| *other == key).unwrap_or_else(|| {
            keys.push(key);
            keys.len() - 1
        });
        known.push(at);
    }
    let begin = processor_time();
    let mut good = 0;
    for ((_, message, signature), key) in claims.iter().zip(known) {
        good += usize::from(keys[key].verifies(message, signature));
    }
    anyhow::ensure!(good == claims.len(), "{} signatures do not hold", claims.len() - good);
    report(begin, claims.len())
}

/// Who signed a line, which 64 bytes, and the signature.
fn claim(line: &str) -> anyhow::Result<(String, [u8; 64], [u8; 64])> {
    let record = json::parse_object(line.as_bytes())?;
    let record = record.get("record").and_then(json::Value::as_object).unwrap_or(&record);
    let proof = record.get("proof").and_then(json::Value::as_object);
    let method = proof.and_then(|proof| proof.str("verificationMethod"));
    let did = method.and_then(|method| method.split_once('#')).map(|(did, _)| did.to_owned());
    let signature = proof.and_then(|proof| proof.str("proofValue")).and_then(multibase::decode);
    let message = ProofExplanation::of(record, 0).map(|explained| explained.message());
    let claim = did.zip(message).zip(signature).map(|((did, message), signature)| (did, message, signature));
    claim.ok_or_else(|| anyhow::anyhow!("a record without proof"))
}

fn sign(file: &Path) -> anyhow::Result<()> {
    let lines = lines(file)?.collect::<io::Result<Vec<_>>>()?;
    let key = SecretKey::from_seed(&[7; 32]);
    let begin = processor_time();
    let mut last = [0; 64];
    for line in &lines {
        let hash = Hash::of(line.as_bytes());
        last[..32].copy_from_slice(hash.as_bytes());
        last = key.sign(&last);
    }
    std::hint::black_box(last);
    report(begin, lines.len())
}

fn lines(file: &Path) -> io::Result<impl Iterator<Item = io::Result<String>>> {
    Ok(BufReader::new(File::open(file)?).lines())
}

/// Nanoseconds that this process has used.
fn processor_time() -> i64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec * 1_000_000_000 + time.tv_nsec
}

fn report(begin: i64, count: usize) -> anyhow::Result<()> {
    Ok(writeln!(io::stdout(), "{}", (processor_time() - begin) / i64::try_from(count.max(1))?)?)
}

/// What a commit asks of the disk (steps 4 to 6 of the commit protocol), and nothing else.
fn syncs(dir: &Path, count: usize) -> anyhow::Result<()> {
    fs::create_dir_all(dir)?;
    let mut entries = OpenOptions::new().create(true).append(true).open(dir.join("entries"))?;
    let (temporary, checkpoint) = (dir.join("checkpoint.tmp"), dir.join("checkpoint"));
    for _ in 0..count {
        entries.write_all(&[b'x'; 500])?;
        entries.sync_data()?;
        let mut file = File::create(&temporary)?;
        file.write_all(&[b'x'; 200])?;
        file.sync_all()?;
        fs::rename(&temporary, &checkpoint)?;
        File::open(dir)?.sync_all()?;
    }
    Ok(())
}
