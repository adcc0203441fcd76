//! A recording as a source: what came before the device went away and what came after are never one frame.
//!
//! ```text
//! head       Opened      of a further recording: Lost first
//! bytes      Bytes       as fast as they are taken
//! event      Lost, Opened, Gap
//! ```

use std::{fs::File, io::BufReader, path::Path};

use super::{
    super::{
        port::open_error::OpenError,
        recording::{RecordedEvent, RecordedLine, RecordingReader},
    },
    SourceEnd, SourceEvent,
    event_queue::{EventSender, ReceiverGone},
};

/// Why a device is said to be gone where another recording begins.
const NEXT: &str = "the next recording begins";

/// Hands on a recording, up to its end or to the first line that cannot be read.
pub(super) fn hand_on(path: &Path, events: &EventSender) -> Result<SourceEnd, ReceiverGone> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) => return Ok(SourceEnd::Unopened(OpenError::Other(error.to_string()))),
    };
    let mut source = RecordedSource { name: path.display().to_string(), events, is_open: false };
    let mut lines = RecordingReader::new(BufReader::new(file));
    let mut torn = 0;
    while let Some(line) = lines.next() {
        source.tell_torn(lines.torn(), &mut torn)?;
        match line {
            Ok(line) => source.line(line)?,
            Err(why) => return Ok(SourceEnd::Gone(format!("the recording cannot be read on: {why}"))),
        }
    }
    source.tell_torn(lines.torn(), &mut torn)?;
    Ok(SourceEnd::Input)
}

struct RecordedSource<'a> {
    name: String,
    events: &'a EventSender,
    is_open: bool,
}

impl RecordedSource<'_> {
    fn line(&mut self, line: RecordedLine) -> Result<(), ReceiverGone> {
        match line {
            RecordedLine::Head { .. } => {
                self.lost(NEXT.to_owned())?;
                self.opened()
            }
            RecordedLine::Bytes { bytes, .. } => {
                self.opened()?;
                self.events.send(SourceEvent::Bytes { bytes, time: None })
            }
            RecordedLine::Event { event: RecordedEvent::Disconnected, .. } => {
                self.lost("as recorded".to_owned())
            }
            RecordedLine::Event { event: RecordedEvent::Connected, .. } => self.opened(),
            RecordedLine::Event { event: RecordedEvent::Gap, .. } => self.events.send(SourceEvent::Gap(None)),
        }
    }

    fn opened(&mut self) -> Result<(), ReceiverGone> {
        if self.is_open {
            return Ok(());
        }
        self.is_open = true;
        self.events.send(SourceEvent::Opened { port: self.name.clone(), time: None })
    }

    fn lost(&mut self, why: String) -> Result<(), ReceiverGone> {
        if !std::mem::take(&mut self.is_open) {
            return Ok(());
        }
        self.events.send(SourceEvent::Lost(why))
    }

    /// What a crash cut off was something that the device said: what is before it goes on nowhere.
    fn tell_torn(&mut self, torn: &[String], told: &mut usize) -> Result<(), ReceiverGone> {
        let new = &torn[(*told).min(torn.len())..];
        *told = torn.len();
        new.iter().try_for_each(|why| self.lost(format!("the recording was cut off: {why}")))
    }
}
