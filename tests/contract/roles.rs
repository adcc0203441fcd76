//! Contracts that ask a ledger's registry: who speaks for a device, and in whose hands it is.

use counterfoil::{
    contract::document::SuspectRule,
    hash::Hash,
    json::{Object, Value},
    record::registry::{Deed, Name, Subject},
    time::Time,
};

use super::{
    hour::{MINUTE, at, excursions, findings},
    story::*,
};

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
    assert_eq!(excursions(&verdict), ["5+5!5:01", "30+5!30:01"]);
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

#[test]
fn roles_with_signed_by_only_those_keys_speak_whatever_the_registry_says() {
    let mut story = Story::new();
    let owner = story.party("shipper", SHIPPER);
    let probe = story.probe(owner, None);
    let name = Name::parse("door").unwrap();
    let door = Deed::EnrollDevice { name, key: Some(did(41)), owner, via: None };
    let door = story.tell(-39, door, &[SHIPPER, 41]);
    // the probe by its registered key, by its label, and by the key that the contract names
    story.reading(0, &probe.to_string(), "9", PROBE);
    story.reading(5, "reefer 7", "9", 50);
    story.reading(10, &probe.to_string(), "9", 50);
    story.reading(15, &probe.to_string(), "4", 50);
    let signed_by = format!("signed_by = [\"{}\"]\n[devices.door]\nid = \"{door}\"\n", did(50));
    let verdict = story.verdict(&contract(&[("shipper", SHIPPER)], &probe, &signed_by));
    assert_eq!(excursions(&verdict), ["10+5!10:01"]);
    assert_eq!(findings(&verdict), ["- never-heard", "4 unauthorized"], "nobody speaks of the door");
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
    story.tell(-5, Deed::handover(probe, road), &[SHIPPER, 11]);
    story.reading(0, &id, "4", PROBE);
    story.reading(5, &id, "9", PROBE);
    story.tell(10, Deed::handover(probe, rail), &[11, 12]);
    story.reading(15, &id, "9", PROBE);
    // a party cannot give away what is in other hands
    story.tell(18, Deed::handover(probe, sea), &[11, 13]);
    story.reading(20, &id, "4", PROBE);
    // the good value ends it, and the next custodian begins
    story.tell(20, Deed::handover(probe, sea), &[12, 13]);
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
fn roles_what_the_registry_hears_when_all_is_over_changes_no_final_verdict() {
    let told = |later: bool| {
        let mut story = Story::new();
        let [shipper, rail] = [story.party("shipper", SHIPPER), story.party("rail", 12)];
        let probe = story.probe(shipper, None);
        story.tell(-5, Deed::handover(probe, rail), &[SHIPPER, 12]);
        for (minute, t) in [(0, "4"), (5, "9"), (15, "4")] {
            story.reading(minute, &probe.to_string(), t, PROBE);
        }
        if later {
            // late readings are over after a day
            let key = Deed::Rotate { subject: Subject::Party(rail), key: did(22), next: None };
            story.tell(26 * 60, key, &[12, 22]);
        }
        let parties = [("shipper", SHIPPER), ("by-rail", 22)];
        let verdict = story.verdict(&contract(&parties, &probe, "responsible = \"custodian(probe)\""));
        assert_eq!(verdict.get("final"), Some(&true.into()));
        (hands(&verdict), rail)
    };
    let (before, rail) = told(false);
    assert_eq!(before, [format!("5: {rail}@5; {rail}")]);
    assert_eq!(told(true).0, before);
}

#[test]
fn roles_a_lease_makes_the_lessee_answer_and_puts_nothing_into_its_hands() {
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
    assert_eq!(hands(&verdict)[0], "5: shipper@5; renter");
}

#[test]
fn roles_a_carrier_that_revokes_its_key_the_night_before_the_claim_had_it_all_the_same() {
    let told = |revokes: bool| {
        let mut story = Story::new();
        let [shipper, road] = [story.party("shipper", SHIPPER), story.party("road", 11)];
        let probe = story.probe(shipper, None);
        story.tell(-5, Deed::handover(probe, road), &[SHIPPER, 11]);
        for (minute, t) in [(0, "4"), (5, "9"), (15, "4")] {
            story.reading(minute, &probe.to_string(), t, PROBE);
        }
        if revokes {
            // as if its key had not been its own for an hour when it took the goods
            let revoke =
                Deed::Revoke { subject: Subject::Party(road), trusted_until: Some(at(-60 * MINUTE)) };
            story.tell(59, revoke, &[ADMIN]);
            assert!(story.judge.registry().party(&road).unwrap().revoked.is_some());
        }
        let more = "responsible = \"custodian(probe)\"";
        hands(&story.verdict(&contract(&[("shipper", SHIPPER), ("road", 11)], &probe, more)))
    };
    assert_eq!((told(false), told(true)), (vec!["5: road@5; road".to_owned()], told(false)));
}

#[test]
fn roles_what_a_key_signed_that_is_not_trusted_for_then_is_suspect() {
    // two bad readings signed by the gateway, one by the probe itself; the gateway's key is revoked later
    let told = |suspect: &str, revoked: Option<(i64, i64)>| {
        let mut story = Story::new();
        let [owner, gateway] = [story.party("shipper", SHIPPER), story.party("gateway", GATEWAY)];
        let probe = story.probe(owner, Some(gateway));
        let id = probe.to_string();
        story.reading(0, &id, "4", PROBE);
        for (minute, seed) in [(5, GATEWAY), (15, GATEWAY), (25, PROBE), (35, GATEWAY)] {
            story.reading(minute, &id, "9", seed);
            story.reading(minute + 5, &id, "4", PROBE);
        }
        if let Some((minute, trusted)) = revoked {
            let trusted_until = Some(at(trusted * MINUTE));
            story.tell(minute, Deed::Revoke { subject: Subject::Party(gateway), trusted_until }, &[ADMIN]);
        }
        story.reading(50, &id, "4", PROBE);
        let parties = [("shipper", SHIPPER), ("gateway", GATEWAY)];
        let mut contract = contract(&parties, &probe, "");
        contract.time.suspect = if suspect == "reject" { SuspectRule::Reject } else { SuspectRule::Flag };
        let verdict = story.verdict(&contract);
        (excursions(&verdict), findings(&verdict))
    };
    let all = ["5+5!5:01", "15+5!15:01", "25+5!25:01", "35+5!35:01"].map(str::to_owned).to_vec();
    assert_eq!(told("flag", None), (all.clone(), vec![]));
    // trusted until the tenth minute: the first of the gateway's, entry 5, stays
    let doubted = ["7 suspect", "11 suspect"].map(str::to_owned).to_vec();
    assert_eq!(told("flag", Some((45, 10))), (all.clone(), doubted.clone()));
    let trusted = ["5+5!5:01", "25+5!25:01"].map(str::to_owned).to_vec();
    assert_eq!(told("reject", Some((45, 10))), (trusted, doubted));
    // a day later the contract is closed, and no revocation changes it
    assert_eq!(told("reject", Some((26 * 60, 10))), (all.clone(), vec![]));
    assert_eq!(told("reject", Some((45, 45))), (all, vec![]));
}

#[test]
fn roles_a_thousand_hand_overs_in_one_excursion_still_fit_a_verdict() {
    let mut story = Story::new();
    let [shipper, road] = [story.party("shipper", SHIPPER), story.party("road", 11)];
    let probe = story.probe(shipper, None);
    story.reading(0, &probe.to_string(), "9", PROBE);
    // one a second, while the value holds
    for second in 1..500 {
        let to = if second % 2 == 1 { road } else { shipper };
        story.tell_at(second * 1_000, Deed::handover(probe, to), &[SHIPPER, 11]);
    }
    for (minute, t) in [(10, "4"), (20, "9"), (21, "4")] {
        story.reading(minute, &probe.to_string(), t, PROBE);
    }
    let verdict = story.verdict(&contract(&[("shipper", SHIPPER), ("road", 11)], &probe, ""));
    let term = super::hour::term(&verdict);
    let listed = |excursion: &Value| {
        let excursion = excursion.as_object().unwrap();
        let listed = excursion.get("custodians").unwrap().as_array().unwrap().len();
        (listed, excursion.get("custodians_total").unwrap().as_u64().unwrap())
    };
    let excursions = term.get("excursions").unwrap().as_array().unwrap();
    assert_eq!(excursions.iter().map(listed).collect::<Vec<_>>(), [(50, 500), (0, 1)]);
    assert!(verdict.to_canonical().len() < 60_000);
}
