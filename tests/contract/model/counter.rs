//! Counters: which values count, and what each bucket gets of the increases between them.

/// What makes a field a counter. Values are in tenths, lengths in milliseconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct SimpleCounter {
    /// The most by which it rises in each begun unit of time
    pub(super) max_rate: Option<(i64, i64)>,
    pub(super) wrap: Option<i64>,
    pub(super) snap: i64,
}

/// A time, and the value then.
type Shown = (i64, i64);

/// What is known of a counter.
#[derive(Debug, Default)]
pub(super) struct CountedIncreases {
    /// The place of the base among all values
    base: Option<usize>,
    /// From the earlier to the later value, and by how much
    increases: Vec<(i64, i64, i64)>,
    /// Since when it is unknown, if it went back for good
    lost: Option<i64>,
    /// From a value to the next that counts, where something in between is missing or cannot be used
    doubtful: Vec<(i64, i64)>,
    /// From the last value that counts to the first one behind the period that goes on from it
    goes_on: Option<(i64, i64)>,
}

/// What values show of a bucket, in tenths.
#[derive(Clone, Copy, Debug)]
pub(super) struct SimpleRise {
    pub(super) shown: i64,
    /// Whether it is not less
    pub(super) is_least: bool,
    /// Whether it is not more, either
    pub(super) is_all: bool,
}

/// All times of the cases are multiples of this many milliseconds.
const STEP: usize = 500;

impl SimpleCounter {
    /// Whether it can have risen by so much between two instants.
    fn allows(self, rise: i64, from: i64, to: i64) -> bool {
        self.max_rate.is_none_or(|(amount, unit)| rise <= amount * ((to - from) / unit + 1))
    }

    fn follows(self, earlier: Shown, later: Shown) -> bool {
        later.1 >= earlier.1 && self.allows(later.1 - earlier.1, earlier.0, later.0)
    }

    fn wraps(self, earlier: Shown, later: Shown) -> bool {
        let is_over = |wrap| earlier.1 <= wrap && self.allows(wrap + later.1 - earlier.1, earlier.0, later.0);
        later.1 < earlier.1 && self.wrap.is_some_and(is_over)
    }

    /// What all values come to, in the order of time: those before it is followed, those of the period, and those behind it.
    /// `is_hidden` says whether something between two instants is missing or cannot be used.
    pub(super) fn count(
        self,
        [earlier, shown, behind]: [&[Shown]; 3],
        hold: i64,
        is_hidden: impl Fn(i64, i64) -> bool,
    ) -> CountedIncreases {
        let all = [earlier, shown].concat();
        let mut counted = CountedIncreases::default();
        // The first value that may be the base, and the first that a dip may have begun behind
        let (mut first, mut fell) = (earlier.len(), 0);
        let mut last: Option<usize> = None;
        for next in earlier.len()..=all.len() {
            let value = all.get(next).copied();
            // What is lower is a decrease, unless it may be the first value behind a wrap: not so if the counter goes on from
            // where it was.
            let between = last.map_or(next..next, |last| last + 1..next);
            let begins = between.clone().rev().find(|at| self.wraps(all[last.unwrap()], all[*at]));
            // What is not below the lowest value that was too far above goes on from that, if it lasts.
            let too_high = between.clone().filter(|at| all[*at].1 >= all[last.unwrap()].1).map(|at| all[at]);
            let jump = too_high.min_by_key(|(at, value)| (*value, *at));
            let lasts = |later: Shown| {
                let unit = self.max_rate.map_or(0, |(_, unit)| unit);
                jump.is_some_and(|jump| jump.1 <= later.1 && jump.0 + hold.max(unit) < later.0)
            };
            let returns =
                last.zip(value).is_some_and(|(last, value)| self.follows(all[last], value) && !lasts(value));
            let is_decrease =
                |at: &usize| all[*at].1 < all[last.unwrap()].1 && (returns || Some(*at) != begins);
            let decrease = between.clone().find(is_decrease).map(|at| all[at].0);
            if let Some(since) = decrease.filter(|since| value.is_none_or(|value| since + hold < value.0)) {
                counted.lost = Some(since);
                return counted;
            }
            let Some(value) = value else {
                let Some(last) = last else { return counted };
                let is_doubtful = decrease.is_some() || is_hidden(all[last].0, i64::MAX);
                let later = behind.iter().find(|later| self.follows(all[last], **later) && !lasts(**later));
                counted.goes_on = later.filter(|_| !is_doubtful).map(|later| (all[last].0, later.0));
                return counted;
            };
            // Whatever was fallen below before the base, and not too long ago, may be what the counter goes on from.
            let until = counted.base.unwrap_or(next.saturating_sub(1));
            let higher = (fell..until).filter(|at| {
                all[at + 1].1 < all[*at].1 && all[at + 1].0 + hold >= value.0 && self.follows(all[*at], value)
            });
            if let Some(from) = higher.max_by_key(|at| (all[*at].1, *at)) {
                if counted.increases.iter().any(|(_, _, amount)| *amount > 0) {
                    counted.lost = Some(all[from].0);
                    return counted;
                }
                (counted.increases, counted.doubtful) = (Vec::new(), Vec::new());
                (counted.base, fell, first, last) = (None, next, next, None);
                if from >= earlier.len() {
                    counted.base = Some(next);
                    counted
                        .doubtful
                        .extend(is_hidden(all[from].0, value.0).then_some((all[from].0, value.0)));
                    counted.increases.push((value.0, value.0, value.1 - all[from].1));
                    last = Some(next);
                }
                continue;
            }
            let candidate = next.checked_sub(1).filter(|at| *at >= first && last.is_none());
            let bases = [last.filter(|_| returns), begins, candidate].into_iter().flatten();
            if let Some(base) = bases.map(|at| all[at]).find(|base| self.follows(*base, value)) {
                counted.base = counted.base.or(Some(next - 1));
                let since = all[last.unwrap_or(next - 1)].0;
                counted.doubtful.extend(is_hidden(since, value.0).then_some((base.0, value.0)));
                counted.increases.push((base.0, value.0, value.1 - base.1));
                last = Some(next);
            }
        }
        counted
    }

    /// By how much it rose in a bucket; `None`: that is unknown.
    pub(super) fn rise(
        self,
        counted: &CountedIncreases,
        borders: &[i64],
        bucket: usize,
    ) -> Option<SimpleRise> {
        let (start, end) = (borders[bucket], borders[bucket + 1]);
        let snapped = |at: i64| {
            let border = borders.iter().rev().find(|border| (0..=self.snap).contains(&(at - **border)));
            border.copied().unwrap_or(at)
        };
        let is_lost = counted.lost.is_some_and(|since| snapped(since) <= end);
        let goes_on = counted.goes_on.into_iter();
        let pairs = counted.increases.iter().map(|(first, last, _)| (*first, *last)).chain(goes_on);
        let pairs: Vec<_> = pairs.map(|(first, last)| (snapped(first), snapped(last))).collect();
        if is_lost || !pairs.iter().any(|(first, last)| *first < end && *last > start) {
            return None;
        }
        let own = counted.increases.iter().filter(|(_, at, _)| (start + 1..=end).contains(&snapped(*at)));
        // A millisecond of it that is between no two values is not shown.
        let covers = |at: i64| pairs.iter().any(|(first, last)| (*first..*last).contains(&at));
        let is_shown = (start..end).step_by(STEP).all(covers);
        let is_open = |border: i64| {
            let doubtful = counted.doubtful.iter().map(|(first, last)| (snapped(*first), snapped(*last)));
            doubtful.into_iter().any(|(first, last)| first < border && border < last)
        };
        let risen = own.map(|(_, _, amount)| amount).sum();
        Some(SimpleRise {
            shown: risen,
            is_least: !is_open(start),
            is_all: is_shown && !is_open(start) && !is_open(end),
        })
    }
}
