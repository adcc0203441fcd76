//! Events that a ledger has let in though they break the registry's rules: they change nothing, and who appended them is
//! told so.

use std::{ops::RangeInclusive, path::Path};

use crate::{
    audit::{
        checked_reader::{self, CheckedReader},
        registry::EntryJudge,
    },
    ledger::write::batch::Arrival,
    record::{registry::is_event, view::RecordView},
    verify::FindingKind,
};

/// Whether there is a registry event among records.
pub(super) fn has_events(arrivals: &[Arrival]) -> bool {
    let kind = |arrival: &Arrival| Some(is_event(RecordView::of(arrival.record.as_str()).ok()?.kind()?));
    arrivals.iter().any(|arrival| kind(arrival) == Some(true))
}

/// What to warn of in entries that were just written: the events that break the rules, and why; or that nobody knows,
/// since too many entries are before them.
///
/// # Errors
/// If an entry cannot be read.
pub(super) fn warnings(path: &Path, written: RangeInclusive<u64>) -> anyhow::Result<Vec<String>> {
    let reader = checked_reader::open(path)?;
    let checked = CheckedReader::unchecked(&reader);
    let (mut judge, mut warnings) = (EntryJudge::begin(&checked)?, Vec::new());
    if !judge.reaches(*written.start()) {
        return Ok(vec![
            "whether the registry's rules let these events count is told by foil verify alone".to_owned(),
        ]);
    }
    for entry in checked.entries(*written.start()..written.end() + 1) {
        let entry = entry?;
        let refusal = judge.broken_by(&entry, &checked)?;
        let is_event = entry.record.str("type").is_some_and(is_event);
        if let Some(why) = refusal.filter(|_| is_event) {
            let kind = FindingKind::from(&why).name();
            warnings.push(format!("entry {} is void, {kind}: {why}", entry.n));
        }
    }
    Ok(warnings)
}
