//! `[[payments]]`: who pays whom, how much, and for what.

use std::sync::Arc;

use super::{
    ContractTerm, TermRule, TimeRules,
    device::DeviceRole,
    group,
    measure::{self, STRETCHES},
    names::{DocumentNames, read_id},
    table::{DocumentTable, did_you_mean},
};
use crate::{
    contract::{
        bucket::Bucket,
        currency::Currency,
        expr::{Amount, AmountScope, ConditionScope, ExpressionError},
        problem::{Problem, ProblemPlace},
    },
    decimal::Rounding,
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
    /// How a line is rounded to the currency's smallest unit
    pub round: Rounding,
}

/// Reads payments, with the names that they can use.
pub(super) struct PaymentReader<'a> {
    pub(super) currency: Currency,
    pub(super) names: &'a DocumentNames<'a>,
    pub(super) terms: &'a [ContractTerm],
    pub(super) time: &'a TimeRules,
}

impl PaymentReader<'_> {
    pub(super) fn payment(&self, table: DocumentTable) -> Option<Payment> {
        let id = read_id(&table);
        let each = self.each(&table);
        let (from, to) = (self.payee(&table, "from", each.as_ref()), self.payee(&table, "to", each.as_ref()));
        let devices = group::distinct_names(self.names.devices);
        let terms: Vec<_> = self.terms.iter().map(ContractTerm::counted).collect();
        let constants = ConditionScope {
            fields: &[],
            values: self.names.values,
            areas: self.names.areas,
            units: self.names.units,
        };
        let resolution = self.time.resolution;
        let each_of = each.as_ref();
        let scope = AmountScope {
            devices: &devices,
            constants,
            terms: &terms,
            each: each_of,
            resolution,
            has_calendar: self.names.has_calendar,
            shared: &group::shared_names(self.names.devices),
        };
        let amount = read_expression(&table, "amount", |text| Amount::parse(text, &scope));
        let amount = table.required("amount", amount);
        let when = read_expression(&table, "when", |text| Amount::parse_when(text, &scope));
        for (name, asks) in [("amount", &amount), ("when", &when)] {
            if let Some(asks) = asks {
                self.check(&table, name, asks, each_of);
            }
        }
        let round = table.read("round", "\"half-even\", \"half-up\", \"up\" or \"down\"", |value| {
            rounding(value.as_str()?)
        });
        let round = round.unwrap_or_default();
        let (minimum, cap) = (self.limit(&table, "minimum"), self.limit(&table, "cap"));
        if minimum.zip(cap).is_some_and(|(minimum, cap)| minimum > cap) {
            table.error("cap", "the cap is below the minimum");
        }
        let signed = table.bool("signed").unwrap_or(false);
        table.finish();
        let (id, from, to, amount) = (id?, from?, to?, amount?);
        Some(Payment { id, from, to, each, when, amount, minimum, cap, signed, round })
    }

    fn each(&self, table: &DocumentTable) -> Option<Bucket> {
        let wanted = format!("\"excursion of TERM\", \"event NAME\", {STRETCHES}");
        table.read("each", &wanted, |value| {
            let text = value.as_str()?;
            let event = text.strip_prefix("event ").filter(|name| !name.is_empty());
            let event = event.map(|name| Bucket::Event(Arc::from(name)));
            let of_term = text.strip_prefix("excursion of ").and_then(|id| self.excursion_of(id));
            event.or(of_term).or_else(|| Bucket::stretch(text))
        })
    }

    fn excursion_of(&self, id: &str) -> Option<Bucket> {
        let at = self.terms.iter().position(|term| term.id == id)?;
        matches!(self.terms[at].rule, TermRule::Require { .. }).then_some(Bucket::Excursion(at))
    }

    /// What an amount measures must be known where it is asked for. Measures are of stretches of time whose borders the contract
    /// fixes: where an excursion ends, and what of it counts, depends on `gap`, on what is excused and on what is unknown.
    fn check(&self, table: &DocumentTable, name: &'static str, asks: &Amount, each: Option<&Bucket>) {
        measure::check((table, name), &asks.measures, self.names.devices, self.time);
        if matches!(each, Some(Bucket::Excursion(_))) && !asks.measures.is_empty() {
            table.error(
                name,
                "an excursion is measured by duration, proven, extreme and excess: `extreme` is the max(…) or min(…) of \
                 what the term compares, `duration` its seconds(…); other measures are of a stretch of time: each = \
                 \"hour\" with when = \"max(…) > …\" pays for each hour in which it was so",
            );
        }
    }

    fn payee(&self, table: &DocumentTable, name: &'static str, each: Option<&Bucket>) -> Option<Payee> {
        let text = table.required(name, table.text(name))?;
        if let Some(party) = self.names.party(text) {
            return Some(Payee::Party(party));
        }
        let devices = self.names.devices.iter().map(|device| (device.name.as_str(), device.registered));
        match DeviceRole::read(text, devices) {
            Ok(_) if each.is_none() => {
                let message = format!(
                    "who {text} is changes with time: each = \"excursion of TERM\" or \"day\" says when"
                );
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

    /// An amount that bounds others: not below zero, and whole in the smallest unit.
    pub(super) fn limit(&self, table: &DocumentTable, name: &'static str) -> Option<i128> {
        let units = self.currency.exact(table.decimal(name)?).filter(|units| *units >= 0);
        if units.is_none() {
            let zero = self.currency.text(0);
            table.error(name, format!("expected an amount of at least {zero}, with no more digits"));
        }
        units
    }
}

fn rounding(text: &str) -> Option<Rounding> {
    Some(match text {
        "half-even" => Rounding::HalfEven,
        "half-up" => Rounding::HalfUp,
        "up" => Rounding::Up,
        "down" => Rounding::Down,
        _ => return None,
    })
}

impl Payment {
    /// The expressions in it.
    pub fn expressions(&self) -> impl Iterator<Item = &Amount> {
        self.when.iter().chain([&self.amount])
    }

    /// The one device that it measures; `None`: it measures none, or several.
    pub fn measured_device(&self) -> Option<usize> {
        let mut devices =
            self.expressions().flat_map(|asks| asks.measures.iter().map(|measure| measure.device));
        let first = devices.next()?;
        devices.all(|device| device == first).then_some(first)
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
