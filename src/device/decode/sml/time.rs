//! The three forms of a time, and a fourth that some meters send.
//!
//! ```text
//! 72 62 01 65 00 1c 19 04                           seconds of a counter of the meter, no date
//! 72 62 02 65 6a 57 25 82                           seconds since 1970
//! 72 62 03 73 65 6a 57 25 82 53 00 3c 53 00 3c      the same, and by how many minutes the clock is ahead: zone, summer
//! 65 00 1c 19 04                                    the first form without its mark (Holley DTZ541)
//! ```

use super::element::Element;
use crate::time::Time;

/// What a time says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SmlTime {
    /// Seconds of a counter, which is no date
    Counter(u32),
    /// An instant
    Instant(Time),
    /// That there is none
    None,
}

impl SmlTime {
    /// Reads a time; `None`: it is none.
    pub(super) fn read(element: &Element) -> Option<Self> {
        if element.is_none() {
            return Some(Self::None);
        }
        if let Some(seconds) = counter(element) {
            return Some(Self::Counter(seconds));
        }
        let [form, value] = element.list()?;
        match form.unsigned()? {
            1 => counter(value).map(Self::Counter),
            2 => instant(value),
            3 => value.list().and_then(|[seconds, _zone, _summer]| instant(seconds)),
            _ => None,
        }
    }
}

fn counter(element: &Element) -> Option<u32> {
    element.unsigned()?.try_into().ok()
}

/// Seconds since 1970; none at all stand for a clock that was never set.
fn instant(element: &Element) -> Option<SmlTime> {
    match i64::try_from(element.unsigned()?).ok()? {
        0 => Some(SmlTime::None),
        seconds => Time::from_millis(seconds.checked_mul(1_000)?).map(SmlTime::Instant),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_forms_are_read() {
        let read = |bytes: &[u8]| SmlTime::read(&Element::read(bytes).unwrap());
        let instant = SmlTime::Instant(Time::parse("2026-07-15T06:15:30.000Z").unwrap());
        assert_eq!(read(b"\x72\x62\x01\x65\x00\x1c\x19\x04"), Some(SmlTime::Counter(1_841_412)));
        assert_eq!(read(b"\x72\x62\x02\x65\x6a\x57\x25\x82"), Some(instant));
        assert_eq!(read(b"\x72\x62\x03\x73\x65\x6a\x57\x25\x82\x53\x00\x3c\x53\x00\x3c"), Some(instant));
        assert_eq!(read(b"\x65\x00\x1c\x19\x04"), Some(SmlTime::Counter(1_841_412)));
        assert_eq!([read(b"\x01"), read(b"\x72\x62\x02\x65\x00\x00\x00\x00")], [Some(SmlTime::None); 2]);
        for bad in [
            &b"\x72\x62\x04\x65\x00\x1c\x19\x04"[..],
            b"\x05abcd",
            b"\x72\x62\x02\x55\x00\x00\x00\x01",
            b"\x71\x01",
        ] {
            assert_eq!(read(bad), None, "{bad:02x?}");
        }
    }
}
