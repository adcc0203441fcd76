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

/// What comes of a case of CEL's.
enum CelOutcome {
    /// What CEL expects; where that is an error when it runs, nothing is known, or it was refused for that
    Agrees,
    /// What is too large for CEL's integers is exact
    Exact,
    /// Outside the subset: what the message calls it
    Refused(&'static str),
}

/// What messages call what the language lacks, or does not let meet, how they say it, and in how many cases.
const CONSTRUCTS: [(&str, &str, u32); 20] = [
    ("unsigned integer", "is an unsigned integer", 127),
    ("hexadecimal", "is hexadecimal", 4),
    ("bytes", "there are no bytes", 26),
    ("raw text", "there is no raw text", 4),
    ("list", "there are no lists", 25),
    ("map", "there are no maps", 30),
    ("null", "there is no null", 16),
    ("remainder", "there is no remainder", 5),
    ("division in a condition", "a condition does not divide", 17),
    ("joined text", "text is not joined", 9),
    ("regular expression", "there are no regular expressions", 9),
    ("method", "there is no method", 22),
    ("function", "there is no function", 59),
    ("order of truth", "does not order conditions", 13),
    ("number without a digit before its point", "a number begins with a digit", 1),
    ("number that does not fit", "is no decimal of at most", 1),
    ("unknown name", "there is no `", 2),
    ("types that do not meet", "cannot compare", 4),
    ("branches that differ", "one branch is", 1),
    ("another type", "expected ", 10),
];

/// CEL's expressions are compared with their expected values inside a condition. What is outside our subset must be refused
/// by name, not misread; integers that overflow in CEL are exact here.
fn cel_conformance_inside_the_subset() -> Tested {
    let dir = vectors::dir("contracts/cel")?;
    let (mut agreed, mut exact, mut refused) = (0, 0, BTreeMap::new());
    for file in ["basic", "comparisons", "integer_math", "logic", "string"] {
        let text = fs::read(dir.join(format!("{file}.json"))).unwrap();
        for case in json::parse(&text).unwrap().as_array().unwrap() {
            let case = case.as_object().unwrap();
            match cel_case(case).unwrap_or_else(|why| panic!("{file}: {}: {why}", case.str("expr").unwrap()))
            {
                CelOutcome::Agrees => agreed += 1,
                CelOutcome::Exact => exact += 1,
                CelOutcome::Refused(construct) => *refused.entry(construct).or_insert(0) += 1,
            }
        }
    }
    let right = CONSTRUCTS.map(|construct| (construct.0, construct.2));
    assert_eq!(refused, BTreeMap::from(right));
    // 522 in all
    assert_eq!((agreed, exact, refused.values().sum::<u32>()), (129, 8, 385));
    Ok(())
}

/// What comes of a case, or what is wrong with that.
fn cel_case(case: &Object) -> Result<CelOutcome, String> {
    let expr = case.str("expr").unwrap();
    let expected = case.get("expected").unwrap().as_object().unwrap();
    let (mut fields, mut values) = (Vec::new(), Vec::new());
    for (name, bound) in case.get("bindings").unwrap().as_object().unwrap().iter() {
        let (ty, value) = cel_value(bound.as_object().unwrap());
        fields.push((name.to_owned(), ty));
        values.push(value);
    }
    let scope = ConditionScope {
        fields: &fields,
        values: &BTreeMap::new(),
        areas: &BTreeMap::new(),
        units: &BTreeMap::new(),
    };
    let holds = |text: &str| {
        let condition = Condition::parse(text, &scope).map_err(|error| error.message);
        condition.map(|condition| condition.holds(&Fields(values.clone()), &mut false))
    };
    let (kind, value) = expected.iter().next().unwrap();
    let text = match (kind, value.as_str()) {
        ("bool", _) => format!("({expr}) == {}", value.as_bool().unwrap()),
        ("int" | "uint" | "double", Some(number)) => format!("({expr}) == {number}"),
        ("string", Some(text)) => format!("({expr}) == {}", cel_quoted(text)),
        // An error when it runs, or a value of a type that there is not.
        _ => format!("({expr}) == 0"),
    };
    match (kind, holds(&text)) {
        ("error", Ok(Some(_))) => Ok(CelOutcome::Exact),
        ("error", Ok(None)) | ("bool" | "int" | "uint" | "double" | "string", Ok(Some(true))) => {
            Ok(CelOutcome::Agrees)
        }
        (_, Ok(found)) => Err(format!("it is {found:?}")),
        (_, Err(message)) => {
            let named = CONSTRUCTS.iter().find(|(_, says, _)| message.contains(says));
            named.map(|(construct, ..)| CelOutcome::Refused(construct)).ok_or(message)
        }
    }
}

/// The type and value of a binding; one of a type that there is not is an unknown number.
fn cel_value(bound: &Object) -> (ValueType, Option<ExpressionValue>) {
    match bound.iter().next().unwrap() {
        ("bool", truth) => (ValueType::Bool, truth.as_bool().map(ExpressionValue::Bool)),
        ("string", text) => (ValueType::Text, text.as_str().map(|text| ExpressionValue::Text(text.into()))),
        (_, number) => {
            let number = number.as_str().and_then(Decimal::parse);
            (ValueType::Number, number.map(ExpressionValue::Number))
        }
    }
}

fn cel_quoted(text: &str) -> String {
    let escaped: Vec<_> = text.chars().map(|c| format!("\\U{:08x}", u32::from(c))).collect();
    format!("'{}'", escaped.concat())
}
