//! What bounds decide, and that they never say more than what is known.

use proptest::prelude::*;

use super::*;

/// A leaf is a place here.
struct Known(Vec<Bounds>);

impl LeafValues<usize> for Known {
    fn value(&self, leaf: &usize) -> Option<ExpressionValue> {
        self.0[*leaf].value().map(ExpressionValue::Number)
    }
}

impl LeafBounds<usize> for Known {
    fn bounds(&self, leaf: &usize) -> Bounds {
        self.0[*leaf]
    }
}

fn decimal(number: i64) -> Decimal {
    Decimal::new(number.into(), 0).unwrap()
}

fn between(low: Option<i64>, high: Option<i64>) -> Bounds {
    Bounds { low: low.map(decimal), high: high.map(decimal) }
}

fn number(number: i64) -> Expression<usize> {
    Expression::Constant(ExpressionValue::Number(decimal(number)))
}

fn compare(comparison: CompareOperator, left: Expression<usize>, right: i64) -> Expression<usize> {
    Expression::Compare(comparison, Box::new([left, number(right)]))
}

#[test]
fn a_bound_decides_what_it_can() {
    use CompareOperator::{AtLeast, AtMost, Equal, Greater, Less, NotEqual};
    // at least nine, at most two, and nothing at all
    let known = Known(vec![between(Some(9), None), between(None, Some(2)), Bounds::default()]);
    let leaf = Expression::Leaf;
    let of = |comparison, leaf, right| decide(&compare(comparison, leaf, right), &known);
    assert_eq!([8, 9, 10].map(|limit| of(AtMost, leaf(0), limit)), [Some(false), None, None]);
    assert_eq!([8, 9, 10].map(|limit| of(Less, leaf(0), limit)), [Some(false), Some(false), None]);
    assert_eq!([8, 9, 10].map(|limit| of(Greater, leaf(0), limit)), [Some(true), None, None]);
    assert_eq!([8, 9, 10].map(|limit| of(AtLeast, leaf(0), limit)), [Some(true), Some(true), None]);
    assert_eq!([8, 9].map(|limit| of(Equal, leaf(0), limit)), [Some(false), None]);
    assert_eq!([8, 9].map(|limit| of(NotEqual, leaf(0), limit)), [Some(true), None]);
    assert_eq!([1, 2, 3].map(|limit| of(AtLeast, leaf(1), limit)), [None, None, Some(false)]);
    // the greatest less the least is at least seven
    let difference = || Expression::Sum(vec![(false, leaf(0)), (true, leaf(1))]);
    assert_eq!([6, 7].map(|limit| of(AtMost, difference(), limit)), [Some(false), None]);
    // what decides is enough
    let unknown = compare(AtMost, leaf(2), 5);
    let broken = compare(AtMost, leaf(0), 8);
    assert_eq!(decide(&unknown, &known), None);
    assert_eq!(decide(&Expression::And(vec![unknown.clone(), broken.clone()]), &known), Some(false));
    assert_eq!(decide(&Expression::Or(vec![unknown.clone(), broken.clone()]), &known), None);
    assert_eq!(decide(&Expression::Not(Box::new(broken.clone())), &known), Some(true));
    // a price that is the same whichever way, as far as is known
    let price = Expression::If(Box::new([broken, number(5), number(100)]));
    assert_eq!(bounds(&price, &known).value(), Some(decimal(100)));
    assert_eq!(bounds(&Expression::If(Box::new([unknown, number(5), number(5)])), &known).value(), None);
}

#[test]
fn functions_and_signs_keep_what_is_known() {
    let known = Known(vec![between(Some(9), None), between(None, Some(2)), between(Some(-3), Some(2))]);
    let leaf = Expression::Leaf;
    let of = |code: Expression<usize>| bounds(&code, &known);
    let apply = |function, codes| Expression::Apply(function, codes);
    assert_eq!(of(apply(Function::Abs, vec![leaf(2)])), between(Some(0), Some(3)));
    assert_eq!(of(apply(Function::Max, vec![leaf(0), leaf(1)])), between(Some(9), None));
    assert_eq!(of(apply(Function::Max, vec![number(4), leaf(1)])), between(Some(4), Some(4)));
    assert_eq!(of(apply(Function::Min, vec![leaf(0), leaf(1)])), between(None, Some(2)));
    assert_eq!(of(apply(Function::Min, vec![leaf(0), number(4)])), between(Some(4), Some(4)));
    let times = |divide, by| Expression::Product(vec![(false, leaf(2)), (divide, number(by))]);
    assert_eq!(of(times(false, -2)), between(Some(-4), Some(6)));
    assert_eq!(of(apply(Function::Ceil, vec![times(true, 2)])), between(Some(-1), Some(1)));
    assert_eq!(of(times(true, 0)), Bounds::default());
    assert_eq!(of(Expression::Product(vec![(false, leaf(0)), (false, leaf(2))])), Bounds::default());
}

/// Expressions over three leaves.
fn expressions() -> impl Strategy<Value = Expression<usize>> {
    let leaf = prop_oneof![(0usize..3).prop_map(Expression::Leaf), (-5i64..6).prop_map(number)];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let pairs = || prop::collection::vec((any::<bool>(), inner.clone()), 1..4);
        let list = || prop::collection::vec(inner.clone(), 1..3);
        let question = (inner.clone(), 0usize..6, -5i64..6).prop_map(|(left, at, right)| {
            use CompareOperator::{AtLeast, AtMost, Equal, Greater, Less, NotEqual};
            compare([AtLeast, AtMost, Equal, Greater, Less, NotEqual][at], left, right)
        });
        prop_oneof![
            pairs().prop_map(Expression::Sum),
            pairs().prop_map(|mut factors| {
                factors[0].0 = false;
                Expression::Product(factors)
            }),
            list().prop_map(|codes| Expression::Apply(Function::Min, codes)),
            list().prop_map(|codes| Expression::Apply(Function::Max, codes)),
            inner.clone().prop_map(|code| Expression::Apply(Function::Abs, vec![code])),
            inner.clone().prop_map(|code| Expression::Apply(Function::Floor, vec![code])),
            inner.clone().prop_map(|code| Expression::Negate(Box::new(code))),
            (question, inner.clone(), inner)
                .prop_map(|(question, yes, no)| { Expression::If(Box::new([question, yes, no])) }),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_the_numbers_are_they_lie_between_the_bounds(
        code in expressions(),
        leaves in prop::collection::vec((-6i64..7, 0i64..3, 0i64..3, any::<bool>(), any::<bool>()), 3),
    ) {
        let exact = leaves.iter().map(|(value, ..)| Bounds::exactly(decimal(*value))).collect();
        let vague = leaves.iter().map(|(value, below, above, low, high)| {
            between(low.then_some(value - below), high.then_some(value + above))
        });
        let vague = bounds(&code, &Known(vague.collect()));
        let Some(ExpressionValue::Number(value)) = evaluate(&code, &Known(exact), &mut false) else {
            return Ok(());
        };
        prop_assert!(vague.low.is_none_or(|low| low <= value), "{vague:?} {value}");
        prop_assert!(vague.high.is_none_or(|high| high >= value), "{vague:?} {value}");
    }
}
