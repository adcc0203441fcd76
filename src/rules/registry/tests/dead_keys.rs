//! Keys that were revoked: how that is said, and that they do not come back.

use super::*;

fn revoke(subject: Subject) -> Deed {
    Deed::Revoke { subject, trusted_until: None }
}

fn rotate(subject: Subject, byte: u8) -> Deed {
    Deed::Rotate { subject, key: key(byte), next: None }
}

/// A ledger whose log key is an admin, and with it another of key 2.
fn administered() -> (Ledger, [Hash; 4]) {
    let (mut ledger, ids) = Ledger::peopled();
    ledger.registry.admins.push(Admin::new(key(2), LEDGER));
    (ledger, ids)
}

#[test]
fn a_dead_key_is_named_whoever_signed_first() {
    let (mut ledger, [a, b, _, probe]) = Ledger::peopled();
    ledger.does(revoke(Subject::Party(b)), &[ADMIN]).unwrap();
    for signers in [[10, 20, 99], [99, 20, 10]] {
        refused(ledger.does(Deed::Assign { device: probe, via: Some(a) }, &signers), "which was revoked");
        refused(ledger.says("probe", &signers), "which was revoked");
        refused(ledger.judge(ClaimContent::Other(Some("event".into())), &signers), "which was revoked");
    }
}

#[test]
fn a_revoked_log_key_rotates_nobody() {
    let (mut ledger, _) = administered();
    let admin = Subject::Admin(key(ADMIN));
    ledger.does(revoke(admin), &[2]).unwrap();
    refused(ledger.does(rotate(admin, 3), &[ADMIN, 3]), "the old key was revoked");
    let (mut ledger, _) = administered();
    let enroll = Deed::EnrollParty { name: name("boss"), key: key(ADMIN), next: None };
    let boss = Subject::Party(ledger.does(enroll, &[ADMIN]).unwrap());
    ledger.does(revoke(boss), &[2]).unwrap();
    refused(ledger.does(rotate(boss, 3), &[ADMIN, 3]), "the old key was revoked");
}

#[test]
fn a_revoked_admin_does_not_enrol_with_its_key() {
    let (mut ledger, _) = administered();
    ledger.does(revoke(Subject::Admin(key(2))), &[ADMIN]).unwrap();
    let enroll = Deed::EnrollParty { name: name("boss"), key: key(2), next: None };
    refused(ledger.does(enroll, &[2, ADMIN]), "an admin's that was revoked");
}

#[test]
fn an_admins_key_speaks_for_nobody_else() {
    let (mut ledger, [a, ..]) = administered();
    let device = Deed::EnrollDevice { name: name("safe"), key: Some(key(2)), owner: a, via: None };
    refused(ledger.does(device, &[10, 2]), "is an admin's");
    let clerk = Deed::Delegate { party: a, key: key(2), may: vec!["event".to_owned()], until: hour(9) };
    refused(ledger.does(clerk, &[10, 2]), "is an admin's");
    let party = Deed::EnrollParty { name: name("boss"), key: key(2), next: None };
    ledger.does(party, &[2]).unwrap();
}
