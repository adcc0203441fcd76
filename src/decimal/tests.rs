use proptest::prelude::*;

use super::*;

fn decimal(text: &str) -> Decimal {
    Decimal::parse(text).expect(text)
}

#[test]
fn equal_values_are_spelt_alike() {
    for (text, plain) in [
        ("8.00", "8"),
        ("-0.50", "-0.5"),
        ("1e+21", "1000000000000000000000"),
        ("1.5e-7", "0.00000015"),
        ("-0", "0"),
        ("0e99", "0"),
        ("1000000000000000000000000000000000000000000e-42", "1"),
        ("79228162514264337593543950335", "79228162514264337593543950335"),
        ("1e-28", "0.0000000000000000000000000001"),
    ] {
        assert_eq!(decimal(text).to_string(), plain);
    }
}

#[test]
fn what_does_not_fit_is_none() {
    for text in ["79228162514264337593543950336", "1e29", "1e-29", "1e999999", "1e9999999", "5e-324"] {
        assert_eq!(Decimal::parse(text), None, "{text}");
    }
    for text in ["", "-", ".5", "1.", "1e", "+1", "--1", "0x1", "1_0", "1e+-1", "NaN", "１"] {
        assert_eq!(Decimal::parse(text), None, "{text}");
    }
}

#[test]
fn numbers_are_taken_in_their_json_form() {
    let of = |double| Decimal::from_number(Number::new(double).unwrap());
    assert_eq!(of(0.1).unwrap().to_string(), "0.1");
    assert_eq!(of(-4.25).unwrap().to_string(), "-4.25");
    assert_eq!(of(1e21).unwrap().to_string(), "1000000000000000000000");
    assert_eq!(of(-0.0), Some(Decimal::ZERO));
    assert_eq!(of(1e300), None);
}

#[test]
fn sums_and_products_are_exact_or_none() {
    assert_eq!(decimal("0.1").plus(decimal("0.2")), Some(decimal("0.3")));
    let max = decimal("79228162514264337593543950335");
    assert_eq!(max.plus(decimal("1")), None);
    assert_eq!(max.plus(decimal("0.1")), None, "rust_decimal would round this away");
    assert_eq!(max.minus(max), Some(Decimal::ZERO));
    assert_eq!(max.times(decimal("0.5")), None);
    // the coefficients' scales add up to 29: ten times five is what still fits
    assert_eq!(decimal("5e-28").times(decimal("0.2")), Some(decimal("1e-28")));
    assert_eq!(decimal("5e-28").times(decimal("0.1")), None);
    assert_eq!(decimal("0.00000000000005").times(decimal("0.00000000000002")), Some(decimal("1e-27")));
    assert_eq!(decimal("20000000000000000000000000000").times(decimal("0.5")), Some(decimal("1e28")));
}

#[test]
fn quotients_have_18_digits() {
    let quotient = |a, b| decimal(a).divided_by(decimal(b)).map(|q| q.to_string());
    assert_eq!(quotient("1", "3").unwrap(), "0.333333333333333333");
    assert_eq!(quotient("-2", "3").unwrap(), "-0.666666666666666667");
    assert_eq!(quotient("5400", "1800").unwrap(), "3");
    assert_eq!(quotient("1e28", "1").unwrap(), "10000000000000000000000000000");
    assert_eq!(quotient("1", "1e-28").unwrap(), "10000000000000000000000000000");
    assert_eq!(quotient("1e-28", "3").unwrap(), "0");
    assert_eq!(quotient("0.000000000000000003", "2").unwrap(), "0.000000000000000002");
    assert_eq!(quotient("0.000000000000000001", "2").unwrap(), "0");
    assert_eq!(quotient("0.0000000000000000025", "1").unwrap(), "0.000000000000000002");
    assert_eq!(quotient("200000000000000000000", "1").unwrap(), "200000000000000000000");
    assert_eq!(quotient("1e28", "3"), None);
    assert_eq!(quotient("1", "0"), None);
}

#[test]
fn numbers_are_rounded_as_asked_for() {
    let of = |rounding| {
        ["0.25", "0.35", "-0.25", "0.21", "-0.29", "0.3"]
            .map(|text| decimal(text).rounded(1, rounding).unwrap())
    };
    assert_eq!(of(Rounding::HalfEven), [2, 4, -2, 2, -3, 3]);
    assert_eq!(of(Rounding::HalfUp), [3, 4, -3, 2, -3, 3]);
    assert_eq!(of(Rounding::Up), [3, 4, -3, 3, -3, 3]);
    assert_eq!(of(Rounding::Down), [2, 3, -2, 2, -2, 3]);
}

#[test]
fn scaling_rounds_half_to_even() {
    let scaled = |text| decimal(text).scaled(1).unwrap();
    assert_eq!(
        [scaled("0.25"), scaled("0.35"), scaled("-0.25"), scaled("-0.35"), scaled("0.26")],
        [2, 4, -2, -4, 3]
    );
    assert_eq!(decimal("59.9139").scaled(7), Some(599_139_000));
}

proptest! {
    #[test]
    fn order_and_arithmetic_agree_with_integers(
        (a, b) in (-1_000_000_000_000i64..1_000_000_000_000, -1_000_000_000_000i64..1_000_000_000_000),
        (scale_a, scale_b) in (0u32..12, 0u32..12),
    ) {
        let (x, y) = (Decimal::new(a.into(), scale_a).unwrap(), Decimal::new(b.into(), scale_b).unwrap());
        let at = |c: i64, scale: u32| i128::from(c) * 10i128.pow(12 - scale);
        prop_assert_eq!(x.cmp(&y), at(a, scale_a).cmp(&at(b, scale_b)));
        prop_assert_eq!(x.plus(y), Decimal::new(at(a, scale_a) + at(b, scale_b), 12));
        prop_assert_eq!(x.times(y), Decimal::new(i128::from(a) * i128::from(b), scale_a + scale_b));
        prop_assert_eq!(Decimal::parse(&x.to_string()), Some(x));
        let short = x.as_short_double();
        prop_assert!(short.is_some_and(|double| Ok(double) == x.to_string().parse()), "{x} {short:?}");
    }
}
