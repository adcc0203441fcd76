//! Payments that ask for signed events: their time, and what all who signed state alike. Times are minutes after six.

use counterfoil::{
    contract::{document::Contract, file::ContractFile},
    json::{Object, Value},
};

use super::{
    events::{OWNER, TENANT, event, fields},
    hour::*,
};

fn read(payment: &str) -> Result<Contract, Vec<String>> {
    let toml = format!(
        r#"contract = "foil/1"
title = "Late"
period = {{ from = {FROM}, to = 2026-03-01T07:00:00Z }}
currency = "EUR"
[parties.owner]
key = "{}"
[parties.tenant]
key = "{}"
[[terms]]
id = "delivered"
event = "delivered"
by = ["owner", "tenant"]
before = 2026-03-01T06:30:00Z
[[terms]]
id = "stop"
event = "stop"
by = ["owner"]
[[payments]]
id = "p"
from = "owner"
to = "tenant"
{payment}
"#,
        key(OWNER).did(),
        key(TENANT).did(),
    );
    let source = ContractFile::parse(toml.as_bytes()).unwrap();
    Contract::read(&source.record).map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

/// The sum and the lines of the payment, after these events.
fn paid(payment: &str, events: impl Fn(&Contract) -> Vec<Line>) -> String {
    let contract = read(payment).unwrap_or_else(|problems| panic!("{problems:?}"));
    let verdict = verdict(&contract, &events(&contract));
    let rows = |object: &Object, name: &str| object.get(name).unwrap().as_array().unwrap().to_vec();
    let payment = rows(&verdict, "payments")[0].as_object().unwrap().clone();
    let line = |line: &Value| {
        let line = line.as_object().unwrap();
        let start = line.str("start").map(|start| format!("{} ", &start[11..16])).unwrap_or_default();
        format!("{start}{} = {}", line.str("amount").unwrap(), line.str("calc").unwrap())
    };
    let lines: Vec<_> = rows(&payment, "lines").iter().map(line).collect();
    let unpriced = payment.get("unpriced").and_then(Value::as_u64).unwrap();
    format!("{} ({unpriced}): {}", payment.str("sum").unwrap(), lines.join(", "))
}

fn delivered(contract: &Contract, minute: i64, pallets: [&str; 2]) -> Vec<Line> {
    let line = |n, signer, pallets: &str| {
        fields(
            event(contract, n, "delivered", (minute, minute), signer),
            &format!("{{\"pallets\":{pallets}}}"),
        )
    };
    vec![line(0, OWNER, pallets[0]), line(1, TENANT, pallets[1])]
}

#[test]
fn lateness_is_paid_by_the_time_of_the_event() {
    let payment = "when = \"breached(delivered)\"\namount = \"started(event('delivered').time - event('stop').time, 10m) * 12.50\"";
    // stopped at minute 20, delivered at 45: 25 minutes, three begun tens
    let late = |minute| {
        move |contract: &Contract| {
            let mut lines = delivered(contract, minute, ["3", "3"]);
            lines.insert(0, event(contract, 0, "stop", (20, 20), OWNER));
            (0..).zip(&mut lines).for_each(|(n, line)| line.n = n);
            lines
        }
    };
    assert_eq!(
        paid(payment, late(45)),
        "37.50 (0): 37.50 = started(2026-03-01T06:45:00.000Z - 2026-03-01T06:20:00.000Z, 600) * 12.5"
    );
    assert_eq!(paid(payment, late(29)), "0.00 (0): ", "in time");
    // it never came: how late it is is not known
    assert_eq!(paid(payment, |contract| vec![event(contract, 0, "stop", (20, 20), OWNER)]), "0.00 (1): ");
}

#[test]
fn fields_count_that_all_state_alike() {
    let payment = "amount = \"event('delivered').pallets * 4.00\"";
    let of = |pallets| paid(payment, |contract| delivered(contract, 10, pallets));
    assert_eq!(of(["\"3\"", "\"3\""]), "12.00 (0): 12.00 = 3 * 4");
    assert_eq!(of(["2.5", "2.5"]), "10.00 (0): 10.00 = 2.5 * 4");
    for unknown in [["3", "4"], ["\"many\"", "\"many\""], ["null", "null"]] {
        assert_eq!(of(unknown), "0.00 (1): ", "{unknown:?}");
    }
    assert_eq!(paid(payment, |contract| delivered(contract, 10, ["3", "3"])[..1].to_vec()), "0.00 (1): ");
}

#[test]
fn each_event_is_a_line() {
    let payment =
        "each = \"event stop\"\nwhen = \"event('stop').kg > 0\"\namount = \"event('stop').kg * 0.10 + 5\"";
    let stops = |contract: &Contract| {
        let stop = |n: u64, minute, kg: &str| {
            fields(event(contract, n, "stop", (minute, minute), OWNER), &format!("{{\"kg\":{kg}}}"))
        };
        // the same stop, said twice, is one; another without its field has no price
        vec![
            stop(0, 5, "\"12\""),
            stop(1, 12, "0"),
            stop(2, 20, "\"7.25\""),
            stop(3, 20, "\"7.25\""),
            event(contract, 4, "stop", (30, 30), OWNER),
        ]
    };
    // 12 × 0.10 + 5 = 6.20; 7.25 × 0.10 + 5 = 5.725 is 5.72
    assert_eq!(paid(payment, stops), "11.92 (1): 06:05 6.20 = 12 * 0.1 + 5, 06:20 5.72 = 7.25 * 0.1 + 5");
    assert_eq!(paid(payment, |_| Vec::new()), "0.00 (0): ");
}

#[test]
fn an_event_needs_somebody_who_signs_it() {
    let nobody = "nobody is named who signs this event: a term with event = \"…\" and by = […] says who";
    let of = |payment: &str| read(payment).err().unwrap_or_default();
    assert_eq!(of("amount = \"event('sold').price\""), [format!("payments[0].amount: {nobody}")]);
    assert_eq!(
        of("when = \"event('sold').time > event('stop').time\"\namount = \"1\""),
        [format!("payments[0].when: {nobody}")]
    );
    assert_eq!(of("each = \"event sold\"\namount = \"1\""), [format!("payments[0].each: {nobody}")]);
    assert_eq!(of("each = \"event stop\"\namount = \"event('delivered').pallets\""), [""; 0]);
}
