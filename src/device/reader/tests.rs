use super::*;
use crate::{record::reading::ReadingClock, time::Time};

fn now(seconds: i64, up: u64) -> RecordTime {
    let time = Time::from_millis(1_772_344_800_000 + seconds * 1_000);
    RecordTime { time, up: up * 1_000, clock: ReadingClock::Synced }
}

fn reader(format: &str, machine: bool) -> DeviceReader {
    reader_of(format, machine, false)
}

fn reader_of(format: &str, machine: bool, lines: bool) -> DeviceReader {
    let decoder = Decoder::named(format).unwrap();
    let options = ReaderOptions {
        decoder,
        context: DecodeContext::default(),
        framing: decoder.framing.clone(),
        max_frame: 100,
        require: Integrity::None,
        raw: RawFrame::None,
        joined_late: true,
        count: None,
        brief: false,
        lines,
    };
    DeviceReader::new(options, RecordStream::new("probe", "b1e4", machine.then(|| "boot".to_owned())))
}

/// The outputs in short.
fn short(out: &[ReaderOutput]) -> Vec<String> {
    let shorten = |output: &ReaderOutput| match output {
        ReaderOutput::Reading(record) => record.get("values").unwrap().to_canonical(),
        ReaderOutput::Lines { text, .. } => text.clone(),
        ReaderOutput::Status(record) => {
            format!("{} {}", record.str("status").unwrap(), record.get("detail").unwrap())
        }
        ReaderOutput::Bad { why, warn } => format!("{} {warn}", why.fault.as_str()),
    };
    out.iter().map(shorten).collect()
}

#[test]
fn lines_in_a_row_are_one_text_and_all_else_keeps_its_place() {
    let said = |lines: bool| {
        let (mut reader, mut out) = (reader_of("json", false, lines), Vec::new());
        reader.take(b"{\"a\":1}\n{\"a\":2}\nx\n{\"a\":3}\n", now(0, 0), &mut out);
        reader.gap(None, now(0, 0), &mut out);
        reader.take(b"{\"a\":4}\n{\"a\":5}\n", now(0, 0), &mut out);
        out
    };
    let counts: Vec<usize> = said(true).iter().map(ReaderOutput::count).collect();
    assert_eq!(counts, [2, 1, 1, 1, 1, 2], "two, a bad frame, one, two statuses, two");
    let text = |output: &ReaderOutput| match output {
        ReaderOutput::Lines { text, .. } => text.clone(),
        ReaderOutput::Reading(record) | ReaderOutput::Status(record) => record.to_canonical() + "\n",
        ReaderOutput::Bad { why, .. } => format!("{why}\n"),
    };
    let whole = |lines| said(lines).iter().map(text).collect::<String>();
    assert_eq!(whole(true), whole(false));
}

#[test]
fn the_first_line_of_text_is_not_counted_the_first_json_object_is() {
    let mut out = Vec::new();
    let mut text = reader("text", false);
    text.take(b"mp=21\ntemp=22\ntem", now(0, 0), &mut out);
    text.disconnected("unplugged", now(0, 0), &mut out);
    text.connected("/dev/x", now(0, 0), &mut out);
    text.take(b"p=23\ntemp=24\n", now(0, 0), &mut out);
    let expected = [
        "partial-first true",
        r#"{"temp":22}"#,
        "partial-last true",
        r#"bad-frames {"partial-first":1,"partial-last":1}"#,
        r#"disconnected {"why":"unplugged"}"#,
        r#"connected {"port":"/dev/x"}"#,
        "partial-first false",
        r#"{"temp":24}"#,
    ];
    assert_eq!(short(&out), expected);
    out.clear();
    reader("json", false).take(b"{\"a\":1}\n{\"a\":2}", now(0, 0), &mut out);
    assert_eq!(short(&out), [r#"{"a":1}"#]);
}

#[test]
fn a_clock_that_is_set_or_jumps_is_reported_once() {
    let mut out = Vec::new();
    let mut json = reader("json", true);
    json.started(RecordTime { time: None, ..now(0, 0) }, object! { "port": "x" }, &mut out);
    json.tick(RecordTime { time: None, ..now(1, 1) }, &mut out);
    json.tick(now(100, 2), &mut out);
    json.tick(now(101, 3), &mut out);
    json.tick(now(50, 4), &mut out);
    assert_eq!(
        short(&out),
        [r#"started {"port":"x"}"#, r#"clock {"set":true}"#, r#"clock {"step_ms":-52000}"#]
    );
}

#[test]
fn a_clock_that_is_synchronised_from_now_on_is_reported() {
    let mut out = Vec::new();
    let mut json = reader("json", true);
    let unsynced = |seconds, up| RecordTime { clock: ReadingClock::Unsynced, ..now(seconds, up) };
    json.started(unsynced(0, 0), object! { "port": "x" }, &mut out);
    json.tick(unsynced(1, 1), &mut out);
    json.tick(now(2, 2), &mut out);
    json.tick(now(3, 3), &mut out);
    json.tick(unsynced(4, 4), &mut out);
    json.tick(unsynced(50, 5), &mut out);
    json.tick(now(51, 6), &mut out);
    let clocks = |output: &ReaderOutput| match output {
        ReaderOutput::Status(record) => record.str("clock").map(str::to_owned),
        _ => None,
    };
    assert_eq!(
        short(&out)[1..],
        [r#"clock {"synchronised":true}"#, r#"clock {"step_ms":45000}"#, r#"clock {"synchronised":true}"#]
    );
    let said: Vec<_> = out.iter().filter_map(clocks).collect();
    assert_eq!(said, ["synced", "unsynced", "synced"], "only what is synchronised dates others");
}

#[test]
fn a_gap_makes_the_next_frame_a_first_one() {
    let mut out = Vec::new();
    let mut text = reader("text", false);
    text.take(b"a=1\na=2\na=3", now(0, 0), &mut out);
    text.gap(None, now(0, 0), &mut out);
    text.take(b"4\na=5\n", now(0, 0), &mut out);
    text.stopped("count", now(0, 0), &mut out);
    assert_eq!(short(&out)[1], r#"{"a":2}"#);
    assert_eq!(
        short(&out)[4..],
        [
            r#"gap {"bytes":null}"#,
            "partial-first false",
            r#"{"a":5}"#,
            r#"bad-frames {"partial-first":1}"#,
            r#"stopped {"readings":2,"why":"count"}"#,
        ]
    );
}

#[test]
fn nothing_that_had_begun_goes_on_behind_an_interruption() {
    let mut out = Vec::new();
    let mut json = reader("json", false);
    json.take(b"{\n{", now(0, 0), &mut out);
    json.disconnected("unplugged", now(0, 0), &mut out);
    json.connected("/dev/x", now(0, 0), &mut out);
    json.take(b"{\"n\":1}\n{\n", now(0, 0), &mut out);
    json.take(&[b'x'; 200], now(0, 0), &mut out);
    json.take(b"\n{\"n\":2}\n", now(0, 0), &mut out);
    let said = short(&out);
    let readings: Vec<_> = said.iter().filter(|line| line.starts_with('{')).collect();
    assert_eq!(readings, [r#"{"n":1}"#, r#"{"n":2}"#]);
}

#[test]
fn what_proves_too_little_is_refused() {
    let mut strict = reader("nmea", false);
    strict.decoding.options.require = Integrity::Checksum;
    let mut out = Vec::new();
    strict.take(b"$GPHDT,1,T\n$GPHDT,1,T\n$GPHDT,1,T*2A\n", now(0, 0), &mut out);
    assert_eq!(short(&out)[..2], ["partial-first true", "unproven true"]);
    assert!(matches!(out[2], ReaderOutput::Reading(_)));
}

#[test]
fn what_was_held_at_the_end_is_counted_where_nothing_was_read() {
    let mut out = Vec::new();
    let mut dsmr = reader("dsmr", false);
    dsmr.take(&[0xaf; 40], now(0, 0), &mut out);
    dsmr.stopped("time", now(0, 0), &mut out);
    assert_eq!(
        short(&out),
        ["partial-first true", r#"bad-frames {"partial-first":1}"#, r#"stopped {"readings":0,"why":"time"}"#]
    );
    assert_eq!(dsmr.unread(8, b"").bytes, 40);
}

/// A reader of TIC behind a good frame.
fn behind_a_frame(out: &mut Vec<ReaderOutput>) -> DeviceReader {
    let mut tic = reader("tic", false);
    tic.take(TIC, now(0, 0), out);
    out.clear();
    tic
}

const TIC: &[u8] = b"\x02\nEAST\t004321987\t1\r\x03";

#[test]
fn what_belongs_to_no_frame_is_told_ten_seconds_after_at_the_latest() {
    let mut out = Vec::new();
    let mut tic = behind_a_frame(&mut out);
    // Noise that does not end.
    for second in 1..=25 {
        tic.take(b"\x03noise", now(second, second.unsigned_abs()), &mut out);
        tic.tick(now(second, second.unsigned_abs()), &mut out);
    }
    let details: Vec<_> = out
        .iter()
        .map(
            |output| {
                if let ReaderOutput::Bad { why, .. } = output { why.detail.clone() } else { String::new() }
            },
        )
        .collect();
    // From the first second to the eleventh, and from the twelfth to the twenty-second: eleven times six bytes each.
    assert_eq!(details, ["66 bytes of no whole frame", "66 bytes of no whole frame"]);
    tic.stopped("signal", now(25, 25), &mut out);
    assert_eq!(short(&out)[2..4], ["stray false", r#"bad-frames {"stray":3}"#]);
}

#[test]
fn a_frame_that_does_not_go_on_is_told_and_one_on_its_way_is_not() {
    let mut out = Vec::new();
    let mut tic = behind_a_frame(&mut out);
    tic.take(&TIC[..9], now(1, 1), &mut out);
    tic.tick(now(10, 10), &mut out);
    assert_eq!(out, []);
    tic.tick(now(11, 11), &mut out);
    tic.tick(now(12, 12), &mut out);
    tic.take(TIC, now(13, 13), &mut out);
    assert_eq!(short(&out), ["partial-last true", r#"{"EAST":4321987}"#]);
    for (later, expected) in [(0, 1), (1, 3)] {
        let mut out = Vec::new();
        let mut tic = behind_a_frame(&mut out);
        tic.take(&TIC[..9], now(1, 1), &mut out);
        tic.stopped("signal", now(1, 1 + later), &mut out);
        assert_eq!(out.len(), expected, "{later} s later");
    }
}

#[test]
fn what_gives_no_reading_is_explained() {
    let causes = |format, bytes: &[u8]| {
        let mut reader = reader(format, false);
        reader.decoding.first = false;
        reader.take(bytes, now(0, 0), &mut Vec::new());
        let report = reader.unread(8, b"");
        (report.readings, report.causes)
    };
    let json = diagnosis::shape::SHAPES.iter().find(|shape| shape.format == "json").unwrap();
    assert_eq!(causes("nmea", b"{\"t\":4}\n"), (0, vec![LikelyCause::OtherFormat(json)]));
    assert_eq!(
        causes("json", b"{\"t\":4}\nready\nsteady\n"),
        (1, Vec::new()),
        "a guess where something is read"
    );
    let (readings, causes) = causes("json", b"{\"t\":4}\n$GPHDT,1,T*2A\n$GPHDT,2,T*29\n");
    assert!(
        matches!(causes[..], [LikelyCause::OtherFormat(shape)] if shape.format == "nmea"),
        "a proof, {readings} read"
    );
    assert_eq!(begin_of(&[1; 100]).len(), SHOWN);
}

/// What a day does to a clock: the second from which on, by the time since the start, it is ahead by so much (in
/// milliseconds; `None`: it was never set), whether it is synchronised, and what is to be said of it.
const DAY: [(u64, Option<i64>, bool, &str); 9] = [
    (0, None, false, ""),
    (600, Some(0), false, r#"{"set":true}"#),
    (1_800, Some(0), true, r#"{"synchronised":true}"#),
    // Summer time by hand, and back again.
    (7_200, Some(3_600_000), true, r#"{"step_ms":3600000}"#),
    (10_800, Some(0), true, r#"{"step_ms":-3600000}"#),
    // A second and less is corrected without a word.
    (30_000, Some(900), true, ""),
    (50_000, Some(-1_200), false, r#"{"step_ms":-2100}"#),
    (70_000, Some(-1_200), true, r#"{"synchronised":true}"#),
    (80_000, Some(40 * 86_400_000), true, r#"{"step_ms":3456001200}"#),
];

#[test]
fn a_day_of_steps_is_told_step_by_step_and_nothing_is_dated_1970() {
    let start = 1_772_344_800_000;
    let (mut out, mut json) = (Vec::new(), reader("json", true));
    for up in (0..86_400).step_by(10) {
        let (_, ahead, synced, _) = DAY.into_iter().rev().find(|(since, ..)| *since <= up).unwrap();
        let time =
            ahead.and_then(|ahead| Time::from_millis(start + i64::try_from(up).unwrap() * 1_000 + ahead));
        let clock = if synced { ReadingClock::Synced } else { ReadingClock::Unsynced };
        let now = RecordTime { time, up: up * 1_000, clock };
        if up == 0 {
            json.started(now, object! { "port": "x" }, &mut out);
        }
        json.take(format!("{{\"n\":{up}}}\n").as_bytes(), now, &mut out);
        json.tick(now, &mut out);
    }
    let clocks = short(&out).into_iter().filter_map(|line| Some(line.strip_prefix("clock ")?.to_owned()));
    let said: Vec<_> = DAY.iter().map(|day| day.3).filter(|said| !said.is_empty()).collect();
    assert_eq!(clocks.collect::<Vec<_>>(), said);
    let readings: Vec<_> = out
        .iter()
        .filter_map(|output| if let ReaderOutput::Reading(record) = output { Some(record) } else { None })
        .collect();
    assert_eq!(readings.len(), 8_640);
    for reading in readings {
        let n = reading.get("values").unwrap().as_object().unwrap().get("n").unwrap().to_string();
        let early = n.parse::<u64>().unwrap() < 600;
        assert_eq!(reading.str("time").is_none(), early, "{reading}");
        assert!(early || reading.str("time").unwrap().starts_with("2026-"), "{reading}");
        let synced = matches!(n.parse().unwrap(), 1_800..50_000 | 70_000..);
        assert_eq!(reading.str("clock"), Some(if synced { "synced" } else { "unsynced" }), "{reading}");
    }
}

/// A reader of this format with another framing.
fn framed(format: &str, framing: &str) -> DeviceReader {
    let framing: Framing = framing.parse().unwrap();
    let mut reader = reader(format, false);
    reader.framer = Framer::new(framing.clone(), 100);
    reader.decoding.options.framing = framing;
    reader
}

#[test]
fn the_first_object_between_braces_may_be_a_part_of_another() {
    let mut out = Vec::new();
    framed("json", "braces").take(b"{\"c\":1},\n\"d\":2\n}\n{\n\"d\":3\n}", now(0, 0), &mut out);
    let bad = |out: &[String]| out.iter().filter(|line| line.starts_with("partial-first")).count();
    let said = short(&out);
    assert_eq!((bad(&said), said.last().map(String::as_str)), (1, Some(r#"{"d":3}"#)), "{said:?}");
}

#[test]
fn a_frame_over_the_limit_is_told_whatever_ends_frames() {
    let long = [b'.'; 150];
    for (framing, end) in
        [("line", &b"\n"[..]), ("delim:0d", b"\r"), ("idle:20", b""), ("cobs", b"\0"), ("slip", b"\xc0")]
    {
        let mut reader = framed("text", framing);
        let mut out = Vec::new();
        reader.take(&[&long, end].concat(), now(0, 0), &mut out);
        reader.silence(now(0, 0), &mut out);
        assert_eq!(reader.unread(8, b"").causes, [LikelyCause::TooLong(150)], "{framing}");
    }
}

#[test]
fn a_crystal_that_is_slow_is_no_step() {
    let (mut out, mut json) = (Vec::new(), reader("json", true));
    json.started(now(0, 0), object! { "port": "x" }, &mut out);
    for seconds in (0..86_400_i64).step_by(10) {
        // 50 ppm: 4.3 s a day.
        let up = seconds * 1_000 - seconds / 20;
        json.tick(RecordTime { up: up.unsigned_abs(), ..now(seconds, 0) }, &mut out);
    }
    assert_eq!(out.len(), 1);
}
