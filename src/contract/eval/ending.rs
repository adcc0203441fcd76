//! The end of an evaluation: no more entries come, and every term gets its result.

use super::{
    Evaluated, Evaluation, LateChange, TermResult,
    findings::{ContractFinding, ContractFindingKind},
    measure::{DeviceColumns, MeasureTally, MeasuredTable},
    scope::Window,
};
use crate::contract::document::TermRule;

impl Evaluation<'_> {
    /// Judges the terms that measure, by what was measured of all devices.
    fn judge(&mut self, measured: &MeasuredTable, terms: &mut [Option<TermResult>]) {
        for (at, term) in self.contract.terms.iter().enumerate() {
            let TermRule::Measure { condition, most, .. } = &term.rule else { continue };
            let tally = MeasureTally::new(condition, *most, measured, at);
            if tally.overflowed {
                let kind = ContractFindingKind::Overflow;
                let device = condition.measures.first().map(|measure| measure.device);
                self.findings.add(ContractFinding { entry: None, kind, device, field: None });
            }
            terms[at] = Some(TermResult::Measure(Box::new(tally)));
        }
    }

    /// The result of a term, if there is a period: an event is asked for whatever that is.
    fn unless_contradicted(&self, result: TermResult) -> TermResult {
        match result {
            TermResult::Event(_) => result,
            _ if self.period.is_contradicted => TermResult::Unjudged,
            _ => result,
        }
    }

    /// The results of the terms. Without any entry and without `as_of`, those at the beginning of the period.
    ///
    /// # Errors
    /// If what was followed early must be followed again.
    pub fn finish(mut self) -> Result<Evaluated, LateChange> {
        let as_of = self.scope.as_of.or(self.latest).unwrap_or(self.contract.from);
        let (from, to) = self.period.bounds();
        let window = Window::new(self.contract, (from, to)).until(as_of.millis());
        self.weigh_events();
        let mut terms: Vec<Option<TermResult>> = vec![None; self.contract.terms.len()];
        self.devices.iter_mut().for_each(|device| device.end(&mut self.findings));
        let readings = self.devices.iter().map(|device| device.readings).collect();
        let too_late = self.devices.iter().map(|device| device.too_late).collect();
        let empty = self.devices.iter().map(|device| device.empty).collect();
        let corrected = self.devices.iter().map(|device| device.corrected).sum();
        self.find_unused_corrections();
        self.devices.iter_mut().for_each(|device| device.run_out(window));
        self.tell_groups();
        let running = as_of < to;
        let mut columns = Vec::with_capacity(self.devices.len());
        let mut take = |(outcomes, measured): (Vec<(usize, TermResult)>, DeviceColumns)| {
            for (at, outcome) in outcomes {
                terms[at] = Some(outcome);
            }
            columns.push(measured);
        };
        for device in std::mem::take(&mut self.devices) {
            take(device.finish(running, &mut self.findings)?);
        }
        for group in std::mem::take(&mut self.groups) {
            take(group.finish(window, running, &mut self.findings)?);
        }
        for (at, outcome) in self.event_terms(as_of) {
            terms[at] = Some(outcome);
        }
        let measured = MeasuredTable::new(self.contract, columns, (from.millis(), to.millis()), window.end);
        self.judge(&measured, &mut terms);
        // A device, a group, measures or events gave each its result.
        let terms = terms.into_iter().flatten().map(|result| self.unless_contradicted(result)).collect();
        let Self { names, mut findings, accepted, sizes, roles, found, period, .. } = self;
        names.find(&mut findings);
        let near_names = names.near();
        Ok(Evaluated {
            as_of,
            near_names,
            findings,
            accepted,
            sizes,
            readings,
            too_late,
            empty,
            corrected,
            terms,
            measured,
            roles,
            period,
            replaced: found.replacement(self.contract),
            not_in_force: found.amendment_fault(self.contract),
            hindsight: found,
        })
    }
}
