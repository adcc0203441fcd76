//! The condition language: against CEL's own tests, and against hostile text.

use std::{collections::BTreeMap, thread};

use counterfoil::{
    contract::expr::{Condition, ConditionScope, ExpressionValue, LeafValues, ValueType},
    decimal::Decimal,
    json::{self, Value},
};

struct Fields(Vec<Option<ExpressionValue>>);

impl LeafValues<usize> for Fields {
    fn value(&self, leaf: &usize) -> Option<ExpressionValue> {
        self.0[*leaf].clone()
    }
}

fn number(text: &str) -> ExpressionValue {
    ExpressionValue::Number(Decimal::parse(text).expect(text))
}

/// Evaluates over fields `t` and `u` (numbers), `door` (text) and `on` (bool).
fn holds(text: &str, values: &[Option<ExpressionValue>; 4]) -> Option<bool> {
    let fields = [
        ("t", ValueType::Number),
        ("u", ValueType::Number),
        ("door", ValueType::Text),
        ("on", ValueType::Bool),
    ];
    let fields = fields.map(|(name, ty)| (name.to_owned(), ty));
    let values_named = BTreeMap::from([("cold-limit".to_owned(), Decimal::parse("8.00").unwrap())]);
    let scope = ConditionScope {
        fields: &fields,
        values: &values_named,
        areas: &BTreeMap::new(),
        units: &BTreeMap::new(),
    };
    let condition = Condition::parse(text, &scope).unwrap_or_else(|fault| panic!("{text}: {fault}"));
    condition.holds(&Fields(values.to_vec()), &mut false)
}

fn refusal(text: &str) -> String {
    let fields = [("t".to_owned(), ValueType::Number), ("door".to_owned(), ValueType::Text)];
    let scope = ConditionScope {
        fields: &fields,
        values: &BTreeMap::new(),
        areas: &BTreeMap::new(),
        units: &BTreeMap::new(),
    };
    Condition::parse(text, &scope).expect_err(text).to_string()
}

#[test]
fn unknown_fields_leave_open_what_they_decide() {
    let known = |t: &str| [Some(number(t)), None, Some(ExpressionValue::Text("open".into())), None];
    for (text, expected) in [
        ("t >= 2.0 && t <= cold_limit", Some(true)),
        ("t > 8", Some(false)),
        ("t == 8.00", Some(true)),
        ("u > 1", None),
        ("u > 1 && t > 100", Some(false)),
        ("t > 100 && u > 1", Some(false)),
        ("u > 1 || t == 8", Some(true)),
        ("u > 1 && t == 8", None),
        ("!on", None),
        ("has(u)", Some(false)),
        ("has(u) ? u > 1 : t > 1", Some(true)),
        ("on ? t > 1 : t > 2", None),
        ("door in ['open', 'ajar']", Some(true)),
        ("door in []", Some(false)),
        ("t in [1, u]", None),
        ("abs(t - 10) <= 2", Some(true)),
        ("min(t, 3, 9) == 3 && max(t, 3) == 8", Some(true)),
        ("0.1 + 0.2 == 0.3", Some(true)),
        ("-t + 2 * 4 == 0", Some(true)),
        ("30m < 1h && 90s == 1m30s", Some(true)),
        ("door != \"shut\" && door < 'p'", Some(true)),
    ] {
        assert_eq!(holds(text, &known("8.0")), expected, "{text}");
    }
}

#[test]
fn a_result_that_does_not_fit_is_unknown_and_said() {
    let fields = [("t".to_owned(), ValueType::Number)];
    let scope = ConditionScope {
        fields: &fields,
        values: &BTreeMap::new(),
        areas: &BTreeMap::new(),
        units: &BTreeMap::new(),
    };
    let condition = Condition::parse("t * t * t * t < 1", &scope).unwrap();
    let mut overflow = false;
    assert_eq!(condition.holds(&Fields(vec![Some(number("1e8"))]), &mut overflow), None);
    assert!(overflow);
}

#[test]
fn mistakes_are_named_with_their_place() {
    for (text, message) in [
        ("", "expected a value, found the end at column 1"),
        ("t", "expected a condition, found a number at column 1"),
        ("t = 8", "`=` means nothing here, equality is `==` at column 3"),
        ("t > 8 & t < 9", "`&` means nothing here, both is `&&` at column 7"),
        ("temp > 8", "there is no `temp` here (there is door, t) at column 1"),
        ("t > door", "cannot compare a number with text at column 1"),
        ("t > 30m", "cannot compare a number with a duration at column 1"),
        ("2 < t < 8", "comparisons do not chain: join them with && or use parentheses at column 7"),
        ("t / 2 > 1", "a condition does not divide: multiply the other side instead at column 5"),
        ("t + 'a' > 1", "text is not joined: expected a number at column 5"),
        ("now() > 1", "there is no function `now` here at column 1"),
        ("t > 0x1F", "`0x1F` is hexadecimal: numbers are decimal at column 5"),
        ("t > 1h2", "`1h2` is neither a decimal (2.5) nor a duration (1h30m) at column 5"),
        ("t > 1e99", "`1e99` is no decimal of at most 28 fractional digits and 96 bits at column 5"),
        ("1e20 * 1e20 > t", "a constant that does not fit a decimal, or divides by zero at column 1"),
        ("door == 'open", "text without its closing quote at column 9"),
        ("t > 8 t", "expected an operator, found `t` at column 7"),
        ("has(t > 1)", "has takes one field: has(temperature) at column 1"),
        ("t == null", "there is no null: has(field) asks whether a value is known at column 6"),
        (
            "t > 1 == door > 'a' > true",
            "comparisons do not chain: join them with && or use parentheses at column 7",
        ),
    ] {
        assert_eq!(refusal(text), message, "{text}");
    }
}

/// Fields `t` and `u` in Cel, `e` in Wh, `k` in kWh, `n` without unit, and a value.
fn unit_fault(text: &str) -> Option<String> {
    let fields = ["t", "u", "e", "k", "n"].map(|name| (name.to_owned(), ValueType::Number));
    let units = [("t", "Cel"), ("u", "Cel"), ("e", "Wh"), ("k", "kWh")];
    let units: BTreeMap<_, _> = units.map(|(name, unit)| (name.to_owned(), unit.to_owned())).into();
    let values = BTreeMap::from([("limit".to_owned(), Decimal::parse("8.00").unwrap())]);
    let scope = ConditionScope { fields: &fields, values: &values, areas: &BTreeMap::new(), units: &units };
    Condition::parse(text, &scope).err().map(|fault| fault.to_string())
}

#[test]
fn numbers_of_one_unit_and_bare_ones_meet() {
    for sound in [
        "t > 8",
        "t > limit",
        "t > u",
        "t + u > 3 && e < 5",
        "t + 1 > u - 0.5",
        "2 * t > u",
        "-t * limit > abs(u)",
        "max(t, u, 8) > 8",
        "min(t, 1) > u",
        "t in [u, 1, limit]",
        "(n > 1 ? t : u) > 8",
        "(n > 1 ? t : 8) > u",
        "n + t > n * u",
        "t * e > 100",
        "t * e + 1 > n",
        "has(e) || t > 8",
    ] {
        assert_eq!(unit_fault(sound), None, "{sound}");
    }
}

#[test]
fn numbers_of_different_units_do_not_meet() {
    let apart = "they are different units, and nothing is converted";
    for (text, fault, column) in [
        ("t > e", "cannot compare Cel and Wh", 1),
        ("t + e > 5", "cannot add Cel and Wh", 5),
        ("5 > t - e", "cannot subtract Cel and Wh", 9),
        ("1 + 2 * e + t > 5", "cannot add Wh and Cel", 13),
        ("k > e", "cannot compare kWh and Wh", 1),
        ("max(t, 1, e) > 8", "cannot choose between Cel and Wh", 11),
        ("t in [8, u, e]", "cannot compare Cel and Wh", 13),
        ("(n > 1 ? t : e) > 8", "cannot choose between Cel and Wh", 10),
        ("-abs(t) > e", "cannot compare Cel and Wh", 1),
        ("t * e > u", "cannot compare a product of units and Cel", 1),
        ("t * e > e * t", "cannot compare a product of units and a product of units", 1),
    ] {
        assert_eq!(unit_fault(text), Some(format!("{fault}: {apart} at column {column}")), "{text}");
    }
}

#[test]
fn hostile_expressions_end_cleanly_on_a_small_stack() {
    let check = || {
        let chain = vec!["t"; 10_000].join("+");
        assert!(refusal(&format!("{chain} > 0")).contains("at most 4096"));
        let parts = format!("{} > 0", vec!["t"; 1_200].join("+"));
        assert!(refusal(&parts).contains("more than 1000 parts"));
        let deep = format!("{}t > 0{}", "(".repeat(2_000), ")".repeat(2_000));
        assert!(refusal(&deep).contains("nested deeper than 32"));
        assert!(refusal(&format!("{}true", "!".repeat(4_000))).contains("nested deeper than 32"));
        assert!(refusal(&format!("{}1 > t", "-".repeat(4_000))).contains("nested deeper than 32"));
        assert!(refusal(&"true ? true : ".repeat(290)).contains("nested deeper than 32"));
        assert!(
            refusal(&format!("{}1{} == t", "abs(".repeat(900), ")".repeat(400))).contains("deeper than 32")
        );
        assert!(refusal(&format!("t in [{}", "[".repeat(4_000))).contains("there are no lists"));
        // the largest that are allowed
        let long = format!("{} > 0", vec!["t"; 990].join("+"));
        assert_eq!(holds(&long, &[Some(number("1")), None, None, None]), Some(true));
        let nested = format!("{}t > 0{}", "(".repeat(31), ")".repeat(31));
        assert_eq!(holds(&nested, &[Some(number("1")), None, None, None]), Some(true));
    };
    thread::Builder::new().stack_size(2 << 20).spawn(check).unwrap().join().unwrap();
}

#[test]
fn values_know_their_json_kind() {
    // the bridge from readings: a JSON number's canonical form is the decimal
    let Value::Number(tenth) = json::parse(b"0.1").unwrap() else { panic!() };
    assert_eq!(Decimal::from_number(tenth), Decimal::parse("0.10"));
}
