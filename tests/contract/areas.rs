//! Areas: which place is inside, and which is no place.

use counterfoil::contract::{document::Contract, file::ContractFile};

use super::hour::*;

const FIELDS: &str = "{ lat = \"lat\", lon = \"lon\", t = \"Cel\", course = \"deg\" }";

/// A contract that asks whether the probe is in a yard.
fn read(ring: &str, require: &str) -> Result<Contract, String> {
    let toml = format!(
        r#"contract = "foil/1"
title = "A yard"
period = {{ from = {FROM}, to = 2026-03-01T07:00:00Z }}
[parties.owner]
key = "{}"
[devices.probe]
id = "probe"
signed_by = ["{}"]
fields = {FIELDS}
[time]
hold = "11m"
[areas]
yard = {ring}
[[terms]]
id = "yard"
on = "probe"
require = "{require}"
"#,
        key(1).did(),
        key(3).did()
    );
    let source = ContractFile::parse(toml.as_bytes()).map_err(|(problems, _)| format!("{problems:?}"))?;
    Contract::read(&source.record).map_err(|problems| problems[0].to_string())
}

const SQUARE: &str = r#"[["59", "170"], ["60", "170"], ["60", "180"], ["59", "180"]]"#;
const INSIDE: &str = "inside(lat, lon, yard)";

#[test]
fn a_place_that_is_none_is_unknown_and_accuses_nobody() {
    let contract = read(SQUARE, INSIDE).unwrap();
    let of = |lat: &str, lon: &str| {
        let place = format!("{{\"lat\":{lat},\"lon\":{lon}}}");
        let lines: Vec<_> = series(&["4"; 12]).into_iter().map(|line| line.values(&place)).collect();
        state(&verdict(&contract, &lines))
    };
    assert_eq!(of("59.5", "175"), "kept");
    assert_eq!(of("59.5", "169.9999999"), "breached");
    assert_eq!(of("59.5", "180"), "kept");
    assert_eq!(of("59.5", "-180"), "kept", "the same line");
    assert_eq!(of("59.5", "-179.9999999"), "breached");
    for (lat, lon) in [("91", "175"), ("-90.0000001", "175"), ("59.5", "181"), ("59.5", "535")] {
        assert_eq!(of(lat, lon), "undetermined", "{lat} {lon}");
    }
}

#[test]
fn latitude_stands_before_longitude_and_both_are_degrees() {
    let of = |place: &str| read(SQUARE, &format!("inside({place}, yard)")).err().unwrap_or_default();
    for sound in ["lat, lon", "lat + 1, lon", "course, lon", "59.5, lon"] {
        assert_eq!(of(sound), "", "{sound}");
    }
    assert!(of("lon, lat").contains("inside takes latitude, then longitude: lat stands here, and not lon"));
    assert!(of("lat, t").contains("lon stands here, and not Cel"));
    assert!(of("lat * lon, lon").contains("lat stands here, and not a product of units"));
}

#[test]
fn a_ring_goes_round_something() {
    let of = |ring: &str| read(ring, INSIDE).err().unwrap_or_default();
    assert_eq!(of(SQUARE), "");
    let tie = r#"[["59", "170"], ["60", "180"], ["60", "170"], ["59", "180"]]"#;
    assert!(of(tie).contains("two edges cross: the corners follow each other round the area"), "{}", of(tie));
    let line = r#"[["59", "170"], ["60", "171"], ["61", "172"]]"#;
    assert!(of(line).contains("all corners are on one line"), "{}", of(line));
}
