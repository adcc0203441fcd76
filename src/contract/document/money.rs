//! `[values]`, `[[payments]]`, `[[caps]]`: who pays whom, for what, and at most how much.

use std::collections::BTreeMap;

use super::{
    ContractTerm, Payment, TimeRules,
    names::DocumentNames,
    payment::PaymentReader,
    table::{self, DocumentTable, did_you_mean},
};
use crate::{contract::currency::Currency, decimal::Decimal};

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
) -> DocumentMoney {
    let currency = root.read("currency", "an ISO 4217 code (EUR)", |value| Currency::parse(value.as_str()?));
    let payments = root.tables("payments");
    let caps = root.tables("caps");
    if root.object.get("currency").is_none() && !(payments.is_empty() && caps.is_empty()) {
        root.problems.error("", "payments need a currency = \"EUR\" or so");
    }
    // Where it is missing or wrong that has been said; the rest is still looked at.
    let reader =
        PaymentReader { currency: currency.clone().unwrap_or_else(Currency::none), names, terms, time };
    let payments: Vec<_> = payments.into_iter().filter_map(|table| reader.payment(table)).collect();
    for (at, payment) in payments.iter().enumerate() {
        if payments[..at].iter().any(|other| other.id == payment.id) {
            root.problems.error(format!("payments[{at}].id"), format!("the id {:?} is taken", payment.id));
        }
    }
    let caps = caps.into_iter().filter_map(|table| reader.cap(table)).collect();
    DocumentMoney { currency, payments, caps }
}

impl PaymentReader<'_> {
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
}
