//! Keys that were revoked: how that is said, and that they do not come back.

use super::*;

fn revoke(subject: Subject) -> Deed {
    Deed::Revoke { subject, trusted_until: None }
}

#[test]
fn a_dead_key_is_named_whoever_signed_first() {
    let (mut ledger, [a, b, _, probe]) = Ledger::peopled();
    ledger.does(revoke(Subject::Party(b)), &[ADMIN]).unwrap();
    for signers in [[10, 20, 99], [99, 20, 10]] {
        refused(ledger.does(Deed::Assign { device: probe, via: Some(a) }, &signers), "which was revoked");
        refused(ledger.says("probe", &signers), "which was revoked");
        refused(ledger.judge(What::Other(Some("event".into())), &signers), "which was revoked");
    }
}
