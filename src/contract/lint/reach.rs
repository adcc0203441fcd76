//! Conditions that can never hold, or never break, whatever is measured.
//!
//! What a condition on one field comes to, whatever is measured.

use crate::contract::expr::{Expression, ExpressionValue, LeafValues, ValueType, evaluate, representative};

/// How many constants are tried: the work is their number times the condition's size.
const MOST: usize = 200;

/// Warnings about a condition, in sentences.
pub(super) fn findings(code: &Expression<usize>, fields: &[(String, ValueType)]) -> Vec<String> {
    if let Expression::Constant(ExpressionValue::Bool(truth)) = code {
        return vec![constant(*truth).to_owned()];
    }
    let whole = reach(code, fields);
    if let Some((_, truth)) = whole {
        return vec![constant(truth).to_owned()];
    }
    match code {
        Expression::And(parts) => parts_of(parts, fields, false),
        Expression::Or(parts) => parts_of(parts, fields, true),
        _ => Vec::new(),
    }
}

/// Whether a condition holds of no values at all.
pub(super) fn is_never(code: &Expression<usize>, fields: &[(String, ValueType)]) -> bool {
    let is_false = |code: &Expression<usize>| reach(code, fields).is_some_and(|(_, truth)| !truth);
    match code {
        Expression::Constant(ExpressionValue::Bool(truth)) => !truth,
        Expression::Or(parts) => parts.iter().all(|part| is_never(part, fields)),
        Expression::And(parts) => {
            let of = |field: usize| parts.iter().filter(move |part| only_field(part) == Some(field)).cloned();
            parts.iter().any(|part| is_never(part, fields))
                || (0..fields.len()).any(|field| is_false(&Expression::And(of(field).collect())))
        }
        _ => is_false(code),
    }
}

fn constant(truth: bool) -> &'static str {
    if truth {
        "this always holds, whatever is measured: the term can never breach"
    } else {
        "this can never hold, whatever is measured: its parts contradict each other"
    }
}

/// The parts of `&&` or `||` that compare one field, together and one by one.
fn parts_of(parts: &[Expression<usize>], fields: &[(String, ValueType)], either: bool) -> Vec<String> {
    let mut sentences = Vec::new();
    for part in parts {
        if let Some((field, truth)) = reach(part, fields) {
            let name = fields[field].0.replace('-', "_");
            sentences.push(match (truth, either) {
                (true, true) => format!("what is asked of {name} always holds, so the whole always does"),
                (true, false) => format!("what is asked of {name} always holds: it asks nothing"),
                (false, true) => {
                    format!("what is asked of {name} can never hold: that alternative is unreachable")
                }
                (false, false) => format!("what is asked of {name} can never hold, so the whole never does"),
            });
        }
    }
    if !sentences.is_empty() {
        return sentences;
    }
    for (field, (name, _)) in fields.iter().enumerate() {
        let own: Vec<_> = parts.iter().filter(|part| only_field(part) == Some(field)).cloned().collect();
        let together = if either { Expression::Or(own.clone()) } else { Expression::And(own.clone()) };
        let deciding = reach(&together, fields).filter(|(_, truth)| own.len() > 1 && *truth == either);
        if deciding.is_some() {
            let name = name.replace('-', "_");
            let verdict = if either { "always holds" } else { "can never hold: it contradicts itself" };
            sentences.push(format!("what is asked of {name} {verdict}"));
        }
    }
    sentences
}

/// The field and the truth of a condition that is the same for all values of its one field; `None`: it is not.
fn reach(code: &Expression<usize>, fields: &[(String, ValueType)]) -> Option<(usize, bool)> {
    let field = only_field(code)?;
    let mut constants = Vec::new();
    collect(code, &mut constants)?;
    let samples = samples(fields.get(field)?.1, &constants)?;
    let truth = |value: &ExpressionValue| match evaluate(code, &One { field, value }, &mut false) {
        Some(ExpressionValue::Bool(truth)) => Some(truth),
        _ => None,
    };
    let first = truth(samples.first()?)?;
    let constant = samples.iter().all(|value| truth(value) == Some(first));
    constant.then_some((field, first))
}

struct One<'a> {
    field: usize,
    value: &'a ExpressionValue,
}

impl LeafValues<usize> for One<'_> {
    fn value(&self, leaf: &usize) -> Option<ExpressionValue> {
        (*leaf == self.field).then(|| self.value.clone())
    }
}

/// The field of a condition that compares one field only; `None`: it compares several, or computes.
fn only_field(code: &Expression<usize>) -> Option<usize> {
    let mut field = None;
    let mut same = |leaf: usize| field.replace(leaf).is_none_or(|before| before == leaf);
    let simple = visit(code, &mut |part| match part {
        Expression::Leaf(leaf) => same(*leaf),
        // Whether a field is known is no question of its value, and computed sides pass elsewhere.
        Expression::Known(_)
        | Expression::Sum(_)
        | Expression::Product(_)
        | Expression::Apply(..)
        | Expression::Inside(..)
        | Expression::If(_)
        | Expression::Negate(_) => false,
        _ => true,
    });
    field.filter(|_| simple)
}

/// The constants of comparisons; `None`: there are too many.
fn collect(code: &Expression<usize>, constants: &mut Vec<ExpressionValue>) -> Option<()> {
    let few = visit(code, &mut |part| {
        if let Expression::Constant(value) = part {
            constants.push(value.clone());
        }
        constants.len() <= MOST
    });
    few.then_some(())
}

/// Walks all parts until the visitor answers false.
fn visit(code: &Expression<usize>, wants: &mut impl FnMut(&Expression<usize>) -> bool) -> bool {
    if !wants(code) {
        return false;
    }
    match code {
        Expression::Not(a) => visit(a, wants),
        Expression::And(parts) | Expression::Or(parts) => parts.iter().all(|part| visit(part, wants)),
        Expression::Compare(_, sides) => sides.iter().all(|side| visit(side, wants)),
        Expression::In(element, list) => visit(element, wants) && list.iter().all(|part| visit(part, wants)),
        _ => true,
    }
}

/// Values that stand for all values; `None`: there is no such choice for the type.
fn samples(ty: ValueType, constants: &[ExpressionValue]) -> Option<Vec<ExpressionValue>> {
    match ty {
        ValueType::Bool => Some(vec![ExpressionValue::Bool(true), ExpressionValue::Bool(false)]),
        ValueType::Number => representative::numbers(constants),
        // Order among texts is left alone: a text between two others may not exist.
        ValueType::Text | ValueType::Duration | ValueType::Instant => None,
    }
}
