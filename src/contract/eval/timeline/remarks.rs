//! What is remarkable about a device's values: the findings of a timeline.

use super::{
    super::{
        EntryId,
        fact::FieldValue,
        findings::{ContractFinding, ContractFindingKind},
        instant::InstantValues,
        sample::Sample,
    },
    Timeline,
};

impl Timeline<'_> {
    pub(super) fn find_uncalibrated(&mut self, samples: &[Sample]) {
        if !self.fields.uncalibrated {
            return;
        }
        let found = samples.iter().filter(|sample| sample.counts && self.window.is_near(sample.time));
        self.uncalibrated = self.uncalibrated.into_iter().chain(found.map(|sample| sample.entry)).min();
    }

    /// What is remarkable about the values of a field that do not stand.
    pub(super) fn remark_values(&mut self, values: &InstantValues, field: usize) {
        for (sample, cell) in &values.passing {
            self.remark_cell(sample, cell);
        }
        for (sample, cell) in &values.conflicts {
            self.remark(cell.remark.unwrap_or(ContractFindingKind::Conflict), sample, field);
        }
    }

    pub(super) fn remark_cell(&mut self, sample: &Sample, cell: &FieldValue) {
        if let Some(kind) = cell.remark {
            self.remark(kind, sample, cell.field());
        }
    }

    pub(super) fn remark(&mut self, kind: ContractFindingKind, sample: &Sample, field: usize) {
        if !self.window.is_near(sample.time) {
            return;
        }
        if kind == ContractFindingKind::NoUnit {
            let first = &mut self.unitless[field];
            *first = Some(first.map_or(sample.entry, |first| first.min(sample.entry)));
            return;
        }
        self.remarks.add(self.finding(sample.entry, kind, Some(field)));
    }

    pub(super) fn finding(
        &self,
        entry: EntryId,
        kind: ContractFindingKind,
        field: Option<usize>,
    ) -> ContractFinding {
        ContractFinding { entry: Some(entry), kind, device: Some(self.device), field }
    }

    /// What is only known when all was followed.
    pub(super) fn remark_rest(&mut self) {
        for (field, entry, kind) in self.terms.end() {
            self.remarks.add(self.finding(entry, kind, Some(field)));
        }
        for (field, entry) in self.unitless.iter().enumerate() {
            if let Some(entry) = entry {
                self.remarks.add(self.finding(*entry, ContractFindingKind::NoUnit, Some(field)));
            }
        }
        if let Some(entry) = self.uncalibrated {
            self.remarks.add(self.finding(entry, ContractFindingKind::Uncalibrated, None));
        }
    }
}
