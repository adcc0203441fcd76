//! What one line of a payment comes to: the amount of an excursion, or of the contract as a whole.

use crate::{
    contract::{
        document::Payment,
        eval::{Came, Excursion},
        expr::{Amount, Leaf, Leaves, Val, evaluate},
        standing::Standing,
    },
    decimal::Decimal,
    time::Time,
};

/// How long the arithmetic of a line can be; a longer one is left out: fifty must fit a ledger's line.
const MAX_CALC: usize = 100;

/// How a term came out, as amounts ask it.
pub(super) type Outcome<'a> = (Standing, &'a Came);

/// What the names of an amount stand for.
pub(super) struct Case<'a> {
    /// The excursion that is paid for, if the payment is for each
    pub(super) excursion: Option<&'a Excursion>,
    /// The terms in the contract's order; nothing before they have come out
    pub(super) terms: &'a [Outcome<'a>],
}

/// What a line comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Priced {
    /// Its condition does not hold: there is no line
    Nothing,
    /// Nobody knows, since something in it is unknown; the flag says whether a number did not fit
    Unknown(bool),
    /// So much, and how it was reckoned
    Amount(Decimal, Option<String>),
}

impl Case<'_> {
    pub(super) fn price(&self, payment: &Payment) -> Priced {
        let mut overflow = false;
        let mut ask = |amount: &Amount| evaluate(&amount.code, self, &mut overflow);
        match payment.when.as_ref().map(&mut ask) {
            Some(Some(Val::Bool(false))) => return Priced::Nothing,
            None | Some(Some(Val::Bool(true))) => {}
            Some(_) => return Priced::Unknown(overflow),
        }
        match ask(&payment.amount) {
            Some(Val::Number(amount)) => Priced::Amount(amount, self.reckoned(&payment.amount)),
            _ => Priced::Unknown(overflow),
        }
    }

    fn reckoned(&self, amount: &Amount) -> Option<String> {
        let text = amount.code.written(&|leaf| self.written(leaf));
        (text.len() <= MAX_CALC).then_some(text)
    }

    fn written(&self, leaf: &Leaf) -> String {
        if let (Leaf::Start, Some(start)) = (leaf, self.start()) {
            return start.to_string();
        }
        match self.value(leaf) {
            Some(Val::Number(number)) => number.to_string(),
            Some(Val::Bool(truth)) => truth.to_string(),
            Some(Val::Text(text)) => format!("{text:?}"),
            None => "unknown".to_owned(),
        }
    }

    fn start(&self) -> Option<Time> {
        Time::from_millis(self.excursion?.start)
    }

    /// Whether a term is breached: proven, disproven for good, or neither.
    fn breached(&self, term: usize) -> Option<bool> {
        match self.terms.get(term)?.0 {
            Standing::Breached => Some(true),
            Standing::Kept => Some(false),
            Standing::Pending | Standing::Undetermined => None,
        }
    }

    /// What was counted, of excursions or readings that are missing: as many as are proven.
    fn counted(&self, term: usize) -> Option<u64> {
        Some(match self.terms.get(term)?.1 {
            Came::Require(tally) => tally.breaches_total,
            Came::Every(misses) => *misses,
        })
    }
}

impl Leaves<Leaf> for Case<'_> {
    fn value(&self, leaf: &Leaf) -> Option<Val> {
        match leaf {
            Leaf::Duration => seconds(self.excursion?.milliseconds),
            Leaf::Start => seconds(self.excursion?.start),
            Leaf::Extreme => self.excursion?.extreme,
            Leaf::Excess => self.excursion?.excess(),
            Leaf::Breached(term) => return self.breached(*term).map(Val::Bool),
            Leaf::Excursions(term) | Leaf::Misses(term) => Decimal::new(self.counted(*term)?.into(), 0),
            // Measures and buckets are refused by name before anything is evaluated.
            _ => None,
        }
        .map(Val::Number)
    }
}

fn seconds(millis: i64) -> Option<Decimal> {
    Decimal::new(millis.into(), 3)
}
