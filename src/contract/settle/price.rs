//! The price of one line of a payment: for one excursion, or for the contract as a whole.

use crate::{
    contract::{
        document::Payment,
        eval::{Excursion, TermResult},
        expr::{Amount, AmountLeaf, ExpressionValue, LeafValues, evaluate},
        standing::Standing,
    },
    decimal::Decimal,
    time::{Span, Time},
};

/// How long the arithmetic of a line can be; a longer one is left out: fifty must fit a ledger's line.
const MAX_CALC: usize = 100;

/// The standing and the result of a term, for amounts that ask for them.
pub(super) type TermOutcome<'a> = (Standing, &'a TermResult);

/// The values that the names of an amount stand for.
pub(super) struct PricingCase<'a> {
    /// The excursion that is paid for; `None`: the payment is for the whole period
    pub(super) excursion: Option<&'a Excursion>,
    /// The terms in the contract's order; empty while their results are not known
    pub(super) terms: &'a [TermOutcome<'a>],
    /// The unit in which lengths of time are paid
    pub(super) resolution: Span,
}

/// The price of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Price {
    /// Its condition does not hold: there is no line
    Nothing,
    /// Not known, since something in it is unknown; the flag says whether a number did not fit
    Unknown(bool),
    /// The amount, and its arithmetic unless that is too long
    Amount(Decimal, Option<String>),
}

impl PricingCase<'_> {
    pub(super) fn price(&self, payment: &Payment) -> Price {
        let mut overflow = false;
        let mut ask = |amount: &Amount| evaluate(&amount.code, self, &mut overflow);
        match payment.when.as_ref().map(&mut ask) {
            Some(Some(ExpressionValue::Bool(false))) => return Price::Nothing,
            None | Some(Some(ExpressionValue::Bool(true))) => {}
            Some(_) => return Price::Unknown(overflow),
        }
        match ask(&payment.amount) {
            Some(ExpressionValue::Number(amount)) => Price::Amount(amount, self.reckoned(&payment.amount)),
            _ => Price::Unknown(overflow),
        }
    }

    fn reckoned(&self, amount: &Amount) -> Option<String> {
        let text = amount.code.written(&|leaf| self.written(leaf));
        (text.len() <= MAX_CALC).then_some(text)
    }

    fn written(&self, leaf: &AmountLeaf) -> String {
        if let (AmountLeaf::Start, Some(start)) = (leaf, self.start()) {
            return start.to_string();
        }
        match self.value(leaf) {
            Some(ExpressionValue::Number(number)) => number.to_string(),
            Some(ExpressionValue::Bool(truth)) => truth.to_string(),
            Some(ExpressionValue::Text(text)) => format!("{text:?}"),
            None => "unknown".to_owned(),
        }
    }

    /// A length of time in whole units of the resolution.
    fn whole_seconds(&self, millis: i64) -> Option<Decimal> {
        seconds(Span::from_millis(millis).whole(self.resolution).millis())
    }

    fn start(&self) -> Option<Time> {
        Time::from_millis(self.excursion?.start)
    }

    /// Whether a term is breached; `None`: that is not decided.
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
            TermResult::Require(tally) => tally.breaches_total,
            TermResult::Every(misses) => *misses,
            TermResult::Event(_) => return None,
        })
    }
}

impl LeafValues<AmountLeaf> for PricingCase<'_> {
    fn value(&self, leaf: &AmountLeaf) -> Option<ExpressionValue> {
        match leaf {
            AmountLeaf::Duration => self.whole_seconds(self.excursion?.milliseconds),
            AmountLeaf::Proven => self.whole_seconds(self.excursion?.proven),
            AmountLeaf::Beyond => self.whole_seconds(self.excursion?.beyond),
            AmountLeaf::Start => seconds(self.excursion?.start),
            AmountLeaf::Extreme => self.excursion?.extreme,
            AmountLeaf::Excess => self.excursion?.excess(),
            AmountLeaf::Breached(term) => return self.breached(*term).map(ExpressionValue::Bool),
            AmountLeaf::Excursions(term) | AmountLeaf::Misses(term) => {
                Decimal::new(self.counted(*term)?.into(), 0)
            }
            // Measures and buckets are refused by name before anything is evaluated.
            _ => None,
        }
        .map(ExpressionValue::Number)
    }
}

fn seconds(millis: i64) -> Option<Decimal> {
    Decimal::new(millis.into(), 3)
}
