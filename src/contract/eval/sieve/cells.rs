//! The values of a reading as those of a device's fields.

use super::Sieve;
use crate::{
    contract::{
        document::DeviceField,
        eval::{
            fact::{CorrectableRecord, FieldValue, FieldValues, OddName},
            findings::ContractFindingKind,
            statement::ReadingChange,
        },
        expr::{ExpressionValue, ValueType},
    },
    json::Object,
    record::view::{ReadingValue, ReadingView, RecordView},
};

impl Sieve<'_> {
    /// The fields of a reading that all parties correct: members that are named replace its own. What it said in a way that
    /// cannot be used did not count, and does not.
    pub(in crate::contract::eval) fn corrected_cells(
        &self,
        device: usize,
        record: &CorrectableRecord,
        values: &Object,
        said: &[FieldValue],
    ) -> FieldValues {
        let Ok(record) = RecordView::of(&record.text) else { return said.into() };
        let mut reading = record.reading();
        reading.values.retain(|(name, _)| values.get(name).is_none());
        reading.values.extend(values.iter().map(|(name, value)| (name, ReadingValue::read(value))));
        let mut cells = self.cells(device, &reading, &mut Vec::new());
        for cell in &mut cells {
            if let Some(spoilt) = said.iter().find(|said| said.field() == cell.field() && said.is_spoilt()) {
                cell.clone_from(spoilt);
            }
        }
        cells
    }

    /// Whether a correction changes a reading: it takes the reading away, or names a value that counts as one of the device, or
    /// would if the reading had it.
    pub(in crate::contract::eval) fn is_changed(
        &self,
        device: usize,
        change: &ReadingChange,
        said: &[FieldValue],
    ) -> bool {
        let ReadingChange::Values(values) = change else { return true };
        let is_spoilt = |field| said.iter().any(|said| said.field() == field && said.is_spoilt());
        values.iter().any(|(name, _)| self.fields_of(device, name).any(|field| !is_spoilt(field)))
    }

    pub(super) fn cells(
        &self,
        device: usize,
        reading: &ReadingView<'_>,
        odd_names: &mut Vec<OddName>,
    ) -> FieldValues {
        let fields = &self.contract.devices[device].fields;
        let mut cells = FieldValues::with_capacity(fields.len());
        for (at, field) in fields.iter().enumerate() {
            let named = |name: &&str| *name == field.source;
            let Some((_, value)) = reading.values.iter().find(|(name, _)| named(name)) else { continue };
            let unit = reading.units.iter().find(|(name, _)| named(name)).map(|(_, unit)| *unit);
            let cell = self.cell(device, at, value, unit);
            if let (Some(ContractFindingKind::Unit), Some(unit)) = (cell.remark, unit) {
                odd_names.push(OddName::Unit(device, at, unit.into()));
            }
            cells.push(cell);
        }
        if cells.len() < fields.len() {
            let is_odd = |name: &&str| fields.iter().all(|field| field.source != **name);
            let odd = reading.values.iter().map(|(name, _)| *name).filter(is_odd);
            odd_names.extend(odd.map(|name| OddName::Field(device, name.into())));
        }
        cells
    }

    /// What a value says as that of a device's field, with its unit.
    pub(in crate::contract::eval) fn cell(
        &self,
        device: usize,
        field: usize,
        value: &ReadingValue<'_>,
        unit: Option<&str>,
    ) -> FieldValue {
        let (value, remark) = usable(&self.contract.devices[device].fields[field], value, unit);
        FieldValue::new(field, value, remark)
    }

    /// The fields of a device, by place, that are read from the values of a name.
    pub(in crate::contract::eval) fn fields_of(
        &self,
        device: usize,
        name: &str,
    ) -> impl Iterator<Item = usize> {
        let fields = self.contract.devices[device].fields.iter().enumerate();
        fields.filter(move |(_, field)| field.source == name).map(|(at, _)| at)
    }
}

/// A value as the field is declared, and what is remarkable about it.
fn usable(
    field: &DeviceField,
    value: &ReadingValue<'_>,
    unit: Option<&str>,
) -> (Option<ExpressionValue>, Option<ContractFindingKind>) {
    match (field.ty, value) {
        (_, ReadingValue::Null) => (None, None),
        (ValueType::Text, ReadingValue::Text(text)) => (Some(ExpressionValue::Text((*text).into())), None),
        (ValueType::Bool, ReadingValue::Bool(truth)) => (Some(ExpressionValue::Bool(*truth)), None),
        (ValueType::Number, ReadingValue::Number(Some(decimal))) => match (&field.unit, unit) {
            (Some(declared), Some(unit)) if declared != unit => (None, Some(ContractFindingKind::Unit)),
            _ if field.valid.is_some_and(|(least, greatest)| *decimal < least || greatest < *decimal) => {
                (None, Some(ContractFindingKind::Invalid))
            }
            (Some(_), None) => (Some(ExpressionValue::Number(*decimal)), Some(ContractFindingKind::NoUnit)),
            _ => (Some(ExpressionValue::Number(*decimal)), None),
        },
        _ => (None, Some(ContractFindingKind::Number)),
    }
}
