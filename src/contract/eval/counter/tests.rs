//! Golden cases: what a meter's faults come to, worked out by hand beside each.

mod jumps;

use std::sync::LazyLock;

use super::{
    deltas::{BucketDeltas, CounterDelta},
    *,
};
use crate::{contract::document::MaxRate, time::Span};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

fn decimal(text: &str) -> Decimal {
    Decimal::parse(text).expect(text)
}

/// 50 for each begun hour, and a border for what is up to 30 s late.
fn rule() -> CounterRule {
    CounterRule {
        max_rate: MaxRate::parse("50 / 1h"),
        snap: Span::from_millis(30_000),
        ..CounterRule::default()
    }
}

static RULE: LazyLock<CounterRule> = LazyLock::new(rule);

/// What buckets come to, as text; `?` is unknown. And the kinds of the findings, with the places of the values.
fn follow(
    rule: &CounterRule,
    borders: &[i64],
    values: &[(i64, &str)],
    resets: &[i64],
) -> (String, Vec<(u64, ContractFindingKind)>) {
    let hold = 11 * MINUTE;
    let mut follower = CounterFollower::new(rule, hold, (borders[0], *borders.last().unwrap()));
    let mut deltas = BucketDeltas::new(rule.snap, borders);
    for at in resets {
        follower.reset(*at);
    }
    let mut remarks = Vec::new();
    for (n, (at, value)) in values.iter().enumerate() {
        let entry = EntryId { ledger: 0, n: n as u64 };
        if let Some(increase) = follower.take(*at, entry, decimal(value)) {
            deltas.add(&increase, borders);
        }
        remarks.extend(follower.remarks().map(|(entry, kind)| (entry.n, kind)));
    }
    follower.end();
    remarks.extend(follower.remarks().map(|(entry, kind)| (entry.n, kind)));
    let text = |delta| match delta {
        // How much of a bucket it is shown of, contracts test.
        CounterDelta::Known(sum) | CounterDelta::Shown { shown: sum, .. } => sum.to_string(),
        CounterDelta::Unknown => "?".to_owned(),
        CounterDelta::Overflow => "overflow".to_owned(),
    };
    let deltas: Vec<_> = deltas.finish(&follower.finish(), borders).into_iter().map(text).collect();
    (deltas.join(" "), remarks)
}

/// Values each ten minutes, in three hours.
fn each_ten_minutes(values: &[&str]) -> (String, Vec<(u64, ContractFindingKind)>) {
    let values: Vec<_> = (0..).map(|at: i64| at * 10 * MINUTE).zip(values.iter().copied()).collect();
    follow(&rule(), &[0, HOUR, 2 * HOUR, 3 * HOUR], &values, &[])
}

use ContractFindingKind::{CounterDecrease, CounterJump, CounterReset};

#[test]
fn an_increase_belongs_to_the_bucket_of_its_later_value() {
    // 0:00 100 … 1:00 106: 6; 1:10 107 … 2:00 112: 6; one at `to` counts: 3:00 118: 6
    let values: Vec<_> = (100..=118).map(|value: i32| value.to_string()).collect();
    let values: Vec<_> = values.iter().map(String::as_str).collect();
    assert_eq!(each_ten_minutes(&values), ("6 6 6".to_owned(), vec![]));
}

#[test]
fn a_dip_to_zero_bills_nothing_on_its_way_back_up() {
    // 100 → 102 → (0) → 104: 4 in all, and the zero is a finding. As increases of each value it would be 2 + 104.
    let (deltas, remarks) = each_ten_minutes(&["100", "102", "0", "104", "104", "104", "104", "105"]);
    assert_eq!((deltas.as_str(), remarks), ("4 1 ?", vec![(2, CounterDecrease)]));
}

#[test]
fn the_base_is_what_the_next_value_confirms() {
    // a spike at first: 9000 is left out, and 100 is the base: 3
    assert_eq!(each_ten_minutes(&["9000", "100", "103"]), ("3 ? ?".to_owned(), vec![(0, CounterDecrease)]));
    // a dip at first: 0 is left out: 3
    assert_eq!(each_ten_minutes(&["0", "100", "103"]), ("3 ? ?".to_owned(), vec![(0, CounterJump)]));
    assert_eq!(each_ten_minutes(&["100"]), ("? ? ?".to_owned(), vec![]));
    assert_eq!(each_ten_minutes(&[]), ("? ? ?".to_owned(), vec![]));
}

#[test]
fn a_dip_behind_the_first_value_is_no_base() {
    // 40, a dip, and 44, 46: 6 from 40 on, of which 4 are at least so many if 40 was none of its values
    let six = ("6 ? ?".to_owned(), vec![(1, CounterDecrease)]);
    assert_eq!(each_ten_minutes(&["40", "0", "44", "46"]), six);
    let of = |values: [&str; 4]| {
        let minutes = [0, 10 * MINUTE, 15 * MINUTE, 20 * MINUTE];
        let values: Vec<_> = minutes.into_iter().zip(values).collect();
        follow(&rule(), &[0, HOUR], &values, &[])
    };
    // of two zeros the second one is told of: with it the first one counted
    assert_eq!(of(["40", "0", "0", "44"]), ("4".to_owned(), vec![(2, CounterDecrease)]));
    // what rose in the dip was counted already: nothing is known
    assert_eq!(of(["40", "0", "1", "44"]).0, "?");
    // of two higher ones the value goes on from the one that it is above, and the other one was a spike
    let spike = ("3 ? ?".to_owned(), vec![(0, CounterDecrease), (2, CounterDecrease)]);
    assert_eq!(each_ten_minutes(&["60", "40", "0", "43"]), spike);
    // of a dip that lasted for longer than eleven minutes nobody knows it any more
    assert_eq!(each_ten_minutes(&["40", "0", "0", "0", "44"]).0, "44 ? ?");
    // a spike behind the dip is one
    let jump = ("6".to_owned(), vec![(1, CounterJump), (2, CounterJump)]);
    assert_eq!(of(["40", "0", "9000", "46"]), jump);
}

/// The value before the period speaks no more, and says all the same that what comes is a dip.
#[test]
fn a_dip_as_the_first_value_of_a_period_is_no_base() {
    let of = |values: &[(i64, &str)]| {
        let values: Vec<_> = values.iter().map(|(minute, value)| (minute * MINUTE, *value)).collect();
        follow(&rule(), &[HOUR, 2 * HOUR], &values, &[])
    };
    // 38 at 0:48, and 0 at 1:00: 42 at 1:10 is the base, and 4 the least that it rose
    let values = [(40, "37"), (48, "38"), (60, "0"), (70, "42"), (80, "44"), (90, "46")];
    assert_eq!(of(&values), ("4".to_owned(), vec![(2, CounterDecrease)]));
    // the dip began before the period
    let values = [(48, "38"), (55, "0"), (61, "0"), (65, "42"), (75, "44")];
    assert_eq!(of(&values).0, "2");
    // a meter that was exchanged long before begins anew
    let values = [(10, "38"), (30, "0"), (61, "1"), (70, "42"), (80, "44")];
    assert_eq!(of(&values).0, "43");
}

#[test]
fn a_meter_that_is_exchanged_without_a_word_is_unknown_from_then_on() {
    // 0:00 to 0:50: 100 to 105; the new meter counts 0, 1, 2 … from 1:20 on. The first hour is 5 until 0:50 and 106 at 1:00: 6.
    let values =
        ["100", "101", "102", "103", "104", "105", "106", "107", "0", "1", "2", "3", "4", "5", "6", "7", "8"];
    let (deltas, remarks) = each_ten_minutes(&values);
    assert_eq!(deltas, "6 ? ?");
    assert_eq!(remarks, (8..17).map(|n| (n, CounterDecrease)).collect::<Vec<_>>());
    // also what rises above the old one much later bills nothing
    let (deltas, _) = each_ten_minutes(&["100", "101", "0", "1", "2", "120", "121"]);
    assert_eq!(deltas, "? ? ?");
}

#[test]
fn a_decrease_is_lasting_when_no_value_that_counts_ends_it_within_hold() {
    let at = |minutes: &[(i64, &'static str)]| {
        let values: Vec<_> = minutes.iter().map(|(minute, value)| (minute * MINUTE, *value)).collect();
        follow(&rule(), &[0, HOUR], &values, &[]).0
    };
    // hold is 11 minutes: one that ends it exactly then is in time
    assert_eq!(at(&[(0, "100"), (5, "101"), (10, "0"), (21, "105")]), "5");
    assert_eq!(at(&[(0, "100"), (5, "101"), (10, "0"), (22, "105")]), "?");
    // nor does a spike end it, nor the end of what is known
    assert_eq!(at(&[(0, "100"), (5, "101"), (10, "0"), (20, "9000"), (30, "105")]), "?");
    assert_eq!(at(&[(0, "100"), (10, "105"), (55, "0")]), "?");
}

#[test]
fn a_reset_that_was_signed_begins_anew() {
    // 100 → 102; reset at 0:15; 0 is the first value after it: 0 → 1 → 3, so 2 + 3
    let values: Vec<_> =
        (0..).map(|n: i64| n * 10 * MINUTE).zip(["100", "102", "0", "1", "3", "3", "3"]).collect();
    let borders = [0, HOUR];
    let (deltas, remarks) = follow(&rule(), &borders, &values, &[15 * MINUTE]);
    assert_eq!((deltas.as_str(), remarks), ("5", vec![(2, CounterReset)]));
    // the value after it is later than it: the one of its own instant is still the old meter's
    let (deltas, remarks) = follow(&rule(), &borders, &values, &[10 * MINUTE]);
    assert_eq!((deltas.as_str(), remarks), ("5", vec![(2, CounterReset)]));
    // a new meter that begins higher, which without the event would be a jump: 2 + 1 + 2
    let higher: Vec<_> =
        (0..).map(|n: i64| n * 10 * MINUTE).zip(["100", "102", "7000", "7001", "7003"]).collect();
    assert_eq!(follow(&rule(), &borders, &higher, &[15 * MINUTE]).0, "5");
    // the reading that confirms the new base counts, a spike is no base: 2 + 2
    let spiked: Vec<_> = (0..).map(|n: i64| n * 10 * MINUTE).zip(["100", "102", "7000", "0", "2"]).collect();
    let (deltas, remarks) = follow(&rule(), &borders, &spiked, &[15 * MINUTE]);
    assert_eq!((deltas.as_str(), remarks), ("4", vec![(2, CounterReset), (2, CounterDecrease)]));
}

#[test]
fn a_reset_after_a_lasting_decrease_ends_what_is_unknown() {
    // lost from 0:20 on; reset at 1:15, base 5 at 1:20, so the second hour is touched, and the third is 12 − 9 = 3
    let values = [
        (0, "100"),
        (10, "101"),
        (20, "0"),
        (30, "1"),
        (70, "4"),
        (80, "5"),
        (120, "9"),
        (150, "11"),
        (180, "12"),
    ];
    let values: Vec<_> = values.iter().map(|(minute, value)| (minute * MINUTE, *value)).collect();
    let (deltas, _) = follow(&rule(), &[0, HOUR, 2 * HOUR, 3 * HOUR], &values, &[75 * MINUTE]);
    assert_eq!(deltas, "? ? 3");
}

#[test]
fn behind_its_wrap_a_counter_begins_anew() {
    let rule = CounterRule { wrap: Some(decimal("10000")), ..rule() };
    let hours = |values: &[&'static str]| {
        let values: Vec<_> = (0..).map(|n: i64| n * 10 * MINUTE).zip(values.iter().copied()).collect();
        follow(&rule, &[0, 2 * HOUR], &values, &[])
    };
    // 9990 → 9995, then 3 → 8: 5 + 5, and what was counted in between is not shown
    assert_eq!(hours(&["9990", "9995", "3", "8"]), ("10".to_owned(), vec![(2, CounterReset)]));
    // a dip to zero so near the wrap is still a dip: 5 + 2
    assert_eq!(hours(&["9990", "9995", "0", "9997"]), ("7".to_owned(), vec![(2, CounterDecrease)]));
    // further below than the rate allows it is no wrap: 9900 + 50 in ten minutes is not 10000
    assert_eq!(hours(&["9895", "9900", "3", "8"]).0, "?");
    // a dip right behind it does not count: 5 + 8
    assert_eq!(
        hours(&["9990", "9995", "3", "8", "0", "11"]),
        ("13".to_owned(), vec![(2, CounterReset), (4, CounterDecrease)])
    );
}

/// 9990, 9993 and then 2, which may be behind the wrap at 10000. If the counter goes on from 9993 instead, it was a decrease from
/// minute 20 on: within 11 minutes it is ended, 3 + 3; later it is lasting, and nothing is known from then on.
#[test]
fn what_was_taken_for_a_wrap_and_was_none_is_a_decrease_from_its_time_on() {
    let rule = CounterRule { wrap: Some(decimal("10000")), ..rule() };
    let minutes = |values: &[(i64, &'static str)]| {
        let values: Vec<_> = values.iter().map(|(at, value)| (at * MINUTE / 2, *value)).collect();
        follow(&rule, &[0, HOUR], &values, &[])
    };
    let decrease = ContractFindingKind::CounterDecrease;
    let ended = minutes(&[(0, "9990"), (20, "9993"), (40, "2"), (62, "9996")]);
    assert_eq!(ended, ("6".to_owned(), vec![(2, decrease)]));
    let lasting = minutes(&[(0, "9990"), (20, "9993"), (40, "2"), (63, "9996")]);
    assert_eq!(lasting, ("?".to_owned(), vec![(2, decrease), (3, decrease)]));
    // 1000 is no wrap, and 1 another that may be one: the decrease began with the 2 nevertheless
    let values = [(0, "9990"), (20, "9993"), (40, "2"), (42, "1000"), (44, "1"), (63, "9996")];
    assert_eq!(minutes(&values).0, "?");
    let values = [(0, "9990"), (20, "9993"), (40, "2"), (42, "1000"), (44, "1"), (62, "9996")];
    assert_eq!(minutes(&values).0, "6");
}

#[test]
fn an_hourly_value_seven_seconds_late_belongs_to_the_hour_that_it_ends() {
    let late = |seconds: i64| {
        let values: Vec<_> = (0..4)
            .zip(["100", "105", "112", "121"])
            .map(|(hour, value)| (hour * HOUR + seconds * 1000, value))
            .collect();
        follow(&rule(), &[0, HOUR, 2 * HOUR, 3 * HOUR], &values, &[]).0
    };
    // 5, 7, 9: also the last, which is measured seven seconds after the period
    assert_eq!(late(0), "5 7 9");
    assert_eq!(late(7), "5 7 9");
    assert_eq!(late(30), "5 7 9");
    // 31 s late is in the next hour, and the last is outside
    assert_eq!(late(31), "0 5 7");
    // seven seconds early is what it says: the increase to 105 is before 1:00
    assert_eq!(late(-7), "5 7 9");
}

#[test]
fn every_value_that_is_snapped_onto_the_end_is_of_the_period_that_ends() {
    let late = |seconds: i64, value| (HOUR + seconds * 1_000, value);
    let values =
        [(0, "100"), late(7, "105"), late(14, "106"), late(30, "107"), late(31, "109"), late(40, "112")];
    // 107 - 100 until then, and the other 5 from then on: as in two buckets of one period
    assert_eq!(follow(&rule(), &[0, HOUR], &values, &[]).0, "7");
    assert_eq!(follow(&rule(), &[HOUR, 2 * HOUR], &values, &[]).0, "5");
    assert_eq!(follow(&rule(), &[0, HOUR, 2 * HOUR], &values, &[]).0, "7 5");
}

/// A meter dips just before the border between two periods, and is back behind it: 100, 104, 0 | 107, 109.
#[test]
fn a_dip_at_the_border_is_known_where_the_counter_is_followed_since_the_period_before() {
    let values = [(0, "100"), (30, "104"), (59, "0"), (62, "7"), (64, "9"), (66, "107"), (68, "109")];
    let of = |since: Option<i64>| {
        let mut follower = CounterFollower::new(&RULE, 11 * MINUTE, (HOUR, 2 * HOUR));
        if let Some(since) = since {
            follower.follow_since(since);
        }
        let borders = [HOUR, 2 * HOUR];
        let mut deltas = BucketDeltas::new(RULE.snap, &borders);
        for (n, (minute, value)) in (0..).zip(values) {
            let entry = EntryId { ledger: 0, n };
            let increase = follower.take(minute * MINUTE, entry, decimal(value));
            if let Some(increase) = increase {
                deltas.add(&increase, &borders);
            }
        }
        deltas.finish(&follower.finish(), &borders)
    };
    // by itself the period took the dip for its base, and 0 to 9 for an increase: 107, which goes on from 104, shows that
    // nothing is known
    assert_eq!(of(None), [CounterDelta::Unknown]);
    // 104 to 109, until 1:08
    let five = decimal("5");
    assert_eq!(of(Some(0)), [CounterDelta::Shown { shown: five, least: Some(five) }]);
}

#[test]
fn the_last_value_before_the_period_speaks_while_it_holds() {
    let before = |minutes: i64| {
        let values = [(-20 * MINUTE, "10"), (-minutes * MINUTE, "100"), (30 * MINUTE, "105"), (HOUR, "106")];
        follow(&rule(), &[0, HOUR], &values, &[]).0
    };
    // 100 → 105 → 106; where it holds no more (11 minutes), only 105 → 106
    assert_eq!(before(10), "6");
    assert_eq!(before(11), "1");
}

#[test]
fn a_day_of_25_hours_is_one_bucket() {
    // Oslo, 25 October 2026, 00:00+02:00 to 00:00+01:00: 26 values, one each hour, 2 each time: 50
    let day = [0, 25 * HOUR];
    let counts: Vec<_> = (0..26).map(|hour: i64| (100 + 2 * hour).to_string()).collect();
    let values: Vec<_> = (0..).map(|n: i64| n * HOUR).zip(counts.iter().map(String::as_str)).collect();
    assert_eq!(follow(&rule(), &day, &values, &[]).0, "50");
}

#[test]
fn what_was_counted_in_a_gap_belongs_to_the_value_that_ends_it() {
    // nothing from 0:20 to 2:50: 101 + 150 is the most after 150 minutes; 30 rose in the gap and 2 after it
    let values = [(0, "100"), (20, "101"), (170, "131"), (180, "133")];
    let values: Vec<_> = values.iter().map(|(minute, value)| (minute * MINUTE, *value)).collect();
    assert_eq!(follow(&rule(), &[0, HOUR, 2 * HOUR, 3 * HOUR], &values, &[]).0, "1 0 32");
}

#[test]
fn what_does_not_fit_is_said() {
    let rule = CounterRule::default();
    let max = "79228162514264337593543950335";
    let values = [(0, "0"), (1, max), (2, max)];
    assert_eq!(follow(&rule, &[0, HOUR], &values, &[]).0, max);
    // two increases of the whole range, one before and one after a reset
    let values = [(0, "0"), (1, max), (3, "0"), (4, max)];
    assert_eq!(follow(&rule, &[0, HOUR], &values, &[2]).0, "overflow");
}
