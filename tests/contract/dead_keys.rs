//! What is signed with a key that the ledger's registry has for dead is nobody's word, also where anybody may write. Times are
//! minutes after the beginning of the period, which is an hour.

use counterfoil::{
    contract::{document::Contract, eval::Hindsight, file::ContractFile},
    json::{Object, parse_object},
    record::registry::{Deed, Subject},
};

use super::{
    hour::{MINUTE, at, findings, state},
    story::*,
};

const CARRIER: u8 = 11;

/// A contract that knows its device by its key, and asks no registry about it.
fn contract() -> Contract {
    Contract::read(&contract_record()).unwrap()
}

fn contract_record() -> Object {
    let [shipper, carrier, probe] = [SHIPPER, CARRIER, PROBE].map(did);
    let toml = format!(
        r#"contract = "foil/1"
title = "Reefer 7"
period = {{ from = 2026-03-01T06:00:00Z, to = 2026-03-01T07:00:00Z }}
[parties.shipper]
key = "{shipper}"
[parties.carrier]
key = "{carrier}"
[devices.probe]
id = "{probe}"
fields = {{ t = "Cel" }}
calibrated_by = ["{carrier}"]
[time]
hold = "11m"
corrections = {{ by = ["shipper", "carrier"], until = 2026-03-09T00:00:00Z }}
[[terms]]
id = "came"
event = "came"
by = ["carrier"]
"#
    );
    ContractFile::parse(toml.as_bytes()).unwrap().record
}

/// What these signed at minute 20, in the ledger of both parties; the carrier's key is revoked at a minute.
fn story(revoked: i64, said: &str, signers: &[u8]) -> Story {
    let mut story = Story::new();
    let [_, carrier] =
        [("shipper", SHIPPER), ("carrier", CARRIER)].map(|(label, seed)| story.party(label, seed));
    story.reading(0, &did(PROBE).to_string(), "9", PROBE);
    let revoke = |story: &mut Story| {
        let revoke = Deed::Revoke { subject: Subject::Party(carrier), trusted_until: None };
        story.tell(revoked, revoke, &[ADMIN]);
    };
    let said = said.replace("LEDGER", &story.ledger.to_string());
    if revoked < 20 {
        revoke(&mut story);
    }
    story.say(20, parse_object(said.as_bytes()).unwrap(), signers);
    if revoked > 20 {
        revoke(&mut story);
    }
    story
}

/// The verdicts where the key was revoked behind that, and before it.
fn verdicts(said: &str, signers: &[u8]) -> [Object; 2] {
    [30, 10].map(|revoked| story(revoked, said, signers).verdict(&contract()))
}

#[test]
fn an_acceptance_with_a_dead_key_is_none() {
    let contract = contract();
    let accept = format!(r#"{{"type":"accept","contract":"{}"}}"#, contract.hash);
    let of = |revoked: i64, said: &str, signers: &[u8]| {
        let story = story(revoked, said, signers);
        let accepted = story.evaluated(&contract, Hindsight::default()).accepted;
        (accepted, findings(&story.verdict(&contract)).len() > 1)
    };
    // the carrier is the first party; the device that nobody calibrated is the one finding of each
    let (both, shipper) = (vec![true, true], vec![false, true]);
    assert_eq!(of(30, &accept, &[SHIPPER, CARRIER]), (both.clone(), false));
    assert_eq!(of(10, &accept, &[SHIPPER, CARRIER]), (shipper.clone(), true));
    let stated = contract_record().to_canonical();
    assert_eq!(of(30, &stated, &[SHIPPER, CARRIER]), (both, false));
    assert_eq!(of(10, &stated, &[SHIPPER, CARRIER]), (shipper, true));
}

#[test]
fn an_acceptance_behind_the_end_is_asked_of_what_was_revoked_behind_it() {
    let contract = contract();
    let accept = format!(r#"{{"type":"accept","contract":"{}"}}"#, contract.hash);
    let mut story = Story::new();
    let carrier = story.party("carrier", CARRIER);
    let mut accepted = |minute: i64, deed: Option<Deed>| {
        if let Some(deed) = deed {
            story.tell(minute, deed, &[ADMIN]);
        }
        let mut said = Story {
            genesis: story.genesis.clone(),
            judge: story.judge.clone(),
            lines: story.lines.clone(),
            ..Story::new()
        };
        said.say(minute, parse_object(accept.as_bytes()).unwrap(), &[CARRIER]);
        said.evaluated(&contract, Hindsight::default()).accepted[0]
    };
    assert!(accepted(26 * 60, None));
    let revoke = Deed::Revoke { subject: Subject::Party(carrier), trusted_until: None };
    assert!(!accepted(27 * 60, Some(revoke)));
}

#[test]
fn an_event_with_a_dead_key_did_not_happen() {
    let contract = contract();
    let came = format!(
        r#"{{"type":"event","event":"came","contract":"{}","time":"{}"}}"#,
        contract.hash,
        at(5 * MINUTE)
    );
    let [before, after] = verdicts(&came, &[CARRIER]);
    assert_eq!((state(&before), state(&after)), ("kept".to_owned(), "breached".to_owned()));
    assert_eq!(findings(&after), ["3 uncalibrated", "5 unauthorized"]);
    let other = came.replace(&contract.hash.to_string(), &"0".repeat(64));
    assert_eq!(
        findings(&verdicts(&other, &[CARRIER])[1]),
        ["3 uncalibrated"],
        "the verdict on that contract says it"
    );
}

#[test]
fn a_correction_or_calibration_with_a_dead_key_changes_nothing() {
    let story_of_reading = story(30, r#"{"type":"note"}"#, &[SHIPPER]);
    let reading = counterfoil::record::signed::id(&story_of_reading.lines[3].1);
    let correction =
        format!(r#"{{"type":"correction","ledger":"LEDGER","corrects":"{reading}","withdrawn":true}}"#);
    let [before, after] = verdicts(&correction, &[SHIPPER, CARRIER]);
    assert_eq!(findings(&before), ["3 corrected"]);
    assert_eq!(findings(&after), ["3 uncalibrated", "5 unauthorized"]);
    let calibration = format!(
        r#"{{"type":"calibration","device":"{}","valid":{{"from":"{}","until":"{}"}}}}"#,
        did(PROBE),
        at(-MINUTE),
        at(60 * MINUTE)
    );
    let [before, after] = verdicts(&calibration, &[CARRIER]);
    assert_eq!(findings(&before), [""; 0]);
    assert_eq!(findings(&after), ["3 uncalibrated", "5 unauthorized"]);
}
