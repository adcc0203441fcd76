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
        texts().prop_map(Value::String),
    ];
    leaf.prop_recursive(5, 60, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::Array),
            prop::collection::vec((texts(), inner), 0..8)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
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
        prop_assert_eq!(read.as_ref().map(Value::to_canonical).ok(), Some(text));
        // Minus zero is written as zero, which is equal.
        prop_assert_eq!(read, Ok(value));
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
