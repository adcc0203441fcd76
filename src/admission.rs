//! Where a ledger and the meaning of its records meet: who may write, asked for each entry before it goes in.
//! `verify` asks the same rules of the entries that are in.

use std::{panic::resume_unwind, thread};

use crate::{
    chain::{batch::Admission, entry::Entry},
    record::{signed::Verifier, when, writers::Writers},
};

/// Entries that are worth a thread of their own: checking a signature takes some 30 µs.
const WORTH_A_THREAD: usize = 64;

/// The rules of one ledger, asked on several threads.
#[derive(Clone, Debug)]
pub struct Rules {
    writers: Writers,
    threads: usize,
}

impl Rules {
    /// The rules that entry 0 declared.
    pub fn new(writers: Writers, threads: usize) -> Self {
        Self { writers, threads: threads.max(1) }
    }

    fn refusals_in(&self, entries: &[Entry]) -> Vec<(usize, String)> {
        let mut verifier = Verifier::new();
        let places = entries.iter().enumerate();
        places.filter_map(|(at, entry)| Some((at, self.refusal(entry, &mut verifier)?))).collect()
    }

    fn refusal(&self, entry: &Entry, verifier: &mut Verifier) -> Option<String> {
        if !when::is_settled(&entry.record) {
            return Some(
                "time is not in the form 2026-03-01T06:00:00.000Z; foil sign brings it there".to_owned(),
            );
        }
        let admitted = self.writers.admit(verifier, &entry.record, entry.received);
        admitted.err().map(|refusal| refusal.to_string())
    }
}

impl Admission for Rules {
    fn refusals(&self, entries: &[Entry]) -> Vec<(usize, String)> {
        let share = entries.len().div_ceil(self.threads).max(WORTH_A_THREAD);
        if entries.len() <= share {
            return self.refusals_in(entries);
        }
        thread::scope(|scope| {
            let shares: Vec<_> =
                entries.chunks(share).map(|chunk| scope.spawn(move || self.refusals_in(chunk))).collect();
            let answers = shares.into_iter().map(thread::ScopedJoinHandle::join).enumerate();
            let answers = answers.flat_map(|(at, answer)| {
                let answer = answer.unwrap_or_else(|panic| resume_unwind(panic));
                answer.into_iter().map(move |(place, why)| (at * share + place, why))
            });
            answers.collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        key::SecretKey,
        object,
        record::signed::{SignOptions, sign},
        time::Time,
    };

    #[test]
    fn refusals_are_the_same_with_any_number_of_threads() {
        let key = SecretKey::from_seed(&[1; 32]);
        let mut entries: Vec<Entry> = (0..300u32)
            .map(|n| {
                let mut record = object! { "type": "reading", "seq": n };
                sign(&mut record, &key, &SignOptions::default()).unwrap();
                Entry { n: n.into(), received: Time::EPOCH, record }
            })
            .collect();
        for threads in [1, 2, 3] {
            assert_eq!(Rules::new(Writers::Signed, threads).refusals(&entries), []);
        }
        for bad in [131, 250] {
            entries[bad].record.insert("seq", 1_000u32);
        }
        for threads in [1, 2, 3, 300] {
            let refusals = Rules::new(Writers::Signed, threads).refusals(&entries);
            assert_eq!(refusals.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [131, 250]);
        }
    }
}
