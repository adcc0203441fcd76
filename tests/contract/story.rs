//! A ledger with a registry, told minute by minute, and contracts over an hour of it.

use counterfoil::{
    contract::{
        document::Contract,
        eval::{EntryId, Evaluated, Evaluation, EvaluationScope, FactReader, Hindsight, Sieve},
        file::ContractFile,
        finality::Finality,
        settle::Bill,
        verdict::ContractVerdict,
    },
    hash::Hash,
    json::{self, Object},
    key::Did,
    record::{
        claim::RecordClaim,
        genesis::Genesis,
        registry::{Deed, EventNames, Name, RegistryEvent},
        signed::{self, SignOptions, sign},
        writers::Writers,
    },
    rules::judge::Judge,
    time::Time,
};

use super::hour::{MINUTE, at};
use crate::ledgers;

/// The log's key, which is the admin's.
pub(super) const ADMIN: u8 = 200;
pub(super) const SHIPPER: u8 = 10;
pub(super) const GATEWAY: u8 = 30;
pub(super) const PROBE: u8 = 40;

/// What is appended, minute by minute.
pub(super) struct Story {
    pub(super) genesis: Genesis,
    pub(super) ledger: Hash,
    pub(super) judge: Judge,
    pub(super) lines: Vec<(Time, Object)>,
}

pub(super) fn did(seed: u8) -> Did {
    Did::from(&ledgers::key(seed).public())
}

impl Story {
    pub(super) fn new() -> Self {
        let declaration = ledgers::genesis(Writers::Signed);
        let ledger = signed::id(&declaration);
        let genesis = Genesis::parse(&declaration).unwrap();
        let judge = Judge::new(&genesis, ledger);
        Self { genesis, ledger, judge, lines: vec![(at(-60 * MINUTE), declaration)] }
    }

    /// A record that these sign, received at a minute. Answers its id.
    pub(super) fn say(&mut self, minute: i64, record: Object, seeds: &[u8]) -> Hash {
        self.say_at(minute * MINUTE, record, seeds)
    }

    pub(super) fn say_at(&mut self, millis: i64, mut record: Object, seeds: &[u8]) -> Hash {
        for seed in seeds {
            sign(&mut record, &ledgers::key(*seed), &SignOptions::default()).unwrap();
        }
        let claim = RecordClaim::of(&record).unwrap();
        let _ = self.judge.admit(self.lines.len() as u64, at(millis), &claim);
        let id = signed::id(&record);
        self.lines.push((at(millis), record));
        id
    }

    pub(super) fn tell(&mut self, minute: i64, deed: Deed, seeds: &[u8]) -> Hash {
        self.tell_at(minute * MINUTE, deed, seeds)
    }

    pub(super) fn tell_at(&mut self, millis: i64, deed: Deed, seeds: &[u8]) -> Hash {
        let prev = self.judge.registry().last_of(&deed);
        let event =
            RegistryEvent { ledger: self.ledger, prev, expires: None, names: EventNames::default(), deed };
        self.say_at(millis, event.to_record(), seeds)
    }

    pub(super) fn party(&mut self, label: &str, seed: u8) -> Hash {
        let name = Name::parse(label).unwrap();
        self.tell(-50, Deed::EnrollParty { name, key: did(seed), next: None }, &[seed, ADMIN])
    }

    pub(super) fn probe(&mut self, owner: Hash, via: Option<Hash>) -> Hash {
        let name = Name::parse("reefer 7").unwrap();
        let deed = Deed::EnrollDevice { name, key: Some(did(PROBE)), owner, via };
        self.tell(-40, deed, &[SHIPPER, PROBE])
    }

    pub(super) fn reading(&mut self, minute: i64, device: &str, t: &str, seed: u8) {
        let time = at(minute * MINUTE);
        let text = format!(
            r#"{{"type":"reading","device":"{device}","time":"{time}","values":{{"t":{t}}},"units":{{"t":"Cel"}}}}"#
        );
        self.say(minute, json::parse_object(text.as_bytes()).unwrap(), &[seed]);
    }

    /// The verdict, a day after.
    pub(super) fn verdict(&self, contract: &Contract) -> Object {
        let found = self.evaluated(contract, Hindsight::default()).hindsight;
        let evaluated = self.evaluated(contract, found);
        let settled = Bill::new(contract).settle(&evaluated);
        let accepted = vec![true; contract.parties.len()];
        let finality = Finality::of_records(contract, evaluated.as_of);
        ContractVerdict::new(contract, &evaluated, &finality, &settled, &[], &accepted).record
    }

    pub(super) fn evaluated(&self, contract: &Contract, known: Hindsight) -> Evaluated {
        let scope = EvaluationScope { as_of: Some(at(48 * 60 * MINUTE)), patient: true };
        let sieve = Sieve::new(contract, false).with_hindsight(&known);
        let mut facts = FactReader::new(&sieve, false);
        let judge = Judge::new(&self.genesis, self.ledger);
        let evaluation = Evaluation::new(contract, 1, scope).with_judges(vec![judge]);
        let mut evaluation = evaluation.with_hindsight(known);
        for (n, (received, record)) in (0..).zip(&self.lines) {
            let mut fact = facts.record(record, *received);
            evaluation.push(EntryId { ledger: 0, n }, *received, &mut fact);
        }
        evaluation.finish().unwrap()
    }
}

/// An hour with these parties and a device that a registry knows.
pub(super) fn contract(parties: &[(&str, u8)], probe: &Hash, more: &str) -> Contract {
    paying(parties, probe, more, "")
}

/// The same with a line for the term, and payments.
pub(super) fn paying(parties: &[(&str, u8)], probe: &Hash, more: &str, payments: &str) -> Contract {
    let party = |(id, seed): &(&str, u8)| format!("[parties.{id}]\nkey = \"{}\"\n", did(*seed));
    let parties = parties.iter().map(party).collect::<Vec<_>>().concat();
    let toml = format!(
        r#"contract = "foil/1"
title = "Reefer 7"
currency = "EUR"
period = {{ from = 2026-03-01T06:00:00Z, to = 2026-03-01T07:00:00Z }}
{parties}
[devices.probe]
id = "{probe}"
fields = {{ t = "Cel" }}
{more}
[time]
hold = "11m"
[[terms]]
id = "cold"
on = "probe"
require = "t <= 8.0"
{payments}"#
    );
    let source = ContractFile::parse(toml.as_bytes()).unwrap();
    Contract::read(&source.record).unwrap_or_else(|problems| panic!("{problems:?}\n{toml}"))
}
