//! In whose hands a device is: only a handover moves it.

use super::*;

/// Custodian, entry and leg.
fn held(ledger: &Ledger, probe: Hash) -> (Hash, u64, u64) {
    let custody = ledger.device(&probe).custody;
    (custody.party, custody.n, custody.leg)
}

#[test]
fn neither_a_lease_nor_a_sale_moves_what_stands_in_the_yard() {
    let (mut ledger, [a, b, c, probe]) = Ledger::peopled();
    assert_eq!(held(&ledger, probe), (a, 4, 0));
    let let_to_b = ledger.does(lease(probe, b, 0, 10), &[10, 20]).unwrap();
    assert_eq!((ledger.device(&probe).operator(ledger.now).is, held(&ledger, probe)), (b, (a, 4, 0)));
    // The lessee comes and takes it: that is a moment of its own.
    refused(ledger.does(Deed::handover(probe, b), &[20]), "not signed by who has it, \"a\"");
    ledger.does(Deed::handover(probe, b), &[10, 20]).unwrap();
    assert_eq!(held(&ledger, probe), (b, 6, 1));
    refused(ledger.does(Deed::handover(probe, b), &[20]), "they have it already, since entry 6");
    // It stays there when the lease ends, and when it is sold.
    ledger.does(Deed::Return { device: probe, lease: let_to_b }, &[10, 20]).unwrap();
    ledger.does(transfer(probe, c), &[10, 30]).unwrap();
    assert_eq!((ledger.device(&probe).owner.is, held(&ledger, probe)), (c, (b, 6, 1)));
    ledger.does(Deed::handover(probe, c), &[20, 30]).unwrap();
    assert_eq!(held(&ledger, probe), (c, 9, 2));
}

#[test]
fn what_an_event_calls_somebody_is_what_the_ledger_does() {
    let (mut ledger, [_, b, c, probe]) = Ledger::peopled();
    let called = |ledger: &Ledger, device: &str, to: &str| {
        let mut event = ledger.event(Deed::handover(probe, b));
        let (device, to) = (name(device), name(to));
        event.names = EventNames::of(&event.deed, |id| Some(if *id == probe { &device } else { &to }));
        event
    };
    for (device, to, why) in [
        ("probe", "c", "it calls \"c\" who is \"b\" here (to)"),
        ("logger", "b", "it calls \"logger\" who is \"probe\" here (device)"),
    ] {
        let event = called(&ledger, device, to);
        refused(ledger.take(event, &[10, 20]), why);
    }
    let mut event = called(&ledger, "probe", "b");
    event.names = event.names.with_giver(&event.deed, Some(&name("c")));
    refused(ledger.take(event, &[10, 20]), "it calls \"c\" who is \"a\" here (custodian)");
    let mut event = called(&ledger, "probe", "b");
    event.names = event.names.with_giver(&event.deed, Some(&name("a")));
    ledger.take(event, &[10, 20]).unwrap();
    assert_ne!(c, b);
}

#[test]
fn what_was_used_is_told_from_what_came_too_late() {
    let (mut ledger, [_, b, c, probe]) = Ledger::peopled();
    let (sale, other) = (ledger.event(transfer(probe, b)), ledger.event(transfer(probe, c)));
    ledger.take(sale.clone(), &[10, 20]).unwrap();
    refused(ledger.take(other, &[10, 20, 30]), "outdated: entry 5 is a later event about the same");
    for signers in [&[10, 20][..], &[10], &[]] {
        refused(ledger.take(sale.clone(), signers), "transfer: used already: entry 5 is this very event");
    }
    let enroll = Deed::EnrollParty { name: name("d"), key: key(50), next: None };
    let enroll = ledger.event(enroll);
    ledger.take(enroll.clone(), &[50, ADMIN]).unwrap();
    refused(ledger.take(enroll, &[50, ADMIN]), "enroll: used already: entry 6 is this very event");
}
