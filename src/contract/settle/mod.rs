//! Settlement: who pays whom. Lines are priced as excursions end, summed by pair, and set off at the end.
//!
//! ```text
//! Evaluation ─ breaches ─► Bill (lines, sums by pair) ─ terms ─► Settlement (payments, net, findings)
//! ```
//!
//! A line is priced once nothing can change it any more, so that a contract of a million excursions needs no
//! more memory than one of fifty; only payments that also depend on the results of terms wait for the end.

mod event_book;
mod pairs;
mod price;
mod term_outcome;

pub use pairs::{PartyPair, Sums};

use self::event_book::EventBook;
use self::price::{Price, PricedThing, PricingCase};
use self::term_outcome::TermOutcome;
use super::{
    bucket::Bucket,
    document::{Contract, Payee, Payment, TermRule},
    eval::{
        ContractFinding, ContractFindingKind, ContractFindings, DeviceRoles, EntryId, Evaluated, Evaluation,
        Excursion, LISTED, TermResult,
    },
    expr::Amount,
    standing::standing_of,
};
use crate::{decimal::Decimal, time::Time};

/// One line of a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentLine {
    /// The party that pays and the party that is paid
    pub pair: PartyPair,
    /// How much, in the currency's smallest unit
    pub amount: i128,
    /// Its arithmetic; `None`: that is too long to list
    pub calc: Option<String>,
    /// When the excursion or bucket began, or the event happened, that it is for; `None`: it is for the whole period
    pub start: Option<Time>,
}

/// The lines of a payment, and their sums.
#[derive(Clone, Debug, Default)]
pub struct PaymentResult {
    /// The first lines
    pub lines: Vec<PaymentLine>,
    /// How many there were
    pub lines_total: u64,
    /// How many have no price, and pay nothing
    pub unpriced: u64,
    /// What it comes to between each pair
    pub sums: Sums,
    /// Excursions whose price depends on how terms come out
    waiting: Vec<Excursion>,
}

/// All payments, and what each party owes another in the end.
#[derive(Clone, Debug)]
pub struct Settlement {
    /// The payments, in the contract's order
    pub payments: Vec<PaymentResult>,
    /// What is owed after all caps, one way of each pair
    pub net: Sums,
    /// Findings about lines that have no price
    pub findings: ContractFindings,
}

/// The lines so far.
pub struct Bill<'a> {
    contract: &'a Contract,
    payments: Vec<PaymentResult>,
    findings: ContractFindings,
}

impl<'a> Bill<'a> {
    /// A bill without lines.
    pub fn new(contract: &'a Contract) -> Self {
        let payments = vec![PaymentResult::default(); contract.payments.len()];
        Self { contract, payments, findings: ContractFindings::default() }
    }

    /// Prices the excursions that have ended. Without this call the result is the same, but takes more memory.
    pub fn follow(&mut self, evaluation: &mut Evaluation) {
        for (term, excursion) in evaluation.breaches() {
            self.breach(term, &excursion, evaluation.roles());
        }
    }

    /// Prices what is left. Where events leave no period, nobody knows what is due, and nothing has a price.
    pub fn settle(mut self, evaluated: &Evaluated) -> Settlement {
        if evaluated.period.is_contradicted {
            (0..self.contract.payments.len()).for_each(|at| self.unpriced(at, None));
            return self.net();
        }
        for (term, result) in evaluated.terms.iter().enumerate() {
            if let TermResult::Require(tally) = result {
                tally.breaches.iter().for_each(|excursion| self.breach(term, excursion, &evaluated.roles));
            }
        }
        let is_closed = self.contract.is_closed(evaluated.as_of);
        let terms = self.contract.terms.iter().zip(&evaluated.terms);
        let outcome = |(term, result)| {
            let (standing, _) = standing_of(term, result, is_closed);
            TermOutcome { standing, result, is_closed }
        };
        let terms: Vec<TermOutcome> = terms.map(outcome).collect();
        let events = EventBook::new(self.contract, evaluated);
        for (at, payment) in self.contract.payments.iter().enumerate() {
            let waiting = std::mem::take(&mut self.payments[at].waiting);
            let mut things: Vec<_> = waiting.iter().map(PricedThing::Excursion).collect();
            let mut buckets = evaluated.measured.of_payment(at);
            match payment.each {
                None => things.push(PricedThing::Period(buckets.next())),
                Some(Bucket::Event(_)) => {
                    let period = buckets.next();
                    let event = |(name, event)| PricedThing::Event(name, event, period);
                    things.extend(events.each(payment.each.as_ref()).map(event));
                }
                // Of an hour that is not over nothing is paid yet.
                Some(_) => things.extend(buckets.filter(|bucket| bucket.is_over).map(PricedThing::Bucket)),
            }
            for of in things {
                let case = PricingCase { of, terms: &terms, events: &events, contract: self.contract };
                self.line(at, &case, &evaluated.roles);
            }
        }
        self.net()
    }

    fn breach(&mut self, term: usize, excursion: &Excursion, roles: &DeviceRoles) {
        for (at, payment) in self.contract.payments.iter().enumerate() {
            if payment.each != Some(Bucket::Excursion(term)) {
                continue;
            }
            if payment.expressions().any(Amount::waits) {
                self.payments[at].waiting.push(excursion.clone());
            } else {
                let of = PricedThing::Excursion(excursion);
                let events = &EventBook::default();
                let case = PricingCase { of, terms: &[], events, contract: self.contract };
                self.line(at, &case, roles);
            }
        }
    }

    /// Adds a line of a payment if its condition holds, or a finding if its price is unknown.
    fn line(&mut self, at: usize, case: &PricingCase, roles: &DeviceRoles) {
        let payment = &self.contract.payments[at];
        let is_listed = self.payments[at].lines.len() < LISTED;
        let (amount, calc) = match case.price(payment, is_listed) {
            Price::Nothing => return,
            Price::Unknown(overflow) => {
                if overflow {
                    self.find(at, case.first_entry(), ContractFindingKind::Overflow);
                }
                return self.unpriced(at, case.first_entry());
            }
            Price::Amount(amount, calc) => (amount, calc),
        };
        let units =
            self.contract.currency.as_ref().and_then(|currency| currency.round(amount, payment.round));
        // What is below zero is so before it is rounded: else it would be a line of nothing, and a minimum due.
        let units = units.filter(|_| payment.signed || amount >= Decimal::ZERO);
        let pair = self.pair(payment, case, roles);
        let start = case.start();
        let line = units.zip(pair).map(|(amount, pair)| PaymentLine { pair, amount, calc, start });
        if !line.is_some_and(|line| self.payments[at].add(line)) {
            self.unpriced(at, case.first_entry());
        }
    }

    fn pair(&self, payment: &Payment, case: &PricingCase, roles: &DeviceRoles) -> Option<PartyPair> {
        let payee = |payee| match payee {
            Payee::Party(party) => Some(self.contract.parties[party].id.clone()),
            Payee::Role(role, device) => {
                let at = case.decided_at()?;
                roles.holder(self.contract, role, device, at)
            }
        };
        Some((payee(payment.from)?, payee(payment.to)?))
    }

    /// `entry`: the one that the line is about; `None`: it is about no single one.
    fn unpriced(&mut self, at: usize, entry: Option<EntryId>) {
        self.payments[at].unpriced += 1;
        self.find(at, entry, ContractFindingKind::Unpriced);
    }

    fn find(&mut self, at: usize, entry: Option<EntryId>, kind: ContractFindingKind) {
        let payment = &self.contract.payments[at];
        let device = match payment.each {
            Some(Bucket::Excursion(term)) => match self.contract.terms[term].rule {
                TermRule::Require { device, .. } => Some(device),
                TermRule::Every { .. } | TermRule::Measure { .. } | TermRule::Event { .. } => None,
            },
            _ => payment.measured_device(),
        };
        self.findings.add(ContractFinding { entry, kind, device, field: None });
    }

    fn net(mut self) -> Settlement {
        for (paid, payment) in self.payments.iter_mut().zip(&self.contract.payments) {
            paid.sums = pairs::bounded(payment, std::mem::take(&mut paid.sums));
        }
        let net = pairs::net(self.contract, self.payments.iter().map(|paid| &paid.sums));
        Settlement { payments: self.payments, net, findings: self.findings }
    }
}

impl PaymentResult {
    /// Whether the sum still fits with this line.
    fn add(&mut self, line: PaymentLine) -> bool {
        let so_far = self.sums.get(&line.pair).copied().unwrap_or(0);
        let Some(sum) = pairs::added(so_far, line.amount) else { return false };
        self.sums.insert(line.pair.clone(), sum);
        self.lines_total += 1;
        if self.lines.len() < LISTED {
            self.lines.push(line);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(amount: i128) -> PaymentLine {
        PaymentLine { pair: ("carrier".to_owned(), "shipper".to_owned()), amount, calc: None, start: None }
    }

    #[test]
    fn however_many_lines_there_are_fifty_are_kept() {
        let mut paid = PaymentResult::default();
        assert!((0..60).all(|_| paid.add(line(5))));
        assert_eq!((paid.lines.len(), paid.lines_total), (LISTED, 60));
        assert_eq!(paid.sums.values().copied().collect::<Vec<_>>(), [300]);
    }

    #[test]
    fn a_sum_that_cannot_be_reckoned_with_stays_as_it_was() {
        let mut paid = PaymentResult::default();
        let most = 1 << 110;
        assert!(paid.add(line(most)));
        assert!(!paid.add(line(1)) && !paid.add(line(i128::MAX)));
        assert!(paid.add(line(-2 * most)) && !paid.add(line(-1)));
        assert_eq!((paid.lines_total, paid.sums.values().copied().sum::<i128>()), (2, -most));
    }
}
