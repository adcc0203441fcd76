//! Conditions over measures and amounts made of them, as text and as numbers of a bucket.

use super::{
    measured::{Asked, Measured, SimpleMeasure, SimpleRange},
    random::Demand,
    text::tenths,
};

#[derive(Clone, Copy, Debug)]
pub(super) enum Comparison {
    AtMost,
    Less,
    AtLeast,
    Greater,
}

/// A measure beside a constant, in tenths.
type Compared = (SimpleMeasure, Comparison, i64);

#[derive(Clone, Copy, Debug)]
pub(super) enum SimpleCondition {
    One(Compared),
    /// A difference beside a constant
    Apart(SimpleMeasure, Compared),
    And(Compared, Compared),
    Or(Compared, Compared),
}

/// Factors are cents, constants tenths.
#[derive(Clone, Copy, Debug)]
pub(super) enum SimpleAmount {
    Times(SimpleMeasure, i64),
    Above(SimpleMeasure, i64, i64),
    UpTo(SimpleMeasure, i64, i64),
    If(Compared, i64, i64),
    Both((SimpleMeasure, i64), (SimpleMeasure, i64)),
    Apart(SimpleMeasure, SimpleMeasure, i64),
    Begun(SimpleMeasure, i64, i64),
}

impl SimpleMeasure {
    pub(super) fn text(self) -> String {
        let of = |name: &str, field: usize| format!("{name}({})", ["t", "u"][field]);
        let demand = |demand: Demand| demand.text(0);
        match self {
            Self::Max(field) => of("max", field),
            Self::Min(field) => of("min", field),
            Self::Sum(field) => of("sum", field),
            Self::Avg(field) => of("avg", field),
            Self::First(field) => of("first", field),
            Self::Last(field) => of("last", field),
            Self::Readings => "count()".to_owned(),
            Self::Count(it) => format!("count({})", demand(it)),
            Self::Seconds(it) => format!("seconds({})", demand(it)),
            Self::Delta => "delta(u)".to_owned(),
        }
    }
}

impl Comparison {
    fn text(self) -> &'static str {
        match self {
            Self::AtMost => "<=",
            Self::Less => "<",
            Self::AtLeast => ">=",
            Self::Greater => ">",
        }
    }

    /// Whether a number between these two stands so to another; `None`: that is open.
    fn holds(self, range: SimpleRange, other: i64) -> Option<bool> {
        let all = |is: &dyn Fn(i64) -> bool, end: Option<i64>| end.is_some_and(is);
        let (yes, no) = match self {
            Self::AtMost => (all(&|high| high <= other, range.high), all(&|low| low > other, range.low)),
            Self::Less => (all(&|high| high < other, range.high), all(&|low| low >= other, range.low)),
            Self::AtLeast => (all(&|low| low >= other, range.low), all(&|high| high < other, range.high)),
            Self::Greater => (all(&|low| low > other, range.low), all(&|high| high <= other, range.high)),
        };
        if yes { Some(true) } else { no.then_some(false) }
    }
}

fn compared((measure, comparison, constant): Compared) -> String {
    format!("{} {} {}", measure.text(), comparison.text(), tenths(constant))
}

fn holds((measure, comparison, constant): Compared, of: &Measured, bucket: usize) -> Option<bool> {
    comparison.holds(of.of(measure, bucket), constant * of.scale(bucket) / 10)
}

fn minus(a: SimpleRange, b: SimpleRange) -> SimpleRange {
    let less = |a: Option<i64>, b: Option<i64>| Some(a? - b?);
    SimpleRange { low: less(a.low, b.high), high: less(a.high, b.low) }
}

fn times(range: SimpleRange, by: i64) -> SimpleRange {
    let [low, high] = [range.low, range.high].map(|end| end.map(|end| end * by));
    if by < 0 { SimpleRange { low: high, high: low } } else { SimpleRange { low, high } }
}

impl SimpleCondition {
    pub(super) fn text(self) -> String {
        match self {
            Self::One(one) => compared(one),
            Self::Apart(measure, rest) => format!("{} - {}", measure.text(), compared(rest)),
            Self::And(a, b) => format!("{} && {}", compared(a), compared(b)),
            Self::Or(a, b) => format!("{} || {}", compared(a), compared(b)),
        }
    }

    pub(super) fn holds(self, of: &Measured, bucket: usize) -> Option<bool> {
        let is = |one| holds(one, of, bucket);
        match self {
            Self::One(one) => is(one),
            Self::Apart(measure, (other, comparison, constant)) => {
                let apart = minus(of.of(measure, bucket), of.of(other, bucket));
                comparison.holds(apart, constant * of.scale(bucket) / 10)
            }
            Self::And(a, b) => match [is(a), is(b)] {
                [Some(false), _] | [_, Some(false)] => Some(false),
                [Some(true), Some(true)] => Some(true),
                _ => None,
            },
            Self::Or(a, b) => match [is(a), is(b)] {
                [Some(true), _] | [_, Some(true)] => Some(true),
                [Some(false), Some(false)] => Some(false),
                _ => None,
            },
        }
    }

    /// What was measured, if the condition compares one measure with a constant.
    pub(super) fn nearest(self, of: &Measured, bucket: usize) -> Option<i64> {
        let Self::One((measure, comparison, _)) = self else { return None };
        let SimpleRange { low, high } = of.of(measure, bucket);
        // Between two bounds, that from which it has farther to go to a breach.
        match comparison {
            Comparison::AtMost | Comparison::Less => low.or(high),
            Comparison::AtLeast | Comparison::Greater => high.or(low),
        }
    }
}

impl SimpleAmount {
    pub(super) fn text(self) -> String {
        let cents = |cents: i64| format!("{}.{:02}", cents / 100, cents % 100);
        match self {
            Self::Times(it, by) => format!("{} * {}", it.text(), cents(by)),
            Self::Above(it, most, by) => format!("max({} - {}, 0) * {}", it.text(), tenths(most), cents(by)),
            Self::UpTo(it, most, by) => format!("min({}, {}) * {}", it.text(), tenths(most), cents(by)),
            Self::If(it, yes, no) => format!("{} ? {} : {}", compared(it), cents(yes), cents(no)),
            Self::Both((a, by), (b, with)) => {
                format!("{} * {} + {} * {}", a.text(), cents(by), b.text(), cents(with))
            }
            Self::Apart(a, b, by) => format!("({} - {}) * {}", a.text(), b.text(), cents(by)),
            Self::Begun(it, each, by) => format!("ceil({} / {}) * {}", it.text(), tenths(each), cents(by)),
        }
    }

    /// How many units of cents it is; `None`: that is unknown. Where all is known but what a counter rose by when nothing shows it,
    /// what is shown is due.
    pub(super) fn units(self, of: &Measured, bucket: usize) -> Option<i64> {
        let of = &Measured { asked: Asked::Due, ..*of };
        let is_shown = |measure: &SimpleMeasure| {
            let range = of.of(*measure, bucket);
            let is_risen = *measure == SimpleMeasure::Delta && of.is_over(bucket) && range.low.is_some();
            range.exact().is_some() || is_risen
        };
        let is_shown = self.measures().iter().all(is_shown);
        let range = self.range(of, bucket);
        let shown = self.range(&Measured { asked: Asked::Shown, ..*of }, bucket).exact();
        range.exact().or(range.low.filter(|low| is_shown && *low >= 0 && Some(*low) == shown))
    }

    fn measures(self) -> Vec<SimpleMeasure> {
        match self {
            Self::Times(it, _)
            | Self::Above(it, ..)
            | Self::UpTo(it, ..)
            | Self::Begun(it, ..)
            | Self::If((it, ..), ..) => vec![it],
            Self::Both((a, _), (b, _)) | Self::Apart(a, b, _) => vec![a, b],
        }
    }

    fn range(self, of: &Measured, bucket: usize) -> SimpleRange {
        let (range, scale) = (|measure| of.of(measure, bucket), of.scale(bucket));
        let both = |range: SimpleRange, change: &dyn Fn(i64) -> i64| SimpleRange {
            low: range.low.map(change),
            high: range.high.map(change),
        };
        match self {
            Self::Times(it, by) => times(range(it), by),
            Self::Above(it, most, by) => {
                let above = both(range(it), &|number| (number - most * scale / 10).max(0));
                times(SimpleRange { low: above.low.or(Some(0)), high: above.high }, by)
            }
            Self::UpTo(it, most, by) => {
                let most = most * scale / 10;
                let up_to = both(range(it), &|number| number.min(most));
                times(SimpleRange { low: up_to.low, high: up_to.high.or(Some(most)) }, by)
            }
            Self::If(it, yes, no) => holds(it, of, bucket).map_or(SimpleRange::default(), |holds| {
                SimpleRange::of(scale * if holds { yes } else { no })
            }),
            Self::Both((a, by), (b, with)) => {
                let (a, b) = (times(range(a), by), times(range(b), with));
                minus(a, times(b, -1))
            }
            Self::Apart(a, b, by) => times(minus(range(a), range(b)), by),
            Self::Begun(it, each, by) => {
                let begun = |number: i64| {
                    let each = each * scale / 10;
                    (number + each - 1).div_euclid(each) * scale
                };
                times(both(range(it), &begun), by)
            }
        }
    }
}
