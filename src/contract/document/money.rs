//! `[values]`, `[[payments]]`, `[[caps]]`, `[[excuses]]`: read and type-checked; settled by a later version.

use std::collections::BTreeMap;

use super::{
    Rule, Term,
    device::role_of,
    table::{self, Table},
    term::{Names, read_id},
};
use crate::{
    contract::{
        expr::{Amount, AmountScope, Bucket, ConditionScope, Fault},
        problem::{Place, Problem},
    },
    decimal::Decimal,
};

/// Who pays, or is paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payee {
    /// A party, by place
    Party(usize),
    /// `owner(probe)`, `operator(probe)` or `custodian(probe)`
    Role(String),
}

/// Who pays what to whom, when.
#[derive(Clone, Debug)]
pub struct Payment {
    /// What the contract calls it
    pub id: String,
    /// Who pays
    pub from: Payee,
    /// Who is paid
    pub to: Payee,
    /// What is paid for, once each; none: once
    pub each: Option<Bucket>,
    /// Under which condition
    pub when: Option<Amount>,
    /// How much
    pub amount: Amount,
    /// At least
    pub minimum: Option<Decimal>,
    /// At most
    pub cap: Option<Decimal>,
    /// Whether a negative amount is paid the other way
    pub signed: bool,
}

/// A limit over all payments from one party to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cap {
    /// Who pays
    pub from: Payee,
    /// Who is paid
    pub to: Payee,
    /// At most
    pub amount: Decimal,
}

/// An event that takes time out of terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excuse {
    /// Which event
    pub event: String,
    /// The parties that sign it
    pub signed_by: Vec<usize>,
    /// The terms that it excuses
    pub terms: Vec<usize>,
}

pub(super) fn read_values(root: &Table) -> BTreeMap<String, Decimal> {
    let mut values = BTreeMap::new();
    let Some(table) = root.table("values") else { return values };
    for (id, value) in table.object.iter() {
        table.check_id(id);
        match table::decimal(value) {
            Some(decimal) => drop(values.insert(id.to_owned(), decimal)),
            None => table.error(id, "expected a decimal as text (\"40000.00\")"),
        }
    }
    values
}

pub(super) fn read(
    root: &Table,
    names: &Names,
    terms: &[Term],
    later: &mut Vec<String>,
) -> (Vec<Payment>, Vec<Cap>) {
    let payments: Vec<_> =
        root.tables("payments").into_iter().filter_map(|table| read_payment(table, names, terms)).collect();
    for (at, payment) in payments.iter().enumerate() {
        later.push(format!("payments.{}", payment.id));
        if payments[..at].iter().any(|other| other.id == payment.id) {
            root.notes.error(format!("payments[{at}].id"), format!("the id {:?} is taken", payment.id));
        }
    }
    if !payments.is_empty() && root.object.get("currency").is_none() {
        root.notes.error("", "payments need a currency = \"EUR\" or so");
    }
    let mut caps = Vec::new();
    for table in root.tables("caps") {
        let (from, to) = (read_payee(&table, "from", names), read_payee(&table, "to", names));
        let amount = table.required("amount", table.decimal("amount"));
        table.finish();
        if let (Some(from), Some(to), Some(amount)) = (from, to, amount) {
            caps.push(Cap { from, to, amount });
        }
    }
    if !caps.is_empty() {
        later.push("caps".to_owned());
    }
    (payments, caps)
}

fn read_payment(table: Table, names: &Names, terms: &[Term]) -> Option<Payment> {
    let id = read_id(&table);
    let (from, to) = (read_payee(&table, "from", names), read_payee(&table, "to", names));
    let each = table
        .read("each", "\"excursion of TERM\", \"hour\" or \"day\"", |value| bucket(value.as_str()?, terms));
    let devices: Vec<_> = names.devices.iter().map(super::Device::names).collect();
    let ids: Vec<_> = terms.iter().map(|term| term.id.clone()).collect();
    let constants = ConditionScope { fields: &[], values: names.values, areas: names.areas };
    let scope = AmountScope { devices: &devices, constants, terms: &ids, each };
    let amount = read_expression(&table, "amount", |text| Amount::parse(text, &scope));
    let amount = table.required("amount", amount);
    let when = read_expression(&table, "when", |text| Amount::parse_when(text, &scope));
    let (minimum, cap) = (table.decimal("minimum"), table.decimal("cap"));
    let signed = table.bool("signed").unwrap_or(false);
    table.finish();
    Some(Payment { id: id?, from: from?, to: to?, each, when, amount: amount?, minimum, cap, signed })
}

fn read_expression(
    table: &Table,
    name: &'static str,
    parse: impl Fn(&str) -> Result<Amount, Fault>,
) -> Option<Amount> {
    match parse(table.text(name)?) {
        Ok(amount) => Some(amount),
        Err(fault) => {
            let place = Place::Value(table.at(name), Some(fault.at));
            table.notes.push(Problem::error(place, fault.message));
            None
        }
    }
}

fn read_payee(table: &Table, name: &'static str, names: &Names) -> Option<Payee> {
    let text = table.required(name, table.text(name))?;
    if let Some(party) = names.party(text) {
        return Some(Payee::Party(party));
    }
    if role_of(text).is_some_and(|device| names.devices.iter().any(|known| known.name == device)) {
        return Some(Payee::Role(text.to_owned()));
    }
    table
        .error(name, format!("{text:?} is no party, and no owner(…), operator(…), custodian(…) of a device"));
    None
}

fn bucket(text: &str, terms: &[Term]) -> Option<Bucket> {
    match text {
        "hour" => Some(Bucket::Hour),
        "day" => Some(Bucket::Day),
        _ => {
            let id = text.strip_prefix("excursion of ")?;
            let at = terms.iter().position(|term| term.id == id)?;
            matches!(terms[at].rule, Rule::Require { .. }).then_some(Bucket::Excursion(at))
        }
    }
}

pub(super) fn read_excuses(
    root: &Table,
    names: &Names,
    terms: &[Term],
    later: &mut Vec<String>,
) -> Vec<Excuse> {
    let mut excuses = Vec::new();
    for table in root.tables("excuses") {
        let event = table.required("event", table.text("event"));
        let signed_by =
            table.required("signed_by", Some(table.list("signed_by", "parties", |id| names.party(id))));
        let place = |id: &str| terms.iter().position(|term| term.id == id);
        let covered = table.required("terms", Some(table.list("terms", "terms", place)));
        table.finish();
        if let (Some(event), Some(signed_by), Some(terms)) = (event, signed_by, covered) {
            later.push(format!("excuses ({event})"));
            excuses.push(Excuse { event: event.to_owned(), signed_by, terms });
        }
    }
    excuses
}
