//! Caps and what is owed both ways, worked out by hand. The order: each line is rounded, the lines of a payment are added with their
//! signs, minimum, cap; then what payments make one party owe the other, [[caps]] of that, and last the two ways are set off.

use counterfoil::json::Value;

use super::hour::*;

/// A payment of the owner to the tenant, or the other way.
fn pays((id, from, to): (&str, &str, &str), amount: &str, rest: &str) -> String {
    format!(
        "[[payments]]\nid = \"{id}\"\nfrom = \"{from}\"\nto = \"{to}\"\namount = \"{amount}\"\nsigned = true\n{rest}\n"
    )
}

fn cap(from: &str, to: &str, amount: &str) -> String {
    format!("[[caps]]\nfrom = \"{from}\"\nto = \"{to}\"\namount = \"{amount}\"\n")
}

/// Who owes whom in the end.
fn owed(parts: &[&str]) -> String {
    let contract = contract_between("", &parts.concat());
    let verdict = verdict(&contract, &series(&["4"]));
    let debts = verdict.get("settlement").unwrap().as_array().unwrap().iter().filter_map(Value::as_object);
    let debt = |debt: &counterfoil::json::Object| {
        let [from, to, amount] = ["from", "to", "amount"].map(|name| debt.str(name).unwrap().to_owned());
        format!("{from} owes {to} {amount}")
    };
    debts.map(debt).collect::<Vec<_>>().join(", ")
}

#[test]
fn a_cap_is_of_what_is_owed_one_way_before_it_is_set_off() {
    let fee = &pays(("fee", "owner", "tenant"), "100.00", "");
    let refund = &pays(("refund", "owner", "tenant"), "0 - 30.00", "");
    let rent = &pays(("rent", "tenant", "owner"), "30.00", "");
    let (most, back) = (&cap("owner", "tenant", "80.00"), &cap("tenant", "owner", "10.00"));
    assert_eq!(owed(&[fee, refund]), "owner owes tenant 70.00");
    // min(100, 80) - 30: below zero is owed the other way, just as what is paid the other way
    assert_eq!(owed(&[fee, refund, most]), "owner owes tenant 50.00");
    assert_eq!(owed(&[fee, rent, most]), "owner owes tenant 50.00");
    // min(100, 80) - min(30, 10), and 100 - min(30, 10)
    assert_eq!(owed(&[fee, refund, most, back]), "owner owes tenant 70.00");
    assert_eq!(owed(&[fee, rent, back]), "owner owes tenant 90.00");
    // what is below zero the other way counts under this way's cap: min(20 + 100, 80)
    let fine = &pays(("fine", "tenant", "owner"), "0 - 100.00", "");
    let small = &pays(("small", "owner", "tenant"), "20.00", "");
    assert_eq!(owed(&[small, fine]), "owner owes tenant 120.00");
    assert_eq!(owed(&[small, fine, most]), "owner owes tenant 80.00");
    assert_eq!(owed(&[small, fine, back]), "owner owes tenant 120.00");
    // 130 one way, and min(100, 80) back
    let large = &pays(("large", "tenant", "owner"), "130.00", "");
    assert_eq!(owed(&[fee, large, most]), "tenant owes owner 50.00");
}

#[test]
fn the_balance_of_one_payment_is_capped_as_such() {
    // min(100 - 30, 80), and min(100 - 30, 60)
    let balance = |most: &str| pays(("balance", "owner", "tenant"), "100.00 - 30.00", most);
    assert_eq!(owed(&[&balance("cap = \"80.00\"")]), "owner owes tenant 70.00");
    assert_eq!(owed(&[&balance("cap = \"60.00\"")]), "owner owes tenant 60.00");
    // a payment's own cap bounds nothing below zero, and its minimum lifts that, too: it is what is paid at least
    let below = |rest: &str| pays(("below", "owner", "tenant"), "0 - 30.00", rest);
    assert_eq!(owed(&[&below("cap = \"10.00\"")]), "tenant owes owner 30.00");
    assert_eq!(owed(&[&below("minimum = \"10.00\"")]), "owner owes tenant 10.00");
}

#[test]
fn what_is_below_zero_before_it_is_rounded_is_no_line_of_which_a_minimum_is_due() {
    let of = |amount: &str| {
        let payment = pays(("fee", "owner", "tenant"), amount, "minimum = \"20.00\"");
        let contract = contract_between("", &payment.replace("signed = true\n", ""));
        paid(&verdict(&contract, &series(&["4"]))).join("; ")
    };
    assert_eq!(of("0 - 0.004"), "0.00 (1)");
    assert_eq!(of("0 - 0.006"), "0.00 (1)");
    assert_eq!(of("0.004"), "20.00 (0)");
}
