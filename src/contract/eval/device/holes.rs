//! The holes in the streams of a device: numbers that are missing, and the time about which they leave us in doubt.

use std::collections::BTreeMap;

use super::{
    super::{
        findings::{ContractFinding, ContractFindingKind, ContractFindings},
        hiding::UnknownFrom,
        sequence_numbers::Hole,
    },
    DeviceEvaluation, HolePlace,
};

impl DeviceEvaluation<'_> {
    /// The holes of the streams in which readings of the device are, with their starts.
    fn holes(&self) -> BTreeMap<HolePlace, Option<i64>> {
        let place = |at: usize, hole: Hole| ((at, hole.first, hole.field), hole.start);
        let holes = self.streams.spoken().flat_map(|(at, stream)| {
            let holes = stream.numbers.holes();
            holes.map(move |hole| place(at, hole))
        });
        holes.collect()
    }

    /// Gives the timeline the holes that it does not know. Where it knew one wrongly, or learns of one too late, it
    /// must be followed again.
    pub(super) fn report_holes(&mut self) {
        let holes = self.holes();
        self.late_change |=
            self.known_holes.iter().any(|(place, start)| holes.get(place).is_none_or(|known| known != start));
        for (place, start) in holes {
            if self.known_holes.insert(place, start).is_some() {
                continue;
            }
            let (stream, first, field) = place;
            let is_followed = self.streams.at(stream).followed.is_some_and(|highest| highest >= first);
            if let Some(start) = start {
                let cursor = self.timeline.cursor;
                self.late_change |= start < cursor || start == cursor && is_followed;
                self.timeline.unknown_from(UnknownFrom::hole(start, stream, first, field));
            } else {
                self.late_change |= is_followed;
                self.timeline.missing_start(stream, first);
            }
        }
    }

    /// Adds a finding for each gap that the time of the verdict is behind.
    pub(super) fn find_holes(&self, findings: &mut ContractFindings) {
        for gap in self.streams.spoken().flat_map(|(_, stream)| stream.numbers.gaps()) {
            let (entry, time) = gap.opening;
            let over = time.is_some_and(|time| time < self.window.near);
            let ahead = gap.start.is_some_and(|start| start >= self.timeline.window.unheard());
            if !over && !ahead {
                let (entry, device) = (Some(entry), Some(self.at));
                findings.add(ContractFinding {
                    entry,
                    kind: ContractFindingKind::SeqGap,
                    device,
                    field: None,
                });
            }
        }
    }
}
