//! The value that enough of several values agree on.
//!
//! ```text
//! 7.5 7.9 8.3 10.0     within 1.0: 7.5 7.9 8.3 is the longest run, so 7.9
//! 7.5 7.9 10.0 10.2    two runs of two: 10.0 10.2 is the narrower one, so 10.1, if two are enough
//! ```

use crate::decimal::Decimal;

/// What some values come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Agreement {
    /// Enough of them agree on this one
    On(Decimal),
    /// There are enough, and they do not agree
    None,
    /// There are not enough
    TooFew,
    /// They agree on what does not fit a decimal
    Overflow,
}

impl Agreement {
    /// What is agreed on; `None`: nothing.
    pub(super) fn value(self) -> Option<Decimal> {
        if let Self::On(value) = self { Some(value) } else { None }
    }
}

/// What values come to of which so many must be at most so far apart.
pub(super) fn of(mut values: Vec<Decimal>, agree: usize, within: Decimal) -> Agreement {
    values.sort_unstable();
    if values.len() < agree || values.is_empty() {
        return Agreement::TooFew;
    }
    match longest_run(&values, within) {
        run if run.len() >= agree => median(run).map_or(Agreement::Overflow, Agreement::On),
        _ => Agreement::None,
    }
}

/// The longest run of values that are at most so far apart; of equal ones the narrowest, of such the lowest.
fn longest_run(values: &[Decimal], within: Decimal) -> &[Decimal] {
    let (mut best, mut best_span) = (&values[..1], Decimal::ZERO);
    let mut last = 0;
    for first in 0..values.len() {
        // What does not fit is far apart.
        let span = |last: usize| values[last].minus(values[first]).filter(|span| *span <= within);
        last = last.max(first);
        while last + 1 < values.len() && span(last + 1).is_some() {
            last += 1;
        }
        let (run, span) = (&values[first..=last], span(last).unwrap_or(Decimal::ZERO));
        if run.len() > best.len() || run.len() == best.len() && span < best_span {
            (best, best_span) = (run, span);
        }
    }
    best
}

/// The middle one, or the mean of the two middle ones; `None`: it does not fit.
fn median(run: &[Decimal]) -> Option<Decimal> {
    let middle = run.len() / 2;
    if run.len() % 2 == 1 {
        return run.get(middle).copied();
    }
    let half = Decimal::new(5, 1)?;
    run[middle - 1].plus(run[middle])?.times(half)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    fn agreed(values: &str, agree: usize, within: &str) -> String {
        let values = values.split(' ').filter(|text| !text.is_empty()).map(decimal).collect();
        match of(values, agree, decimal(within)) {
            Agreement::On(value) => value.to_string(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn the_longest_run_then_the_narrowest_then_the_lowest() {
        for (values, agree, within, expected) in [
            ("8.3 7.5", 2, "2.0", "7.9"),
            ("7.5 10", 2, "2.0", "None"),
            // as far apart as allowed
            ("7.5 9.5", 2, "2.0", "8.5"),
            ("7.5 9.50001", 2, "2.0", "None"),
            ("7.5", 2, "2.0", "TooFew"),
            ("", 1, "2.0", "TooFew"),
            ("7.5", 1, "0", "7.5"),
            ("7.5 7.50", 2, "0", "7.5"),
            // three of four, whose middle one is 7.9
            ("10.0 7.9 8.3 7.5", 3, "1.0", "7.9"),
            // two runs of two, the second is narrower: (10.0 + 10.2) / 2
            ("7.5 7.9 10.0 10.2", 2, "1.0", "10.1"),
            // both as narrow: the lower one
            ("7.5 7.7 10.0 10.2", 2, "1.0", "7.6"),
            // the longest one is the widest: 2, 3 of 1 2 3 4
            ("1 2 3 4 9 9 9", 4, "3", "2.5"),
            // 1 2 3 and 2 3 4 are as long and as wide
            ("4 3 2 1", 3, "2", "2"),
            ("-0.5 0.5", 2, "1", "0"),
            // (0.1 + 0.2) / 2
            ("0.1 0.2", 2, "0.1", "0.15"),
        ] {
            assert_eq!(agreed(values, agree, within), expected, "{values} {agree} {within}");
        }
    }

    #[test]
    fn what_does_not_fit_is_far_apart_or_unknown() {
        let most = "79228162514264337593543950335";
        assert_eq!(agreed(&format!("-{most} {most}"), 2, most), "None");
        assert_eq!(agreed(&format!("{most} {most}"), 2, "1"), "Overflow");
    }
}
