//! Proofs of many records checked on several threads: ahead of the lock for most, under it for the rest.

use std::{panic::resume_unwind, sync::Arc, thread};

use crate::{
    json::{self, Canonical},
    ledger::write::batch::{Arrival, IncomingRecord},
    record::{
        scan::ScannedRecord,
        signed::{Equations, FreshlySigned, SharedTables, Verifier},
    },
    rules::{
        admission::{AdmissionRefusal, AdmissionRule},
        received::ClockReading,
    },
};

/// Entries that are worth a thread of their own: checking a signature takes some 30 µs.
const WORTH_A_THREAD: usize = 64;

/// The rule that each record must keep by itself, asked on several threads.
#[derive(Clone)]
pub struct ProofPool {
    rule: AdmissionRule,
    /// How many, asked where there is work for more than one: the answer takes as long as ten signatures
    threads: fn() -> usize,
    /// Outlive a batch
    tables: Arc<SharedTables>,
}

impl ProofPool {
    /// A pool of so many threads for a rule.
    pub fn new(rule: AdmissionRule, threads: fn() -> usize) -> Self {
        Self { rule, threads, tables: Arc::default() }
    }

    /// Marks those records whose proofs hold wherever and whenever they enter, which is most of them. That takes
    /// long, and no lock.
    pub fn admit(&self, arrivals: &mut [Arrival]) {
        let share = self.share(arrivals.len());
        if arrivals.len() <= share {
            return self.mark(arrivals);
        }
        thread::scope(|scope| {
            for share in arrivals.chunks_mut(share) {
                scope.spawn(|| self.mark(share));
            }
        });
    }

    /// Records that this process has just signed, as they arrived at these times. Their equations hold; whether they may enter
    /// is asked as of all others.
    pub fn admit_fresh(&self, signed: Vec<(FreshlySigned, ClockReading)>) -> Vec<Arrival> {
        let arrival = |(signed, clock): (FreshlySigned, ClockReading)| {
            let admitted = self.rule.admits_fresh(&signed);
            Arrival { record: signed.into_record(), clock, admitted }
        };
        signed.into_iter().map(arrival).collect()
    }

    fn mark(&self, arrivals: &mut [Arrival]) {
        let mut verifier = Verifier::sharing(&self.tables);
        let admitted = self.admitted(&mut verifier, arrivals.iter().map(|arrival| &arrival.record));
        for (arrival, admitted) in arrivals.iter_mut().zip(admitted) {
            arrival.admitted = admitted;
        }
    }

    /// How many records a thread gets.
    fn share(&self, records: usize) -> usize {
        if records <= WORTH_A_THREAD {
            return WORTH_A_THREAD;
        }
        records.div_ceil((self.threads)().max(1)).max(WORTH_A_THREAD)
    }

    fn refusals_in(&self, records: &[IncomingRecord]) -> Vec<(usize, String)> {
        let mut verifier = Verifier::sharing(&self.tables);
        let asked: Vec<_> = records.iter().enumerate().filter(|(_, incoming)| !incoming.admitted).collect();
        let admitted = self.admitted(&mut verifier, asked.iter().map(|(_, incoming)| &incoming.record));
        let doubtful = asked.into_iter().zip(admitted).filter(|(_, admitted)| !admitted);
        doubtful
            .filter_map(|((at, incoming), _)| Some((at, self.refusal(incoming, &mut verifier)?)))
            .collect()
    }

    /// Which records may enter, as far as a scan shows it.
    fn admitted<'a>(
        &self,
        verifier: &mut Verifier,
        records: impl Iterator<Item = &'a Canonical>,
    ) -> Vec<bool> {
        let admitted = records.enumerate().map(|(at, record)| self.admits_scanned(record, at, verifier));
        let mut admitted: Vec<bool> = admitted.map(|admitted| admitted.is_some()).collect();
        for at in verifier.failed() {
            admitted[at] = false;
        }
        admitted
    }

    /// Whether a record may enter, as far as a scan shows it, unless the verifier names it later.
    fn admits_scanned(&self, record: &Canonical, at: usize, verifier: &mut Verifier) -> Option<()> {
        let record = ScannedRecord::scan(record.as_str())?;
        self.rule.review_scanned(verifier, &record, at, Equations::Evaluated).map(drop)
    }

    fn refusal(&self, incoming: &IncomingRecord, verifier: &mut Verifier) -> Option<String> {
        let record = match json::parse_object(incoming.record.as_str().as_bytes()) {
            Ok(record) => record,
            Err(error) => return Some(error.to_string()),
        };
        let review = self.rule.review(verifier, &record, incoming.times.stated_arrival());
        review.refusals.first().map(in_words)
    }

    /// Of some records those that may not enter, by their places, and why, as far as entry 0 and proofs say it.
    pub fn refusals(&self, records: &[IncomingRecord]) -> Vec<(usize, String)> {
        let share = self.share(records.len());
        if records.len() <= share || records.iter().all(|incoming| incoming.admitted) {
            return self.refusals_in(records);
        }
        thread::scope(|scope| {
            let shares: Vec<_> =
                records.chunks(share).map(|share| scope.spawn(|| self.refusals_in(share))).collect();
            let answers = shares.into_iter().map(thread::ScopedJoinHandle::join).enumerate();
            let answers = answers.flat_map(|(at, answer)| {
                let answer = answer.unwrap_or_else(|panic| resume_unwind(panic));
                answer.into_iter().map(move |(place, why)| (at * share + place, why))
            });
            answers.collect()
        })
    }
}

/// Why a record may not enter, and what helps.
fn in_words(refusal: &AdmissionRefusal) -> String {
    match refusal {
        AdmissionRefusal::Time => format!("{refusal}; foil sign brings it there"),
        _ => refusal.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        key::SecretKey,
        object,
        record::signed::{RecordSigner, SignOptions, sign},
        time::{Span, Time},
        tlog::arrival::EntryTimes,
    };

    fn refusals(threads: fn() -> usize, records: &[IncomingRecord]) -> Vec<usize> {
        let refusals = ProofPool::new(AdmissionRule::Signed, threads).refusals(records);
        refusals.into_iter().map(|(at, _)| at).collect()
    }

    const THREADS: [fn() -> usize; 4] = [|| 1, || 2, || 3, || 300];

    /// Of 300 records these two changed after they were signed.
    const BAD: [usize; 2] = [131, 250];

    fn records() -> Vec<IncomingRecord> {
        let key = SecretKey::from_seed(&[1; 32]);
        let record = |n: usize| {
            let mut record = object! { "type": "reading", "seq": n };
            sign(&mut record, &key, &SignOptions::default()).unwrap();
            if BAD.contains(&n) {
                record.insert("seq", 1_000u32);
            }
            let times = EntryTimes::plain(Time::EPOCH);
            IncomingRecord { times, record: Canonical::from(&record), admitted: false }
        };
        (0..300).map(record).collect()
    }

    #[test]
    fn refusals_are_the_same_with_any_number_of_threads() {
        for threads in THREADS {
            assert_eq!(refusals(threads, &records()), BAD);
            assert_eq!(refusals(threads, &records()[..BAD[0]]), [0usize; 0]);
        }
    }

    #[test]
    fn what_is_admitted_ahead_is_all_that_is_not_refused() {
        for threads in THREADS {
            let clock = ClockReading { wall: Time::EPOCH, up: Span::from_millis(0) };
            let arrival =
                |incoming: IncomingRecord| Arrival { record: incoming.record, clock, admitted: false };
            let mut arrivals: Vec<Arrival> = records().into_iter().map(arrival).collect();
            ProofPool::new(AdmissionRule::Signed, threads).admit(&mut arrivals);
            let left = arrivals.iter().zip(0..).filter(|(arrival, _)| !arrival.admitted).map(|(_, at)| at);
            assert_eq!(left.collect::<Vec<usize>>(), BAD);
        }
    }

    #[test]
    fn what_was_just_signed_is_asked_for_all_but_its_equation() {
        let (key, other) = (SecretKey::from_seed(&[1; 32]), SecretKey::from_seed(&[2; 32]).public());
        let signer = RecordSigner::new(&key, &SignOptions::default());
        let clock = ClockReading { wall: Time::EPOCH, up: Span::from_millis(0) };
        let texts = [r#"{"seq":1}"#, r#"{"time":"2026-03-01T07:00:00+01:00","type":"reading"}"#];
        for (rule, admitted) in [
            (AdmissionRule::Signed, [true, false]),
            (AdmissionRule::SignedBy(vec![key.public(), other.clone()]), [true, false]),
            (AdmissionRule::SignedBy(vec![other]), [false, false]),
        ] {
            let fresh = texts.map(|text| (signer.sign_text(text).unwrap(), clock));
            let mut arrivals = ProofPool::new(rule.clone(), || 1).admit_fresh(fresh.into());
            let fresh: Vec<bool> = arrivals.iter().map(|arrival| arrival.admitted).collect();
            assert_eq!(fresh, admitted, "{rule:?}");
            ProofPool::new(rule, || 1).admit(&mut arrivals);
            assert_eq!(arrivals.iter().map(|arrival| arrival.admitted).collect::<Vec<_>>(), admitted);
        }
    }

    #[test]
    fn what_is_admitted_is_not_asked_about_again() {
        let mut records = records();
        records[BAD[0]].admitted = true;
        assert_eq!(refusals(|| 2, &records), [BAD[1]]);
        records[BAD[1]].admitted = true;
        assert_eq!(refusals(|| 2, &records), [0usize; 0]);
    }
}
