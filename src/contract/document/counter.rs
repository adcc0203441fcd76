//! `counter = { … }`: a field that only rises, and by how much what it says can be believed.
//!
//! ```text
//! counter = { max_rate = "50 / 1h", wrap = "100000", reset_by = ["seller", "buyer"], snap = "30s" }
//! ```

use super::{ContractParty, event::read_signers, table::DocumentTable};
use crate::{contract::duration, decimal::Decimal, time::Span};

/// What makes a field a counter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CounterRule {
    /// The most by which it can rise; `None`: by anything
    pub max_rate: Option<MaxRate>,
    /// Where it begins again from zero; `None`: nowhere
    pub wrap: Option<Decimal>,
    /// The parties, by place, that all sign an event `counter-reset`; none: nobody can set it back
    pub reset_by: Vec<usize>,
    /// How little after a border of a bucket a reading is taken to be on it
    pub snap: Span,
}

/// An amount for each begun unit of time: `50 / 1h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MaxRate {
    amount: Decimal,
    unit: Span,
}

impl MaxRate {
    /// Reads `50 / 1h`; `None`: it is no rate.
    pub fn parse(text: &str) -> Option<Self> {
        let (amount, unit) = text.split_once('/')?;
        let amount = Decimal::parse(amount.trim()).filter(|amount| *amount > Decimal::ZERO)?;
        let unit = duration::parse_short(unit.trim()).filter(|unit| *unit > Span::ZERO)?;
        Some(Self { amount, unit })
    }

    /// The unit of time.
    pub fn unit(&self) -> Span {
        self.unit
    }

    /// Whether it allows an increase within so many milliseconds: 50 at once, 100 after an hour.
    pub fn allows(&self, increase: Decimal, millis: i64) -> bool {
        let begun = i128::from(millis.max(0) / self.unit.millis()) + 1;
        let most = Decimal::new(begun, 0).and_then(|begun| self.amount.times(begun));
        // What does not fit is more than any increase.
        most.is_none_or(|most| increase <= most)
    }
}

/// `counter = { … }` of a field; `None`: the field is no counter.
pub(super) fn read(
    field: &DocumentTable,
    unit: Option<&str>,
    parties: &[ContractParty],
) -> Option<CounterRule> {
    let table = field.table("counter")?;
    if matches!(unit, Some("bool" | "text")) {
        field.error("counter", "only a number counts up");
    }
    let max_rate = table.read("max_rate", "an amount for each unit of time (\"50 / 1h\")", |value| {
        MaxRate::parse(value.as_str()?)
    });
    let wrap = table.decimal("wrap");
    if wrap.is_some_and(|wrap| wrap <= Decimal::ZERO) {
        table.error("wrap", "a counter begins again above zero");
    }
    let reset_by = if table.has("reset_by") { read_signers(&table, "reset_by", parties) } else { None }
        .unwrap_or_default();
    let snap = table.duration("snap").unwrap_or(Span::ZERO);
    table.finish();
    Some(CounterRule { max_rate, wrap, reset_by, snap })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_for_each_begun_unit() {
        let rate = MaxRate::parse("50 / 1h").unwrap();
        let allows = |increase: &str, millis| rate.allows(Decimal::parse(increase).unwrap(), millis);
        assert!(allows("50", 0) && !allows("50.001", 0));
        assert!(allows("50", 3_599_999) && !allows("50.001", 3_599_999));
        assert!(allows("100", 3_600_000) && !allows("100.001", 3_600_000));
        assert_eq!(
            MaxRate::parse("0.5/1m"),
            MaxRate::parse("0.50 / 60s").map(|_| MaxRate::parse("0.5 / 1m").unwrap())
        );
        let greatest = MaxRate::parse("79228162514264337593543950335 / 1s").unwrap();
        assert!(greatest.allows(Decimal::parse("79228162514264337593543950335").unwrap(), 5_000));
    }

    #[test]
    fn what_is_no_rate_is_none() {
        for text in
            ["", "50", "50 / h", "50 / 0s", "0 / 1h", "-5 / 1h", "50 per 1h", "50 / 1h / 1h", "x / 1h"]
        {
            assert_eq!(MaxRate::parse(text), None, "{text}");
        }
    }
}
