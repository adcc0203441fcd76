//! Payments by how many excursions or misses there were: what unknown time hides, and what is still to come, earns nothing.

use counterfoil::contract::{document::Contract, eval::EvaluationScope};

use super::hour::*;

const TERMS: &str = "[[terms]]\nid = \"cold\"\non = \"probe\"\nrequire = \"t <= 8\"\ntolerate = { longer_than = \"20m\" }\n\
    [[terms]]\nid = \"beat\"\non = \"probe\"\nevery = \"6m\"\n\
    [[terms]]\nid = \"peak\"\non = \"probe\"\nmeasure = \"max(t) <= 8\"\neach = \"15m\"\n";

fn contract_paying(payment: &str) -> Contract {
    let head = "[[payments]]\nid = \"fee\"\nfrom = \"tenant\"\nto = \"owner\"\n";
    contract_between("", &format!("{TERMS}{head}{payment}\n"))
}

fn fee(payment: &str, values: &[&str]) -> String {
    paid(&verdict(&contract_paying(payment), &series(values))).join("; ")
}

/// Whether it has no price, which is a finding.
fn unpriced(payment: &str, values: &[&str]) -> bool {
    let found = findings(&verdict(&contract_paying(payment), &series(values)));
    fee(payment, values) == "0.00 (1)" && found.iter().any(|finding| finding.ends_with("unpriced"))
}

const BONUS: &str = "when = \"excursions(cold) == 0\"\namount = \"10\"";
const MALUS: &str = "amount = \"10 - excursions(cold) * 5\"";

#[test]
fn a_device_that_falls_silent_earns_no_bonus() {
    // known until 36 of 60 minutes: an excursion of 24 minutes may be hidden
    let silent = ["4"; 6];
    for payment in [BONUS, MALUS, &BONUS.replace("cold", "peak"), &MALUS.replace("cold", "peak")] {
        assert!(unpriced(payment, &silent), "{payment}");
        assert!(fee(payment, &["4"; 12]).starts_with("10.00"), "{payment}");
    }
    // five minutes hide none of more than twenty
    let kept = ["4", "4", "null", "4", "4", "4", "4", "4", "4", "4", "4", "4"];
    assert!(fee(BONUS, &kept).starts_with("10.00"));
    assert!(fee(MALUS, &kept).starts_with("10.00"));
    assert!(unpriced(&BONUS.replace("cold", "peak"), &kept));
}

#[test]
fn what_is_shown_is_paid_where_more_would_be_no_less() {
    // 25 minutes of 9, and known until 41
    let values = ["4", "9", "9", "9", "9", "9", "4"];
    for payment in ["amount = \"excursions(cold) * 5\"", "when = \"excursions(cold) >= 1\"\namount = \"5\""] {
        assert!(fee(payment, &values).starts_with("5.00"), "{payment}");
    }
    assert!(unpriced("when = \"excursions(cold) == 1\"\namount = \"5\"", &values));
    assert!(unpriced("amount = \"excursions(cold) * -5\"\nsigned = true", &values));
}

#[test]
fn what_can_still_come_is_not_known_not_to() {
    let payment = "when = \"misses(beat) == 0\"\namount = \"10\"";
    let of = |minutes: i64| {
        let scope = EvaluationScope { as_of: Some(at(minutes * MINUTE)), patient: true };
        let verdict = run(&contract_paying(payment), &series(&["4"; 12]), scope);
        (paid(&verdict).join("; ").starts_with("10.00"), findings(&verdict).len())
    };
    assert_eq!(of(31), (false, 1));
    assert_eq!(of(61), (false, 1), "a day for late readings");
    assert_eq!(of(48 * 60), (true, 0));
}
