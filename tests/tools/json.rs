//! JSON as other projects' suites have it.

use std::{collections::BTreeMap, fs, path::Path};

use counterfoil::json;

use crate::{
    support::{needs::Tested, trial::trials},
    vectors,
};

trials![json_test_suite, jcs_rfc_8785,];

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

fn json_test_suite() -> Tested {
    let dir = vectors::dir("json/json-test-suite/test_parsing")?;
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
    Ok(())
}

fn jcs_rfc_8785() -> Tested {
    let dir = vectors::dir("json/jcs-rfc8785/testdata")?;
    let outputs = files(&dir.join("output"));
    let inputs = files(&dir.join("input"));
    assert!(inputs.len() >= 6);
    for (name, input) in inputs {
        let value = json::parse(&input).unwrap_or_else(|bad| panic!("{name}: {bad}"));
        assert_eq!(value.to_canonical().into_bytes(), outputs[&name], "{name}");
        assert_eq!(json::parse(&outputs[&name]), Ok(value), "{name}");
    }
    Ok(())
}
