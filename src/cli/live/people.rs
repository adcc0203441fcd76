//! A record as people read it.

use crate::{
    cli::{record_text, term::escape},
    json::Object,
    time::{Time, Zone},
};

/// When, who, what, in one line.
pub(super) fn line(record: &Object, zone: &Zone) -> String {
    let time = record.str("time").and_then(Time::parse);
    let time = time.map_or_else(|| format!("{:26}", "(no time)"), |time| zone.show(time));
    let device = escape(record.str("device").unwrap_or_default());
    let parts = record_text::parts(record, &[]);
    [&[time, device], &parts[..]].concat().join("  ") + "\n"
}
