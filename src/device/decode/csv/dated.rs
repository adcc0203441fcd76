//! A date and a time of day in two columns, which date a row together.
//!
//! ```text
//! Date,Time,t
//! 2026-03-01,06:00:00,4.2     dates the reading, where the zone is known or stands behind the time
//! 01/03/2026,06:00:00,4.2     does not: January or March; both stay values
//! ```

use crate::device::decode::named_values::NamedValues;

use super::CsvColumn;

/// Dates the reading by a row. Answers which columns did so; `None`: none did.
pub(super) fn by_two_columns(
    columns: &[CsvColumn],
    row: &[String],
    values: &mut NamedValues,
) -> Option<[usize; 2]> {
    let at = |name: &str| {
        columns
            .iter()
            .position(|column| column.name.as_ref().is_some_and(|other| other.eq_ignore_ascii_case(name)))
    };
    let columns = [at("date")?, at("time")?];
    let [day, clock] = columns.map(|at| row[at].trim());
    values.date(&format!("{day}T{clock}")).then_some(columns)
}
