//! Events that parties sign under a contract: goods are loaded or delivered, a force majeure begins.
//!
//! ```text
//! {"contract":"<hash>","event":"delivered","fields":{…},"time":"2026-03-03T05:10:00.000Z","type":"event"}
//! ```
//!
//! An event counts once all whom the contract names for it have signed: one record together, or each one of their own with
//! the same time. Of its fields those count that all of them state alike. It was received when the last of them was.

use std::collections::{BTreeMap, BTreeSet};

use super::EntryId;
use crate::{
    hash::Hash,
    json::{Object, Value},
    time::Time,
};

/// What a record says about an event under the contract.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct EventStatement {
    /// The contract that it names
    pub(super) contract: Hash,
    pub(super) event: Box<str>,
    /// When it happened
    pub(super) time: Time,
    /// What else is said of it
    pub(super) fields: Object,
    /// The parties that signed, by place in the contract
    pub(super) parties: Vec<usize>,
    /// Whether it says that the clock of its time was not synchronised
    pub(super) unsynced: bool,
}

/// An event that all have signed who must.
#[derive(Clone, Debug, PartialEq)]
pub struct SignedEvent {
    /// The last of its records
    pub entry: EntryId,
    /// When it happened
    pub time: Time,
    /// When the last of its records arrived
    pub received: Time,
    /// What all of them say of it
    pub fields: Object,
}

/// The records about events, in the order in which they arrived.
#[derive(Clone, Debug, Default)]
pub struct ContractEvents {
    /// By name and time
    stated: BTreeMap<(Box<str>, Time), Vec<ArrivedStatement>>,
    len: usize,
}

/// A record, without what all that are about the same event have alike.
#[derive(Clone, Debug, PartialEq)]
struct ArrivedStatement {
    /// The place among all records
    turn: usize,
    contract: Hash,
    entry: EntryId,
    arrival: Time,
    fields: Object,
    parties: Vec<usize>,
    unsynced: bool,
}

impl ContractEvents {
    /// How many records there are.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn add(&mut self, entry: EntryId, arrival: Time, statement: EventStatement) {
        let EventStatement { contract, event, time, fields, parties, unsynced } = statement;
        let arrived =
            ArrivedStatement { turn: self.len, contract, entry, arrival, fields, parties, unsynced };
        self.stated.entry((event, time)).or_default().push(arrived);
        self.len += 1;
    }

    /// Keeps what names one of these contracts.
    pub(super) fn keep(&mut self, contracts: &BTreeSet<Hash>) {
        for records in self.stated.values_mut() {
            records.retain(|record| contracts.contains(&record.contract));
        }
        self.stated.retain(|_, records| !records.is_empty());
    }

    /// The entries of the records that say that the clock of their time was not synchronised.
    pub(super) fn unsynced(&self) -> impl Iterator<Item = EntryId> {
        self.stated.values().flatten().filter(|record| record.unsynced).map(|record| record.entry)
    }

    /// The first event of a name that all these parties signed; `None`: there is none.
    pub fn first(&self, event: &str, by: &[usize]) -> Option<SignedEvent> {
        self.signed(event, by).into_iter().next()
    }

    /// The events of a name that all these parties signed, in the order in which they were received, each time once.
    pub fn signed(&self, event: &str, by: &[usize]) -> Vec<SignedEvent> {
        let mut signed = Vec::new();
        for ((_, time), records) in self.stated.iter().filter(|((name, _), _)| &**name == event) {
            let Some(last) = completing(records, by) else { continue };
            let (received, turn) = (records[last].arrival, records[last].turn);
            let fields = agreed(&records[..=last], by);
            let entry = records[last].entry;
            signed.push((turn, SignedEvent { entry, time: *time, received, fields }));
        }
        signed.sort_by_key(|(turn, _)| *turn);
        signed.into_iter().map(|(_, event)| event).collect()
    }

    /// The entries of the records that add to no event which all have signed who must: `needed` says who that is, each time
    /// that the contract asks for an event.
    pub(super) fn incomplete(&self, needed: &[(&str, &[usize])]) -> Vec<EntryId> {
        let mut incomplete = Vec::new();
        for ((event, _), records) in &self.stated {
            let asked = needed.iter().filter(|(name, _)| *name == &**event).map(|(_, by)| *by);
            let complete: Vec<_> = asked.filter(|by| completing(records, by).is_some()).collect();
            let adds = |it: &&ArrivedStatement| {
                complete.iter().any(|by| it.parties.iter().any(|party| by.contains(party)))
            };
            incomplete.extend(records.iter().filter(|it| !adds(it)).map(|it| it.entry));
        }
        incomplete.sort_unstable();
        incomplete
    }

    /// The entries of the records that state a field of an event otherwise than one before them, by whichever of the parties
    /// that are `needed`.
    pub(super) fn contradictory(&self, needed: &[(&str, &[usize])]) -> Vec<EntryId> {
        let mut contradictory = Vec::new();
        for ((event, _), records) in &self.stated {
            let asked =
                |party: &usize| needed.iter().any(|(name, by)| *name == &**event && by.contains(party));
            let mut first: BTreeMap<&str, &Value> = BTreeMap::new();
            for record in records.iter().filter(|record| record.parties.iter().any(asked)) {
                let mut fields = record.fields.iter();
                if fields.any(|(name, value)| first.get(name).is_some_and(|first| *first != value)) {
                    contradictory.push(record.entry);
                }
                for (name, value) in record.fields.iter() {
                    first.entry(name).or_insert(value);
                }
            }
        }
        contradictory
    }
}

/// The record with which all these parties have signed; `None`: one has not.
fn completing(records: &[ArrivedStatement], by: &[usize]) -> Option<usize> {
    let first = |party: &usize| records.iter().position(|record| record.parties.contains(party));
    by.iter().map(first).try_fold(0, |last, at| Some(last.max(at?)))
}

/// The fields that the first record of each party has alike.
fn agreed(records: &[ArrivedStatement], by: &[usize]) -> Object {
    let of = |party: &usize| records.iter().find(|record| record.parties.contains(party));
    let mut stated = by.iter().filter_map(of).map(|record| &record.fields);
    let Some(first) = stated.next() else { return Object::new() };
    let others: Vec<_> = stated.collect();
    let is_agreed =
        |(name, value): &(&str, &Value)| others.iter().all(|other| other.get(name) == Some(*value));
    first.iter().filter(is_agreed).map(|(name, value)| (name.to_owned(), value.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{json::parse_object, time::Span};

    fn at(seconds: i64) -> Time {
        Time::EPOCH.saturating_add(Span::from_millis(seconds * 1_000))
    }

    /// Records: the parties that sign, when it happened, its fields. Each arrives a second after the one before it.
    fn events(records: &[(&[usize], i64, &str)]) -> ContractEvents {
        let mut events = ContractEvents::default();
        for (n, (parties, time, fields)) in (0u64..).zip(records) {
            let fields = parse_object(fields.as_bytes()).unwrap();
            let statement = EventStatement {
                contract: Hash::of(b"contract"),
                event: "delivered".into(),
                time: at(*time),
                fields,
                parties: parties.to_vec(),
                unsynced: false,
            };
            events.add(EntryId { ledger: 0, n }, at(100 + i64::try_from(n).unwrap()), statement);
        }
        events
    }

    /// Each event's time, its receipt and its fields.
    fn signed(records: &[(&[usize], i64, &str)], by: &[usize]) -> Vec<(i64, i64, String)> {
        let signed = events(records).signed("delivered", by).into_iter();
        let seconds = |time: Time| time.millis() / 1_000;
        signed.map(|it| (seconds(it.time), seconds(it.received), it.fields.to_canonical())).collect()
    }

    #[test]
    fn all_sign_one_record_or_each_one_of_their_own() {
        let is = |records: &[(&[usize], i64, &str)], expected: &[(i64, i64, &str)]| {
            let expected: Vec<_> =
                expected.iter().map(|(time, at, it)| (*time, *at, (*it).to_owned())).collect();
            assert_eq!(signed(records, &[0, 1]), expected);
        };
        is(&[(&[0, 1], 50, "{\"p\":3}")], &[(50, 100, "{\"p\":3}")]);
        is(&[(&[0], 50, "{}"), (&[1], 50, "{}")], &[(50, 101, "{}")]);
        is(&[(&[0], 50, "{}")], &[]);
        is(&[(&[0], 50, "{}"), (&[2], 50, "{}")], &[]);
        // they do not agree on the time, and then do
        is(&[(&[0], 50, "{}"), (&[1], 51, "{}")], &[]);
        is(&[(&[0], 50, "{}"), (&[1], 51, "{}"), (&[0], 51, "{}")], &[(51, 102, "{}")]);
        // what is said again changes nothing, and another time is another event
        is(
            &[(&[0, 1], 50, "{}"), (&[0, 1], 50, "{}"), (&[0, 1], 49, "{}")],
            &[(50, 100, "{}"), (49, 102, "{}")],
        );
    }

    #[test]
    fn fields_count_that_all_state_alike() {
        let both = signed(&[(&[0], 50, "{\"a\":1,\"b\":2}"), (&[1], 50, "{\"a\":1,\"b\":3}")], &[0, 1]);
        assert_eq!(both[0].2, "{\"a\":1}");
        let alone = signed(&[(&[0], 50, "{\"a\":1,\"b\":2}"), (&[1], 50, "{\"a\":1,\"b\":3}")], &[1]);
        assert_eq!(alone[0].2, "{\"a\":1,\"b\":3}");
    }

    #[test]
    fn what_is_said_of_an_event_otherwise_is_told() {
        let of = |records: &[(&[usize], i64, &str)]| {
            let contradictory = events(records).contradictory(&[("delivered", &[0, 1])]);
            contradictory.iter().map(|entry| entry.n).collect::<Vec<_>>()
        };
        assert_eq!(of(&[(&[0], 50, "{\"a\":1}"), (&[1], 50, "{\"a\":2}")]), [1]);
        assert_eq!(of(&[(&[0], 50, "{\"a\":1}"), (&[0], 50, "{\"a\":2}"), (&[1], 50, "{\"a\":1}")]), [1]);
        // the same again, more than before, another event, and what a stranger says
        assert_eq!(of(&[(&[0], 50, "{\"a\":1}"), (&[0, 1], 50, "{\"a\":1,\"b\":2}")]), [0_u64; 0]);
        assert_eq!(of(&[(&[0], 50, "{\"a\":1}"), (&[1], 51, "{\"a\":2}")]), [0_u64; 0]);
        assert_eq!(of(&[(&[0], 50, "{\"a\":1}"), (&[2], 50, "{\"a\":2}")]), [0_u64; 0]);
    }

    #[test]
    fn a_record_counts_if_all_have_signed_who_must() {
        let events = events(&[(&[0], 50, "{}"), (&[1], 50, "{}"), (&[0], 60, "{}"), (&[2], 50, "{}")]);
        let incomplete = |needed: &[(&str, &[usize])]| {
            events.incomplete(needed).iter().map(|entry| entry.n).collect::<Vec<_>>()
        };
        assert_eq!(incomplete(&[("delivered", &[0, 1])]), [2, 3]);
        assert_eq!(incomplete(&[("delivered", &[0, 1]), ("delivered", &[0])]), [3]);
        assert_eq!(incomplete(&[("loaded", &[0])]), [0, 1, 2, 3]);
    }
}
