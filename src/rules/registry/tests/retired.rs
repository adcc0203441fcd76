//! A device that its owner gave up.

use super::*;

fn retire(device: Hash) -> Deed {
    Deed::Retire { device }
}

#[test]
fn a_retired_device_speaks_no_more_by_any_key() {
    let (mut ledger, [.., probe]) = Ledger::peopled();
    refused(ledger.does(retire(probe), &[20]), "not signed by the owner, \"a\"");
    ledger.does(retire(probe), &[10]).unwrap();
    assert_eq!(ledger.device(&probe).retired, Some(5));
    for signer in [40, 30] {
        refused(ledger.says("probe", &[signer]), "device \"probe\": entry 5 retired it");
    }
    let other = ClaimContent::Other(Some("event".into()));
    refused(ledger.judge(other, &[40]), "of \"probe\", which entry 5 retired");
}

#[test]
fn nothing_happens_to_a_retired_device_but_that_its_key_is_revoked() {
    let (mut ledger, [a, b, _, probe]) = Ledger::peopled();
    ledger.does(retire(probe), &[10]).unwrap();
    let subject = Subject::Device(probe);
    for (deed, signers) in [
        (retire(probe), &[10][..]),
        (Deed::Assign { device: probe, via: Some(a) }, &[10]),
        (Deed::Rotate { subject, key: key(41), next: None }, &[41, 10]),
        (transfer(probe, b), &[10, 20]),
        (lease(probe, b, 0, 10), &[10, 20]),
        (Deed::handover(probe, b), &[10, 20]),
    ] {
        refused(
            ledger.does(deed, signers),
            "\"probe\" was retired by entry 5; to use it again, enroll it as a new",
        );
    }
    ledger.does(Deed::Revoke { subject, trusted_until: None }, &[10]).unwrap();
    assert_eq!(ledger.device(&probe).retired, Some(5), "and it stays retired");
}

#[test]
fn a_retired_device_comes_back_as_another_one() {
    let (mut ledger, [a, .., probe]) = Ledger::peopled();
    ledger.does(retire(probe), &[10]).unwrap();
    let enroll =
        |label, byte| Deed::EnrollDevice { name: name(label), key: Some(key(byte)), owner: a, via: None };
    refused(ledger.does(enroll("probe", 41), &[10, 41]), "the name \"probe\" is taken");
    refused(ledger.does(enroll("probe 2", 40), &[10, 40]), "never new again");
    let again = ledger.does(enroll("probe 2", 41), &[10, 41]).unwrap();
    ledger.says("probe 2", &[41]).unwrap();
    assert_ne!(again, probe);
}

#[test]
fn the_owner_does_not_end_a_lease_by_retiring() {
    let (mut ledger, [_, b, _, probe]) = Ledger::peopled();
    let let_to_b = ledger.does(lease(probe, b, 0, 10), &[10, 20]).unwrap();
    refused(ledger.does(retire(probe), &[10]), &format!("the lease {let_to_b}, until "));
    ledger.does(Deed::Return { device: probe, lease: let_to_b }, &[10, 20]).unwrap();
    let booked = ledger.does(lease(probe, b, 20, 30), &[10, 20]).unwrap();
    refused(ledger.does(retire(probe), &[10]), &format!("the lease {booked}, until "));
    ledger.now = hour(30);
    ledger.does(retire(probe), &[10]).unwrap();
}

#[test]
fn a_retired_device_speaks_for_no_other() {
    let (mut ledger, [a, .., probe]) = Ledger::peopled();
    let door = Deed::EnrollDevice { name: name("door"), key: None, owner: a, via: Some(probe) };
    let door = ledger.does(door, &[10]).unwrap();
    ledger.says("door", &[40]).unwrap();
    ledger.does(retire(probe), &[10]).unwrap();
    refused(ledger.says("door", &[40]), "which entry 7 retired");
    let again = Deed::Assign { device: door, via: Some(probe) };
    refused(ledger.does(again, &[10]), "via \"probe\" is retired");
}
