//! The streams in which a device's records are numbered.

use std::collections::HashMap;

use super::super::sequence_numbers::SequenceNumbers;

/// One stream.
pub(super) struct DeviceStream {
    name: Box<str>,
    /// Its numbers
    pub(super) numbers: SequenceNumbers,
    /// Whether readings of the device are in it
    pub(super) spoken: bool,
    /// The highest number that was followed; `None`: none was
    pub(super) followed: Option<u64>,
}

/// All of them, each by its place.
#[derive(Default)]
pub(super) struct DeviceStreams {
    streams: Vec<DeviceStream>,
    places: HashMap<Box<str>, usize>,
    /// The one that was asked for last: the next record is most often of it, too
    latest: usize,
}

impl DeviceStreams {
    /// The place of a stream, which may be new.
    pub(super) fn place(&mut self, name: &str) -> usize {
        if self.streams.get(self.latest).is_none_or(|stream| *stream.name != *name) {
            self.latest = self.find(name);
        }
        self.latest
    }

    fn find(&mut self, name: &str) -> usize {
        if let Some(at) = self.places.get(name) {
            return *at;
        }
        let at = self.streams.len();
        self.places.insert(name.into(), at);
        let numbers = SequenceNumbers::default();
        self.streams.push(DeviceStream { name: name.into(), numbers, spoken: false, followed: None });
        at
    }

    /// The stream at a place.
    pub(super) fn at(&mut self, place: usize) -> &mut DeviceStream {
        &mut self.streams[place]
    }

    /// The streams in which readings of the device are, with their places.
    pub(super) fn spoken(&self) -> impl Iterator<Item = (usize, &DeviceStream)> {
        self.streams.iter().enumerate().filter(|(_, stream)| stream.spoken)
    }
}
