//! Files of meters, whole.

use super::{crc::CrcKind::X25, sample, *};
use crate::record::reading::ReadingBody;

const METER: &[u8] = b"\x0b\x0a\x01EMH\x00\x00\x99\x99\x99";
const NONE: &[u8] = b"\x01";

/// The reading of a meter that says this one entry: unit, scaler and value of 1-0:16.7.0.
fn power(meter: &[u8], parts: [&[u8]; 3]) -> ReadingBody {
    let [unit, scaler, value] = parts;
    let entry = sample::entry([1, 0, 16, 7, 0, 255], [NONE, NONE, unit, scaler, value]);
    body(&sample::answer(meter, NONE, &[entry], X25))
}

fn body(messages: &[u8]) -> ReadingBody {
    DECODER.readings(&sample::file(messages, X25)).unwrap().remove(0)
}

#[test]
fn numbers_are_scaled_exactly() {
    let shown = |parts| {
        let body = power(METER, parts);
        format!("{} {}", body.values.get("power").unwrap().to_canonical(), body.values.units_to_canonical())
    };
    assert_eq!(shown([b"\x62\x1b", b"\x52\xfc", b"\x55\xff\xff\xff\xfd"]), r#"-0.0003 {"power":"W"}"#);
    assert_eq!(shown([b"\x62\x1b", b"\x52\x02", b"\x52\xfd"]), r#"-300 {"power":"W"}"#);
    assert_eq!(shown([b"\x62\x1b", b"\x62\x00", b"\x62\x07"]), r#"7 {"power":"W"}"#);
    assert_eq!(shown([NONE, NONE, b"\x63\x04\xd2"]), "1234 {}");
    assert_eq!(shown([b"\x62\xff", NONE, b"\x63\x04\xd2"]), "1234 {}");
}

#[test]
fn a_unit_that_senml_lacks_becomes_one_that_it_has() {
    let entry = sample::entry([1, 0, 9, 8, 0, 255], [NONE, NONE, b"\x62\x1f", b"\x52\x00", b"\x63\x04\xd2"]);
    let body = body(&sample::answer(METER, NONE, &[entry], X25));
    assert_eq!(body.values.get("energy_apparent_import").unwrap().to_canonical(), "1.234");
    assert_eq!(body.values.unit("energy_apparent_import"), Some("kVAh"));
}

#[test]
fn octets_are_hexadecimal_whatever_they_are() {
    for (octets, shown) in [(b"\x04abc", "616263"), (b"\x04\xde\xad\x00", "dead00")] {
        let entry = sample::entry([1, 0, 0, 2, 0, 255], [NONE, NONE, NONE, NONE, octets]);
        let body = body(&sample::answer(METER, NONE, &[entry], X25));
        assert_eq!(body.values.str("1-0:0.2.0"), Some(shown));
    }
}

#[test]
fn a_value_in_the_unit_of_another_quantity_keeps_its_code() {
    let body = power(METER, [b"\x62\x23", b"\x52\xff", b"\x63\x08\xfc"]);
    assert_eq!(body.values.to_canonical(), r#"{"1-0:16.7.0":230,"server_id":"0a01454d480000999999"}"#);
    assert_eq!(body.values.unit("1-0:16.7.0"), Some("V"));
    let entry =
        sample::entry([1, 0, 16, 7, 0, 255], [b"\x62\x05", NONE, b"\x62\x23", b"\x52\xff", b"\x63\x08\xfc"]);
    let body = self::body(&sample::answer(METER, NONE, &[entry], X25));
    assert_eq!(body.values.get("power_status").unwrap().to_canonical(), "5", "the unit costs no other name");
}

#[test]
fn what_is_not_understood_is_null_and_kept() {
    for parts in [
        [b"\x62\x63", &b"\x52\x00"[..], &b"\x62\x07"[..]],
        [b"\x62\x1b", b"\x62\xff", b"\x62\x07"],
        [b"\x62\x1b", b"\x52\x7f", b"\x62\x07"],
        [b"\x62\x1b", b"\x52\x00", b"\x69\x00\x20\x00\x00\x00\x00\x00\x01"],
        [b"\x62\x1b", b"\x52\x00", b"\x12\x07"],
        [b"\x62\x1b", b"\x52\x00", b"\x71\x01"],
        [b"\x62\x1b", b"\x52\xff", b"\x0512.5"],
        [b"\x62\x1b", b"\x52\xff", b"\x42\x01"],
        [b"\x62\x1b", b"\x52\xff", b"\x72\x62\x01\x62\x02"],
    ] {
        let body = power(METER, parts);
        assert_eq!(body.values.get("power"), Some(&crate::json::Value::Null));
        assert_eq!(body.undecoded.str("1-0:16.7.0"), Some(hex::encode(parts.concat()).as_str()));
    }
}

#[test]
fn a_power_that_may_have_lost_its_sign_is_none() {
    let dzg: &[u8] = b"\x0b\x0a\x01DZG\x00\x02\xbe\xbc\x20";
    let lost = power(dzg, [b"\x62\x1b", b"\x52\xfe", b"\x53\x80\x25"]);
    assert_eq!(
        format!("{} {}", lost.values, lost.undecoded),
        r#"{"power":null,"power_suspect":"suspect-sign","server_id":"0a01445a470002bebc20"} {"1-0:16.7.0":"621b52fe538025"}"#
    );
    let sure = power(dzg, [b"\x62\x1b", b"\x52\xfe", b"\x55\xff\xfe\x13\x93"]);
    assert_eq!(sure.values.get("power").unwrap().to_canonical(), "-1260.61");
    let sound: &[u8] = b"\x0b\x0a\x01DZG\x00\x03\x99\x99\x99";
    for other in [METER, sound] {
        let other = power(other, [b"\x62\x1b", b"\x52\xfe", b"\x53\x80\x25"]);
        assert_eq!(other.values.get("power").unwrap().to_canonical(), "-327.31");
        assert!(other.values.get("power_suspect").is_none());
    }
}

#[test]
fn each_date_of_a_file_is_told_to_who_judges_it() {
    let (late, never): (&[u8], &[u8]) =
        (b"\x72\x62\x02\x65\xee\x6b\x28\x00", b"\x72\x62\x02\x65\x00\x00\x10\x00");
    let stated = [&b"\x72\x62\x01"[..], late].concat();
    let entries = [
        sample::entry([1, 0, 1, 8, 0, 255], [NONE, late, b"\x62\x1e", NONE, b"\x62\x01"]),
        sample::entry([1, 0, 2, 8, 0, 255], [NONE, never, b"\x62\x1e", NONE, b"\x62\x02"]),
        sample::entry([0, 0, 1, 0, 0, 255], [NONE, NONE, NONE, NONE, &stated]),
    ];
    let mut body = body(&sample::answer(METER, NONE, &entries, X25));
    assert!(body.values.str("0-0:1.0.0").is_some_and(|time| time.starts_with("2096-")));
    body.judge_dates(|_| false);
    assert_eq!(
        format!("{} {}", body.values, body.undecoded),
        concat!(
            r#"{"0-0:1.0.0":null,"energy_export":2,"energy_export_time":null,"energy_import":1,"#,
            r#""energy_import_time":null,"server_id":"0a01454d480000999999"} "#,
            r#"{"0-0:1.0.0":"72620172620265ee6b2800","1-0:1.8.0_time":"72620265ee6b2800","1-0:2.8.0_time":"7262026500001000"}"#
        )
    );
}

#[test]
fn two_entries_of_one_code_keep_both() {
    let entry = |value| sample::entry([1, 0, 1, 8, 0, 255], [NONE, NONE, b"\x62\x1e", NONE, value]);
    let body = body(&sample::answer(METER, NONE, &[entry(b"\x62\x01"), entry(b"\x62\x02")], X25));
    assert_eq!(body.values.get("energy_import"), Some(&1u32.into()));
    assert_eq!(body.values.get("energy_import_2"), Some(&2u32.into()));
    assert_eq!(body.values.unit("energy_import_2"), Some("Wh"));
}

#[test]
fn a_message_that_is_none_costs_only_itself() {
    let entry = sample::entry([1, 0, 1, 8, 0, 255], [NONE, NONE, b"\x62\x1e", NONE, b"\x62\x09"]);
    let good = sample::answer(METER, NONE, &[entry], X25);
    let no_crc_fits = [&good[..good.len() - 2], b"\x00\x00"].concat();
    for bad in [&b"\x76\x05\x00"[..], b"\x76\x01\x01\x01\x01\x01\x01", b"\xff\xff\xff\x00", &no_crc_fits] {
        let file = sample::file(&[bad, &good].concat(), X25);
        let Ok(Decoded::Several(parts)) = decode(&file, &mut DecodeContext::default()) else {
            panic!("{bad:02x?}: all or nothing")
        };
        assert_eq!(parts.iter().filter(|part| part.is_ok()).count(), 1, "{bad:02x?}");
    }
}

#[test]
fn hostile_bytes_behind_a_right_crc_end_soon() {
    for hostile in [
        vec![0x71; 8_000],
        vec![0xff; 8_000],
        [0x00, 0x76].repeat(4_000),
        [0x76, 0x00, 0x76].repeat(2_600),
        vec![0x7f; 8_000],
    ] {
        assert!(DECODER.readings(&sample::file(&hostile, X25)).is_err());
    }
}

#[test]
fn a_changed_byte_never_gives_a_value() {
    for fixture in DECODER.fixtures.iter().filter(|fixture| fixture.gives.is_ok()) {
        for (at, flip) in (0..fixture.frame.len()).flat_map(|at| (1..=255).map(move |flip| (at, flip))) {
            let mut changed = fixture.frame.to_vec();
            changed[at] ^= flip;
            assert!(DECODER.readings(&changed).is_err(), "byte {at} changed by {flip:02x}");
        }
    }
}

#[test]
fn any_part_of_an_entry_costs_only_that_entry() {
    let odd: &[&[u8]] = &[
        b"\x01",
        b"\x42\x01",
        b"\x05abcd",
        b"\x12\x07",
        b"\x53\x80\x25",
        b"\x65\x01\x02\x03\x04",
        b"\x71\x01",
        b"\xf0\x02\x01\x01",
    ];
    let whole = sample::entry([1, 0, 1, 8, 0, 255], [NONE, NONE, b"\x62\x1e", b"\x52\xff", b"\x63\x00\x09"]);
    let parts: [&[u8]; 7] =
        [b"\x07\x01\x00\x10\x07\x00\xff", NONE, NONE, b"\x62\x1b", b"\x52\xff", b"\x52\x05", NONE];
    for (at, odd) in (0..parts.len()).flat_map(|at| odd.iter().map(move |odd| (at, *odd))) {
        let mut spoilt = parts;
        spoilt[at] = odd;
        let body = body(&sample::answer(METER, NONE, &[sample::list(&spoilt), whole.clone()], X25));
        assert_eq!(body.values.get("energy_import").unwrap().to_canonical(), "0.9", "{at}: {odd:02x?}");
        assert_eq!(body.values.unit("energy_import"), Some("Wh"));
    }
}
