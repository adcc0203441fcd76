//! Records or entries that are in no ledger, trusted.
//!
//! An entry says when it arrived; a bare record arrived when it was measured, and one that knows no
//! time with what came before it, or else with what comes first after it.

use anyhow::Context;

use super::refused::ContractRefused;
use crate::{
    contract::eval::{EntryId, Fact, FactReader, Sieve},
    json::{self, Object},
    time::Time,
    tlog::{arrival::ClockTrail, entry::Entry},
};

/// A line that holds a record or an entry.
pub struct RecordLine {
    /// Its number, counted from 1
    pub number: u64,
    /// The line, without its end
    pub text: Vec<u8>,
}

/// When a record arrived.
#[derive(Clone, Copy)]
pub(super) struct RecordArrival {
    pub(super) entry: EntryId,
    pub(super) arrival: Time,
    /// Whether the clock had jumped then, which was undone
    pub(super) undone: bool,
}

/// Hands every record over, in the order of the lines. `otherwise` is when they arrived if none says.
pub(super) fn read(
    lines: &mut dyn Iterator<Item = anyhow::Result<RecordLine>>,
    sieve: &Sieve,
    otherwise: Time,
    take: impl FnMut(RecordArrival, Option<Fact>),
) -> anyhow::Result<()> {
    let mut records = Records {
        facts: FactReader::new(sieve, false),
        trail: ClockTrail::behind_unseen(),
        jumping: Vec::new(),
        latest: None,
        untimed: Vec::new(),
        take,
    };
    let (mut before, mut any) = (None, false);
    for line in lines {
        let RecordLine { number, text } = line?;
        any = true;
        let line = parse(number, &text, &mut before).with_context(|| format!("line {number}"))?;
        records.line(line);
    }
    records.finish(otherwise);
    if any { Ok(()) } else { Err(ContractRefused::NoRecord.into()) }
}

/// What a line says.
enum Said {
    /// An entry of some ledger
    Entry(Entry),
    /// The record of a line with this number, and when it was measured; `None`: it does not know
    Record(u64, Option<Time>, Object),
}

/// Records on their way.
struct Records<'a, T> {
    facts: FactReader<'a>,
    trail: ClockTrail,
    /// Entries that arrived when they say, unless a later one says that the clock had jumped
    jumping: Vec<(u64, Time, Option<Fact>)>,
    /// The latest arrival so far; `None`: none is known
    latest: Option<Time>,
    /// Records that know no time, before anything that does
    untimed: Vec<(u64, Option<Fact>)>,
    take: T,
}

impl<T: FnMut(RecordArrival, Option<Fact>)> Records<'_, T> {
    fn line(&mut self, said: Said) {
        match said {
            Said::Entry(entry) => self.entry(&entry),
            Said::Record(n, time, record) => {
                self.release(None);
                self.latest = self.latest.max(time);
                let arrival = time.or(self.latest);
                // The proofs are trusted, so it does not matter when they are looked at.
                let fact = self.facts.record(&record, arrival.unwrap_or(Time::EPOCH));
                match arrival {
                    Some(arrival) => self.give(n, arrival, false, fact),
                    None => self.untimed.push((n, fact)),
                }
            }
        }
    }

    /// Holds an entry back as long as a later one may say that it arrived at another time. Lines may have been left
    /// out, so what a ledger's own entries must keep is not asked.
    fn entry(&mut self, entry: &Entry) {
        let times = entry.times();
        let fact = self.facts.record(&entry.record, times.stated_arrival());
        let _ = self.trail.take(entry.n, times);
        if times.wall.is_none() && self.trail.open_jump().is_some() {
            return self.jumping.push((entry.n, times.received, fact));
        }
        self.release(times.wall);
        self.give(entry.n, times.stated_arrival(), false, fact);
    }

    /// Hands over what was held back, as arrived at this `wall` what a clock ahead of it had dated.
    fn release(&mut self, wall: Option<Time>) {
        for (n, received, fact) in std::mem::take(&mut self.jumping) {
            let undone = wall.filter(|wall| *wall < received);
            self.give(n, undone.unwrap_or(received), undone.is_some(), fact);
        }
    }

    fn give(&mut self, n: u64, arrival: Time, undone: bool, fact: Option<Fact>) {
        self.latest = self.latest.max(Some(arrival));
        self.give_untimed(arrival);
        (self.take)(RecordArrival { entry: EntryId { ledger: 0, n }, arrival, undone }, fact);
    }

    fn give_untimed(&mut self, arrival: Time) {
        for (n, fact) in std::mem::take(&mut self.untimed) {
            (self.take)(RecordArrival { entry: EntryId { ledger: 0, n }, arrival, undone: false }, fact);
        }
    }

    fn finish(mut self, otherwise: Time) {
        self.release(None);
        self.give_untimed(otherwise);
    }
}

/// An entry, which comes after the one before; or a record, with its time if it knows it.
fn parse(number: u64, text: &[u8], before: &mut Option<(u64, Time)>) -> anyhow::Result<Said> {
    let object = json::parse_object(text)?;
    if object.str("type").is_some() {
        let time = object.str("time").and_then(Time::parse_rfc3339);
        return Ok(Said::Record(number - 1, time, object));
    }
    anyhow::ensure!(
        ["n", "received", "record"].iter().any(|name| object.get(name).is_some()),
        "neither a record, which has a type, nor an entry, which has n, received and record"
    );
    let entry = Entry::parse_lenient(text)?;
    if let Some((n, received)) = before.replace((entry.n, entry.received)) {
        anyhow::ensure!(entry.n > n, "entry {} after entry {n}", entry.n);
        anyhow::ensure!(
            entry.received >= received,
            "received at {}, before the entry above it at {received}",
            entry.received
        );
    }
    Ok(Said::Entry(entry))
}
