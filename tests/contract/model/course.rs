//! Excursions, misses and money, one half second after the other.

use super::{
    facts::Cell,
    known::Known,
    random::{Demand, Gap, Limit, RandomCase},
};

/// Half a second, in milliseconds: all times of the cases are multiples of it.
pub(super) const HALF: i64 = 500;

/// A stretch outside. Instants and lengths are in half seconds.
#[derive(Clone, Debug)]
pub(super) struct SimpleExcursion {
    pub(super) start: i64,
    pub(super) end: Option<i64>,
    pub(super) breached_at: Option<i64>,
    pub(super) counted: i64,
    pub(super) proven: i64,
    pub(super) beyond: i64,
}

/// What a term comes to.
#[derive(Debug)]
pub(super) struct TermOutcome {
    pub(super) state: &'static str,
    pub(super) why: &'static str,
    pub(super) excursions: Vec<SimpleExcursion>,
    pub(super) misses: Option<i64>,
    pub(super) unknown: Option<i64>,
    /// How much longer the worst could have been, in milliseconds
    pub(super) left: Option<i64>,
}

/// What is known of both fields at an instant, in twentieths: the mean of two tenths is one of them.
pub(super) type FieldValues = [Option<i64>; 2];

/// Whether the condition holds, and whether it clears.
type State = (Option<bool>, Option<bool>);

/// The end of what is looked at, in half seconds.
fn end(case: &RandomCase) -> i64 {
    case.rules().to.min(case.as_of).max(0) / HALF
}

fn states(case: &RandomCase, values: impl Fn(i64) -> FieldValues) -> Vec<State> {
    let state = |half: i64| {
        let values = values(half * HALF);
        let holds = holds(case.demand, values, 0);
        (holds, case.clear.map_or(holds, |by| self::holds(case.demand, values, by)))
    };
    (0..end(case)).map(state).collect()
}

/// A demand on values in twentieths, narrower by so many tenths.
pub(super) fn holds(demand: Demand, [t, u]: FieldValues, by: i64) -> Option<bool> {
    let cold = t.map(|t| t <= 2 * (80 - by));
    let all = |a: Option<bool>, b: Option<bool>| match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    };
    match demand {
        Demand::Below => cold,
        Demand::Between => all(cold, t.map(|t| t >= 2 * (20 + by))),
        Demand::Both => all(cold, u.map(|u| u <= 2 * (50 - by))),
        Demand::Either => match (cold, u.map(|u| u <= 2 * (50 - by))) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        },
    }
}

/// A course of states, and what was used of what is tolerated.
struct Course<'a> {
    case: &'a RandomCase,
    gap: Gap,
    excursions: Vec<SimpleExcursion>,
    /// Whether each half second counted
    counted: Vec<bool>,
    unknown: i64,
}

/// `said` are the states of each instant for those who hear what is absent from then on a moment later.
fn course<'a>(case: &'a RandomCase, states: &[State], said: &[State], gap: Gap) -> Course<'a> {
    let mut course = Course { case, gap, excursions: Vec::new(), counted: Vec::new(), unknown: 0 };
    let mut is_open = false;
    for (at, ((holds, clears), said)) in (0..).zip(states.iter().zip(said)) {
        if is_open && said.0 != Some(false) && said.1 == Some(true) {
            course.excursions.last_mut().unwrap().end = Some(at);
            is_open = false;
        }
        let mut well = if is_open && *holds != Some(false) { *clears } else { *holds };
        if is_open && (well == Some(true) || well.is_none() && gap == Gap::Reset) {
            course.excursions.last_mut().unwrap().end = Some(at);
            is_open = false;
            well = *holds;
        }
        course.unknown += i64::from(well.is_none());
        if well == Some(false) && !is_open {
            let excursion =
                SimpleExcursion { start: at, end: None, breached_at: None, counted: 0, proven: 0, beyond: 0 };
            course.excursions.push(excursion);
            is_open = true;
        }
        course.step(at, well, is_open);
    }
    course
}

impl Course<'_> {
    fn step(&mut self, at: i64, well: Option<bool>, is_open: bool) {
        let counts = is_open && (well == Some(false) || self.gap == Gap::Hold);
        if !counts {
            self.counted.push(false);
            return;
        }
        let began = self.excursions.last().unwrap().counted == 0;
        if began && self.is_exceeded(at, at) {
            self.excursions.last_mut().unwrap().breached_at = Some(at);
        }
        self.counted.push(true);
        let last = self.excursions.last_mut().unwrap();
        last.counted += 1;
        last.proven += i64::from(well == Some(false));
        let is_exceeded = self.is_exceeded(at, at + 1);
        let beyond = self.used(at, at + 1) * HALF > self.most().unwrap_or(i64::MAX);
        let last = self.excursions.last_mut().unwrap();
        last.breached_at = last.breached_at.or(is_exceeded.then_some(at + 1));
        last.beyond += i64::from(beyond);
    }

    fn most(&self) -> Option<i64> {
        match self.case.limit {
            Limit::LongerThan(most) | Limit::Total(most) | Limit::Within(most, _) => Some(most),
            Limit::None | Limit::Count(_) | Limit::Percent(..) => None,
        }
    }

    /// How much is used at an instant, in half seconds; `half` says in which window it is, since a border is in two.
    fn used(&self, half: i64, now: i64) -> i64 {
        let since = match self.case.limit {
            Limit::Within(_, window) => now - window / HALF,
            Limit::Percent(_, window) => half - half % (window / HALF),
            Limit::Total(_) => 0,
            Limit::None | Limit::LongerThan(_) | Limit::Count(_) => {
                return self.excursions.last().unwrap().counted;
            }
        };
        let within = (0..).zip(&self.counted).filter(|(at, counted)| **counted && (since..now).contains(at));
        i64::try_from(within.count()).unwrap()
    }

    fn is_exceeded(&self, half: i64, now: i64) -> bool {
        let whole = whole(self.used(half, now) * HALF, self.case.resolution);
        match self.case.limit {
            Limit::None => whole > 0,
            Limit::LongerThan(most) | Limit::Total(most) | Limit::Within(most, _) => {
                whole > most || self.case.inclusive && whole == most && whole > 0
            }
            Limit::Count(most) => whole > 0 && self.long() > most,
            Limit::Percent(tenths, window) => whole * 1_000 > tenths * self.length(half, window),
        }
    }

    /// How many excursions last a unit.
    fn long(&self) -> usize {
        let is_long = |it: &&SimpleExcursion| it.counted * HALF >= self.case.resolution;
        self.excursions.iter().filter(is_long).count()
    }

    /// How long the window of a half second is, in milliseconds, as the period cuts it.
    fn length(&self, half: i64, window: i64) -> i64 {
        let start = half * HALF - half * HALF % window;
        (start + window).min(self.case.rules().to) - start
    }

    /// How much longer the worst could have been, in milliseconds.
    fn left(&self) -> Option<i64> {
        let longest = self.excursions.iter().map(|it| it.counted).max().unwrap_or(0);
        let unit = self.case.resolution;
        let ends = 1..=i64::try_from(self.counted.len()).unwrap();
        match self.case.limit {
            Limit::None => Some(-whole(longest * HALF, unit)),
            Limit::LongerThan(most) => Some(most - whole(longest * HALF, unit)),
            Limit::Count(_) => None,
            Limit::Total(most) | Limit::Within(most, _) => {
                let used = ends.map(|now| self.used(now - 1, now)).max().unwrap_or(0);
                Some(most - whole(used * HALF, unit))
            }
            Limit::Percent(tenths, window) => {
                let tolerated = |half| tenths * self.length(half, window) / 1_000;
                let left = ends
                    .filter(|now| self.counted[usize::try_from(now - 1).unwrap()])
                    .map(|now| tolerated(now - 1) - whole(self.used(now - 1, now) * HALF, unit));
                Some(left.min().unwrap_or_else(|| tolerated(0)))
            }
        }
    }

    fn is_breached(&self) -> bool {
        self.excursions.iter().any(|it| it.breached_at.is_some())
    }
}

fn whole(length: i64, unit: i64) -> i64 {
    length / unit * unit
}

/// What the demand comes to, if the fields have these values at each instant, and these are said then.
pub(super) fn condition(
    case: &RandomCase,
    values: impl Fn(i64) -> FieldValues,
    said: impl Fn(i64) -> FieldValues,
) -> TermOutcome {
    let (states, said) = (states(case, &values), states(case, said));
    let mut course = course(case, &states, &said, case.gap);
    let is_over = case.as_of >= case.rules().to;
    let ends = is_over || ends_now(case, values(end(case) * HALF));
    if let Some(last) = course.excursions.last_mut()
        && ends
    {
        last.end = last.end.or(Some(end(case)));
    }
    let outside = |state: Option<bool>| state.or(Some(false));
    let worst: Vec<State> =
        states.iter().map(|(holds, clears)| (outside(*holds), outside(*clears))).collect();
    let worst = self::course(case, &worst, &worst, Gap::Hold);
    let could = match case.limit {
        Limit::Count(_) => course.unknown > 0 && worst.long() > 0,
        _ => worst.is_breached(),
    };
    let (state, why) = standing(case, course.is_breached(), could);
    let left = course.left();
    TermOutcome {
        state,
        why,
        misses: None,
        unknown: Some(course.unknown),
        left,
        excursions: course.excursions,
    }
}

/// Whether an excursion that lasts ends at the time of the verdict.
fn ends_now(case: &RandomCase, values: FieldValues) -> bool {
    let holds = self::holds(case.demand, values, 0);
    let clears = case.clear.map_or(holds, |by| self::holds(case.demand, values, by));
    match if holds == Some(false) { holds } else { clears } {
        Some(well) => well,
        None => case.gap == Gap::Reset,
    }
}

fn standing(case: &RandomCase, is_breached: bool, could: bool) -> (&'static str, &'static str) {
    match (is_breached, case.as_of >= case.rules().to + case.rules().late_after, could) {
        (true, ..) => ("breached", "limit"),
        (false, false, _) => ("pending", "open"),
        (false, true, true) => ("undetermined", "unknown-time"),
        (false, true, false) => ("kept", "within"),
    }
}

/// The misses of the cadence: a silence of length s is ⌈(s − grace) / every⌉ − 1.
pub(super) fn cadence(case: &RandomCase) -> TermOutcome {
    let (known, end) = (Known::new(&case.records, &case.rules()), end(case) * HALF);
    let says = |cells: [Cell; 2]| cells.iter().any(|cell| matches!(cell, Cell::Tenths(_)));
    let mut times: Vec<i64> = known
        .counting
        .iter()
        .filter(|(record, time)| record.cells.is_some_and(says) && (0..end).contains(time))
        .map(|(_, time)| *time)
        .collect();
    times.extend([0, end]);
    times.sort_unstable();
    let absent = |pair: &[i64]| {
        let late = pair[1] - pair[0] - case.grace;
        ((late + case.every - 1).div_euclid(case.every) - 1).max(0)
    };
    let misses = times.windows(2).map(absent).sum();
    let (state, why) = standing(case, misses > case.misses, false);
    TermOutcome { state, why, excursions: Vec::new(), misses: Some(misses), unknown: None, left: None }
}

/// The lines of the payment, in cents: so many thousandths a second, rounded half to even.
pub(super) fn lines(case: &RandomCase, outcome: &TermOutcome) -> Vec<i64> {
    let seconds = |half: i64| whole(half * HALF, case.resolution) / 1_000;
    let has_beyond = matches!(case.limit, Limit::LongerThan(_) | Limit::Total(_) | Limit::Within(..));
    let breached = outcome.excursions.iter().filter(|it| it.breached_at.is_some());
    breached
        .map(|it| {
            let beyond = if has_beyond { seconds(it.beyond) * 70 } else { 0 };
            let thousandths = seconds(it.counted) * 5 + seconds(it.proven) * 300 + beyond;
            let (cents, rest) = (thousandths / 10, thousandths % 10);
            cents + i64::from(rest > 5 || rest == 5 && cents % 2 == 1)
        })
        .collect()
}
