//! Frames and decoders on arbitrary bytes: they never panic, never hold more than they may, and where the
//! input is cut into chunks does not matter.

use counterfoil::device::{
    decode::DECODERS,
    frame::{Frame, Framer, Framing},
};
use proptest::prelude::*;

const MAX: usize = 24;

fn framings() -> Vec<Framing> {
    let texts = ["line", "delim:0d0a", "delim:616162", "len:5", "idle:20", "cobs", "slip"];
    texts
        .iter()
        .map(|text| text.parse().unwrap())
        .chain(DECODERS.iter().map(|decoder| decoder.framing.clone()))
        .collect()
}

/// Bytes in which marks are frequent.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![any::<u8>(), prop::sample::select(b"\r\n\0/!ab\xc0\xdb\xdc\x01\x02$*{}".to_vec())];
    prop::collection::vec(byte, 0..200)
}

fn frames<'a>(framing: &Framing, chunks: impl Iterator<Item = &'a [u8]>) -> Vec<String> {
    let mut framer = Framer::new(framing.clone(), MAX);
    let mut found = Vec::new();
    let mut each = |frame: Frame| {
        if let Frame::Whole(bytes) | Frame::Tail(bytes) = frame {
            assert!(bytes.len() <= MAX, "{} bytes", bytes.len());
        }
        found.push(format!("{frame:?}"));
    };
    chunks.for_each(|chunk| framer.push(chunk, &mut each));
    framer.finish(&mut each);
    found
}

proptest! {
    #[test]
    fn chunks_do_not_matter(bytes in bytes(), size in 1usize..20) {
        for framing in framings() {
            let whole = frames(&framing, std::iter::once(&bytes[..]));
            prop_assert_eq!(&whole, &frames(&framing, bytes.chunks(size)), "{}", framing);
        }
    }

    #[test]
    fn decoders_answer_whatever_they_get(bytes in bytes(), text in "\\PC{0,60}") {
        for decoder in DECODERS {
            let _ = decoder.readings(&bytes);
            let _ = decoder.readings(text.as_bytes());
        }
    }

    #[test]
    fn a_changed_byte_never_passes_a_checksum(at in 0usize..200, flip in 1u8..=255) {
        for decoder in DECODERS.iter().filter(|decoder| matches!(decoder.name, "nmea" | "dsmr")) {
            let mut frame = decoder.fixtures[0].frame.to_vec();
            let at = at % frame.len();
            frame[at] ^= flip;
            let Ok(Some(body)) = decoder.readings(&frame).map(|mut bodies| bodies.pop()) else { continue };
            // A flip that takes the checksum's mark away leaves a sentence that proves nothing, and says so;
            // one in blank space behind the frame, or in the case of a hex digit, changes nothing.
            let fixture = decoder.readings(decoder.fixtures[0].frame).unwrap().remove(0);
            prop_assert!(body.integrity != fixture.integrity || body == fixture, "{} at {}", decoder.name, at);
        }
    }

    #[test]
    fn every_cut_of_a_good_frame_is_refused_or_proves_nothing(at in 0usize..200) {
        for decoder in DECODERS {
            // Of a frame with several readings some are whole before the cut.
            let one = |gives: &str| !gives.contains('\n');
            for fixture in decoder.fixtures.iter().filter(|fixture| fixture.gives.is_ok_and(one)) {
                let end = fixture.frame.trim_ascii_end().len();
                let at = at % end.max(1);
                for body in decoder.readings(&fixture.frame[..at]).unwrap_or_default() {
                    let proves = body.integrity != counterfoil::record::reading::Integrity::None;
                    prop_assert!(!proves && !decoder.closed, "{} at {}", decoder.name, at);
                }
            }
        }
    }
}

#[test]
fn a_megabyte_without_a_line_is_one_bad_frame() {
    let mut bytes = vec![b'x'; 1 << 20];
    bytes.extend(b"\n{\"a\":1}\n");
    let found = frames(&Framing::Line, bytes.chunks(4_096));
    assert_eq!(found.len(), 2);
    assert!(found[0].starts_with("TooLong(1048576"), "{}", found[0]);
}
