//! Events across the border between a contract and its amendment: whichever of the two a record names, it counts for the one in
//! whose time the event happened. The first contract is over the hour from six, the amendment from half past six to half past
//! seven. Times are minutes after six.

use counterfoil::{contract::document::Contract, json::Object};

use super::{
    amendments::{Agreed, Draft, agreed, amendment, first, judged, rows, sum},
    events::{OWNER, TENANT, event, fields},
    hour::*,
};

/// Both contracts, and their records as all signed them.
fn both() -> (Agreed, Agreed, [Line; 2]) {
    let old = first();
    let new = agreed(&amendment(&old), 60);
    let signed = [old.by_both(1), new.by_both(2)];
    (old, new, signed)
}

/// What a payment comes to under both, with these events.
fn sums(id: &str, (old, new, signed): &(Agreed, Agreed, [Line; 2]), events: &[Line]) -> [String; 2] {
    let lines = [&signed[..], events].concat();
    [old, new].map(|of| sum(&judged(&of.contract, &lines).0, id))
}

#[test]
fn whichever_contract_it_names_it_is_paid_for_once_by_that_of_its_time() {
    let agreement = both();
    let (old, new, _) = &agreement;
    for named in [old, new] {
        let stop = |minute| event(&named.contract, 0, "stop", (minute, minute), OWNER);
        assert_eq!(sums("stops", &agreement, &[stop(20)]), ["5.00", "0.00"]);
        assert_eq!(sums("stops", &agreement, &[stop(30)]), ["0.00", "5.00"]);
        assert_eq!(sums("stops", &agreement, &[stop(20), stop(29), stop(40)]), ["10.00", "5.00"]);
    }
    // the same stop under both is one
    let twice = [old, new].map(|of| event(&of.contract, 0, "stop", (40, 41), OWNER));
    assert_eq!(sums("stops", &agreement, &twice), ["0.00", "5.00"]);
}

#[test]
fn an_excuse_over_the_border_is_taken_out_of_both() {
    let agreement = both();
    let (old, new, _) = &agreement;
    // too warm from 20 to 40, at 1.00 a minute until 30, at 2.00 from then on
    assert_eq!(sums("warm", &agreement, &[]), ["10.00", "20.00"]);
    let stretch = r#"{"from":"2026-03-01T06:25:00.000Z","until":"2026-03-01T06:35:00.000Z"}"#;
    for named in [old, new] {
        let storm = fields(event(&named.contract, 0, "storm", (25, 45), OWNER), stretch);
        assert_eq!(sums("warm", &agreement, &[storm]), ["5.00", "10.00"]);
    }
}

#[test]
fn what_names_an_amendment_before_the_ledger_has_that_counts_as_what_comes_behind_it() {
    let (old, new, [first, _]) = both();
    let event = |name, (minute, received)| event(&new.contract, 0, name, (minute, received), OWNER);
    // all accept the amendment at minute 45
    let agreement = (old, agreed(&amendment(&self::first()), 60), [first, new.by_both(45)]);
    for received in [31, 50] {
        let stops = [20, 30].map(|minute| event("stop", (minute, received)));
        assert_eq!(sums("stops", &agreement, &stops), ["5.00", "5.00"], "at {received}");
        // too warm from 20 to 40, at 1.00 a minute until 30, at 2.00 from then on; 25 to 35 is excused
        let stretch = r#"{"from":"2026-03-01T06:25:00.000Z","until":"2026-03-01T06:35:00.000Z"}"#;
        let storm = fields(event("storm", (29, received)), stretch);
        assert_eq!(sums("warm", &agreement, &[storm]), ["5.00", "10.00"], "at {received}");
    }
    // where nobody accepts it, it is none of the first contract's
    let (old, _, [first, _]) = both();
    let alone = (old, agreed(&amendment(&self::first()), 60), [first, new.stated(45, (OWNER, None))]);
    assert_eq!(sums("stops", &alone, &[event("stop", (20, 31))])[0], "0.00");
}

#[test]
fn who_does_not_count_before_the_amendment_is_there_does_not_behind_it() {
    let (old, new, [first, _]) = both();
    let stop = |received| event(&new.contract, 0, "stop", (29, received), OWNER);
    let found = |contract: &Contract, stop: &Line| {
        let verdict = judged(contract, &[first.clone(), stop.clone(), new.by_both(45)]).0;
        (
            sum(&verdict, "stops"),
            findings(&verdict).into_iter().filter(|it| it != "- unpriced").collect::<Vec<_>>(),
        )
    };
    // three minutes ahead: a finding under the contract that it names, nothing under the other one
    let [ahead, unsynced] = [stop(26), stop(31).with("clock", "unsynced")];
    for (line, kind) in [(ahead, "7 future"), (unsynced, "8 unsynced")] {
        assert_eq!(found(&old.contract, &line), ("0.00".to_owned(), vec![]));
        assert_eq!(found(&new.contract, &line), ("0.00".to_owned(), vec![kind.to_owned()]));
    }
}

#[test]
fn events_of_other_contracts_hold_nothing_up_and_what_is_missed_among_them_is_said() {
    let (old, new, [first, second]) = both();
    let other = |n: u64| event(&old.contract, 0, "stop", (3, 3), OWNER).with("contract", format!("{n:064x}"));
    let flood: Vec<_> = (0..10_001).map(other).chain([first]).collect();
    let beyond = |more: &[Line]| judged(&old.contract, &[&flood[..], more].concat()).1.hindsight.beyond();
    let stop = |of: &Agreed, minute| event(&of.contract, 0, "stop", (minute, minute), OWNER);
    assert_eq!(beyond(&[stop(&old, 20)]), None);
    assert_eq!(beyond(&[second, stop(&new, 20)]), None);
    // Of what came before it one is not kept, which might name it.
    assert_eq!(beyond(&[new.by_both(25)]), Some("events"));
}

/// The state of the term `delivered`, before minute 50, and the bonus for it, under both.
fn delivered(agreement: &(Agreed, Agreed, [Line; 2]), events: &[Line]) -> [[String; 3]; 2] {
    let (old, new, signed) = agreement;
    let lines = [&signed[..], events].concat();
    [old, new].map(|of| {
        let (verdict, _) = judged(&of.contract, &lines);
        let term: &Object = &rows(&verdict, "terms")[1];
        let text = |name| term.str(name).unwrap().to_owned();
        [text("state"), text("why"), sum(&verdict, "bonus")]
    })
}

#[test]
fn what_came_before_the_amendment_is_not_asked_for_again() {
    let agreement = both();
    let (old, new, _) = &agreement;
    let kept = |bonus| ["kept", "within", bonus];
    let superseded = ["kept", "superseded", "0.00"];
    for named in [old, new] {
        let said =
            |minute| event(&named.contract, 0, "delivered", (minute, minute), OWNER).cosigned_by(TENANT);
        // The bonus is due once: under the contract in whose time it was delivered.
        assert_eq!(delivered(&agreement, &[said(22)]), [kept("100.00"), kept("0.00")]);
        assert_eq!(delivered(&agreement, &[said(45)]), [superseded, kept("100.00")]);
        assert_eq!(delivered(&agreement, &[said(50)]), [superseded, ["breached", "limit", "0.00"]]);
    }
    // each signs under another contract: it is one event
    let [one, two] = [(old, OWNER), (new, TENANT)]
        .map(|(of, signer)| event(&of.contract, 0, "delivered", (45, 46), signer));
    assert_eq!(delivered(&agreement, &[one, two]), [superseded, kept("100.00")]);
}

#[test]
fn what_names_an_amendment_that_is_not_in_force_is_none_of_the_first_contracts() {
    let (old, new, _) = both();
    let signed = [old.by_both(1), new.stated(2, (OWNER, None))];
    let agreement = (old, new, signed);
    let stop = |of: &Agreed| [event(&of.contract, 0, "stop", (20, 20), OWNER)];
    assert_eq!(sums("stops", &agreement, &stop(&agreement.1))[0], "0.00");
    assert_eq!(sums("stops", &agreement, &stop(&agreement.0))[0], "5.00");
    // nor is what names a contract of others, or one that is not stated
    let (old, _, _) = both();
    let other = agreed(&Draft { price: "7.00", ..amendment(&old) }, 60);
    assert_eq!(sums("stops", &both(), &stop(&other)), ["0.00", "0.00"]);
}
