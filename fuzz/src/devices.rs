//! What arrives from devices: frames, and what decoders make of them.

use counterfoil::device::{
    decode::{DECODERS, Decoder},
    frame::{Frame, Framer, Framing},
};

use super::Target;

/// The most bytes that a framer may hold here.
const MAX: usize = 64;

fn frames<'a>(framing: &Framing, chunks: impl Iterator<Item = &'a [u8]>) -> Vec<String> {
    let mut framer = Framer::new(framing.clone(), MAX);
    let mut found = Vec::new();
    let mut each = |frame: Frame| {
        if let Frame::Whole(bytes) | Frame::Tail(bytes) = frame {
            assert!(bytes.len() <= MAX, "{} bytes are held", bytes.len());
        }
        found.push(format!("{frame:?}"));
    };
    chunks.for_each(|chunk| framer.push(chunk, &mut each));
    framer.finish(&mut each);
    found
}

/// Where the input is cut into chunks does not matter. The first byte says how large they are.
pub(super) const FRAMES: Target = Target {
    name: "frames",
    run: |data| {
        let Some((size, bytes)) = data.split_first() else { return };
        let texts = ["line", "delim:0d0a", "delim:616162", "len:5", "idle:20", "cobs", "slip"];
        let framings = texts
            .iter()
            .filter_map(|text| text.parse().ok())
            .chain(DECODERS.iter().map(|decoder| decoder.framing.clone()));
        for framing in framings {
            let chunks = bytes.chunks(usize::from(*size).max(1));
            assert_eq!(frames(&framing, std::iter::once(bytes)), frames(&framing, chunks), "{framing}");
        }
    },
    seeds: || vec![b"\x03line\r\n\x00\xc0\xdb\xdc/telegram\r\n!1F2E\r\naab".to_vec()],
    vectors: &[],
};

/// A decoder answers whatever it gets, and says nothing in values that canonical JSON could not hold.
fn decode(name: &str, data: &[u8]) {
    let decoder = Decoder::named(name).expect("a decoder of this name");
    for body in decoder.readings(data).unwrap_or_default() {
        let text = body.values.to_canonical();
        let again = counterfoil::json::parse_object(text.as_bytes());
        assert_eq!(again, Ok(body.values), "values that cannot be read again");
    }
}

fn fixtures(name: &str) -> Vec<Vec<u8>> {
    let fixtures = Decoder::named(name).map_or(&[][..], |decoder| decoder.fixtures);
    fixtures.iter().map(|fixture| fixture.frame.to_vec()).collect()
}

pub(super) const DECODE_JSON: Target = Target {
    name: "decode_json",
    run: |data| decode("json", data),
    seeds: || fixtures("json"),
    vectors: &["devices/jsonlines"],
};

pub(super) const DECODE_TEXT: Target = Target {
    name: "decode_text",
    run: |data| decode("text", data),
    seeds: || fixtures("text"),
    vectors: &["devices/jsonlines"],
};

pub(super) const DECODE_NMEA: Target = Target {
    name: "decode_nmea",
    run: |data| decode("nmea", data),
    seeds: || fixtures("nmea"),
    vectors: &["devices/nmea"],
};

pub(super) const DECODE_DSMR: Target = Target {
    name: "decode_dsmr",
    run: |data| decode("dsmr", data),
    seeds: || fixtures("dsmr"),
    vectors: &["devices/dsmr"],
};
