//! The measures of one device, as its values change.

use super::{
    super::{
        EntryId, Window, counted_time::CountedTime, fact::FieldValue, findings::ContractFindingKind,
        kinetic_mean::TemperatureScale,
    },
    column::MeasureColumn,
    counters::MeasuredCounter,
    plan::MeasurePlan,
    series::SeriesFollower,
    table::DeviceColumns,
};
use crate::{
    contract::{
        document::Contract,
        expr::{DeviceMeasure, ExpressionValue, LeafValues, Measure},
    },
    time::Span,
};

/// Follows the measures of one device.
pub(in crate::contract::eval) struct MeasureFollower<'a> {
    series: Vec<SeriesFollower<'a>>,
    counters: Vec<MeasuredCounter<'a>>,
    since: i64,
}

impl<'a> MeasureFollower<'a> {
    /// Of a device, by its place in the contract. `times`: which time counts, by term.
    pub(in crate::contract::eval) fn new(
        contract: &'a Contract,
        device: usize,
        times: &[CountedTime],
        period: Window,
    ) -> Self {
        let plan = MeasurePlan::new(contract);
        let fields = &contract.devices[device].fields;
        let unit = |field: usize| TemperatureScale::of_unit(fields[field].unit.as_deref()?);
        let resolution = contract.time.resolution;
        let of_group = contract.devices[device].is_made_of_devices();
        let mut follower = Self { series: Vec::new(), counters: Vec::new(), since: i64::MIN };
        for (place, series) in plan.series.iter().enumerate() {
            let borders = series.borders(contract, (period.from, period.end));
            let own = series.columns.iter().enumerate().filter(|(_, column)| column.device == device);
            let mut columns = Vec::new();
            for (column, DeviceMeasure { measure, .. }) in own {
                match measure {
                    Measure::Delta(field) => {
                        if let Some(counter) = follower.counter(contract, device, *field, period) {
                            counter.measure((place, column), borders.clone());
                        }
                    }
                    _ => columns.push(MeasureColumn::new(column, measure, of_group, resolution, unit)),
                }
            }
            if !columns.is_empty() {
                let time = series.counted_for.map(|counted| counted.time(times)).unwrap_or_default();
                follower.series.push(SeriesFollower::new(place, borders, time, columns));
            }
        }
        follower
    }

    /// The follower of a field that is a counter, a new one if there is none yet.
    fn counter(
        &mut self,
        contract: &'a Contract,
        device: usize,
        field: usize,
        period: Window,
    ) -> Option<&mut MeasuredCounter<'a>> {
        let rule = contract.devices[device].fields[field].counter.as_ref()?;
        let known = self.counters.iter().position(|counter| counter.field == field);
        let at = known.unwrap_or_else(|| {
            let hold = contract.time.hold.map_or(0, Span::millis);
            self.counters.push(MeasuredCounter::new(field, rule, hold, (period.from, period.end)));
            self.counters.len() - 1
        });
        self.counters.get_mut(at)
    }

    /// A counter, by its field's place, begins anew with the value after an instant.
    pub(in crate::contract::eval) fn reset(&mut self, field: usize, after: i64) {
        for counter in self.counters.iter_mut().filter(|counter| counter.field == field) {
            counter.reset(after);
        }
    }

    /// A counter, by its field's place, is followed since an instant before the period.
    pub(in crate::contract::eval) fn follow_counter(&mut self, field: usize, since: i64) {
        for counter in self.counters.iter_mut().filter(|counter| counter.field == field) {
            counter.follow_since(since);
        }
    }

    /// Whether readings are to be heard one by one.
    pub(in crate::contract::eval) fn hears(&self) -> bool {
        !self.series.is_empty()
    }

    /// Whether values of a field are to be [counted](Self::count).
    pub(in crate::contract::eval) fn counts(&self, field: usize) -> bool {
        self.counters.iter().any(|counter| counter.field == field)
    }

    /// How little behind the end of the period a counter's value still counts; `None`: there is no counter.
    pub(in crate::contract::eval) fn snap(&self) -> Option<Span> {
        self.counters.iter().map(MeasuredCounter::snap).max()
    }

    /// Something is said of a field, before its next value, that is missing or cannot be used.
    pub(in crate::contract::eval) fn doubt_between(&mut self, field: usize) {
        for counter in self.counters.iter_mut().filter(|counter| counter.field == field) {
            counter.doubt_between();
        }
    }

    /// A value that stands from an instant on, in the order of time, also before and after the period. Answers the values of
    /// the field that turned out not to count, or to begin anew.
    pub(in crate::contract::eval) fn count(
        &mut self,
        at: i64,
        entry: EntryId,
        cell: &FieldValue,
    ) -> Vec<(EntryId, ContractFindingKind)> {
        let Some(ExpressionValue::Number(value)) = cell.value else { return Vec::new() };
        let counter = self.counters.iter_mut().find(|counter| counter.field == cell.field());
        counter.map_or_else(Vec::new, |counter| counter.take(at, entry, value).collect())
    }

    /// There are no more values. Answers the fields and values that turned out not to count.
    pub(in crate::contract::eval) fn end(&mut self) -> Vec<(usize, EntryId, ContractFindingKind)> {
        let of = |counter: &mut MeasuredCounter| {
            let field = counter.field;
            counter.end().map(|(entry, kind)| (field, entry, kind)).collect::<Vec<_>>()
        };
        self.counters.iter_mut().flat_map(of).collect()
    }

    /// From `now` on fields have these values. `holes`: whether records are missing from then on.
    pub(in crate::contract::eval) fn change(
        &mut self,
        now: i64,
        fields: &impl LeafValues<usize>,
        holes: bool,
        window: Window,
    ) {
        self.elapse(now, window);
        for series in &mut self.series {
            series.change(fields, holes);
        }
    }

    /// A reading that counts, at the instant of the last change.
    pub(in crate::contract::eval) fn hear(
        &mut self,
        at: i64,
        cells: &[FieldValue],
        fields: &impl LeafValues<usize>,
        window: Window,
    ) {
        if window.hears(at) {
            for series in &mut self.series {
                series.hear(at, cells, fields);
            }
        }
    }

    fn elapse(&mut self, at: i64, window: Window) {
        let (start, end) = (self.since.max(window.from), at.min(window.end));
        self.since = at;
        if start < end {
            for series in &mut self.series {
                series.hold(start, end);
            }
        }
    }

    /// What was measured up to the end.
    pub(in crate::contract::eval) fn finish(mut self, window: Window) -> DeviceColumns {
        self.elapse(window.end, window);
        let series = self.series.into_iter().flat_map(|series| {
            let place = series.place;
            series.finish().into_iter().map(move |column| ((place, column.place), column.values))
        });
        let mut columns = DeviceColumns(series.collect());
        self.counters.into_iter().for_each(|counter| counter.finish(window, &mut columns));
        columns
    }
}
