//! `examples/verdict.rs`: a program that uses the library gets the verdict that the command gives.

use std::fs;

use crate::run::Folder;

#[allow(dead_code)] // its `main` is for those who run it
#[path = "../examples/verdict.rs"]
mod example;

/// A ledger with one reading that is too warm, and a contract that both parties signed.
fn shipment() -> Folder {
    let folder = Folder::new();
    for (seed, who) in ["gateway", "shipper", "carrier"].into_iter().enumerate() {
        folder.fixed_key(&format!("{who}.pem"), u8::try_from(seed).unwrap() + 1);
    }
    folder.run(&["chain", "init", "book", "-k", "gateway", "--origin", "plant7.example/book", "-q"]);
    let reading = r#"{"type":"reading","device":"probe","time":"2026-03-01T06:00:00.000Z","values":{"temperature":9.2}}"#;
    let signed = folder.feed(&["sign", "-k", "gateway"], reading).out;
    assert_eq!(folder.feed(&["chain", "append", "book", "-k", "gateway", "-q"], signed).code, Some(0));
    folder
}

/// The contract, signed by some of its parties.
fn contract(folder: &Folder, signers: &[&str]) {
    let did = |who: &str| {
        let shown = folder.run(&["key", "show", &format!("{who}.pem")]).out;
        shown.split('"').find(|word| word.starts_with("did:key:")).unwrap().to_owned()
    };
    let status = folder.run(&["chain", "status", "book"]).out;
    let ledger = status.split(r#""ledger":""#).nth(1).unwrap().split('"').next().unwrap();
    let (shipper, carrier, gateway) = (did("shipper"), did("carrier"), did("gateway"));
    let draft = format!(
        r#"contract = "foil/1"
title = "Reefer 7"
ledgers = ["{ledger}"]
period = {{ from = 2026-03-01T06:00:00Z, to = 2026-03-01T07:00:00Z }}
[parties.shipper]
key = "{shipper}"
[parties.carrier]
key = "{carrier}"
[devices.probe]
id = "probe"
signed_by = ["{gateway}"]
fields = {{ temperature = "Cel" }}
[time]
hold = "11m"
late = "accept"
[[terms]]
id = "cold"
on = "probe"
require = "temperature <= 8.0"
gap     = "hold"
"#
    );
    let compiled = folder.feed(&["contract", "compile", "-"], draft).out;
    let sign = |record, who: &&str| folder.feed(&["sign", "-y", "-k", who], record).out;
    fs::write(folder.path("shipment.json"), signers.iter().fold(compiled, sign)).unwrap();
}

#[test]
fn a_library_user_gets_the_verdict_that_the_command_gives() {
    let folder = shipment();
    contract(&folder, &["shipper", "carrier"]);
    let verdict = || example::verdict(&folder.path("shipment.json"), &folder.path("book"));
    let command = folder.run(&["contract", "check", "shipment.json", "book"]);
    assert_eq!(format!("{}\n", verdict().unwrap()), command.out, "{}", command.err);
    assert!(command.out.contains(r#""type":"verdict""#), "{}", command.out);

    contract(&folder, &["shipper"]);
    let command = folder.run(&["contract", "check", "shipment.json", "book"]);
    assert_eq!(command.code, Some(2), "{}", command.err);
    assert_eq!(verdict().unwrap_err().to_string(), r#"not accepted by ["carrier"]"#);
}
