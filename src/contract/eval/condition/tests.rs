//! Excursions, their sums, and what unknown time could have added, over a few changes.

use super::*;
use crate::{contract::document::TermLimit, time::Span};

const WINDOW: Window = Window { from: 100, end: 1_000, near: 100, goes_on: false, silent: 1_000 };

/// Follows changes `(at, holds)`; `end` is the period's.
fn tally(limit: TermLimit, gap: GapRule, changes: &[(i64, Option<bool>)]) -> ExcursionTally {
    let changes: Vec<_> = changes.iter().map(|(at, holds)| (*at, *holds, *holds)).collect();
    cleared(limit, gap, &changes)
}

/// Follows changes `(at, holds, clears)`.
fn cleared(limit: TermLimit, gap: GapRule, changes: &[(i64, Option<bool>, Option<bool>)]) -> ExcursionTally {
    let allowance = Allowance::new(limit, false, Span::from_millis(1), (WINDOW, &CountedTime::default()));
    let mut follower = ConditionFollower::new(CountedTime::default(), allowance, gap, false);
    for (n, (at, holds, clears)) in (0..).zip(changes) {
        let entry = EntryId { ledger: 0, n };
        let state = ConditionState { holds: *holds, clears: *clears, entry, value: None };
        follower.change(*at, state, WINDOW);
    }
    follower.finish(WINDOW, false)
}

fn millis(millis: i64) -> TermLimit {
    TermLimit::LongerThan(Span::from_millis(millis))
}

#[test]
fn exactly_the_limit_is_kept() {
    let changes = |end| [(100, Some(true)), (200, Some(false)), (end, Some(true))];
    let kept = tally(millis(30), GapRule::Hold, &changes(230));
    assert!(!kept.breached);
    assert_eq!((kept.spare, kept.excursions[0].breached_at), (Some(0), None));
    let breached = tally(millis(30), GapRule::Hold, &changes(231));
    assert!(breached.breached);
    // it is longer than 30 from its 31st millisecond on
    assert_eq!(breached.excursions[0].breached_at, Some(231));
    assert_eq!(breached.excursions[0].end, Some(231));
    assert!(tally(TermLimit::None, GapRule::Hold, &changes(201)).breached);
}

#[test]
fn unknown_time_counts_as_the_contract_says() {
    // bad 200–220, unknown 220–250, bad 250–260, good
    let changes = [(100, Some(true)), (200, Some(false)), (220, None), (250, Some(false)), (260, Some(true))];
    let counted = |gap| {
        let tally = tally(TermLimit::None, gap, &changes);
        assert_eq!(tally.unknown, 30);
        let lengths = |it: &Excursion| (it.start, it.end, it.milliseconds, it.proven);
        tally.excursions.iter().map(lengths).collect()
    };
    let of = |gap| -> Vec<_> { counted(gap) };
    assert_eq!(of(GapRule::Hold), [(200, Some(260), 60, 30)]);
    assert_eq!(of(GapRule::Pause), [(200, Some(260), 30, 30)]);
    assert_eq!(of(GapRule::Reset), [(200, Some(220), 20, 20), (250, Some(260), 10, 10)]);
    // sixty milliseconds could have been outside at a time, whatever the gap counts
    let could = |most, gap| tally(millis(most), gap, &changes).could_breach;
    assert!([GapRule::Hold, GapRule::Pause, GapRule::Reset].iter().all(|gap| could(59, *gap)));
    assert!(!could(60, GapRule::Pause) && !could(60, GapRule::Reset));
    // a null that ends an excursion is not in it
    let last = |gap| tally(TermLimit::None, gap, &changes[..3]).excursions[0].last_entry.n;
    assert_eq!([GapRule::Hold, GapRule::Pause, GapRule::Reset].map(last), [2, 2, 1]);
    // paused, it is longer than 25 six into the second bad stretch
    assert_eq!(tally(millis(25), GapRule::Pause, &changes).excursions[0].breached_at, Some(256));
    assert_eq!(tally(millis(25), GapRule::Hold, &changes).excursions[0].breached_at, Some(226));
    assert!(!tally(millis(25), GapRule::Reset, &changes).breached);
}

#[test]
fn totals_and_counts_breach_at_the_excursion_that_exceeds_them() {
    let changes = [
        (100, Some(false)),
        (110, Some(true)),
        (200, Some(false)),
        (210, Some(true)),
        (300, Some(false)),
        (310, Some(true)),
    ];
    let at = |limit| -> Vec<_> {
        tally(limit, GapRule::Hold, &changes)
            .excursions
            .iter()
            .map(|excursion| excursion.breached_at)
            .collect()
    };
    assert_eq!(at(TermLimit::Total(Span::from_millis(15))), [None, Some(206), Some(300)]);
    assert_eq!(at(TermLimit::Total(Span::from_millis(30))), [None, None, None]);
    assert_eq!(at(TermLimit::Count(2)), [None, None, Some(301)]);
    assert_eq!(at(TermLimit::Count(3)), [None, None, None]);
}

/// How much longer what still lasts at 1,000 must count to breach, and how many excursions are counted, in units of 10.
fn left(limit: TermLimit, gap: GapRule, changes: &[(i64, Option<bool>)]) -> (Option<i64>, u64) {
    let allowance = Allowance::new(limit, false, Span::from_millis(10), (WINDOW, &CountedTime::default()));
    let mut follower = ConditionFollower::new(CountedTime::default(), allowance, gap, false);
    for (at, holds) in changes {
        let (clears, entry) = (*holds, EntryId { ledger: 0, n: 0 });
        let state = ConditionState { holds: *holds, clears, entry, value: None };
        follower.change(*at, state, WINDOW);
    }
    let tally = follower.clone().finish(WINDOW, true);
    assert_eq!(follower.finish(WINDOW, false).left, None, "what is over lasts no longer");
    (tally.left, tally.counted)
}

#[test]
fn what_still_lasts_breaches_when_it_exceeds_what_is_tolerated() {
    // 5, 30 and since 975
    let changes = [
        (100, Some(true)),
        (200, Some(false)),
        (205, Some(true)),
        (300, Some(false)),
        (330, Some(true)),
        (975, Some(false)),
    ];
    let hold = |limit| left(limit, GapRule::Hold, &changes);
    // longer than 40 is 50, of which 25 are over; and 50 in all are 60, of which 60 are over
    assert_eq!(hold(millis(40)), (Some(25), 2));
    assert_eq!(hold(TermLimit::Total(Span::from_millis(60))), (Some(10), 2));
    assert_eq!(hold(TermLimit::Total(Span::from_millis(50))), (None, 2), "it has breached");
    // the five are no excursion that counts; no length makes one more of what counts already
    assert_eq!(hold(TermLimit::Count(2)), (None, 2));
    assert_eq!(left(TermLimit::Count(1), GapRule::Hold, &changes[..5]), (None, 1));
    let short = [&changes[..5], &[(996, Some(false))]].concat();
    assert_eq!(left(TermLimit::Count(1), GapRule::Hold, &short), (Some(6), 1));
    assert_eq!(left(TermLimit::None, GapRule::Hold, &[(100, Some(true)), (996, Some(false))]), (Some(6), 0));
    // time that is not known lasts, or ends, as the gap says
    let unknown = [&changes[..], &[(985, None)]].concat();
    assert_eq!(left(millis(40), GapRule::Hold, &unknown).0, Some(25));
    assert_eq!(left(millis(40), GapRule::Pause, &unknown).0, Some(40));
    assert_eq!(left(millis(40), GapRule::Reset, &unknown).0, None);
}

#[test]
fn everything_is_clipped_to_the_period() {
    let tally =
        tally(TermLimit::None, GapRule::Hold, &[(0, Some(false)), (150, Some(true)), (990, Some(false))]);
    let stretches: Vec<_> = tally.excursions.iter().map(|e| (e.start, e.end, e.first_entry.n)).collect();
    assert_eq!(stretches, [(100, Some(150), 0), (990, Some(1_000), 2)]);
    assert_eq!(tally.unknown, 0);
    let nothing = self::tally(TermLimit::None, GapRule::Hold, &[]);
    assert_eq!((nothing.unknown, nothing.could_breach), (900, true));
}

/// Whether a condition holds, and whether it is clear.
type Truths = (Option<bool>, Option<bool>);

#[test]
fn an_excursion_ends_only_where_it_clears() {
    let (good, between, bad) =
        ((Some(true), Some(true)), (Some(true), Some(false)), (Some(false), Some(false)));
    let unknown = (None, None);
    let of = |gap, states: &[(i64, Truths)]| {
        let changes: Vec<_> = states.iter().map(|(at, (holds, clears))| (*at, *holds, *clears)).collect();
        let tally = cleared(millis(40), gap, &changes);
        let lengths = |it: &Excursion| (it.start, it.end, it.milliseconds, it.proven, it.breached_at);
        (tally.excursions.iter().map(lengths).collect::<Vec<_>>(), tally.unknown, tally.could_breach)
    };
    // what is between begins nothing, and counts once something began
    let course =
        [(100, between), (200, bad), (210, between), (230, bad), (240, between), (250, good), (300, between)];
    let whole = (200, Some(250), 50, 50, Some(241));
    assert_eq!(of(GapRule::Pause, &course), (vec![whole], 0, true));
    // unknown from 210 to 230: it may have gone on, and what is between goes on with it
    let gap = [(100, good), (200, bad), (210, unknown), (230, between), (240, good)];
    assert_eq!(of(GapRule::Hold, &gap), (vec![(200, Some(240), 40, 20, None)], 20, false));
    assert_eq!(of(GapRule::Pause, &gap), (vec![(200, Some(240), 20, 20, None)], 20, false));
    assert_eq!(of(GapRule::Reset, &gap), (vec![(200, Some(210), 10, 10, None)], 20, false));
    // nothing began before the unknown time, but may have in it, so that what is between belongs to it: 41
    let may = [(100, good), (210, unknown), (230, between), (251, good)];
    assert_eq!(of(GapRule::Pause, &may), (vec![], 20, true));
    assert!(!of(GapRule::Pause, &[(100, good), (210, unknown), (230, between), (250, good)]).2);
    // where only the end is unknown, nothing is outside of an excursion, and it goes on in one
    let half = (Some(true), None);
    assert_eq!(of(GapRule::Pause, &[(100, good), (200, half), (300, good)]), (vec![], 0, false));
    let ending = [(100, good), (200, bad), (210, half), (220, half), (230, good)];
    assert_eq!(of(GapRule::Pause, &ending), (vec![(200, Some(230), 10, 10, None)], 20, false));
    assert_eq!(of(GapRule::Reset, &ending), (vec![(200, Some(210), 10, 10, None)], 0, false));
    // a condition that is broken is not well, whatever clears
    let odd = (Some(false), Some(true));
    assert_eq!(
        of(GapRule::Pause, &[(100, good), (200, odd), (210, good)]).0,
        [(200, Some(210), 10, 10, None)]
    );
}

#[test]
fn what_may_have_been_is_judged_in_the_same_windows() {
    let rolling = TermLimit::Within(Span::from_millis(30), Span::from_millis(100));
    let percent = |text: &str| {
        TermLimit::Percent(crate::decimal::Decimal::parse(text).unwrap(), Span::from_millis(300))
    };
    // 20 bad, 11 unknown that end 111 after these began, or 110
    let course = |last: i64| {
        [(100, Some(true)), (200, Some(false)), (220, Some(true)), (last - 11, None), (last, Some(true))]
    };
    assert!(tally(rolling, GapRule::Pause, &course(300)).could_breach);
    assert!(!tally(rolling, GapRule::Pause, &course(301)).could_breach, "never more than thirty at once");
    // the windows are 100–400, 400–700 and 700–1,000: 31 of 300 are more than ten in a hundred
    assert!(tally(percent("10"), GapRule::Pause, &course(400)).could_breach);
    assert!(!tally(percent("10"), GapRule::Pause, &course(401)).could_breach);
    assert!(!tally(percent("10.34"), GapRule::Pause, &course(400)).could_breach, "31 of 31.02");
}
