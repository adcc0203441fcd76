//! Decoders against what other people's programs make of the same bytes.

use std::{collections::BTreeMap, fs, path::Path};

use counterfoil::{
    device::{
        decode::{BadFrame, Decoder, FrameFault},
        frame::{Frame, Framer},
    },
    json::{self, Object, Value},
    record::reading::{Integrity, ReadingBody},
    time::Time,
};

use crate::{
    support::{needs::Tested, trial::trials},
    vectors,
};

trials![telegrams_mean_what_dsmr_parser_says, dirty_json_streams_read_as_a_careful_reader_reads_them,];

/// What each frame of some bytes comes out as.
pub fn decoded(format: &str, bytes: &[u8]) -> Vec<Result<Option<ReadingBody>, BadFrame>> {
    let decoder = Decoder::named(format).unwrap();
    let mut framer = Framer::new(decoder.framing.clone(), 8_192);
    let mut found = Vec::new();
    let mut each = |frame: Frame| match frame {
        Frame::Whole(frame) | Frame::Tail(frame) => {
            found.push(decoder.readings(frame).map(|mut bodies| bodies.pop()));
        }
        other => found.push(Err(BadFrame::new(FrameFault::Stray, format!("{other:?}")))),
    };
    framer.push(bytes, &mut each);
    framer.finish(&mut each);
    found
}

fn lines(path: &Path) -> Vec<Object> {
    let text = fs::read(path).unwrap();
    text.split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| {
            json::parse_object(&lenient_integers(line)).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
        })
        .collect()
}

/// The one integer in the peers' files that is beyond our strictness.
fn lenient_integers(line: &[u8]) -> Vec<u8> {
    String::from_utf8(line.to_vec()).unwrap().replace("9007199254740993", "0").into_bytes()
}

fn telegrams_mean_what_dsmr_parser_says() -> Tested {
    let folder = vectors::dir("devices/dsmr")?;
    let mut good = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let Some(name) = path.to_str().unwrap().strip_suffix(".expected.json") else { continue };
        let expected = json::parse_object(&fs::read(&path).unwrap()).unwrap();
        let ours = decoded("dsmr", &fs::read(name).unwrap());
        match expected.get("crc_ok").unwrap() {
            Value::Bool(false) => assert!(ours.iter().all(Result::is_err), "{name}: {ours:?}"),
            crc => {
                let body = ours[0].as_ref().unwrap_or_else(|bad| panic!("{name}: {bad}")).as_ref().unwrap();
                assert_eq!(ours.len(), 1, "{name}");
                assert_eq!(body.integrity == Integrity::Crc, *crc == Value::Bool(true), "{name}");
                compare_telegram(name, body, expected.get("values").unwrap().as_object().unwrap());
                good += 1;
            }
        }
    }
    assert_eq!(good, 5);
    Ok(())
}

/// Their names of values, and ours.
const VALUES: &[(&str, &str)] = &[
    ("P1_MESSAGE_HEADER", "version"),
    ("BELGIUM_VERSION_INFORMATION", "version"),
    ("EQUIPMENT_IDENTIFIER", "equipment_id"),
    ("BELGIUM_EQUIPMENT_IDENTIFIER", "equipment_id"),
    ("ELECTRICITY_USED_TARIFF_1", "energy_import_t1"),
    ("ELECTRICITY_USED_TARIFF_2", "energy_import_t2"),
    ("ELECTRICITY_DELIVERED_TARIFF_1", "energy_export_t1"),
    ("ELECTRICITY_DELIVERED_TARIFF_2", "energy_export_t2"),
    ("ELECTRICITY_ACTIVE_TARIFF", "tariff"),
    ("CURRENT_ELECTRICITY_USAGE", "power_import"),
    ("CURRENT_ELECTRICITY_DELIVERY", "power_export"),
    ("ACTUAL_TRESHOLD_ELECTRICITY", "power_limit"),
    ("ACTUAL_SWITCH_POSITION", "switch"),
    ("TEXT_MESSAGE_CODE", "text_code"),
    ("TEXT_MESSAGE", "text"),
    ("LONG_POWER_FAILURE_COUNT", "power_failures_long"),
    ("SHORT_POWER_FAILURE_COUNT", "power_failures"),
    ("BELGIUM_CURRENT_AVERAGE_DEMAND", "power_average"),
    ("BELGIUM_MAXIMUM_DEMAND_MONTH", "power_peak_month"),
    ("FUSE_THRESHOLD_L1", "current_limit"),
    ("MBUS_DEVICE_TYPE", "type"),
    ("DEVICE_TYPE", "type"),
    ("MBUS_EQUIPMENT_IDENTIFIER", "id"),
    ("EQUIPMENT_IDENTIFIER_GAS", "id"),
    ("MBUS_VALVE_POSITION", "valve"),
    ("VALVE_POSITION_GAS", "valve"),
    ("MBUS_METER_READING", "volume"),
    ("HOURLY_GAS_METER_READING", "volume"),
    ("GAS_METER_READING", "volume"),
];

/// Names that follow a rule: kind of value, line or phase.
fn our_name(theirs: &str) -> String {
    if let Some((_, ours)) = VALUES.iter().find(|(name, _)| *name == theirs) {
        return (*ours).to_owned();
    }
    let rules = BTreeMap::from([
        ("VOLTAGE_SAG_L?_COUNT", "voltage_sags_l?"),
        ("VOLTAGE_SWELL_L?_COUNT", "voltage_swells_l?"),
        ("INSTANTANEOUS_VOLTAGE_L?", "voltage_l?"),
        ("INSTANTANEOUS_CURRENT_L?", "current_l?"),
        ("INSTANTANEOUS_ACTIVE_POWER_L?_POSITIVE", "power_import_l?"),
        ("INSTANTANEOUS_ACTIVE_POWER_L?_NEGATIVE", "power_export_l?"),
    ]);
    let phase = theirs.split("_L").nth(1).map_or("", |rest| &rest[..1]);
    let rule = theirs.replace(&format!("_L{phase}"), "_L?");
    rules.get(rule.as_str()).unwrap_or_else(|| panic!("no name for {theirs}")).replace('?', phase)
}

/// A reading of `device read` against the peer's file beside the telegram.
pub fn compare_record(path: &str, record: &Object) {
    let part = |name: &str| record.get(name).and_then(Value::as_object).cloned().unwrap_or_default();
    let mut body = ReadingBody::new(Integrity::None);
    body.values = part("values").into();
    body.values.put_units(&part("units"));
    // A time before 2020 is the device's word, and dates nothing.
    let word = body.values.str("device_time").or(record.str("time")).map(str::to_owned);
    body.time = word.as_deref().and_then(Time::parse);
    let expected = json::parse_object(&fs::read(format!("{path}.expected.json")).unwrap()).unwrap();
    compare_telegram(path, &body, expected.get("values").unwrap().as_object().unwrap());
}

fn compare_telegram(name: &str, body: &ReadingBody, theirs: &Object) {
    for (their_name, their) in theirs.iter() {
        match their_name {
            "P1_MESSAGE_TIMESTAMP" => {
                let stated = their.as_object().unwrap().str("value").unwrap();
                assert_eq!(body.time.unwrap().to_string()[..19], stated[..19], "{name}");
            }
            "MBUS_DEVICES" => their.as_array().unwrap().iter().for_each(|device| {
                let device = device.as_object().unwrap();
                let channel = device.get("CHANNEL_ID").unwrap().as_u64().unwrap();
                for (what, value) in device.iter().filter(|(what, _)| *what != "CHANNEL_ID") {
                    compare_value(
                        name,
                        body,
                        &format!("mbus{channel}_{}", our_name(what)),
                        value.as_object().unwrap(),
                    );
                }
            }),
            "POWER_EVENT_FAILURE_LOG" => {
                for (at, event) in
                    their.as_object().unwrap().get("buffer").unwrap().as_array().unwrap().iter().enumerate()
                {
                    compare_failure(
                        name,
                        body,
                        &format!("power_failure_{}", at + 1),
                        event.as_object().unwrap(),
                    );
                }
            }
            "BELGIUM_MAXIMUM_DEMAND_13_MONTHS" => {
                for (at, peak) in their.as_array().unwrap().iter().enumerate() {
                    let peak = peak.as_object().unwrap();
                    compare_time(
                        name,
                        body,
                        &format!("power_peak_{}_time", at + 1),
                        peak.str("occurred").unwrap(),
                    );
                    compare_time(
                        name,
                        body,
                        &format!("power_peak_{}_month", at + 1),
                        peak.str("datetime").unwrap(),
                    );
                    let mut amount = peak.clone();
                    amount.remove("datetime");
                    compare_value(name, body, &format!("power_peak_{}", at + 1), &amount);
                }
            }
            _ => compare_value(name, body, &our_name(their_name), their.as_object().unwrap()),
        }
    }
}

/// A failure in the meter's log. 2^31 - 1 s is what a meter has for none, and a clock that was never set dates nothing: ours is null,
/// and theirs has 68 years, which end in 2000.
fn compare_failure(name: &str, body: &ReadingBody, ours: &str, theirs: &Object) {
    let [duration, end] = ["duration", "end"].map(|part| format!("{ours}_{part}"));
    if theirs.get("value").and_then(Value::as_u64) == Some(0x7fff_ffff) {
        assert_eq!(body.values.get(&duration), Some(&Value::Null), "{name}: {duration}");
    } else {
        compare_value(name, body, &duration, theirs);
    }
    let time = theirs.str("datetime").unwrap();
    let is_never = time < "2001" && body.values.get(&end) == Some(&Value::Null);
    if !is_never {
        compare_time(name, body, &end, time);
    }
}

fn compare_value(name: &str, body: &ReadingBody, ours: &str, theirs: &Object) {
    let (our_value, their_value) = (body.values.get(ours), theirs.get("value").unwrap());
    let text = |value: &Value| value.as_str().map_or(value.to_string(), str::to_owned);
    assert_eq!(our_value.map(text), Some(text(their_value)), "{name}: {ours}");
    if let Some(unit) = theirs.str("unit") {
        assert_eq!(body.values.unit(ours), Some(unit), "{name}: {ours}");
    }
    if let Some(time) = theirs.str("datetime").filter(|_| ours.ends_with("_volume")) {
        compare_time(name, body, &ours.replace("_volume", "_time"), time);
    }
}

fn compare_time(name: &str, body: &ReadingBody, ours: &str, theirs: &str) {
    let time = body.values.str(ours).unwrap_or_else(|| panic!("{name}: no {ours}"));
    // DSMR 2.2 does not say which offset its local time has; theirs guesses the Netherlands. In the Belgian
    // telegram, days of March are marked as summer: theirs passes over the mark, ours takes the meter's word.
    if time.ends_with('Z') && !(name.contains("FLUVIUS") && ours.starts_with("power_peak_")) {
        assert_eq!(time[..19], theirs[..19], "{name}: {ours}");
    }
}

/// Streams of which theirs refuses whole lines, and what is right for each: what is not understood costs only itself.
const DIRTY: &[(&str, &[&str])] = &[
    // No double holds the integer: it is null, and stays in `undecoded` as sent.
    ("big_int_and_float", &[r#"{"e":100,"f":21.5,"n":null,"z":0}"#]),
    // The three objects are whole, whatever ends their lines.
    ("cr_only_old_mac", &[r#"{"seq":1} {"seq":2} {"seq":3}"#]),
    // Two values of one name are both kept.
    ("dup_key", &[r#"{"a":1,"a_2":2}"#, r#"{"a":3}"#]),
    // The degree sign is Latin-1.
    ("latin1_unit", &[r#"{"temp":21.5,"unit":"°C"}"#, r#"{"seq":2}"#]),
    // What is no number is null.
    ("nan", &[r#"{"temp":null}"#; 4]),
];

fn dirty_json_streams_read_as_a_careful_reader_reads_them() -> Tested {
    let folder = vectors::dir("devices/jsonlines")?;
    let mut streams = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let Some(name) = path.to_str().unwrap().strip_suffix(".expected.jsonl") else { continue };
        let bytes = fs::read(format!("{name}.bin")).unwrap();
        streams += 1;
        if let Some((_, right)) = DIRTY.iter().find(|(dirty, _)| name.ends_with(dirty)) {
            assert_eq!(json_lines(&bytes), *right, "{name}");
            continue;
        }
        let ours = decoded("json", &bytes);
        let theirs = lines(&path);
        assert_eq!(ours.len(), theirs.len(), "{name}: {ours:?}");
        for (ours, theirs) in ours.iter().zip(&theirs) {
            match theirs.get("value") {
                Some(value) => {
                    let body = ours.as_ref().unwrap_or_else(|bad| panic!("{name}: {bad}")).as_ref().unwrap();
                    assert_eq!(Value::Object(body.values.clone().into_objects().0), *value, "{name}");
                }
                None => assert!(ours.is_err(), "{name}: {ours:?}"),
            }
        }
    }
    assert_eq!(streams, 17);
    Ok(())
}

/// The values of all readings of each line.
fn json_lines(bytes: &[u8]) -> Vec<String> {
    let decoder = Decoder::named("json").unwrap();
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let values = |line: &[u8]| {
        let bodies = decoder.readings(line).unwrap_or_else(|bad| panic!("{bad}"));
        bodies.iter().map(|body| body.values.to_canonical()).collect::<Vec<_>>().join(" ")
    };
    lines.map(values).collect()
}
