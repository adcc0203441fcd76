//! Attacks and mistakes that have a name, each by itself.

use counterfoil::{
    hash::Hash,
    key::Did,
    record::registry::{Deed, Name, Subject},
    time::{Span, Time},
};

use super::twin::{Twin, hours};

fn refused(answer: Result<Hash, String>, why: &str) {
    let said = answer.expect_err(why);
    assert!(said.contains(why), "{said:?} does not say {why:?}");
}

fn name(text: &str) -> Name {
    Name::parse(text).expect("a name")
}

fn hour(at: i64) -> Time {
    Time::EPOCH.saturating_add(hours(at))
}

fn device(label: &str, key: Did, owner: Hash) -> Deed {
    Deed::EnrollDevice { name: name(label), key: Some(key), owner, via: None }
}

fn lease(device: Hash, to: Hash, from: i64, until: i64) -> Deed {
    Deed::Lease { device, to, from: hour(from), until: hour(until), via: None }
}

fn transfer(device: Hash, to: Hash, leases: &[Hash]) -> Deed {
    Deed::Transfer { device, to, leases: leases.to_vec(), via: None }
}

#[test]
fn two_devices_do_not_share_a_key() {
    let (mut twin, people) = Twin::peopled(true);
    let ([a, b, _, probe_key], [owner, ..]) = (people.keys, people.parties);
    refused(twin.does(device("probe 2", probe_key, owner), &[a, probe_key]), "never new again");
    let new = twin.new_key();
    twin.does(device("probe 2", new, owner), &[a, new]).expect("another key");
    // Nor do they after the first has another, nor with a party.
    let later = twin.new_key();
    let rotate = Deed::Rotate { subject: Subject::Device(people.probe), key: later, next: None };
    twin.does(rotate, &[a, later]).expect("the owner turns it");
    for used in [probe_key, new, later, b] {
        refused(twin.does(device("probe 3", used, owner), &[a, used]), "never new again");
    }
}

#[test]
fn a_name_is_taken_once_by_whomever() {
    let (mut twin, people) = Twin::peopled(true);
    let (admin, [a, ..]) = (twin.admin(), people.keys);
    let new = twin.new_key();
    for taken in ["name 1", "name 3"] {
        refused(twin.does(device(taken, new, people.parties[0]), &[a, new]), "is taken");
        let party = Deed::EnrollParty { name: name(taken), key: new, next: None };
        refused(twin.does(party, &[new, admin]), "is taken");
    }
}

#[test]
fn a_look_alike_is_another_name_and_is_shown_escaped() {
    let (mut twin, _) = Twin::peopled(true);
    let admin = twin.admin();
    let mut enroll = |label: &str| {
        let key = twin.new_key();
        twin.does(Deed::EnrollParty { name: name(label), key, next: None }, &[key, admin])
    };
    let real = enroll("acme").expect("new");
    // The first letter is Cyrillic; then a precomposed letter and the same in two characters; then case.
    let like = enroll("\u{430}cme").expect("other bytes");
    let pairs = ["caf\u{e9}", "cafe\u{301}", "Acme", "acme.", "acme\u{200b}x"].map(&mut enroll);
    assert!(pairs.iter().all(Result::is_ok));
    refused(enroll("\u{430}cme"), "the name \"\\u{430}cme\" is taken");
    let named = |label: &str| twin.judge.registry().named(&name(label)).map(|known| *known.id());
    assert_eq!((named("acme"), named("\u{430}cme")), (Some(real), Some(like)));
    assert_eq!(name("\u{430}cme").to_string(), "\\u{430}cme");
}

#[test]
fn a_lessor_does_not_lease_twice() {
    let (mut twin, people) = Twin::peopled(true);
    let ([a, b, c, _], [_, second, third]) = (people.keys, people.parties);
    let probe = people.probe;
    twin.does(lease(probe, second, 10, 20), &[a, b]).expect("a booking");
    for (from, until) in [(5, 11), (19, 30), (12, 13), (0, 100), (10, 20)] {
        refused(twin.does(lease(probe, third, from, until), &[a, c]), "overlaps the lease");
    }
    twin.does(lease(probe, third, 5, 10), &[a, c]).expect("before it");
    twin.does(lease(probe, third, 20, 21), &[a, c]).expect("after it");
}

#[test]
fn a_device_has_no_more_leases_than_its_sale_can_name() {
    let (mut twin, people) = Twin::peopled(true);
    let ([a, b, c, _], [_, second, third], probe) = (people.keys, people.parties, people.probe);
    let mut leases: Vec<Hash> =
        (0..512).map(|n| twin.does(lease(probe, second, n, n + 1), &[a, b]).expect("a booking")).collect();
    refused(twin.does(lease(probe, second, 512, 513), &[a, b]), "has 512 leases that have not ended");
    twin.now = hour(1);
    leases.push(twin.does(lease(probe, second, 512, 513), &[a, b]).expect("one has ended"));
    twin.does(transfer(probe, third, &leases[1..]), &[a, c]).expect("it can be sold");
}

#[test]
fn a_lessor_does_not_date_back() {
    let (mut twin, people) = Twin::peopled(true);
    let ([a, b, ..], [first, second, _]) = (people.keys, people.parties);
    twin.now = hour(10);
    refused(twin.does(lease(people.probe, second, -5, 10), &[a, b]), "before it begins");
    let before = twin.judge.registry().device(&people.probe).map(|device| device.operator(twin.now).is);
    assert_eq!(before, Some(first));
    twin.does(lease(people.probe, second, -5, 20), &[a, b]).expect("from now on");
    let leases = &twin.judge.registry().device(&people.probe).expect("it is there").leases;
    assert_eq!((leases[0].from, leases[0].until), (hour(10), hour(20)));
}

#[test]
fn a_transfer_does_not_fit_again_after_the_device_came_back() {
    let (mut twin, people) = Twin::peopled(true);
    let ([a, b, ..], [first, second, _], probe) = (people.keys, people.parties, people.probe);
    let sale = twin.event(transfer(probe, second, &[]));
    twin.offer(&sale, &[a, b]).expect("sold");
    twin.does(transfer(probe, first, &[]), &[b, a]).expect("bought back");
    refused(twin.offer(&sale, &[a, b]), "outdated");
    twin.check_replays();
    assert_eq!(twin.judge.registry().device(&probe).map(|device| device.owner.is), Some(first));
}

#[test]
fn a_thief_with_a_partys_key_does_not_keep_it_from_who_committed() {
    let (mut twin, people) = Twin::peopled(true);
    let ([stolen, ..], [party, ..]) = (people.keys, people.parties);
    let (kept, spare, thiefs) = (twin.new_key(), twin.new_key(), twin.new_key());
    let rotate = |key: Did, next: Option<Did>| {
        let next = next.map(|next| next.commitment());
        Deed::Rotate { subject: Subject::Party(party), key, next }
    };
    // Who never committed shares its fate with the thief: the old key is all there is.
    twin.does(rotate(kept, Some(spare)), &[stolen, kept]).expect("it commits");
    let stolen = kept;
    refused(twin.does(rotate(thiefs, None), &[stolen, thiefs]), "committed");
    let revoke = |subject| Deed::Revoke { subject, trusted_until: None };
    refused(twin.does(revoke(Subject::Party(party)), &[stolen]), "not signed by");
    twin.does(revoke(Subject::Party(party)), &[spare]).expect("by the next key");
    refused(twin.does(rotate(thiefs, None), &[stolen, thiefs]), "which was revoked");
    let may = vec!["event".to_owned()];
    let clerk = Deed::Delegate { party, key: thiefs, may, until: hour(9) };
    refused(twin.does(clerk, &[stolen, thiefs]), "which was revoked");
    twin.does(rotate(spare, None), &[spare]).expect("the owner is back");
    refused(
        twin.does(transfer(people.probe, people.parties[1], &[]), &[stolen, people.keys[1]]),
        "which was revoked",
    );
}

#[test]
fn an_admin_whose_key_was_revoked_does_not_come_back_with_it() {
    let (mut twin, _) = Twin::peopled(true);
    let (other, log) = (twin.admin(), twin.past().start.log);
    let revoke = Deed::Revoke { subject: Subject::Admin(log), trusted_until: None };
    twin.does(revoke, &[other]).expect("by another admin");
    let new = twin.new_key();
    let rotate = Deed::Rotate { subject: Subject::Admin(log), key: new, next: None };
    refused(twin.does(rotate, &[log, new]), "the old key was revoked");
    let enroll = Deed::EnrollParty { name: name("boss"), key: log, next: None };
    refused(twin.does(enroll, &[log, other]), "an admin's that was revoked");
    assert!(!twin.judge.registry().is_admin(&log));
}

#[test]
fn the_kind_of_refusal_does_not_hang_on_who_signed_first() {
    let (mut twin, people) = Twin::peopled(true);
    let ([a, b, ..], [first, second, _]) = (people.keys, people.parties);
    let revoke = Deed::Revoke { subject: Subject::Party(second), trusted_until: None };
    twin.does(revoke, &[twin.admin()]).expect("by an admin");
    let stranger = twin.new_key();
    let assign = Deed::Assign { device: people.probe, via: Some(first) };
    for signers in [[a, b, stranger], [stranger, b, a]] {
        refused(twin.does(assign.clone(), &signers), "which was revoked");
    }
}

#[test]
fn a_lease_that_was_called_off_leaves_the_owners_gateway() {
    let (mut twin, people) = Twin::peopled(true);
    let ([a, b, c, _], [_, second, _], probe) = (people.keys, people.parties, people.probe);
    let booked = twin.does(lease(probe, second, 10, 20), &[a, b]).expect("a booking");
    twin.does(Deed::Return { device: probe, lease: booked }, &[a, b]).expect("called off");
    twin.now = hour(15);
    assert!(twin.check_said(probe, &[c]), "it never began");
    let begun = twin.does(lease(probe, second, 15, 20), &[a, b]).expect("a lease");
    twin.now = twin.now.saturating_add(Span::from_millis(1));
    twin.does(Deed::Return { device: probe, lease: begun }, &[a, b]).expect("at once");
    assert!(!twin.check_said(probe, &[c]), "it did begin");
}

#[test]
fn a_notice_never_makes_a_lease_longer() {
    let (mut twin, people) = Twin::peopled(true);
    let ([a, b, ..], [first, second, _], probe) = (people.keys, people.parties, people.probe);
    let lease = twin.does(lease(probe, second, 0, 60), &[a, b]).expect("a lease");
    // The first notice ends it after two days; the others, and one just before the end, change nothing of that.
    for at in [1, 10, 48] {
        twin.now = hour(at);
        twin.does(Deed::Return { device: probe, lease }, &[b]).expect("a notice");
    }
    twin.now = hour(49);
    twin.check_state();
    assert_eq!(twin.judge.registry().device(&probe).map(|device| device.operator(twin.now).is), Some(first));
}
