//! What a port's reader said, signed: a few records at once, many on all processors.

use std::{panic::resume_unwind, thread};

use crate::{
    device::reader::ReaderOutput,
    key::SecretKey,
    record::signed::{FreshlySigned, RecordSigner, SignOptions},
};

/// Records that are worth a thread of their own: signing one takes some 15 µs.
const WORTH_A_THREAD: usize = 32;

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
        let share = records.len().div_ceil(self.threads.max(1)).max(WORTH_A_THREAD);
        if records.len() <= share {
            return self.each(records);
        }
        let mut shares = Vec::new();
        let mut rest = records;
        while rest.len() > share {
            let behind = rest.split_off(share);
            shares.push(std::mem::replace(&mut rest, behind));
        }
        thread::scope(|scope| {
            let others: Vec<_> = shares.into_iter().map(|share| scope.spawn(|| self.each(share))).collect();
            let last = self.each(rest);
            let mut signed = Vec::new();
            for other in others {
                signed.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic))?);
            }
            signed.extend(last?);
            Ok(signed)
        })
    }

    fn each(&self, records: Vec<ReaderOutput>) -> anyhow::Result<Vec<FreshlySigned>> {
        let mut signed = Vec::with_capacity(records.len());
        for record in records {
            match record {
                ReaderOutput::Line(line) => signed.push(self.signer.sign_text(line.trim_end_matches('\n'))?),
                ReaderOutput::Reading(mut record) | ReaderOutput::Status(mut record) => {
                    signed.push(self.signer.sign_fresh(&mut record)?);
                }
                ReaderOutput::Bad { .. } => {}
            }
        }
        Ok(signed)
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
        for (threads, count) in [(1, 100), (2, 100), (3, 97), (8, 33), (8, 1), (4, 0)] {
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
