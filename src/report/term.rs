//! A term of a contract, for people: what it demands, how it stands, and how near it came to breaking.

use super::{
    excursion::course,
    money::rest,
    page::{VerdictPage, counted, grouped},
};
use crate::{
    contract::{
        document::{TermLimit, TermRule},
        eval::{EventResult, ExcursionTally, MeasureTally, TermResult},
    },
    decimal::Decimal,
    explain::term::demand,
    json::{Object, Value},
    time::{Span, Time},
};

/// The term at this place, as the verdict has it.
pub(super) fn lines(page: &VerdictPage<'_>, at: usize, term: &Object) -> Vec<String> {
    let text = |name| term.str(name).unwrap_or_default();
    let mut lines = vec![
        format!("  {}: {}{}", text("id"), text("state"), reason(text("why"))),
        format!("    {}", demand(page.contract, page.record, at)),
    ];
    let excursions = term.get("excursions").and_then(Value::as_array).unwrap_or_default();
    let shown = excursions.iter().filter_map(Value::as_object);
    lines.extend(shown.map(|excursion| format!("    {}", course(page, Some(at), excursion))));
    lines.extend(rest("excursions", excursions.len(), term.get("excursions_total")));
    match (page.result(at), &page.contract.terms[at].rule) {
        (TermResult::Require(tally), TermRule::Require { limit, inclusive, .. }) => {
            let limit = (*limit, *inclusive);
            lines.extend(nearness(page, at, tally, limit).into_iter().map(|line| format!("    {line}")));
        }
        (TermResult::Event(result), _) => lines.push(format!("    {}", receipt(page, result))),
        (TermResult::Every(missing), TermRule::Every { misses, .. }) => {
            let missing = counted(*missing, "reading", "readings");
            lines.push(format!("    {missing} missing, {misses} tolerated"));
        }
        (TermResult::Measure(tally), TermRule::Measure { most, .. }) => {
            lines.extend(measured(page, at, tally, *most).into_iter().map(|line| format!("    {line}")));
        }
        _ => {}
    }
    lines
}

/// When an event happened and was received from all who sign it.
fn receipt(page: &VerdictPage<'_>, result: &EventResult) -> String {
    let before = page.show(result.before);
    match &result.signed {
        Some(event) => {
            let (time, received) = (page.show(event.time), page.show(event.received));
            format!("happened {time}, received from all {received}, which must be before {before}")
        }
        None => format!("not received from all so far; it must be before {before}"),
    }
}

/// How many buckets failed, of how many that is not known, and how near the worst came.
fn measured(page: &VerdictPage<'_>, at: usize, tally: &MeasureTally, most: u64) -> Vec<String> {
    let mut lines = Vec::new();
    let of = grouped(tally.buckets_total);
    if tally.failed_total > 0 {
        let failed = grouped(tally.failed_total);
        lines.push(format!("{failed} of {of} failed, {} tolerated", grouped(most)));
    }
    if tally.unknown_total > 0 {
        let unknown = grouped(tally.unknown_total);
        lines.push(format!(
            "of {unknown} of {of} it is not known: some of the time no reading says how it was"
        ));
    }
    if let (Some((value, start)), Some(distance), 0) = (tally.worst_value, tally.worst, tally.failed_total) {
        let start = Time::from_millis(start).map(|start| format!(", from {}", page.show(start)));
        let margin = page.margin(at, distance);
        lines.push(format!("worst {value}, {margin}{}", start.unwrap_or_default()));
    }
    lines
}

/// Why a term stands as it does, where its lines do not show it.
fn reason(why: &str) -> &'static str {
    match why {
        "open" => " (readings that count may still come)",
        "superseded" => " (not due before the amendment that supersedes the contract)",
        "unknown-time" => " (it is not known whether it was kept all the time)",
        _ => "",
    }
}

/// How near a condition came to breaking, and what is not known of it.
fn nearness(
    page: &VerdictPage<'_>,
    at: usize,
    tally: &ExcursionTally,
    limit: (TermLimit, bool),
) -> Vec<String> {
    let mut lines = Vec::new();
    let unknown = Span::from_millis(tally.unknown);
    if unknown > Span::ZERO {
        lines.push(format!("unknown for {unknown}: no reading that counts says how it was then"));
    }
    if let (Some((value, since)), Some(distance)) = (tally.worst_value, tally.worst)
        && tally.excursions_total == 0
    {
        let since = Time::from_millis(since).map(|since| format!(", from {}", page.show(since)));
        let (value, margin) = (page.value(at, value), page.margin(at, distance));
        let passing = if distance < Decimal::ZERO {
            ", and for no time: another value came in the same instant"
        } else {
            ""
        };
        lines.push(format!("worst {value}, {margin}{}{passing}", since.unwrap_or_default()));
    }
    if tally.excursions_total > 0 && !tally.breached {
        lines.push(tolerance(page, tally, limit) + &breaches(page, tally));
    }
    lines
}

/// How much of what is tolerated was used, of a term that did not breach. The flag says whether exactly that much
/// breaches.
fn tolerance(
    page: &VerdictPage<'_>,
    tally: &ExcursionTally,
    (limit, inclusive): (TermLimit, bool),
) -> String {
    let than = if inclusive { "as long as" } else { "more than" };
    let unit = page.contract.time.resolution;
    let [longest, total] = [tally.longest, tally.total].map(|millis| Span::from_millis(millis).whole(unit));
    match limit {
        TermLimit::None => format!("none lasted {unit}, from which on it would breach"),
        TermLimit::LongerThan(most) => {
            format!("the longest lasted {longest}; {than} {most} would breach")
        }
        TermLimit::Total(most) => format!("{total} in all; {than} {most} would breach"),
        TermLimit::Count(most) => {
            let times = counted(tally.counted, "time", "times");
            let least = if tally.counted < tally.excursions_total {
                format!(" for {unit} or more")
            } else {
                String::new()
            };
            format!("{times}{least}; more than {most} would breach")
        }
        TermLimit::Within(most, window) => {
            let fullest = Span::from_millis(tally.fullest.unwrap_or(0)).whole(unit);
            format!("{fullest} at most in {window}; {than} {most} would breach")
        }
        TermLimit::Percent(most, window) => {
            let left = Span::from_millis(tally.spare.unwrap_or(0));
            format!("{left} left of {most} % of the fullest window of {window}")
        }
    }
}

/// When the excursion that still lasts breaches, if it goes on until then; nothing if the period is over before.
fn breaches(page: &VerdictPage<'_>, tally: &ExcursionTally) -> String {
    let at = tally.left.map(|left| page.evaluated.as_of.saturating_add(Span::from_millis(left)));
    let at = at.filter(|at| *at <= page.evaluated.period.to);
    at.map_or_else(String::new, |at| format!(", which is at {} if it lasts", page.show(at)))
}
