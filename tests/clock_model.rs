//! Clocks that do anything, against a small model that knows the whole history.
//!
//! Each step of a history sets the clock, or starts the machine anew, or lets a writer die, and then appends an entry.
//! What the writer keeps in a few bytes must give the times that the rules say of all entries together.

use counterfoil::{
    rules::received::{ClockReading, ClockTrust, PreviousEntry, RELEASED, received},
    time::{Span, Time},
    tlog::{
        arrival::{ClockTrail, EntryTimes, JUMP, UNDONE_WITHIN},
        undone::JumpWatch,
    },
};
use proptest::prelude::*;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// What happens before an entry comes.
#[derive(Clone, Debug)]
struct Step {
    /// How many milliseconds pass
    passes: i64,
    /// What the clock shows then, against the true time
    error: i64,
    /// Whether the machine was started anew
    boots: bool,
    trust: ClockTrust,
    /// Whether the writer dies before it acknowledges the entry, so that it counts for nothing
    dies: bool,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let passes = prop_oneof![4 => 0..2 * HOUR, 2 => 0..3 * DAY, 1 => 300 * DAY..500 * DAY, 1 => Just(0)];
    let error = prop_oneof![
        6 => Just(0),
        2 => -2 * HOUR..2 * HOUR,
        2 => 367 * DAY..9_000 * DAY,
        1 => 300 * DAY..366 * DAY,
        1 => Just(6_900 * DAY),
        1 => -30_000 * DAY..-500 * DAY,
    ];
    let trust = (any::<bool>(), prop::bool::weighted(0.4));
    let trust = trust.prop_map(|(synchronised, accepted)| ClockTrust { synchronised, accepted });
    let step = (passes, error, prop::bool::weighted(0.2), trust, prop::bool::weighted(0.1));
    let step =
        step.prop_map(|(passes, error, boots, trust, dies)| Step { passes, error, boots, trust, dies });
    prop::collection::vec(step, 1..40)
}

/// A ledger's times, and what the rules say of them, without anything kept beside.
#[derive(Default)]
struct WholeHistory(Vec<EntryTimes>);

impl WholeHistory {
    /// When an entry arrived, as the last entry knows it: an undone one with the first wall behind it that is earlier.
    fn arrival(&self, n: usize) -> Time {
        let EntryTimes { received, wall } = self.0[n];
        let later = || self.0[n + 1..].iter().filter_map(|times| times.wall).find(|wall| *wall < received);
        wall.or_else(later).unwrap_or(received)
    }

    /// The first entry of a jump that a clock of this time undoes.
    fn undone_from(&self, clock: Time) -> Option<usize> {
        let last = self.0.last()?.received;
        (1..self.0.len()).find(|n| {
            let first = self.0[*n].received;
            self.0[*n..].iter().all(|times| times.wall.is_none())
                && first > clock
                && first - self.arrival(n - 1) > JUMP
                && clock - self.arrival(n - 1) <= JUMP
                && last - first <= UNDONE_WITHIN
        })
    }

    fn next(&self, clock: Time, sure: bool) -> EntryTimes {
        let Some(last) = self.0.last() else { return EntryTimes::plain(clock) };
        if clock > last.received {
            return EntryTimes::plain(clock);
        }
        if last.wall.is_some_and(|wall| clock - wall > JUMP) {
            // It jumps to before an earlier jump.
            return EntryTimes::plain(last.received.saturating_add(Span::from_millis(1)));
        }
        let walls = self.0.iter().filter_map(|times| times.wall).max();
        let undone = if sure { self.undone_from(clock) } else { None };
        let wall = match (last.wall, undone) {
            (Some(_), _) => walls.max(Some(clock)),
            (None, Some(n)) => Some(clock.max(self.arrival(n - 1))).max(walls),
            (None, None) => None,
        };
        EntryTimes { received: last.received, wall }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_few_bytes_say_what_the_whole_history_says(steps in steps()) {
        let start = RELEASED.saturating_add(Span::from_millis(DAY));
        let mut before =
            PreviousEntry { next: 1, trail: ClockTrail::resuming(EntryTimes::plain(start), None), believed: None };
        let (mut all, mut watch) = (WholeHistory(vec![EntryTimes::plain(start)]), JumpWatch::default());
        watch.take(0, all.0[0]).unwrap();
        let (mut now, mut up) = (start, 0);
        for step in steps {
            now = now.saturating_add(Span::from_millis(step.passes));
            up += step.passes;
            if step.boots {
                (up, before.believed) = (0, None);
            }
            let wall = now.saturating_add(Span::from_millis(step.error));
            let clock = ClockReading { wall, up: Span::from_millis(up) };
            let mut after = before;
            let (times, _) = received(clock, &mut after, step.trust);
            if step.dies {
                continue;
            }
            let known: Vec<Time> = (0..all.0.len()).map(|n| all.arrival(n)).collect();
            let ahead = wall - before.believed.map_or(before.trail.arrival().unwrap(), |believed| {
                believed.wall.saturating_add(clock.up - believed.up).max(before.trail.arrival().unwrap())
            });
            let good = step.trust.accepted || (wall >= RELEASED && ahead <= JUMP);
            let reckoned = if good { wall } else { wall.saturating_sub(ahead) };
            let sure = step.trust.accepted || (good && step.trust.synchronised);
            prop_assert_eq!(times, all.next(reckoned, sure));
            all.0.push(times);
            before = after;
            // What verify replays, and what readers make of it.
            let n = all.0.len() as u64 - 1;
            prop_assert!(watch.take(n, times).is_ok());
            let arrivals: Vec<Time> = (0..all.0.len()).map(|n| all.arrival(n)).collect();
            for (n, arrival) in arrivals.iter().enumerate() {
                prop_assert_eq!(watch.undone().arrival(n as u64, all.0[n]), *arrival);
            }
            prop_assert!(arrivals.is_sorted(), "{:?}", arrivals);
            // Nothing comes before what was the last word, unless that lay more than a year behind what was before.
            let last = known.len() - 1;
            let settled = (0..=last).rev().find(|n| *n == 0 || known[*n] - known[n - 1] > JUMP).unwrap_or(0);
            let bound = if settled > 0 && known[last] - known[settled] <= UNDONE_WITHIN {
                known[settled - 1]
            } else {
                known[last]
            };
            prop_assert!(arrivals[last + 1] >= bound, "dated back");
            prop_assert_eq!(&arrivals[..settled], &known[..settled], "what was before stays");
        }
    }
}
