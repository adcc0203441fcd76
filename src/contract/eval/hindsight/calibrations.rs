//! Calibrations: for which time a device measures what it says, and how exactly.

use super::super::statement::Calibration;
use crate::{contract::document::ContractDevice, decimal::Decimal};

/// What is said of devices, in the order in which it counts.
#[derive(Clone, Debug, Default)]
pub(super) struct Calibrations(Vec<(usize, Calibration)>);

impl Calibrations {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Takes note of a calibration of a device, by its place in the contract.
    pub(super) fn add(&mut self, device: usize, calibration: Calibration) {
        self.0.push((device, calibration));
    }

    /// When a device was calibrated.
    pub(super) fn time_of(&self, device: usize) -> CalibratedTime {
        let of = self.0.iter().filter(|(at, _)| *at == device);
        CalibratedTime::new(of.map(|(_, valid)| (valid.from.millis(), valid.until.millis())).collect())
    }

    /// How far a field's value may be from the true one, by the last calibration that is valid at an instant; `None`: it
    /// does not say, or there is none.
    pub(super) fn uncertainty(
        &self,
        (at, device): (usize, &ContractDevice),
        field: usize,
        instant: i64,
    ) -> Option<Decimal> {
        let is_valid = |valid: &Calibration| (valid.from.millis()..valid.until.millis()).contains(&instant);
        let mut of = self.0.iter().rev().filter(|(of, valid)| *of == at && is_valid(valid));
        let named = |(name, _): &&(String, Decimal)| *name == device.fields[field].source;
        of.next()?.1.uncertainty.iter().find(named).map(|(_, uncertainty)| *uncertainty)
    }
}

/// The time in which a device is calibrated: stretches that do not touch, ascending. Each ends before the instant that it
/// ends with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::contract::eval) struct CalibratedTime(Vec<(i64, i64)>);

impl CalibratedTime {
    fn new(mut stretches: Vec<(i64, i64)>) -> Self {
        stretches.sort_unstable();
        let mut joined: Vec<(i64, i64)> = Vec::with_capacity(stretches.len());
        for (from, until) in stretches {
            match joined.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(until),
                _ => joined.push((from, until)),
            }
        }
        Self(joined)
    }

    /// Whether an instant is among it.
    pub(in crate::contract::eval) fn covers(&self, at: i64) -> bool {
        let after = self.0.partition_point(|(from, _)| *from <= at);
        self.0[..after].last().is_some_and(|(_, until)| at < *until)
    }

    /// The first border behind an instant; `None`: there is none.
    pub(in crate::contract::eval) fn border_after(&self, at: i64) -> Option<i64> {
        let next = self.0.get(self.0.partition_point(|(_, until)| *until <= at))?;
        Some(if next.0 > at { next.0 } else { next.1 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificates_that_touch_are_one_stretch() {
        let time = CalibratedTime::new(vec![(30, 40), (0, 10), (10, 20), (15, 18)]);
        assert_eq!(time, CalibratedTime(vec![(0, 20), (30, 40)]));
        let covered: Vec<i64> = (-1..42).filter(|at| time.covers(*at)).collect();
        assert_eq!(covered, (0..20).chain(30..40).collect::<Vec<_>>());
        let borders: Vec<_> = [-1, 0, 19, 20, 29, 30, 39, 40].map(|at| time.border_after(at)).to_vec();
        let some = |at| Some(at);
        assert_eq!(borders, [some(0), some(20), some(20), some(30), some(30), some(40), some(40), None]);
    }
}
