//! Strict JSON in, canonical JSON out: against other people's cases, and against another writer.

use counterfoil::json::{self, Number, Object, Value};
use proptest::prelude::*;

/// Doubles of every kind: any bits, small integers, halves, the edges of the ECMAScript forms.
fn numbers() -> impl Strategy<Value = Number> {
    let edges =
        [0.0, -0.0, 1e21, 1e-7, 999_999_999_999_999_900_000.0, 5e-324, f64::MAX, 9_007_199_254_740_993.0];
    prop_oneof![
        any::<u64>().prop_map(f64::from_bits),
        any::<i32>().prop_map(f64::from),
        any::<i16>().prop_map(|integer| f64::from(integer) / 100.0),
        prop::sample::select(edges.to_vec()),
    ]
    .prop_filter_map("not finite", Number::new)
}

fn noncharacter(c: char) -> bool {
    matches!(u32::from(c), 0xfdd0..=0xfdef) || u32::from(c) & 0xfffe == 0xfffe
}

/// Texts with escapes, controls and letters from beyond the basic plane.
fn texts() -> impl Strategy<Value = String> {
    let chars = prop_oneof![
        any::<char>(),
        prop::char::range('\0', '\u{7f}'),
        prop::sample::select(vec!['"', '\\', '\u{2028}', '\u{fb33}', '\u{1f600}', 'é'])
    ];
    prop::collection::vec(chars.prop_filter("noncharacter", |c| !noncharacter(*c)), 0..12)
        .prop_map(|chars| chars.into_iter().collect())
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        numbers().prop_map(Value::Number),
        texts().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::Array),
            prop::collection::vec((texts(), inner), 0..8)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Literals of JSON's grammar: few and many digits, near and far exponents, and doubles with digits behind their own.
fn literals() -> impl Strategy<Value = String> {
    let own = || numbers().prop_map(|number| Value::Number(number).to_canonical());
    let exponent =
        prop_oneof![Just(String::new()), "[eE][+-]?[0-9]{1,2}", "e-3[0-3][0-9]", "[eE]\\+?2[0-9]{2}"];
    prop_oneof![
        ("-?(0|[1-9][0-9]{0,25})(\\.[0-9]{1,25})?", exponent).prop_map(|(digits, power)| digits + &power),
        (own(), "[0-9]{1,4}").prop_map(|(own, more)| {
            let (digits, power) = own.split_once('e').map_or((own.as_str(), None), |(a, b)| (a, Some(b)));
            let point = if digits.contains('.') { "" } else { "." };
            format!("{digits}{point}{more}{}", power.map_or(String::new(), |power| format!("e{power}")))
        }),
        (own(), "0{0,3}").prop_map(|(own, zeros)| if own.contains(['.', 'e']) {
            own
        } else {
            format!("{own}.0{zeros}")
        }),
    ]
}

/// The places before and behind the point that the model has.
const PLACES: i32 = 1_500;

/// A literal as a model of it that knows nothing of doubles: its sign, and a digit for each place from 10^1499 down.
fn places(literal: &str) -> (bool, Vec<u8>) {
    let unsigned = literal.trim_start_matches('-');
    let (mantissa, power) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let point = mantissa.find('.').unwrap_or(mantissa.len());
    let power: i32 = power.parse().unwrap();
    let first = PLACES - power - i32::try_from(point).unwrap();
    let mut places = vec![b'0'; 2 * usize::try_from(PLACES).unwrap()];
    for (place, digit) in (first..).zip(mantissa.bytes().filter(|byte| *byte != b'.')) {
        places[usize::try_from(place).unwrap()] = digit;
    }
    (literal.starts_with('-') && places.iter().any(|digit| *digit != b'0'), places)
}

fn to_serde(value: &Value) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(truth) => (*truth).into(),
        Value::Number(number) => number.as_f64().into(),
        Value::String(text) => text.as_str().into(),
        Value::Array(elements) => elements.iter().map(to_serde).collect(),
        Value::Object(object) => {
            object.iter().map(|(name, value)| (name.to_owned(), to_serde(value))).collect()
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn our_writer_agrees_with_another(value in values()) {
        let theirs = serde_json_canonicalizer::to_string(&to_serde(&value)).unwrap();
        prop_assert_eq!(value.to_canonical(), theirs);
    }

    #[test]
    fn what_is_written_is_read_back(value in values()) {
        let text = value.to_canonical();
        let read = json::parse(text.as_bytes());
        prop_assert_eq!(json::refuse_rounding(text.as_bytes()), Ok(()));
        prop_assert_eq!(read.as_ref().map(Value::to_canonical).ok(), Some(text));
        // Minus zero is written as zero, which is equal.
        prop_assert_eq!(read, Ok(value));
    }

    #[test]
    fn a_number_is_refused_exactly_where_another_writer_would_alter_it(literal in literals()) {
        // An integer that doubles skip is refused before.
        let Ok(Value::Number(number)) = json::parse(literal.as_bytes()) else { return Ok(()) };
        let theirs = serde_json_canonicalizer::to_string(&number.as_f64()).unwrap();
        let same = places(&literal) == places(&theirs);
        let text = format!("{{\"a\":[\"1e-999\",{literal}]}}");
        match json::refuse_rounding(text.as_bytes()) {
            Ok(()) => prop_assert!(same, "{} is {}", literal, theirs),
            Err(bad) => {
                prop_assert!(!same, "{} is {}", literal, theirs);
                prop_assert_eq!(bad.column, 16);
                prop_assert!(bad.message.ends_with(&format!(" would become {theirs}")), "{}", bad.message);
            }
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(value) = json::parse(&bytes) {
            prop_assert_eq!(json::parse(value.to_canonical().as_bytes()), Ok(value));
        }
    }

    #[test]
    fn one_changed_byte_is_another_value_or_none(value in values(), at in any::<prop::sample::Index>(), bit in 0..8u8) {
        let text = value.to_canonical();
        let mut bytes = text.clone().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        if let Ok(changed) = json::parse(&bytes) {
            // Canonical bytes are one to one with values, so only bytes that are not canonical can be equal.
            prop_assert!(changed != value || changed.to_canonical().as_bytes() != bytes);
        }
    }

    #[test]
    fn leaving_a_member_out_is_removing_it(value in prop::collection::vec((texts(), values()), 0..6)) {
        let mut object: Object = value.into_iter().collect();
        object.insert("proof", 1u32);
        let mut without = String::new();
        object.write_without("proof", &mut without);
        object.remove("proof");
        prop_assert_eq!(without, object.to_canonical());
    }
}
