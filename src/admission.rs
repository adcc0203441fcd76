//! Where a ledger and the meaning of its records meet: who may write, asked for each entry before it goes in.
//! `verify` asks the same rules of the entries that are in.

use std::{panic::resume_unwind, sync::Arc, thread};

use crate::{
    chain::{batch::Admission, entry::Entry},
    key::table::Tables,
    record::{glance::Glance, signed::Verifier, when, writers::Writers},
};

/// Entries that are worth a thread of their own: checking a signature takes some 30 µs.
const WORTH_A_THREAD: usize = 64;

/// The rules of one ledger, asked on several threads.
#[derive(Clone)]
pub struct Rules {
    writers: Writers,
    threads: usize,
    /// Outlive a batch
    tables: Arc<Tables>,
}

impl Rules {
    /// The rules that entry 0 declared.
    pub fn new(writers: Writers, threads: usize) -> Self {
        Self { writers, threads: threads.max(1), tables: Arc::default() }
    }

    fn refusals_in(&self, entries: &[Entry], lines: &[&[u8]]) -> Vec<(usize, String)> {
        let mut verifier = Verifier::sharing(&self.tables);
        let glances = lines.iter().enumerate().map(|(at, line)| self.glance(line, at, &mut verifier));
        let mut good: Vec<bool> = glances.map(|glance| glance.is_some()).collect();
        for at in verifier.failed() {
            good[at] = false;
        }
        let doubtful = entries.iter().enumerate().zip(good).filter(|(_, good)| !good);
        doubtful.filter_map(|((at, entry), _)| Some((at, self.refusal(entry, &mut verifier)?))).collect()
    }

    /// Whether an entry may enter, as far as that shows at a glance, unless the verifier names it later.
    fn glance(&self, line: &[u8], at: usize, verifier: &mut Verifier) -> Option<()> {
        let (_, _, record) = Entry::glance(line, Glance::of)?;
        self.writers.admit_at_a_glance(verifier, &record, at).map(drop)
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
    fn refusals(&self, entries: &[Entry], lines: &[&[u8]]) -> Vec<(usize, String)> {
        let share = entries.len().div_ceil(self.threads).max(WORTH_A_THREAD);
        if entries.len() <= share {
            return self.refusals_in(entries, lines);
        }
        thread::scope(|scope| {
            let shares = entries.chunks(share).zip(lines.chunks(share));
            let shares: Vec<_> = shares
                .map(|(entries, lines)| scope.spawn(move || self.refusals_in(entries, lines)))
                .collect();
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

    fn refusals(threads: usize, entries: &[Entry]) -> Vec<(usize, String)> {
        let lines: Vec<String> = entries.iter().map(Entry::to_line).collect();
        let lines: Vec<&[u8]> = lines.iter().map(String::as_bytes).collect();
        Rules::new(Writers::Signed, threads).refusals(entries, &lines)
    }

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
            assert_eq!(refusals(threads, &entries), []);
        }
        for bad in [131, 250] {
            entries[bad].record.insert("seq", 1_000u32);
        }
        for threads in [1, 2, 3, 300] {
            let refusals = refusals(threads, &entries);
            assert_eq!(refusals.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [131, 250]);
        }
    }
}
