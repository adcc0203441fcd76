//! What fields come to whose letters, digits or times the standard does not have.

use crate::json::Value;

use super::*;

/// What a sentence, which is given without `$` and checksum, says under these names, and what of it was not understood.
fn read(sentence: &str, names: &[&str]) -> String {
    let sum = sentence.bytes().fold(0, |sum, byte| sum ^ byte);
    shown(format!("${sentence}*{sum:02X}").as_bytes(), names)
}

fn shown(line: &[u8], names: &[&str]) -> String {
    let body = DECODER.readings(line).unwrap().remove(0);
    let value = |name: &&str| body.values.get(name).map_or("-".to_owned(), Value::to_canonical);
    let values: Vec<_> = names.iter().map(value).collect();
    format!("{} {}", values.join(" "), body.undecoded)
}

#[test]
fn a_quality_that_is_not_known_says_nothing_of_the_fix() {
    for (quality, gives) in [
        ("0", "0 false null {}"),
        ("1", "1 true 60 {}"),
        ("6", "6 true 60 {}"),
        ("7", "7 false null {}"),
        ("8", "8 false null {}"),
        ("9", "9 null 60 {}"),
        ("", "null null 60 {}"),
        ("X", r#"null null 60 {"quality":"X"}"#),
        ("-1", r#"null null 60 {"quality":"-1"}"#),
        ("1.5", r#"null null 60 {"quality":"1.5"}"#),
        ("42", r#"null null 60 {"quality":"42"}"#),
    ] {
        let sentence = format!("GPGGA,101112,6000.000,N,02000.000,E,{quality},07,1.1,65.6,M,,M,,");
        assert_eq!(read(&sentence, &["quality", "valid", "latitude"]), gives, "{sentence}");
    }
    assert_eq!(read("GPGGA,101112,6000.000,N,02000.000,E", &["quality", "valid", "latitude"]), "- - 60 {}");
}

#[test]
fn modes_that_are_not_known_say_nothing_of_the_fix() {
    for (mode, gives) in [
        ("AAN", r#""AAN" true 60 {}"#),
        ("NN", r#""NN" false null {}"#),
        ("SM", r#""SM" false null {}"#),
        ("SE", r#""SE" true 60 {}"#),
        ("N", r#""N" false null {}"#),
        ("", "null null 60 {}"),
        ("Q", r#"null null 60 {"mode":"Q"}"#),
        ("QN", r#"null null 60 {"mode":"QN"}"#),
        ("QA", r#"null true 60 {"mode":"QA"}"#),
        ("a", r#"null null 60 {"mode":"a"}"#),
        ("1", r#"null null 60 {"mode":"1"}"#),
    ] {
        let sentence = format!("GNGNS,101112.00,6000.0000,N,02000.0000,W,{mode},14,0.8,35.2,21.1,,,S");
        assert_eq!(read(&sentence, &["mode", "valid", "latitude"]), gives, "{sentence}");
    }
    assert_eq!(read("GNGNS,101112.00,6000.0000,N,02000.0000,W", &["mode", "valid", "latitude"]), "- - 60 {}");
}

#[test]
fn letters_that_the_standard_has_not_are_not_understood() {
    let gll = "GPGLL,6000.0000,N,02000.0000,E,101112.00,A,Q";
    assert_eq!(read(gll, &["valid", "mode", "latitude"]), r#"true null 60 {"mode":"Q"}"#);
    let vtg = "GPVTG,54.7,T,34.4,M,5.5,N,10.2,K,Q";
    assert_eq!(read(vtg, &["mode", "course"]), r#"null 54.7 {"mode":"Q"}"#);
    let gsa = "GNGSA,Q,9,04,05,09,12,24,,,,,,,,1.8,1.0,1.5,1";
    assert_eq!(read(gsa, &["mode", "fix", "pdop"]), r#"null null 1.8 {"fix":"9","mode":"Q"}"#);
    let rmc = "GPRMC,101112.00,A,6000.0000,N,02000.0000,E,39.9,10.0,150726,5.0,E,F,Q";
    let gives = r#""F" null 60 {"navigational_status":"Q"}"#;
    assert_eq!(read(rmc, &["mode", "navigational_status", "latitude"]), gives);
}

#[test]
fn a_second_60_is_a_time_only_at_the_end_of_a_day() {
    for (time, gives) in [
        ("235960", r#""23:59:60.000" 60 {}"#),
        ("101160", r#"null 60 {"utc":"101160"}"#),
        ("101160.00", r#"null 60 {"utc":"101160.00"}"#),
        ("235961", r#"null 60 {"utc":"235961"}"#),
    ] {
        let sentence = format!("GPGLL,6000.0000,N,02000.0000,E,{time},A,A");
        assert_eq!(read(&sentence, &["utc", "latitude"]), gives, "{sentence}");
    }
}

#[test]
fn a_time_without_a_date_is_kept_as_sent() {
    let rmc = "GPRMC,101112.00,A,6000.0000,N,02000.0000,E,39.9,10.0,,5.0,E,A,V";
    assert_eq!(read(rmc, &["utc", "valid"]), r#"null true {"utc":"101112.00,"}"#);
    let short = "GPRMC,101112.00,A,6000.0000,N,02000.0000,E,39.9,10.0";
    assert_eq!(read(short, &["utc", "valid"]), r#"null true {"utc":"101112.00,"}"#);
    assert_eq!(read("GPZDA,101112.00,,,,00,00", &["utc"]), r#"null {"utc":"101112.00,"}"#);
}

#[test]
fn a_number_that_no_double_holds_is_kept_as_sent() {
    let long = "1234567890123456789";
    let rmc = format!("GPRMC,101112.00,A,6000.0000,N,02000.0000,E,{long},{long},150726,{long},W,A,V");
    let gives =
        format!(r#"null null null {{"course":"{long}","magnetic_variation":"{long},W","speed":"{long}"}}"#);
    assert_eq!(read(&rmc, &["speed", "course", "magnetic_variation"]), gives);
    let vtg = format!("GPVTG,54.7,T,34.4,M,{long},N,,K,A");
    assert_eq!(read(&vtg, &["speed", "course"]), format!(r#"null 54.7 {{"speed":"{long},N"}}"#));
}

#[test]
fn a_time_of_a_tag_block_that_is_none_is_null_and_kept() {
    let tag = |inside: &str| {
        let sum = inside.bytes().fold(0, |sum, byte| sum ^ byte);
        shown(format!("\\{inside}*{sum:02X}\\$GPHDT,123.4,T*31").as_bytes(), &["tag_time", "tag_source"])
    };
    assert_eq!(tag("s:lab,c:1784109601"), r#""2026-07-15T10:00:01.000Z" "lab" {}"#);
    for time in ["abc", "", "17841096", "-784109601", "99999999999999"] {
        let gives = format!(r#"null "lab" {{"tag_time":"{time}"}}"#);
        assert_eq!(tag(&format!("s:lab,c:{time}")), gives);
    }
}

#[test]
fn a_second_value_of_one_name_is_kept_under_its_own() {
    let xdr = "IIXDR,A,0.5,D,ROLL,A,x,D,ROLL";
    assert_eq!(read(xdr, &["ROLL", "ROLL_2"]), r#"0.5 null {"ROLL_2":"A,x,D"}"#);
}

#[test]
fn what_no_position_direction_or_speed_can_be_is_null() {
    let rmc = |course: &str, speed: &str, mode: &str| {
        let rmc = format!("GPRMC,101112.00,A,6000.0000,N,02000.0000,E,{speed},{course},150726,,,{mode},V");
        read(&rmc, &["valid", "latitude", "course", "speed"])
    };
    assert_eq!(rmc("360.0", "0.0", "E"), "true 60 360 0 {}");
    assert_eq!(rmc("-3.0", "-2.0", "A"), r#"true 60 null null {"course":"-3.0","speed":"-2.0"}"#);
    for mode in ["S", "M", "N"] {
        assert_eq!(rmc("10.0", "2.0", mode), "false null null null {}", "{mode}");
    }
    for (sentence, name, gives) in [
        ("HEHDT,360.5,T", "heading", r#"null {"heading":"360.5,T"}"#),
        ("HCHDG,-0.5,,,,", "heading_magnetic", r#"null {"heading_magnetic":"-0.5"}"#),
        ("GPVTG,12,T,,M,-4,N,-7,K,A", "speed", r#"null {"speed":"-4,N","speed_2":"-7,K"}"#),
        ("WIMWV,12,R,-4,N,A", "wind_speed", r#"null {"wind_speed":"-4,N"}"#),
        ("WIMWV,-12,R,4,M,A", "wind_angle", "-12 {}"),
        ("TIROT,-35.5,A", "rate_of_turn", "-35.5 {}"),
    ] {
        assert_eq!(read(sentence, &[name]), gives, "{sentence}");
    }
}

#[test]
fn transducers_of_a_number_are_named_by_their_type() {
    let xdr = "WIXDR,C,19.5,C,0,C,18.5,C,1,H,48.5,P,0,P,1007.5,H,0";
    let names = ["temperature_0", "temperature_1", "humidity_0", "transducer_0"];
    assert_eq!(read(xdr, &names), r#"19.5 18.5 48.5 null {"transducer_0":"P,1007.5,H"}"#);
    let rain = "WIXDR,V,0.15,M,0,R,1.5,M,0,V,0.15,M,TANK";
    let kept = r#"{"transducer_0":"V,0.15,M","transducer_0_2":"R,1.5,M"}"#;
    assert_eq!(read(rain, &["transducer_0", "volume_0", "TANK"]), format!("null - 0.15 {kept}"));
    assert_eq!(read("IIXDR,V,0.15,M,3", &["volume_3"]), "0.15 {}");
}

#[test]
fn the_old_sentences_of_wind_and_weather_are_read() {
    for (sentence, values) in [
        (
            "$IIVWR,045.0,L,12.5,N,6.4,M,23.2,K*51",
            r#"{"sentence":"VWR","talker":"II","wind_angle":-45,"wind_reference":"relative","wind_speed":6.4}"#,
        ),
        (
            "$IIVWR,031.5,R,4.0,N,,,,*4C",
            r#"{"sentence":"VWR","talker":"II","wind_angle":31.5,"wind_reference":"relative","wind_speed":2.0578}"#,
        ),
        (
            "$IIVWT,347.4,a,,,6.4,M,,*7F",
            r#"{"sentence":"VWT","talker":"II","wind_angle":null,"wind_reference":"true","wind_speed":6.4}"#,
        ),
        ("$WIMTA,18.0,C*12", r#"{"sentence":"MTA","talker":"WI","temperature":18}"#),
        (
            "$WIMMB,29.92,I,1.0132,B*66",
            r#"{"pressure":1013.2,"pressure_mercury":29.92,"sentence":"MMB","talker":"WI"}"#,
        ),
        (
            "$WIMHU,45.5,,7.5,C*3B",
            r#"{"dew_point":7.5,"humidity":45.5,"humidity_absolute":null,"sentence":"MHU","talker":"WI"}"#,
        ),
    ] {
        let body = DECODER.readings(sentence.as_bytes()).unwrap().remove(0);
        assert_eq!(body.values.to_canonical(), values, "{sentence}");
    }
}
