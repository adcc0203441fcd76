//! P1 telegrams against dsmr-parser: the same values where it is right, and where it is not, which is right and why.

use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use counterfoil::{
    json::{self, Object, Value},
    record::reading::{Integrity, ReadingBody},
};

use super::peers::decoded;
use crate::{
    peers::python_with,
    support::{needs::Tested, trial::trials},
};

trials![telegrams_of_six_countries_mean_what_dsmr_parser_says, where_dsmr_parser_is_wrong];

/// A specification of theirs, the lines of a telegram, and their names for ours.
type Sample = (&'static str, &'static [&'static str], &'static [(&'static str, &'static str)]);

const SAMPLES: &[Sample] = &[
    (
        "V5",
        &[
            "1-3:0.2.8(50)",
            "0-0:1.0.0(260115120000W)",
            "1-0:1.8.1(000004.426*kWh)",
            "0-0:96.14.0(0002)",
            "1-0:1.7.0(00.412*kW)",
            "0-0:96.7.21(00004)",
            "1-0:32.7.0(230.1*V)",
        ],
        &[
            ("P1_MESSAGE_HEADER", "version"),
            ("ELECTRICITY_USED_TARIFF_1", "energy_import_t1"),
            ("ELECTRICITY_ACTIVE_TARIFF", "tariff"),
            ("CURRENT_ELECTRICITY_USAGE", "power_import"),
            ("SHORT_POWER_FAILURE_COUNT", "power_failures"),
            ("INSTANTANEOUS_VOLTAGE_L1", "voltage_l1"),
        ],
    ),
    (
        "BELGIUM_FLUVIUS",
        &["0-0:96.1.4(50217)", "0-0:1.0.0(260715120000S)", "1-0:1.4.0(02.351*kW)", "0-0:17.0.0(999.9*kW)"],
        &[
            ("BELGIUM_VERSION_INFORMATION", "version"),
            ("BELGIUM_CURRENT_AVERAGE_DEMAND", "power_average"),
            ("ACTUAL_TRESHOLD_ELECTRICITY", "power_limit"),
        ],
    ),
    (
        "LUXEMBOURG_SMARTY",
        &["0-0:1.0.0(260115120000W)", "1-0:1.8.0(005675.956*kWh)", "1-0:2.8.0(000000.002*kWh)"],
        &[("ELECTRICITY_IMPORTED_TOTAL", "energy_import"), ("ELECTRICITY_EXPORTED_TOTAL", "energy_export")],
    ),
    (
        "SWEDEN",
        &[
            "0-0:1.0.0(260115120000W)",
            "1-0:1.8.0(00000424.413*kWh)",
            "1-0:3.8.0(00000002.116*kvarh)",
            "1-0:23.7.0(0000.016*kvar)",
        ],
        &[
            ("ELECTRICITY_IMPORTED_TOTAL", "energy_import"),
            ("ELECTRICITY_REACTIVE_IMPORTED_TOTAL", "energy_reactive_import"),
            ("INSTANTANEOUS_REACTIVE_POWER_L1_POSITIVE", "power_reactive_import_l1"),
        ],
    ),
    (
        "EON_HUNGARY",
        &[
            "0-0:1.0.0(260715120000S)",
            "0-0:96.1.0(9900000001)",
            "1-0:5.8.0(000000.449*kvarh)",
            "1-0:15.8.0(000379.272*kWh)",
            "1-0:13.7.0(0.758)",
            "1-0:14.7.0(49.98*Hz)",
        ],
        &[
            ("EQUIPMENT_SERIAL_NUMBER", "equipment_id"),
            ("ELECTRICITY_REACTIVE_TOTAL_Q1", "energy_reactive_q1"),
            ("ELECTRICITY_COMBINED", "energy_absolute"),
            ("INSTANTANEOUS_POWER_FACTOR_TOTAL", "power_factor"),
            ("FREQUENCY", "frequency"),
        ],
    ),
    (
        "V4",
        &["1-3:0.2.8(42)", "0-0:1.0.0(260715120000S)", "1-0:2.8.1(000012.5*kWh)", "0-0:96.14.0(0001)"],
        &[("ELECTRICITY_DELIVERED_TARIFF_1", "energy_export_t1"), ("ELECTRICITY_ACTIVE_TARIFF", "tariff")],
    ),
];

/// A telegram of these lines, with its CRC.
fn telegram(lines: &[&str]) -> String {
    let text = format!("/FOI5X\r\n\r\n{}\r\n!", lines.join("\r\n"));
    let crc = text.bytes().fold(0_u16, |crc, byte| {
        (0..8).fold(crc ^ u16::from(byte), |crc, _| (crc >> 1) ^ if crc & 1 == 1 { 0xa001 } else { 0 })
    });
    format!("{text}{crc:04X}\r\n")
}

/// What theirs makes of telegrams.
fn theirs(asked: &[(&str, String)]) -> Result<Vec<Object>, crate::support::needs::Lacking> {
    let mut command = Command::new(python_with("dsmr_parser")?);
    command
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/dsmr.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::null()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    for (specification, telegram) in asked {
        let line = Value::Array(vec![(*specification).into(), telegram.as_str().into()]);
        writeln!(input, "{}", line.to_canonical()).unwrap();
    }
    drop(input);
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    Ok(said.lines().map(|line| json::parse_object(line.as_bytes()).unwrap()).collect())
}

fn ours(telegram: &str) -> ReadingBody {
    let body = decoded("dsmr", telegram.as_bytes()).remove(0).unwrap().unwrap();
    assert_eq!(body.integrity, Integrity::Crc);
    body
}

fn time(theirs: &Object) -> &str {
    &theirs.get("P1_MESSAGE_TIMESTAMP").unwrap().as_object().unwrap().str("value").unwrap()[..19]
}

fn telegrams_of_six_countries_mean_what_dsmr_parser_says() -> Tested {
    let asked: Vec<_> = SAMPLES.iter().map(|(name, lines, _)| (*name, telegram(lines))).collect();
    let said = theirs(&asked)?;
    assert_eq!(said.len(), SAMPLES.len());
    for ((name, telegram), (said, (_, _, names))) in asked.iter().zip(said.iter().zip(SAMPLES)) {
        let body = ours(telegram);
        assert_eq!(body.time.unwrap().to_string()[..19], *time(said), "{name}");
        for (their_name, our_name) in *names {
            let their = said.get(their_name).unwrap_or_else(|| panic!("{name}: {said}")).as_object().unwrap();
            let shown = |value: &Value| value.as_str().map_or(value.to_string(), str::to_owned);
            assert_eq!(
                body.values.get(our_name).map(shown),
                their.get("value").map(shown),
                "{name}: {our_name}"
            );
            assert_eq!(body.values.unit(our_name), their.str("unit"), "{name}: {our_name}");
        }
    }
    Ok(())
}

fn where_dsmr_parser_is_wrong() -> Tested {
    let said = theirs(&[
        ("SWEDEN", telegram(&["0-0:1.0.0(260715120000W)", "1-0:1.8.0(1*kWh)"])),
        ("V5", telegram(&["0-0:1.0.0(260115120000W)", "1-0:1.8.1(1*kWh)", "1-0:1.8.1(2*kWh)"])),
        ("V5", telegram(&["0-0:1.0.0(260115120000W)", "1-0:1.8.1(1*kWh)", "1-0:1.7.0(x*kW)"])),
    ])?;
    // W is winter time, which Swedish meters keep all the year: 11:00 UTC. Theirs asks the calendar, not the letter.
    assert_eq!(time(&said[0]), "2026-07-15T10:00:00");
    let body = ours(&telegram(&["0-0:1.0.0(260715120000W)", "1-0:1.8.0(1*kWh)"]));
    assert_eq!(body.time.unwrap().to_string(), "2026-07-15T11:00:00.000Z");
    // Nobody can say which of two values counts: both are kept. Theirs has the last one.
    let both = said[1].get("ELECTRICITY_USED_TARIFF_1").unwrap().as_object().unwrap();
    assert_eq!(both.get("value").unwrap().to_string(), "2");
    let body = ours(&telegram(&["1-0:1.8.1(1*kWh)", "1-0:1.8.1(2*kWh)"]));
    assert_eq!(
        body.values.to_canonical(),
        r#"{"energy_import_t1":1,"energy_import_t1_2":2,"meter":"FOI5X"}"#
    );
    // A value that is not understood is no reason to lose the others. Theirs gives nothing.
    assert_eq!(said[2].str("exception"), Some("InvalidOperation"));
    let body = ours(&telegram(&["1-0:1.8.1(1*kWh)", "1-0:1.7.0(x*kW)"]));
    assert_eq!(body.values.to_canonical(), r#"{"energy_import_t1":1,"meter":"FOI5X","power_import":null}"#);
    Ok(())
}
