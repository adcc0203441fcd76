//! What each label means. Names are the device's own; where its unit is a fraction of one, the number is scaled to that.

use std::borrow::Cow;

use crate::{
    decimal::Decimal,
    device::decode::{decimal, number, token},
    json::{Number, Value},
    record::reading::ReadingBody,
};

use super::block::Field;

/// What kind of value a label has.
#[derive(Clone, Copy)]
enum Kind {
    /// A number of 10^-n of a unit
    Measured(&'static str, u32),
    /// A count or a code, in decimal
    Number,
    /// Characters as they are: identifiers, hexadecimal codes, ON and OFF
    Text,
}

use Kind::{Measured, Text};

const LABELS: &[(&str, Kind)] = &[
    ("V", Measured("mV", 0)),
    ("V2", Measured("mV", 0)),
    ("V3", Measured("mV", 0)),
    ("VS", Measured("mV", 0)),
    ("VM", Measured("mV", 0)),
    ("DM", Measured("/1000", 0)),
    ("VPV", Measured("mV", 0)),
    ("PPV", Measured("W", 0)),
    ("I", Measured("mA", 0)),
    ("I2", Measured("mA", 0)),
    ("I3", Measured("mA", 0)),
    ("IL", Measured("mA", 0)),
    ("LOAD", Text),
    ("T", Measured("Cel", 0)),
    ("P", Measured("W", 0)),
    ("CE", Measured("Ah", 3)),
    ("SOC", Measured("/1000", 0)),
    ("TTG", Measured("min", 0)),
    ("Alarm", Text),
    ("Relay", Text),
    ("AR", Kind::Number),
    ("OR", Text),
    ("H1", Measured("Ah", 3)),
    ("H2", Measured("Ah", 3)),
    ("H3", Measured("Ah", 3)),
    ("H4", Kind::Number),
    ("H5", Kind::Number),
    ("H6", Measured("Ah", 3)),
    ("H7", Measured("mV", 0)),
    ("H8", Measured("mV", 0)),
    ("H9", Measured("s", 0)),
    ("H10", Kind::Number),
    ("H11", Kind::Number),
    ("H12", Kind::Number),
    ("H13", Kind::Number),
    ("H14", Kind::Number),
    ("H15", Measured("mV", 0)),
    ("H16", Measured("mV", 0)),
    ("H17", Measured("kWh", 2)),
    ("H18", Measured("kWh", 2)),
    ("H19", Measured("kWh", 2)),
    ("H20", Measured("kWh", 2)),
    ("H21", Measured("W", 0)),
    ("H22", Measured("kWh", 2)),
    ("H23", Measured("W", 0)),
    ("ERR", Kind::Number),
    ("CS", Kind::Number),
    ("BMV", Text),
    ("FW", Text),
    ("FWE", Text),
    ("PID", Text),
    ("SER#", Text),
    ("HSDS", Kind::Number),
    ("MODE", Kind::Number),
    ("AC_OUT_V", Measured("V", 2)),
    ("AC_OUT_I", Measured("A", 1)),
    ("AC_OUT_S", Measured("VA", 0)),
    ("WARN", Kind::Number),
    ("MPPT", Kind::Number),
    ("MON", Kind::Number),
    ("DC_IN_V", Measured("V", 2)),
    ("DC_IN_I", Measured("A", 1)),
    ("DC_IN_P", Measured("W", 0)),
];

/// The longest label that is taken for one, in characters; the protocol has 8.
const LONGEST_LABEL: usize = 16;

/// Reads a field into a body.
pub(super) fn read(field: &Field, body: &mut ReadingBody) {
    let (label, sent) = (token::as_sent(&field.label), token::as_sent(&field.value));
    let is_label = (1..=LONGEST_LABEL).contains(&label.len())
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_#".contains(&byte));
    if !is_label {
        return body.keep_undecoded(&label.chars().take(LONGEST_LABEL).collect::<String>(), &sent);
    }
    let known = LABELS.iter().find(|(name, _)| *name == label).map(|(_, kind)| *kind);
    let value = match known {
        _ if is_none(&label, &sent) => Some(Value::Null),
        Some(Measured(_, digits)) => scaled(&sent, digits).map(Value::from),
        Some(Kind::Number) => decimal(&sent).map(Value::from),
        Some(Text) => Some(&*sent).filter(|text| is_printable(text)).map(Value::from),
        None => token::value(&sent),
    };
    let (is_read, mut name) = (value.is_some(), Cow::from(&*label));
    if is_read || known.is_some() {
        let unit = known.and_then(|kind| if let Measured(unit, _) = kind { Some(unit) } else { None });
        name = body.add_in(&label, value.unwrap_or(Value::Null), unit);
    }
    if !is_read {
        body.keep_undecoded(&name, &sent);
    }
}

/// What stands for no value: dashes, nothing, and a time to go that is endless.
fn is_none(label: &str, sent: &str) -> bool {
    matches!(sent, "---" | "") || label == "TTG" && sent == "-1"
}

fn is_printable(text: &str) -> bool {
    !text.chars().any(char::is_control)
}

/// The number × 10^-`digits`, exactly; `None`: it is none, or a double would alter it.
fn scaled(text: &str, digits: u32) -> Option<Number> {
    let plain = decimal(text)?;
    if digits == 0 {
        return Some(plain);
    }
    let text = text.strip_prefix('+').unwrap_or(text);
    number(Decimal::parse(text)?.times(Decimal::new(1, digits)?)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::reading::Integrity;

    fn shown(fields: &[(&str, &[u8])]) -> String {
        let mut body = ReadingBody::new(Integrity::Checksum);
        for (label, value) in fields {
            read(&Field { label: label.as_bytes().to_vec(), value: value.to_vec() }, &mut body);
        }
        format!("{} {} {}", body.values, body.values.units_to_canonical(), body.undecoded)
    }

    #[test]
    fn labels_stand_once() {
        for (at, (label, _)) in LABELS.iter().enumerate() {
            assert!(LABELS[at + 1..].iter().all(|(other, _)| other != label), "{label}");
        }
    }

    #[test]
    fn fractions_of_units_are_scaled_exactly() {
        let fields: &[(&str, &[u8])] = &[
            ("AC_OUT_V", b"23001"),
            ("AC_OUT_I", b"-1"),
            ("CE", b"-13230"),
            ("H19", b"00654321"),
            ("SOC", b"879"),
        ];
        assert_eq!(
            shown(fields),
            r#"{"AC_OUT_I":-0.1,"AC_OUT_V":230.01,"CE":-13.23,"H19":6543.21,"SOC":879} {"AC_OUT_I":"A","AC_OUT_V":"V","CE":"Ah","H19":"kWh","SOC":"/1000"} {}"#
        );
    }

    #[test]
    fn placeholders_are_null_and_what_is_not_understood_is_kept() {
        let fields: &[(&str, &[u8])] = &[
            ("T", b"---"),
            ("TTG", b"-1"),
            ("V", b"13x20"),
            ("NEW", b"0066"),
            ("NEW2", b"66"),
            ("BäD", b"1"),
            ("ODD", b"a\x07"),
        ];
        assert_eq!(
            shown(fields),
            r#"{"NEW":"0066","NEW2":66,"T":null,"TTG":null,"V":null} {"T":"Cel","TTG":"min","V":"mV"} {"BäD":"1","ODD":"a\u0007","V":"13x20"}"#
        );
    }

    #[test]
    fn a_second_field_of_a_label_is_kept_under_its_own_name() {
        let fields: &[(&str, &[u8])] = &[("V", b"1"), ("V", b"1x")];
        assert_eq!(shown(fields), r#"{"V":1,"V_2":null} {"V":"mV","V_2":"mV"} {"V_2":"1x"}"#);
    }

    #[test]
    fn two_fields_of_one_label_keep_both() {
        let fields: &[(&str, &[u8])] = &[("V", b"1"), ("V", b"2")];
        assert_eq!(shown(fields), r#"{"V":1,"V_2":2} {"V":"mV","V_2":"mV"} {}"#);
    }
}
