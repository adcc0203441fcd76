//! The condition language against CEL's own tests.

use std::{collections::BTreeMap, fs};

use counterfoil::{
    contract::expr::{Condition, ConditionScope, ExpressionValue, LeafValues, ValueType},
    decimal::Decimal,
    json::{self, Object},
};

use crate::{
    support::{needs::Tested, trial::trials},
    vectors,
};

trials![cel_conformance_inside_the_subset,];

struct Fields(Vec<Option<ExpressionValue>>);

impl LeafValues<usize> for Fields {
    fn value(&self, leaf: &usize) -> Option<ExpressionValue> {
        self.0[*leaf].clone()
    }
}

/// CEL's expressions are compared with their expected values inside a condition. What is outside our subset
/// must be refused, not misread; integers that overflow in CEL are exact here.
fn cel_conformance_inside_the_subset() -> Tested {
    let dir = vectors::dir("contracts/cel")?;
    let (mut agreed, mut refused) = (0, 0);
    for file in ["basic", "comparisons", "integer_math", "logic", "string"] {
        let text = fs::read(dir.join(format!("{file}.json"))).unwrap();
        for case in json::parse(&text).unwrap().as_array().unwrap() {
            match cel_case(case.as_object().unwrap()) {
                Some(true) => agreed += 1,
                Some(false) => panic!("{file}: {}", case.to_canonical()),
                None => refused += 1,
            }
        }
    }
    assert!(agreed >= 125, "{agreed} agreed, {refused} outside the subset");
    Ok(())
}

/// Whether a case comes out as expected; none if it is outside the subset.
fn cel_case(case: &Object) -> Option<bool> {
    let expr = case.str("expr").unwrap();
    let expected = case.get("expected")?.as_object()?;
    let (mut fields, mut values) = (Vec::new(), Vec::new());
    for (name, bound) in case.get("bindings")?.as_object()?.iter() {
        let (ty, value) = cel_value(bound.as_object()?)?;
        fields.push((name.to_owned(), ty));
        values.push(Some(value));
    }
    let scope = ConditionScope { fields: &fields, values: &BTreeMap::new(), areas: &BTreeMap::new() };
    let text = match expected.iter().next()? {
        ("bool", truth) => format!("({expr}) == {}", truth.as_bool()?),
        ("int" | "uint" | "double", number) => format!("({expr}) == {}", number.as_str()?),
        ("string", text) => format!("({expr}) == {}", cel_quoted(text.as_str()?)),
        ("error", _) => {
            // an error of CEL at run time is unknown, or refused before; only its overflows are exact here
            let result = Condition::parse(expr, &scope).ok()?.holds(&Fields(values), &mut false);
            return Some(result.is_none());
        }
        _ => return None,
    };
    Some(Condition::parse(&text, &scope).ok()?.holds(&Fields(values), &mut false) == Some(true))
}

fn cel_value(bound: &Object) -> Option<(ValueType, ExpressionValue)> {
    Some(match bound.iter().next()? {
        ("bool", truth) => (ValueType::Bool, ExpressionValue::Bool(truth.as_bool()?)),
        ("int" | "uint" | "double", number) => {
            (ValueType::Number, ExpressionValue::Number(Decimal::parse(number.as_str()?)?))
        }
        ("string", text) => (ValueType::Text, ExpressionValue::Text(text.as_str()?.into())),
        _ => return None,
    })
}

fn cel_quoted(text: &str) -> String {
    let escaped: Vec<_> = text.chars().map(|c| format!("\\U{:08x}", u32::from(c))).collect();
    format!("'{}'", escaped.concat())
}
