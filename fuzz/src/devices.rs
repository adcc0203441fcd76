//! What arrives from devices: frames, and what decoders make of them.

use counterfoil::device::{
    decode::{DECODERS, Decoder, FieldMap},
    diagnosis::{ByteSample, ReadingWay, causes},
    frame::{Frame, Framer, Framing},
    modbus::{map_file, map_line, register_map::RegisterSet},
    recording::{RecordedLine, RecordingReader},
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
        let texts = ["line", "delim:0d0a", "delim:616162", "len:5", "idle:20", "cobs", "slip", "braces"];
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

/// A map that is taken has values that can be asked for; one that is refused is told where, at least once.
pub(super) const REGISTER_MAP: Target = Target {
    name: "register_map",
    run: |data| {
        let Ok(text) = std::str::from_utf8(data) else { return };
        match map_file::parse(text) {
            Ok(map) => {
                for device in &map.devices {
                    assert!(!device.registers.values.is_empty(), "a device without values");
                    RegisterSet::of_lines(&device.registers.values)
                        .expect("values that can stand side by side");
                }
            }
            Err(problems) => assert!(!problems.is_empty(), "refused, and not said why"),
        }
    },
    seeds: || {
        let of_file = "[[device]]\nunit = 1\nname = \"one\"\ngap = 2\n[device.values]\nt = { input = 1, type = \"i16\", \
             scale = \"0.1\", unit = \"Cel\" }\nn = { holding = 0x10, type = \"u32\", order = \"CDAB\", none = 0xFFFFFFFF }\n\
             door = { coil = 3 }\n";
        let bundled =
            counterfoil::device::modbus::bundled::BUNDLED.iter().map(|(_, text)| text.as_bytes().to_vec());
        bundled.chain([of_file.as_bytes().to_vec()]).collect()
    },
    vectors: &[],
};

/// A line that is taken is a value that can be asked for alone.
pub(super) const MAP_LINE: Target = Target {
    name: "map_line",
    run: |data| {
        let Ok(text) = std::str::from_utf8(data) else { return };
        match map_line::parse(text) {
            Ok(value) => drop(RegisterSet::of_lines(&[value]).expect("one value")),
            Err(why) => assert!(!why.is_empty() && why.lines().count() == 1, "{why:?}"),
        }
    },
    seeds: || {
        let lines = [
            "input 1 i16 /10 temperature Cel",
            "holding 0x10 u32 CDAB *0.001 +5 none=0xFFFFFFFF energy kWh",
            "coil 3 door",
            "holding 4 string8 name",
            "discrete 65535 x",
        ];
        lines.map(|line| line.as_bytes().to_vec()).to_vec()
    },
    vectors: &[],
};

/// A map of a line's fields is taken, or told what is wrong with it.
pub(super) const FIELD_MAP: Target = Target {
    name: "field_map",
    run: |data| {
        let Ok(text) = std::str::from_utf8(data) else { return };
        if let Err(problems) = FieldMap::parse(text) {
            assert!(!problems.is_empty(), "refused, and not said why");
        }
    },
    seeds: || {
        vec![b"decimal = \",\"\nthousands = \".\"\ntime = \"ts\"\n[values]\nt = { name = \"x\", scale = 0.1, unit = \"Cel\" }\n".to_vec()]
    },
    vectors: &[],
};

/// Lines of a recording are written as they were read, and nothing follows an error.
pub(super) const RECORDING: Target = Target {
    name: "recording",
    run: |data| {
        let mut lines = RecordingReader::new(data);
        while let Some(Ok(line)) = lines.next() {
            let text = line.to_line();
            assert_eq!(RecordedLine::parse(text.trim_end().as_bytes()), Ok(line), "{text}");
        }
        assert!(lines.next().is_none(), "it goes on behind its end");
    },
    seeds: || {
        let head = r#"{"port":"/dev/ttyUSB0","recording":1,"settings":"9600 8N1","started":"2026-07-15T08:15:30.000Z"}"#;
        let lines =
            [head, r#"{"bytes":"L0xBQjUNCg==","t_ms":12}"#, r#"{"event":"gap","t_ms":13}"#, "{\"t_ms", head];
        vec![lines.join("\n").into_bytes()]
    },
    vectors: &[],
};

/// Causes are the same however the bytes came, and none is named twice.
pub(super) const DIAGNOSIS: Target = Target {
    name: "diagnosis",
    run: |data| {
        let Some((size, bytes)) = data.split_first() else { return };
        let (mut whole, mut cut) = (ByteSample::default(), ByteSample::default());
        whole.add(bytes);
        bytes.chunks(usize::from(*size).max(1)).for_each(|chunk| cut.add(chunk));
        for format in DECODERS.iter().map(|decoder| Some(decoder.name)).chain([None]) {
            for by_lines in [true, false] {
                let way = ReadingWay { format, data_bits: 8, by_lines, sent: b"?\r", too_long: Some(9_000) };
                let found = causes(&whole, &way);
                assert_eq!(found, causes(&cut, &way), "{format:?}");
                let is_twice = |at: usize| found[..at].contains(&found[at]);
                assert!(!(0..found.len()).any(is_twice), "{found:?}");
            }
        }
    },
    seeds: || {
        let frames = DECODERS.iter().flat_map(|decoder| decoder.fixtures).map(|fixture| fixture.frame);
        let short = frames.filter(|frame| frame.len() <= 2_048);
        short.map(|frame| [&b"\x07"[..], frame, b"\r\n", frame].concat()).collect()
    },
    vectors: &[],
};

/// A decoder answers whatever it gets, and says nothing in values that canonical JSON could not hold.
fn decode(name: &str, data: &[u8]) {
    let decoder = Decoder::named(name).expect("a decoder of this name");
    for body in decoder.readings(data).unwrap_or_default() {
        let text = body.values.to_canonical();
        let again = counterfoil::json::parse_object(text.as_bytes());
        assert_eq!(again, Ok(body.values.into_objects().0), "values that cannot be read again");
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
