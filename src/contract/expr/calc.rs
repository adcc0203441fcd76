//! The arithmetic of an expression, with numbers in the place of names.
//!
//! ```text
//! ceil((duration - 1800) / 1800) * 250.00     says
//! ceil((2400 - 1800) / 1800) * 250            of an excursion of forty minutes
//! ```

use super::{Expression, ExpressionValue, Function};

/// How tightly an expression holds together; looser ones inside tighter ones stand in parentheses.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tie {
    Choice,
    Or,
    And,
    Comparison,
    Sum,
    Product,
    Sign,
    Whole,
}

impl<L> Expression<L> {
    /// The expression as text; `leaf` says what stands for a leaf.
    pub fn written(&self, leaf: &impl Fn(&L) -> String) -> String {
        let inside = |code: &Self, tie: Tie| {
            let text = code.written(leaf);
            if code.tie() < tie { format!("({text})") } else { text }
        };
        let list = |codes: &[Self], tie: Tie, by: &str| {
            codes.iter().map(|code| inside(code, tie)).collect::<Vec<_>>().join(by)
        };
        match self {
            Self::Constant(value) => constant(value),
            Self::Leaf(name) => leaf(name),
            Self::Known(name) => format!("has({})", leaf(name)),
            Self::Not(code) => format!("!{}", inside(code, Tie::Sign)),
            Self::And(codes) => list(codes, Tie::Comparison, " && "),
            Self::Or(codes) => list(codes, Tie::And, " || "),
            Self::Compare(comparison, sides) => list(&sides[..], Tie::Sum, &format!(" {comparison} ")),
            Self::In(code, codes) => {
                format!("{} in [{}]", inside(code, Tie::Sum), list(codes, Tie::Choice, ", "))
            }
            Self::Sum(parts) => joined(parts, " + ", " - ", |code| inside(code, Tie::Product)),
            Self::Product(parts) => joined(parts, " * ", " / ", |code| inside(code, Tie::Sign)),
            Self::If(parts) => {
                let [question, yes, no] = &**parts;
                format!("{} ? {} : {}", inside(question, Tie::Or), inside(yes, Tie::Or), inside(no, Tie::Or))
            }
            Self::Negate(code) => format!("-{}", inside(code, Tie::Whole)),
            Self::Apply(function, codes) => {
                // The unit in which the first one is rounded down was said in `[time]`.
                let said = if *function == Function::Started { &codes[..2] } else { codes };
                format!("{}({})", name(*function), list(said, Tie::Choice, ", "))
            }
            Self::Inside(place, _) => format!("inside({})", list(&place[..], Tie::Choice, ", ")),
        }
    }

    fn tie(&self) -> Tie {
        match self {
            Self::If(_) => Tie::Choice,
            Self::Or(_) => Tie::Or,
            Self::And(_) => Tie::And,
            Self::Compare(..) | Self::In(..) => Tie::Comparison,
            Self::Sum(parts) if parts.len() > 1 => Tie::Sum,
            Self::Product(parts) if parts.len() > 1 => Tie::Product,
            Self::Not(_) | Self::Negate(_) => Tie::Sign,
            _ => Tie::Whole,
        }
    }
}

/// Parts with what joins them: the flag says that a part is subtracted, or divided by.
fn joined<L>(
    parts: &[(bool, Expression<L>)],
    plain: &str,
    inverse: &str,
    written: impl Fn(&Expression<L>) -> String,
) -> String {
    let mut out = String::new();
    for (at, (is_inverse, code)) in parts.iter().enumerate() {
        if at > 0 {
            out += if *is_inverse { inverse } else { plain };
        }
        out += &written(code);
    }
    out
}

fn constant(value: &ExpressionValue) -> String {
    match value {
        ExpressionValue::Number(number) => number.to_string(),
        ExpressionValue::Text(text) => format!("{text:?}"),
        ExpressionValue::Bool(truth) => truth.to_string(),
    }
}

fn name(function: Function) -> &'static str {
    match function {
        Function::Abs => "abs",
        Function::Min => "min",
        Function::Max => "max",
        Function::Floor => "floor",
        Function::Ceil => "ceil",
        Function::Round => "round",
        Function::Started => "started",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{
        contract::{
            bucket::Bucket,
            expr::{Amount, AmountLeaf, AmountScope, ConditionScope, LeafValues, evaluate},
        },
        decimal::Decimal,
        time::Span,
    };

    /// An excursion to −21.5, thirteen and a half below the limit, for 2,400 seconds.
    struct Cold;

    impl LeafValues<AmountLeaf> for Cold {
        fn value(&self, leaf: &AmountLeaf) -> Option<ExpressionValue> {
            let text = match leaf {
                AmountLeaf::Duration => "2400",
                AmountLeaf::Extreme => "-21.5",
                AmountLeaf::Excess => "13.5",
                _ => return None,
            };
            Decimal::parse(text).map(ExpressionValue::Number)
        }
    }

    fn amount(text: &str) -> Amount {
        let (values, areas) = (BTreeMap::new(), BTreeMap::new());
        let constants =
            ConditionScope { fields: &[], values: &values, areas: &areas, units: &BTreeMap::new() };
        let each = Some(&Bucket::Excursion(0));
        let resolution = Span::from_millis(1_000);
        let scope = AmountScope {
            devices: &[],
            constants,
            terms: &[],
            each,
            resolution,
            has_calendar: false,
            shared: &BTreeMap::new(),
        };
        Amount::parse(text, &scope).expect(text)
    }

    fn value(amount: &Amount) -> Option<ExpressionValue> {
        evaluate(&amount.code, &Cold, &mut false)
    }

    fn written(amount: &Amount) -> String {
        amount.code.written(&|leaf| Cold.value(leaf).as_ref().map_or("unknown".to_owned(), constant))
    }

    #[test]
    fn what_is_written_comes_to_the_same() {
        for (text, arithmetic) in [
            ("ceil((duration / 60 - 30) / 30) * 250.00", "ceil((2400 / 60 - 30) / 30) * 250"),
            ("-(extreme - 8) * 2", "-(-21.5 - 8) * 2"),
            ("extreme - (8 - excess)", "-21.5 - (8 - 13.5)"),
            ("extreme - (excess + 8)", "-21.5 - (13.5 + 8)"),
            ("extreme / (excess * 2)", "-21.5 / (13.5 * 2)"),
            ("extreme / excess / 2", "-21.5 / 13.5 / 2"),
            ("2 - -extreme", "2 - --21.5"),
            ("duration > 1h ? 5 : extreme > 9 ? 6 : 7", "2400 > 3600 ? 5 : (-21.5 > 9 ? 6 : 7)"),
            (
                "(excess < 1 || extreme < 0) && !(excess == 3) ? 1 : 0",
                "(13.5 < 1 || -21.5 < 0) && !(13.5 == 3) ? 1 : 0",
            ),
            ("(extreme in [1, excess] ? 4 : 5) + 1", "(-21.5 in [1, 13.5] ? 4 : 5) + 1"),
            ("started(duration - 30m, 1h) * 100.00", "started(2400 - 1800, 3600) * 100"),
            ("round(min(extreme, abs(excess), 3), 0)", "round(min(-21.5, abs(13.5), 3), 0)"),
        ] {
            let (first, again) = (amount(text), written(&amount(text)));
            assert_eq!(again, arithmetic);
            assert!(value(&first).is_some(), "{text}");
            assert_eq!(value(&amount(&again)), value(&first), "{text}");
        }
    }
}
