//! Counters across the border between a contract and its amendment: each increase is billed once. The first contract is over the
//! hour from six, the amendment from half past six to half past seven. Times are after six; a kWh costs 0.25.

use counterfoil::contract::eval::AmendmentFault;

use super::{
    amendments::{Agreed, Draft, agreed, amendment, judged_on, original, sum},
    events::{OWNER, event},
    hour::*,
};

/// What the meter shows at seconds after six.
fn meter(shown: &[(i64, &str)]) -> Vec<Line> {
    let units = || counterfoil::json::parse(br#"{"t":"Cel","energy":"kWh"}"#).unwrap();
    let line = |(n, (second, value)): (u64, &(i64, &str))| {
        let line = reading(n, second * 1_000, "4").values(&format!("{{\"t\":4,\"energy\":{value}}}"));
        line.with("units", units())
    };
    (0..).zip(shown).map(line).collect()
}

/// What both bill for energy, and why the amendment is not in force.
fn billed(old: &Agreed, new: &Agreed, shown: &[(i64, &str)]) -> ([String; 2], Option<AmendmentFault>) {
    let lines = [meter(shown), vec![old.by_both(1), new.by_both(25)]].concat();
    let [(first, _), (second, evaluated)] =
        [old, new].map(|of| judged_on(&of.contract, lines.clone(), 48 * 60));
    ([&first, &second].map(|verdict| sum(verdict, "energy")), evaluated.not_in_force)
}

fn is(old: &str, new: &str) -> ([String; 2], Option<AmendmentFault>) {
    ([old.to_owned(), new.to_owned()], None)
}

const SNAPPED: &str = "unit = \"kWh\", counter = { max_rate = \"50 / 1h\", snap = \"30s\" }";

#[test]
fn what_is_snapped_onto_the_border_is_the_first_ones_and_all_else_the_amendments() {
    let old = agreed(&Draft { meter: SNAPPED, ..original() }, 60);
    let new = agreed(&Draft { meter: SNAPPED, ..amendment(&old) }, 60);
    let border = 30 * 60;
    let shown = [
        (0, "100"),
        (25 * 60, "105"),
        (border + 7, "107"),
        (border + 14, "108"),
        (border + 31, "109"),
        (35 * 60, "110"),
        (90 * 60, "120"),
    ];
    // 100 to 108, and 108 to 120: 20 kWh in all, as 5.00
    assert_eq!(billed(&old, &new, &shown), is("2.00", "3.00"));
    // without snap, 100 to 105 and 105 to 120
    let old = agreed(&original(), 60);
    let new = agreed(&amendment(&old), 60);
    assert_eq!(billed(&old, &new, &shown), is("1.25", "3.75"));
}

#[test]
fn a_reset_that_names_the_amendment_counts_for_both_whenever_it_is_received() {
    let meter_of = "unit = \"kWh\", counter = { max_rate = \"50 / 1h\", reset_by = [\"owner\"] }";
    let old = agreed(&Draft { meter: meter_of, ..original() }, 60);
    let new = agreed(&Draft { meter: meter_of, ..amendment(&old) }, 60);
    let shown =
        [(0, "100"), (20 * 60, "105"), (25 * 60, "0"), (28 * 60, "3"), (35 * 60, "5"), (90 * 60, "12")];
    for received in [23, 40] {
        let reset = event(&new.contract, 0, "counter-reset", (22, received), OWNER);
        let lines = [meter(&shown), vec![old.by_both(1), new.by_both(30), reset]].concat();
        let bills = [&old, &new].map(|of| sum(&judged_on(&of.contract, lines.clone(), 48 * 60).0, "energy"));
        // 100 to 105 and 0 to 3: 8 kWh; 3 to 12: 9 kWh
        assert_eq!(bills, ["2.00", "2.25"], "at {received}");
    }
}

#[test]
fn an_amendment_goes_on_from_the_last_value_that_counted() {
    let old = agreed(&original(), 60);
    let new = agreed(&amendment(&old), 60);
    // A dip at the border: 104 is the last that counts, and 104 to 120 is 16 kWh. What the first contract cannot know any
    // more, since the meter is not back before its end, is unpriced there.
    let dip =
        [(0, "100"), (25 * 60, "104"), (29 * 60, "0"), (32 * 60, "7"), (35 * 60, "107"), (90 * 60, "120")];
    assert_eq!(billed(&old, &new, &dip), is("0.00", "4.00"));
    // A meter that is silent for longer than a value holds: 105 to 120 belongs to the value behind the border.
    let silent = [(0, "100"), (10 * 60, "105"), (50 * 60, "112"), (90 * 60, "120")];
    assert_eq!(billed(&old, &new, &silent), is("1.25", "3.75"));
    // An amendment of the amendment, from minute 40 on: 104 to 107 is the second ones, and 107 to 120 the last ones.
    let last = agreed(&Draft { from: 40, ..amendment(&new) }, 60);
    let lines = [meter(&dip), vec![old.by_both(1), new.by_both(25), last.by_both(26)]].concat();
    let sums =
        [&old, &new, &last].map(|of| sum(&judged_on(&of.contract, lines.clone(), 48 * 60).0, "energy"));
    assert_eq!(sums, ["0.00", "0.75", "3.25"]);
}

#[test]
fn both_read_a_counter_alike_or_the_amendment_is_not_in_force() {
    let old = agreed(&original(), 60);
    let shown = [(0, "100"), (25 * 60, "105"), (30 * 60 + 7, "107"), (90 * 60, "120")];
    let of = |draft: Draft| billed(&old, &agreed(&draft, 60), &shown);
    let other = |meter| of(Draft { meter, ..amendment(&old) });
    // The first contract goes on to its end at 60: 100 to 107.
    let refused = |(sums, fault): ([String; 2], _)| {
        assert_eq!(fault, Some(AmendmentFault::OtherCounter("probe.energy".to_owned())));
        assert_eq!(sums[0], "1.75");
    };
    refused(other(SNAPPED));
    refused(other("unit = \"kWh\", counter = { max_rate = \"60 / 1h\" }"));
    refused(other("unit = \"kWh\", counter = { max_rate = \"50 / 1h\", wrap = \"1000\" }"));
    refused(other("unit = \"kWh\", counter = { max_rate = \"50 / 1h\", reset_by = [\"owner\"] }"));
    refused(other("unit = \"kWh\", valid = [\"0\", \"200\"], counter = { max_rate = \"50 / 1h\" }"));
    refused(other("unit = \"Wh\", counter = { max_rate = \"50 / 1h\" }"));
    let ruled = |rules| of(Draft { rules, ..amendment(&old) });
    refused(ruled("hold = \"12m\"\nlate_after = \"1h\""));
    refused(ruled("hold = \"11m\"\nlate_after = \"2h\""));
    refused(ruled("hold = \"11m\"\nlate_after = \"1h\"\nlate = \"accept\""));
    refused(ruled("hold = \"11m\"\nlate_after = \"1h\"\nfuture_skew = \"1m\""));
    refused(ruled("hold = \"11m\"\nlate_after = \"1h\"\nsuspect = \"reject\""));
    refused(ruled("hold = \"11m\"\nlate_after = \"1h\"\nunsynced = \"accept\""));
    refused(ruled(
        "hold = \"11m\"\nlate_after = \"1h\"\ncorrections = { by = [\"owner\", \"tenant\"], until = 2026-04-01T00:00:00Z }",
    ));
    // What decides nothing at the border may be another: 100 to 105, and 105 to 120.
    assert_eq!(
        ruled("hold = \"11m\"\nlate_after = \"1h\"\nresolution = \"10s\"\nzone = \"+01:00\""),
        is("1.25", "3.75")
    );
}
