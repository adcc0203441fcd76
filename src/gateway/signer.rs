//! What a port's reader said, signed: a few records at once, many on all processors.

use std::{
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    thread,
};

use crate::{
    device::reader::ReaderOutput,
    key::SecretKey,
    record::signed::{FreshlySigned, RecordSigner, SignOptions},
};

/// How many records a thread takes at once: enough to share what signing can share, few enough that no thread waits long
/// for another at the end.
const SHARE: usize = 64;

/// Signs what readers say.
pub(super) struct GatewaySigner<'a> {
    signer: RecordSigner<'a>,
    /// How many threads may work at once
    threads: usize,
}

impl<'a> GatewaySigner<'a> {
    /// Of a key, on so many threads at most.
    pub(super) fn new(key: &'a SecretKey, threads: usize) -> Self {
        Self { signer: RecordSigner::new(key, &SignOptions::default()), threads }
    }

    /// Signs records in their order. Bad frames are none.
    ///
    /// # Errors
    /// If one cannot be signed, which a record of a reader can.
    pub(super) fn sign(&self, records: Vec<ReaderOutput>) -> anyhow::Result<Vec<FreshlySigned>> {
        let texts: Vec<String> = records.into_iter().filter_map(text_of).collect();
        let texts: Vec<&str> = texts.iter().map(|text| text.trim_end_matches('\n')).collect();
        if texts.len() <= SHARE {
            return self.signer.sign_texts(&texts);
        }
        let shares: Vec<Share<'_>> = texts.chunks(SHARE).map(|texts| (texts, OnceLock::new())).collect();
        let next = AtomicUsize::new(0);
        let work = || {
            while let Some((texts, signed)) = shares.get(next.fetch_add(1, Relaxed)) {
                let _ = signed.set(self.signer.sign_texts(texts));
            }
        };
        thread::scope(|scope| {
            (1..self.threads.min(shares.len())).for_each(|_| drop(scope.spawn(work)));
            work();
        });
        let mut all = Vec::with_capacity(texts.len());
        for signed in shares.into_iter().filter_map(|(_, signed)| signed.into_inner()) {
            all.extend(signed?);
        }
        Ok(all)
    }
}

/// Some texts, and what became of them.
type Share<'t> = (&'t [&'t str], OnceLock<anyhow::Result<Vec<FreshlySigned>>>);

/// The text of a record; `None`: it is a bad frame.
fn text_of(output: ReaderOutput) -> Option<String> {
    match output {
        ReaderOutput::Line(line) => Some(line),
        ReaderOutput::Reading(record) | ReaderOutput::Status(record) => Some(record.to_canonical()),
        ReaderOutput::Bad { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{object, record::signed::sign};

    #[test]
    fn records_are_signed_in_their_order_on_any_number_of_threads() {
        let key = SecretKey::from_seed(&[1; 32]);
        let record = |n: usize| object! { "type": "reading", "seq": n };
        for (threads, count) in [(1, 300), (2, 300), (3, 257), (8, 65), (8, 64), (8, 1), (4, 0)] {
            let output = |n: usize| match n % 3 {
                0 => ReaderOutput::Status(record(n)),
                _ => ReaderOutput::Line(record(n).to_canonical() + "\n"),
            };
            let signed = GatewaySigner::new(&key, threads).sign((0..count).map(output).collect()).unwrap();
            let expected = (0..count).map(|n| {
                let mut record = record(n);
                sign(&mut record, &key, &SignOptions::default()).unwrap();
                record.to_canonical()
            });
            assert!(signed.iter().map(FreshlySigned::as_str).eq(expected), "{count} on {threads}");
        }
    }
}
