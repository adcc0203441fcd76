//! The price of one line of a payment: for one excursion or bucket, or for the contract as a whole.

use super::{event_book::EventBook, term_outcome::TermOutcome};
use crate::{
    contract::{
        document::{Contract, Payment},
        eval::{EntryId, Excursion, MeasuredBucket, MeasuredRow, SignedEvent},
        expr::{
            Amount, AmountLeaf, Bounds, ExpressionValue, LeafBounds, LeafValues, bounds, decide, evaluate,
        },
        zone::weekday,
    },
    decimal::Decimal,
    json::Value,
    time::{Span, Time},
};

/// How long the arithmetic of a line can be; a longer one is left out: fifty must fit a ledger's line.
const MAX_CALC: usize = 100;

/// What a line is paid for.
#[derive(Clone, Copy)]
pub(super) enum PricedThing<'a> {
    /// The whole period, with what was measured in it; `None`: nothing is
    Period(Option<MeasuredBucket<'a>>),
    /// An excursion
    Excursion(&'a Excursion),
    /// A bucket that is over
    Bucket(MeasuredBucket<'a>),
    /// An event of a name, with what was measured in the whole period; `None`: nothing is
    Event(&'a str, &'a SignedEvent, Option<MeasuredBucket<'a>>),
}

/// The values that the names of an amount stand for.
pub(super) struct PricingCase<'a> {
    pub(super) of: PricedThing<'a>,
    /// The terms in the contract's order; empty while their results are not known
    pub(super) terms: &'a [TermOutcome<'a>],
    pub(super) events: &'a EventBook,
    pub(super) contract: &'a Contract,
}

/// The price of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Price {
    /// Its condition does not hold: there is no line
    Nothing,
    /// Not known, since something in it is unknown; the flag says whether a number did not fit
    Unknown(bool),
    /// The amount, and its arithmetic unless that is too long or not asked for
    Amount(Decimal, Option<String>),
}

impl PricingCase<'_> {
    /// The price of a payment's line. `is_listed`: with its arithmetic.
    pub(super) fn price(&self, payment: &Payment, is_listed: bool) -> Price {
        let when = self.asks(|bucket| bucket.when);
        let amount = AskedCase { asks: Asks::Shown, ..self.asks(|bucket| bucket.amount) };
        let mut overflow = false;
        match payment.when.as_ref().map(|asked| when.truth(asked, &mut overflow)) {
            Some(Some(false)) => return Price::Nothing,
            None | Some(Some(true)) => {}
            Some(None) => return Price::Unknown(overflow || when.has_overflow()),
        }
        match amount.number(&payment.amount, &mut overflow) {
            Some(number) => {
                Price::Amount(number, is_listed.then(|| amount.reckoned(&payment.amount)).flatten())
            }
            None => Price::Unknown(overflow || amount.has_overflow()),
        }
    }

    fn asks(&self, row: impl Fn(MeasuredBucket) -> MeasuredRow) -> AskedCase<'_> {
        let measured = match self.of {
            PricedThing::Period(bucket) | PricedThing::Event(_, _, bucket) => bucket.map(row),
            PricedThing::Bucket(bucket) => Some(row(bucket)),
            PricedThing::Excursion(_) => None,
        };
        AskedCase { case: self, measured, asks: Asks::Known }
    }

    /// When the excursion or bucket began, or the event happened; `None`: it is for the whole period.
    pub(super) fn start(&self) -> Option<Time> {
        match self.of {
            PricedThing::Excursion(excursion) => Time::from_millis(excursion.start),
            PricedThing::Bucket(bucket) => Time::from_millis(bucket.start),
            PricedThing::Event(_, event, _) => Some(event.time),
            PricedThing::Period(_) => None,
        }
    }

    /// The instant as of which parties have roles; `None`: there is none of the whole period.
    pub(super) fn decided_at(&self) -> Option<Time> {
        match self.of {
            PricedThing::Excursion(it) => Time::from_millis(it.breached_at.unwrap_or(it.start)),
            PricedThing::Bucket(_) | PricedThing::Event(..) | PricedThing::Period(_) => self.start(),
        }
    }

    /// The entry that began the excursion, or with which all had signed the event.
    pub(super) fn first_entry(&self) -> Option<EntryId> {
        match self.of {
            PricedThing::Event(_, event, _) => Some(event.entry),
            _ => self.excursion().map(|excursion| excursion.first_entry),
        }
    }

    /// The event of a name: that which is paid for, or the first; `None`: there is none.
    fn event(&self, name: &str) -> Option<&SignedEvent> {
        match self.of {
            PricedThing::Event(own, event, _) if own == name => Some(event),
            _ => self.events.first(name),
        }
    }

    fn excursion(&self) -> Option<&Excursion> {
        match self.of {
            PricedThing::Excursion(excursion) => Some(excursion),
            PricedThing::Bucket(_) | PricedThing::Event(..) | PricedThing::Period(_) => None,
        }
    }

    /// A length of time in whole units of the resolution.
    fn whole_seconds(&self, millis: i64) -> Option<Decimal> {
        seconds(Span::from_millis(millis).whole(self.contract.time.resolution).millis())
    }

    /// `06:00`: what clocks showed when the bucket began.
    fn local_time(&self) -> Option<String> {
        let minutes = self.contract.time.clocks().local(self.start()?.millis()).millis / 60_000;
        Some(format!("{:02}:{:02}", minutes / 60, minutes % 60))
    }

    /// 1 (Monday) to 7: the day on which the bucket began.
    fn weekday(&self) -> Option<Decimal> {
        let day = self.contract.time.clocks().local(self.start()?.millis()).day;
        Decimal::new((weekday(day) + 1).into(), 0)
    }
}

/// What is asked of what is known in part: the rise of a counter whose values show only a part of a bucket, and the excursions
/// of a term of which some time is unknown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asks {
    /// What is known of it
    Known,
    /// The same for an amount: it is what is shown, or more
    Due,
    /// What is shown
    Shown,
}

/// The values of one expression of a payment: its measures are places in its own list.
#[derive(Clone, Copy)]
struct AskedCase<'a> {
    case: &'a PricingCase<'a>,
    measured: Option<MeasuredRow<'a>>,
    asks: Asks,
}

impl AskedCase<'_> {
    fn truth(&self, asked: &Amount, overflow: &mut bool) -> Option<bool> {
        match evaluate(&asked.code, self, overflow) {
            Some(ExpressionValue::Bool(truth)) => Some(truth),
            _ => decide(&asked.code, self),
        }
    }

    fn number(&self, asked: &Amount, overflow: &mut bool) -> Option<Decimal> {
        let due = || bounds(&asked.code, &Self { asks: Asks::Due, ..*self });
        match evaluate(&asked.code, self, overflow) {
            Some(ExpressionValue::Number(number)) if self.is_shown_in_part(asked) => {
                is_least(number, due()).then_some(number)
            }
            Some(ExpressionValue::Number(number)) => Some(number),
            _ => due().value(),
        }
    }

    /// Whether a counter's values, or the known time of a term, show only a part of what an amount asks for.
    fn is_shown_in_part(&self, asked: &Amount) -> bool {
        self.measured.is_some_and(|row| row.is_shown_in_part())
            || asked.code.any(&|leaf| self.is_open_count(leaf))
    }

    /// Whether a leaf counts what there could be more of than is shown.
    fn is_open_count(&self, leaf: &AmountLeaf) -> bool {
        let (AmountLeaf::Excursions(term) | AmountLeaf::Misses(term)) = leaf else { return false };
        self.case.terms.get(*term).is_some_and(TermOutcome::could_count_more)
    }

    fn has_overflow(&self) -> bool {
        self.measured.is_some_and(|row| row.has_overflow())
    }

    fn reckoned(&self, amount: &Amount) -> Option<String> {
        let text = amount.code.written(&|leaf| self.written(leaf));
        (text.len() <= MAX_CALC).then_some(text)
    }

    /// Whether a leaf is what there was at least.
    fn is_bound(&self, leaf: &AmountLeaf) -> bool {
        let AmountLeaf::Measured(place) = leaf else { return self.is_open_count(leaf) };
        self.measured.is_some_and(|row| row.measured(*place).known().is_none())
    }

    fn written(&self, leaf: &AmountLeaf) -> String {
        if let (AmountLeaf::Start, Some(start)) = (leaf, self.case.start()) {
            return start.to_string();
        }
        if let AmountLeaf::Event(name, field) = leaf
            && let Some(event) = self.case.event(name).filter(|_| field == "time")
        {
            return event.time.to_string();
        }
        match self.value(leaf).filter(|_| !self.is_bound(leaf)) {
            Some(ExpressionValue::Number(number)) => number.to_string(),
            Some(ExpressionValue::Bool(truth)) => truth.to_string(),
            Some(ExpressionValue::Text(text)) => format!("{text:?}"),
            None => match self.bounds(leaf) {
                Bounds { low: Some(low), .. } => format!("at least {low}"),
                Bounds { high: Some(high), .. } => format!("at most {high}"),
                Bounds { low: None, high: None } => "unknown".to_owned(),
            },
        }
    }
}

/// Whether an amount of what is shown is due at least, whatever there was when nothing shows it. What may be due the other way
/// is not known.
fn is_least(number: Decimal, due: Bounds) -> bool {
    number >= Decimal::ZERO && due.low == Some(number) || due.value() == Some(number)
}

impl LeafValues<AmountLeaf> for AskedCase<'_> {
    fn value(&self, leaf: &AmountLeaf) -> Option<ExpressionValue> {
        let (case, excursion) = (self.case, self.case.excursion());
        match leaf {
            AmountLeaf::Measured(place) if self.asks == Asks::Shown => {
                return self.measured?.measured(*place).due();
            }
            AmountLeaf::Measured(place) => return self.measured?.value(place),
            AmountLeaf::LocalTime => return Some(ExpressionValue::Text(case.local_time()?.into())),
            AmountLeaf::Breached(term) => {
                return case.terms.get(*term)?.breached().map(ExpressionValue::Bool);
            }
            AmountLeaf::Working => {
                let at = case.start()?.millis();
                return Some(ExpressionValue::Bool(case.contract.is_working(at)));
            }
            AmountLeaf::Weekday => case.weekday(),
            AmountLeaf::Duration => case.whole_seconds(excursion?.milliseconds),
            AmountLeaf::Proven => case.whole_seconds(excursion?.proven),
            AmountLeaf::Beyond => case.whole_seconds(excursion?.beyond),
            AmountLeaf::Start => seconds(case.start()?.millis()),
            AmountLeaf::Extreme => excursion?.extreme,
            AmountLeaf::Excess => excursion?.excess(),
            AmountLeaf::Excursions(_) | AmountLeaf::Misses(_)
                if self.asks != Asks::Shown && self.is_open_count(leaf) =>
            {
                None
            }
            AmountLeaf::Excursions(term) | AmountLeaf::Misses(term) => case.terms.get(*term)?.counted(),
            AmountLeaf::Event(name, field) => event_field(case.event(name)?, field),
        }
        .map(ExpressionValue::Number)
    }
}

impl LeafBounds<AmountLeaf> for AskedCase<'_> {
    fn bounds(&self, leaf: &AmountLeaf) -> Bounds {
        if let (AmountLeaf::Measured(place), Some(row)) = (leaf, self.measured) {
            let measured = row.measured(*place);
            return if self.asks == Asks::Known { measured.bounds() } else { measured.bounds_due() };
        }
        let shown = Self { asks: Asks::Shown, ..*self };
        match shown.value(leaf) {
            Some(ExpressionValue::Number(low)) if self.is_open_count(leaf) => {
                Bounds { low: Some(low), high: None }
            }
            Some(ExpressionValue::Number(number)) => Bounds::exactly(number),
            _ => Bounds::default(),
        }
    }
}

/// A number that all who signed an event state alike, or when it happened; `None`: they do not.
fn event_field(event: &SignedEvent, field: &str) -> Option<Decimal> {
    if field == "time" {
        return seconds(event.time.millis());
    }
    match event.fields.get(field)? {
        Value::String(text) => Decimal::parse(text),
        Value::Number(number) => Decimal::from_number(*number),
        _ => None,
    }
}

fn seconds(millis: i64) -> Option<Decimal> {
    Decimal::new(millis.into(), 3)
}
