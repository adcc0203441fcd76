//! What happens in a jump of the clock that is undone: it holds as of when it arrived.

use proptest::{collection::vec, prelude::*};

use super::*;

impl Ledger {
    /// What the registry comes to if the jump that it is in arrived at this hour.
    fn undone(&self, at: i64) -> Registry {
        let mut registry = self.registry.clone();
        registry.undo_jump(hour(at));
        registry
    }
}

#[test]
fn a_lease_begins_and_ends_as_of_when_it_arrived() {
    let (mut ledger, [a, b, c, probe]) = Ledger::peopled();
    ledger.registry.begin_jump();
    ledger.now = hour(100_000);
    let id = ledger.does(lease(probe, b, 0, 200_000), &[10, 20]).unwrap();
    let at = |registry: &Registry, at| registry.device(&probe).unwrap().operator(hour(at)).is;
    assert_eq!([at(&ledger.registry, 5), at(&ledger.undone(5), 5)], [a, b]);
    ledger.does(Deed::Return { device: probe, lease: id }, &[20]).unwrap();
    let healed = ledger.undone(5);
    assert_eq!([5, 52, 53].map(|hour| at(&healed, hour)), [b, b, a], "48 hours from when it arrived");
    ledger.now = hour(100_001);
    ledger.does(Deed::Return { device: probe, lease: id }, &[10]).unwrap();
    ledger.does(lease(probe, c, 150_000, 160_000), &[10, 30]).unwrap();
    let healed = ledger.undone(5);
    assert_eq!([5, 150_000].map(|hour| at(&healed, hour)), [a, c]);
    ledger.registry.settle_time();
    assert_eq!(ledger.undone(5), ledger.registry, "it cannot be undone any more");
}

#[test]
fn a_lease_that_had_ended_by_the_jumping_clock_goes_on() {
    let (mut ledger, [_, b, c, probe]) = Ledger::peopled();
    ledger.does(lease(probe, b, 0, 1_000), &[10, 20]).unwrap();
    ledger.registry.begin_jump();
    ledger.now = hour(100_000);
    // The owner says who speaks for it, sells it without naming the lease, and the buyer lets it: all that was right.
    ledger.does(Deed::Assign { device: probe, via: Some(c) }, &[10]).unwrap();
    ledger.does(transfer(probe, c), &[10, 30]).unwrap();
    ledger.does(lease(probe, b, 0, 200_000), &[30, 20]).unwrap();
    let device = ledger.undone(5).device(&probe).unwrap().clone();
    assert_eq!(device.owner.is, c);
    let spans: Vec<_> = device.leases.iter().map(|lease| (lease.from, lease.until)).collect();
    assert_eq!(spans, [(hour(0), hour(1_000)), (hour(1_000), hour(200_000))]);
}

#[test]
fn a_key_is_trusted_until_its_revocation_arrived() {
    let (mut ledger, [a, b, c, probe]) = Ledger::peopled();
    let delegate = |byte, until| Deed::Delegate {
        party: c,
        key: key(byte),
        may: vec!["event".to_owned()],
        until: hour(until),
    };
    ledger.does(delegate(35, 1_000), &[30, 35]).unwrap();
    ledger.registry.begin_jump();
    ledger.now = hour(100_000);
    let revoke = |subject, until: Option<i64>| Deed::Revoke { subject, trusted_until: until.map(hour) };
    ledger.does(revoke(Subject::Party(b), None), &[ADMIN]).unwrap();
    ledger.does(revoke(Subject::Party(a), Some(3)), &[ADMIN]).unwrap();
    ledger.does(delegate(36, 200_000), &[30, 36]).unwrap();
    ledger.does(revoke(Subject::Admin(key(ADMIN)), None), &[ADMIN]).unwrap();
    let healed = ledger.undone(5);
    let until = |id| healed.party(&id).unwrap().revoked.unwrap().trusted_until;
    assert_eq!([until(a), until(b)], [hour(3), hour(5)]);
    assert_eq!(healed.admins()[0].revoked.unwrap().trusted_until, hour(5));
    assert!(healed.party(&c).unwrap().delegate(&key(35), hour(999)).is_some(), "its time is not over");
    let (mut ledger, _) = Ledger::peopled();
    ledger.registry.begin_jump();
    ledger.now = hour(100_000);
    ledger.does(revoke(Subject::Device(probe), None), &[10]).unwrap();
    assert_eq!(ledger.undone(5).device(&probe).unwrap().revoked.unwrap().trusted_until, hour(5));
}

/// Events about one device, by number.
fn deed(number: u8, at: i64, ids: &[Hash; 4], open: &[Hash]) -> (Deed, Vec<u8>) {
    let [a, b, c, probe] = *ids;
    let parties = [(a, 10), (b, 20), (c, 30)];
    let (to, _) = parties[usize::from(number / 8) % 3];
    let lease_of = open.last().copied().unwrap_or(LEDGER);
    let deed = match number % 8 {
        0 | 1 => lease(probe, to, at + i64::from(number) - 100, at + i64::from(number)),
        2 => Deed::Return { device: probe, lease: lease_of },
        3 => Deed::Transfer { device: probe, to, leases: open.to_vec(), via: None },
        4 => Deed::handover(probe, to),
        5 => Deed::Assign { device: probe, via: Some(to) },
        6 => Deed::Revoke { subject: Subject::Device(probe), trusted_until: None },
        _ => Deed::Rotate { subject: Subject::Device(probe), key: key(number), next: None },
    };
    let rotated = if number % 8 == 7 { vec![number] } else { Vec::new() };
    let signers = if number >= 192 { vec![20] } else { vec![10, 20, 30] };
    (deed, [signers, rotated].concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..Default::default() })]

    /// Where the rules take the same events at either time, under the same lease, it comes to what they come to at the time
    /// when they arrived.
    #[test]
    fn undoing_a_jump_is_folding_anew(before in vec(0u8.., 0..6), within in vec(0u8.., 1..8)) {
        let (mut ledger, ids) = Ledger::peopled();
        let opened = |ledger: &Ledger| -> Vec<Hash> {
            ledger.device(&ids[3]).open_leases(ledger.now).map(|lease| lease.id).collect()
        };
        for number in before {
            let (deed, signers) = deed(number, 0, &ids, &opened(&ledger));
            let _ = ledger.does(deed, &signers);
        }
        let mut plain = Ledger { registry: ledger.registry.clone(), n: ledger.n, now: hour(50) };
        ledger.registry.begin_jump();
        ledger.now = hour(100_000);
        let mut same = true;
        for number in within {
            let (deed, signers) = deed(number, 100_000, &ids, &opened(&ledger));
            let (event, n) = (ledger.event(deed), ledger.n);
            plain.n = n;
            let lease = |ledger: &Ledger| ledger.device(&ids[3]).lease(ledger.now).map(|lease| lease.id);
            same &= lease(&ledger) == lease(&plain);
            let jumped = ledger.take(event.clone(), &signers);
            same &= jumped == plain.take(event, &signers);
        }
        let healed = ledger.undone(50);
        let device = healed.device(&ids[3]).unwrap();
        prop_assert!(device.leases.is_sorted_by(|one, next| one.until <= next.from), "{device:?}");
        prop_assert!(device.leases.iter().all(|lease| lease.from < lease.until));
        prop_assert_eq!(device.owner, ledger.device(&ids[3]).owner);
        prop_assert_eq!(device.custody, ledger.device(&ids[3]).custody);
        prop_assert_eq!((device.last, device.last_n), (ledger.device(&ids[3]).last, ledger.device(&ids[3]).last_n));
        if same {
            prop_assert_eq!(&healed, &plain.registry);
        }
    }
}
