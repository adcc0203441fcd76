//! What lies behind a jump, worked out by hand beside each.

use super::*;

#[test]
fn a_spike_bills_nothing() {
    // 81,250 at once: 104 + 50 is the most that may follow ten minutes after 104
    let (deltas, remarks) = each_ten_minutes(&["100", "104", "81354", "106", "106", "106", "106"]);
    assert_eq!((deltas.as_str(), remarks), ("6 ? ?", vec![(2, CounterJump)]));
    // as much as the rate allows in a begun hour is taken, a thousandth more is not
    assert_eq!(each_ten_minutes(&["100", "150"]).0, "50 ? ?");
    assert_eq!(each_ten_minutes(&["100", "100", "150.001"]), ("0 ? ?".to_owned(), vec![(2, CounterJump)]));
}

#[test]
fn what_goes_on_from_a_jump_is_never_billed() {
    let hourly = |values: &[(i64, &str)]| {
        let values: Vec<_> = values.iter().map(|(hour, value)| (hour * HOUR, *value)).collect();
        let borders: Vec<_> = (0..=5).map(|bucket| bucket * 24 * HOUR).collect();
        follow(&rule(), &borders, &values, &[])
    };
    // Exchanged at 10:00 for a meter that shows 5000. At 50 an hour 4951 more are allowed after 99 hours: it would be 100 of its own,
    // and 4900 of the other place. Known is the 9 until then, and of what comes later nothing.
    let (deltas, remarks) =
        hourly(&[(0, "100"), (9, "109"), (10, "5000"), (40, "5010"), (109, "5045"), (112, "5050")]);
    assert_eq!((deltas.as_str(), remarks.len()), ("9 ? ? ? ?", 4));
    // A spike is none, however long it is until the next value: 109 + 61 at 70:00.
    assert_eq!(hourly(&[(0, "100"), (9, "109"), (10, "5000"), (70, "170"), (96, "180")]).0, "9 0 61 10 ?");
    // A rise of 55 was only too steep: an hour after the last value that counted, 100 are allowed.
    assert_eq!(each_ten_minutes(&["100", "100", "155", "156", "156", "157", "157", "158"]).0, "0 58 ?");
    // A jump that a lower one follows lasts from that one on: 49 is allowed again when the hour of the first is over.
    let (deltas, remarks) =
        each_ten_minutes(&["100", "100", "900", "151", "151", "151", "151", "151", "151"]);
    assert_eq!((deltas.as_str(), remarks.len()), ("0 51 ?", 5));
}
