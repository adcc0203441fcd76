//! Values that stand for all values. A condition on one field changes only where the field passes a constant that it is
//! compared with, so a value at each constant, one between each two, and one beyond each end are enough.

use super::{CompareOperator, Condition, Expression, ExpressionValue, LeafValues, ValueType};
use crate::decimal::Decimal;

/// How many choices of values are tried: the work is their number times the conditions' size.
const MOST: usize = 2_000;

impl Condition {
    /// Values of fields, by place, at which this condition holds and another one does not, so that it does not imply it.
    /// `None`: it does, or that cannot be told: they do more than compare single fields with constants.
    pub fn without(
        &self,
        other: &Self,
        fields: &[(String, ValueType)],
    ) -> Option<Vec<(usize, ExpressionValue)>> {
        let codes = [self.code(), other.code()];
        let asked = |field: &usize| codes.iter().any(|code| code.any(&|leaf| leaf == field));
        let asked: Vec<usize> = (0..fields.len()).filter(asked).collect();
        let mut constants = Vec::new();
        if !codes.iter().all(|code| is_simple(code, &mut constants)) {
            return None;
        }
        let choices: Vec<_> =
            asked.iter().map(|field| representatives(fields[*field].1, &constants)).collect::<Option<_>>()?;
        let count = choices.iter().try_fold(1usize, |count, choice| count.checked_mul(choice.len()))?;
        let choose = |at: usize| choice_of(at, &asked, &choices);
        (0..Some(count).filter(|count| *count <= MOST)?).map(choose).find(|chosen| {
            let chosen = ChosenValues(chosen);
            self.holds(&chosen, &mut false) == Some(true) && other.holds(&chosen, &mut false) == Some(false)
        })
    }
}

/// One choice of values of all, by its number.
fn choice_of(
    mut at: usize,
    fields: &[usize],
    choices: &[Vec<ExpressionValue>],
) -> Vec<(usize, ExpressionValue)> {
    let mut chosen = Vec::with_capacity(fields.len());
    for (field, values) in fields.iter().zip(choices) {
        chosen.push((*field, values[at % values.len()].clone()));
        at /= values.len();
    }
    chosen
}

struct ChosenValues<'a>(&'a [(usize, ExpressionValue)]);

impl LeafValues<usize> for ChosenValues<'_> {
    fn value(&self, leaf: &usize) -> Option<ExpressionValue> {
        self.0.iter().find(|(field, _)| field == leaf).map(|(_, value)| value.clone())
    }
}

/// Whether a condition does no more than compare single fields with constants, which are collected.
fn is_simple(code: &Expression<usize>, constants: &mut Vec<ExpressionValue>) -> bool {
    match code {
        Expression::Constant(_) | Expression::Leaf(_) => true,
        Expression::Not(part) => is_simple(part, constants),
        Expression::And(parts) | Expression::Or(parts) => parts.iter().all(|part| is_simple(part, constants)),
        Expression::Compare(comparison, sides) => {
            let equals = matches!(comparison, CompareOperator::Equal | CompareOperator::NotEqual);
            match &**sides {
                [Expression::Leaf(_), Expression::Constant(constant)]
                | [Expression::Constant(constant), Expression::Leaf(_)] => {
                    constants.push(constant.clone());
                    // A text between two others may not exist.
                    equals || matches!(constant, ExpressionValue::Number(_))
                }
                _ => false,
            }
        }
        Expression::In(element, list) => {
            let mut constant = |part: &Expression<usize>| match part {
                Expression::Constant(constant) => {
                    constants.push(constant.clone());
                    true
                }
                _ => false,
            };
            matches!(**element, Expression::Leaf(_)) && list.iter().all(&mut constant)
        }
        _ => false,
    }
}

/// Values that stand for all of a type; `None`: there is no such choice.
fn representatives(ty: ValueType, constants: &[ExpressionValue]) -> Option<Vec<ExpressionValue>> {
    match ty {
        ValueType::Bool => Some(vec![ExpressionValue::Bool(true), ExpressionValue::Bool(false)]),
        ValueType::Number => numbers(constants),
        ValueType::Text => Some(texts(constants)),
        ValueType::Duration | ValueType::Instant => None,
    }
}

/// Each number, one between each two, and one beyond each end; `None`: there is none, or one does not fit.
pub(in crate::contract) fn numbers(constants: &[ExpressionValue]) -> Option<Vec<ExpressionValue>> {
    let number = |constant: &ExpressionValue| match constant {
        ExpressionValue::Number(bound) => Some(*bound),
        ExpressionValue::Text(_) | ExpressionValue::Bool(_) => None,
    };
    let mut bounds: Vec<Decimal> = constants.iter().filter_map(number).collect();
    bounds.sort_unstable();
    bounds.dedup();
    let (one, half) = (Decimal::new(1, 0)?, Decimal::new(5, 1)?);
    let mut samples = vec![bounds.first()?.minus(one)?, bounds.last()?.plus(one)?];
    for pair in bounds.windows(2) {
        samples.push(pair[0].plus(pair[1])?.times(half)?);
    }
    samples.extend(bounds);
    Some(samples.into_iter().map(ExpressionValue::Number).collect())
}

/// Each text, and one that is none of them.
fn texts(constants: &[ExpressionValue]) -> Vec<ExpressionValue> {
    let mut texts = Vec::new();
    let mut other = "?".to_owned();
    for constant in constants {
        if let ExpressionValue::Text(text) = constant {
            other.push_str(text);
            texts.push(constant.clone());
        }
    }
    texts.push(ExpressionValue::Text(other.into()));
    texts
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::contract::expr::ConditionScope;

    /// The values at which a condition holds and another one does not.
    fn without(clear: &str, require: &str) -> Option<String> {
        let fields = [("t", ValueType::Number), ("u", ValueType::Number), ("door", ValueType::Text)];
        let fields = fields.map(|(name, ty)| (name.to_owned(), ty));
        let (values, areas) = (BTreeMap::new(), BTreeMap::new());
        let scope =
            ConditionScope { fields: &fields, values: &values, areas: &areas, units: &BTreeMap::new() };
        let read = |text| Condition::parse(text, &scope).expect(text);
        let found = read(clear).without(&read(require), &fields)?;
        let show = |(field, value): &(usize, ExpressionValue)| {
            let value = match value {
                ExpressionValue::Number(number) => number.to_string(),
                ExpressionValue::Text(text) => text.to_string(),
                ExpressionValue::Bool(truth) => truth.to_string(),
            };
            format!("{} = {value}", fields[*field].0)
        };
        Some(found.iter().map(show).collect::<Vec<_>>().join(", "))
    }

    #[test]
    fn what_is_narrower_implies_what_is_wider() {
        for (clear, require) in [
            ("t <= 7.5", "t <= 8.0"),
            ("t <= 8", "t <= 8.0"),
            ("t >= 2.5 && t <= 7.5", "t >= 2.0 && t <= 8.0"),
            ("!(t > 7.5 || t < 2.5)", "2 <= t && 8 >= t"),
            ("t < 8 && u < 5", "t <= 8 && u < 6"),
            ("door == 'shut' && t < 8", "door != 'open' && t < 8"),
            ("door in ['shut', 'locked']", "door != 'open'"),
        ] {
            assert_eq!(without(clear, require), None, "{clear}");
        }
    }

    #[test]
    fn what_does_not_imply_is_shown_by_values() {
        for (clear, require, shown) in [
            ("t <= 8.5", "t <= 8.0", "t = 8.25"),
            ("t <= 8.0", "t < 8.0", "t = 8"),
            ("t >= 2.5", "t >= 2.0 && t <= 8.0", "t = 9"),
            ("t <= 7.5", "t <= 8.0 && u < 6", "t = 5, u = 9"),
            ("t < 7", "door == 'shut'", "t = 6, door = ?shut"),
        ] {
            assert_eq!(without(clear, require).as_deref(), Some(shown), "{clear}");
        }
    }

    #[test]
    fn what_computes_is_not_judged() {
        assert_eq!(without("t + 1 <= 20", "t <= 8"), None);
        assert_eq!(without("t < u", "t <= 8"), None);
        assert_eq!(without("has(t)", "t <= 8"), None);
        assert_eq!(without("door > 'a'", "door == 'b'"), None);
    }
}
