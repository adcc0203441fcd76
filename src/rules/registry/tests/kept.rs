//! The registry as data: read back as it was, or not at all.

use super::*;
use crate::json::{Object, Value};

/// A registry with something in every member, and the declaration that it began with.
fn rich() -> (Registry, Genesis) {
    let (mut ledger, [_, b, _, probe]) = Ledger::peopled();
    let id = ledger
        .does(Deed::Lease { device: probe, to: b, from: hour(1), until: hour(99), via: Some(b) }, &[10, 20]);
    ledger.now = hour(2);
    ledger.does(Deed::Return { device: probe, lease: id.unwrap() }, &[20]).unwrap();
    let may = vec!["event".to_owned()];
    ledger.does(Deed::Delegate { party: b, key: key(25), may, until: hour(10) }, &[20, 25]).unwrap();
    ledger.does(Deed::handover(probe, b), &[10, 20]).unwrap();
    ledger
        .does(Deed::Revoke { subject: Subject::Device(probe), trusted_until: Some(hour(1)) }, &[10])
        .unwrap();
    let log = crate::key::SecretKey::from_seed(&[1; 32]).public();
    let (origin, created) = ("x".to_owned(), Time::EPOCH);
    let genesis =
        Genesis { origin, log, admins: vec![], writers: Writers::Enrolled, created, continues: None };
    ledger.registry.log = Did::from(&genesis.log);
    (ledger.registry, genesis)
}

/// The same data with one part changed: an item of a list, or a member.
fn changed(object: &Object, list: &str, change: impl FnOnce(&mut Object)) -> Object {
    let mut object = object.clone();
    let Some(Value::Array(items)) = object.get_mut(list) else { panic!("no list {list}") };
    let Some(Value::Object(first)) = items.first_mut() else { panic!("nothing in {list}") };
    change(first);
    object
}

#[test]
fn the_state_is_read_back_as_it_was() {
    let (registry, genesis) = rich();
    let object = registry.to_object();
    assert_eq!(Registry::from_object(&genesis, LEDGER, &object), Ok(registry));
    for member in ["admins", "parties", "devices", "keys"] {
        let mut less = object.clone();
        less.remove(member);
        assert!(Registry::from_object(&genesis, LEDGER, &less).is_err(), "{member}");
    }
}

#[test]
fn a_state_that_would_be_written_otherwise_is_none() {
    let (registry, genesis) = rich();
    let object = registry.to_object();
    let refused = |what: &str, bad: &Object| {
        assert!(Registry::from_object(&genesis, LEDGER, bad).is_err(), "{what}: {bad}");
    };
    let mut more = object.clone();
    more.insert("names", Value::Null);
    refused("an unknown member", &more);
    for list in ["admins", "parties", "devices"] {
        let more = changed(&object, list, |item| drop(item.insert("more", true)));
        refused("an unknown member of one", &more);
        // What cannot be read would be as if it were not there.
        let garbled = changed(&object, list, |item| drop(item.insert("revoked", true)));
        refused("a revocation that says nothing", &garbled);
    }
    for (member, value) in [("exposed", Value::Bool(false)), ("leases", Value::Array(vec![]))] {
        refused(member, &changed(&object, "devices", |device| drop(device.insert(member, value))));
    }
    for list in ["parties", "devices"] {
        let mut twice = object.clone();
        let Some(Value::Array(items)) = twice.get_mut(list) else { panic!("no list {list}") };
        items.push(items[0].clone());
        refused("the same one twice", &twice);
    }
    let mut swapped = object.clone();
    let Some(Value::Array(items)) = swapped.get_mut("parties") else { panic!("no parties") };
    items.reverse();
    refused("not in their order", &swapped);
    let named = |name: &str| changed(&object, "parties", |party| drop(party.insert("name", name)));
    refused("one name for two", &named("b"));
}

#[test]
fn packed_keys_are_in_their_one_form() {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let (registry, genesis) = rich();
    let mut object = registry.to_object();
    let bytes = STANDARD.decode(object.str("keys").unwrap()).unwrap();
    let mut taken = |bytes: &[u8]| {
        object.insert("keys", STANDARD.encode(bytes));
        Registry::from_object(&genesis, LEDGER, &object).is_ok()
    };
    assert!(taken(&bytes));
    let mut flag = bytes.clone();
    flag[36] = 2;
    let mut place = bytes.clone();
    place[32] = 0x80;
    let turned = [&bytes[37..74], &bytes[..37], &bytes[74..]].concat();
    let twice = [&bytes[..37], &bytes[..]].concat();
    for bad in [&flag, &place, &turned, &twice, &bytes[1..].to_vec()] {
        assert!(!taken(bad));
    }
}
