//! Readings one by one: those that count, each once.

use super::{
    course::{FieldValues, holds},
    facts::{Cell, SimpleRecord},
    known::{Known, cell},
    random::Demand,
};

/// A reading that says something.
#[derive(Clone, Copy, Debug)]
pub(super) struct HeardReading {
    pub(super) time: i64,
    /// What it says, and not only repeats or contradicts
    pub(super) cells: [Cell; 2],
    /// What is known of both fields then, in twentieths
    values: FieldValues,
}

/// All of them, in the order in which they were said.
pub(super) fn readings(known: &Known) -> Vec<HeardReading> {
    let mut counting: Vec<_> = known.counting.iter().collect();
    counting.sort_by_key(|(record, time)| (*time, record.seq, record.n));
    let heard = counting.into_iter().map(|(record, time)| HeardReading {
        time: *time,
        cells: [0, 1].map(|field| own(known, record, *time, field)),
        values: known.values(*time),
    });
    heard.filter(|heard| heard.cells.iter().any(|cell| matches!(cell, Cell::Tenths(_)))).collect()
}

/// What a record says of a field, unless one of a lower entry says something of it for the same instant and number.
fn own(known: &Known, record: &SimpleRecord, time: i64, field: usize) -> Cell {
    let said_before = known.counting.iter().any(|(other, at)| {
        (*at, other.seq) == (time, record.seq) && other.n < record.n && cell(other, field) != Cell::Absent
    });
    if said_before { Cell::Absent } else { cell(record, field) }
}

impl HeardReading {
    /// Whether it says of a field of a demand that this is met.
    pub(super) fn meets(&self, demand: Demand) -> bool {
        let asked = match demand {
            Demand::Below | Demand::Between => &self.cells[..1],
            Demand::Both | Demand::Either => &self.cells[..],
        };
        let values = [0, 1].map(|field: usize| match self.cells[field] {
            Cell::Tenths(tenths) => Some(2 * tenths),
            Cell::Null | Cell::Spoilt => None,
            Cell::Absent => self.values[field],
        });
        asked.iter().any(|cell| matches!(cell, Cell::Tenths(_))) && holds(demand, values, 0) == Some(true)
    }
}
