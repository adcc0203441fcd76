//! Rows between a header and the values, which are none.
//!
//! ```text
//! "TOA5","CR1000",…        a file of Campbell: next come the names,
//! "TIMESTAMP","RH"         their units, and what each value is of its interval
//! "TS","%"
//! "","Avg"
//! time,temp,hum            a row of units right below any other header
//! ,°C,(%)
//! ```

use crate::{device::decode::unit_letters, record::quantity};

use super::{
    CsvColumn, CsvColumns, Rows, TIMES,
    header::{column, distinct},
    is_number,
};

/// Which row of a preamble comes next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Stage {
    /// None: values, or a header
    #[default]
    Values,
    /// The names of the columns
    Names,
    /// Their units
    Units,
    /// What each value is of its interval: `Avg`, `Smp`
    Kinds,
}

/// What Campbell writes into the first field of its files.
const CAMPBELL: &str = "TOA5";

impl CsvColumns {
    /// Takes a row that is part of a preamble. Answers whether it is.
    pub(super) fn takes_preamble(&mut self, row: &[String], separator: char) -> bool {
        if self.by_user {
            return false;
        }
        if row.len() > 1 && row[0] == CAMPBELL {
            *self = Self { stage: Stage::Names, separator: Some(separator), ..Self::default() };
            return true;
        }
        let stage = std::mem::take(&mut self.stage);
        let has_numbers = row.iter().any(|field| is_number(field));
        match stage {
            _ if has_numbers => return false,
            Stage::Names => {
                self.names = distinct(row.iter().map(|field| column(field)).collect());
                self.stage = Stage::Units;
            }
            _ if row.len() != self.names.len() => return false,
            Stage::Units => {
                self.put_units(row);
                self.stage = Stage::Kinds;
            }
            Stage::Kinds => {}
            Stage::Values if self.rows == Rows::None && self.are_units(row) => self.put_units(row),
            Stage::Values => return false,
        }
        true
    }

    /// Whether a row is one of units: each field is one or empty, and not all of them may as well be letters.
    fn are_units(&self, row: &[String]) -> bool {
        let fields =
            || self.names.iter().zip(row).filter(|(column, field)| !field.is_empty() && !column.is_time());
        let is_unit = |(column, field): (&CsvColumn, &String)| {
            quantity::known_unit(inner(field), column.label()).is_some() || inner(field) != field
        };
        let is_sure = |(column, field): (&CsvColumn, &String)| {
            let is_letter = field.len() == 1 && field.as_bytes()[0].is_ascii_alphabetic();
            !is_letter && quantity::known_unit(inner(field), column.label()).is_some()
        };
        fields().all(is_unit) && fields().any(is_sure)
    }

    /// Gives the columns the units of a row; one that is not known is kept beside each value.
    fn put_units(&mut self, row: &[String]) {
        let columns =
            self.names.iter_mut().zip(row).filter(|(column, _)| column.unit.is_none() && !column.is_time());
        for (column, field) in columns {
            let unit = inner(field);
            column.unit = unit_letters::unit_of(unit, column.label());
            column.unknown = Some(unit.to_owned()).filter(|_| column.unit.is_none() && !is_no_unit(unit));
        }
    }
}

impl CsvColumn {
    fn label(&self) -> &str {
        self.name.as_deref().unwrap_or_default()
    }

    fn is_time(&self) -> bool {
        TIMES.iter().any(|time| self.label().eq_ignore_ascii_case(time))
    }
}

/// What stands within the brackets of a field.
fn inner(field: &str) -> &str {
    let brackets = [('[', ']'), ('(', ')')];
    let within = |(open, close)| field.strip_prefix(open)?.strip_suffix(close);
    brackets.into_iter().find_map(within).unwrap_or(field).trim()
}

/// Whether a field says that there is no unit: Campbell's `RN` stands below numbers of records.
fn is_no_unit(field: &str) -> bool {
    ["", "-", "TS", "RN", "n/a", "none", "unitless"].iter().any(|none| none.eq_ignore_ascii_case(field))
}
