//! `[calendar]`: working hours and holidays.

use super::{Contract, table::DocumentTable};
use crate::{
    contract::{
        calendar::{ContractCalendar, WorkingHours},
        zone::DAY,
    },
    time::{Day, Span, Time},
};

/// How long a period with a calendar can be: its working time is laid out.
const LONGEST: Span = Span::from_millis(36_525 * DAY);

/// The calendar; `None`: there is none.
pub(super) fn read(root: &DocumentTable, period: Option<(Time, Time)>) -> Option<ContractCalendar> {
    let table = root.table("calendar")?;
    let text = table.required("work", table.text("work"));
    let hours = text
        .map(WorkingHours::parse)
        .and_then(|hours| hours.map_err(|message| table.error("work", message)).ok());
    let holidays = table.list("holidays", "days (2026-05-01)", Day::parse);
    if period.is_some_and(|(from, to)| to - from > LONGEST) {
        table.problems.error(table.path.clone(), "a period with a calendar is at most 100 years long");
    }
    table.finish();
    Some(ContractCalendar::new(hours?, holidays))
}

impl Contract {
    /// The working time in the period: stretches that do not touch, ascending; none where there is no calendar.
    pub fn working_time(&self) -> Vec<(i64, i64)> {
        let Some(calendar) = &self.calendar else { return Vec::new() };
        let zone = self.time.zone.clone().unwrap_or_default();
        calendar.working_time(&zone, self.from.millis(), self.to.millis())
    }

    /// Whether an instant is in working time; never where there is no calendar.
    pub fn is_working(&self, at: i64) -> bool {
        let zone = self.time.zone.clone().unwrap_or_default();
        self.calendar.as_ref().is_some_and(|calendar| calendar.is_working(&zone, at))
    }
}
