//! Recordings: the bytes of a device with their times, one JSON object a line.
//!
//! ```text
//! {"port":"/dev/ttyUSB0","recording":1,"settings":"9600 8N1","started":"2026-07-15T08:15:30.000Z"}
//! {"bytes":"L0xBQjUNCg==","t_ms":12}          so many milliseconds after the head, or later
//! {"event":"disconnected","t_ms":61012}       then `connected`
//! ```
//!
//! A file may hold several recordings, each with its head; `t_ms` begins anew with each. A line that a crash cut off
//! is passed over where a head, or nothing, follows it.

mod reader;

pub use self::reader::RecordingReader;

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::{
    json::{self, Object},
    object,
    time::Time,
};

/// The most bytes in one line: more are several lines.
pub const RECORDED_CHUNK: usize = 4_096;

/// The longest line that is read, in bytes.
const LONGEST_LINE: usize = 64 * 1024;

/// One line of a recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordedLine {
    /// A recording begins
    Head {
        /// The port as it was named
        port: String,
        /// How it was set, such as `9600 8N1`; `None`: it cannot be set
        settings: Option<String>,
        /// When it began; `None`: the clock was never set
        started: Option<Time>,
    },
    /// The device sent bytes
    Bytes {
        /// Milliseconds since the head
        at: u64,
        /// What it sent
        bytes: Vec<u8>,
    },
    /// Something happened to the device
    Event {
        /// Milliseconds since the head
        at: u64,
        /// What happened
        event: RecordedEvent,
    },
}

/// What happened to a device that was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordedEvent {
    /// It went away
    Disconnected,
    /// It is there again
    Connected,
    /// Bytes were lost
    Gap,
}

impl RecordedEvent {
    const ALL: [(Self, &'static str); 3] =
        [(Self::Disconnected, "disconnected"), (Self::Connected, "connected"), (Self::Gap, "gap")];

    fn word(self) -> &'static str {
        Self::ALL.iter().find(|(event, _)| *event == self).map_or("", |(_, word)| word)
    }
}

impl RecordedLine {
    /// Reads a line, without its line feed.
    ///
    /// # Errors
    /// If it is none of the three; members that are not known are passed over.
    pub fn parse(line: &[u8]) -> Result<Self, String> {
        let object = json::parse_object(line).map_err(|error| error.to_string())?;
        if let Some(version) = object.get("recording") {
            return Self::head(&object, version.as_u64());
        }
        let at =
            object.get("t_ms").and_then(json::Value::as_u64).ok_or("has no t_ms in whole milliseconds")?;
        if let Some(text) = object.str("bytes") {
            let bytes = STANDARD.decode(text).map_err(|_| "bytes are no base64")?;
            return Ok(Self::Bytes { at, bytes });
        }
        let word = object.str("event").ok_or("is neither a head, nor has it bytes or an event")?;
        let event = RecordedEvent::ALL.iter().find(|(_, known)| *known == word);
        let (event, _) = event.ok_or_else(|| format!("no event {word:?}"))?;
        Ok(Self::Event { at, event: *event })
    }

    fn head(object: &Object, version: Option<u64>) -> Result<Self, String> {
        if version != Some(1) {
            return Err("is a recording of a later version".to_owned());
        }
        Ok(Self::Head {
            port: object.str("port").ok_or("is a head without port")?.to_owned(),
            settings: object.str("settings").map(str::to_owned),
            started: object.str("started").and_then(Time::parse),
        })
    }

    /// The line, with its line feed.
    pub fn to_line(&self) -> String {
        let object = match self {
            Self::Head { port, settings, started } => object! {
                "recording": 1u32,
                "port": port.as_str(),
                "settings": settings.as_deref(),
                "started": started.map(|time| time.to_string()),
            },
            Self::Bytes { at, bytes } => object! { "t_ms": *at, "bytes": STANDARD.encode(bytes) },
            Self::Event { at, event } => object! { "t_ms": *at, "event": event.word() },
        };
        format!("{}\n", object.to_canonical())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_written_as_they_are_read() {
        for line in [
            r#"{"port":"/dev/ttyUSB0","recording":1,"settings":"9600 8N1","started":"2026-07-15T08:15:30.000Z"}"#,
            r#"{"port":"tcp://h:1","recording":1,"settings":null,"started":null}"#,
            r#"{"bytes":"L0xBQjUNCg==","t_ms":12}"#,
            r#"{"event":"disconnected","t_ms":61012}"#,
            r#"{"event":"gap","t_ms":0}"#,
        ] {
            assert_eq!(RecordedLine::parse(line.as_bytes()).unwrap().to_line(), format!("{line}\n"));
        }
        let later = br#"{"bytes":"","t_ms":1,"volts":5}"#;
        assert_eq!(RecordedLine::parse(later), Ok(RecordedLine::Bytes { at: 1, bytes: Vec::new() }));
    }

    #[test]
    fn what_is_no_line_of_a_recording_is_refused() {
        for bad in [
            "",
            "{",
            "[]",
            "{}",
            r#"{"recording":2,"port":"x"}"#,
            r#"{"recording":1}"#,
            r#"{"t_ms":1}"#,
            r#"{"t_ms":-1,"bytes":""}"#,
            r#"{"t_ms":0.5,"bytes":""}"#,
            r#"{"t_ms":1,"bytes":"x"}"#,
            r#"{"t_ms":1,"event":"melted"}"#,
            r#"{"bytes":""}"#,
        ] {
            assert!(RecordedLine::parse(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
