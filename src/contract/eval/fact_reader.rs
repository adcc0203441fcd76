//! From a line or record to a fact. Where proofs need no check, a line is only scanned, and whom a key speaks for is
//! remembered.

use std::collections::HashMap;

use super::{
    fact::{DevicePlaces, Fact, RecordSigners},
    line_outline::LineOutlines,
    sieve::Sieve,
};
use crate::{
    json::Object,
    key::Did,
    record::{
        signed::{Verifier, claimant},
        view::RecordView,
    },
    time::Time,
    tlog::{
        arrival::EntryTimes,
        entry::{BadEntry, Entry},
        entry_view::EntryView,
    },
};

/// How many keys are remembered.
const REMEMBERED: usize = 1024;

/// Reads facts; each thread has its own.
pub struct FactReader<'a> {
    sieve: &'a Sieve<'a>,
    /// `None`: the proofs are trusted, or were verified before
    verifier: Option<Verifier>,
    /// The devices that a key speaks for, by its verification method
    speaks_for: HashMap<String, DevicePlaces>,
    /// The method that was asked for last: the next record's is most often the same
    latest: Option<(String, DevicePlaces)>,
    /// Lines that the next one is most often like
    outlines: LineOutlines,
}

/// A line, as far as a contract wants to know.
#[derive(Debug)]
pub struct LineFact {
    /// The entry's number
    pub n: u64,
    /// Its times
    pub times: EntryTimes,
    /// What it says; `None`: nothing that the contract wants to know
    pub fact: Option<Fact>,
}

impl<'a> FactReader<'a> {
    /// A reader for what a sieve wants.
    pub fn new(sieve: &'a Sieve<'a>, check_proofs: bool) -> Self {
        let verifier = check_proofs.then(Verifier::new);
        Self { sieve, verifier, speaks_for: HashMap::new(), latest: None, outlines: LineOutlines::new() }
    }

    /// Takes note that other facts go to another thread now than those so far. Without this call all is the same, but slower.
    pub fn begin_batch(&mut self) {
        self.outlines.part_sources();
    }

    /// What a line says.
    ///
    /// # Errors
    /// If it is no entry.
    pub fn line(&mut self, line: &[u8]) -> Result<LineFact, BadEntry> {
        if self.verifier.is_some() {
            let entry = Entry::parse_lenient(line)?;
            let (n, times) = (entry.n, entry.times());
            return Ok(LineFact { n, times, fact: self.record(&entry.record, times.stated_arrival()) });
        }
        if let Some(fact) = self.outlines.fact(line, self.sieve) {
            return Ok(fact);
        }
        let entry = EntryView::of(line)?;
        let fact = LineFact { n: entry.n, times: entry.times(), fact: self.claimed(&entry.record) };
        self.outlines.learn(line, &fact, self.sieve);
        Ok(fact)
    }

    /// What a record says that arrived then.
    pub fn record(&mut self, record: &Object, arrival: Time) -> Option<Fact> {
        let view = RecordView::from(record);
        let Some(verifier) = &mut self.verifier else { return self.claimed(&view) };
        if !self.sieve.wants(&view) {
            return self.sieve.stranger(&view);
        }
        match verifier.signers(record, arrival) {
            Ok(signers) => {
                let signers: Vec<Did> = signers.iter().map(Did::from).collect();
                self.sieve.fact(&view, RecordSigners::Good(&signers))
            }
            Err(_) => self.sieve.fact(&view, RecordSigners::Bad),
        }
    }

    /// What a record says whose proofs were checked before.
    pub fn checked(&mut self, record: &RecordView<'_>, proofs_hold: bool) -> Option<Fact> {
        if proofs_hold {
            return self.claimed(record);
        }
        if !self.sieve.wants(record) {
            return self.sieve.stranger(record);
        }
        self.sieve.fact(record, RecordSigners::Bad)
    }

    /// What a record says, in the names of those who say that they signed.
    fn claimed(&mut self, record: &RecordView<'_>) -> Option<Fact> {
        if let Some(method) = self.sieve.is_said(record).then(|| record.only_method()).flatten() {
            let speaks_for = self.speaks_for(method);
            let fact = self.sieve.said(record, speaks_for)?;
            return Some(fact.signed_by(|| claimant(method)));
        }
        if !self.sieve.wants(record) {
            return self.sieve.stranger(record);
        }
        let signers = record.signers();
        let signers =
            signers.as_ref().map_or(RecordSigners::Bad, |signers| RecordSigners::Good(signers.as_slice()));
        self.sieve.fact(record, signers)
    }

    /// The devices that a key speaks for; `None` if the method names no key.
    fn speaks_for(&mut self, method: &str) -> Option<DevicePlaces> {
        if let Some((_, devices)) = self.latest.as_ref().filter(|(latest, _)| latest == method) {
            return Some(devices.clone());
        }
        let devices = self.look_up(method)?;
        self.latest = Some((method.to_owned(), devices.clone()));
        Some(devices)
    }

    fn look_up(&mut self, method: &str) -> Option<DevicePlaces> {
        if let Some(known) = self.speaks_for.get(method) {
            return Some(known.clone());
        }
        let devices = self.sieve.speaks_for(&[claimant(method)?]);
        if self.speaks_for.len() == REMEMBERED {
            self.speaks_for.clear();
        }
        self.speaks_for.insert(method.to_owned(), devices.clone());
        Some(devices)
    }
}
