//! What a verdict says of its terms and payments, in lines, and the same of the simple evaluator's terms.

use counterfoil::json::{Object, Value};

use super::{
    super::hour::at,
    course::{HALF, SimpleExcursion, TermOutcome},
};

/// A row of a verdict's terms or payments.
pub(super) fn row<'a>(verdict: &'a Object, of: &str, at: usize) -> &'a Object {
    verdict.get(of).unwrap().as_array().unwrap()[at].as_object().unwrap()
}

fn members(object: &Object, names: &[&str]) -> String {
    names.iter().map(|name| object.get(name).unwrap().to_canonical()).collect::<Vec<_>>().join(" ")
}

fn excursions(term: &Object, names: &[&str]) -> String {
    let excursions = term.get("excursions").unwrap().as_array().unwrap();
    let excursion = |excursion: &Value| members(excursion.as_object().unwrap(), names);
    excursions.iter().map(excursion).collect::<Vec<_>>().join(", ")
}

/// A term that demands something, or a cadence.
pub(super) fn demand_line(term: &Object) -> String {
    let margin = term.get("margin").unwrap().as_object().unwrap().get("milliseconds").unwrap().to_canonical();
    let excursions = excursions(term, &["start", "end", "breached_at", "milliseconds", "proven_ms"]);
    let [state, misses, unknown] =
        [&["state", "why"][..], &["misses"], &["unknown_ms"]].map(|it| members(term, it));
    format!("{state} misses {misses} unknown {unknown} left {margin}: {excursions}")
}

/// A term that measures.
pub(super) fn measure_line(term: &Object) -> String {
    let excursions = excursions(term, &["start", "end", "breached_at", "extreme"]);
    format!("{} unknown {}: {excursions}", members(term, &["state", "why"]), members(term, &["unknown_ms"]))
}

pub(super) fn payment_line(payment: &Object) -> String {
    let lines = payment.get("lines").unwrap().as_array().unwrap();
    let amounts = lines.iter().map(|line| line.as_object().unwrap().str("amount").unwrap());
    let (sum, unpriced) = (payment.str("sum").unwrap(), members(payment, &["unpriced"]));
    format!("{} = {sum} unpriced {unpriced}", amounts.collect::<Vec<_>>().join(" + "))
}

impl TermOutcome {
    /// The same, from the simple evaluator.
    pub(super) fn line(&self) -> String {
        let or_null = |value: Option<i64>| value.map_or("null".to_owned(), |value| value.to_string());
        let excursions: Vec<_> = self.excursions.iter().map(SimpleExcursion::line).collect();
        format!(
            "{:?} {:?} misses {} unknown {} left {}: {}",
            self.state,
            self.why,
            or_null(self.misses),
            or_null(self.unknown.map(|unknown| unknown * HALF)),
            or_null(self.left),
            excursions.join(", ")
        )
    }
}

impl SimpleExcursion {
    fn line(&self) -> String {
        let time = |half: i64| format!("{:?}", at(half * HALF).to_string());
        let or_null = |half: Option<i64>| half.map_or("null".to_owned(), time);
        let (end, breached) = (or_null(self.end), or_null(self.breached_at));
        format!("{} {end} {breached} {} {}", time(self.start), self.counted * HALF, self.proven * HALF)
    }
}
