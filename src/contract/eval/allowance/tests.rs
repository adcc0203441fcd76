//! What is tolerated, exceeded and left, over a few stretches.

use std::sync::Arc;

use super::*;
use crate::decimal::Decimal;

const SECOND: i64 = 1_000;
const HALF_HOUR: TermLimit = TermLimit::LongerThan(Span::from_millis(1_800_000));
const PERIOD: Window = Window { from: 0, end: 1_000, near: 0, goes_on: false, silent: 1_000 };

fn allowance(limit: TermLimit, inclusive: bool, resolution: i64) -> Allowance {
    Allowance::new(limit, inclusive, Span::from_millis(resolution), (PERIOD, &CountedTime::default()))
}

/// The least length that exceeds a limit, in units of so many seconds.
fn exceeding(limit: TermLimit, inclusive: bool, resolution: i64) -> i64 {
    allowance(limit, inclusive, resolution * SECOND).left(0, 0, &CountedTime::default()).unwrap()
}

/// Where each stretch exceeds a limit, and how much of it is beyond, in units of so many milliseconds.
fn spent(limit: TermLimit, resolution: i64, stretches: &[(i64, i64)]) -> Vec<(Option<i64>, i64)> {
    let mut allowance = allowance(limit, false, resolution);
    let mut count =
        |(start, end): &(i64, i64)| allowance.count(CountedStretch { start: *start, end: *end, before: 0 });
    stretches.iter().map(&mut count).map(|spent| (spent.exceeded_at, spent.beyond)).collect()
}

fn millis(millis: i64) -> Span {
    Span::from_millis(millis)
}

#[test]
fn milliseconds_exceed_nothing() {
    // longer than 1,800 s: 1,801 s. As long as 1,800 s: 1,800 s
    assert_eq!(exceeding(HALF_HOUR, false, 1), 1_801_000);
    assert_eq!(exceeding(HALF_HOUR, true, 1), 1_800_000);
    assert_eq!(exceeding(TermLimit::None, false, 1), 1_000);
    // in units of 7 s, 1,800 s are 257 whole units, 1,799 s: longer are 258 units, 1,806 s, and so are those that
    // are as long
    assert_eq!(exceeding(HALF_HOUR, false, 7), 1_806_000);
    assert_eq!(exceeding(HALF_HOUR, true, 7), 1_806_000);
    // nothing is as long as nothing
    assert_eq!(exceeding(TermLimit::LongerThan(Span::ZERO), true, 1), 1);
}

#[test]
fn a_count_counts_what_lasts_a_unit() {
    let mut twice = allowance(TermLimit::Count(2), false, SECOND);
    assert!(twice.is_counted(1_000) && !twice.is_counted(999));
    assert_eq!(
        (twice.left(0, 0, &CountedTime::default()), twice.left(999, 0, &CountedTime::default())),
        (None, None)
    );
    for (start, end) in [(0, 1_000), (2_000, 2_999), (4_000, 9_000)] {
        let spent = twice.count(CountedStretch { start, end, before: 0 });
        assert_eq!(spent, Spent::default());
    }
    // the third one from its first whole second on; one that lasts already is one of those that are counted
    assert_eq!(
        (
            twice.left(0, 0, &CountedTime::default()),
            twice.left(400, 0, &CountedTime::default()),
            twice.left(5_000, 0, &CountedTime::default())
        ),
        (Some(1_000), Some(600), None)
    );
    let third = twice.count(CountedStretch { start: 10_000, end: 12_000, before: 0 });
    assert_eq!(third, Spent { exceeded_at: Some(11_000), beyond: 0 });
}

#[test]
fn what_is_beyond_begins_where_what_is_tolerated_is_used_up() {
    // 20 of 50 are left for the second stretch
    let total = spent(TermLimit::Total(millis(50)), 1, &[(100, 130), (200, 260), (300, 310)]);
    assert_eq!(total, [(None, 0), (Some(221), 40), (Some(300), 10)]);
    let longest = spent(TermLimit::LongerThan(millis(50)), 1, &[(100, 130), (200, 260), (300, 350)]);
    assert_eq!(longest, [(None, 0), (Some(251), 10), (None, 0)]);
    // in whole units of 10 it is exceeded from 60 on, where 10 are beyond
    assert_eq!(spent(TermLimit::LongerThan(millis(50)), 10, &[(100, 159)]), [(None, 9)]);
    assert_eq!(spent(TermLimit::LongerThan(millis(50)), 10, &[(100, 160)]), [(Some(160), 10)]);
}

#[test]
fn a_window_rolls_and_forgets() {
    let limit = TermLimit::Within(millis(30), millis(100));
    // 20 at 100–120; at 200 the window begins at 100, and what enters it leaves it at the other end, until 220. From then
    // on it grows: 31 at 231
    assert_eq!(spent(limit, 1, &[(100, 120), (200, 240)]), [(None, 0), (Some(231), 10)]);
    // ten earlier there are 30 at 200 already, and it stands still from 200 on
    assert_eq!(spent(limit, 1, &[(100, 120), (190, 220)]), [(None, 0), (None, 0)]);
    // one more before: 31 from 200 on, all of what follows is beyond but the first
    assert_eq!(spent(limit, 1, &[(100, 120), (189, 220)]), [(None, 0), (Some(200), 21)]);
    // 31 of a hundred, then all has left the window at 231, and 31 more are 31 again
    assert_eq!(spent(limit, 1, &[(100, 131), (231, 262)]), [(Some(131), 1), (Some(262), 1)]);
    // 25 before; at 150 still 25, at 155 30, and from 156 on more
    assert_eq!(spent(limit, 1, &[(100, 125), (150, 160)]), [(None, 0), (Some(156), 5)]);
    // what exceeds at once at its beginning: 40 at 140, still 31 at 209, where ten enter as ten leave
    assert_eq!(spent(limit, 1, &[(100, 140), (209, 215)]), [(Some(131), 10), (Some(209), 6)]);
    // longer than the window without end: all of it
    assert_eq!(spent(limit, 1, &[(0, 1_000)]), [(Some(31), 970)]);
    // in whole units of 10: from 40 on
    assert_eq!(spent(limit, 10, &[(100, 139)]), [(None, 9)]);
    assert_eq!(spent(limit, 10, &[(100, 140)]), [(Some(140), 10)]);
}

#[test]
fn what_is_left_of_a_rolling_window_counts_what_leaves_it() {
    let mut rolling = allowance(TermLimit::Within(millis(30), millis(100)), false, 1);
    rolling.count(CountedStretch { start: 100, end: 120, before: 0 });
    // from 150 on 20 are there: 31 at 161. From 195 on it stands still at 25 between 200 and 220, and comes to 31 at 226
    assert_eq!(
        (rolling.left(0, 150, &CountedTime::default()), rolling.left(0, 195, &CountedTime::default())),
        (Some(11), Some(31))
    );
    assert_eq!((rolling.spare(0), rolling.fullest()), (Some(10), Some(20)));
    let most = allowance(TermLimit::Within(millis(100), millis(100)), false, 1);
    assert_eq!(most.left(0, 0, &CountedTime::default()), None, "no window holds more than itself");
}

#[test]
fn a_share_is_of_the_window_as_the_period_cuts_it() {
    let percent = |text: &str, width| TermLimit::Percent(Decimal::parse(text).unwrap(), millis(width));
    // 5 % of 400 are 20, of the last window, which has 200, they are 10
    let limit = percent("5", 400);
    assert_eq!(spent(limit, 1, &[(100, 120), (500, 521)]), [(None, 0), (Some(521), 1)]);
    assert_eq!(spent(limit, 1, &[(900, 910), (950, 951)]), [(None, 0), (Some(951), 1)]);
    // across a border: 20 on each side are tolerated
    assert_eq!(spent(limit, 1, &[(380, 420)]), [(None, 0)]);
    assert_eq!(spent(limit, 1, &[(380, 421)]), [(Some(421), 1)]);
    assert_eq!(spent(limit, 1, &[(379, 420)]), [(Some(400), 1)]);
    // 0.33 % of 1,000 are 3.3: in whole units 4 are more; of 10 it takes 10
    assert_eq!(spent(percent("0.33", 1_000), 1, &[(0, 4)]), [(Some(4), 1)]);
    assert_eq!(spent(percent("0.33", 1_000), 1, &[(0, 3)]), [(None, 0)]);
    assert_eq!(spent(percent("0.33", 1_000), 10, &[(0, 10)]), [(Some(10), 7)]);
    assert_eq!(spent(percent("100", 1_000), 1, &[(0, 1_000)]), [(None, 0)]);
    assert_eq!(spent(percent("0", 1_000), 1, &[(0, 1_000)]), [(Some(1), 1_000)]);
}

#[test]
fn what_is_left_of_a_share_may_be_in_the_next_window() {
    let mut share = allowance(TermLimit::Percent(Decimal::new(5, 0).unwrap(), millis(400)), false, 1);
    assert_eq!((share.spare(0), share.left(0, 100, &CountedTime::default())), (Some(20), Some(21)));
    share.count(CountedStretch { start: 100, end: 115, before: 0 });
    // five more at 390 fill this window, and 16 the next one; the last one, of 200, with 11
    assert_eq!(
        (
            share.left(0, 115, &CountedTime::default()),
            share.left(0, 390, &CountedTime::default()),
            share.left(0, 790, &CountedTime::default())
        ),
        (Some(6), Some(6), Some(10 + 11))
    );
    assert_eq!(
        (share.left(0, 395, &CountedTime::default()), share.left(0, 995, &CountedTime::default())),
        (Some(5 + 21), None)
    );
    assert_eq!(share.spare(0), Some(5));
    share.count(CountedStretch { start: 800, end: 808, before: 0 });
    assert_eq!(share.spare(0), Some(2), "of the last one, of 200, ten are tolerated");
}

#[test]
fn a_share_is_of_the_time_that_counts() {
    // worked 0–100 and 300–400 of each 400: five hundredths of 200 are ten
    let time = CountedTime::new(Some([(0, 100), (300, 400), (400, 500)].into()), vec![(420, 480)]);
    let limit = TermLimit::Percent(Decimal::new(5, 0).unwrap(), millis(400));
    let mut share = Allowance::new(limit, false, millis(1), (PERIOD, &time));
    let mut count = |start, end| share.count(CountedStretch { start, end, before: 0 }).exceeded_at;
    assert_eq!((count(50, 60), count(350, 351)), (None, Some(351)));
    // a hundred of the next window are worked, and five are tolerated, whatever is excused of them
    assert_eq!((count(400, 405), count(405, 406)), (None, Some(406)));
}

#[test]
fn time_that_does_not_count_brings_no_breach_nearer() {
    let left = |time: &CountedTime, limit, length, now| {
        Allowance::new(limit, false, millis(1), (PERIOD, time)).left(length, now, time)
    };
    let worked: Arc<[(i64, i64)]> = Arc::new([(0, 100), (500, 600), (1_000, 1_100)]);
    let worked = CountedTime::new(Some(worked), Vec::new());
    // 30 by 80, and 91 more exceed 120: 20 until 100, 71 from 500 on
    let longer = TermLimit::LongerThan(millis(120));
    assert_eq!(left(&worked, longer, 30, 80), Some(571 - 80));
    assert_eq!(left(&CountedTime::new(None, vec![(100, 500)]), longer, 30, 80), Some(571 - 80));
    assert_eq!(left(&CountedTime::default(), longer, 30, 80), Some(91));
    // 50 are worked from 1,050 on, and then nothing
    assert_eq!(left(&worked, longer, 0, 1_050), None);
    // 100 in the first stretch, 21 in the second, if a window sees both
    let within = |window| left(&worked, TermLimit::Within(millis(120), millis(window)), 0, 0);
    assert_eq!((within(1_000), within(400)), (Some(521), None));
    // half of the 200 that are worked in the first window of 600
    let half = TermLimit::Percent(Decimal::new(50, 0).unwrap(), millis(600));
    assert_eq!(left(&worked, half, 0, 0), Some(501));
}
