//! SML files against smllib: the same values where it is right, and where it is not, which is right and why.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use counterfoil::{
    device::decode::Decoder,
    json::{self, Object, Value},
};

use crate::{
    peers::python_with,
    support::{needs::Tested, trial::trials},
};

trials![files_mean_what_smllib_says, where_smllib_is_wrong];

/// Their names of codes, and ours.
const NAMES: &[(&str, &str)] = &[
    ("0100600100ff", "1-0:96.1.0"),
    ("0100010800ff", "energy_import"),
    ("0100100700ff", "power"),
    ("0100200700ff", "voltage_l1"),
    ("010002080060", "1-0:2.8.0*96"),
    ("0100240700ff", "power_l1"),
    ("0000600303ff", "0-0:96.3.3"),
    ("8181c78203ff", "129-129:199.130.3"),
];

/// A file of the decoder's own.
fn file(at: usize) -> &'static [u8] {
    Decoder::named("sml").unwrap().fixtures[at].frame
}

/// What smllib makes of files; with each the CRC that its user has to know.
fn theirs(files: &[(&str, &[u8])]) -> Result<Vec<Object>, crate::support::needs::Lacking> {
    let python = python_with("smllib")?;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/sml.py");
    let mut run =
        Command::new(python).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let lines: Vec<_> = files.iter().map(|(crc, file)| format!("{crc} {}\n", hex::encode(file))).collect();
    run.stdin.take().unwrap().write_all(lines.concat().as_bytes()).unwrap();
    let output = run.wait_with_output().unwrap();
    assert!(output.status.success());
    let lines = output.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    Ok(lines.map(|line| json::parse_object(line).unwrap()).collect())
}

/// The entries of their first list, by code.
fn entries(theirs: &Object) -> Vec<(&str, &Object)> {
    let lists = theirs.get("lists").and_then(Value::as_array).unwrap_or_else(|| panic!("{theirs}"));
    let entries = lists[0].as_object().unwrap().get("entries").unwrap().as_array().unwrap();
    entries
        .iter()
        .map(|entry| entry.as_object().unwrap())
        .map(|entry| (entry.str("code").unwrap(), entry))
        .collect()
}

fn files_mean_what_smllib_says() -> Tested {
    let theirs = theirs(&[("x25", file(0)), ("x25", file(2))])?;
    let mut compared = 0;
    for (at, theirs) in [0, 2].into_iter().zip(&theirs) {
        let ours = Decoder::named("sml").unwrap().readings(file(at)).unwrap().remove(0);
        for (code, entry) in entries(theirs) {
            let (_, name) = NAMES.iter().find(|(theirs, _)| *theirs == code).unwrap();
            // They make octets readable or hexadecimal by their content, and take a power of a DZG meter for export.
            let (is_text, is_suspect) = (code == "8181c78203ff", ours.undecoded.get("1-0:16.7.0").is_some());
            if is_text || is_suspect && *name == "power" {
                continue;
            }
            assert_eq!(ours.values.get(name), entry.get("scaled"), "{at}: {name}");
            let status = entry.get("status").filter(|status| **status != Value::Null);
            assert_eq!(ours.values.get(&format!("{name}_status")), status, "{at}: {name}");
            compared += 1;
        }
        let time =
            theirs.get("lists").unwrap().as_array().unwrap()[0].as_object().unwrap().get("time").unwrap();
        match time.as_str() {
            Some(time) => assert_eq!(ours.time.unwrap().to_string()[..19], time[..19]),
            None => assert_eq!(ours.values.get("sec_index"), Some(time)),
        }
    }
    assert_eq!(compared, 7);
    Ok(())
}

fn where_smllib_is_wrong() -> Tested {
    let theirs = theirs(&[
        ("x25", file(0)),
        ("x25", file(2)),
        ("x25", file(3)),
        ("x25", file(1)),
        ("kermit", file(1)),
    ])?;
    let of = |theirs, code| entries(theirs).into_iter().find(|(theirs, _)| *theirs == code).unwrap().1;
    let decoder = Decoder::named("sml").unwrap();
    let ours = |at| decoder.readings(file(at)).unwrap().remove(0);

    // Octets: the maker becomes text and the meter's number hexadecimal, by what is in them. Ours is always hexadecimal.
    assert_eq!(of(&theirs[0], "8181c78203ff").str("scaled"), Some("EMH"));
    assert_eq!(of(&theirs[0], "0100600100ff").str("scaled"), Some("0a01454d480000999999"));
    assert_eq!(ours(0).values.str("129-129:199.130.3"), Some("454d48"));

    // 328.05 W of import, which the meter sends as 8025 in two bytes with a sign: theirs is an export. Ours says that it is suspect.
    assert_eq!(of(&theirs[1], "0100100700ff").get("scaled").unwrap().to_canonical(), "-327.31");
    assert_eq!(ours(2).values.get("power"), Some(&Value::Null));

    // A message whose own CRC does not fit: theirs takes its value. Ours refuses it, and reads the one behind it.
    assert_eq!(of(&theirs[2], "0100010800ff").get("value").unwrap().to_canonical(), "8");
    assert_eq!(ours(3).values.get("energy_import"), None);
    assert_eq!(ours(3).values.get("energy_export"), Some(&7u32.into()));

    // A meter with CRC-16/KERMIT: theirs reads it only if its user says so beforehand, and loses the file for one odd entry.
    assert_eq!(theirs[3].str("why"), Some("crc"));
    assert!(theirs[4].str("why").is_some_and(|why| why != "crc"), "{}", theirs[4]);
    assert_eq!(ours(1).values.get("energy_import"), Some(&10_796_140u32.into()));
    Ok(())
}
