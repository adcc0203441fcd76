//! The numbers of one field, read from a ledger, reduced as they come.

use std::collections::BTreeMap;

use crate::{
    audit::checked_reader::CheckedReader,
    cli::{
        entries::read,
        failure::Hint,
        filter::{EntryFilter, measured_at},
        paste,
        term::Term,
    },
    json::{Object, Value},
    report::plot::{MAX_LINES, PlotPoint, ReadingSeries, TimeDoubt},
    time::Time,
    tlog::entry::Entry,
};

/// More units than this are one too many, whatever they are called.
const MAX_UNITS: usize = 10;

/// Which values are drawn, and where.
pub(super) struct PlottedField<'a> {
    /// The name of the values
    pub(super) name: &'a str,
    /// The unit that they must have; `None`: any
    pub(super) unit: Option<&'a str>,
    /// Whether they stand where they arrived
    pub(super) by_arrival: bool,
}

/// What readings say of a field.
pub(super) struct FieldReadings {
    field: String,
    /// By unit, then by device
    series: BTreeMap<String, BTreeMap<String, ReadingSeries>>,
    /// How many values are not drawn, by why
    left_out: BTreeMap<&'static str, u64>,
}

impl FieldReadings {
    /// Reads what is wanted of a ledger.
    ///
    /// # Errors
    /// If an entry cannot be read or does not verify, or there are more devices or units than a plot can tell apart.
    pub(super) fn read(
        asked: &PlottedField<'_>,
        filter: &EntryFilter<'_>,
        checked: &CheckedReader<'_>,
    ) -> anyhow::Result<Self> {
        let (field, series, left_out) = (asked.name.to_owned(), BTreeMap::new(), BTreeMap::new());
        let mut readings = Self { field, series, left_out };
        read(filter, checked, 0..checked.reader().size(), true, &mut |entry, arrival| {
            if entry.record.str("type") != Some("reading") {
                return Ok(());
            }
            checked.check_proofs(&entry)?;
            readings.take(&entry, arrival, asked)
        })?;
        Ok(readings)
    }

    fn take(&mut self, entry: &Entry, arrival: Time, asked: &PlottedField<'_>) -> anyhow::Result<()> {
        let member = |name| entry.record.get(name).and_then(Value::as_object);
        let Some(value) = member("values").and_then(|values| values.get(asked.name)) else { return Ok(()) };
        let unit = member("units").and_then(|units: &Object| units.str(asked.name)).unwrap_or_default();
        let is_other_unit = asked.unit.is_some_and(|wanted| wanted != unit);
        let value = match value {
            Value::Number(_) if is_other_unit => Err("in another unit"),
            Value::Number(number) => Ok(number.as_f64()),
            Value::Null => Err("null"),
            _ => Err("no number"),
        };
        let value = match value {
            Ok(value) => value,
            Err(why) => {
                *self.left_out.entry(why).or_default() += 1;
                return Ok(());
            }
        };
        let (time, doubt) = place(&entry.record, arrival, asked.by_arrival);
        let device = entry.record.str("device").unwrap_or("(no device)");
        self.series_of(unit, device)?.add(PlotPoint { time, value, doubt });
        Ok(())
    }

    fn series_of(&mut self, unit: &str, device: &str) -> anyhow::Result<&mut ReadingSeries> {
        if !self.series.contains_key(unit) {
            anyhow::ensure!(
                self.series.len() < MAX_UNITS,
                "{:?}: in more than {MAX_UNITS} units",
                self.field
            );
        }
        let devices = self.series.entry(unit.to_owned()).or_default();
        if !devices.contains_key(device) && devices.len() == MAX_LINES {
            let many = anyhow::anyhow!("{:?}: more than {MAX_LINES} devices have it", self.field);
            return Err(many.hint("--device NAME, once for each, chooses those that are drawn"));
        }
        Ok(devices.entry(device.to_owned()).or_default())
    }

    /// The unit of all values, and the readings of each device.
    ///
    /// # Errors
    /// If there are several units.
    pub(super) fn in_one_unit(mut self) -> anyhow::Result<(String, BTreeMap<String, ReadingSeries>)> {
        if self.series.len() > 1 {
            let units: Vec<&str> = self.series.keys().map(String::as_str).collect();
            let shown: Vec<String> = units.iter().map(|unit| format!("{unit:?}")).collect();
            let several =
                anyhow::anyhow!("{:?}: in units {}, which share no axis", self.field, shown.join(", "));
            let choices: Vec<String> =
                units.iter().map(|unit| format!("--unit {}", paste::word(unit))).collect();
            return Err(several.hint(format!("{} draws those in it", choices.join(" or "))));
        }
        Ok(self.series.pop_first().unwrap_or_default())
    }

    /// Says what is not drawn, and why.
    pub(super) fn tell_what_is_left_out(&self, term: &mut Term) {
        let parts: Vec<String> = self.left_out.iter().map(|(why, count)| format!("{count} {why}")).collect();
        if !parts.is_empty() {
            term.say(format!("values of {:?} that are left out: {}", self.field, parts.join(", ")));
        }
    }
}

/// Where a reading stands, and why it may not belong there.
fn place(record: &Object, arrival: Time, by_arrival: bool) -> (Time, Option<TimeDoubt>) {
    if by_arrival {
        return (arrival, None);
    }
    let unsynced = record.str("clock") == Some("unsynced");
    match measured_at(record) {
        Some(time) => (time, unsynced.then_some(TimeDoubt::Unsynced)),
        None => (arrival, Some(TimeDoubt::NoTime)),
    }
}
