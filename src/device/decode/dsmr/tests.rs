use super::*;
use crate::{json::Value, record::reading::ReadingBody, time::Zone};

fn body(telegram: &str) -> ReadingBody {
    DECODER.readings(telegram.as_bytes()).unwrap().remove(0)
}

/// Values, units and what is undecoded, of a telegram with these lines whose CRC holds.
fn said(lines: &str) -> String {
    let telegram = format!("/FOI5\r\n\r\n{lines}\r\n!");
    let body = body(&format!("{telegram}{:04X}\r\n", crc16(telegram.as_bytes())));
    let (mut values, units) = body.values.into_objects();
    assert_eq!(values.remove("meter"), Some("FOI5".into()));
    [values, units, body.undecoded].map(|part| part.to_canonical()).join(" ")
}

#[test]
fn a_meter_that_is_new_has_no_months_and_nothing_to_keep() {
    for none in
        ["(0)(1-0:1.6.0)(1-0:1.6.0)()()", "(0)(1-0:1.6.0)(1-0:1.6.0)()()()", "(0)(1-0:1.6.0)(1-0:1.6.0)"]
    {
        let said = said(&format!("1-0:1.8.1(5*kWh)\r\n0-0:98.1.0{none}"));
        assert_eq!(said, r#"{"energy_import_t1":5} {"energy_import_t1":"kWh"} {}"#, "{none}");
    }
    assert!(
        said("1-0:1.8.1(5*kWh)\r\n0-0:98.1.0(1)(1-0:1.6.0)(1-0:1.6.0)()()").contains(r#""0-0:98.1.0":""#)
    );
}

#[test]
fn only_peaks_of_import_are_called_so() {
    let peak = "0-0:98.1.0(1)(1-0:2.6.0)(1-0:2.6.0)(260601000000S)(260517124500S)(04.329*kW)";
    let said = said(peak);
    assert!(!said.contains("power_peak"), "{said}");
    assert!(said.contains(r#""0-0:98.1.0/5":4.329"#), "{said}");
}

#[test]
fn a_unit_that_was_not_sent_is_not_guessed() {
    assert_eq!(
        said("1-0:1.7.0(00412)\r\n0-0:96.7.21(00004)"),
        r#"{"power_failures":4,"power_import":412} {} {}"#
    );
    assert_eq!(
        said("0-1:24.3.0(260715120000)(00)(60)(1)(0-1:24.2.1)()\r\n(5.0)"),
        r#"{"mbus1_time":"2026-07-15T12:00:00","mbus1_volume":5} {} {}"#
    );
}

#[test]
fn the_amount_may_stand_before_its_date() {
    assert_eq!(
        said(concat!(
            "1-0:1.6.0(02.118*kW)(260703181500)\r\n1-0:2.8.0(5.5*kWh)(260701000000S)\r\n",
            "0-1:24.2.3(00150.500*m3)(260715115500W)\r\n0-2:24.2.1(00020.125)(260715115700S)"
        )),
        concat!(
            r#"{"energy_export":5.5,"energy_export_time":"2026-06-30T22:00:00.000Z","#,
            r#""mbus1_time":"2026-07-15T10:55:00.000Z","mbus1_volume":150.5,"#,
            r#""mbus2_time":"2026-07-15T09:57:00.000Z","mbus2_volume":20.125,"#,
            r#""power_peak_month":2.118,"power_peak_month_time":"2026-07-03T18:15:00"} "#,
            r#"{"energy_export":"kWh","mbus1_volume":"m3","power_peak_month":"kW"} {}"#
        )
    );
}

#[test]
fn blanks_in_the_parentheses_cost_no_value() {
    assert_eq!(
        said("1-0:15.8.0(00012.694*kWh )\r\n0-1:24.2.1( 260715115500S )( 00150.5*m3)\r\n0-1:24.1.0( 003)"),
        concat!(
            r#"{"energy_absolute":12.694,"mbus1_time":"2026-07-15T09:55:00.000Z","mbus1_type":3,"#,
            r#""mbus1_volume":150.5} {"energy_absolute":"kWh","mbus1_volume":"m3"} {}"#
        )
    );
}

#[test]
fn twelve_digits_are_no_amount_wherever_they_stand() {
    let date = "260703181500";
    for code in ["1-0:1.6.0", "1-0:1.8.1", "1-0:2.7.0", "0-0:96.7.21", "0-1:24.2.1", "1-0:1.6.1"] {
        for groups in [
            format!("({date})"),
            format!("({date})({date})"),
            format!("(5)({date})"),
            format!("(x)({date})"),
            format!("({date}W)({date})"),
            format!("(5*kW)({date})({date})"),
            format!("({date})(00)(60)(1)(0-1:24.2.1)(m3)({date})"),
            format!("(5)(00)(60)(1)(0-1:24.2.1)({date})(7)"),
            "(632525252525)".to_owned(),
        ] {
            let said = said(&format!("{code}{groups}\r\n0-0:96.14.0(1)"));
            assert!(!said.contains(":260703181500") && !said.contains(":632525252525"), "{groups}: {said}");
        }
    }
    assert!(said("1-0:1.8.1(000004321987)").contains(":4321987"), "no date there is");
    let log = said("0-0:96.14.0(1)\r\n1-0:99.97.0(1)(0-0:96.7.19)(0000000240*s)(101208152415)");
    assert_eq!(
        log,
        concat!(
            r#"{"power_failure_1_duration":240,"power_failure_1_end":"2010-12-08T15:24:15","tariff":"1"} "#,
            r#"{"power_failure_1_duration":"s"} {}"#
        )
    );
}

#[test]
fn each_date_of_a_telegram_is_told_to_who_judges_it() {
    let telegram = concat!(
        "/FOI5\r\n\r\n0-0:1.0.0(260715120000S)\r\n0-0:1.0.0(700101000000W)\r\n1-0:1.6.0(000101000000W)(1*kW)\r\n",
        "0-1:24.2.1(700101010000W)(00000000)\r\n0-2:24.3.0(700101010000)(08)(60)(1)(0-2:24.2.1)(m3)(5)\r\n",
        "0-0:98.1.0(1)(1-0:1.6.0)(1-0:1.6.0)(700101000000W)(990101000000W)(1*kW)\r\n",
        "1-0:99.97.0(1)(0-0:96.7.19)(000101000001W)(7*s)\r\n!\r\n"
    );
    let mut body = body(telegram);
    body.judge_dates(|_| false);
    let is_date = |name: &str| {
        ["_time", "_end"].iter().any(|end| name.ends_with(end))
            || name == "power_peak_1_month"
            || name.contains(':')
    };
    let nulls: Vec<_> = body.values.iter().filter(|(_, value)| **value == Value::Null).collect();
    assert_eq!(nulls.len(), 7);
    assert!(nulls.iter().all(|(name, _)| is_date(name)), "{nulls:?}");
    assert_eq!((body.undecoded.len(), body.values.get("power_failure_1_duration")), (6, Some(&7u32.into())));
}

#[test]
fn a_counter_of_seconds_at_its_end_is_no_duration() {
    let of = |duration: &str| {
        let said = said(&format!("0-0:96.14.0(1)\r\n1-0:99.97.0(1)(0-0:96.7.19)(251208152415W)({duration})"));
        assert!(said.ends_with(" {}"), "{said}");
        said.split(['{', ','])
            .find_map(|part| part.strip_prefix("\"power_failure_1_duration\":"))
            .unwrap()
            .to_owned()
    };
    assert_eq!(["2147483647*s", "4294967295*s", "2147483647"].map(of), ["null"; 3]);
    assert_eq!(of("2147483646*s"), "2147483646");
}

#[test]
fn a_log_that_lost_a_group_pairs_no_date_with_another_duration() {
    for groups in [
        "(2)(0-0:96.7.19)(101208152415W)(240*s)(300*s)(111208152415W)",
        "(2)(0-0:96.7.19)(101208152415W)(111208152415)(300*s)",
        "(2)(101208152415W)(240*s)(111208152415W)(300*s)",
    ] {
        let said = said(&format!("0-0:96.14.0(1)\r\n1-0:99.97.0{groups}"));
        assert!(!said.contains("_duration\":300") && !said.contains("2011-12-08"), "{groups}: {said}");
        assert!(said.contains(&format!(r#""1-0:99.97.0":"{groups}""#)), "{said}");
    }
}

#[test]
fn two_values_are_no_date_and_value() {
    assert_eq!(
        said("1-0:52.7.0(230.1*V)(231.1*V)"),
        r#"{"voltage_l2":230.1,"voltage_l2_2":231.1} {"voltage_l2":"V","voltage_l2_2":"V"} {}"#
    );
}

#[test]
fn a_good_date_is_kept_beside_a_bad_value() {
    assert_eq!(
        said("1-0:1.7.0(1*kW)\r\n0-1:24.2.1(260715120000S)(1C*m3)"),
        concat!(
            r#"{"mbus1_time":"2026-07-15T10:00:00.000Z","mbus1_volume":null,"power_import":1} "#,
            r#"{"power_import":"kW"} {"0-1:24.2.1":"(260715120000S)(1C*m3)"}"#
        )
    );
}

#[test]
fn a_clock_that_shows_no_time_there_is_is_kept_as_sent() {
    let of = |clock: &str| said(&format!("0-0:1.0.0({clock})\r\n0-0:96.14.0(1)"));
    assert_eq!(
        of("261315120000S"),
        r#"{"device_time":null,"tariff":"1"} {} {"0-0:1.0.0":"(261315120000S)"}"#
    );
    assert_eq!(of("632525252525W"), r#"{"device_time":null,"tariff":"1"} {} {}"#);
}

#[test]
fn a_clock_in_two_parts_dates_the_reading_where_the_user_names_the_zone() {
    let time = |zone: Option<&str>, lines: &str| {
        let telegram = format!("/FOI5\r\n\r\n{lines}\r\n1-0:1.8.0(1*kWh)\r\n!");
        let telegram = format!("{telegram}{:04X}\r\n", crc16(telegram.as_bytes()));
        let mut context = DecodeContext { zone: zone.and_then(Zone::offset), ..DecodeContext::default() };
        let body = decode(telegram.as_bytes(), &mut context).unwrap().readings().remove(0);
        body.time.map(|time| time.to_string())
    };
    let parts = "1-0:0.9.1(081530)\r\n1-0:0.9.2(260715)";
    assert_eq!(time(None, parts), None, "no zone is guessed");
    assert_eq!(time(Some("+01:00"), parts).as_deref(), Some("2026-07-15T07:15:30.000Z"));
    assert_eq!(time(Some("+01:00"), "1-0:0.9.1(081530)"), None);
    assert_eq!(time(Some("+01:00"), "1-0:0.9.1*1(081530)\r\n1-0:0.9.2(260715)"), None, "of an old period");
    let both = format!("{parts}\r\n0-0:1.0.0(260715120000W)");
    assert_eq!(time(Some("+01:00"), &both).as_deref(), Some("2026-07-15T11:00:00.000Z"));
    let none = format!("{parts}\r\n0-0:1.0.0(632525252525W)");
    assert_eq!(time(Some("+01:00"), &none), None, "the clock says that it is not set");
}

#[test]
fn an_empty_log_of_failures_is_understood() {
    let of = |log: &str| said(&format!("0-0:96.14.0(1)\r\n1-0:99.97.0{log}"));
    for empty in ["(0)(0-0:96.7.19)()", "(0)(0-0:96.7.19)", "()"] {
        assert_eq!(of(empty), r#"{"tariff":"1"} {} {}"#, "{empty}");
    }
    assert_eq!(of("(5)(0-0:96.7.19)()"), r#"{"tariff":"1"} {} {"1-0:99.97.0":"(5)(0-0:96.7.19)()"}"#);
}

#[test]
fn the_mark_of_the_current_period_may_be_written() {
    assert_eq!(
        said("1-0:1.8.0*255(2*kWh)\r\n1-0:1.8.2*1(1*kWh)\r\n1-0:1.8.1*x(3*kWh)"),
        concat!(
            r#"{"1-0:1.8.2*1":1,"energy_import":2} {"1-0:1.8.2*1":"kWh","energy_import":"kWh"} "#,
            r#"{"line":"1-0:1.8.1*x(3*kWh)"}"#
        )
    );
}

#[test]
fn the_rest_of_an_open_block_is_not_of_now() {
    assert_eq!(
        said("1-0:1.8.1(310*kWh)\r\n0-0:98.1.0(260701000000S\r\n1-0:1.8.1(280*kWh)\r\n1-0:2.8.1(1*kWh)"),
        concat!(
            r#"{"energy_import_t1":310} {"energy_import_t1":"kWh"} "#,
            r#"{"0-0:98.1.0":"(260701000000S\r\n1-0:1.8.1(280*kWh)\r\n1-0:2.8.1(1*kWh)"}"#
        )
    );
}

#[test]
fn the_meters_own_time_dates_the_reading() {
    let body = body(std::str::from_utf8(DECODER.fixtures[0].frame).unwrap());
    assert_eq!(body.time.unwrap().to_string(), "2026-03-01T06:00:00.000Z");
    assert_eq!(
        body.values.units_to_canonical(),
        r#"{"9-9:9.9.9":"furlong","energy_import_t1":"kWh","mbus1_volume":"m3"}"#
    );
}
