//! Faults on purpose: what a simulated device says goes over a bad line, and is compared with what it said.
//!
//! What a frame proves bounds what a bad line can pass off as its reading. A CRC of 16 bits finds every single flip, and misses one of
//! 65,536 other faults. An exclusive-or or a sum of 8 bits finds every single flip and every lost byte but zeros; two flips in one column of
//! bits pass, and of bytes at random one frame in 256. TIC keeps 6 bits, and says nothing of the upper two of a byte. Without any, only the
//! word `none` in the reading warns.

use counterfoil::{
    device::{
        decode::{DecodeContext, Decoder},
        line_faults::LineFaults,
        reader::{DeviceReader, RawFrame, ReaderOptions, ReaderOutput},
        simulated::{KINDS, SimulatedDevice, SimulatedKind, SplitMix},
    },
    json::{Object, Value},
    record::reading::{Integrity, ReadingClock, RecordStream, RecordTime},
};

/// Lines from which bytes go missing, on which bits flip, on which frames end early, and all of it at once.
const LINES: [&str; 4] = ["drop=0.002", "flip=0.002", "cut=0.2", "drop=0.001,flip=0.001,cut=0.05"];

/// A clock that was never set.
const NOW: RecordTime = RecordTime { time: None, up: 0, clock: ReadingClock::Unsynced };

/// What came of a bad line.
#[derive(Debug, Default)]
struct Score {
    sent: u64,
    /// Frames that did not arrive as they were sent
    faulty: u64,
    /// Readings that prove themselves, and what they say was sent
    good: u64,
    /// Readings that prove themselves, and what they say was never sent
    wrong: Vec<String>,
    /// Readings that say that they prove nothing
    unproven: u64,
}

/// The integrity that frames of this kind have when nothing goes wrong.
fn integrity(kind: &'static SimulatedKind) -> Integrity {
    let (_, frame) = SimulatedDevice::new(kind, 1, None, None).next_frame();
    let said = readings_alone(kind, &frame);
    let words = said.iter().map(|record| record.str("integrity").unwrap().to_owned());
    words.map(|word| parse(&word)).min().expect(kind.name)
}

fn parse(word: &str) -> Integrity {
    let all = [Integrity::None, Integrity::Checksum, Integrity::Crc];
    all.into_iter().find(|integrity| integrity.as_str() == word).expect(word)
}

fn reader(kind: &SimulatedKind) -> DeviceReader {
    let decoder = Decoder::named(kind.format).unwrap();
    let options = ReaderOptions {
        decoder,
        context: DecodeContext::default(),
        framing: decoder.framing.clone(),
        max_frame: 8_192,
        require: Integrity::None,
        raw: RawFrame::None,
        joined_late: false,
        count: None,
        lines: false,
        brief: false,
    };
    DeviceReader::new(options, RecordStream::new("probe", "b1e4", None))
}

/// The readings that some more bytes give, which the device sends without a pause.
fn readings(reader: &mut DeviceReader, bytes: &[u8]) -> Vec<Object> {
    let mut out = Vec::new();
    reader.take(bytes, NOW, &mut out);
    reader.silence(NOW, &mut out);
    out.into_iter().filter_map(reading).collect()
}

/// The readings of one frame that nothing follows.
fn readings_alone(kind: &SimulatedKind, frame: &[u8]) -> Vec<Object> {
    let mut reader = reader(kind);
    let mut said = readings(&mut reader, frame);
    let mut out = Vec::new();
    reader.end(NOW, &mut out);
    said.extend(out.into_iter().filter_map(reading));
    said
}

fn reading(output: ReaderOutput) -> Option<Object> {
    if let ReaderOutput::Reading(record) = output { Some(record) } else { None }
}

/// Whether no proof covers a value of this name: the check character of IEC 62056-21 begins behind the line that names the meter.
fn is_unproven(kind: &SimulatedKind, name: &str) -> bool {
    kind.format == "iec62056" && name == "meter"
}

/// How often each frame is sent, each time over another bad line.
const COPIES: u64 = 20;

/// Sends so many frames over a bad line.
fn send(kind: &'static SimulatedKind, frames: u64, line: &str) -> Score {
    let faults: LineFaults = line.parse().unwrap();
    let mut device = SimulatedDevice::new(kind, 11, None, None);
    let mut random = SplitMix(frames ^ 0xf01);
    let mut bad = reader(kind);
    let proof = integrity(kind);
    let mut score = Score::default();
    let (mut disturbed, mut sent) = (false, Vec::new());
    while score.sent < frames {
        let (_, frame) = device.next_frame();
        // What arrives may be of this frame, or the end of the one before.
        let now = readings_alone(kind, &frame);
        let truth = [std::mem::replace(&mut sent, now.clone()), now].concat();
        for _ in 0..COPIES {
            let arrived = faults.distort(frame.clone(), &mut random);
            let is_changed = arrived != frame;
            score.sent += 1;
            score.faulty += u64::from(is_changed);
            // A good frame is of interest where the one before it may reach into it.
            if !is_changed && !disturbed {
                continue;
            }
            disturbed = is_changed;
            for record in readings(&mut bad, &arrived) {
                match record.str("integrity").unwrap() {
                    "none" => score.unproven += 1,
                    _ if truth.iter().any(|truth| is_part(kind, &record, truth)) => score.good += 1,
                    _ => score.wrong.push(record.to_string()),
                }
            }
        }
    }
    // The shortest frame has ten bytes.
    assert!(score.faulty > frames / 100, "{}: {score:?}", kind.name);
    assert!(proof == Integrity::None || score.good > frames / 50, "{}: {score:?}", kind.name);
    score
}

/// Holds every format to what its frames can prove, by so many frames over each line. Where nothing proves a frame, every reading says so,
/// and a tenth of them shows it.
pub fn hold_to_their_proof(frames: u64) {
    for kind in KINDS {
        let proof = integrity(kind);
        let frames = if proof == Integrity::None { frames / 10 } else { frames };
        for line in LINES {
            let score = send(kind, frames, line);
            let (faulty, wrong) = (score.faulty, score.wrong.len() as u64);
            let most = match proof {
                Integrity::None => 0,
                Integrity::Checksum => faulty / 64,
                _ => faulty / 32_768,
            };
            assert!(wrong <= most, "{} {line}: {wrong} of {faulty}: {:?}", kind.name, score.wrong.first());
            assert!(proof != Integrity::None || score.good == 0, "{}: nothing proves it", kind.name);
        }
    }
}

/// One flip, one lost byte, one early end: nothing of that gets through. Where a block of fields goes on behind the fault, its end may by
/// chance sum up as a whole one would; what it says then was said.
#[test]
fn a_single_fault_never_becomes_a_reading_that_proves_itself() {
    for kind in KINDS.iter().filter(|kind| integrity(kind) > Integrity::None) {
        let (_, frame) = SimulatedDevice::new(kind, 3, None, None).next_frame();
        let truth = readings_alone(kind, &frame);
        let check = |bytes: &[u8], what: &str| {
            // What follows may end a frame that lost its end.
            let mut line = reader(kind);
            let mut said = readings(&mut line, bytes);
            said.extend(readings(&mut line, &frame));
            for record in said.iter().filter(|record| record.str("integrity") != Some("none")) {
                assert!(
                    truth.iter().any(|truth| is_part(kind, record, truth)),
                    "{}, {what}: {record}",
                    kind.name
                );
            }
        };
        for at in 0..frame.len() {
            for bit in 0..8 {
                let mut flipped = frame.clone();
                flipped[at] ^= 1 << bit;
                check(&flipped, &format!("bit {bit} of byte {at} flipped"));
            }
            let lost = [&frame[..at], &frame[at + 1..]].concat();
            check(&lost, &format!("byte {at} lost"));
            check(&frame[..at], &format!("only {at} bytes"));
        }
    }
}

/// Whether a reading says nothing but what another one says. A part that failed its own check is null, and says nothing.
fn is_part(kind: &SimulatedKind, record: &Object, whole: &Object) -> bool {
    let values = |record: &Object| record.get("values").unwrap().as_object().unwrap().clone();
    let whole = values(whole);
    // The beginning of a block and the whole one behind it say the same things twice.
    let said = |name: &str| whole.get(name.strip_suffix("_2").unwrap_or(name));
    values(record)
        .iter()
        .all(|(name, value)| is_unproven(kind, name) || *value == Value::Null || said(name) == Some(value))
}

#[test]
fn what_a_bad_line_makes_of_frames_is_never_a_reading_that_proves_itself() {
    hold_to_their_proof(5_000);
}
