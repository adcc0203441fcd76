//! Events across the border between a contract and its amendment: whichever of the two a record names, it counts for the one in
//! whose time the event happened. The first contract is over the hour from six, the amendment from half past six to half past
//! seven. Times are minutes after six.

use counterfoil::json::Object;

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
