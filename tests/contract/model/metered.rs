//! What the terms that measure and the payments by the hour of a random case come to.

use super::{
    super::hour::at,
    asked::{SimpleAmount, SimpleCondition},
    counter::SimpleCounter,
    course::HALF,
    heard,
    known::Known,
    measured::{Asked, Measured, SeenPeriod},
    random::RandomCase,
};

/// For how long it is measured, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Each {
    Hour,
    Period,
    Length(i64),
}

/// A term. `most` buckets may fail.
#[derive(Clone, Copy, Debug)]
pub(super) struct MeasuredTerm {
    pub(super) each: Each,
    pub(super) condition: SimpleCondition,
    pub(super) most: usize,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Rounding {
    HalfEven,
    HalfUp,
    Up,
    Down,
}

/// A payment. `None` of `each`: once, for the whole period. Money is in cents.
#[derive(Clone, Copy, Debug)]
pub(super) struct MeasuredPayment {
    pub(super) each: Option<Each>,
    pub(super) when: Option<SimpleCondition>,
    pub(super) amount: SimpleAmount,
    pub(super) rounding: Rounding,
    pub(super) minimum: Option<i64>,
    pub(super) cap: Option<i64>,
    pub(super) signed: bool,
}

/// A period of a minute that begins so many milliseconds after six o'clock, or before.
#[derive(Clone, Debug)]
pub(super) struct MeteredCase {
    pub(super) from: i64,
    pub(super) base: RandomCase,
    pub(super) counter: SimpleCounter,
    pub(super) terms: [MeasuredTerm; 2],
    pub(super) payments: [MeasuredPayment; 2],
}

impl Each {
    /// Where buckets begin and end.
    pub(super) fn borders(self, from: i64, to: i64) -> Vec<i64> {
        let inner: Vec<i64> = match self {
            Self::Hour => vec![0],
            Self::Period => Vec::new(),
            Self::Length(length) => (1..=(to - from) / length).map(|n| from + n * length).collect(),
        };
        let inner = inner.into_iter().filter(|at| (from + 1..to).contains(at));
        [from].into_iter().chain(inner).chain([to]).collect()
    }
}

impl Rounding {
    /// So many units of which so many are one, as a whole number.
    fn round(self, units: i64, scale: i64) -> i64 {
        let (below, rest) = (units.div_euclid(scale), units.rem_euclid(scale));
        let away = if units < 0 { below } else { below + 1 };
        let near = match (rest * 2).cmp(&scale) {
            std::cmp::Ordering::Less => below,
            std::cmp::Ordering::Greater => below + 1,
            std::cmp::Ordering::Equal => match self {
                Self::HalfUp => away,
                _ => below + below.rem_euclid(2),
            },
        };
        match self {
            _ if rest == 0 => below,
            Self::HalfEven | Self::HalfUp => near,
            Self::Up => away,
            Self::Down => below + (below + 1 - away),
        }
    }
}

/// A number of units of which so many are one, in digits: eighteen at most behind the point, rounded half to even.
pub(super) fn digits(units: i64, scale: i64) -> String {
    const ONE: i128 = 1_000_000_000_000_000_000;
    let (units, scale) = (i128::from(units) * ONE, i128::from(scale));
    let (below, rest) = (units.div_euclid(scale), units.rem_euclid(scale));
    let is_up = rest * 2 > scale || rest * 2 == scale && below % 2 != 0;
    let number = below + i128::from(is_up);
    let sign = if number < 0 { "-" } else { "" };
    let (whole, part) = (number.abs() / ONE, number.abs() % ONE);
    let text = format!("{sign}{whole}.{part:018}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn time(at_millis: i64) -> String {
    format!("{:?}", at(at_millis).to_string())
}

impl MeteredCase {
    fn to(&self) -> i64 {
        self.base.rules.to
    }

    fn seen(&self, known: &Known) -> SeenPeriod {
        let (rules, from) = (&self.base.rules, self.from);
        let end = rules.to.min(rules.as_of).max(from);
        let half = |at: i64| (known.values(at), known.is_uncounted(at));
        let halves = (from / HALF..end / HALF).map(|at| half(at * HALF)).collect();
        let (counter, shown, behind) = (self.counter, self.shown(known), self.behind(known));
        let is_hidden = |from: i64, to: i64| known.is_doubtful(1, from, to.min(rules.to));
        let increases = counter.count([&self.earlier(known), &shown, &behind], rules.hold, is_hidden);
        let (heard, resolution) = (heard::readings(known), self.base.resolution);
        SeenPeriod { from, halves, heard, counter, counted: increases, resolution, of_group: false }
    }

    /// What the counter shows before that.
    fn earlier(&self, known: &Known) -> Vec<(i64, i64)> {
        let speaks = self.shown(known).first().map_or(i64::MAX, |(at, _)| *at);
        known.course(1).into_iter().filter(|(at, _)| *at < speaks.min(self.from)).collect()
    }

    /// What the counter shows in the period: with the value that still speaks when it begins, and those at its end.
    fn shown(&self, known: &Known) -> Vec<(i64, i64)> {
        let (rules, from, to) = (&self.base.rules, self.from, self.to());
        let course = known.course(1);
        let before = course.iter().rfind(|(at, _)| *at < from).filter(|(at, _)| at + rules.hold > from);
        let within = course.iter().filter(|(at, _)| (from..to).contains(at) && *at <= rules.as_of);
        let behind = course.iter().filter(|(at, _)| *at >= to);
        let behind = behind.filter(|(at, _)| rules.as_of >= to && *at <= to + self.counter.snap);
        before.into_iter().chain(within).chain(behind).copied().collect()
    }

    /// What the counter shows behind the period.
    fn behind(&self, known: &Known) -> Vec<(i64, i64)> {
        let (rules, to) = (&self.base.rules, self.to());
        let behind = known.course(1).into_iter().filter(|(at, _)| *at > to + self.counter.snap);
        behind.filter(|_| rules.as_of >= to).collect()
    }

    /// What the verdict says, in lines.
    pub(super) fn expected(&self) -> Vec<String> {
        let known = Known::new(&self.base.records, &self.base.rules);
        let seen = &self.seen(&known);
        let terms = self.terms.iter().map(|term| {
            let borders = &term.each.borders(self.from, self.to());
            term.outcome(&Measured { seen, borders, asked: Asked::Known }, self.is_closed())
        });
        let payments = self.payments.iter().map(|payment| {
            let borders = &payment.each.unwrap_or(Each::Period).borders(self.from, self.to());
            payment.outcome(&Measured { seen, borders, asked: Asked::Known })
        });
        terms.chain(payments).collect()
    }

    fn is_closed(&self) -> bool {
        self.base.as_of >= self.to() + self.base.rules.late_after
    }
}

impl MeasuredTerm {
    pub(super) fn outcome(&self, of: &Measured, is_closed: bool) -> String {
        let over: Vec<usize> = (0..of.borders.len() - 1).filter(|bucket| of.is_over(*bucket)).collect();
        let that = |truth| over.iter().filter(move |bucket| self.condition.holds(of, **bucket) == truth);
        let length = |bucket: &usize| of.borders[bucket + 1] - of.borders[*bucket];
        let failed = that(Some(false)).enumerate().map(|(nth, bucket)| {
            let [start, end] = [of.borders[*bucket], of.borders[bucket + 1]].map(time);
            let breached = if nth >= self.most { end.clone() } else { "null".to_owned() };
            let extreme = self.condition.nearest(of, *bucket);
            let extreme = extreme.map(|units| format!("{:?}", digits(units, of.scale(*bucket))));
            format!("{start} {end} {breached} {}", extreme.unwrap_or("null".to_owned()))
        });
        let failed: Vec<String> = failed.collect();
        let could = failed.len() + that(None).count() > self.most;
        let state = match (failed.len() > self.most, is_closed, could) {
            (true, ..) => "\"breached\" \"limit\"",
            (false, false, _) => "\"pending\" \"open\"",
            (false, true, true) => "\"undetermined\" \"unknown-time\"",
            (false, true, false) => "\"kept\" \"within\"",
        };
        let unknown: i64 = that(None).map(length).sum();
        format!("{state} unknown {unknown}: {}", failed.join(", "))
    }
}

impl MeasuredPayment {
    fn outcome(&self, of: &Measured) -> String {
        let (mut lines, mut unpriced) = (Vec::new(), 0);
        let once = self.each.is_none();
        for bucket in (0..of.borders.len() - 1).filter(|bucket| once || of.is_over(*bucket)) {
            let when = self.when.map_or(Some(true), |when| when.holds(of, bucket));
            if when == Some(false) {
                continue;
            }
            let units = self.amount.units(of, bucket).filter(|_| when.is_some());
            let cents = units.map(|units| self.rounding.round(units, of.scale(bucket)));
            match cents.filter(|cents| self.signed || *cents >= 0) {
                Some(cents) => lines.push(cents),
                None => unpriced += 1,
            }
        }
        let mut sum: i64 = lines.iter().sum();
        if !lines.is_empty() {
            sum = self.minimum.map_or(sum, |minimum| sum.max(minimum));
            sum = self.cap.map_or(sum, |cap| sum.min(cap));
        }
        let lines: Vec<_> = lines.into_iter().map(money).collect();
        format!("{} = {} unpriced {unpriced}", lines.join(" + "), money(sum))
    }
}

pub(super) fn money(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", cents.abs() / 100, cents.abs() % 100)
}
