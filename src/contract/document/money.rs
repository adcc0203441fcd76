//! `[values]`, `[[payments]]`, `[[caps]]`: who pays whom, for what, and at most how much.

use std::collections::BTreeMap;

use super::{
    ContractTerm, TermRule, TimeRules,
    device::DeviceRole,
    table::{self, DocumentTable, did_you_mean},
    term::{DocumentNames, read_id},
};
use crate::{
    contract::{
        currency::Currency,
        expr::{Amount, AmountScope, Bucket, ConditionScope, ExpressionError},
        problem::{Problem, ProblemPlace},
    },
    decimal::Decimal,
    time::Span,
};

/// The party that pays or is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payee {
    /// A party, by place
    Party(usize),
    /// The party that has this role of a device, by place, when an excursion breaches
    Role(DeviceRole, usize),
}

/// A payment: who pays whom, how much, and for what.
#[derive(Clone, Debug)]
pub struct Payment {
    /// What the contract calls it
    pub id: String,
    /// Who pays
    pub from: Payee,
    /// Who is paid
    pub to: Payee,
    /// What is paid for, once each; `None`: it is paid once for the whole period
    pub each: Option<Bucket>,
    /// The condition under which it is paid; `None`: always
    pub when: Option<Amount>,
    /// How much
    pub amount: Amount,
    /// The least sum between two parties that have a line of it, in the currency's smallest unit; `None`: no bound
    pub minimum: Option<i128>,
    /// The greatest sum between two parties, in the currency's smallest unit; `None`: no bound
    pub cap: Option<i128>,
    /// Whether a negative amount is paid the other way
    pub signed: bool,
}

/// A limit over all payments from one party to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PairCap {
    /// Who pays, by place
    pub from: usize,
    /// Who is paid, by place
    pub to: usize,
    /// At most so much, in the currency's smallest unit
    pub amount: i128,
}

pub(super) fn read_values(root: &DocumentTable) -> BTreeMap<String, Decimal> {
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

/// All of a document that is about money.
pub(super) struct DocumentMoney {
    pub(super) currency: Option<Currency>,
    pub(super) payments: Vec<Payment>,
    pub(super) caps: Vec<PairCap>,
}

pub(super) fn read(
    root: &DocumentTable,
    names: &DocumentNames,
    terms: &[ContractTerm],
    time: &TimeRules,
    later: &mut Vec<String>,
) -> DocumentMoney {
    let currency = root.read("currency", "an ISO 4217 code (EUR)", |value| Currency::parse(value.as_str()?));
    let payments = root.tables("payments");
    let caps = root.tables("caps");
    if root.object.get("currency").is_none() && !(payments.is_empty() && caps.is_empty()) {
        root.problems.error("", "payments need a currency = \"EUR\" or so");
    }
    // Where it is missing or wrong that has been said; the rest is still looked at.
    let reader = PaymentReader {
        currency: currency.clone().unwrap_or_else(Currency::none),
        names,
        terms,
        resolution: time.resolution,
    };
    let payments: Vec<_> = payments.into_iter().filter_map(|table| reader.payment(table)).collect();
    for (at, payment) in payments.iter().enumerate() {
        later.extend(payment.later());
        if payments[..at].iter().any(|other| other.id == payment.id) {
            root.problems.error(format!("payments[{at}].id"), format!("the id {:?} is taken", payment.id));
        }
    }
    let caps = caps.into_iter().filter_map(|table| reader.cap(table)).collect();
    DocumentMoney { currency, payments, caps }
}

struct PaymentReader<'a> {
    currency: Currency,
    names: &'a DocumentNames<'a>,
    terms: &'a [ContractTerm],
    resolution: Span,
}

impl PaymentReader<'_> {
    fn payment(&self, table: DocumentTable) -> Option<Payment> {
        let id = read_id(&table);
        let each = table.read("each", "\"excursion of TERM\", \"hour\" or \"day\"", |value| {
            bucket(value.as_str()?, self.terms)
        });
        let (from, to) = (self.payee(&table, "from", each), self.payee(&table, "to", each));
        let devices: Vec<_> = self.names.devices.iter().map(super::ContractDevice::names).collect();
        let terms: Vec<_> = self.terms.iter().map(ContractTerm::counted).collect();
        let constants = ConditionScope {
            fields: &[],
            values: self.names.values,
            areas: self.names.areas,
            units: self.names.units,
        };
        let resolution = self.resolution;
        let scope = AmountScope { devices: &devices, constants, terms: &terms, each, resolution };
        let amount = read_expression(&table, "amount", |text| Amount::parse(text, &scope));
        let amount = table.required("amount", amount);
        let when = read_expression(&table, "when", |text| Amount::parse_when(text, &scope));
        let (minimum, cap) = (self.limit(&table, "minimum"), self.limit(&table, "cap"));
        if minimum.zip(cap).is_some_and(|(minimum, cap)| minimum > cap) {
            table.error("cap", "the cap is below the minimum");
        }
        let signed = table.bool("signed").unwrap_or(false);
        table.finish();
        Some(Payment { id: id?, from: from?, to: to?, each, when, amount: amount?, minimum, cap, signed })
    }

    fn cap(&self, table: DocumentTable) -> Option<PairCap> {
        let party = |name| {
            let party = table.required(name, table.text(name))?;
            let found = self.names.party(party);
            if found.is_none() {
                let near = did_you_mean(party, self.names.parties.iter().map(|known| &*known.id));
                table.error(name, format!("a cap is between two parties, and {party:?} is none{near}"));
            }
            found
        };
        let (from, to) = (party("from"), party("to"));
        let amount = table.required("amount", self.limit(&table, "amount"));
        table.finish();
        Some(PairCap { from: from?, to: to?, amount: amount? })
    }

    /// An amount that bounds others: not below zero, and whole in the smallest unit.
    fn limit(&self, table: &DocumentTable, name: &'static str) -> Option<i128> {
        let units = self.currency.exact(table.decimal(name)?).filter(|units| *units >= 0);
        if units.is_none() {
            let zero = self.currency.text(0);
            table.error(name, format!("expected an amount of at least {zero}, with no more digits"));
        }
        units
    }

    fn payee(&self, table: &DocumentTable, name: &'static str, each: Option<Bucket>) -> Option<Payee> {
        let text = table.required(name, table.text(name))?;
        if let Some(party) = self.names.party(text) {
            return Some(Payee::Party(party));
        }
        let devices = self.names.devices.iter().map(|device| (device.name.as_str(), device.registered));
        match DeviceRole::read(text, devices) {
            Ok(_) if each.is_none() => {
                let message =
                    format!("who {text} is changes with time: each = \"excursion of TERM\" says when");
                table.error(name, message);
                None
            }
            Ok((role, device)) => Some(Payee::Role(role, device)),
            Err(why) => {
                let near = did_you_mean(text, self.names.parties.iter().map(|party| &*party.id));
                table.error(name, format!("{why}{near}"));
                None
            }
        }
    }
}

impl Payment {
    /// What this version reads in it and does not settle yet, by name.
    fn later(&self) -> Option<String> {
        let id = &self.id;
        match self.each {
            Some(Bucket::Hour) => return Some(format!("payments.{id}.each = \"hour\"")),
            Some(Bucket::Day) => return Some(format!("payments.{id}.each = \"day\"")),
            Some(Bucket::Excursion(_)) | None => {}
        }
        let measured = self.when.iter().chain([&self.amount]).any(Amount::measures);
        measured.then(|| format!("payments.{id} (it measures readings or events)"))
    }
}

fn read_expression(
    table: &DocumentTable,
    name: &'static str,
    parse: impl Fn(&str) -> Result<Amount, ExpressionError>,
) -> Option<Amount> {
    match parse(table.text(name)?) {
        Ok(amount) => Some(amount),
        Err(fault) => {
            let place = ProblemPlace::Value(table.at(name), Some(fault.at));
            table.problems.push(Problem::error(place, fault.message));
            None
        }
    }
}

fn bucket(text: &str, terms: &[ContractTerm]) -> Option<Bucket> {
    match text {
        "hour" => Some(Bucket::Hour),
        "day" => Some(Bucket::Day),
        _ => {
            let id = text.strip_prefix("excursion of ")?;
            let at = terms.iter().position(|term| term.id == id)?;
            matches!(terms[at].rule, TermRule::Require { .. }).then_some(Bucket::Excursion(at))
        }
    }
}
