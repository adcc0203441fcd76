//! Strict JSON in, canonical JSON out: against other people's cases, and against another writer.

use std::{collections::BTreeMap, fs, path::Path};

use counterfoil::json::{self, Number, Object, Value};
use proptest::prelude::*;

use crate::vectors;

/// Cases that JSON allows and I-JSON (RFC 7493) does not: noncharacters, and a name twice.
const STRICTER: &[&str] = &[
    "y_object_duplicated_key.json",
    "y_object_duplicated_key_and_value.json",
    "y_string_escaped_noncharacter.json",
    "y_string_last_surrogates_1_and_2.json",
    "y_string_nonCharacterInUTF-8_U+10FFFF.json",
    "y_string_nonCharacterInUTF-8_U+FFFF.json",
    "y_string_unicode_U+10FFFE_nonchar.json",
    "y_string_unicode_U+1FFFE_nonchar.json",
    "y_string_unicode_U+FDD0_nonchar.json",
    "y_string_unicode_U+FFFE_nonchar.json",
];

fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap());
    entries.map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())).collect()
}

#[test]
fn json_test_suite() {
    let Some(dir) = vectors::dir("json/json-test-suite/test_parsing") else { return };
    let files = files(&dir);
    assert!(files.len() > 300);
    assert!(STRICTER.iter().all(|name| files.contains_key(*name)));
    for (name, text) in &files {
        let answer = json::parse(text);
        match name.as_bytes()[0] {
            b'y' if !STRICTER.contains(&name.as_str()) => {
                let value = answer.unwrap_or_else(|bad| panic!("{name}: {bad}"));
                assert_eq!(json::parse(value.to_canonical().as_bytes()), Ok(value), "{name}");
            }
            b'i' => {
                // Free to accept, but then what is written is the same value and UTF-8.
                let Ok(value) = answer else { continue };
                assert_eq!(json::parse(value.to_canonical().as_bytes()), Ok(value), "{name}");
            }
            _ => assert!(answer.is_err(), "{name} was taken"),
        }
    }
}

#[test]
fn jcs_rfc_8785() {
    let Some(dir) = vectors::dir("json/jcs-rfc8785/testdata") else { return };
    let outputs = files(&dir.join("output"));
    let inputs = files(&dir.join("input"));
    assert!(inputs.len() >= 6);
    for (name, input) in inputs {
        let value = json::parse(&input).unwrap_or_else(|bad| panic!("{name}: {bad}"));
        assert_eq!(value.to_canonical().into_bytes(), outputs[&name], "{name}");
        assert_eq!(json::parse(&outputs[&name]), Ok(value), "{name}");
    }
}

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
