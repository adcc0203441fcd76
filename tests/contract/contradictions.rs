//! Events that leave no time to judge, between each other or in the contract's period: nobody is accused, and nothing is kept.
//! The period is an hour, and times are minutes after its beginning.

use counterfoil::{
    contract::{document::Contract, eval::EvaluationScope, file::ContractFile},
    json::{Object, Value},
};

use super::{
    events::{OWNER, TENANT, event},
    hour::*,
};

fn contract() -> Contract {
    let toml = format!(
        r#"contract = "foil/1"
title = "Cold room"
currency = "EUR"
period = {{ from = {FROM}, to = 2026-03-01T07:00:00Z, from_event = {{ event = "loaded", by = ["owner"] }}, to_event = {{ event = "delivered", by = ["tenant"] }} }}
[parties.owner]
key = "{}"
[parties.tenant]
key = "{}"
[devices.probe]
id = "probe"
signed_by = ["{}"]
fields = {{ t = "Cel" }}
[time]
hold = "11m"
[[terms]]
id = "cold"
on = "probe"
require = "t <= 8.0"
[[terms]]
id = "alive"
on = "probe"
every = "10m"
[[terms]]
id = "mean"
measure = "avg(t) <= 8.0"
each = "period"
[[terms]]
id = "arrived"
event = "delivered"
by = ["tenant"]
before = 2026-03-01T08:00:00Z
[[payments]]
id = "warm"
from = "owner"
to = "tenant"
each = "excursion of cold"
amount = "1.00"
[[payments]]
id = "fee"
from = "owner"
to = "tenant"
amount = "100.00"
minimum = "10.00"
[[payments]]
id = "stops"
from = "owner"
to = "tenant"
each = "event delivered"
amount = "5.00"
"#,
        key(OWNER).did(),
        key(TENANT).did(),
        key(3).did(),
    );
    let source = ContractFile::parse(toml.as_bytes()).unwrap();
    Contract::read(&source.record).unwrap_or_else(|problems| panic!("{problems:?}\n{toml}"))
}

/// Readings every five minutes, all too warm; then the events, entries 20 and 21, received in minute 70.
fn lines(contract: &Contract, loaded: Option<i64>, delivered: Option<i64>) -> Vec<Line> {
    let events = [("loaded", loaded, OWNER), ("delivered", delivered, TENANT)];
    let said = (20..).zip(events).filter_map(|(n, (name, time, signer))| {
        time.map(|time| event(contract, n, name, (time, time.max(70)), signer))
    });
    series(&["9"; 12]).into_iter().chain(said).collect()
}

fn rows<'a>(verdict: &'a Object, name: &str) -> Vec<&'a Object> {
    verdict.get(name).unwrap().as_array().unwrap().iter().filter_map(Value::as_object).collect()
}

fn states(verdict: &Object) -> Vec<String> {
    let text = |term: &Object, name| term.str(name).unwrap().to_owned();
    let terms = rows(verdict, "terms");
    terms.iter().map(|term| format!("{} {}", text(term, "state"), text(term, "why"))).collect()
}

#[test]
fn a_period_without_any_time_is_never_kept_and_accuses_nobody() {
    let contract = contract();
    let is = |loaded, delivered, conflicts: &[&str]| {
        let lines = lines(&contract, loaded, delivered);
        let verdict = verdict(&contract, &lines);
        let told = format!("{loaded:?} {delivered:?}");
        let unknown = "undetermined unknown-time";
        let arrived = if delivered.is_some() { "kept within" } else { "breached limit" };
        assert_eq!(states(&verdict), [unknown, unknown, unknown, arrived], "{told}");
        let status = if delivered.is_some() { "undetermined" } else { "breached" };
        assert_eq!(verdict.str("status"), Some(status), "{told}");
        // Nothing is paid: not for what the readings show, not the fee, its minimum, or the delivery.
        for payment in rows(&verdict, "payments") {
            let of = (payment.str("sum"), payment.get("unpriced").unwrap().to_canonical());
            assert_eq!(of, (Some("0.00"), "1".to_owned()), "{told}");
        }
        assert_eq!(rows(&verdict, "settlement").len(), 0, "{told}");
        let found = findings(&verdict);
        let of = |kind: &str| found.iter().filter(|it| it.ends_with(kind)).cloned().collect::<Vec<_>>();
        assert_eq!(of("conflict"), conflicts, "{told}");
        // those of warm and of the two that are about no device
        assert_eq!(of("unpriced").len(), 2, "{told}");
        let (conflicts, unpriced) = (conflicts.len() as u64, 3);
        assert_eq!(verdict.get("findings_total").unwrap().as_u64(), Some(conflicts + unpriced), "{told}");
        // until the contract is closed it may still come otherwise
        let scope = EvaluationScope { as_of: Some(at(20 * 60 * MINUTE)), patient: true };
        let open = run(&contract, &lines, scope);
        assert_eq!(states(&open)[..3], ["pending open"; 3], "{told}");
        assert_eq!(open.str("status"), Some(if delivered.is_some() { "pending" } else { status }));
    };
    let both = &["20 conflict", "21 conflict"];
    is(Some(25), Some(20), both);
    is(Some(20), Some(20), both);
    // loaded when the period was over, delivered before it began
    is(Some(60), None, &["20 conflict"]);
    is(Some(75), None, &["20 conflict"]);
    is(None, Some(0), &["21 conflict"]);
    is(None, Some(-1), &["21 conflict"]);
    // what lies in the period contradicts nothing
    is(Some(10), Some(-1), &["21 conflict"]);
    is(Some(75), Some(50), &["20 conflict"]);
    is(Some(75), Some(-1), both);
}

#[test]
fn a_minute_that_is_left_is_judged() {
    let contract = contract();
    let of = |loaded, delivered| {
        let verdict = verdict(&contract, &lines(&contract, loaded, delivered));
        (excursions(&verdict).join(", "), findings(&verdict).join(", "))
    };
    let is = |excursions: &str| (excursions.to_owned(), String::new());
    assert_eq!(of(Some(20), Some(21)), is("20+1!20:01"));
    // before the beginning and behind the end the period's own ends stand; the last value speaks for eleven minutes
    assert_eq!(of(Some(0), Some(60)), is("0+60!0:01"));
    assert_eq!(of(Some(-5), Some(90)), is("0+60!0:01"));
    assert_eq!(of(Some(59), None), is("59+1!59:01"));
    assert_eq!(of(None, Some(1)), is("0+1!0:01"));
}
