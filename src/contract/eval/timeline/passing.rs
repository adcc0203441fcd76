//! What is said at an instant at which a hole begins: the last record before the hole says it, and from there on nothing is known.
//! A good value ends an excursion all the same.
//!
//! ```text
//! seq     6     7     .     9
//! value   9     5           9         at 7 the excursion ends, and from 7 on nothing is known
//! ```

use super::{
    super::{group::MemberChange, hiding::UnknownFrom},
    Timeline,
};

impl Timeline<'_> {
    /// Keeps the fields as they are if holes of streams begin now. What was said at an unknown time may have been before.
    pub(super) fn begin_passing(&mut self, now: i64) {
        let begun: Vec<_> = self.ahead.iter().take_while(|hole| hole.start <= now).copied().collect();
        self.passing = begun.iter().any(UnknownFrom::is_numbered).then(|| self.fields.clone());
        let Some(passing) = &mut self.passing else { return };
        for hole in begun.iter().filter(|hole| !hole.is_numbered() || hole.start < now) {
            passing.begin(hole);
        }
    }

    /// Tells the conditions, and groups, what was said at the instant before holes begin.
    pub(super) fn pass(&mut self, at: i64) {
        let Some(mut passing) = self.passing.take() else { return };
        passing.now = at;
        passing.uncalibrated = !self.is_calibrated(at);
        self.terms.pass(at, &passing, self.entry, self.window);
        if let Some(changes) = &mut self.changes {
            self.told = passing.numbers();
            changes.push(MemberChange { at, entry: self.entry, values: self.told.clone() });
        }
    }
}
