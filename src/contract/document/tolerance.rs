//! `tolerate = { … }`: how much a term may miss before it is breached.

use super::table::DocumentTable;
use crate::{decimal::Decimal, time::Span};

/// What is tolerated; what exceeds it breaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TermLimit {
    /// Nothing
    None,
    /// So long in one excursion
    LongerThan(Span),
    /// So long in all of them
    Total(Span),
    /// So long in any window of a length
    Within(Span, Span),
    /// So many of them
    Count(u64),
    /// So many hundredths, 0 to 100, of each window, which follow each other from the period's beginning
    Percent(Decimal, Span),
}

impl TermLimit {
    /// Whether there is a part of an excursion that is beyond what is tolerated.
    pub(super) fn has_beyond(self) -> bool {
        self.length().is_some()
    }

    /// How long what is tolerated lasts; `None`: it is no length of time.
    fn length(self) -> Option<Span> {
        match self {
            Self::LongerThan(most) | Self::Total(most) | Self::Within(most, _) => Some(most),
            Self::None | Self::Count(_) | Self::Percent(..) => None,
        }
    }
}

/// What is tolerated, and whether exactly that much breaches, which is said in `tolerate` or beside it.
pub(super) fn read_limit(table: &DocumentTable) -> (Option<TermLimit>, bool) {
    let beside = table.bool("inclusive");
    if !table.has("tolerate") {
        if beside.is_some() {
            table.error("inclusive", "it says that a breach is as long as what is tolerated, and nothing is");
        }
        return (Some(TermLimit::None), false);
    }
    let Some(tolerate) = table.table("tolerate") else { return (None, false) };
    let within = tolerate.bool("inclusive");
    if let (Some(beside), Some(within)) = (beside, within)
        && beside != within
    {
        tolerate.error("inclusive", "the term itself says otherwise");
    }
    let limit = read_tolerate(&tolerate);
    if matches!(limit, Some(TermLimit::Count(_) | TermLimit::Percent(..))) && beside.or(within).is_some() {
        let table = if within.is_some() { &tolerate } else { table };
        table.error("inclusive", "only a length of time can be as long as what is tolerated");
    }
    let is_inclusive = beside.or(within) == Some(true);
    if is_inclusive && limit.is_some_and(|limit| limit.length() == Some(Span::ZERO)) {
        let table = if within.is_some() { &tolerate } else { table };
        table.error(
            "inclusive",
            "no excursion is shorter than no time: even a term that holds would be breached",
        );
    }
    tolerate.finish();
    (limit, is_inclusive)
}

fn read_tolerate(tolerate: &DocumentTable) -> Option<TermLimit> {
    let longer_than = tolerate.duration("longer_than").map(TermLimit::LongerThan);
    let within = read_window(tolerate, "within");
    let total = tolerate.duration("total").and_then(|most| match within {
        Some(window) => Some(TermLimit::Within(most, window)),
        None => (!tolerate.has("within")).then_some(TermLimit::Total(most)),
    });
    if tolerate.has("within") && !tolerate.has("total") {
        tolerate.error("within", "it belongs to a total: { total = \"1h\", within = \"24h\" }");
    }
    let count = tolerate.count("count").map(TermLimit::Count);
    let percent = read_percent(tolerate);
    let window = read_window(tolerate, "of");
    if tolerate.has("percent") != tolerate.has("of") {
        tolerate.problems.error(
            tolerate.path.clone(),
            "`percent` and `of` belong together: { percent = \"5\", of = \"7d\" }",
        );
    }
    let percent = percent.zip(window).map(|(percent, window)| TermLimit::Percent(percent, window));
    let kinds = ["longer_than", "total", "count", "percent"].map(|name| tolerate.has(name));
    if kinds.iter().filter(|there| **there).count() != 1 {
        let message =
            "tolerate has one of longer_than, total, count, percent with of: two limits are two terms";
        tolerate.problems.error(tolerate.path.clone(), message);
    }
    longer_than.or(total).or(count).or(percent)
}

fn read_window(tolerate: &DocumentTable, name: &'static str) -> Option<Span> {
    let window = tolerate.duration(name)?;
    if window == Span::ZERO {
        tolerate.error(name, "a window has some length");
    }
    Some(window).filter(|window| *window > Span::ZERO)
}

/// A share of a window is an exact number of milliseconds and a fraction of one: so many digits are enough for it.
fn read_percent(tolerate: &DocumentTable) -> Option<Decimal> {
    const DIGITS: u32 = 18;
    let percent = tolerate.decimal("percent")?;
    let exact = percent.scaled(DIGITS).and_then(|units| Decimal::new(units, DIGITS)) == Some(percent);
    let hundred = Decimal::new(100, 0).unwrap_or(Decimal::ZERO);
    let fits = exact && percent >= Decimal::ZERO && percent <= hundred;
    if !fits {
        tolerate.error("percent", format!("expected 0 to 100, with at most {DIGITS} digits after the point"));
    }
    Some(percent).filter(|_| fits)
}
