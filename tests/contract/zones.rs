//! Zones in contracts: names get their offsets when a contract is compiled, and these are what is signed.

use counterfoil::{
    contract::{document::Contract, file::ContractFile},
    json::{self, Value},
};

use super::hour::key;

/// A contract of a year with this zone.
fn year(zone: &str) -> String {
    format!(
        r#"contract = "foil/1"
title = "Cold room"
period = {{ from = 2026-03-01T06:00:00Z, to = 2027-03-01T06:00:00Z }}
[parties.owner]
key = "{}"
[time]
zone = {zone}
"#,
        key(1).did()
    )
}

fn problems(record: &json::Object) -> Vec<String> {
    Contract::read(record).err().unwrap_or_default().iter().map(ToString::to_string).collect()
}

fn said(zone: &str) -> Vec<String> {
    problems(&ContractFile::parse(year(zone).as_bytes()).unwrap().record)
}

fn compiled(toml: &str) -> String {
    let file = ContractFile::parse(toml.as_bytes()).unwrap();
    assert_eq!(problems(&file.record), [""; 0]);
    file.record.get("time").unwrap().as_object().unwrap().get("zone").unwrap().to_canonical()
}

#[test]
fn a_name_becomes_its_offsets_from_a_day_before_to_a_day_after() {
    let oslo = r#"{"name":"Europe/Oslo","offsets":[["2026-02-28T06:00:00.000Z","+01:00"],["2026-03-29T01:00:00.000Z","+02:00"],["2026-10-25T01:00:00.000Z","+01:00"]]}"#;
    assert_eq!(compiled(&year("\"Europe/Oslo\"")), oslo);
    assert_eq!(
        compiled(&year("\"Asia/Kolkata\"")),
        r#"{"name":"Asia/Kolkata","offsets":[["2026-02-28T06:00:00.000Z","+05:30"]]}"#
    );
    assert_eq!(compiled(&year("\"+05:30\"")), r#""+05:30""#);
    // A change within the day behind the period is written down, one later is not.
    let ends = |to: &str| year("\"Europe/Oslo\"").replace("2027-03-01T06:00:00Z", to);
    assert!(compiled(&ends("2026-03-28T02:00:00Z")).contains("2026-03-29"));
    assert!(!compiled(&ends("2026-03-28T01:00:00Z")).contains("2026-03-29"));
    // What was compiled compiles to itself.
    let toml = ContractFile::parse(year("\"Europe/Oslo\"").as_bytes()).unwrap();
    let again = ContractFile::parse(toml.record.to_canonical().as_bytes()).unwrap();
    assert_eq!(again.record, toml.record);
}

#[test]
fn what_is_no_zone_is_said() {
    let unknown =
        |name, near| format!("time.zone: there is no zone {name:?}{near}; an offset is written +01:00");
    assert_eq!(said("\"Europe/Olso\""), [unknown("Europe/Olso", ", did you mean \"Europe/Oslo\"?")]);
    assert_eq!(said("\"+15:00\""), [unknown("+15:00", "")]);
    assert_eq!(said("1"), ["time.zone: expected a zone (Europe/Oslo) or an offset (+01:00), found a number"]);
    // A mistake in the period is no mistake in the zone.
    let toml = year("\"Europe/Oslo\"").replace("to = 2027", "to = 2025");
    let file = ContractFile::parse(toml.as_bytes()).unwrap();
    assert_eq!(problems(&file.record), ["period.to: the period ends before it begins"]);
}

#[test]
fn offsets_that_no_zone_has_are_refused() {
    let offsets = |offsets: &str| said(&format!("{{ name = \"Somewhere\", offsets = [{offsets}] }}"));
    let (first, spring) =
        (r#"["2026-02-28T06:00:00.000Z", "+01:00"]"#, r#"["2026-03-29T01:00:00.000Z", "+02:00"]"#);
    assert_eq!(offsets(&format!("{first}, {spring}")), [""; 0]);
    assert_eq!(
        offsets(r#"["2026-02-28T06:00:00.001Z", "+01:00"]"#),
        ["time.zone.offsets: the first one begins a day before the period, or earlier"]
    );
    assert_eq!(
        offsets(&format!("{first}, {spring}, {spring}")),
        ["time.zone.offsets[2]: offsets are in the order of time"]
    );
    assert_eq!(
        offsets(&format!(r#"{first}, {spring}, ["2026-03-30T00:59:00.000Z", "+01:00"]"#)),
        ["time.zone.offsets[2]: clocks are not changed twice within a day"]
    );
    for bad in ["", r#"["2026-02-28T06:00:00.000Z", "+25:00"]"#, r#"["2026-02-28T06:00:00.000Z"]"#, "1"] {
        assert!(
            offsets(bad)[0].starts_with("time.zone.offsets: expected pairs"),
            "{bad}: {:?}",
            offsets(bad)
        );
    }
    assert_eq!(said("{ offsets = [] }")[0], "time.zone: `name` is missing");
    let unknown = said(&format!("{{ name = \"Somewhere\", offsets = [{first}], rule = 1 }}"));
    assert_eq!(unknown, ["time.zone.rule: unknown key \"rule\" (there is name, offsets)"]);
}

#[test]
fn a_name_without_offsets_is_not_judged() {
    let toml = ContractFile::parse(year("\"Europe/Oslo\"").as_bytes()).unwrap();
    let mut record = toml.record;
    if let Some(Value::Object(time)) = record.get_mut("time") {
        time.insert("zone", "Europe/Oslo");
    }
    let said = problems(&record);
    assert_eq!(
        said,
        [
            "time.zone: a compiled contract has the offsets of Europe/Oslo, which are what is signed: {\"name\":…,\"offsets\":[[TIME,OFFSET],…]}"
        ]
    );
}

#[test]
fn a_zone_whose_clocks_no_offset_tells_is_refused_when_compiling() {
    let toml = year("\"Africa/Monrovia\"").replace("2026-03", "1971-03").replace("2027-03", "1971-04");
    let (problems, _) = ContractFile::parse(toml.as_bytes()).unwrap_err();
    assert_eq!(
        problems[0].to_string(),
        "time.zone: at 1971-02-28T06:00:00.000Z clocks were -2670 seconds ahead of UTC there, and an offset is whole minutes, at most 14 hours"
    );
}
