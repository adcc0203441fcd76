//! Contracts that ask a ledger's registry: who speaks for a device, and in whose hands it is.

use counterfoil::{
    contract::{
        claims::Claims,
        document::Contract,
        eval::{Entry, Evaluation, Scope, Sieve, Signers},
        syntax::Source,
        verdict::Verdict,
    },
    hash::Hash,
    json::{self, Object},
    key::Did,
    record::{
        genesis::Genesis,
        registry::{Deed, Event, Name, Subject},
        signed::{self, SignOptions, sign},
        writers::Writers,
    },
    registry::{Act, Registry},
    time::Time,
};

use super::hour::{MINUTE, at, excursions, findings};
use crate::ledgers;

/// The log's key, which is the admin's.
const ADMIN: u8 = 200;
const SHIPPER: u8 = 10;
const GATEWAY: u8 = 30;
const PROBE: u8 = 40;

/// What is appended, minute by minute.
struct Story {
    genesis: Genesis,
    ledger: Hash,
    registry: Registry,
    lines: Vec<(Time, Object)>,
}

fn did(seed: u8) -> Did {
    Did::from(&ledgers::key(seed).public())
}

impl Story {
    fn new() -> Self {
        let declaration = ledgers::genesis(Writers::Signed);
        let ledger = signed::id(&declaration);
        let genesis = Genesis::parse(&declaration).unwrap();
        let registry = Registry::new(&genesis, ledger);
        Self { genesis, ledger, registry, lines: vec![(at(-60 * MINUTE), declaration)] }
    }

    /// A record that these sign, received at a minute. Answers its id.
    fn say(&mut self, minute: i64, mut record: Object, seeds: &[u8]) -> Hash {
        for seed in seeds {
            sign(&mut record, &ledgers::key(*seed), &SignOptions::default()).unwrap();
        }
        let signers = signed::claimants(&record).unwrap();
        let act = Act::of(&record, signers.into_iter().collect());
        let _ = self.registry.judge(self.lines.len() as u64, at(minute * MINUTE), &act);
        let id = signed::id(&record);
        self.lines.push((at(minute * MINUTE), record));
        id
    }

    fn tell(&mut self, minute: i64, deed: Deed, seeds: &[u8]) -> Hash {
        let prev = self.registry.last_of(&deed);
        let event = Event { ledger: self.ledger, prev, expires: None, deed };
        self.say(minute, event.to_record(), seeds)
    }

    fn party(&mut self, label: &str, seed: u8) -> Hash {
        let name = Name::parse(label).unwrap();
        self.tell(-50, Deed::EnrollParty { name, key: did(seed), next: None }, &[seed, ADMIN])
    }

    fn probe(&mut self, owner: Hash, via: Option<Hash>) -> Hash {
        let name = Name::parse("reefer 7").unwrap();
        let deed = Deed::EnrollDevice { name, key: Some(did(PROBE)), owner, via };
        self.tell(-40, deed, &[SHIPPER, PROBE])
    }

    fn reading(&mut self, minute: i64, device: &str, t: &str, seed: u8) {
        let time = at(minute * MINUTE);
        let text = format!(
            r#"{{"type":"reading","device":"{device}","time":"{time}","values":{{"t":{t}}},"units":{{"t":"Cel"}}}}"#
        );
        self.say(minute, json::parse_object(text.as_bytes()).unwrap(), &[seed]);
    }

    /// The verdict, a day after.
    fn verdict(&self, contract: &Contract) -> Object {
        let scope = Scope { as_of: Some(at(48 * 60 * MINUTE)), patient: true };
        let (sieve, mut claims) = (Sieve::new(contract, false), Claims::default());
        let registry = Registry::new(&self.genesis, self.ledger);
        let mut evaluation = Evaluation::new(contract, 1, scope).with_registries(vec![registry]);
        for (n, (received, record)) in (0..).zip(&self.lines) {
            let signers = claims.signers(record).unwrap();
            let fact = sieve.fact(record, Signers::Good(&signers)).filter(|_| sieve.wants(record));
            evaluation.push(Entry { ledger: 0, n }, *received, fact);
        }
        let accepted = vec![true; contract.parties.len()];
        Verdict::new(contract, &evaluation.finish().unwrap(), &[], &accepted).record
    }
}

/// An hour with these parties and a device that a registry knows.
fn contract(parties: &[(&str, u8)], probe: &Hash, more: &str) -> Contract {
    let party = |(id, seed): &(&str, u8)| format!("[parties.{id}]\nkey = \"{}\"\n", did(*seed));
    let parties = parties.iter().map(party).collect::<Vec<_>>().concat();
    let toml = format!(
        r#"contract = "foil/1"
title = "Reefer 7"
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
"#
    );
    let source = Source::parse(toml.as_bytes()).unwrap();
    Contract::read(&source.record).unwrap_or_else(|problems| panic!("{problems:?}\n{toml}"))
}

#[test]
fn roles_the_registry_says_whose_readings_count_entry_by_entry() {
    let mut story = Story::new();
    let [owner, gateway] = [story.party("shipper", SHIPPER), story.party("gateway", GATEWAY)];
    let probe = story.probe(owner, Some(gateway));
    let id = probe.to_string();
    // by its id, its key or its label; signed by itself, or by who speaks for it
    story.reading(0, &id, "4", PROBE);
    story.reading(5, &did(PROBE).to_string(), "9", GATEWAY);
    story.reading(10, "reefer 7", "4", PROBE);
    // the owner is not the device
    story.reading(15, &id, "9", SHIPPER);
    story.reading(16, "reefer 7", "9", 99);
    // the key changes, and who speaks for it: the old ones count no more, and did before
    let rotate = Deed::Rotate { subject: Subject::Device(probe), key: did(41), next: None };
    story.tell(17, rotate, &[SHIPPER, 41]);
    story.tell(18, Deed::Assign { device: probe, via: None }, &[SHIPPER]);
    story.reading(20, &id, "9", PROBE);
    story.reading(21, &id, "9", GATEWAY);
    story.reading(30, &did(PROBE).to_string(), "9", 41);
    story.reading(35, &did(41).to_string(), "4", 41);
    let verdict = story.verdict(&contract(&[("shipper", SHIPPER)], &probe, ""));
    assert_eq!(excursions(&verdict), ["5+5!5", "30+5!30"]);
    let unauthorized = ["7 unauthorized", "8 unauthorized", "11 unauthorized", "12 unauthorized"];
    assert_eq!(findings(&verdict), unauthorized);
}

#[test]
fn roles_a_registry_that_does_not_know_the_device_lets_nobody_speak_for_it() {
    let mut story = Story::new();
    let id = Hash::of(b"another ledger's probe");
    story.reading(0, &id.to_string(), "9", PROBE);
    let verdict = story.verdict(&contract(&[("shipper", SHIPPER)], &id, ""));
    assert_eq!((excursions(&verdict), findings(&verdict)), (vec![], vec!["1 unauthorized".to_owned()]));
}

/// An excursion as `start: party@minute …; who answers`.
fn hands(verdict: &Object) -> Vec<String> {
    let minute = |text: &str| (Time::parse(text).unwrap() - at(0)).millis() / MINUTE;
    let list = super::hour::term(verdict);
    let list = list.get("excursions").unwrap().as_array().unwrap().iter();
    let show = |excursion: &Object| {
        let held = excursion.get("custodians").unwrap().as_array().unwrap().iter().map(|held| {
            let held = held.as_object().unwrap();
            format!("{}@{}", held.str("party").unwrap(), minute(held.str("from").unwrap()))
        });
        let start = minute(excursion.str("start").unwrap());
        let held = held.collect::<Vec<_>>().join(" ");
        format!("{start}: {held}; {}", excursion.str("responsible").unwrap_or("nobody"))
    };
    list.map(|excursion| show(excursion.as_object().unwrap())).collect()
}

#[test]
fn roles_an_excursion_names_who_had_the_device_in_hand_and_since_when() {
    let mut story = Story::new();
    let [shipper, road, rail, sea] = [("shipper", SHIPPER), ("road", 11), ("rail", 12), ("sea", 13)]
        .map(|(label, seed)| story.party(label, seed));
    let probe = story.probe(shipper, None);
    let id = probe.to_string();
    story.tell(-5, Deed::Handover { device: probe, to: road }, &[SHIPPER, 11]);
    story.reading(0, &id, "4", PROBE);
    story.reading(5, &id, "9", PROBE);
    story.tell(10, Deed::Handover { device: probe, to: rail }, &[11, 12]);
    story.reading(15, &id, "9", PROBE);
    // nobody gives away what is in other hands
    story.tell(18, Deed::Handover { device: probe, to: sea }, &[11, 13]);
    story.reading(20, &id, "4", PROBE);
    // the good value ends it, and the next custodian begins
    story.tell(20, Deed::Handover { device: probe, to: sea }, &[12, 13]);
    story.reading(30, &id, "9", PROBE);
    story.reading(35, &id, "4", PROBE);
    // a key of later days is the same party's
    story.tell(50, Deed::Rotate { subject: Subject::Party(rail), key: did(22), next: None }, &[12, 22]);
    let parties = [("shipper", SHIPPER), ("by-road", 11), ("by-rail", 22)];
    let of = |responsible: &str| {
        let more = format!("responsible = \"{responsible}\"");
        hands(&story.verdict(&contract(&parties, &probe, &more)))
    };
    let answers = |first: &str, second: &str| {
        [format!("5: by-road@5 by-rail@10; {first}"), format!("30: {sea}@30; {second}")]
    };
    assert_eq!(of("custodian(probe)"), answers("by-road", &sea.to_string()));
    assert_eq!(of("owner(probe)"), answers("shipper", "shipper"));
    assert_eq!(of("by-rail"), answers("by-rail", "by-rail"));
    let silent = story.verdict(&contract(&parties, &probe, ""));
    assert_eq!(hands(&silent), answers("nobody", "nobody"));
}

#[test]
fn roles_a_lease_ends_by_itself_and_so_do_the_lessees_hands() {
    let mut story = Story::new();
    let [shipper, renter] = [story.party("shipper", SHIPPER), story.party("renter", 11)];
    let probe = story.probe(shipper, None);
    let (from, until) = (at(-20 * MINUTE), at(12 * MINUTE));
    story.tell(-20, Deed::Lease { device: probe, to: renter, from, until, via: None }, &[SHIPPER, 11]);
    for minute in [5, 15] {
        story.reading(minute, &probe.to_string(), "9", PROBE);
    }
    let parties = [("shipper", SHIPPER), ("renter", 11)];
    let verdict = story.verdict(&contract(&parties, &probe, "responsible = \"operator(probe)\""));
    assert_eq!(hands(&verdict)[0], "5: renter@5 shipper@12; renter");
}

#[test]
fn roles_a_carrier_that_revokes_its_key_the_night_before_the_claim_had_it_all_the_same() {
    let told = |revokes: bool| {
        let mut story = Story::new();
        let [shipper, road] = [story.party("shipper", SHIPPER), story.party("road", 11)];
        let probe = story.probe(shipper, None);
        story.tell(-5, Deed::Handover { device: probe, to: road }, &[SHIPPER, 11]);
        for (minute, t) in [(0, "4"), (5, "9"), (15, "4")] {
            story.reading(minute, &probe.to_string(), t, PROBE);
        }
        if revokes {
            // as if its key had not been its own for an hour when it took the goods
            let revoke =
                Deed::Revoke { subject: Subject::Party(road), trusted_until: Some(at(-60 * MINUTE)) };
            story.tell(59, revoke, &[ADMIN]);
            assert!(story.registry.party(&road).unwrap().revoked.is_some());
        }
        let more = "responsible = \"custodian(probe)\"";
        hands(&story.verdict(&contract(&[("shipper", SHIPPER), ("road", 11)], &probe, more)))
    };
    assert_eq!((told(false), told(true)), (vec!["5: road@5; road".to_owned()], told(false)));
}
