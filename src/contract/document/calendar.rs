//! `[calendar]`: working hours and holidays.

use super::table::DocumentTable;
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
    let hours = text.map(WorkingHours::parse).and_then(|hours| {
        hours.map_err(|message| table.error("work", message)).ok()
    });
    let holidays = table.list("holidays", "days (2026-05-01)", Day::parse);
    if period.is_some_and(|(from, to)| to - from > LONGEST) {
        table.problems.error(table.path.clone(), "a period with a calendar is at most 100 years long");
    }
    table.finish();
    Some(ContractCalendar::new(hours?, holidays))
}
