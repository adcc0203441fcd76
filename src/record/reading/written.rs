//! What stays the same from one line of a stream to the next, as canonical JSON: written once, and copied for each.
//!
//! ```text
//! {"boot":"4f","clock":"synced","device":"probe","integrity":"none"   front: until the clock or the proof is another
//! ,"seq":17
//! ,"stream":"b1e4","time":"2026-…Z","type":"reading"                  moment: until the time is another one
//! ```

use super::{Integrity, ReadingBody, ReadingClock};
use crate::{
    json::{Value, write_integer},
    time::Time,
};

/// Parts of the lines of a stream.
#[derive(Clone, Debug)]
pub(super) struct Written {
    /// The member `boot` with its comma, if there is one
    boot: String,
    /// What the source is called
    device: String,
    /// The member `stream`, and what stands between it and the time
    stream: String,
    /// The front of the last line of a device that did not name itself, and of which clock and proof it is
    front: (ReadingClock, Integrity, String),
    /// The last line's part with the time
    moment: (Option<Time>, String),
}

impl Written {
    /// Parts of which none is written yet.
    pub(super) fn new(device: &str, id: &str, boot: Option<&str>) -> Self {
        let canonical = |text: &str| Value::from(text).to_canonical();
        Self {
            boot: boot.map(|boot| format!("\"boot\":{},", canonical(boot))).unwrap_or_default(),
            device: canonical(device),
            stream: format!(",\"stream\":{},\"time\":", canonical(id)),
            front: (ReadingClock::Unknown, Integrity::None, String::new()),
            moment: (None, String::new()),
        }
    }

    /// Begins the line of a reading: what stands before `raw` and `seq`.
    pub(super) fn begin(&mut self, clock: ReadingClock, body: &ReadingBody, line: &mut String) {
        let proves = body.integrity;
        if let Some(device) = &body.device {
            return line.push_str(&self.front(clock, proves, &Value::from(device.as_str()).to_canonical()));
        }
        if (self.front.0, self.front.1) != (clock, proves) || self.front.2.is_empty() {
            self.front = (clock, proves, self.front(clock, proves, &self.device));
        }
        line.push_str(&self.front.2);
    }

    fn front(&self, clock: ReadingClock, proves: Integrity, device: &str) -> String {
        let (boot, clock, proves) = (&self.boot, clock.as_str(), proves.as_str());
        format!("{{{boot}\"clock\":\"{clock}\",\"device\":{device},\"integrity\":\"{proves}\"")
    }

    /// Goes on with the line: which one of its stream it is, and when.
    pub(super) fn place(&mut self, seq: u64, time: Option<Time>, line: &mut String) {
        if self.moment.0 != time || self.moment.1.is_empty() {
            self.moment.0 = time;
            self.write_moment();
        }
        line.push_str(",\"seq\":");
        write_integer(seq, line);
        line.push_str(&self.moment.1);
    }

    /// Writes the part with the time anew: a device with a clock has another time in each line.
    fn write_moment(&mut self) {
        let (time, part) = &mut self.moment;
        part.clear();
        part.push_str(&self.stream);
        match time {
            Some(time) => time.write_quoted(part),
            None => part.push_str("null"),
        }
        part.push_str(",\"type\":\"reading\"");
    }
}
