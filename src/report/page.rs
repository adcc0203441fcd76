//! A contract's verdict as people are shown it: what its parts have in common.

use std::cmp::Ordering;

use super::{open_until::OpenUntil, party::PartyNames};
use crate::{
    contract::{
        document::{Contract, TermRule},
        eval::{Evaluated, TermResult},
        zone::ContractZone,
    },
    decimal::Decimal,
    escape::escape,
    json::Object,
    record::quantity::symbol,
    time::{Span, Time, Zone},
};

/// A contract, what its readings come to, and the zone of those who read about it.
pub struct VerdictPage<'a> {
    /// The contract
    pub(super) contract: &'a Contract,
    /// The record that it was read from
    pub(super) record: &'a Object,
    /// What the verdict was made from
    pub(super) evaluated: &'a Evaluated,
    /// The contract's own zone, or the reader's
    pub(super) zone: Zone,
    /// What the verdict waits for; nothing if it is final
    pub(super) open: Vec<OpenUntil>,
    /// The parties that have not accepted the contract, by the names that it gives them
    pub(super) unaccepted: Vec<&'a str>,
    /// What nobody verified, or nobody outside vouches for: a sentence each
    pub(super) unverified: Vec<String>,
}

impl<'a> VerdictPage<'a> {
    /// A page in the zone that the contract names, or else in the reader's.
    pub fn new(contract: &'a Contract, record: &'a Object, evaluated: &'a Evaluated, local: Zone) -> Self {
        let zone = contract.time.zone.as_ref().and_then(ContractZone::shown).unwrap_or(local);
        Self {
            contract,
            record,
            evaluated,
            zone,
            open: Vec::new(),
            unaccepted: Vec::new(),
            unverified: Vec::new(),
        }
    }

    /// Says what the verdict waits for.
    #[must_use]
    pub fn open_until(mut self, open: Vec<OpenUntil>) -> Self {
        self.open = open;
        self
    }

    /// Says which parties have not accepted.
    #[must_use]
    pub fn unaccepted_by(mut self, parties: Vec<&'a str>) -> Self {
        self.unaccepted = parties;
        self
    }

    /// Says what the verdict takes on trust.
    #[must_use]
    pub fn trusting(mut self, unverified: Vec<String>) -> Self {
        self.unverified = unverified;
        self
    }

    pub(super) fn parties(&self) -> PartyNames<'a> {
        PartyNames { contract: self.record, roles: &self.evaluated.roles }
    }

    pub(super) fn show(&self, time: Time) -> String {
        self.zone.show(time)
    }

    /// An instant of a verdict's line.
    pub(super) fn when(&self, text: &str) -> String {
        Time::parse(text).map_or_else(|| escape(text), |time| self.show(time))
    }

    /// From one instant of a verdict's line to another; the end is `None` where it still lasts.
    pub(super) fn stretch(&self, start: &str, end: Option<&str>) -> String {
        match (Time::parse(start), end.map(Time::parse)) {
            (Some(start), Some(Some(end))) => self.zone.show_stretch(start, end),
            (Some(start), None) => format!("since {}", self.show(start)),
            _ => escape(&format!("{start} to {}", end.unwrap_or_default())),
        }
    }

    /// The place of a term; `None`: there is none of this id.
    pub(super) fn term(&self, id: &str) -> Option<usize> {
        self.contract.terms.iter().position(|term| term.id == id)
    }

    /// A value that a term's condition compares, with its unit.
    pub(super) fn value(&self, term: usize, value: Decimal) -> String {
        let TermRule::Require { device, condition, .. } = &self.contract.terms[term].rule else {
            return value.to_string();
        };
        let field = condition.margin().map(|margin| &self.contract.devices[*device].fields[margin.field]);
        let unit = field.and_then(|field| field.unit.as_deref());
        unit.map_or_else(|| value.to_string(), |unit| format!("{value} {}", symbol(unit)))
    }

    /// A value that a term's condition compares, and how far it is from the limit.
    pub(super) fn worst(&self, term: usize, text: &str) -> String {
        let Some(value) = Decimal::parse(text) else { return escape(text) };
        let margin = match &self.contract.terms[term].rule {
            TermRule::Require { condition, .. } => condition.margin(),
            TermRule::Measure { condition, .. } => condition.margin(),
            TermRule::Every { .. } | TermRule::Event { .. } => None,
        };
        let distance = margin.and_then(|margin| margin.of_value(value));
        let margin = distance.map(|distance| format!(", {}", self.margin(term, distance)));
        format!("{}{}", self.value(term, value), margin.unwrap_or_default())
    }

    /// How far a value is from the limit: above zero inside, below outside.
    pub(super) fn margin(&self, term: usize, distance: Decimal) -> String {
        match distance.cmp(&Decimal::ZERO) {
            Ordering::Less => format!("{} beyond the limit", self.value(term, distance.negated())),
            Ordering::Equal => "right at the limit".to_owned(),
            Ordering::Greater => format!("{} within the limit", self.value(term, distance)),
        }
    }

    pub(super) fn result(&self, term: usize) -> &'a TermResult {
        &self.evaluated.terms[term]
    }
}

/// A length of time in milliseconds.
pub(super) fn span(millis: u64) -> Span {
    Span::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
}

/// A count, with a comma at each thousand.
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A number of things, by their name for one and for several.
pub(super) fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped_by_thousands() {
        let shown = [0, 12, 999, 1_000, 12_345, 1_234_567].map(grouped);
        assert_eq!(shown, ["0", "12", "999", "1,000", "12,345", "1,234,567"]);
        assert_eq!([counted(1, "reading", "readings"), counted(2, "a", "b")], ["1 reading", "2 b"]);
    }
}
