//! A packed file that is broken: behind one bad byte its lines may be anything, up to the checksum at its end.
//!
//! ```text
//! tree:    a b c d e f g
//! lines:   a b ? ? e ? g     three of the entries c to f are gone: one fault, one finding
//! ```

use super::{
    alignment::{Alignment, LineFate},
    fate_report::FateReport,
};
use crate::verify::finding::{Finding, FindingKind};

impl FateReport<'_, '_> {
    /// Takes all that is not as it was, in a packed file that could not be read to its end, for one fault. None
    /// if no line speaks for that: what is cut off is simply missing.
    pub(super) fn garbled(&mut self) -> Option<Finding> {
        let packed = self.scanned.file.name.rsplit('.').next() == Some("gz");
        self.scanned.read.given_up.as_ref().filter(|_| packed)?;
        let Alignment { fates, missing } = &mut self.alignment;
        if fates.iter().all(|fate| matches!(fate, LineFate::Entry(_))) {
            return None;
        }
        let changed = fates.iter().enumerate().filter_map(|(at, fate)| match fate {
            LineFate::Changed(n) => Some((*n..*n + 1, at)),
            _ => None,
        });
        let gone: Vec<_> = changed.chain(missing.iter().cloned()).collect();
        let (first, at) = gone.iter().map(|(entries, at)| (entries.start, *at)).min()?;
        let last = gone.iter().map(|(entries, _)| entries.end - 1).max()?;
        let count: u64 = gone.iter().map(|(entries, _)| entries.end - entries.start).sum();
        for fate in fates.iter_mut() {
            if matches!(fate, LineFate::Changed(_) | LineFate::Copy(_) | LineFate::Stranger) {
                *fate = LineFate::Garbled;
            }
        }
        missing.clear();
        self.pass_over_garbled();
        let finding = self.scanned.at(at, FindingKind::Missing, unreadable(first, last, count));
        Some(Finding { device: None, ..finding }.about(first))
    }

    /// Drops the findings about garbled lines: what these look like was not written by the log.
    fn pass_over_garbled(&mut self) {
        let fates = &self.alignment.fates;
        let counts = |line: u64| {
            let fate = usize::try_from(line).ok().and_then(|line| fates.get(line.checked_sub(1)?));
            fate != Some(&LineFate::Garbled)
        };
        self.scanned.read.findings.retain(|finding| finding.line.is_none_or(counts));
        self.scanned.read.more.retain(|(line, ..)| counts(*line));
    }
}

fn unreadable(first: u64, last: u64, count: u64) -> String {
    match count {
        1 => format!("entry {first} can no longer be read"),
        _ if count == last - first + 1 => format!("entries {first} to {last} can no longer be read"),
        _ => format!("{count} of the entries {first} to {last} can no longer be read"),
    }
}
