//! Payments by role: the parties that have it when an excursion breaches.

use counterfoil::{hash::Hash, json::Object, record::registry::Deed};

use super::{
    hour::{MINUTE, at, findings},
    story::*,
};

/// A payment for each excursion; the first line belongs to the term.
fn penalty(tolerate: &str, from: &str, to: &str, more: &str) -> String {
    format!(
        "{tolerate}\n[[payments]]\nid = \"penalty\"\nfrom = \"{from}\"\nto = \"{to}\"\n\
         each = \"excursion of cold\"\namount = \"duration / 60\"\n{more}\n"
    )
}

/// What is owed in the end, `from to amount`; then each line.
fn owed(verdict: &Object) -> Vec<String> {
    let rows = |object: &Object, name: &str| -> Vec<Object> {
        let rows = object.get(name).unwrap().as_array().unwrap().iter();
        rows.map(|row| row.as_object().unwrap().clone()).collect()
    };
    let text =
        |row: &Object| ["from", "to", "amount"].map(|name| row.str(name).unwrap().to_owned()).join(" ");
    let lines = rows(verdict, "payments").iter().flat_map(|paid| rows(paid, "lines")).collect::<Vec<_>>();
    rows(verdict, "settlement").iter().chain(&lines).map(text).collect()
}

/// Three carriers in turn, and an excursion that spans the first handover, another with the last.
fn three_carriers() -> (Story, Hash, Hash) {
    let mut story = Story::new();
    let [shipper, road, rail, sea] = [("shipper", SHIPPER), ("road", 11), ("rail", 12), ("sea", 13)]
        .map(|(label, seed)| story.party(label, seed));
    let probe = story.probe(shipper, None);
    let id = probe.to_string();
    story.tell(-5, Deed::handover(probe, road), &[SHIPPER, 11]);
    for (minute, t) in [(0, "4"), (5, "9")] {
        story.reading(minute, &id, t, PROBE);
    }
    story.tell(10, Deed::handover(probe, rail), &[11, 12]);
    for (minute, t) in [(15, "9"), (20, "4")] {
        story.reading(minute, &id, t, PROBE);
    }
    story.tell(25, Deed::handover(probe, sea), &[12, 13]);
    for (minute, t) in [(30, "9"), (40, "4"), (45, "4")] {
        story.reading(minute, &id, t, PROBE);
    }
    (story, probe, sea)
}

const PARTIES: [(&str, u8); 4] = [("shipper", SHIPPER), ("road", 11), ("rail", 12), ("sea", 13)];

#[test]
fn liable_whoever_had_it_in_hand_when_the_limit_was_passed_pays() {
    let (story, probe, _) = three_carriers();
    let of = |payment: &str| owed(&story.verdict(&paying(&PARTIES, &probe, "", payment)));
    let at_once = penalty("", "custodian(probe)", "shipper", "");
    assert_eq!(
        of(&at_once),
        ["road shipper 15.00", "sea shipper 10.00", "road shipper 15.00", "sea shipper 10.00"]
    );
    // six minutes later it was in other hands
    let tolerant = penalty("tolerate = { longer_than = \"6m\" }", "custodian(probe)", "shipper", "");
    assert_eq!(of(&tolerant)[..2], ["rail shipper 15.00", "sea shipper 10.00"]);
    // each answers for its own, up to the cap
    let capped = penalty("", "custodian(probe)", "owner(probe)", "cap = \"12.00\"");
    assert_eq!(of(&capped)[..2], ["road shipper 12.00", "sea shipper 10.00"]);
    let caps = "[[caps]]\nfrom = \"road\"\nto = \"shipper\"\namount = \"7.00\"\n";
    assert_eq!(of(&format!("{at_once}{caps}"))[..2], ["road shipper 7.00", "sea shipper 10.00"]);
}

#[test]
fn liable_who_owns_and_who_rents_pays_and_is_paid_as_of_each_excursion() {
    let mut story = Story::new();
    let [shipper, renter, buyer] =
        [("shipper", SHIPPER), ("renter", 11), ("buyer", 12)].map(|(label, seed)| story.party(label, seed));
    let probe = story.probe(shipper, None);
    let (from, until) = (at(-20 * MINUTE), at(32 * MINUTE));
    let lease =
        story.tell(-20, Deed::Lease { device: probe, to: renter, from, until, via: None }, &[SHIPPER, 11]);
    for (minute, t) in [(0, "4"), (5, "9"), (10, "4")] {
        story.reading(minute, &probe.to_string(), t, PROBE);
    }
    let sale = Deed::Transfer { device: probe, to: buyer, leases: vec![lease], via: None };
    story.tell(12, sale, &[SHIPPER, 12]);
    for (minute, t) in [(20, "9"), (25, "4"), (35, "9"), (40, "4")] {
        story.reading(minute, &probe.to_string(), t, PROBE);
    }
    let parties = [("shipper", SHIPPER), ("renter", 11), ("buyer", 12)];
    let payment = penalty("", "operator(probe)", "owner(probe)", "");
    let verdict = story.verdict(&paying(&parties, &probe, "", &payment));
    // the lease ended at 32: the buyer used it, and owes no other party
    assert_eq!(
        owed(&verdict),
        [
            "renter buyer 5.00",
            "renter shipper 5.00",
            "renter shipper 5.00",
            "renter buyer 5.00",
            "buyer buyer 5.00"
        ]
    );
}

#[test]
fn liable_a_stranger_to_the_contract_is_named_and_where_nobody_is_known_nobody_pays() {
    let (story, probe, sea) = three_carriers();
    let payment = penalty("", "custodian(probe)", "shipper", "");
    let owed_by = |verdict: &Object| owed(verdict)[..2].to_vec();
    let verdict = story.verdict(&paying(&PARTIES[..3], &probe, "", &payment));
    let mut expected = [format!("{sea} shipper 10.00"), "road shipper 15.00".to_owned()];
    expected.sort();
    assert_eq!(owed_by(&verdict), expected);
    let unknown = Hash::of(b"another ledger's probe");
    let mut story = Story::new();
    for (minute, t) in [(0, "9"), (5, "4")] {
        story.reading(minute, &unknown.to_string(), t, PROBE);
    }
    let signed_by = format!("signed_by = [\"{}\"]", did(PROBE));
    let verdict = story.verdict(&paying(&PARTIES, &unknown, &signed_by, &payment));
    assert_eq!((owed(&verdict), findings(&verdict)), (vec![], vec!["1 unpriced".to_owned()]));
}
