//! Good frames with one part spoilt: what is not understood costs only itself, and what fails its integrity gives nothing.
//!
//! To add a format, write its line in [`FORMATS`], with a good frame for each kind of part.

use std::ops::Range;

use counterfoil::{
    device::decode::Decoder,
    json::Value,
    record::reading::{Integrity, ReadingBody},
};
use proptest::prelude::*;

mod dsmr;
mod iec62056;
mod lines;
mod nmea;
mod sml;
mod tic;
mod vedirect;

/// Puts the right checksum on a frame.
type SealFrame = fn(&[u8]) -> Vec<u8>;

/// A format whose frames can be taken to pieces.
struct SpoiltFormat {
    name: &'static str,
    /// Frames that give a reading, or several
    frames: &'static [PartedFrame],
    /// Where the parts of a frame lie, in order
    parts: fn(&[u8]) -> Vec<Range<usize>>,
    /// Whether a byte would make other parts of a frame, so that it is put into none
    separates: fn(u8) -> bool,
    /// Content as a part that has a form of its own; `None`: any bytes are a part
    formed: Option<FormPart>,
    /// The frame with its checksum made anew; `None`: the format has none
    sealed: Option<SealFrame>,
}

/// Makes content of bytes.
type FormPart = fn(&[u8]) -> Vec<u8>;

/// A good frame.
struct PartedFrame {
    /// Its bytes
    bytes: &'static [u8],
    /// For each part, apart by `|`, the names of the values that it may change, apart by blanks; `*`: all, so it is left as it
    /// is
    changes: &'static str,
}

const FORMATS: &[SpoiltFormat] = &[
    lines::JSON,
    lines::TEXT,
    lines::CSV,
    lines::SCALE,
    dsmr::FORMAT,
    iec62056::FORMAT,
    nmea::FORMAT,
    sml::FORMAT,
    tic::FORMAT,
    vedirect::FORMAT,
];

/// One part of one frame.
struct SpoiltPart {
    format: &'static SpoiltFormat,
    frame: &'static [u8],
    part: Range<usize>,
    changes: Vec<&'static str>,
}

/// All parts of all frames that may be spoilt.
fn spoilt_parts() -> Vec<SpoiltPart> {
    let mut all = Vec::new();
    for format in FORMATS {
        for PartedFrame { bytes: frame, changes } in format.frames {
            let (parts, changes) = ((format.parts)(frame), changes.split('|').collect::<Vec<_>>());
            let shown = String::from_utf8_lossy(frame);
            assert_eq!(parts.len(), changes.len(), "{}: parts of {shown}", format.name);
            for (part, changes) in parts.into_iter().zip(changes).filter(|(_, changes)| *changes != "*") {
                all.push(SpoiltPart { format, frame, part, changes: changes.split_whitespace().collect() });
            }
        }
    }
    all
}

/// The frame with a part of this content, but for bytes that would make others of it.
fn with_part(spoilt: &SpoiltPart, content: &[u8]) -> Vec<u8> {
    let content: Vec<u8> = content.iter().copied().filter(|byte| !(spoilt.format.separates)(*byte)).collect();
    let content = spoilt.format.formed.map_or(content.clone(), |formed| formed(&content));
    let (before, after) = (&spoilt.frame[..spoilt.part.start], &spoilt.frame[spoilt.part.end..]);
    [before, &content, after].concat()
}

fn readings(format: &SpoiltFormat, frame: &[u8]) -> Vec<ReadingBody> {
    Decoder::named(format.name).unwrap().readings(frame).unwrap_or_default()
}

/// Values and units that are missing or changed, but for those that may be.
fn lost(before: &ReadingBody, after: Option<&ReadingBody>, may_change: &[&str]) -> Vec<String> {
    let kept = |name: &str, value: &Value| {
        after.is_some_and(|after| {
            after.values.get(name) == Some(value) && after.values.unit(name) == before.values.unit(name)
        })
    };
    let others = before.values.iter().filter(|(name, _)| !may_change.contains(name));
    others.filter(|(name, value)| !kept(name, value)).map(|(name, _)| name.to_owned()).collect()
}

/// Bytes that a device may send by mistake.
fn content() -> impl Strategy<Value = Vec<u8>> {
    let printed = "[ -~]{0,12}".prop_map(String::into_bytes);
    let number = "[-+]?[0-9]{0,7}([.,][0-9]{0,3})?([eE][0-9])?[A-Za-z%*]?".prop_map(String::into_bytes);
    prop_oneof![prop::collection::vec(any::<u8>(), 0..12), printed, number]
}

proptest! {
    // A seed means something else once a format is added, so none is kept.
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_spoilt_part_of_a_frame_costs_only_itself(at in any::<prop::sample::Index>(), content in content()) {
        let parts = spoilt_parts();
        let spoilt = at.get(&parts);
        let frame = with_part(spoilt, &content);
        let frame = spoilt.format.sealed.map_or(frame.clone(), |sealed| sealed(&frame));
        let (before, after) = (readings(spoilt.format, spoilt.frame), readings(spoilt.format, &frame));
        for (at, before) in before.iter().enumerate() {
            let lost = lost(before, after.get(at), &spoilt.changes);
            prop_assert!(lost.is_empty(), "{} lost {lost:?}: {after:?}", String::from_utf8_lossy(&frame));
        }
    }

    #[test]
    fn a_frame_that_fails_its_integrity_gives_nothing(at in any::<prop::sample::Index>(), content in content()) {
        let parts: Vec<_> = spoilt_parts().into_iter().filter(|spoilt| spoilt.format.sealed.is_some()).collect();
        let spoilt = at.get(&parts);
        let frame = with_part(spoilt, &content);
        prop_assume!(spoilt.format.sealed.is_some_and(|sealed| sealed(&frame) != frame));
        let after = readings(spoilt.format, &frame);
        prop_assert!(after.is_empty(), "{}: {after:?}", String::from_utf8_lossy(&frame));
    }
}

#[test]
fn frames_whose_parts_are_spoilt_are_good_before() {
    for format in FORMATS {
        for PartedFrame { bytes: frame, changes } in format.frames {
            let (shown, readings) = (String::from_utf8_lossy(frame), readings(format, frame));
            let names: Vec<_> =
                readings.iter().flat_map(|body| body.values.iter()).map(|(name, _)| name).collect();
            assert!(!readings.is_empty(), "{}: {shown}", format.name);
            for name in changes.split(['|', ' ']).filter(|name| !matches!(*name, "" | "*")) {
                assert!(names.contains(&name), "{}: no {name} in {shown}: {names:?}", format.name);
            }
            if let Some(sealed) = format.sealed {
                assert_eq!(sealed(frame), *frame, "{}: {shown}", format.name);
                assert!(
                    readings.iter().all(|body| body.integrity > Integrity::None),
                    "{}: {shown}",
                    format.name
                );
            }
        }
    }
}
